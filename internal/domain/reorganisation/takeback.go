package reorganisation

import (
	"encoding/json"
	"fmt"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/notice"
	"chibo/internal/domain/task"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/text"
)

// TakeBack undoes a plan as if it had never been carried out: units, members,
// posts, groups, rights, tasks and meetings are what they were. The journal,
// the notices, the versions of records and the plan itself remember it. Whoever
// decides at its body may, with a reason. As soon as anything depends on it,
// such as a meeting of a unit it founded, it is errs.Conflict; so are a stale
// version and a plan that was not carried out.
func TakeBack(tx *db.Tx, by access.Actor, plan ID, version int64, reason string) error {
	d, _, err := change(tx, by, plan, version)
	if err != nil {
		return err
	}
	if d.State != Applied {
		return errs.New(errs.Conflict, "reorganisation.error.not_applied")
	}
	if reason = text.Line(reason); reason == "" {
		return errs.Field("reason", "errs.required")
	}
	if text.Length(reason) > longestLine {
		return errs.Field("reason", "errs.too_long", longestLine)
	}
	u := undo{tx: tx, by: by, d: d}
	if err := u.read(); err != nil {
		return err
	}
	if err := u.refuseDepending(); err != nil {
		return err
	}
	for _, e := range u.effects {
		if err := u.undo(e); err != nil {
			return err
		}
	}
	return u.finish(reason)
}

type undo struct {
	tx      *db.Tx
	by      access.Actor
	d       Draft
	effects []effect
	// What the plan made or brought itself does not depend on it.
	units    map[orgtree.ID]bool
	founded  []orgtree.ID
	people   map[member.ID]bool
	guests   map[member.OverlayID]bool
	posts    map[unit.PostID]bool
	tasks    map[task.ID]bool
	meetings map[meeting.ID]bool
}

