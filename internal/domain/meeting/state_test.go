package meeting

import (
	"testing"
	"time"

	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
)

var day = clock.NewDate(2026, 11, 3)

func shipped[T any](t *testing.T, kind string) T {
	t.Helper()
	body, _, err := rulepack.Rule[T](rulepack.Shipped(), kind, "", day)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// TestMoves is the whole matrix of rules 22.2: what is not named is refused.
func TestMoves(t *testing.T) {
	states := shipped[rulepack.States](t, "states")
	allowed := map[State][]State{
		Planned:    {Prepared, Announced, DocsPosted, InSession, Postponed, Cancelled},
		Prepared:   {Announced, DocsPosted, InSession, Postponed, Cancelled},
		Announced:  {DocsPosted, InSession, Postponed, Cancelled},
		DocsPosted: {InSession, Postponed, Cancelled},
		Postponed:  {Planned, Prepared, Announced, DocsPosted, InSession, Cancelled},
		InSession:  {Closed},
		Closed:     {Minuted},
		Minuted:    {Published, Scored},
		Published:  {Scored, Reported},
		Scored:     {Published, Reported},
	}
	for _, from := range States {
		may := map[State]bool{from: true}
		for _, to := range allowed[from] {
			may[to] = true
		}
		for _, to := range States {
			m := Meeting{State: from}
			err := m.move(states, to)
			if may[to] && (err != nil || m.State != to) {
				t.Errorf("%s to %s: %v", from, to, err)
			}
			if !may[to] && (!errs.Is(err, errs.Conflict) || m.State != from) {
				t.Errorf("%s to %s: %v, want a conflict and no move", from, to, err)
			}
		}
	}
}

func TestEveryStateHasALabelInThePack(t *testing.T) {
	states := shipped[rulepack.States](t, "states")
	for _, s := range States {
		if label, ok := states.MeetingState(string(s)); !ok || label.Label == "" {
			t.Errorf("%s has no label", s)
		}
	}
}

func TestAdvance(t *testing.T) {
	states := shipped[rulepack.States](t, "states")
	at := day.At(19, 0)
	cases := []struct {
		name string
		m    Meeting
		way  []State
		want State
	}{
		{"nothing done", Meeting{State: Planned}, before, Planned},
		{"prepared", Meeting{State: Planned, PreparedAt: at}, before, Prepared},
		{"announced without preparation", Meeting{State: Planned, AnnouncedAt: at}, before, Announced},
		{"documents before the announcement", Meeting{State: Planned, PreparedAt: at, DocsPostedAt: at}, before, DocsPosted},
		{"postponed waits for a new announcement", Meeting{State: Postponed, PreparedAt: at, AnnouncedAt: at}, before, Postponed},
		{"closed", Meeting{State: InSession, ClosedAt: at}, after, Closed},
		{"scored before the minutes stays closed", Meeting{State: Closed, ClosedAt: at, ScoredAt: at}, after, Closed},
		{"the score counts with the minutes", Meeting{State: Closed, ClosedAt: at, ScoredAt: at, MinutedAt: at}, after, Scored},
		{"minutes, results and score", Meeting{State: Closed, ClosedAt: at, MinutedAt: at, PublishedAt: at, ScoredAt: at}, after, Scored},
		{"reported without a score", Meeting{State: Published, ClosedAt: at, MinutedAt: at, PublishedAt: at, ReportedAt: at}, after, Reported},
		{"a score after the report takes nothing back", Meeting{State: Reported, ClosedAt: at, MinutedAt: at, PublishedAt: at, ReportedAt: at, ScoredAt: at}, after, Reported},
	}
	for _, c := range cases {
		c.m.advance(states, c.way)
		if c.m.State != c.want {
			t.Errorf("%s: %s, want %s", c.name, c.m.State, c.want)
		}
	}
}

func TestTimes(t *testing.T) {
	m := Meeting{Starts: day.At(19, 0), Minutes: 90, DocsPostedAt: day.AddDays(-1).At(18, 59), PublishBy: day.AddDays(2)}
	if got := m.Ends(); !got.Equal(day.At(20, 30)) {
		t.Errorf("ends %v", got)
	}
	if lead, ok := m.DocumentsLead(); !ok || lead != 24*time.Hour+time.Minute {
		t.Errorf("documents %v before the start", lead)
	}
	m.OpenedAt = day.At(19, 10)
	if lead, _ := m.DocumentsLead(); lead != 24*time.Hour+11*time.Minute {
		t.Errorf("documents %v before the real start", lead)
	}
	for _, c := range []struct {
		published, today clock.Date
		late             bool
	}{
		{clock.Date{}, day.AddDays(2), false},
		{clock.Date{}, day.AddDays(3), true},
		{day.AddDays(2), day.AddDays(30), false},
		{day.AddDays(3), day.AddDays(3), true},
	} {
		m.PublishedAt = time.Time{}
		if !c.published.IsZero() {
			m.PublishedAt = c.published.At(23, 0)
		}
		if m.PublishedLate(c.today) != c.late {
			t.Errorf("published %s, today %s: late %t", c.published, c.today, !c.late)
		}
	}
}

func TestMonth(t *testing.T) {
	m := MonthOf(day)
	if m != "2026-11" || m.Add(2) != "2027-01" || m.Add(-11) != "2025-12" || m.Quarter() != 4 || m.Year() != 2026 || m.Vietnamese() != "11/2026" {
		t.Errorf("%s %s %s %d %d %s", m, m.Add(2), m.Add(-11), m.Quarter(), m.Year(), m.Vietnamese())
	}
	for _, wrong := range []string{"", "2026-13", "11/2026", "2026-11-03", "2026-1"} {
		if _, err := ParseMonth(wrong); !errs.Is(err, errs.Invalid) {
			t.Errorf("%q was taken for a month: %v", wrong, err)
		}
	}
}
