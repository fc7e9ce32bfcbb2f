package unit

import (
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// What follows is what a reorganisation does to units (rules 3.2 to 3.6), and
// how it is taken back. Package reorganisation has checked who decides, and
// that the whole fits together; here each step is made and journalled.

// CheckNew says what would be wrong with a unit founded below the parent: its
// fields, with the level filled from the kind, and a code in use.
func CheckNew(tx *db.Tx, by access.Actor, parent orgtree.Unit, n *New) error {
	n.Fields = n.clean()
	if err := n.check(tx, parent); err != nil {
		return err
	}
	return refuseCodeInUse(tx, n.Code, 0)
}

// CheckStyle says what would be wrong with the fields of a unit, whose parent is
// judged when the whole reorganisation is.
func CheckStyle(tx *db.Tx, by access.Actor, u orgtree.Unit, f *Fields) error {
	words, _, err := Words(tx, u)
	if err != nil {
		return err
	}
	*f = f.clean()
	if err := f.check(words, ""); err != nil {
		return err
	}
	return refuseCodeInUse(tx, f.Code, u.ID)
}

// Establish is Found with an id that was given before.
func Establish(tx *db.Tx, by access.Actor, unit orgtree.ID, n New) error {
	// It may have been there before, and its figures not yet be gone.
	if err := tally.Moving(tx, unit); err != nil {
		return err
	}
	_, err := n.found(tx, by, unit)
	return err
}

// Disestablish removes a unit as if it had never been founded. A unit to which
// anything refers is errs.Conflict.
func Disestablish(tx *db.Tx, by access.Actor, unit orgtree.ID) error {
	u, err := orgtree.Find(tx, unit)
	if err != nil {
		return err
	}
	return remove(tx, by, u)
}

// Rehang is MoveTo.
func Rehang(tx *db.Tx, by access.Actor, unit orgtree.ID, m Move) error {
	u, err := orgtree.Find(tx, unit)
	if err != nil {
		return err
	}
	if err := tally.Moving(tx, unit); err != nil {
		return err
	}
	if err := orgtree.Move(tx, u, m.To, m.Day, m.Decision); err != nil {
		return err
	}
	return writeMove(tx, by, "unit.MoveTo", u, m.To, m.Day, m.Decision)
}

// UndoRehang takes the move of the day back; a later one is errs.Conflict.
func UndoRehang(tx *db.Tx, by access.Actor, unit orgtree.ID, day clock.Date) error {
	u, err := orgtree.Find(tx, unit)
	if err != nil {
		return err
	}
	history, err := orgtree.Parents(tx, unit)
	if err != nil {
		return err
	}
	last := history[len(history)-1]
	if last.From != day {
		return errs.New(errs.Conflict, "unit.error.moved_since", u.Name)
	}
	if err := tally.Moving(tx, unit); err != nil {
		return err
	}
	to, err := orgtree.Undo(tx, u)
	if err != nil {
		return err
	}
	return writeMove(tx, by, "unit.UndoMove", u, to, last.From, last.Decision)
}

// Restyled is a unit that got another name, kind, level or code.
type Restyled struct{ Was, Now orgtree.Unit }

// Restyle gives a unit another name, kind, level or code from the day on.
func Restyle(tx *db.Tx, by access.Actor, unit orgtree.ID, f Fields, day clock.Date, decision string) (Restyled, error) {
	was, err := orgtree.Find(tx, unit)
	if err != nil {
		return Restyled{}, err
	}
	stood, err := standing(tx, unit)
	if err != nil {
		return Restyled{}, err
	}
	now := f.onto(was)
	if err := orgtree.Restyle(tx, now, day, decision); err != nil {
		return Restyled{}, err
	}
	return Restyled{was, now}, noteStanding(tx, by, stood, journal.Change{
		Unit: unit, Verb: "unit.Restyle", Noun: noun, ID: int64(unit), Before: record(was, ""), After: record(now, decision),
	})
}

// UndoRestyle takes the change of the day back; what else was written about the
// unit since stays. Another name, kind, level or code since is errs.Conflict.
func UndoRestyle(tx *db.Tx, by access.Actor, r Restyled, day clock.Date) error {
	now, err := orgtree.Find(tx, r.Was.ID)
	if err != nil {
		return err
	}
	if now.Style() != r.Now.Style() || now.Code != r.Now.Code {
		return errs.New(errs.Conflict, "unit.error.restyled_since")
	}
	stood, err := standing(tx, now.ID)
	if err != nil {
		return err
	}
	back := now
	back.Name, back.Kind, back.Level, back.CellType, back.Code = r.Was.Name, r.Was.Kind, r.Was.Level, r.Was.CellType, r.Was.Code
	if err := orgtree.UndoRestyle(tx, back, day); err != nil {
		return err
	}
	return noteStanding(tx, by, stood, journal.Change{
		Unit: now.ID, Verb: "unit.UndoRestyle", Noun: noun, ID: int64(now.ID), Before: record(now, ""), After: record(back, ""),
	})
}

// Close ends a unit from which all have gone; see EndOffices for its posts.
func Close(tx *db.Tx, by access.Actor, unit orgtree.ID, day clock.Date, decision string) error {
	u, err := orgtree.Find(tx, unit)
	if err != nil {
		return err
	}
	stood, err := standing(tx, unit)
	if err != nil {
		return err
	}
	if err := orgtree.End(tx, u, day); err != nil {
		return err
	}
	after := u
	after.Ended = day
	return noteStanding(tx, by, stood, journal.Change{
		Unit: u.ID, Verb: "unit.End", Noun: noun, ID: int64(u.ID), Before: record(u, ""), After: record(after, decision),
	})
}

// Reopen lets a unit exist again as if it had never ended.
func Reopen(tx *db.Tx, by access.Actor, unit orgtree.ID) error {
	u, err := orgtree.Find(tx, unit)
	if err != nil {
		return err
	}
	stood, err := standing(tx, unit)
	if err != nil {
		return err
	}
	if err := orgtree.Reopen(tx, u); err != nil {
		return err
	}
	after := u
	after.Ended = clock.Date{}
	return noteStanding(tx, by, stood, journal.Change{
		Unit: u.ID, Verb: "unit.Reopen", Noun: noun, ID: int64(u.ID), Before: record(u, ""), After: record(after, ""),
	})
}

// Offices are posts and party groups as they were before they ended.
type Offices struct {
	Posts  []Post
	Groups []Group
}

// EndOffices ends the posts at the unit, and the groups or their lead: those of
// the person, or all for no person. The grants behind them were cut short
// already.
func EndOffices(tx *db.Tx, by access.Actor, unit orgtree.ID, person access.PersonID, day clock.Date, reason string) (was Offices, err error) {
	posts, err := postsFrom(tx, unit, "", day)
	if err != nil {
		return was, err
	}
	for _, p := range posts {
		if person != 0 && p.Person != person || p.State == Ended && !p.To.IsZero() && !p.To.After(day) {
			continue
		}
		if err := cutShort(tx, by, p, day, reason); err != nil {
			return was, err
		}
		if p.State != Ended {
			was.Posts = append(was.Posts, p)
		}
	}
	was.Groups, err = endGroups(tx, by, unit, person, day)
	return was, err
}

func endGroups(tx *db.Tx, by access.Actor, unit orgtree.ID, person access.PersonID, day clock.Date) (was []Group, err error) {
	groups, err := GroupsAt(tx, unit)
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		switch {
		case person == 0:
			err = endGroup(tx, by, g, later(day, g.Founded))
		case g.Leader == person:
			after := g
			after.Leader = 0
			err = saveGroup(tx, by, "unit.ChangeGroup", g, after)
		default:
			continue
		}
		if err != nil {
			return nil, err
		}
		was = append(was, g)
	}
	return was, nil
}