// read decodes what the plan did.
func (u *undo) read() (err error) {
	u.units, u.people, u.posts = map[orgtree.ID]bool{}, map[member.ID]bool{}, map[unit.PostID]bool{}
	u.guests, u.tasks, u.meetings = map[member.OverlayID]bool{}, map[task.ID]bool{}, map[meeting.ID]bool{}
	if u.effects, err = effectsOf(u.tx, u.d.ID); err != nil {
		return err
	}
	for _, e := range u.effects {
		switch e.kind {
		case effectFound:
			err = with(e, func(id orgtree.ID) error {
				u.units[id], u.founded = true, append(u.founded, id)
				return nil
			})
		case effectRehang:
			err = with(e, func(id orgtree.ID) error { u.units[id] = true; return nil })
		case effectTransfer:
			err = with(e, func(t member.Transfer) error { u.people[t.Person] = true; return nil })
		case effectGuest:
			err = with(e, func(g member.GuestMove) error { u.guests[g.Now] = true; return nil })
		case effectPost:
			err = with(e, func(id unit.PostID) error { u.posts[id] = true; return nil })
		case effectTask:
			err = with(e, func(f task.Followed) error { u.tasks[f.Task] = true; return nil })
		case effectMeeting:
			err = with(e, func(r meeting.Resettled) error { u.meetings[r.Meeting] = true; return nil })
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// with hands on what was there before an effect.
func with[T any](e effect, fn func(T) error) error {
	var was T
	if err := json.Unmarshal(e.was, &was); err != nil {
		return fmt.Errorf("effect %s: %w", e.kind, err)
	}
	return fn(was)
}

func (u *undo) undo(e effect) error {
	tx, by, day := u.tx, u.by, u.d.Effective
	switch e.kind {
	case effectPost:
		return with(e, func(id unit.PostID) error { return unit.Uninstall(tx, by, id) })
	case effectClose:
		return with(e, func(id orgtree.ID) error { return unit.Reopen(tx, by, id) })
	case effectMeeting:
		return with(e, func(r meeting.Resettled) error { return meeting.UndoResettle(tx, by, r) })
	case effectTask:
		return with(e, func(f task.Followed) error { return task.UndoFollow(tx, by, f) })
	case effectOffices:
		return with(e, func(o unit.Offices) error { return unit.RestoreOffices(tx, by, o) })
	case effectGuest:
		return with(e, func(g member.GuestMove) error { return member.UndoGuest(tx, by, g) })
	case effectGrants:
		return with(e, func(g []access.Grant) error { return access.Restore(tx, g) })
	case effectTransfer:
		return with(e, func(t member.Transfer) error { return member.UndoTransfer(tx, by, t) })
	case effectRestyle:
		return with(e, func(r unit.Restyled) error { return unit.UndoRestyle(tx, by, r, day) })
	case effectRehang:
		return with(e, func(id orgtree.ID) error { return unit.UndoRehang(tx, by, id, day) })
	case effectFound:
		return with(e, func(id orgtree.ID) error { return unit.Disestablish(tx, by, id) })
	}
	return fmt.Errorf("effect %q is unknown", e.kind)
}

// refuseDepending is errs.Conflict, naming the first thing that depends on the
// plan.
func (u *undo) refuseDepending() error {
	for _, founded := range u.founded {
		if err := u.refuseIn(founded); err != nil {
			return err
		}
	}
	return u.refuseAfter()
}

// refuseIn looks for what a founded unit holds that the plan did not bring.
func (u *undo) refuseIn(founded orgtree.ID) error {
	for _, in := range []struct {
		what, query string
		own         func(int64) bool
	}{
		{"member", `SELECT id FROM person WHERE unit_id = $1`, func(id int64) bool { return u.people[member.ID(id)] }},
		{"guest", `SELECT id FROM person_overlay WHERE unit_id = $1 AND kind = 'temp_here'`, func(id int64) bool { return u.guests[member.OverlayID(id)] }},
		{"unit", `SELECT id FROM unit WHERE parent_id = $1`, func(id int64) bool { return u.units[orgtree.ID(id)] }},
		{"meeting", `SELECT id FROM meeting WHERE unit_id = $1`, func(id int64) bool { return u.meetings[meeting.ID(id)] }},
		{"resolution", `SELECT id FROM resolution WHERE unit_id = $1`, nil},
		{"task", `SELECT id FROM task WHERE unit_id = $1`, func(id int64) bool { return u.tasks[task.ID(id)] }},
		{"post", `SELECT id FROM post WHERE unit_id = $1`, func(id int64) bool { return u.posts[unit.PostID(id)] }},
		{"group", `SELECT id FROM party_group WHERE unit_id = $1`, nil},
		{"term", `SELECT unit_id FROM committee_term WHERE unit_id = $1`, nil},
		{"right", `SELECT id FROM role_grant WHERE unit_id = $1 AND source NOT LIKE 'member:%' AND source NOT LIKE 'post:%' AND source NOT LIKE 'overlay:%'`, nil},
		{"consolidation", `SELECT id FROM consolidation WHERE unit_id = $1`, nil},
		{"plan", `SELECT id FROM reorganisation WHERE unit_id = $1`, nil},
		{"plan", `SELECT plan_id FROM reorganisation_step WHERE unit_id = $1 OR to_id = $1`, func(id int64) bool { return ID(id) == u.d.ID }},
	} {
		if err := u.refuseOthers(in.what, in.own, in.query, founded); err != nil {
			return err
		}
	}
	return nil
}

// refuseAfter looks for what those who went over have done where they are now.
func (u *undo) refuseAfter() error {
	const gone = ` JOIN reorganisation_transfer t ON t.plan_id = $1 AND t.person_id = `
	if err := u.refuseOthers("roll", nil, `SELECT r.meeting_id FROM meeting_roll r JOIN meeting m ON m.id = r.meeting_id`+gone+`r.person_id
		WHERE m.unit_id = t.to_id AND m.opened >= $2`, u.d.ID, u.d.AppliedAt); err != nil {
		return err
	}
	if err := u.refuseOthers("task", func(id int64) bool { return u.tasks[task.ID(id)] },
		`SELECT k.id FROM task k`+gone+`k.person_id WHERE k.unit_id = t.to_id AND EXISTS (SELECT 1 FROM task_step s
		WHERE s.task_id = k.id AND s.at >= $2 AND s.verb IN ('assign', 'hand_over', 'follow'))`, u.d.ID, u.d.AppliedAt); err != nil {
		return err
	}
	return u.refuseOthers("post", func(id int64) bool { return u.posts[unit.PostID(id)] },
		`SELECT o.id FROM post o`+gone+`o.person_id WHERE o.unit_id = t.to_id AND o.from_day >= $2`, u.d.ID, u.d.Effective)
}

// refuseOthers is errs.Conflict if the query finds anything that is not the
// plan's own.
func (u *undo) refuseOthers(what string, own func(int64) bool, query string, args ...any) error {
	found, err := db.All(u.tx, db.Column[int64], query, args...)
	if err != nil {
		return err
	}
	n := 0
	for _, id := range found {
		if own == nil || !own(id) {
			n++
		}
	}
	if n > 0 {
		return errs.New(errs.Conflict, "reorganisation.error.depends_"+what, n)
	}
	return nil
}

func (u *undo) finish(reason string) error {
	p := u.d.Plan
	if err := drop(u.tx, p.ID, "reorganisation_effect", "reorganisation_transfer"); err != nil {
		return err
	}
	p.State, p.BackAt, p.BackBy, p.BackReason = TakenBack, u.tx.Now, u.by.Person, reason
	if err := save(u.tx, &p); err != nil {
		return err
	}
	if err := note(u.tx, u.by, p, "TakeBack", nil, map[string]any{"reason": reason}); err != nil {
		return err
	}
	var people []access.PersonID
	for person := range u.people {
		people = append(people, person)
	}
	return notice.Send(u.tx, u.by, notice.Notice{
		To: people, Unit: p.Unit, Key: "reorganisation.notice.taken_back",
		Args: map[string]string{"number": p.Number, "reason": reason},
	})
}
