package reorganisation

import (
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// judgeDays keeps the history of a unit in order: nothing happens to it before
// it was founded, nor before what happened to it last.
func (r *DryRun) judgeDays(tx *db.Tx, f Fate) error {
	if f.Founded {
		return nil
	}
	if !r.picture.day.After(f.Was.Founded) {
		r.find(blocks, f.Was, "", "before_founding", f.Was.Founded.Vietnamese())
	}
	for _, past := range []struct {
		matters bool
		key     string
		last    func(*db.Tx, orgtree.ID) (clock.Date, error)
	}{
		{f.Ended || f.rehung(), "moved_later", lastMove},
		{f.Ended || f.restyled(), "restyled_later", lastStyle},
		{f.Ended, "left_later", lastLeft},
	} {
		if !past.matters {
			continue
		}
		last, err := past.last(tx, f.Was.ID)
		if err != nil {
			return err
		}
		if !r.picture.day.After(last) {
			r.find(blocks, f.Was, "", past.key, last.Vietnamese())
		}
	}
	return nil
}

// lastMove is the day from which the unit lies where it does, zero if it was
// never moved; lastStyle that from which it is what it is.
func lastMove(tx *db.Tx, u orgtree.ID) (clock.Date, error) {
	history, err := orgtree.Parents(tx, u)
	if err != nil || len(history) < 2 {
		return clock.Date{}, err
	}
	return history[len(history)-1].From, nil
}

func lastStyle(tx *db.Tx, u orgtree.ID) (clock.Date, error) {
	periods, err := orgtree.Periods(tx, []orgtree.ID{u})
	if err != nil || len(periods) < 2 {
		return clock.Date{}, err
	}
	return periods[len(periods)-1].From, nil
}

// lastLeft is the last day on which somebody, or some unit, was there who left.
func lastLeft(tx *db.Tx, u orgtree.ID) (clock.Date, error) {
	left, err := db.One(tx, db.Column[clock.Date], `SELECT max(day) FROM (SELECT to_day AS day FROM person_unit WHERE unit_id = $1
		UNION ALL SELECT to_day FROM unit_parent WHERE parent_id = $1 UNION ALL SELECT ended FROM unit WHERE parent_id = $1) x`, u)
	if err != nil || left.IsZero() {
		return left, err
	}
	return left.AddDays(-1), nil
}

// judgeParents looks at units that others come below: they must have been there
// on the day, and hung where they do since then, or else they could have hung
// below those very units.
func (r *DryRun) judgeParents(tx *db.Tx) error {
	lines := r.lines()
	for _, unit := range r.outcome.order {
		f := r.outcome.fates[unit]
		if !lines[unit] || f.Founded || f.rehung() { // judgeDays looks at those
			continue
		}
		if !f.changed() && r.picture.day.Before(f.Was.Founded) {
			r.find(blocks, f.Was, "", "before_founding", f.Was.Founded.Vietnamese())
		}
		last, err := lastMove(tx, unit)
		if err != nil {
			return err
		}
		if last.After(r.picture.day) {
			r.find(blocks, f.Was, "", "moved_later", last.Vietnamese())
		}
	}
	return nil
}

// lines are the units that others come below, with those above them.
func (r *DryRun) lines() map[orgtree.ID]bool {
	lines := map[orgtree.ID]bool{}
	for _, f := range r.Fates {
		if !f.Founded && !f.rehung() {
			continue
		}
		for above := r.outcome.fates[f.Now.Parent]; above != nil && !lines[above.Now.ID]; above = r.outcome.fates[above.Was.Parent] {
			lines[above.Now.ID] = true
		}
	}
	return lines
}
