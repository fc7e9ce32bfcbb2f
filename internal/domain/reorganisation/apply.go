package reorganisation

import (
	"slices"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/task"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// Kinds of effects, in the order in which a plan makes them.
const (
	effectFound    = "found"
	effectRehang   = "rehang"
	effectRestyle  = "restyle"
	effectTransfer = "transfer"
	effectGrants   = "grants"
	effectGuest    = "guest"
	effectOffices  = "offices"
	effectTask     = "task"
	effectMeeting  = "meeting"
	effectClose    = "close"
	effectPost     = "post"
)

// Apply carries the plan out, all or nothing, from its effective day on, and
// tells those whom it concerns. Whoever decides at its body may. Anything that
// stands in the way, such as a day that has not come, is errs.Conflict, and so
// are a stale version and a plan that is no draft.
func Apply(tx *db.Tx, by access.Actor, plan ID, version int64) error {
	d, at, err := edit(tx, by, plan, version)
	if err != nil {
		return err
	}
	r, err := rehearse(tx, d, at)
	if err != nil {
		return err
	}
	if r.Blocked() {
		return errs.New(errs.Conflict, "reorganisation.error.blocked")
	}
	w := &work{tx: tx, by: by, r: &r, day: r.Effective, document: r.document(), done: effects{tx: tx, plan: plan}}
	for _, part := range []func() error{
		w.found, w.rehang, w.restyle, w.transfer, w.wind, w.tasks, w.meetings, w.close, w.install, w.recordBranches,
	} {
		if err := part(); err != nil {
			return err
		}
	}
	r.State, r.AppliedAt, r.AppliedBy = Applied, tx.Now, by.Person
	if err := save(tx, &r.Plan); err != nil {
		return err
	}
	if err := note(tx, by, r.Plan, "Apply", nil, r.summary()); err != nil {
		return err
	}
	return w.tell()
}

// summary is what the journal keeps of a plan that was carried out; each change
// stands in an entry of its own beside it.
func (r DryRun) summary() map[string]any {
	return map[string]any{
		"decision": r.Decision, "steps": r.Steps, "moved": r.Moving(), "along": r.Along,
		"posts": len(r.Posts), "tasks": len(r.Tasks), "meetings": len(r.Meetings),
		"members_before": r.Before.Members(), "members_after": r.After.Members(),
	}
}

// work is a plan while it is carried out.
type work struct {
	tx       *db.Tx
	by       access.Actor
	r        *DryRun
	day      clock.Date
	document string
	done     effects
}

// found enters new units, parents first.
func (w *work) found() error {
	for _, f := range w.r.outcome.byDepth(func(f Fate) bool { return f.Founded }) {
		if err := unit.Establish(w.tx, w.by, f.Now.ID, unit.New{
			Parent: f.Now.Parent, Fields: fieldsOf(f.Now), Founded: w.day, Decision: w.document,
		}); err != nil {
			return err
		}
		if err := w.done.add(effectFound, f.Now.ID); err != nil {
			return err
		}
	}
	return nil
}

// rehang moves units from the top down: each comes under a parent that already
// hangs where it belongs, so no move ever closes a circle on the way.
func (w *work) rehang() error {
	for _, f := range w.r.outcome.byDepth(Fate.rehung) {
		if err := unit.Rehang(w.tx, w.by, f.Now.ID, unit.Move{To: f.Now.Parent, Day: w.day, Decision: w.document}); err != nil {
			return err
		}
		if err := w.done.add(effectRehang, f.Now.ID); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) restyle() error {
	for _, f := range w.r.outcome.byDepth(func(f Fate) bool { return !f.Founded && !f.Ended && f.restyled() }) {
		done, err := unit.Restyle(w.tx, w.by, f.Now.ID, fieldsOf(f.Now), w.day, w.document)
		if err != nil {
			return err
		}
		if err := w.done.add(effectRestyle, done); err != nil {
			return err
		}
	}
	return nil
}

// transfer takes people over to where they go, with their history (rules 3.6).
func (w *work) transfer() error {
	for _, p := range w.r.People {
		if p.To == p.Unit {
			continue
		}
		t, err := member.TransferCollectively(w.tx, w.by, p.ID, member.Place{Unit: p.To, From: w.day, Document: w.collective()})
		if err != nil {
			return err
		}
		if err := w.done.add(effectTransfer, t); err != nil {
			return err
		}
		if _, err := w.tx.Exec(`INSERT INTO reorganisation_transfer (plan_id, person_id, from_id, to_id) VALUES ($1, $2, $3, $4)`,
			w.r.ID, p.ID, p.Unit, p.To); err != nil {
			return err
		}
		if w.r.outcome.fates[p.Unit].Ended {
			continue // all offices end there
		}
		if err := w.endOffices(p.Unit, p.ID); err != nil {
			return err
		}
	}
	return nil
}

// collective is how the record of a person cites the decision.
func (w *work) collective() string { return "Chuyển sinh hoạt đảng tập thể, " + w.document }

func (w *work) endOffices(at orgtree.ID, person member.ID) error {
	was, err := unit.EndOffices(w.tx, w.by, at, person, w.day, "unit.reason.reorganised")
	if err != nil || len(was.Posts)+len(was.Groups) == 0 {
		return err
	}
	return w.done.add(effectOffices, was)
}

// ended are the units that end, those lowest first.
func (w *work) ended() []Fate {
	list := w.r.outcome.byDepth(func(f Fate) bool { return f.Ended })
	slices.SortStableFunc(list, func(a, b Fate) int { return b.Was.Depth - a.Was.Depth })
	return list
}

// wind ends what is held at units that end.
func (w *work) wind() error {
	for _, f := range w.ended() {
		grants, err := access.CutShort(w.tx, f.Was.ID, 0, w.day)
		if err != nil {
			return err
		}
		if err := w.done.add(effectGrants, grants); err != nil {
			return err
		}
		s, _ := w.r.step(f.Was.ID)
		guests, err := member.MoveGuests(w.tx, w.by, f.Was.ID, w.r.host(s.To), w.day, w.document)
		if err != nil {
			return err
		}
		for _, g := range guests {
			if err := w.done.add(effectGuest, g); err != nil {
				return err
			}
		}
		if err := w.endOffices(f.Was.ID, 0); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) tasks() error {
	for _, t := range w.r.Tasks {
		done, err := task.Follow(w.tx, w.by, t.ID, t.To, t.now, w.document)
		if err != nil {
			return err
		}
		if err := w.done.add(effectTask, done); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) meetings() error {
	for _, m := range w.r.Meetings {
		if !m.State.Upcoming() {
			continue
		}
		var done meeting.Resettled
		var err error
		if m.To != 0 {
			done, err = meeting.HandTo(w.tx, w.by, m.ID, m.To)
		} else {
			done, err = meeting.GiveUp(w.tx, w.by, m.ID, w.document)
		}
		if err != nil {
			return err
		}
		if err := w.done.add(effectMeeting, done); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) close() error {
	for _, f := range w.ended() {
		if err := unit.Close(w.tx, w.by, f.Was.ID, w.day, w.document); err != nil {
			return err
		}
		if err := w.done.add(effectClose, f.Was.ID); err != nil {
			return err
		}
	}
	return nil
}

// install gives the posts of the decision.
func (w *work) install() error {
	for _, n := range w.r.Nominations {
		post, err := unit.Install(w.tx, w.by, n.Unit, unit.Appointment{Person: n.Person, Kind: n.Post, From: w.day, Decision: w.document})
		if err != nil {
			return err
		}
		if err := w.done.add(effectPost, post); err != nil {
			return err
		}
	}
	return nil
}

// recordBranches notes the collective transfer of all who stay in their cell
// while it comes under another body (rules 3.6). Their record names the bodies.
func (w *work) recordBranches() error {
	for _, f := range w.r.outcome.byDepth(Fate.rehung) {
		now, err := orgtree.Find(w.tx, f.Now.ID)
		if err != nil {
			return err
		}
		var branch orgtree.Scope
		branch.AddBranch(now.Path)
		where, args := branch.Where("p.unit_id", 4)
		if _, err := w.tx.Exec(`INSERT INTO reorganisation_transfer (plan_id, person_id, from_id, to_id)
			SELECT $1, p.id, $2, $3 FROM person p WHERE p.status IN ('official', 'probationary') AND `+where+`
			AND p.id NOT IN (SELECT t.person_id FROM reorganisation_transfer t WHERE t.plan_id = $1)`,
			append([]any{w.r.ID, f.Was.Parent, f.Now.Parent}, args...)...); err != nil {
			return err
		}
	}
	return nil
}
