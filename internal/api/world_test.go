package api_test

import (
	"net/http"
	"slices"
	"time"

	"chibo/internal/api"
	"chibo/internal/domain/account"
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/minutes"
	"chibo/internal/domain/resolution"
	"chibo/internal/domain/score"
	"chibo/internal/domain/task"
	"chibo/internal/domain/token"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/testkit"
	"chibo/internal/testkit/history"
	"chibo/internal/testkit/org"
	"chibo/internal/testkit/visit"
	"chibo/internal/web/page"
)

// world is the small organisation with a past, in which there is something for
// every operation to act on.
type world struct {
	*visit.Site
	*org.Org
	k *testkit.Kit

	// Meetings of cell A, by how far they have come.
	planned, announced, inSession, ending, closed, minuted, published, reported meeting.ID
	// called was not counted yet, counted was.
	called, counted meeting.VoteID
	ticked          meeting.StepID
	// waiting asks about a post that was not approved yet.
	waiting ask
	// late is a task after its due day.
	late task.ID
	// drafted is the resolution of the meeting in session; recorded is a meeting
	// whose minutes are sealed, closed one whose minutes are a draft.
	drafted              resolution.ID
	recorded             meeting.ID
	sealed, minutesDraft minutes.ID
	posted, draftFile    string
	actors               []actor
	tokens               map[access.PersonID]token.Secret
}

// actor is somebody who calls operations: one role at one place, or one of the
// people of the organisation.
type actor struct {
	name   string
	person access.PersonID
}

func newWorld(k *testkit.Kit) *world {
	w := &world{k: k, tokens: map[access.PersonID]token.Secret{}, Site: visit.On(k, handler)}
	w.Org = w.Site.Org
	w.hold()
	w.people()
	return w
}

func handler(s *page.Site) http.Handler {
	return api.Handler(api.Server{DB: s.DB, Files: s.Files, Catalogue: s.Catalogue, Log: s.Log})
}

// hold gives cell A a meeting of each state.
func (w *world) hold() {
	book := history.New(w.k, w.Org)
	held := func(month time.Month, until history.Until) meeting.ID {
		return book.Hold(history.Meeting{Cell: w.CellA, Secretary: w.SecretaryA, Day: clock.NewDate(2026, month, 3), Until: until, Speakers: w.MembersA[3:6]})
	}
	w.recorded = held(time.June, history.Closed)
	w.sealed = w.seal(w.recorded)
	w.reported = held(time.July, history.Reported)
	w.published = held(time.August, history.Published)
	w.minuted = held(time.September, history.Minuted)
	w.closed = held(time.October, history.Closed)
	w.minutesDraft = w.minutesOf(w.closed)
	w.late = book.Assign(task.New{Title: "Thu đảng phí", Area: task.Party, Assignee: task.Assignee{Person: w.MemberA}, Due: clock.NewDate(2026, 10, 20)})
	w.announced = held(time.December, history.Announced)
	w.k.SetNow(clock.NewDate(2026, 11, 3).At(19, 0))
	w.inSession = w.schedule(meeting.Regular, clock.NewDate(2026, 11, 3))
	w.posted = w.post(w.inSession)
	w.open(w.inSession)
	w.ending = w.open(w.schedule(meeting.Extraordinary, clock.NewDate(2026, 11, 3)))
	w.planned = w.schedule(meeting.Extraordinary, clock.NewDate(2026, 11, 20))
	w.fill()
}

func (w *world) schedule(kind meeting.Kind, day clock.Date) (of meeting.ID) {
	w.act(w.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		m, err := meeting.Schedule(tx, by, meeting.Plan{
			Unit: w.CellA.ID, Kind: kind, Starts: day.At(19, 0), Minutes: 120, Place: "Nhà văn hóa thôn", DayReason: "việc gấp",
		})
		of = m.ID
		return err
	})
	return of
}

