package app

import (
	"context"
	"strings"
	"testing"
	"time"

	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/job"
)

// TestTidying queues twice what is done once, and finds a file that no record
// holds gone after its day of grace, not before.
func TestTidying(t *testing.T) {
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	now := time.Now()
	a, err := Open(ctx, Config{Data: t.TempDir(), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}()
	file, err := a.Files.Put("ghi chép.txt", strings.NewReader("không ai giữ"), 100)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := a.queueTidying(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if queue := state(t, a); queue.Waiting != 4 {
		t.Fatalf("%d jobs wait, want 4", queue.Waiting)
	}
	a.work(ctx, t)
	if _, err := a.Files.Open(file.Hash); err != nil {
		t.Errorf("a file of today is gone: %v", err)
	}
	now = now.Add(25 * time.Hour)
	if err := a.queueTidying(ctx); err != nil {
		t.Fatal(err)
	}
	a.work(ctx, t)
	if _, err := a.Files.Open(file.Hash); !errs.Is(err, errs.NotFound) {
		t.Errorf("a file of yesterday is still there: %v", err)
	}
}

// TestLookingAtCellsGoesOnAtOnce has a job end before it has looked at all cells.
func TestLookingAtCellsGoesOnAtOnce(t *testing.T) {
	a, err := Open(t.Context(), Config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}()
	over, end := context.WithCancel(t.Context())
	end()
	after, err := a.watchCells(over, struct{}{})
	if err != nil || after == nil {
		t.Fatalf("a job whose time is over wants nothing more: %v", err)
	}
	if err := a.DB.Update(t.Context(), after); err != nil {
		t.Fatal(err)
	}
	if queue := state(t, a); queue.Waiting != 1 {
		t.Errorf("%d jobs wait, want 1", queue.Waiting)
	}
	if after, err := a.watchCells(t.Context(), struct{}{}); err != nil || after != nil {
		t.Errorf("a job that has looked at all cells wants more, or %v", err)
	}
}

// work runs the jobs until none waits.
func (a *App) work(ctx context.Context, t *testing.T) {
	t.Helper()
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		a.runner().Run(ctx)
	}()
	for state(t, a).Waiting > 0 && ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-time.After(5 * time.Millisecond):
		}
	}
	stop()
	<-ended
	if queue := state(t, a); queue.Waiting > 0 || queue.Dead > 0 {
		t.Fatalf("%d jobs wait and %d are dead", queue.Waiting, queue.Dead)
	}
}

func state(t *testing.T, a *App) (queue job.Queue) {
	t.Helper()
	if err := a.DB.View(context.Background(), func(tx *db.Tx) (err error) {
		queue, err = job.State(tx)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return queue
}