// RestoreOffices lets posts and groups be held as before. One that was changed
// since is errs.Conflict.
func RestoreOffices(tx *db.Tx, by access.Actor, was Offices) error {
	for _, p := range was.Posts {
		p.Version++ // that of the end
		if err := updatePost(tx, p); err != nil {
			return err
		}
		if err := journal.Write(tx, by, journal.Change{Unit: p.Unit, Verb: "unit.RestorePost", Noun: postNoun, ID: int64(p.ID), After: p}); err != nil {
			return err
		}
	}
	for _, g := range was.Groups {
		g.Version++
		if err := updateGroup(tx, g); err != nil {
			return err
		}
		if err := journal.Write(tx, by, journal.Change{Unit: g.Unit, Verb: "unit.RestoreGroup", Noun: groupNoun, ID: int64(g.ID), After: g}); err != nil {
			return err
		}
	}
	return nil
}

// Install is Appoint by the decision of a reorganisation.
func Install(tx *db.Tx, by access.Actor, unit orgtree.ID, a Appointment) (PostID, error) {
	u, err := orgtree.Find(tx, unit)
	if err != nil {
		return 0, err
	}
	words, ref, err := Words(tx, u)
	if err != nil {
		return 0, err
	}
	kind, err := a.check(words, u)
	if err != nil {
		return 0, err
	}
	if err := refuseTaken(tx, u, kind, a); err != nil {
		return 0, err
	}
	p, err := a.post(tx, u)
	if err != nil {
		return 0, err
	}
	return p.ID, enter(tx, by, p, kind, ref)
}

// Uninstall removes such a post as if nobody had been appointed. One that was
// changed since is errs.Conflict.
func Uninstall(tx *db.Tx, by access.Actor, post PostID) error {
	p, err := findPost(tx, post)
	if err != nil {
		return err
	}
	if p.Version != 1 {
		return errs.New(errs.Conflict, "errs.stale")
	}
	return p.takeBack(tx, by)
}
