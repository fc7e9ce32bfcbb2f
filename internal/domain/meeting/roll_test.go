package meeting_test

import (
	"testing"
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

func (s *stage) roll() (list []meeting.Entry) {
	s.Helper()
	s.View(func(tx *db.Tx) (err error) {
		list, err = meeting.Roll(tx, access.Console(), s.meeting)
		return err
	})
	return list
}

func (s *stage) entry(person access.PersonID) meeting.Entry {
	s.Helper()
	for _, e := range s.roll() {
		if e.Person == person {
			return e
		}
	}
	s.Fatalf("%v is not on the roll", person)
	return meeting.Entry{}
}

func TestOpenWritesTheRoll(t *testing.T) {
	each(t, func(s *stage) {
		s.announce()
		s.open()
		m := s.now()
		if m.State != meeting.InSession || !m.OpenedAt.Equal(evening) || m.MinuteTaker != s.Taker {
			t.Errorf("%+v", m)
		}
		roll := s.roll()
		if len(roll) != 27 {
			t.Fatalf("%d on the roll", len(roll))
		}
		for i := 1; i < len(roll); i++ {
			if roll[i-1].NameKey > roll[i].NameKey {
				t.Errorf("%s stands before %s", roll[i-1].Name, roll[i].Name)
			}
		}
		if e := s.entry(s.ExemptA); e.Expected || !e.Votes || !e.Exempt() {
			t.Errorf("the exempt: %+v", e)
		}
		if e := s.entry(s.ProbationaryA); !e.Expected || e.Votes || e.Status != member.Probationary {
			t.Errorf("the probationary: %+v", e)
		}
		again := func(tx *db.Tx, by access.Actor) error {
			return on(meeting.Open(tx, by, s.meeting, s.now1(tx).Version, meeting.Opening{}))
		}
		s.want(errs.Conflict, s.SecretaryA, again) // a double click
		if len(s.roll()) != 27 {
			t.Error("opening twice changed the roll")
		}
	})
}

func TestOpenFromPaper(t *testing.T) {
	each(t, func(s *stage) {
		s.SetNow(evening.Add(40 * time.Hour))
		open := func(at time.Time) deed {
			return func(tx *db.Tx, by access.Actor) error {
				return on(meeting.Open(tx, by, s.meeting, s.now1(tx).Version, meeting.Opening{At: at, Chair: s.DeputyA}))
			}
		}
		s.wantField("at", s.SecretaryA, open(s.Now().Add(time.Minute)))
		s.wantField("at", s.SecretaryA, open(evening.AddDate(0, -3, 0)))
		s.must(s.SecretaryA, open(evening))
		if m := s.now(); !m.OpenedAt.Equal(evening) || m.Chair != s.DeputyA {
			t.Errorf("%+v", m)
		}
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			return on(meeting.Mark(tx, by, s.meeting, meeting.Call{Person: s.MemberA, Mark: meeting.Present, Arrived: evening, Paper: true}))
		})
		if e := s.entry(s.MemberA); e.How != meeting.ByPaper || !e.Arrived.Equal(evening) {
			t.Errorf("%+v", e)
		}
	})
}

func TestMark(t *testing.T) {
	each(t, func(s *stage) {
		s.want(errs.Conflict, s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			return on(meeting.Mark(tx, by, s.meeting, meeting.Call{Person: s.MemberA, Mark: meeting.Present}))
		})
		s.open()
		call := func(c meeting.Call) deed {
			return func(tx *db.Tx, by access.Actor) error { return on(meeting.Mark(tx, by, s.meeting, c)) }
		}
		s.must(s.Taker, call(meeting.Call{Person: s.MemberA, Mark: meeting.Present}))
		first := s.entry(s.MemberA)
		if first.Mode != meeting.InPerson || !first.Arrived.Equal(evening) || first.How != meeting.ByMinuteTaker || first.MarkedBy != s.Taker {
			t.Errorf("%+v", first)
		}
		written := func() (n int) {
			s.View(func(tx *db.Tx) error {
				history, err := journal.History(tx, meeting.Noun, int64(s.meeting))
				n = len(history)
				return err
			})
			return n
		}
		entries := written()
		s.SetNow(evening.Add(time.Minute))
		s.must(s.Taker, call(meeting.Call{Person: s.MemberA, Mark: meeting.Present})) // a double tap
		if again := s.entry(s.MemberA); !again.Arrived.Equal(evening) || written() != entries {
			t.Errorf("a double tap changed %+v, or the journal", again)
		}
		s.must(s.Taker, call(meeting.Call{Person: s.MemberA, Mark: meeting.Excused, Reason: "Đi viện"}))
		if e := s.entry(s.MemberA); e.Reason != "Đi viện" || !e.Arrived.IsZero() || e.Mode != "" {
			t.Errorf("%+v", e)
		}
		s.SetNow(evening.Add(30 * time.Minute))
		s.must(s.Taker, call(meeting.Call{Person: s.MemberA, Mark: meeting.Present, Mode: meeting.Online}))
		if e := s.entry(s.MemberA); !e.Late(s.now()) || e.Mode != meeting.Online || e.Reason != "" {
			t.Errorf("%+v", e)
		}
		s.must(s.Taker, call(meeting.Call{Person: s.MemberA}))
		if e := s.entry(s.MemberA); e.Mark != meeting.Unmarked || !e.MarkedAt.IsZero() {
			t.Errorf("the mark was not taken back: %+v", e)
		}
		s.wantField("person", s.Taker, call(meeting.Call{Person: s.MemberB, Mark: meeting.Present}))
		s.wantField("mark", s.Taker, call(meeting.Call{Person: s.MemberA, Mark: "asleep"}))
		s.wantField("mode", s.Taker, call(meeting.Call{Person: s.MemberA, Mark: meeting.Present, Mode: meeting.Mixed}))
		s.wantField("arrived", s.Taker, call(meeting.Call{Person: s.MemberA, Mark: meeting.Present, Arrived: evening.Add(time.Hour)}))
	})
}