func (w *world) open(of meeting.ID) meeting.ID {
	w.act(w.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		m, err := meeting.Find(tx, by, of)
		if err != nil {
			return err
		}
		_, err = meeting.Open(tx, by, of, m.Version, meeting.Opening{MinuteTaker: w.MemberA})
		return err
	})
	return of
}

// act does something as a person.
func (w *world) act(who access.PersonID, do func(tx *db.Tx, by access.Actor) error) {
	w.k.T.Helper()
	w.k.Update(func(tx *db.Tx) error { return do(tx, w.Org.As(tx, who)) })
}

// people are one person for each role at each of four places, and some who hold
// several roles at once.
func (w *world) people() {
	places := []orgtree.Unit{w.Commune, w.CellA, w.CellB, w.OtherCommune}
	for _, role := range access.Roles {
		for _, at := range places {
			w.actors = append(w.actors, actor{string(role) + " at " + at.Code, w.holder(role, at)})
		}
	}
	w.actors = append(w.actors,
		actor{"the secretary of A", w.SecretaryA}, actor{"a member of A", w.MemberA}, actor{"the office", w.Office},
		actor{"the secretary of C", w.SecretaryC}, actor{"who has no role any more", w.retired()},
	)
}

// retired is somebody who is still signed in.
func (w *world) retired() access.PersonID {
	person := w.holder(access.Secretary, w.CellA)
	w.Token(person)
	w.k.Update(func(tx *db.Tx) error { return access.Withdraw(tx, source(person), w.k.Today()) })
	return person
}

func source(person access.PersonID) string { return "contract:" + person.String() }

func (w *world) holder(role access.Role, at orgtree.Unit) (person access.PersonID) {
	w.k.Update(func(tx *db.Tx) error {
		m, err := member.Register(tx, access.Console(), member.New{
			Unit: w.OtherCommune.ID, Status: member.Outside, From: w.k.Today(), Core: member.Core{BirthName: "Phan Văn Thử"},
		})
		if err != nil {
			return err
		}
		person = m.ID
		return access.Give(tx, access.Grant{Person: person, Unit: at.ID, Role: role, From: w.k.Today(), Source: source(person)})
	})
	return person
}

// version is that of a meeting, as whoever made the world sees it.
func (w *world) version(of meeting.ID) (version int64) {
	w.k.View(func(tx *db.Tx) error {
		m, err := meeting.Find(tx, access.Console(), of)
		version = m.Version
		return err
	})
	return version
}

// first is the first of what a verb lists.
func first[T any](w *world, of meeting.ID, verb func(*db.Tx, access.Actor, meeting.ID) ([]T, error)) (one T) {
	w.k.T.Helper()
	w.k.Update(func(tx *db.Tx) error {
		all, err := verb(tx, access.Console(), of)
		if err == nil && len(all) == 0 {
			w.k.T.Fatalf("there is no %T", one)
		}
		one = all[0]
		return err
	})
	return one
}

// minutesOf are drafted, and not sealed yet.
func (w *world) minutesOf(of meeting.ID) (drafted minutes.ID) {
	w.act(w.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		m, err := minutes.Draft(tx, by, of)
		drafted = m.ID
		return err
	})
	return drafted
}

// seal approves the minutes of a meeting and publishes what it decided.
func (w *world) seal(of meeting.ID) minutes.ID {
	drafted := w.minutesOf(of)
	w.act(w.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		m, err := minutes.Find(tx, by, drafted)
		if err != nil {
			return err
		}
		if _, err := minutes.Approve(tx, by, drafted, m.Version); err != nil {
			return err
		}
		_, err = score.Publish(tx, by, of)
		return err
	})
	return drafted
}

// post gives the members a document of a meeting.
func (w *world) post(of meeting.ID) (document string) {
	document = w.attached(of, "tài liệu họp")
	w.act(w.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		m, err := meeting.Find(tx, by, of)
		if err != nil {
			return err
		}
		if m, err = meeting.Announce(tx, by, of, m.Version); err != nil {
			return err
		}
		_, err = meeting.PostDocuments(tx, by, of, m.Version)
		return err
	})
	return document
}

