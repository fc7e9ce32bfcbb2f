package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"time"

	"chibo/internal/app"
	"chibo/internal/domain/reorganisation"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// reorganise draws plans of reorganisation by chance, carries them out one after
// another, each in a transaction of its own, and takes some of them back, while
// the cells go on living. In the end, and as often as was asked for, the program
// checks itself as `chibo check` does.
func reorganise(ctx context.Context, s Setting, r *Result) (err error) {
	l, err := s.settle(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	checked := 0
	for l.applied < s.Plans {
		if err := l.turn(ctx); err != nil {
			fmt.Fprintf(s.Say, "after %d plans, seed %d: %v\n", l.applied, s.Seed, err)
			return err
		}
		if s.CheckEvery > 0 && l.applied >= checked+s.CheckEvery && l.applied < s.Plans {
			checked = l.applied
			if _, err := l.Check(ctx, nil); err != nil {
				return fmt.Errorf("check after %d plans: %w", l.applied, err)
			}
			fmt.Fprintf(s.Say, "%d of %d plans carried out, %d refused, %d taken back; check: clean\n", l.applied, s.Plans, l.refused, l.back)
		}
	}
	return l.report(ctx, s, r)
}

// land is what is reorganised, with what came of it so far.
type land struct {
	*app.App
	die  *rand.Rand
	now  atomic.Int64 // in milliseconds
	root orgtree.ID
	// members are how many were registered: none of them may be lost.
	members, units int
	lived          map[string]int // how often something happened in the cells

	applied, refused, back, kept int
	previews, applies, backs     []time.Duration
	// lately are the plans that were carried out last.
	lately []reorganisation.ID
}

// report notes the figures, and whether everything is in order.
func (l *land) report(ctx context.Context, s Setting, r *Result) error {
	r.Figures["seed"], r.Figures["applied"], r.Figures["refused"] = float64(s.Seed), float64(l.applied), float64(l.refused)
	r.Figures["taken_back"], r.Figures["taking_back_refused"] = float64(l.back), float64(l.kept)
	r.Figures["members"], r.Figures["units_founded"] = float64(l.members), float64(l.units)
	for name, took := range map[string][]time.Duration{"preview": l.previews, "apply": l.applies, "take_back": l.backs} {
		r.Figures[name+"_ms_mean"], r.Figures[name+"_ms_p99"] = mean(took), percentile(took, 0.99)
	}
	for what, n := range l.lived {
		r.Figures["lived_"+what] = float64(n)
	}
	began := time.Now()
	found, err := l.Check(ctx, nil)
	r.Figures["check_s"], r.Figures["journal_entries"], r.Figures["figures"] = time.Since(began).Seconds(), float64(found.Entries), float64(found.Figures)
	damaged := 0.0
	if err != nil {
		damaged = 1
		fmt.Fprintln(s.Say, "check:", err)
	}
	r.most("check_failed", damaged, 0)
	return nil
}

func mean(took []time.Duration) float64 {
	var sum time.Duration
	for _, d := range took {
		sum += d
	}
	return milliseconds(sum) / float64(max(1, len(took)))
}

func percentile(took []time.Duration, p float64) float64 {
	if len(took) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(took))
	return milliseconds(sorted[int(p*float64(len(sorted)-1))])
}

// turn lets some hours pass, with what happens in them, and tries one plan.
func (l *land) turn(ctx context.Context) error {
	l.pass(time.Duration(6+l.die.IntN(6)) * time.Hour)
	if err := l.live(ctx); err != nil {
		return err
	}
	l.pass(time.Minute)
	plan, err := l.draft(ctx)
	if err != nil {
		return fmt.Errorf("draft: %w", err)
	}
	if err := l.try(ctx, plan); err != nil {
		return fmt.Errorf("plan %v: %w", plan, err)
	}
	if l.die.IntN(3) == 0 { // as the job does, whatever has happened since
		if err := errors.Join(l.PlaceEntries(ctx), l.FollowJournal(ctx)); err != nil {
			return err
		}
	}
	return l.View(ctx, l.refuseLeft)
}

// try carries a plan out, or makes sure that it is refused; one in four is taken
// back at once, and one in eight later.
func (l *land) try(ctx context.Context, plan reorganisation.ID) error {
	dry, err := l.preview(ctx, plan)
	if err != nil {
		return err
	}
	took, err := timed(func() error {
		return l.Update(ctx, func(tx *db.Tx) error { return reorganisation.Apply(tx, access.Console(), plan, dry.Version) })
	})
	switch {
	case dry.Blocked() && errs.Is(err, errs.Conflict):
		l.refused++
		return l.Update(ctx, func(tx *db.Tx) error { return reorganisation.Discard(tx, access.Console(), plan, dry.Version) })
	case dry.Blocked():
		return fmt.Errorf("a blocked plan was carried out: %w", err)
	case err != nil:
		return fmt.Errorf("the dry run saw nothing in its way: %w", err)
	}
	l.applied, l.applies, l.lately = l.applied+1, append(l.applies, took), append(l.lately, plan)
	if err := l.sameMembers(dry); err != nil {
		return err
	}
	if l.die.IntN(4) == 0 {
		return l.takeBack(ctx, plan, true)
	}
	if l.die.IntN(8) == 0 {
		return l.takeBack(ctx, l.lately[max(0, len(l.lately)-1-l.die.IntN(5))], false)
	}
	return nil
}