func TestMarkAllIsAllOrNothing(t *testing.T) {
	each(t, func(s *stage) {
		s.open()
		s.mark(meeting.Excused, s.MemberA)
		all := func(calls []meeting.Call, want int) deed {
			return func(tx *db.Tx, by access.Actor) error {
				n, err := meeting.MarkAll(tx, by, s.meeting, calls)
				if err == nil && n != want {
					t.Errorf("%d changed, want %d", n, want)
				}
				return err
			}
		}
		s.wantField("person", s.Taker, all([]meeting.Call{{Person: s.LeaderA, Mark: meeting.Present}, {Person: s.MemberB, Mark: meeting.Present}}, 0))
		if s.entry(s.LeaderA).Mark != meeting.Unmarked {
			t.Error("half of a wrong roll was noted")
		}
		rest := meeting.Rest(s.roll(), meeting.Present)
		if len(rest) != 25 { // without the exempt and whoever is marked
			t.Errorf("%d are left", len(rest))
		}
		s.must(s.Taker, all(rest, 25))
		s.must(s.Taker, all(rest, 0))
		if s.entry(s.MemberA).Mark != meeting.Excused {
			t.Error("the rest took in whoever was marked")
		}
		f := s.figures()
		if f.Entitled != 26 || f.Present != 25 || f.Excused != 1 || f.Unmarked != 0 || f.Permille() != 961 {
			t.Errorf("%+v", f)
		}
		if f.Official != 25 || f.Probationary != 2 || f.Exempt != 1 || f.Base.Listed != 25 || f.Base.Base != 24 || f.Voters != 23 || !f.Quorate {
			t.Errorf("%+v", f)
		}
	})
}

func TestNobodyIsMarkedAfterTheMinutes(t *testing.T) {
	each(t, func(s *stage) {
		s.open()
		s.everybodyPresent()
		s.close()
		s.mark(meeting.Absent, s.MemberA) // a correction
		s.minuted()
		s.want(errs.Conflict, s.Taker, func(tx *db.Tx, by access.Actor) error {
			return on(meeting.Mark(tx, by, s.meeting, meeting.Call{Person: s.MemberA, Mark: meeting.Present}))
		})
		s.want(errs.Conflict, s.Taker, func(tx *db.Tx, by access.Actor) error {
			return on(meeting.Speak(tx, by, s.meeting, meeting.Speech{Person: s.LeaderA, Text: "Nói thêm"}))
		})
		if s.entry(s.MemberA).Mark != meeting.Absent {
			t.Error("the correction is lost")
		}
	})
}

func TestRefreshRoll(t *testing.T) {
	each(t, func(s *stage) {
		s.open()
		s.mark(meeting.Present, s.MemberA)
		s.Update(func(tx *db.Tx) error {
			_, err := member.Register(tx, access.Console(), member.New{
				Unit: s.CellA.ID, Status: member.Official, From: today,
				Core: member.Core{
					BirthName: "Nguyễn Văn Mới", Birth: clock.NewDate(1990, 1, 1), Sex: member.Male,
					Admitted: clock.NewDate(2015, 1, 1), Ceremony: clock.NewDate(2015, 1, 20), Recognised: clock.NewDate(2016, 1, 20),
				},
			})
			return err
		})
		s.must(s.Taker, func(tx *db.Tx, by access.Actor) error { return meeting.RefreshRoll(tx, by, s.meeting) })
		if len(s.roll()) != 28 || s.entry(s.MemberA).Mark != meeting.Present {
			t.Errorf("%d on the roll", len(s.roll()))
		}
	})
}

func (s *stage) code() (c meeting.Code) {
	s.Helper()
	s.must(s.Taker, func(tx *db.Tx, by access.Actor) (err error) {
		c, err = meeting.CheckInCode(tx, by, s.meeting)
		return err
	})
	return c
}

