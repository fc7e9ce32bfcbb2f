package limit_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"chibo/internal/platform/limit"
)

// hand is a clock that is set by hand.
type hand struct{ at time.Time }

func (h *hand) now() time.Time { return h.at }

func (h *hand) pass(d time.Duration) { h.at = h.at.Add(d) }

func TestBucketFillsAtItsPace(t *testing.T) {
	h := &hand{time.Date(2026, 11, 3, 7, 30, 0, 0, time.UTC)}
	b := limit.New[string](limit.Rate{PerMinute: 6, Burst: 3}, h.now)
	for i, step := range []struct {
		pause      time.Duration
		key        string
		ok         bool
		remaining  int
		wait, full time.Duration
	}{
		{0, "a", true, 2, 0, 10 * time.Second},
		{0, "a", true, 1, 0, 20 * time.Second},
		{0, "a", true, 0, 10 * time.Second, 30 * time.Second},
		{0, "a", false, 0, 10 * time.Second, 30 * time.Second},
		{0, "b", true, 2, 0, 10 * time.Second}, // another's is full
		{4 * time.Second, "a", false, 0, 6 * time.Second, 26 * time.Second},
		{6 * time.Second, "a", true, 0, 10 * time.Second, 30 * time.Second},
		{-time.Hour, "a", false, 0, 10 * time.Second, 30 * time.Second}, // a clock set back fills nothing
		{time.Hour, "a", true, 2, 0, 10 * time.Second},                  // and it never runs over
	} {
		h.pass(step.pause)
		v := b.Take(step.key)
		want := limit.Verdict{OK: step.ok, Limit: 3, Remaining: step.remaining, Wait: step.wait, Full: step.full}
		if v != want {
			t.Errorf("step %d: %+v, want %+v", i, v, want)
		}
	}
}

func TestNoRateIsNoLimit(t *testing.T) {
	b := limit.New[int](limit.Rate{}, time.Now)
	for range 1000 {
		if !b.Take(1).OK {
			t.Fatal("refused")
		}
	}
}

// TestManyAtOnce: however many ask together, no more are let through than the
// bucket holds, for each key and also while full buckets are dropped.
func TestManyAtOnce(t *testing.T) {
	h := &hand{time.Date(2026, 11, 3, 7, 30, 0, 0, time.UTC)}
	b := limit.New[string](limit.Rate{PerMinute: 1, Burst: 5}, h.now)
	var passed atomic.Int64
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			for i := range 2000 {
				b.Take(fmt.Sprint("another ", worker, i))
				if b.Take("one").OK {
					passed.Add(1)
				}
			}
		})
	}
	group.Wait()
	if passed.Load() != 5 {
		t.Errorf("%d passed, want 5", passed.Load())
	}
}

// TestFullBucketsAreDropped: memory follows those who ask now, not all who ever
// asked.
func TestFullBucketsAreDropped(t *testing.T) {
	h := &hand{time.Date(2026, 11, 3, 7, 30, 0, 0, time.UTC)}
	b := limit.New[int](limit.Rate{PerMinute: 60, Burst: 2}, h.now)
	most := 0
	for i := range 100_000 {
		if i%500 == 0 {
			h.pass(time.Minute)
		}
		b.Take(i)
		most = max(most, b.Kept())
	}
	if most > 4096 {
		t.Errorf("%d buckets were kept for 500 a minute", most)
	}
}
