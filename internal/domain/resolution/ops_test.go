package resolution_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/resolution"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

// stage is an organisation with a meeting of cell A on its day.
type stage struct {
	*testing.T
	*testkit.Kit
	*org.Org
	meeting meeting.ID
}

func each(t *testing.T, test func(s stage)) {
	t.Helper()
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		s := stage{T: t, Kit: k, Org: org.New(k)}
		s.meeting = s.plan(meeting.Regular, clock.NewDate(2026, 11, 3))
		test(s)
	})
}

func (s stage) plan(kind meeting.Kind, day clock.Date) (of meeting.ID) {
	s.Helper()
	s.Update(func(tx *db.Tx) error {
		m, err := meeting.Schedule(tx, s.As(tx, s.SecretaryA), meeting.Plan{
			Unit: s.CellA.ID, Kind: kind, Starts: day.At(19, 0), Minutes: 120, Place: "Nhà văn hóa thôn Đông", DayReason: "theo kế hoạch",
		})
		of = m.ID
		return err
	})
	return of
}

// as runs fn as the person and gives back its failure.
func (s stage) as(who access.PersonID, fn func(tx *db.Tx, by access.Actor) error) error {
	return s.Try(func(tx *db.Tx) error { return fn(tx, s.As(tx, who)) })
}

func (s stage) must(who access.PersonID, fn func(tx *db.Tx, by access.Actor) error) {
	s.Helper()
	if err := s.as(who, fn); err != nil {
		s.Fatal(err)
	}
}

// draft begins the monthly resolution with one complete task.
func (s stage) draft() (of resolution.ID) {
	s.Helper()
	s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) (err error) {
		if of, err = resolution.Draft(tx, by, s.meeting); err != nil {
			return err
		}
		if err = resolution.EditSection(tx, by, of, resolution.Direction, 0, "Tập trung làm đường thôn."); err != nil {
			return err
		}
		_, err = resolution.AddLine(tx, by, of, s.line())
		return err
	})
	return of
}

func (s stage) line() task.New {
	return task.New{
		Title: "Vận động hiến đất", Area: task.Economy, Assignee: task.Assignee{Person: s.MemberA},
		Due: clock.NewDate(2026, 11, 25), Measure: "hộ", Planned: 10,
	}
}

func (s stage) find(of resolution.ID) (r resolution.Resolution) {
	s.Helper()
	s.View(func(tx *db.Tx) (err error) {
		r, err = resolution.Find(tx, access.Console(), of)
		return err
	})
	return r
}

func (s stage) read(of resolution.ID) (text resolution.Text) {
	s.Helper()
	s.View(func(tx *db.Tx) (err error) {
		_, text, err = resolution.Read(tx, access.Console(), of)
		return err
	})
	return text
}

// open begins the meeting with everybody present.
func (s stage) open() {
	s.Helper()
	s.SetNow(clock.NewDate(2026, 11, 3).At(19, 0))
	s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		m, err := meeting.Find(tx, by, s.meeting)
		if err != nil {
			return err
		}
		if _, err = meeting.Open(tx, by, s.meeting, m.Version, meeting.Opening{MinuteTaker: s.MembersA[10]}); err != nil {
			return err
		}
		if err := task.CarryUnfinished(tx, by, s.meeting); err != nil {
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

// vote has the meeting vote on the resolution.
func (s stage) vote(of resolution.ID, yes int) (vote meeting.VoteID) {
	s.Helper()
	s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		v, err := meeting.CallVote(tx, by, meeting.Question{
			Meeting: s.meeting, Title: "Thông qua nghị quyết", Form: meeting.Hand, Noun: resolution.Noun, NounID: int64(of),
		})
		if err != nil {
			return err
		}
		vote = v.ID
		_, err = meeting.RecordVote(tx, by, v.ID, meeting.Tally{Yes: yes, No: 24 - yes}, nil)
		return err
	})
	return vote
}

func (s stage) adopt(who access.PersonID, of resolution.ID, vote meeting.VoteID) error {
	version := s.find(of).Version
	return s.as(who, func(tx *db.Tx, by access.Actor) error { return resolution.Adopt(tx, by, of, version, vote) })
}

