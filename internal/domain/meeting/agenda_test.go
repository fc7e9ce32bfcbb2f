package meeting_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

func (s *stage) addItem(place int, text meeting.ItemText) (added meeting.Item) {
	s.Helper()
	s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) (err error) {
		added, err = meeting.AddItem(tx, by, s.meeting, place, text)
		return err
	})
	return added
}

func (s *stage) titles() []string {
	s.Helper()
	var list []string
	for n, i := range s.agenda() {
		if i.Place != n+1 {
			s.Fatalf("%s is at %d, want %d", i.Title, i.Place, n+1)
		}
		list = append(list, i.Title)
	}
	return list
}

func TestAgendaIsEdited(t *testing.T) {
	each(t, func(s *stage) {
		first := s.agenda()[0]
		s.addItem(98, meeting.ItemText{Title: "Cuối"})
		s.addItem(1, meeting.ItemText{Title: "Đầu", Presenter: s.MemberA, Minutes: 10, Headings: []meeting.Heading{{Text: "Thu"}, {Text: "Chi"}}})
		s.addItem(99, meeting.ItemText{Title: "Sau cùng"})
		titles := s.titles()
		if len(titles) != 20 || titles[0] != "Đầu" || titles[1] != first.Title || titles[18] != "Cuối" || titles[19] != "Sau cùng" {
			t.Errorf("%q", titles)
		}
		move := func(title string, to int) {
			for _, i := range s.agenda() {
				if i.Title == title {
					s.must(s.CommitteeA, func(tx *db.Tx, by access.Actor) error { return meeting.MoveItem(tx, by, i.ID, i.Version, to) })
				}
			}
		}
		move("Đầu", 3)
		move("Sau cùng", -5)
		move("Cuối", 100)
		titles = s.titles()
		if titles[0] != "Sau cùng" || titles[1] != first.Title || titles[3] != "Đầu" || titles[19] != "Cuối" {
			t.Errorf("%q", titles)
		}
		added := s.agenda()[3]
		if added.Presenter != s.MemberA || len(added.Headings) != 2 || added.Headings[1] != (meeting.Heading{Text: "Chi"}) {
			t.Errorf("%+v", added)
		}
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error { return meeting.RemoveItem(tx, by, added.ID, added.Version) })
		if titles = s.titles(); len(titles) != 19 || titles[18] != "Cuối" {
			t.Errorf("%q", titles)
		}
	})
}

func TestAgendaRefuses(t *testing.T) {
	each(t, func(s *stage) {
		i := s.agenda()[0]
		change := func(version int64, text meeting.ItemText) deed {
			return func(tx *db.Tx, by access.Actor) error { return on(meeting.ChangeItem(tx, by, i.ID, version, text)) }
		}
		s.wantField("title", s.SecretaryA, change(1, meeting.ItemText{Title: " \x00 "}))
		s.wantField("title", s.SecretaryA, change(1, meeting.ItemText{Title: strings.Repeat("a", 201)}))
		s.wantField("note", s.SecretaryA, change(1, meeting.ItemText{Title: "Bàn", Note: strings.Repeat("ộ", 20_001)}))
		s.wantField("minutes", s.SecretaryA, change(1, meeting.ItemText{Title: "Bàn", Minutes: -1}))
		s.wantField("headings", s.SecretaryA, change(1, meeting.ItemText{Title: "Bàn", Headings: []meeting.Heading{{}}}))
		s.wantField("presenter", s.SecretaryA, change(1, meeting.ItemText{Title: "Bàn", Presenter: s.MemberB}))
		s.must(s.SecretaryA, change(1, meeting.ItemText{Title: "Bàn", Minutes: 5}))
		s.want(errs.Conflict, s.SecretaryA, change(1, meeting.ItemText{Title: "Bàn lại"}))
		s.want(errs.NotFound, s.SecretaryB, change(2, meeting.ItemText{Title: "Bàn lại"}))
		s.want(errs.NotFound, s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			return on(meeting.ChangeItem(tx, by, 12345, 1, meeting.ItemText{Title: "Bàn"}))
		})
		s.wantField("kind", s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			return on(meeting.AddItem(tx, by, s.meeting, 0, meeting.ItemText{Title: "Bàn", Kind: "karaoke"}))
		})
		s.want(errs.Conflict, s.SecretaryA, func(tx *db.Tx, by access.Actor) error { return on(meeting.StartItem(tx, by, i.ID, 2)) })
	})
}