// fill gives the meeting in session something of everything.
func (w *world) fill() {
	w.act(w.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		for _, of := range []meeting.ID{w.inSession, w.ending} {
			roll, err := meeting.Roll(tx, by, of)
			if err != nil {
				return err
			}
			if _, err := meeting.MarkAll(tx, by, of, meeting.Rest(roll, meeting.Present)); err != nil {
				return err
			}
		}
		return nil
	})
	w.act(w.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		if _, err := meeting.AddGuest(tx, by, w.inSession, meeting.NewGuest{Name: "Bà Tư", Office: "Hội Phụ nữ"}); err != nil {
			return err
		}
		if _, err := meeting.Speak(tx, by, w.inSession, meeting.Speech{Person: w.MembersA[6], Text: "Nhất trí với báo cáo."}); err != nil {
			return err
		}
		_, err := meeting.Criticise(tx, by, w.inSession, meeting.Remarking{Kind: "reminder", Author: w.SecretaryA, Person: w.MembersA[9], Text: "Đi họp muộn."})
		return err
	})
	w.called, w.counted = w.vote(false), w.vote(true)
	w.act(w.SecretaryA, func(tx *db.Tx, by access.Actor) (err error) {
		if w.drafted, err = resolution.Draft(tx, by, w.inSession); err != nil {
			return err
		}
		for _, title := range []string{"Làm cỏ đường thôn", "Thăm hộ nghèo"} {
			if _, err := resolution.AddLine(tx, by, w.drafted, task.New{Title: title, Area: task.Economy, Due: clock.NewDate(2026, 11, 28)}); err != nil {
				return err
			}
		}
		return nil
	})
	w.draftFile = w.attached(w.announced, "dự thảo")
}

func (w *world) vote(count bool) (of meeting.VoteID) {
	w.act(w.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		v, err := meeting.CallVote(tx, by, meeting.Question{Meeting: w.inSession, Title: "Thông qua nghị quyết", Form: "hand"})
		if err != nil || !count {
			of = v.ID
			return err
		}
		v, err = meeting.RecordVote(tx, by, v.ID, meeting.Tally{Yes: v.Voters, Other: 0}, nil)
		of = v.ID
		return err
	})
	return of
}

// step is a step of the announced meeting that was or was not done by hand.
func (w *world) step(done bool) ask {
	if done && w.ticked == 0 {
		s := w.openStep()
		w.act(w.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			w.ticked = s.ID
			return meeting.CompleteStep(tx, by, s.ID, s.Version, "Đã làm")
		})
	}
	s := w.openStep()
	if done {
		w.k.View(func(tx *db.Tx) error {
			all, err := meeting.Steps(tx, access.Console(), w.announced)
			s = all[slices.IndexFunc(all, func(s meeting.Step) bool { return s.ID == w.ticked })]
			return err
		})
	}
	return w.on(w.announced).with("step", s.ID.String()).in(s.Version)
}

func (w *world) openStep() (s meeting.Step) {
	w.k.View(func(tx *db.Tx) error {
		all, err := meeting.Steps(tx, access.Console(), w.announced)
		s = all[slices.IndexFunc(all, func(s meeting.Step) bool { return s.DoneAt.IsZero() })]
		return err
	})
	return s
}

func (w *world) code() (code string) {
	w.k.View(func(tx *db.Tx) error {
		c, err := meeting.CheckInCode(tx, access.Console(), w.inSession)
		code = c.Short
		return err
	})
	return code
}

func (w *world) opinion() ask {
	o := first(w, w.inSession, meeting.Opinions)
	return w.on(w.inSession).with("opinion", o.ID.String()).in(o.Version)
}

func (w *world) remark() ask {
	c := first(w, w.inSession, meeting.Criticisms)
	return w.on(w.inSession).with("remark", c.ID.String()).in(c.Version).by(is(c.Author, c.Person))
}

// blocked blocks the account of a person.
func blocked(tx *db.Tx, person access.PersonID) error {
	return account.Block(tx, access.Console(), person)
}