// adopted is a resolution that the meeting adopted.
func (s stage) adopted() resolution.ID {
	s.Helper()
	of := s.draft()
	s.open()
	if err := s.adopt(s.SecretaryA, of, s.vote(of, 24)); err != nil {
		s.Fatal(err)
	}
	return of
}

func (s stage) issue(who access.PersonID, of resolution.ID, how resolution.Signing) error {
	version := s.find(of).Version
	return s.as(who, func(tx *db.Tx, by access.Actor) error { return resolution.Issue(tx, by, of, version, how) })
}

func TestWhoMayDraft(t *testing.T) {
	each(t, func(s stage) {
		for _, row := range []struct {
			who  string
			by   access.PersonID
			kind errs.Kind
		}{
			{"member, before it is announced", s.MemberA, errs.NotFound},
			{"office above", s.Office, errs.Denied},
			{"secretary of another cell", s.SecretaryB, errs.NotFound},
			{"nobody", s.Nobody, errs.NotFound},
			{"committee member", s.CommitteeA, testkit.OK},
			{"secretary, a second one", s.SecretaryA, errs.Conflict},
		} {
			s.Run(row.who, func(t *testing.T) {
				testkit.Want(t, s.as(row.by, func(tx *db.Tx, by access.Actor) error {
					_, err := resolution.Draft(tx, by, s.meeting)
					return err
				}), row.kind)
			})
		}
	})
}

func TestMonthlyDraft(t *testing.T) {
	each(t, func(s stage) {
		var old task.ID
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) (err error) {
			n := s.line()
			old, err = task.Assign(tx, by, s.CellA.ID, n)
			return err
		})
		of := s.draft()
		r, text := s.find(of), s.read(of)
		if r.Title != "Lãnh đạo thực hiện nhiệm vụ tháng 11 năm 2026" || r.From != clock.NewDate(2026, 11, 1) || r.To != clock.NewDate(2026, 11, 30) {
			s.Errorf("%q from %v to %v", r.Title, r.From, r.To)
		}
		if len(text.Past) != 1 || text.Past[0].Task != old || text.Past[0].Who == "" {
			s.Errorf("table I.3: %+v", text.Past)
		}
		if len(text.Tasks) != 1 || text.Tasks[0].State != task.Proposed {
			s.Errorf("table III: %+v", text.Tasks)
		}
		var names []resolution.Section
		for _, section := range text.Sections {
			names = append(names, section.Section)
		}
		if !slices.Equal(names, resolution.Monthly.Sections()) {
			s.Errorf("sections %v", names)
		}
	})
}

// TestADraftIsAPlaceOfItsWriters follows who sees it through its life.
func TestADraftIsAPlaceOfItsWriters(t *testing.T) {
	each(t, func(s stage) {
		people := []access.PersonID{s.SecretaryA, s.CommitteeA, s.MemberA, s.Office, s.Inspector, s.Admin, s.MemberB, s.SecretaryC, s.Nobody}
		seen := func(of resolution.ID) (have string) {
			for _, who := range people {
				err := s.as(who, func(tx *db.Tx, by access.Actor) error {
					_, _, err := resolution.Read(tx, by, of)
					return err
				})
				switch {
				case err == nil:
					have += "+"
				case errs.Is(err, errs.NotFound):
					have += "."
				default:
					s.Error(err)
				}
			}
			return have
		}
		of := s.draft()
		if have := seen(of); have != "++......." {
			s.Errorf("draft: %s", have)
		}
		s.open()
		if have := seen(of); have != "+++++...." {
			s.Errorf("in session: %s", have)
		}
		if err := s.adopt(s.SecretaryA, of, s.vote(of, 20)); err != nil {
			s.Fatal(err)
		}
		if have := seen(of); have != "+++++...." {
			s.Errorf("adopted: %s", have)
		}
	})
}

