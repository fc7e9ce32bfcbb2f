package app

import (
	"context"
	"maps"
	"time"

	"chibo/internal/api"
	"chibo/internal/domain/account"
	"chibo/internal/domain/delivery"
	"chibo/internal/domain/intake"
	"chibo/internal/domain/notice"
	"chibo/internal/domain/overview"
	"chibo/internal/domain/token"
	"chibo/internal/kernel/attachment"
	"chibo/internal/platform/db"
	"chibo/internal/platform/job"
	"chibo/internal/web/page"
)

// tidyEvery is how often what has expired is removed.
const tidyEvery = time.Hour

// The kinds of jobs that tidy up.
const (
	sweepRecords = "app.sweep_records"
	sweepFiles   = "app.sweep_files"
	watchCells   = "app.watch_cells"
	findTwice    = "app.find_duplicates"
	backUp       = "app.back_up"
)

// doJobs does queued jobs until ctx ends, and has the program tidied up at the
// start and every hour. Several processes on one database queue a tidying once.
func (a *App) doJobs(ctx context.Context) {
	runner := a.runner()
	done := make(chan struct{})
	go func() {
		defer close(done)
		runner.Run(ctx)
	}()
	tick := time.NewTicker(tidyEvery)
	defer tick.Stop()
	for {
		if err := a.queueTidying(runner.Context(ctx)); err != nil && ctx.Err() == nil {
			a.Log.Error("the hourly tidying could not be queued", "error", err)
		}
		select {
		case <-ctx.Done():
			<-done
			return
		case <-tick.C:
		}
	}
}

func (a *App) runner() *job.Runner {
	handlers := map[string]job.Handler{
		sweepRecords: job.InTx(func(tx *db.Tx, _ struct{}) error { return sweepExpired(tx) }),
		sweepFiles: job.Outside(func(ctx context.Context, _ struct{}) (func(*db.Tx) error, error) {
			return nil, a.SweepFiles(ctx)
		}),
		watchCells: job.Outside(a.watchCells),
		findTwice: job.Outside(func(ctx context.Context, _ struct{}) (func(*db.Tx) error, error) {
			return nil, a.findDuplicatesIfDue(ctx)
		}),
		backUp: job.Outside(func(ctx context.Context, _ struct{}) (func(*db.Tx) error, error) {
			return nil, a.backUpIfDue(ctx)
		}),
	}
	maps.Copy(handlers, intake.Handlers(a.DB, a.Files))
	return job.NewRunner(a.DB, handlers, a.jobSettings(0))
}

// queueTidying queues each tidying, unless one still waits.
func (a *App) queueTidying(ctx context.Context) error {
	due := []string{sweepRecords, sweepFiles, watchCells, findTwice}
	if a.config.Backups != "" {
		due = append(due, backUp)
	}
	return a.DB.Update(ctx, func(tx *db.Tx) error {
		for _, kind := range due {
			if err := job.Enqueue(tx, kind, struct{}{}, job.Options{UniqueKey: kind}); err != nil {
				return err
			}
		}
		return nil
	})
}

// watchCells looks at cells for as long as a job may last. What is left then is
// queued at once: of a whole country it takes several.
func (a *App) watchCells(ctx context.Context, _ struct{}) (after func(*db.Tx) error, err error) {
	over, err := overview.Watch(ctx, a.DB)
	if over || err != nil {
		return nil, err
	}
	return func(tx *db.Tx) error {
		return job.Enqueue(tx, watchCells, struct{}{}, job.Options{UniqueKey: watchCells})
	}, nil
}

func sweepExpired(tx *db.Tx) error {
	for _, sweep := range []func(*db.Tx) error{account.Sweep, intake.Sweep, token.Sweep, notice.Sweep, delivery.Sweep, page.Sweep, api.Sweep} {
		if err := sweep(tx); err != nil {
			return err
		}
	}
	return nil
}

// SweepFiles removes files that no record holds.
func (a *App) SweepFiles(ctx context.Context) error {
	removed, err := a.Files.Sweep(ctx, a.DB.Now(), func(hashes []string) (held map[string]bool, err error) {
		err = a.DB.View(ctx, func(tx *db.Tx) (err error) {
			if held, err = attachment.Held(tx, hashes); err != nil {
				return err
			}
			sheets, err := intake.Held(tx, hashes)
			maps.Copy(held, sheets)
			return err
		})
		return held, err
	})
	if removed > 0 {
		a.Log.Info("files that no record holds were removed", "files", removed)
	}
	return err
}
