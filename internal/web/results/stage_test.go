package results_test

import (
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/minutes"
	"chibo/internal/domain/resolution"
	"chibo/internal/domain/score"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/testkit/visit"
	"chibo/internal/web/results"
)

// stage is the pages with a regular meeting of cell A on the 3rd of November.
type stage struct {
	*testing.T
	*visit.Site
	meeting meeting.ID
	taker   access.PersonID
	base    string
}

var evening = clock.NewDate(2026, 11, 3).At(19, 0)

func planned(t *testing.T) *stage {
	t.Helper()
	s := &stage{T: t, Site: visit.New(t, visit.Routes(results.Routes()...))}
	s.begin(meeting.Regular)
	return s
}

// begin plans the meeting of the stage.
func (s *stage) begin(kind meeting.Kind) {
	s.Helper()
	s.taker = s.Org.MembersA[7]
	s.meeting = s.plan(meeting.Plan{Kind: kind, Starts: evening, Topic: "Chuyển đổi số"})
	s.base = "/meetings/" + s.meeting.String()
}

func (s *stage) plan(p meeting.Plan) (of meeting.ID) {
	s.Helper()
	p.Unit, p.Place, p.DayReason = s.Org.CellA.ID, "Nhà văn hóa thôn Đông", "theo kế hoạch"
	s.must(s.Org.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		m, err := meeting.Schedule(tx, by, p)
		of = m.ID
		return err
	})
	return of
}

func (s *stage) must(who access.PersonID, do func(tx *db.Tx, by access.Actor) error) {
	s.Helper()
	s.K.Update(func(tx *db.Tx) error { return do(tx, s.Org.As(tx, who)) })
}

func (s *stage) now(tx *db.Tx) meeting.Meeting {
	s.Helper()
	m, err := meeting.Find(tx, access.Console(), s.meeting)
	if err != nil {
		s.Fatal(err)
	}
	return m
}

// open announces the meeting and begins it with everybody present but one.
func (s *stage) open() {
	s.Helper()
	s.must(s.Org.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		_, err := meeting.Announce(tx, by, s.meeting, s.now(tx).Version)
		return err
	})
	s.K.SetNow(evening)
	s.must(s.Org.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		if _, err := meeting.Open(tx, by, s.meeting, s.now(tx).Version, meeting.Opening{MinuteTaker: s.taker}); err != nil {
			return err
		}
		if err := task.CarryUnfinished(tx, by, s.meeting); err != nil {
			return err
		}
		if _, err := meeting.Mark(tx, by, s.meeting, meeting.Call{Person: s.Org.MembersA[9], Mark: meeting.Excused, Reason: "đi chữa bệnh"}); err != nil {
			return err
		}
		roll, err := meeting.Roll(tx, by, s.meeting)
		if err != nil {
			return err
		}
		_, err = meeting.MarkAll(tx, by, s.meeting, meeting.Rest(roll, meeting.Present))
		return err
	})
}

// speak notes what people say.
func (s *stage) speak() {
	s.Helper()
	s.must(s.taker, func(tx *db.Tx, by access.Actor) error {
		for _, person := range s.Org.MembersA[:5] {
			if _, err := meeting.Speak(tx, by, s.meeting, meeting.Speech{Person: person, Text: "Nhất trí với dự thảo nghị quyết."}); err != nil {
				return err
			}
		}
		return nil
	})
}

// vote counts an ordinary vote.
func (s *stage) vote(title string, yes int) (vote meeting.VoteID) {
	s.Helper()
	s.must(s.taker, func(tx *db.Tx, by access.Actor) error {
		v, err := meeting.CallVote(tx, by, meeting.Question{Meeting: s.meeting, Title: title, Form: meeting.Hand})
		if err != nil {
			return err
		}
		vote = v.ID
		_, err = meeting.RecordVote(tx, by, v.ID, meeting.Tally{Yes: yes, No: 23 - yes}, nil)
		return err
	})
	return vote
}

// close ends the meeting after 95 minutes.
func (s *stage) close() {
	s.Helper()
	s.K.SetNow(evening.Add(95 * time.Minute))
	s.must(s.taker, func(tx *db.Tx, by access.Actor) error {
		_, err := meeting.Close(tx, by, s.meeting, s.now(tx).Version, time.Time{})
		return err
	})
}

