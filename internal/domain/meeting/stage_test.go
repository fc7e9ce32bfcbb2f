package meeting_test

import (
	"errors"
	"testing"
	"time"

	"chibo/internal/domain/account"
	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

// stage is the small organisation with a meeting of cell A, at seven in the
// evening of the 3rd; it is brought forward step by step.
type stage struct {
	*testing.T
	*testkit.Kit
	*org.Org
	meeting meeting.ID
	// Taker takes the minutes, Follower attends for the committee above.
	Taker, Follower access.PersonID
}

var (
	today   = clock.DateOf(testkit.Start)
	evening = today.At(19, 0)
)

func each(t *testing.T, test func(s *stage)) {
	t.Helper()
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		s := &stage{T: t, Kit: k, Org: o, Taker: o.MembersA[7], Follower: o.Nobody}
		s.Update(func(tx *db.Tx) error {
			return access.Give(tx, access.Grant{Person: s.Follower, Unit: s.CellA.ID, Role: access.Attendee, From: org.Founded, Source: "test"})
		})
		s.meeting = s.schedule(meeting.Plan{})
		test(s)
	})
}

// schedule plans a meeting as the secretary of cell A; what the plan leaves
// open is an ordinary evening.
func (s *stage) schedule(p meeting.Plan) (of meeting.ID) {
	s.Helper()
	s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		m, err := meeting.Schedule(tx, by, s.plan(p))
		of = m.ID
		return err
	})
	return of
}

func (s *stage) plan(p meeting.Plan) meeting.Plan {
	if p.Unit == 0 {
		p.Unit = s.CellA.ID
	}
	if p.Kind == "" {
		p.Kind = meeting.Regular
	}
	if p.Starts.IsZero() {
		p.Starts = evening
	}
	if p.Place == "" && p.Mode != meeting.Online {
		p.Place = "Nhà văn hóa thôn Đông"
	}
	return p
}

type deed func(tx *db.Tx, by access.Actor) error

// as runs a deed as the person and gives back its failure.
func (s *stage) as(who access.PersonID, do deed) error {
	return s.Try(func(tx *db.Tx) error { return do(tx, s.As(tx, who)) })
}

func (s *stage) must(who access.PersonID, do deed) {
	s.Helper()
	if err := s.as(who, do); err != nil {
		s.Fatal(err)
	}
}

func (s *stage) want(kind errs.Kind, who access.PersonID, do deed) {
	s.Helper()
	testkit.Want(s.T, s.as(who, do), kind)
}

func (s *stage) wantField(field string, who access.PersonID, do deed) {
	s.Helper()
	testkit.WantField(s.T, s.as(who, do), field)
}

var errUndo = errors.New("undone")

// tried is the kind of failure of a deed that leaves no trace.
func (s *stage) tried(who access.PersonID, do deed) errs.Kind {
	err := s.as(who, func(tx *db.Tx, by access.Actor) error {
		if err := do(tx, by); err != nil {
			return err
		}
		return errUndo
	})
	if errors.Is(err, errUndo) {
		return testkit.OK
	}
	return errs.KindOf(err)
}

func (s *stage) now() (m meeting.Meeting) {
	s.Helper()
	s.View(func(tx *db.Tx) (err error) {
		m, err = meeting.Find(tx, access.Console(), s.meeting)
		return err
	})
	return m
}

func (s *stage) wantState(want meeting.State) {
	s.Helper()
	if m := s.now(); m.State != want {
		s.Fatalf("the meeting is %s, want %s", m.State, want)
	}
}

func (s *stage) announce() {
	s.Helper()
	s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		_, err := meeting.Announce(tx, by, s.meeting, s.now1(tx).Version)
		return err
	})
}

// now1 is the meeting inside a transaction.
func (s *stage) now1(tx *db.Tx) meeting.Meeting {
	s.Helper()
	m, err := meeting.Find(tx, access.Console(), s.meeting)
	if err != nil {
		s.Fatal(err)
	}
	return m
}

// open begins the meeting at its hour.
func (s *stage) open() {
	s.Helper()
	s.SetNow(evening)
	s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		_, err := meeting.Open(tx, by, s.meeting, s.now1(tx).Version, meeting.Opening{MinuteTaker: s.Taker})
		return err
	})
}

