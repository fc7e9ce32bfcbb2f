package rulepack

import (
	"testing"

	"pgregory.net/rapid"

	"chibo/internal/platform/clock"
)

func sheetOn(t *testing.T, day string) ScoreSheet {
	t.Helper()
	sheet, _, err := Rule[ScoreSheet](Shipped(), "scoresheet", "", clock.MustDate(day))
	if err != nil {
		t.Fatal(err)
	}
	return sheet
}

// The sheet has 100 points, and records propose 70 of them: what the design
// promises of evidence before claims.
func TestSheetAddsUp(t *testing.T) {
	sheet := sheetOn(t, "2026-11-03")
	total, fromRecords := 0, 0
	for _, c := range sheet.Criteria {
		for _, l := range c.Lines {
			total += l.Max
			if l.FromRecords() {
				fromRecords += l.Max
			}
		}
	}
	if len(sheet.Criteria) != 8 || total != 100 || fromRecords != 70 {
		t.Errorf("%d criteria, %d points, %d from records", len(sheet.Criteria), total, fromRecords)
	}
}

// The best meeting earns 100 in a month with a thematic meeting and 95 in
// one without; nothing is rescaled (rules 22.4).
func TestBestMeeting(t *testing.T) {
	best := MeetingFacts{
		Minutes: 120, Members: 30, Entitled: 30, Present: 30, Speakers: 30, ToNotify: 30, Notified: 30,
		HasCommittee: true, HasCommitteeMinutes: true, DocsPosted: true, DocsPostedHoursBefore: 48,
		StepsRequired: 20, StepsDone: 20, Remarks: 1, IdeologyMinutes: 20, MinutesComplete: true, MinutesAdopted: true,
		ConclusionAdopted: true, TasksAssigned: 5, TasksDue: 10, TasksDone: 10, Published: true, PublishedDaysAfter: 1,
	}
	for _, c := range []struct {
		thematic bool
		want     int
	}{{true, 100}, {false, 95}} {
		best.ThematicMonth, best.ThematicHeld = c.thematic, c.thematic
		proposals, err := sheetOn(t, "2026-11-03").Propose(best)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0
		for _, p := range proposals {
			switch {
			case p.Decided:
				sum += p.Points
			case p.Counted:
				sum += p.Max // a person's judgement, at its best
			}
		}
		if sum != c.want {
			t.Errorf("thematic %t: %d points, want %d", c.thematic, sum, c.want)
		}
	}
}

// Whatever the facts, a decided line earns points that it can earn and says
// why; more of a good thing never earns less.
func TestProposalsProperties(t *testing.T) {
	sheet := sheetOn(t, "2026-11-03")
	rapid.Check(t, func(t *rapid.T) {
		f := MeetingFacts{
			Minutes: rapid.IntRange(0, 240).Draw(t, "minutes"), Members: rapid.IntRange(3, 60).Draw(t, "members"),
			Entitled: rapid.IntRange(0, 60).Draw(t, "entitled"), TasksDue: rapid.IntRange(0, 30).Draw(t, "due"),
			Combined: rapid.Bool().Draw(t, "combined"), DocsPostedHoursBefore: rapid.IntRange(-48, 96).Draw(t, "hours"),
		}
		f.Present = rapid.IntRange(0, f.Entitled).Draw(t, "present")
		f.Speakers = rapid.IntRange(0, f.Present).Draw(t, "speakers")
		f.TasksDone = rapid.IntRange(0, f.TasksDue).Draw(t, "done")
		now := points(t, sheet, f)
		f.Minutes++
		f.Present, f.Entitled = f.Present+1, f.Entitled+1
		f.Speakers++
		f.TasksDone, f.TasksDue = f.TasksDone+1, f.TasksDue+1
		for id, better := range points(t, sheet, f) {
			if worse, decided := now[id]; decided && better < worse {
				t.Fatalf("line %s fell from %d to %d", id, worse, better)
			}
		}
	})
}

func points(t *rapid.T, sheet ScoreSheet, f MeetingFacts) map[string]int {
	proposals, err := sheet.Propose(f)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, p := range proposals {
		line, _ := sheet.Line(p.Line)
		if !p.Decided {
			continue
		}
		if !line.Allows(p.Points) || p.Reason == "" || len(p.Evidence) == 0 || !p.Counted {
			t.Fatalf("line %s: %+v", p.Line, p)
		}
		out[p.Line] = p.Points
	}
	return out
}

// A line takes the points of its options, a toggle all or nothing.
func TestAllows(t *testing.T) {
	sheet := sheetOn(t, "2026-11-03")
	for _, c := range []struct {
		line    string
		points  int
		allowed bool
	}{{"7", 27, true}, {"7", 28, false}, {"7", 0, false}, {"4.2", 10, true}, {"4.2", 0, true}, {"4.2", 5, false}, {"2.rate", 1, true}, {"2.rate", 5, false}} {
		line, ok := sheet.Line(c.line)
		if !ok || line.Allows(c.points) != c.allowed {
			t.Errorf("line %s takes %d: want %t", c.line, c.points, c.allowed)
		}
	}
}

// The sheet of an earlier day asked no 120 minutes of large cells.
func TestSheetOfItsDay(t *testing.T) {
	for day, want := range map[string]int{"2025-10-27": 90, "2025-10-28": 120} {
		if got, err := sheetOn(t, day).RequiredMinutes(MeetingFacts{Members: 40}); err != nil || got != want {
			t.Errorf("%s: %d minutes, want %d (%v)", day, got, want, err)
		}
	}
}