// leftOver gives a task of October of which five of ten are done.
func (s *stage) leftOver() (of task.ID) {
	s.Helper()
	s.K.SetNow(clock.NewDate(2026, 10, 5).At(8, 0))
	s.must(s.Org.SecretaryA, func(tx *db.Tx, by access.Actor) (err error) {
		of, err = task.Assign(tx, by, s.Org.CellA.ID, task.New{
			Title: "Vận động hiến đất làm đường", Area: task.Economy, Assignee: task.Assignee{Person: s.Org.MemberA},
			Due: clock.NewDate(2026, 10, 30), Measure: "hộ", Planned: 10,
		})
		return err
	})
	s.must(s.Org.MemberA, func(tx *db.Tx, by access.Actor) error {
		row, _, err := task.Find(tx, by, of)
		if err != nil {
			return err
		}
		return task.Progress(tx, by, of, row.Version, task.Update{Text: "Đã vận động 5 hộ.", Done: 5})
	})
	s.K.SetNow(clock.NewDate(2026, 11, 3).At(7, 30))
	return of
}

// held is a meeting that ended with an adopted resolution.
func held(t *testing.T) *stage {
	t.Helper()
	s := planned(t)
	s.open()
	s.adopt()
	s.close()
	return s
}

// adopt has people speak and adopt a resolution with one task.
func (s *stage) adopt() {
	s.Helper()
	s.speak()
	vote := s.vote("Thông qua nghị quyết tháng 11", 22)
	s.must(s.Org.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		of, err := resolution.Draft(tx, by, s.meeting)
		if err != nil {
			return err
		}
		if err := resolution.EditSection(tx, by, of, resolution.Direction, 0, "Tập trung làm đường thôn."); err != nil {
			return err
		}
		if _, err := resolution.AddLine(tx, by, of, task.New{
			Title: "Vệ sinh môi trường", Area: task.Economy, Assignee: task.Assignee{Person: s.Org.MemberA}, Due: clock.NewDate(2026, 11, 25),
		}); err != nil {
			return err
		}
		r, err := resolution.Find(tx, by, of)
		if err != nil {
			return err
		}
		return resolution.Adopt(tx, by, of, r.Version, vote)
	})
}

// sealed is a held meeting with approved minutes.
func sealed(t *testing.T) *stage {
	t.Helper()
	s := held(t)
	s.seal()
	return s
}

func (s *stage) seal() {
	s.Helper()
	s.must(s.Org.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		m, err := minutes.Draft(tx, by, s.meeting)
		if err == nil {
			_, err = minutes.Approve(tx, by, m.ID, m.Version)
		}
		return err
	})
}

// claims are those of the sheet's own proposal, with points where only a person
// can tell.
func (s *stage) claims() (fields []string) {
	s.Helper()
	s.must(s.Org.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		sheet, err := score.Propose(tx, by, s.meeting)
		for _, l := range sheet.Lines {
			if !l.Counted {
				continue
			}
			points := l.Proposed
			if !l.Decided {
				points = l.Max
			}
			fields = append(fields, "points."+l.ID, itoa(points))
		}
		return err
	})
	return fields
}

// with is the fields with some set otherwise.
func with(fields []string, pairs ...string) []string {
	fields = slices.Clone(fields)
	for i := 0; i < len(pairs); i += 2 {
		at := slices.Index(fields, pairs[i])
		if at >= 0 {
			fields[at+1] = pairs[i+1]
		} else {
			fields = append(fields, pairs[i], pairs[i+1])
		}
	}
	return fields
}

// hidden is the value of the first hidden field of that name behind a mark on
// the page.
func hidden(t *testing.T, body, behind, name string) string {
	t.Helper()
	pattern := regexp.MustCompile(`(?s)` + regexp.QuoteMeta(behind) + `.*?<input type="hidden" name="` + regexp.QuoteMeta(name) + `" value="([^"]*)"`)
	found := pattern.FindStringSubmatch(body)
	if found == nil {
		t.Fatalf("no hidden field %q behind %q", name, behind)
	}
	return found[1]
}

func itoa(n int) string { return strconv.Itoa(n) }

// people are readers with different rights.
func (s *stage) people() map[string]access.PersonID {
	return map[string]access.PersonID{
		"secretary": s.Org.SecretaryA, "committee": s.Org.CommitteeA, "taker": s.taker, "member": s.Org.MemberA, "absent": s.Org.MembersA[9], "office": s.Org.Office,
	}
}

var offer = regexp.MustCompile(`href="(/meetings/\d+/(?:documents|paper)/[^"]+)"`)

// offers are the papers to which a page leads.
func offers(body string) (paths []string) {
	for _, found := range offer.FindAllStringSubmatch(body, -1) {
		paths = append(paths, found[1])
	}
	return paths
}