func TestTimer(t *testing.T) {
	each(t, func(s *stage) {
		s.open()
		start := func(slot string) {
			s.Helper()
			i := s.item(slot)
			s.must(s.Taker, func(tx *db.Tx, by access.Actor) error { return on(meeting.StartItem(tx, by, i.ID, i.Version)) })
		}
		wait := func(d time.Duration) { s.SetNow(s.Now().Add(d)) }
		start("opening")
		wait(3 * time.Minute)
		start("rollcall") // which ends the opening
		opening := s.item("opening")
		if !opening.Finished() || opening.Used != 3*time.Minute || opening.Over(s.Now()) != time.Minute {
			t.Errorf("%+v", opening)
		}
		wait(2 * time.Minute)
		start("rollcall") // a double click
		rollcall := s.item("rollcall")
		if !rollcall.Running() || rollcall.Spent(s.Now()) != 2*time.Minute || rollcall.Over(s.Now()) != 0 {
			t.Errorf("%+v", rollcall)
		}
		start("opening") // once more
		wait(time.Minute)
		opening = s.item("opening")
		s.must(s.Taker, func(tx *db.Tx, by access.Actor) error {
			return on(meeting.FinishItem(tx, by, opening.ID, opening.Version))
		})
		if opening = s.item("opening"); opening.Used != 4*time.Minute || !opening.StartedAt.Equal(evening) {
			t.Errorf("%+v", opening)
		}
		s.must(s.Taker, func(tx *db.Tx, by access.Actor) error {
			return on(meeting.FinishItem(tx, by, opening.ID, opening.Version))
		})
		if again := s.item("opening"); again.Version != opening.Version {
			t.Error("finishing twice changed something")
		}

		story := s.item("story")
		s.wantField("reason", s.Taker, func(tx *db.Tx, by access.Actor) error {
			return on(meeting.SkipItem(tx, by, story.ID, story.Version, " "))
		})
		s.must(s.Taker, func(tx *db.Tx, by access.Actor) error {
			return on(meeting.SkipItem(tx, by, story.ID, story.Version, "Hết giờ"))
		})
		if story = s.item("story"); !story.Skipped() || story.Finished() {
			t.Errorf("%+v", story)
		}
		report := s.item("report")
		s.must(s.Taker, func(tx *db.Tx, by access.Actor) error {
			return on(meeting.TickHeading(tx, by, report.ID, report.Version, 4, true))
		})
		if report = s.item("report"); report.Headings[0].Done || !report.Headings[4].Done {
			t.Errorf("%+v", report.Headings)
		}
		s.wantField("heading", s.Taker, func(tx *db.Tx, by access.Actor) error {
			return on(meeting.TickHeading(tx, by, report.ID, report.Version, 5, true))
		})
		s.want(errs.Conflict, s.SecretaryA, func(tx *db.Tx, by access.Actor) error { return meeting.RemoveItem(tx, by, opening.ID, opening.Version) })
		start("report")
		s.everybodyPresent()
		s.close()
		if report = s.item("report"); report.Running() || report.Used == 0 {
			t.Errorf("the timer runs after the end: %+v", report)
		}
	})
}

func TestAgendasAreCompared(t *testing.T) {
	each(t, func(s *stage) {
		i := s.item("report")
		noted := func(of meeting.ID, words string) (agenda []meeting.Item) {
			s.Helper()
			s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
				list, err := meeting.Agenda(tx, by, of)
				if err != nil {
					return err
				}
				for _, found := range list {
					if found.Slot == i.Slot {
						_, err = meeting.ChangeItem(tx, by, found.ID, found.Version, meeting.ItemText{Title: found.Title, Note: words})
					}
				}
				if err != nil {
					return err
				}
				agenda, err = meeting.Agenda(tx, by, of)
				return err
			})
			return agenda
		}
		first := noted(s.meeting, "Thu gom rác thải.")
		same := noted(s.schedule(meeting.Plan{Starts: today.AddMonths(1).At(19, 0)}), "THU GOM RÁC THẢI")
		other := noted(s.schedule(meeting.Plan{Starts: today.AddMonths(2).AddDays(1).At(19, 0)}), "Tổng kết năm")
		if l := meeting.Compare(same, first); !l.Identical() || !slices.Equal(l.Repeated, []string{"THU GOM RÁC THẢI"}) {
			t.Errorf("%+v", l)
		}
		if l := meeting.Compare(other, same); l.Identical() || l.Own != 1 {
			t.Errorf("%+v", l)
		}
	})
}