func TestEditing(t *testing.T) {
	each(t, func(s stage) {
		of := s.draft()
		edit := func(who access.PersonID, section resolution.Section, version int64, body string) error {
			return s.as(who, func(tx *db.Tx, by access.Actor) error {
				return resolution.EditSection(tx, by, of, section, version, body)
			})
		}
		for _, row := range []struct {
			what    string
			by      access.PersonID
			section resolution.Section
			version int64
			body    string
			kind    errs.Kind
		}{
			{"a part nobody wrote", s.CommitteeA, resolution.Politics, 0, "Tư tưởng ổn định.", testkit.OK},
			{"written meanwhile", s.SecretaryA, resolution.Politics, 0, "Tư tưởng yên tâm.", errs.Conflict},
			{"over what was read", s.SecretaryA, resolution.Politics, 1, "Tư tưởng yên tâm.", testkit.OK},
			{"a version that is gone", s.SecretaryA, resolution.Politics, 1, "Khác.", errs.Conflict},
			{"too long", s.SecretaryA, resolution.Duties, 0, strings.Repeat("ộ", 20_001), errs.Invalid},
			{"a part of another kind", s.SecretaryA, resolution.Situation, 0, "Khác.", errs.Invalid},
			{"a member", s.MemberA, resolution.Duties, 0, "Khác.", errs.NotFound},
			{"another cell", s.SecretaryB, resolution.Duties, 0, "Khác.", errs.NotFound},
		} {
			s.Run(row.what, func(t *testing.T) {
				testkit.Want(t, edit(row.by, row.section, row.version, row.body), row.kind)
			})
		}
		if body := s.read(of).Section(resolution.Politics); body != "Tư tưởng yên tâm." {
			s.Errorf("stored %q", body)
		}
	})
}

func TestAdoptNamesWhatIsMissing(t *testing.T) {
	each(t, func(s stage) {
		var of resolution.ID
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) (err error) {
			if of, err = resolution.Draft(tx, by, s.meeting); err != nil {
				return err
			}
			if _, err = resolution.AddLine(tx, by, of, s.line()); err != nil {
				return err
			}
			_, err = resolution.AddLine(tx, by, of, task.New{Title: "Dọn đường làng"})
			return err
		})
		s.open()
		vote := s.vote(of, 24)
		err := s.adopt(s.SecretaryA, of, vote)
		for _, field := range []string{"direction", "tasks.2.assignee", "tasks.2.due", "tasks.2.area"} {
			testkit.WantField(s, err, field)
		}
		if e, ok := errs.As(err); !ok || len(e.Fields) != 4 {
			s.Errorf("fields: %v", err)
		}
		line := s.read(of).Tasks[1]
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			if err := resolution.EditSection(tx, by, of, resolution.Direction, 0, "Làm sạch làng."); err != nil {
				return err
			}
			n := s.line()
			n.Title, n.Assignee = line.Title, task.Assignee{Group: s.GroupA2.ID}
			return resolution.ChangeLine(tx, by, of, line.Task, line.Version, n)
		})
		if err := s.adopt(s.SecretaryA, of, vote); err != nil {
			s.Error(err)
		}
	})
}

func TestAdoptNeedsItsVote(t *testing.T) {
	each(t, func(s stage) {
		of := s.draft()
		s.open()
		half := s.vote(of, 12) // 12 of 24 is not more than half
		more := s.vote(of, 13)
		corrected := s.vote(of, 20)
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			_, err := meeting.CorrectVote(tx, by, corrected, meeting.Tally{Yes: 11, No: 13}, nil, "đếm nhầm")
			return err
		})
		var other meeting.VoteID
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			v, err := meeting.CallVote(tx, by, meeting.Question{Meeting: s.meeting, Title: "Việc khác", Form: meeting.Hand, Noun: "meeting", NounID: 1})
			if err != nil {
				return err
			}
			other = v.ID
			_, err = meeting.RecordVote(tx, by, v.ID, meeting.Tally{Yes: 24}, nil)
			return err
		})
		for _, row := range []struct {
			what string
			by   access.PersonID
			vote meeting.VoteID
			kind errs.Kind
		}{
			{"half is not enough", s.SecretaryA, half, errs.Invalid},
			{"a corrected vote", s.SecretaryA, corrected, errs.Invalid},
			{"a vote on something else", s.SecretaryA, other, errs.Invalid},
			{"no vote", s.SecretaryA, 0, errs.Invalid},
			{"a member", s.MemberA, more, errs.Denied},
			{"another cell", s.SecretaryB, more, errs.NotFound},
			{"more than half, by the minute-taker", s.MembersA[10], more, testkit.OK},
			{"twice", s.SecretaryA, more, errs.Conflict},
		} {
			s.Run(row.what, func(t *testing.T) { testkit.Want(t, s.adopt(row.by, of, row.vote), row.kind) })
		}
	})
}

