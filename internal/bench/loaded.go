package bench

import (
	"context"
	"errors"
	"math/rand/v2"

	"chibo/internal/app"
	"chibo/internal/domain/account"
	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// fromLoaded takes cells of a country that is there already, drawn all over it,
// which have not met this month: it opens their meeting and signs their
// secretary in.
func (s Setting) fromLoaded(ctx context.Context, count int) (cells []cell, err error) {
	a, err := app.Open(ctx, app.Config{Data: s.Data, Database: s.Database})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, a.PlaceEntries(ctx), a.Close()) }()
	die := rand.New(rand.NewPCG(uint64(count), 3))
	for range 100 * count {
		var free []orgtree.Unit
		if err := a.DB.View(ctx, func(tx *db.Tx) (err error) {
			free, err = notMetYet(tx, die)
			return err
		}); err != nil {
			return nil, err
		}
		for _, unit := range free {
			c, err := s.convene(ctx, a.DB, unit)
			if errs.Is(err, errs.Conflict) || errs.Is(err, errs.NotFound) {
				continue // it has met after all, or has no secretary
			}
			if err != nil {
				return nil, err
			}
			if cells = append(cells, c); len(cells) == count {
				return cells, nil
			}
		}
	}
	return nil, errors.New("too few cells have not met yet; load the country anew")
}

// notMetYet goes down from the root by chance, and gives the cells of the body
// where it arrives that have held no meeting this month.
func notMetYet(tx *db.Tx, die *rand.Rand) (free []orgtree.Unit, err error) {
	below, err := orgtree.Roots(tx)
	for err == nil && len(below) > 0 && !below[0].IsCell() {
		below, err = orgtree.Children(tx, below[die.IntN(len(below))].ID)
	}
	if err != nil || len(below) == 0 {
		return nil, err
	}
	month := clock.MonthOf(clock.DateOf(tx.Now))
	figures, err := tally.Children(tx, below[0].Parent, month, month)
	held := map[orgtree.ID]bool{}
	for _, child := range figures {
		held[child.Unit] = tally.Over(child.Months).Get(meeting.TallyHeld) > 0
	}
	for _, unit := range below {
		if unit.IsCell() && !held[unit.ID] {
			free = append(free, unit)
		}
	}
	return free, err
}

// convene opens the cell's meeting as its secretary does. A cell without one is
// errs.NotFound.
func (s Setting) convene(ctx context.Context, d *db.DB, at orgtree.Unit) (c cell, err error) {
	var slip account.Slip
	if err := d.Update(ctx, func(tx *db.Tx) error {
		c = cell{unit: at}
		posts, err := access.Holders(tx, at.ID, access.Secretary, clock.DateOf(tx.Now))
		if err != nil {
			return err
		}
		if len(posts) == 0 {
			return errs.New(errs.NotFound, "errs.not_found")
		}
		if slip, err = account.Invite(tx, access.Console(), posts[0].Person); err != nil {
			return err
		}
		secretary, err := access.Act(tx, posts[0].Person)
		if err != nil {
			return err
		}
		m, err := openMeeting(tx, secretary, at.ID)
		if err != nil {
			return err
		}
		c.meeting, c.version = m.ID, m.Version
		roll, err := meeting.Roll(tx, secretary, m.ID)
		for _, entry := range roll {
			if !entry.Expected {
				continue
			}
			c.members = append(c.members, entry.Person)
			if entry.Votes {
				c.voters++
			}
		}
		return err
	}); err != nil {
		return c, err
	}
	c.token, err = signIn(ctx, d, slip)
	return c, err
}