// everybodyPresent marks the rest of the roll.
func (s *stage) everybodyPresent() {
	s.Helper()
	s.must(s.Taker, func(tx *db.Tx, by access.Actor) error {
		roll, err := meeting.Roll(tx, by, s.meeting)
		if err != nil {
			return err
		}
		_, err = meeting.MarkAll(tx, by, s.meeting, meeting.Rest(roll, meeting.Present))
		return err
	})
}

// mark marks people as the minute-taker.
func (s *stage) mark(as meeting.Attendance, people ...access.PersonID) {
	s.Helper()
	for _, person := range people {
		s.must(s.Taker, func(tx *db.Tx, by access.Actor) error {
			_, err := meeting.Mark(tx, by, s.meeting, meeting.Call{Person: person, Mark: as})
			return err
		})
	}
}

// close ends the meeting after 95 minutes.
func (s *stage) close() {
	s.Helper()
	s.SetNow(evening.Add(95 * time.Minute))
	s.must(s.Taker, func(tx *db.Tx, by access.Actor) error {
		_, err := meeting.Close(tx, by, s.meeting, s.now1(tx).Version, time.Time{})
		return err
	})
}

func (s *stage) minuted() {
	s.Helper()
	s.must(s.Taker, func(tx *db.Tx, by access.Actor) error {
		_, err := meeting.MarkMinuted(tx, by, s.meeting)
		return err
	})
}

func (s *stage) published() {
	s.Helper()
	s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		_, err := meeting.Publish(tx, by, s.meeting)
		return err
	})
}

func (s *stage) reported() {
	s.Helper()
	s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		_, err := meeting.Report(tx, by, s.meeting)
		return err
	})
}

func (s *stage) agenda() (list []meeting.Item) {
	s.Helper()
	s.View(func(tx *db.Tx) (err error) {
		list, err = meeting.Agenda(tx, access.Console(), s.meeting)
		return err
	})
	return list
}

// item is the item of the agenda with the slot.
func (s *stage) item(slot string) meeting.Item {
	s.Helper()
	for _, i := range s.agenda() {
		if i.Slot == slot {
			return i
		}
	}
	s.Fatalf("no item %s", slot)
	return meeting.Item{}
}

func (s *stage) step(slot string) meeting.Step {
	s.Helper()
	var found meeting.Step
	s.View(func(tx *db.Tx) error {
		list, err := meeting.Steps(tx, access.Console(), s.meeting)
		for _, step := range list {
			if step.Slot == slot {
				found = step
			}
		}
		return err
	})
	if found.ID == 0 {
		s.Fatalf("no step %s", slot)
	}
	return found
}

func (s *stage) figures() (f meeting.Figures) {
	s.Helper()
	s.View(func(tx *db.Tx) (err error) {
		f, err = meeting.Counts(tx, access.Console(), s.meeting)
		return err
	})
	return f
}

var document = meeting.Document{
	Name: "Dự thảo nghị quyết.docx", Media: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	Hash: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", Size: 2048,
}

// signsIn gives the person an account.
func signsIn(tx *db.Tx, person access.PersonID) error {
	slip, err := account.Invite(tx, access.Console(), person)
	if err != nil {
		return err
	}
	chosen, err := account.Choose(tx.Context(), slip.Login, "một mật khẩu thật dài")
	if err != nil {
		return err
	}
	_, _, err = account.Accept(tx, slip.Code, chosen, account.Device{Name: "điện thoại", Address: "192.0.2.1"})
	return err
}

// benchStage is a meeting in session, on SQLite.
func benchStage(b *testing.B) *stage {
	b.Helper()
	k := testkit.SQLite(b)
	s := &stage{Kit: k, Org: org.New(k)}
	k.SetNow(evening)
	k.Update(func(tx *db.Tx) error {
		m, err := meeting.Schedule(tx, access.Console(), s.plan(meeting.Plan{}))
		if err != nil {
			return err
		}
		s.meeting = m.ID
		return on(meeting.Open(tx, access.Console(), m.ID, m.Version, meeting.Opening{}))
	})
	return s
}
