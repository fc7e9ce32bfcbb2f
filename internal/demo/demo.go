// Package demo makes a believable organisation out of a seed number: people who
// never lived, in a party on a real place of the map, with more than a year of
// meetings behind them.
//
// First everything is put on paper by pure functions of the seed and the day
// (ward.go, people.go, calendar.go and package fiction). Then it is acted out with the
// verbs of the domain, by the persons themselves and with their rights alone,
// on a clock that runs through the story (director.go and after). There is no
// other way to write, so the demo is also the example of how the verbs are
// used.
//
// The same seed gives the same people, meetings and figures; ids differ.
package demo

import (
	"context"
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/blob"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// Scale is how much organisation is made.
type Scale string

const (
	Cell    Scale = "cell"    // one cell and the party above it
	Commune Scale = "commune" // a ward: 27 cells with 555 members
)

// Options are what a demo is made of.
type Options struct {
	Scale Scale
	Seed  uint64
	// Now is when the story ends. What would come later has not happened.
	Now time.Time
	// Progress hears of every month that was told; nil does not listen.
	Progress func(Told)
}

// Told is how far the story has come.
type Told struct {
	Month        meeting.Month
	Number, Last int // of the month
}

// Result is what there is to see.
type Result struct {
	Party    string
	Province string
	Cells    int
	Members  int
	Meetings int // that were held
	Accounts []Account
}

// Build fills an empty database. One that has units is errs.Conflict.
func Build(ctx context.Context, d *db.DB, files *blob.Store, o Options) (Result, error) {
	if err := refuseUsed(ctx, d); err != nil {
		return Result{}, err
	}
	w := draw(o.Scale, o.Seed, clock.DateOf(o.Now))
	dir := &director{db: d, files: files, ward: w, now: o.Now.Truncate(time.Minute), progress: o.Progress}
	return dir.direct(ctx)
}

func refuseUsed(ctx context.Context, d *db.DB) error {
	return d.View(ctx, func(tx *db.Tx) error {
		roots, err := orgtree.Roots(tx)
		if err == nil && len(roots) > 0 {
			err = errs.New(errs.Conflict, "demo.error.not_empty", roots[0].Name)
		}
		return err
	})
}