func TestRotaNamesWhoseTurnItIs(t *testing.T) {
	each(t, func(s *stage) {
		suggest := func(of meeting.ID) (list []meeting.Candidate) {
			s.Helper()
			s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) (err error) {
				list, err = meeting.SuggestMinuteTaker(tx, by, of)
				return err
			})
			return list
		}
		name := func(of meeting.ID, person access.PersonID) {
			s.Helper()
			s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
				m, err := meeting.Find(tx, by, of)
				if err != nil {
					return err
				}
				return on(meeting.NameMinuteTaker(tx, by, of, m.Version, person))
			})
		}
		first := suggest(s.meeting)
		for _, c := range first {
			if c.Person == s.SecretaryA || c.Person == s.ExemptA || !c.Last.IsZero() || c.Why.Key != "meeting.rota.minutes_never" {
				t.Errorf("%+v", c)
			}
		}
		asked := map[access.PersonID]bool{}
		of := s.meeting
		for month := range len(first) {
			next := suggest(of)[0]
			if asked[next.Person] {
				t.Fatalf("%s is asked twice after %d months", next.Name, month)
			}
			asked[next.Person] = true
			name(of, next.Person)
			of = s.schedule(meeting.Plan{Starts: today.AddMonths(month+1).At(19, 0), DayReason: "theo kế hoạch"})
		}
		again := suggest(of)[0]
		if again.Last != today || again.Why.Key != "meeting.rota.minutes_last" {
			t.Errorf("after everyone had a turn: %+v", again)
		}
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			list, err := meeting.SuggestStory(tx, by, s.meeting)
			if len(list) != 25 { // all but the secretary and the exempt
				t.Errorf("%d could tell a story", len(list))
			}
			return err
		})
	})
}

func TestMinuteTakerHasTheRightForOneMeeting(t *testing.T) {
	each(t, func(s *stage) {
		s.announce()
		name := func(person access.PersonID) deed {
			return func(tx *db.Tx, by access.Actor) error {
				return on(meeting.NameMinuteTaker(tx, by, s.meeting, s.now1(tx).Version, person))
			}
		}
		open := func(tx *db.Tx, by access.Actor) error {
			return on(meeting.Open(tx, by, s.meeting, s.now1(tx).Version, meeting.Opening{}))
		}
		if s.tried(s.Taker, open) != errs.Denied {
			t.Error("a member opens the meeting")
		}
		s.must(s.SecretaryA, name(s.Taker))
		if s.item("rollcall").Presenter != s.Taker || s.now().MinuteTaker != s.Taker {
			t.Error("the minute-taker does not call the roll")
		}
		s.want(errs.Conflict, s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			return on(meeting.NameMinuteTaker(tx, by, s.meeting, 1, s.Taker))
		})
		other := s.schedule(meeting.Plan{Starts: today.AddMonths(1).At(19, 0)})
		s.want(errs.NotFound, s.Taker, func(tx *db.Tx, by access.Actor) error { return on(meeting.Open(tx, by, other, 1, meeting.Opening{})) })
		s.must(s.SecretaryA, name(s.MemberA))
		if s.tried(s.Taker, open) != errs.Denied {
			t.Error("the earlier minute-taker kept the right")
		}
		s.wantField("person", s.SecretaryA, name(s.MemberB))
		s.wantField("person", s.SecretaryA, name(0))
		s.must(s.MemberA, open)
		if s.item("rollcall").Presenter != s.MemberA {
			t.Error("the items did not follow")
		}
	})
}

func TestANewMatterComesBeforeTheClosing(t *testing.T) {
	each(t, func(s *stage) {
		added := s.addItem(0, meeting.ItemText{Title: "Bàn việc làm đường"})
		s.addItem(0, meeting.ItemText{Title: "Bàn việc thu gom rác"})
		agenda := s.agenda()
		at := added.Place - 1
		if agenda[at].Title != "Bàn việc làm đường" || agenda[at+1].Title != "Bàn việc thu gom rác" {
			t.Errorf("%q", s.titles())
		}
		if agenda[at-1].Phase != "conduct" || agenda[at].Phase != "conduct" || agenda[at+2].Kind != "tasks" {
			t.Errorf("between %s and %s, in part %q", agenda[at-1].Title, agenda[at+2].Title, agenda[at].Phase)
		}
	})
}

func TestPresentersHaveNames(t *testing.T) {
	each(t, func(s *stage) {
		want := map[string]access.PersonID{"dues": s.SecretaryA, "score": s.CommitteeA, "opening": s.SecretaryA, "story": 0}
		for _, i := range s.agenda() {
			if person, asked := want[i.Kind]; asked && i.Presenter != person {
				t.Errorf("%s is presented by %v, want %v", i.Title, i.Presenter, person)
			}
		}
	})
}
