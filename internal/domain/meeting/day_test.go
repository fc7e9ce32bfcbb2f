package meeting_test

import (
	"testing"

	"chibo/internal/domain/meeting"
	"chibo/internal/platform/clock"
)

// TestDay: a meeting that was held on another day than planned counts for the
// day on which it was held.
func TestDay(t *testing.T) {
	planned := clock.NewDate(2026, 12, 3)
	held := clock.NewDate(2026, 11, 22)
	m := meeting.Meeting{Starts: planned.At(19, 30)}
	if got := m.Day(); got != planned {
		t.Errorf("before it began: %v", got)
	}
	m.OpenedAt = held.At(20, 0)
	if got := m.Day(); got != held {
		t.Errorf("once it began: %v", got)
	}
}