func TestAdoptionNeedsTheTextThatWasSeen(t *testing.T) {
	each(t, func(s stage) {
		of := s.draft()
		s.open()
		vote, seen := s.vote(of, 24), s.find(of).Version
		s.must(s.CommitteeA, func(tx *db.Tx, by access.Actor) error {
			_, err := resolution.AddLine(tx, by, of, s.line())
			return err
		})
		testkit.Want(s, s.as(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			return resolution.Adopt(tx, by, of, seen, vote)
		}), errs.Conflict)
	})
}

// TestWhatWasAdoptedStays says that the text does not follow its tasks.
func TestWhatWasAdoptedStays(t *testing.T) {
	each(t, func(s stage) {
		of := s.adopted()
		before := s.read(of)
		if before.Opening == nil || before.Opening.Total != 27 || before.Opening.Exempt != 1 || before.Ballot == nil || before.Ballot.Yes != 24 || before.Ballot.Base != 24 {
			s.Errorf("opening %+v, ballot %+v", before.Opening, before.Ballot)
		}
		line := before.Tasks[0]
		if line.State != task.Assigned {
			s.Errorf("the line is %s", line.State)
		}
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			row, _, err := task.Find(tx, by, line.Task)
			if err != nil {
				return err
			}
			return task.Extend(tx, by, line.Task, row.Version, line.Due.AddDays(30), "mưa bão")
		})
		if after := s.read(of); after.Tasks[0].Due != line.Due {
			s.Errorf("the adopted text now says %v", after.Tasks[0].Due)
		}
		for what, change := range map[string]func(tx *db.Tx, by access.Actor) error{
			"section": func(tx *db.Tx, by access.Actor) error {
				return resolution.EditSection(tx, by, of, resolution.Direction, 1, "Khác.")
			},
			"line": func(tx *db.Tx, by access.Actor) error {
				_, err := resolution.AddLine(tx, by, of, s.line())
				return err
			},
			"discard": func(tx *db.Tx, by access.Actor) error { return resolution.Discard(tx, by, of, 1, "nhầm") },
		} {
			if err := s.as(s.SecretaryA, change); !errs.Is(err, errs.Conflict) {
				s.Errorf("%s of an adopted resolution: %v", what, err)
			}
		}
	})
}

func TestIssue(t *testing.T) {
	each(t, func(s stage) {
		of := s.adopted()
		here := resolution.Signing{Place: "An Bình"}
		for _, row := range []struct {
			what string
			by   access.PersonID
			how  resolution.Signing
			kind errs.Kind
		}{
			{"member", s.MemberA, here, errs.Denied},
			{"committee member", s.CommitteeA, here, errs.Denied},
			{"office above", s.Office, here, errs.Denied},
			{"another cell", s.SecretaryB, here, errs.NotFound},
			{"no place", s.SecretaryA, resolution.Signing{}, errs.Invalid},
			{"before the meeting", s.SecretaryA, resolution.Signing{Place: "An Bình", Day: clock.NewDate(2026, 11, 2)}, errs.Invalid},
			{"tomorrow", s.SecretaryA, resolution.Signing{Place: "An Bình", Day: clock.NewDate(2026, 11, 4)}, errs.Invalid},
			{"signed by a member", s.SecretaryA, resolution.Signing{Place: "An Bình", Signer: s.MemberA}, errs.Invalid},
			{"an unknown way of signing", s.SecretaryA, resolution.Signing{Place: "An Bình", Way: "by_order"}, errs.Invalid},
			{"as it should be", s.SecretaryA, here, testkit.OK},
			{"twice", s.SecretaryA, here, errs.Conflict},
		} {
			s.Run(row.what, func(t *testing.T) { testkit.Want(t, s.issue(row.by, of, row.how), row.kind) })
		}
		r := s.find(of)
		if r.State != resolution.Issued || r.Symbol != "01-NQ/CB" || r.Number != 1 || r.Day != s.Today() {
			s.Errorf("issued as %+v", r)
		}
		if r.Signing != "T/M CHI BỘ" || r.SignerTitle != "BÍ THƯ" || r.Signer != s.SecretaryA || r.SignerName == "" || r.Rules.Hash == "" {
			s.Errorf("signed %q, %q by %q, rules %+v", r.Signing, r.SignerTitle, r.SignerName, r.Rules)
		}
	})
}

