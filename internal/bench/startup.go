package bench

import (
	"context"
	"os"
	"slices"
	"time"
)

const starts = 9

// startup starts the server several times on an organisation, and lets the
// last one idle.
func startup(ctx context.Context, s Setting, r *Result) error {
	if _, err := s.fill(ctx, size{cells: 4, members: 30}); err != nil {
		return err
	}
	var took []time.Duration
	for range starts {
		sv, ready, err := s.start(ctx)
		if err != nil {
			return err
		}
		took = append(took, ready)
		if err := sv.stop(); err != nil {
			return err
		}
	}
	slices.Sort(took)
	r.most("ready_ms_p50", milliseconds(took[len(took)/2]), 150)
	if err := idle(ctx, s, r); err != nil {
		return err
	}
	binary, err := os.Stat(s.Program)
	if err != nil {
		return err
	}
	r.most("binary_mb", float64(binary.Size())/(1<<20), 40)
	return nil
}

func idle(ctx context.Context, s Setting, r *Result) error {
	sv, _, err := s.start(ctx)
	if err != nil {
		return err
	}
	time.Sleep(3 * time.Second)
	memory, err := sv.resident()
	if err != nil {
		return err
	}
	r.most("idle_mb", memory, 60)
	return sv.stop()
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
