package member

import (
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
)

// Union is what a record becomes when another one of the same person goes into
// it.
type Union struct {
	Core
	CV     CV
	Status Status
	Left   clock.Date
	Unit   orgtree.ID
	Group  unit.GroupID
	States []StatusChange
	Places []Place
	// Document is the paper of the decision.
	Document string
}

// United is what Unite changed, as Divide needs it.
type United struct {
	Kept, Gone Was
	// Grants are the roles of membership that ended, Given the one that began.
	Grants []access.Grant
	Given  access.GrantID
	// KeptVersion and GoneVersion are those that the records have then.
	KeptVersion, GoneVersion int64
}

// Was is a record as it was, with the rows of its steps and places.
type Was struct {
	Member Member
	CV     CV
	States []stateRow
	Places []placeRow
}

type stateRow struct {
	ID id.Of[stepping]
	StatusChange
}

type placeRow struct {
	ID id.Of[placing]
	Place
}

// Unite makes the record kept what the union says; the other record keeps its
// number and its name, points to the kept one and belongs nowhere. Package
// duplicate has checked the right. A version that is stale, a card of a third
// person and a record that was merged before are errs.Conflict, an impossible
// union is errs.Invalid.
func Unite(tx *db.Tx, by access.Actor, kept, gone Brief, u Union) (done United, err error) {
	if done.Kept, err = wasOf(tx, kept.ID); err != nil {
		return done, err
	}
	if done.Gone, err = wasOf(tx, gone.ID); err != nil {
		return done, err
	}
	if done.Kept.Member.Version != kept.Version || done.Gone.Member.Version != gone.Version {
		return done, errs.New(errs.Conflict, "errs.stale")
	}
	if err := checkUnion(tx, done, &u); err != nil {
		return done, err
	}
	lived, err := talliedOfBoth(tx, kept.ID, gone.ID)
	if err != nil {
		return done, err
	}
	if err := done.endRoles(tx, u); err != nil {
		return done, err
	}
	if err := done.write(tx, u); err != nil {
		return done, err
	}
	return done, done.note(tx, by, "member.Unite", lived, u)
}

// CheckUnion says what is wrong with a union, as Unite would.
func CheckUnion(tx *db.Tx, by access.Actor, kept, gone Brief, u Union) error {
	var pair United
	var err error
	if pair.Kept, err = wasOf(tx, kept.ID); err != nil {
		return err
	}
	if pair.Gone, err = wasOf(tx, gone.ID); err != nil {
		return err
	}
	return checkUnion(tx, pair, &u)
}