func TestSelfScoreIsWrittenAfterTheAdoption(t *testing.T) {
	each(t, func(s stage) {
		of := s.adopted()
		set := func(body string) (taken bool) {
			s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) (err error) {
				taken, err = resolution.SetQuality(tx, by, s.meeting, body)
				return err
			})
			return taken
		}
		if !set("Đạt 93 điểm, xếp loại Tốt.") || !set("Đạt 94 điểm, xếp loại Tốt.") {
			s.Error("the self score was not taken")
		}
		if err := s.issue(s.DeputyA, of, resolution.Signing{Place: "An Bình", Signer: s.DeputyA}); err != nil {
			s.Fatal(err)
		}
		if set("Đạt 99 điểm.") {
			s.Error("an issued resolution took another self score")
		}
		if body := s.read(of).Section(resolution.Quality); body != "Đạt 94 điểm, xếp loại Tốt." {
			s.Errorf("issued with %q", body)
		}
		if r := s.find(of); r.SignerTitle != "PHÓ BÍ THƯ" {
			s.Errorf("signed by %q", r.SignerTitle)
		}
		testkit.Want(s, s.as(s.MemberA, func(tx *db.Tx, by access.Actor) error {
			_, err := resolution.SetQuality(tx, by, s.meeting, "Đạt 100 điểm.")
			return err
		}), errs.Denied)
	})
}

// TestTheRestBecomesALine is S-79 in a resolution: the old task ends when the
// resolution is adopted, not before.
func TestTheRestBecomesALine(t *testing.T) {
	each(t, func(s stage) {
		var old task.ID
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) (err error) {
			n := s.line()
			n.Due = s.Today()
			if old, err = task.Assign(tx, by, s.CellA.ID, n); err != nil {
				return err
			}
			return task.Progress(tx, by, old, 1, task.Update{Done: 4})
		})
		of := s.draft()
		add := func() error {
			return s.as(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
				_, err := resolution.AddRest(tx, by, of, old, 2, task.Carry{Due: clock.NewDate(2026, 12, 25), Planned: 10})
				return err
			})
		}
		if err := add(); err != nil {
			s.Fatal(err)
		}
		testkit.Want(s, add(), errs.Conflict)
		s.must(s.MemberA, func(tx *db.Tx, by access.Actor) error { return task.Progress(tx, by, old, 2, task.Update{Done: 5}) })
		s.open()
		if err := s.adopt(s.SecretaryA, of, s.vote(of, 24)); err != nil {
			s.Fatal(err)
		}
		next := s.read(of).Tasks[1]
		if next.Amount.Planned != 10 || next.Amount.Carried != 5 || next.Amount.Target() != 15 {
			s.Errorf("the next is %+v", next.Amount)
		}
		s.View(func(tx *db.Tx) error {
			row, _, err := task.Find(tx, access.Console(), old)
			if row.State != task.Assessed || row.Outcome != task.Partly {
				s.Errorf("the old one is %s, %s", row.State, row.Outcome)
			}
			return err
		})
	})
}