func (l *land) preview(ctx context.Context, plan reorganisation.ID) (dry reorganisation.DryRun, err error) {
	took, err := timed(func() error {
		return l.View(ctx, func(tx *db.Tx) (err error) {
			dry, err = reorganisation.Preview(tx, access.Console(), plan)
			return err
		})
	})
	l.previews = append(l.previews, took)
	return dry, err
}

// sameMembers compares what the dry run counted: a body has as many after as
// before, for nobody comes from elsewhere or goes there.
func (l *land) sameMembers(dry reorganisation.DryRun) error {
	if dry.Before.Members() != dry.After.Members() || dry.Unit == l.root && dry.After.Members() != l.members {
		return fmt.Errorf("%d members before, %d after, %d registered", dry.Before.Members(), dry.After.Members(), l.members)
	}
	return nil
}

// takeBack takes a plan back. At once nothing depends on it; later it may be
// refused.
func (l *land) takeBack(ctx context.Context, plan reorganisation.ID, atOnce bool) error {
	took, err := timed(func() error {
		return l.Update(ctx, func(tx *db.Tx) error {
			d, err := reorganisation.Find(tx, access.Console(), plan)
			if err != nil {
				return err
			}
			return reorganisation.TakeBack(tx, access.Console(), plan, d.Version, "Sai sót")
		})
	})
	switch {
	case err == nil:
		l.back, l.backs = l.back+1, append(l.backs, took)
		l.lately = slices.DeleteFunc(l.lately, func(p reorganisation.ID) bool { return p == plan })
	case !atOnce && errs.Is(err, errs.Conflict):
		l.kept++
		return nil
	}
	return err
}

func timed(fn func() error) (time.Duration, error) {
	began := time.Now()
	err := fn()
	return time.Since(began), err
}

func (l *land) pass(d time.Duration)         { l.now.Add(d.Milliseconds()) }
func (l *land) today() clock.Date            { return clock.DateOf(time.UnixMilli(l.now.Load())) }
func (l *land) chance(percent int) bool      { return l.die.IntN(100) < percent }
func pick[T any](die *rand.Rand, list []T) T { return list[die.IntN(len(list))] }

// refuseLeft is an error if anything is left at a unit that has ended, or if a
// member is in no cell, in two, or a guest at home.
func (l *land) refuseLeft(tx *db.Tx) error {
	const (
		lasts    = `(x.to_day IS NULL OR x.to_day > u.ended AND x.to_day > x.from_day)`
		atEnded  = ` x JOIN unit u ON u.id = x.unit_id WHERE u.ended IS NOT NULL AND `
		isMember = `x.status IN ('official', 'probationary')`
	)
	for _, left := range []struct{ what, query string }{
		{"people", `SELECT count(*) FROM person` + atEnded + `x.status IN ('official', 'probationary', '')`},
		{"places", `SELECT count(*) FROM person_unit` + atEnded + lasts},
		{"guests", `SELECT count(*) FROM person_overlay` + atEnded + `x.kind = 'temp_here' AND ` + lasts},
		{"rights", `SELECT count(*) FROM role_grant` + atEnded + lasts},
		{"posts", `SELECT count(*) FROM post` + atEnded + `x.state NOT IN ('ended', 'refused')`},
		{"groups", `SELECT count(*) FROM party_group` + atEnded + `x.ended IS NULL`},
		{"tasks", `SELECT count(*) FROM task` + atEnded + `x.state IN ('assigned', 'adjusted', 'accepted', 'in_progress', 'handed_over', 'reported')`},
		{"meetings", `SELECT count(*) FROM meeting` + atEnded + `x.state IN ('planned', 'prepared', 'announced', 'docs_posted', 'postponed', 'in_session', 'closed')`},
		{"units", `SELECT count(*) FROM unit x JOIN unit u ON u.id = x.parent_id WHERE u.ended IS NOT NULL AND x.ended IS NULL`},
		{"members in no cell or two", `SELECT count(*) FROM person x WHERE ` + isMember + ` AND
			(SELECT count(*) FROM person_unit w JOIN unit u ON u.id = w.unit_id AND u.cell_type <> '' WHERE w.person_id = x.id AND w.unit_id = x.unit_id AND w.to_day IS NULL) <> 1`},
		{"guests at home", `SELECT count(*) FROM person_overlay o JOIN person x ON x.id = o.person_id AND x.unit_id = o.unit_id
			WHERE o.kind = 'temp_here' AND o.to_day IS NULL`},
	} {
		n, err := db.One(tx, db.Column[int], left.query)
		if err != nil {
			return err
		}
		if n > 0 {
			return fmt.Errorf("%d %s are left", n, left.what)
		}
	}
	n, err := db.One(tx, db.Column[int], `SELECT count(*) FROM person x WHERE `+isMember)
	if err == nil && n != l.members {
		err = fmt.Errorf("there are %d members of %d", n, l.members)
	}
	return err
}

// Update and View run in the land's database.
func (l *land) Update(ctx context.Context, fn func(*db.Tx) error) error { return l.DB.Update(ctx, fn) }

func (l *land) View(ctx context.Context, fn func(*db.Tx) error) error { return l.DB.View(ctx, fn) }