func TestCheckIn(t *testing.T) {
	each(t, func(s *stage) {
		s.announce()
		s.want(errs.Conflict, s.MemberA, func(tx *db.Tx, by access.Actor) error {
			_, _, err := meeting.CheckIn(tx, by, s.meeting, "123456", "")
			return err
		})
		s.open()
		code := s.code()
		if len(code.Short) != 6 || len(code.Token) < 20 {
			t.Errorf("%+v", code)
		}
		checkIn := func(who access.PersonID, code string, right bool) {
			s.Helper()
			s.must(who, func(tx *db.Tx, by access.Actor) error {
				_, ok, err := meeting.CheckIn(tx, by, s.meeting, code, "")
				if ok != right {
					t.Errorf("%q is right: %t", code, ok)
				}
				return err
			})
		}
		wrong := "000000"
		if code.Short == wrong {
			wrong = "000001"
		}
		checkIn(s.MemberA, wrong, false)
		checkIn(s.MemberA, " "+code.Short[:3]+" "+code.Short[3:], true)
		checkIn(s.MemberA, "whatever", true) // already in
		if e := s.entry(s.MemberA); !e.Present() || e.How != meeting.BySelf || e.MarkedBy != s.MemberA {
			t.Errorf("%+v", e)
		}
		checkIn(s.LeaderA, code.Token, true)

		for range 5 {
			checkIn(s.DeputyA, wrong, false)
		}
		s.want(errs.TooMany, s.DeputyA, func(tx *db.Tx, by access.Actor) error {
			_, _, err := meeting.CheckIn(tx, by, s.meeting, code.Short, "")
			return err
		})
		s.SetNow(evening.Add(16 * time.Minute))
		checkIn(s.DeputyA, code.Short, true)

		s.must(s.Taker, func(tx *db.Tx, by access.Actor) error { return on(meeting.RenewCode(tx, by, s.meeting)) })
		if s.code() == code {
			t.Error("the code was not renewed")
		}
		checkIn(s.CommitteeA, code.Token, false)
		renewed := s.code()
		s.want(errs.Denied, s.Follower, func(tx *db.Tx, by access.Actor) error { // not on the roll
			_, _, err := meeting.CheckIn(tx, by, s.meeting, renewed.Short, "")
			return err
		})
	})
}

func TestMine(t *testing.T) {
	each(t, func(s *stage) {
		s.announce()
		mine := func(tx *db.Tx, by access.Actor) error { return on(meeting.Mine(tx, by, s.meeting)) }
		s.want(errs.NotFound, s.MemberA, mine)
		s.open()
		s.must(s.MemberA, mine)
		s.want(errs.NotFound, s.Follower, mine)
		s.want(errs.NotFound, s.MemberB, mine)
	})
}

func TestGuests(t *testing.T) {
	each(t, func(s *stage) {
		s.open()
		add := func(n meeting.NewGuest) deed {
			return func(tx *db.Tx, by access.Actor) error { return on(meeting.AddGuest(tx, by, s.meeting, n)) }
		}
		khach := meeting.NewGuest{Name: " Nguyễn  Thị Khách ", Office: "Trưởng thôn", Reason: "Trao đổi việc làm đường"}
		s.must(s.Taker, add(khach))
		s.must(s.Taker, add(khach)) // a double click
		s.must(s.Taker, add(meeting.NewGuest{Person: s.Follower, Above: true}))
		s.must(s.Taker, add(meeting.NewGuest{Person: s.Follower, Above: true}))
		s.wantField("name", s.Taker, add(meeting.NewGuest{Office: "Trưởng thôn"}))
		s.wantField("person", s.Taker, add(meeting.NewGuest{Person: s.MemberA}))
		s.wantField("person", s.Taker, add(meeting.NewGuest{Person: 4711}))
		var list []meeting.Guest
		s.must(s.Taker, func(tx *db.Tx, by access.Actor) (err error) {
			list, err = meeting.Guests(tx, by, s.meeting)
			return err
		})
		if len(list) != 2 || list[0].Name != "Nguyễn Thị Khách" || list[1].Name == "" || !list[1].Above || s.figures().Guests != 2 {
			t.Fatalf("%+v", list)
		}
		s.must(s.Taker, func(tx *db.Tx, by access.Actor) error {
			return on(meeting.Speak(tx, by, s.meeting, meeting.Speech{Guest: list[1].ID, Text: "Biểu dương chi bộ"}))
		})
		remove := func(g meeting.Guest) deed {
			return func(tx *db.Tx, by access.Actor) error { return meeting.RemoveGuest(tx, by, g.ID) }
		}
		s.want(errs.Conflict, s.Taker, remove(list[1]))
		s.must(s.Taker, remove(list[0]))
		s.want(errs.NotFound, s.Taker, remove(list[0]))
	})
}