func TestLines(t *testing.T) {
	each(t, func(s stage) {
		of := s.draft()
		var second task.ID
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) (err error) {
			n := s.line()
			n.Title = "Dọn đường làng"
			second, err = resolution.AddLine(tx, by, of, n)
			return err
		})
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error { return resolution.MoveLine(tx, by, of, second, 1) })
		if first := s.read(of).Tasks[0]; first.Task != second {
			s.Errorf("first is %q", first.Title)
		}
		testkit.Want(s, s.as(s.MemberA, func(tx *db.Tx, by access.Actor) error { return resolution.RemoveLine(tx, by, of, second, 2) }), errs.NotFound)
		testkit.Want(s, s.as(s.SecretaryA, func(tx *db.Tx, by access.Actor) error { return resolution.RemoveLine(tx, by, of, second, 1) }), errs.Conflict)
		testkit.Want(s, s.as(s.SecretaryA, func(tx *db.Tx, by access.Actor) error { return resolution.RemoveLine(tx, by, of, 5, 1) }), errs.NotFound)
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error { return resolution.RemoveLine(tx, by, of, second, 2) })
		if left := s.read(of).Tasks; len(left) != 1 {
			s.Errorf("%d lines are left", len(left))
		}
		// What is not given yet is nobody's task.
		s.View(func(tx *db.Tx) error {
			mine, err := task.Mine(tx, s.As(tx, s.MemberA))
			if len(mine) != 0 {
				s.Errorf("a draft gave the member %d tasks", len(mine))
			}
			return err
		})
	})
}

func TestDiscardedDraftMakesRoom(t *testing.T) {
	each(t, func(s stage) {
		of := s.draft()
		version := s.find(of).Version
		discard := func(why string) error {
			return s.as(s.SecretaryA, func(tx *db.Tx, by access.Actor) error { return resolution.Discard(tx, by, of, version, why) })
		}
		testkit.WantField(s, discard(" "), "reason")
		if err := discard("soạn nhầm tháng"); err != nil {
			s.Fatal(err)
		}
		testkit.Want(s, discard("soạn nhầm tháng"), errs.Conflict)
		if s.draft() == of {
			s.Error("the new draft is the old one")
		}
	})
}

func TestOtherKindsAndLists(t *testing.T) {
	each(t, func(s stage) {
		plan := resolution.New{
			Meeting: s.meeting, Kind: resolution.YearlyPlan, Title: "Kế hoạch công tác năm 2027",
			From: clock.NewDate(2027, 1, 1), To: clock.NewDate(2027, 12, 31),
		}
		begin := func(change func(*resolution.New)) error {
			n := plan
			change(&n)
			return s.as(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
				_, err := resolution.DraftOther(tx, by, n)
				return err
			})
		}
		testkit.WantField(s, begin(func(n *resolution.New) { n.Kind = resolution.Monthly }), "kind")
		testkit.WantField(s, begin(func(n *resolution.New) { n.Title = "" }), "title")
		testkit.WantField(s, begin(func(n *resolution.New) { n.To = n.From.AddDays(-1) }), "to")
		testkit.Want(s, begin(func(*resolution.New) {}), testkit.OK)

		of := s.adopted()
		list := func(who access.PersonID, f resolution.Filter) (ids []resolution.ID) {
			s.View(func(tx *db.Tx) error {
				found, err := resolution.List(tx, s.As(tx, who), s.CellA.ID, f)
				for _, r := range found {
					ids = append(ids, r.ID)
				}
				return err
			})
			return ids
		}
		if ids := list(s.MemberA, resolution.Filter{}); !slices.Equal(ids, []resolution.ID{of}) {
			s.Errorf("a member lists %v", ids)
		}
		if ids := list(s.Office, resolution.Filter{Year: 2026, Kind: resolution.Monthly}); !slices.Equal(ids, []resolution.ID{of}) {
			s.Errorf("the office lists %v", ids)
		}
		if ids := list(s.Office, resolution.Filter{Year: 2025}); len(ids) != 0 {
			s.Errorf("2025 has %v", ids)
		}
		s.View(func(tx *db.Tx) error {
			_, err := resolution.List(tx, s.As(tx, s.MemberB), s.CellA.ID, resolution.Filter{})
			testkit.Want(s, err, errs.NotFound)
			below, err := resolution.List(tx, s.As(tx, s.CommuneSecretary), s.Commune.ID, resolution.Filter{Below: true})
			if len(below) != 1 {
				s.Errorf("the commune lists %d", len(below))
			}
			return err
		})
	})
}

