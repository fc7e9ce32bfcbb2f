package meeting_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/notice"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

func TestAnnounceTellsEverybody(t *testing.T) {
	each(t, func(s *stage) {
		s.Update(func(tx *db.Tx) error { return signsIn(tx, s.MemberA) })
		s.want(errs.Conflict, s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			return meeting.Tell(tx, by, s.meeting, []access.PersonID{s.MemberA}, meeting.Sheet)
		})
		s.announce()
		told := func() map[access.PersonID]meeting.Told {
			s.Helper()
			byPerson := map[access.PersonID]meeting.Told{}
			s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
				list, err := meeting.Delivery(tx, by, s.meeting)
				for _, one := range list {
					byPerson[one.Person] = one
				}
				if len(list) != 28 || !list[27].Above { // 27 members, and who follows from above
					t.Errorf("%d are to be told", len(list))
				}
				return err
			})
			return byPerson
		}
		before := told()
		if before[s.MemberA].Channel != meeting.InApp || before[s.ExemptA].Channel != meeting.NotTold || before[s.Follower].Name == "" {
			t.Errorf("%+v", before[s.MemberA])
		}
		tell := func(channel meeting.Channel, people ...access.PersonID) deed {
			return func(tx *db.Tx, by access.Actor) error { return meeting.Tell(tx, by, s.meeting, people, channel) }
		}
		s.must(s.DeputyA, tell(meeting.Sheet, s.ExemptA, s.Follower))
		s.must(s.DeputyA, tell(meeting.Word, s.ExemptA))
		s.must(s.DeputyA, tell(meeting.NotTold, s.Follower))
		after := told()
		if got := after[s.ExemptA]; got.Channel != meeting.Word || got.By != s.DeputyA || after[s.Follower].Channel != meeting.NotTold {
			t.Errorf("%+v", after)
		}
		s.wantField("people", s.DeputyA, tell(meeting.Sheet, s.MemberB))
		s.wantField("channel", s.DeputyA, tell("pigeon", s.ExemptA))
		s.want(errs.Conflict, s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			return on(meeting.Announce(tx, by, s.meeting, s.now1(tx).Version))
		})
	})
}

func TestGroupMeetingTellsTheGroup(t *testing.T) {
	each(t, func(s *stage) {
		s.meeting = s.schedule(meeting.Plan{Kind: meeting.Group, Group: s.GroupA2.ID, Starts: evening.Add(time.Hour)})
		s.announce()
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			list, err := meeting.Delivery(tx, by, s.meeting)
			if len(list) != 13 {
				t.Errorf("%d are told", len(list))
			}
			return err
		})
	})
}

func TestEverybodysOwnMeetings(t *testing.T) {
	each(t, func(s *stage) {
		for _, row := range []struct {
			who       access.PersonID
			later     time.Duration
			announced bool
			want      int
		}{
			{s.MemberA, 0, false, 0},
			{s.MemberA, 0, true, 1},
			{s.Follower, 0, true, 1},
			{s.MemberA, time.Minute, true, 0},
			{s.CommuneSecretary, 0, true, 0}, // sees it, and was not invited
			{s.MemberB, 0, true, 0},
		} {
			if row.announced && s.now().AnnouncedAt.IsZero() {
				s.announce()
			}
			s.must(row.who, func(tx *db.Tx, by access.Actor) error {
				list, err := meeting.Invited(tx, by, s.now1(tx).Starts.Add(row.later))
				if len(list) != row.want {
					t.Errorf("%d meetings, want %d", len(list), row.want)
				}
				return err
			})
		}
	})
}

func TestAnExtraordinaryMeetingIsSudden(t *testing.T) {
	each(t, func(s *stage) {
		s.Update(func(tx *db.Tx) error { return signsIn(tx, s.MemberA) })
		told := func(sudden time.Time) {
			t.Helper()
			s.announce()
			s.must(s.MemberA, func(tx *db.Tx, by access.Actor) error {
				got, err := notice.Inbox(tx, by, 0, 1)
				if err == nil && !got[0].Sudden.Equal(sudden) {
					t.Errorf("sudden %v, want %v", got[0].Sudden, sudden)
				}
				return err
			})
		}
		told(time.Time{})
		starts := evening.Add(2 * time.Hour)
		s.meeting = s.schedule(meeting.Plan{Kind: meeting.Extraordinary, Starts: starts, DayReason: "Bão"})
		told(starts)
	})
}

func TestCalendarFile(t *testing.T) {
	m := meeting.Meeting{
		ID: 77, Starts: evening, Minutes: 90, Place: "Nhà văn hóa thôn Đông; tầng 2, phòng họp", State: meeting.Announced, Version: 4,
	}
	description := strings.Repeat("Đồng chí mang theo sổ tay, ý kiến đóng góp. ", 8) + "\nTrân trọng."
	file := meeting.ICS(m, orgtree.Unit{}, `Sinh hoạt \ chi bộ`, description, evening.Add(-24*time.Hour))
	for _, line := range strings.Split(strings.TrimSuffix(file, "\r\n"), "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
			t.Errorf("line of %d octets: %q", len(line), line)
		}
	}
	plain := strings.ReplaceAll(file, "\r\n ", "")
	for _, want := range []string{
		"BEGIN:VCALENDAR\r\n", "\r\nEND:VCALENDAR\r\n", "SEQUENCE:4\r\n", "STATUS:CONFIRMED\r\n",
		"DTSTART;TZID=Asia/Ho_Chi_Minh:20261103T190000\r\n", "DTEND;TZID=Asia/Ho_Chi_Minh:20261103T203000\r\n",
		"DTSTAMP:20261102T120000Z\r\n", "LOCATION:Nhà văn hóa thôn Đông\\; tầng 2\\, phòng họp\r\n",
		`SUMMARY:Sinh hoạt \\ chi bộ` + "\r\n", `góp. \nTrân trọng.` + "\r\n", "UID:" + m.ID.String() + "@chibo\r\n",
	} {
		if !strings.Contains(plain, want) {
			t.Errorf("%q is missing in\n%s", want, plain)
		}
	}
	m.State = meeting.Cancelled
	if file := meeting.ICS(m, orgtree.Unit{}, "x", "", evening); !strings.Contains(file, "METHOD:CANCEL\r\n") || !strings.Contains(file, "STATUS:CANCELLED\r\n") {
		t.Error("a cancelled meeting stays in the calendar")
	}
}