func checkUnion(tx *db.Tx, pair United, u *Union) error {
	if pair.Kept.Member.Status == Merged || pair.Gone.Member.Status == Merged {
		return errs.New(errs.Conflict, "member.error.merged")
	}
	u.Core, u.CV = u.Core.clean(), u.CV.clean()
	at, err := orgtree.Find(tx, u.Unit)
	if err != nil {
		return err
	}
	l, err := limitsAt(tx, at)
	if err != nil {
		return err
	}
	var wrong errs.Fields
	u.Core.check(&wrong, u.Status, l)
	u.CV.check(&wrong, l)
	before := pair.Kept.Member
	if u.Status != Outside && (u.BirthName != before.BirthName || u.Birth != before.Birth) {
		wrong.Check(u.Document != "", "decision", "member.error.name_needs_document") // rules 11.9
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	other, taken, err := byCard(tx, u.Card)
	if err == nil && u.Card != "" && taken && other != pair.Kept.Member.ID && other != pair.Gone.Member.ID {
		err = errs.New(errs.Conflict, "member.error.card_in_use", u.Card)
	}
	return err
}

func wasOf(tx *db.Tx, person ID) (w Was, err error) {
	if w.Member, err = find(tx, person); err != nil {
		return w, err
	}
	if w.CV, err = findCV(tx, person); err != nil {
		return w, err
	}
	if w.States, err = db.All(tx, func(row db.Row) (s stateRow, err error) {
		return s, row.Scan(&s.ID, &s.Status, &s.From, &s.Document, &s.Reason)
	}, `SELECT id, status, from_day, document, reason FROM person_status WHERE person_id = $1 ORDER BY from_day, id`, person); err != nil {
		return w, err
	}
	w.Places, err = db.All(tx, func(row db.Row) (p placeRow, err error) {
		return p, row.Scan(&p.ID, &p.Unit, &p.From, &p.To, &p.Document)
	}, `SELECT id, unit_id, from_day, to_day, document FROM person_unit WHERE person_id = $1 ORDER BY from_day, id`, person)
	return w, err
}

// endRoles ends the roles of both memberships, unless the kept record's goes on
// as it is.
func (d *United) endRoles(tx *db.Tx, u Union) error {
	today := clock.DateOf(tx.Now)
	var err error
	if d.Grants, err = access.CutSource(tx, d.Gone.Member.ID, source(d.Gone.Member.ID), today); err != nil {
		return err
	}
	kept := d.Kept.Member
	if kept.Unit == u.Unit && kept.Status.Active() == u.Status.Active() {
		return nil
	}
	ended, err := access.CutSource(tx, kept.ID, source(kept.ID), today)
	d.Grants = append(d.Grants, ended...)
	if err != nil || !u.Status.Active() {
		return err
	}
	role := membership(kept.ID, u.Unit, today)
	role.ID = id.New[access.Grant]()
	d.Given = role.ID
	return access.Give(tx, role)
}

// write changes both records; the other one goes first, because a card is that
// of one record.
func (d *United) write(tx *db.Tx, u Union) error {
	gone := d.Gone.Member
	gone.Status, gone.Card, gone.Group, gone.Left = Merged, "", 0, clock.DateOf(tx.Now)
	if err := update(tx, gone); err != nil {
		return err
	}
	if err := replaceRows(tx, gone.ID, nil, nil); err != nil {
		return err
	}
	if _, err := tx.Exec(`INSERT INTO person_merged (person_id, kept_id, card_number) VALUES ($1, $2, $3)`,
		gone.ID, d.Kept.Member.ID, d.Gone.Member.Card); err != nil {
		return err
	}
	kept := d.Kept.Member
	kept.Core, kept.Status, kept.Left, kept.Unit, kept.Group = u.Core, u.Status, u.Left, u.Unit, u.Group
	if err := update(tx, kept); err != nil {
		return err
	}
	if err := updateCV(tx, kept.ID, u.CV); err != nil {
		return err
	}
	d.KeptVersion, d.GoneVersion = kept.Version+1, gone.Version+1
	states, places := make([]stateRow, len(u.States)), make([]placeRow, len(u.Places))
	for i, s := range u.States {
		states[i] = stateRow{id.New[stepping](), s}
	}
	for i, p := range u.Places {
		places[i] = placeRow{id.New[placing](), p}
	}
	return replaceRows(tx, kept.ID, states, places)
}

func replaceRows(tx *db.Tx, person ID, states []stateRow, places []placeRow) error {
	for _, statement := range []string{`DELETE FROM person_status WHERE person_id = $1`, `DELETE FROM person_unit WHERE person_id = $1`} {
		if _, err := tx.Exec(statement, person); err != nil {
			return err
		}
	}
	for _, s := range states {
		if _, err := tx.Exec(`INSERT INTO person_status (id, person_id, status, from_day, document, reason) VALUES ($1, $2, $3, $4, $5, $6)`,
			s.ID, person, s.Status, s.From, s.Document, s.Reason); err != nil {
			return err
		}
	}
	for _, p := range places {
		if _, err := tx.Exec(`INSERT INTO person_unit (id, person_id, unit_id, from_day, to_day, document) VALUES ($1, $2, $3, $4, $5, $6)`,
			p.ID, person, p.Unit, p.From, p.To, p.Document); err != nil {
			return err
		}
	}
	return nil
}

// Divide takes Unite back, as if it had never been. A record that was changed
// since is errs.Conflict.
func Divide(tx *db.Tx, by access.Actor, d United) error {
	lived, err := talliedOfBoth(tx, d.Kept.Member.ID, d.Gone.Member.ID)
	if err != nil {
		return err
	}
	if d.Given != 0 {
		if err := access.TakeAway(tx, d.Given); err != nil {
			return err
		}
	}
	if err := access.Restore(tx, d.Grants); err != nil {
		return err
	}
	if err := tx.Change(`DELETE FROM person_merged WHERE person_id = $1 AND kept_id = $2`, d.Gone.Member.ID, d.Kept.Member.ID); err != nil {
		return err
	}
	// The kept record goes first, because a card is that of one record.
	for _, back := range []struct {
		Was
		version int64
	}{{d.Kept, d.KeptVersion}, {d.Gone, d.GoneVersion}} {
		m := back.Member
		m.Version = back.version
		if err := update(tx, m); err != nil {
			return err
		}
		if err := updateCV(tx, m.ID, back.CV); err != nil {
			return err
		}
		if err := replaceRows(tx, m.ID, back.States, back.Places); err != nil {
			return err
		}
	}
	return d.note(tx, by, "member.Divide", lived, nil)
}

// note lets both records and both units tell of it; the first entry carries the
// figures.
func (d United) note(tx *db.Tx, by access.Actor, verb string, lived tally.Counts, after any) error {
	kept, gone := d.Kept.Member, d.Gone.Member
	now, err := talliedOfBoth(tx, kept.ID, gone.ID)
	if err != nil {
		return err
	}
	before := map[string]any{"kept": snapshot{Member: kept, CV: d.Kept.CV}, "gone": snapshot{Member: gone, CV: d.Gone.CV}}
	if err := journal.Write(tx, by, journal.Change{
		Unit: kept.Unit, Verb: verb, Noun: noun, ID: int64(kept.ID), Before: before, After: after, Figures: now.Minus(lived).String(),
	}); err != nil {
		return err
	}
	return journal.Write(tx, by, journal.Change{
		Unit: gone.Unit, Verb: verb, Noun: noun, ID: int64(gone.ID), Before: before["gone"], After: map[string]any{"kept": kept.ID},
	})
}

func talliedOfBoth(tx *db.Tx, a, b ID) (tally.Counts, error) {
	sum, err := talliedOf(tx, a)
	if err != nil {
		return sum, err
	}
	more, err := talliedOf(tx, b)
	sum.Include(more)
	return sum, err
}

// KeptFor is the record into which the record of that number, or of that former
// card, was merged, and into which that one was merged since; zero for none.
// Who may see either may.
func KeptFor(tx *db.Tx, by access.Actor, person ID) (ID, error) {
	if _, _, err := loadOwn(tx, by, access.MemberRead, person); err != nil {
		return 0, err
	}
	at := person
	for range mergedMost {
		next, merged, err := db.Maybe(tx, db.Column[ID], `SELECT kept_id FROM person_merged WHERE person_id = $1`, at)
		if err != nil {
			return 0, err
		}
		if !merged {
			break
		}
		at = next
	}
	if at == person {
		return 0, nil
	}
	return at, nil
}

// mergedMost bounds how often records that were merged are followed.
const mergedMost = 20

// keptForCards are the records into which others were merged whose cards began
// so.
func keptForCards(tx *db.Tx, beginning string) ([]ID, error) {
	return db.All(tx, db.Column[ID], `SELECT DISTINCT kept_id FROM person_merged WHERE card_number LIKE $1 LIMIT 100`, beginning+"%")
}