// However many units lie below, and so whichever way the list is read, it is what
// the lists of the single cells are together; and pages show each resolution once.
func TestListsOfEveryBreadth(t *testing.T) {
	each(t, func(s stage) {
		die := rand.New(rand.NewPCG(5, 8))
		s.Update(func(tx *db.Tx) error {
			for i := range 24 {
				kind := []resolution.Kind{resolution.YearlyPlan, resolution.Thematic}[die.IntN(2)]
				unit := []orgtree.ID{s.CellA.ID, s.CellB.ID, s.CellC.ID}[die.IntN(3)]
				state := []resolution.State{resolution.Drafted, resolution.Adopted, resolution.Issued}[min(2, die.IntN(6))]
				year := 2025 + die.IntN(2)
				_, err := tx.Exec(`INSERT INTO resolution (id, unit_id, kind, state, meeting_id, title, period_from, period_to, adopted, created)
					VALUES ($1, $2, $3, $4, $5, 'Nghị quyết', $6, $7, $8, $8)`,
					id.New[resolution.Resolution](), unit, kind, state, s.meeting, clock.NewDate(year, 1, 1), clock.NewDate(year, 12, 31),
					s.Now().Add(time.Duration(i/3)*time.Hour))
				if err != nil {
					return err
				}
			}
			return nil
		})
		list := func(at orgtree.ID, f resolution.Filter) (found []resolution.Resolution) {
			s.View(func(tx *db.Tx) (err error) {
				found, err = resolution.List(tx, s.As(tx, s.Office), at, f)
				return err
			})
			return found
		}
		for stage, grow := range []func(){func() {}, func() { s.Crowd(s.Kit, 1_000) }, func() { s.Raise(s.Kit) }} {
			grow()
			for _, f := range []resolution.Filter{{}, {Kind: resolution.YearlyPlan}, {Year: 2026}, {Kind: resolution.Thematic, Year: 2025}} {
				want := append(list(s.CellA.ID, f), list(s.CellB.ID, f)...)
				slices.SortFunc(want, func(a, b resolution.Resolution) int {
					return cmp.Or(b.AdoptedAt.Compare(a.AdoptedAt), cmp.Compare(b.ID, a.ID))
				})
				if len(want) == 0 {
					s.Fatalf("nothing is listed by %+v", f)
				}
				f.Below, f.Limit = true, 2
				var paged []resolution.Resolution
				for page := list(s.Commune.ID, f); len(page) > 0; page = list(s.Commune.ID, f) {
					paged = append(paged, page...)
					f.Before = page[len(page)-1].ID
				}
				if !slices.EqualFunc(paged, want, func(a, b resolution.Resolution) bool { return a.ID == b.ID }) {
					s.Errorf("stage %d, %+v: %d resolutions in pages, want %d", stage, f, len(paged), len(want))
				}
			}
		}
	})
}

// TestStepsAreProved says that the checklist of the meeting follows the
// records.
func TestStepsAreProved(t *testing.T) {
	each(t, func(s stage) {
		var old task.ID
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) (err error) {
			old, err = task.Assign(tx, by, s.CellA.ID, s.line())
			return err
		})
		done := func(proof string) (done bool) {
			s.View(func(tx *db.Tx) error {
				steps, err := meeting.Steps(tx, s.As(tx, s.SecretaryA), s.meeting)
				for _, step := range steps {
					if step.Proof == proof {
						done = done || !step.DoneAt.IsZero()
					}
				}
				return err
			})
			return done
		}
		if done("draft_resolution") {
			s.Error("a draft is proved before there is one")
		}
		of := s.draft()
		s.open()
		if !done("draft_resolution") || done("tasks_assigned") || done("tasks") {
			s.Error("the steps do not follow the draft")
		}
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			return task.Assess(tx, by, old, 1, task.Judgement{Outcome: task.NotDone, Note: "chưa triển khai"})
		})
		if !done("tasks") {
			s.Error("judging last month's tasks does not show")
		}
		if err := s.adopt(s.SecretaryA, of, s.vote(of, 24)); err != nil {
			s.Fatal(err)
		}
		if !done("tasks_assigned") || !done("conclusion") {
			s.Error("the steps do not follow the adoption")
		}
		s.View(func(tx *db.Tx) error {
			given, err := task.GivenAt(tx, s.meeting)
			if given != 1 {
				s.Errorf("the meeting gave %d tasks", given)
			}
			return err
		})
	})
}
