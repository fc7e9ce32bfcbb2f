package meeting_test

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

func TestCloseNeedsTheRollAndTheVotes(t *testing.T) {
	each(t, func(s *stage) {
		end := func(at time.Time) deed {
			return func(tx *db.Tx, by access.Actor) error {
				return on(meeting.Close(tx, by, s.meeting, s.now1(tx).Version, at))
			}
		}
		s.want(errs.Conflict, s.SecretaryA, end(time.Time{}))
		s.open()
		s.want(errs.Conflict, s.Taker, end(time.Time{})) // nobody is marked
		s.everybodyPresent()
		v := s.callVote(meeting.Question{Title: "Thông qua chương trình", Form: meeting.Hand})
		s.want(errs.Conflict, s.Taker, end(time.Time{})) // called, not counted
		s.must(s.Taker, func(tx *db.Tx, by access.Actor) error { return meeting.WithdrawVote(tx, by, v.ID) })
		s.SetNow(evening.Add(100 * time.Minute))
		s.wantField("at", s.Taker, end(evening.Add(-time.Minute)))
		s.wantField("at", s.Taker, end(evening.Add(101*time.Minute)))
		s.must(s.Taker, end(evening.Add(95*time.Minute)))
		m := s.now()
		if m.State != meeting.Closed || m.Lasted() != 95*time.Minute || m.PublishBy != today.AddDays(2) {
			t.Errorf("%+v", m)
		}
		s.want(errs.Conflict, s.Taker, end(time.Time{})) // a double click
	})
}

func TestAfterTheMeeting(t *testing.T) {
	each(t, func(s *stage) {
		s.announce()
		s.open()
		s.everybodyPresent()
		publish := func(tx *db.Tx, by access.Actor) error { return on(meeting.Publish(tx, by, s.meeting)) }
		report := func(tx *db.Tx, by access.Actor) error { return on(meeting.Report(tx, by, s.meeting)) }
		score := func(tx *db.Tx, by access.Actor) error { return on(meeting.MarkScored(tx, by, s.meeting)) }
		s.want(errs.Conflict, s.SecretaryA, score)
		s.want(errs.Conflict, s.SecretaryA, publish)
		s.close()
		s.must(s.SecretaryA, score) // before the minutes are approved
		s.wantState(meeting.Closed)
		s.want(errs.Conflict, s.SecretaryA, publish)
		s.minuted()
		s.wantState(meeting.Scored)
		version := s.now().Version
		s.minuted()
		s.must(s.SecretaryA, score)
		if s.now().Version != version {
			t.Error("doing it twice changed something")
		}
		s.want(errs.Conflict, s.SecretaryA, report)
		s.want(errs.Denied, s.MemberA, func(tx *db.Tx, by access.Actor) error { return on(meeting.Opinions(tx, by, s.meeting)) })
		s.SetNow(today.AddDays(3).At(8, 0))
		s.must(s.SecretaryA, publish)
		s.must(s.SecretaryA, publish)
		s.wantState(meeting.Scored)
		if m := s.now(); !m.PublishedLate(s.Today()) {
			t.Error("three days are not late")
		}
		s.must(s.MemberA, func(tx *db.Tx, by access.Actor) error { return on(meeting.Opinions(tx, by, s.meeting)) })
		// With the results the minute-taker's right ends.
		s.want(errs.Denied, s.Taker, func(tx *db.Tx, by access.Actor) error { return on(meeting.MarkMinuted(tx, by, s.meeting)) })
		s.must(s.SecretaryA, report)
		s.wantState(meeting.Reported)
		s.want(errs.Conflict, s.SecretaryA, report)

		s.wantField("reason", s.Office, func(tx *db.Tx, by access.Actor) error { return on(meeting.SendBack(tx, by, s.meeting, "")) })
		s.must(s.Office, func(tx *db.Tx, by access.Actor) error {
			return on(meeting.SendBack(tx, by, s.meeting, "Thiếu số liệu biểu quyết"))
		})
		s.want(errs.Conflict, s.Office, func(tx *db.Tx, by access.Actor) error { return on(meeting.Acknowledge(tx, by, s.meeting)) })
		if m := s.now(); m.Answer != meeting.SentBack || m.AnswerReason != "Thiếu số liệu biểu quyết" {
			t.Errorf("%+v", m)
		}
		s.must(s.SecretaryA, report)
		s.must(s.Office, func(tx *db.Tx, by access.Actor) error { return on(meeting.Acknowledge(tx, by, s.meeting)) })
		s.want(errs.Conflict, s.SecretaryA, report)
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			list, err := meeting.Reports(tx, by, s.meeting)
			var steps []string
			for _, c := range list {
				steps = append(steps, c.Step)
			}
			if len(steps) != 4 || steps[1] != "sent_back" || steps[3] != "acknowledged" {
				t.Errorf("%v", steps)
			}
			return err
		})
	})
}

// TestNobodyAnswersTheirOwnReport: an office takes the reports from below.
func TestNobodyAnswersTheirOwnReport(t *testing.T) {
	each(t, func(s *stage) {
		s.must(s.CommuneSecretary, func(tx *db.Tx, by access.Actor) error {
			m, err := meeting.Schedule(tx, by, s.plan(meeting.Plan{Unit: s.Commune.ID, Kind: meeting.Committee}))
			s.meeting = m.ID
			return err
		})
		s.SetNow(evening)
		s.must(s.CommuneSecretary, func(tx *db.Tx, by access.Actor) error {
			if err := on(meeting.Open(tx, by, s.meeting, 1, meeting.Opening{})); err != nil {
				return err
			}
			if err := on(meeting.Mark(tx, by, s.meeting, meeting.Call{Person: s.CommuneSecretary, Mark: meeting.Present})); err != nil {
				return err
			}
			if err := on(meeting.Close(tx, by, s.meeting, s.now1(tx).Version, time.Time{})); err != nil {
				return err
			}
			for _, do := range []func(*db.Tx, access.Actor, meeting.ID) (meeting.Meeting, error){meeting.MarkMinuted, meeting.Publish, meeting.Report} {
				if _, err := do(tx, by, s.meeting); err != nil {
					return err
				}
			}
			return nil
		})
		s.want(errs.Denied, s.Office, func(tx *db.Tx, by access.Actor) error { return on(meeting.Acknowledge(tx, by, s.meeting)) })
	})
}

func TestFacts(t *testing.T) {
	each(t, func(s *stage) {
		s.SetNow(today.AddDays(-2).At(8, 0))
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error { return on(meeting.AttachDocument(tx, by, s.meeting, document)) })
		s.announce()
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			if err := meeting.Tell(tx, by, s.meeting, []access.PersonID{s.MemberA, s.Follower}, meeting.Word); err != nil {
				return err
			}
			return on(meeting.PostDocuments(tx, by, s.meeting, s.now1(tx).Version))
		})
		s.open()
		s.mark(meeting.Excused, s.MemberA)
		s.mark(meeting.Absent, s.DeputyA)
		s.everybodyPresent()
		for _, do := range []deed{
			func(tx *db.Tx, by access.Actor) error {
				i := s.item("ideology")
				return on(meeting.StartItem(tx, by, i.ID, i.Version))
			},
			func(tx *db.Tx, by access.Actor) error {
				return on(meeting.Speak(tx, by, s.meeting, meeting.Speech{Person: s.LeaderA, Text: "Nhất trí"}))
			},
			func(tx *db.Tx, by access.Actor) error {
				return on(meeting.Criticise(tx, by, s.meeting, meeting.Remarking{Kind: meeting.Praise, About: "Tổ đảng 2", Text: "Sớm"}))
			},
		} {
			s.must(s.Taker, do)
		}
		s.SetNow(evening.Add(16 * time.Minute))
		i := s.item("criticism")
		s.must(s.Taker, func(tx *db.Tx, by access.Actor) error { return on(meeting.StartItem(tx, by, i.ID, i.Version)) })
		s.SetNow(evening.Add(20 * time.Minute))
		i = s.item("criticism")
		s.must(s.Taker, func(tx *db.Tx, by access.Actor) error { return on(meeting.FinishItem(tx, by, i.ID, i.Version)) })
		s.close()
		s.minuted()
		s.published()
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			f, err := meeting.Facts(tx, by, s.meeting)
			if f.Minutes != 95 || f.Members != 27 || f.Entitled != 26 || f.Present != 24 || f.AbsentWithReason != 1 || f.AbsentNoReason != 1 ||
				f.Speakers != 1 || f.Remarks != 1 || f.IdeologyMinutes != 20 || f.LongestExcusedRun != 1 {
				t.Errorf("course: %+v", f)
			}
			if !f.HasCommittee || f.HasCommitteeMinutes || f.ToNotify != 27 || f.Notified != 1 || f.UpperToNotify != 1 || f.UpperNotified != 1 ||
				!f.DocsPosted || f.DocsPostedHoursBefore != 59 {
				t.Errorf("preparation: %+v", f)
			}
			if !f.Published || f.PublishedDaysAfter != 0 || f.Combined || f.ThematicMonth || f.StepsDone == 0 || f.StepsDone >= f.StepsRequired {
				t.Errorf("after: %+v", f)
			}
			return err
		})
	})
}

// However many units lie below, and so whichever way the list is read, it is what
// the lists of the single units are together, for everybody as far as they see;
// and pages show each meeting once.
func TestListsOfEveryBreadth(t *testing.T) {
	each(t, func(s *stage) {
		for i := range 6 {
			s.schedule(meeting.Plan{Kind: meeting.Committee, Starts: today.AddDays(1+i/2).At(8, 0)})
			s.must(s.SecretaryB, func(tx *db.Tx, by access.Actor) error {
				_, err := meeting.Schedule(tx, by, s.plan(meeting.Plan{Unit: s.CellB.ID, Kind: meeting.Committee, Starts: today.AddDays(1+i/2).At(8, 0)}))
				return err
			})
		}
		s.announce()
		list := func(who access.PersonID, f meeting.Filter) (found []meeting.Meeting) {
			s.Helper()
			s.must(who, func(tx *db.Tx, by access.Actor) (err error) {
				found, err = meeting.List(tx, by, f)
				return err
			})
			return found
		}
		for stage, grow := range []func(){func() {}, func() { s.Crowd(s.Kit, 1_000) }, func() { s.Raise(s.Kit) }} {
			grow()
			for who, seen := range map[access.PersonID]int{s.Office: 13, s.CommuneSecretary: 13, s.Inspector: 13, s.SecretaryA: 7, s.MemberA: 1, s.MemberB: 0, s.Nobody: 1} {
				want := append(list(who, meeting.Filter{Unit: s.CellA.ID}), list(who, meeting.Filter{Unit: s.CellB.ID})...)
				slices.SortFunc(want, func(a, b meeting.Meeting) int { return cmp.Or(b.Starts.Compare(a.Starts), cmp.Compare(b.ID, a.ID)) })
				if len(want) != seen {
					t.Fatalf("%v sees %d meetings of the cells, want %d", who, len(want), seen)
				}
				for _, f := range []meeting.Filter{{Unit: s.Commune.ID, Below: true, Limit: 3}, {Limit: 4}} {
					var paged []meeting.Meeting
					for page := list(who, f); len(page) > 0; page = list(who, f) {
						paged = append(paged, page...)
						f.After = page[len(page)-1]
					}
					if !slices.EqualFunc(paged, want, func(a, b meeting.Meeting) bool { return a.ID == b.ID }) {
						t.Errorf("stage %d, %v asks %+v: %d meetings in pages, want %d", stage, who, f, len(paged), len(want))
					}
				}
			}
		}
	})
}

func TestLists(t *testing.T) {
	each(t, func(s *stage) {
		draft := s.schedule(meeting.Plan{Starts: today.AddMonths(1).At(19, 0)})
		committee := s.schedule(meeting.Plan{Kind: meeting.Committee, Starts: today.AddDays(-1).At(8, 0)})
		var elsewhere meeting.ID
		s.must(s.SecretaryB, func(tx *db.Tx, by access.Actor) error {
			m, err := meeting.Schedule(tx, by, s.plan(meeting.Plan{Unit: s.CellB.ID}))
			elsewhere = m.ID
			return err
		})
		s.announce()
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error { return on(meeting.Announce(tx, by, committee, 1)) })
		list := func(who access.PersonID, f meeting.Filter) (ids []meeting.ID) {
			s.Helper()
			s.must(who, func(tx *db.Tx, by access.Actor) error {
				found, err := meeting.List(tx, by, f)
				for _, m := range found {
					ids = append(ids, m.ID)
				}
				return err
			})
			return ids
		}
		for _, c := range []struct {
			name string
			who  access.PersonID
			f    meeting.Filter
			want []meeting.ID
		}{
			{"secretary", s.SecretaryA, meeting.Filter{}, []meeting.ID{draft, s.meeting, committee}},
			{"member", s.MemberA, meeting.Filter{}, []meeting.ID{s.meeting}},
			{"member of the other cell", s.MemberB, meeting.Filter{}, nil},
			{"above", s.CommuneSecretary, meeting.Filter{}, []meeting.ID{draft, elsewhere, s.meeting, committee}},
			{"other commune", s.SecretaryC, meeting.Filter{}, nil},
			{"administrator", s.Admin, meeting.Filter{}, nil},
			{"one cell", s.Office, meeting.Filter{Unit: s.CellB.ID}, []meeting.ID{elsewhere}},
			{"a branch", s.Office, meeting.Filter{Unit: s.Commune.ID, Below: true, To: "2026-11", Kinds: []meeting.Kind{meeting.Regular}}, []meeting.ID{elsewhere, s.meeting}},
			{"a state", s.SecretaryA, meeting.Filter{States: []meeting.State{meeting.Announced}}, []meeting.ID{s.meeting, committee}},
			{"months", s.SecretaryA, meeting.Filter{From: "2026-12", To: "2027-12"}, []meeting.ID{draft}},
			{"a page", s.SecretaryA, meeting.Filter{Limit: 1}, []meeting.ID{draft}},
		} {
			if got := list(c.who, c.f); len(got) != len(c.want) || !sameSet(got, c.want) {
				t.Errorf("%s: %v, want %v", c.name, got, c.want)
			}
		}
		first := s.now()
		if got := list(s.SecretaryA, meeting.Filter{After: first}); len(got) != 1 || got[0] != committee {
			t.Errorf("the page after: %v", got)
		}
		next := func(who access.PersonID) (id meeting.ID) {
			s.must(who, func(tx *db.Tx, by access.Actor) error {
				m, _, err := meeting.Next(tx, by, s.CellA.ID)
				id = m.ID
				return err
			})
			return id
		}
		if next(s.MemberA) != s.meeting || next(s.SecretaryA) != committee || next(s.MemberB) != 0 {
			t.Error("the next meeting is another one")
		}
		s.open()
		if next(s.SecretaryA) != s.meeting {
			t.Error("the meeting in session is not the next")
		}
		s.must(s.MemberA, func(tx *db.Tx, by access.Actor) error {
			month, err := meeting.InMonth(tx, by, s.CellA.ID, meeting.MonthOf(today))
			if len(month) != 1 {
				t.Errorf("%d in the month", len(month))
			}
			return err
		})
		s.everybodyPresent()
		s.close()
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			last, found, err := meeting.MonthlyBefore(tx, by, draft)
			if !found || last.ID != s.meeting || clock.DateOf(last.Starts) != today {
				t.Errorf("%+v", last)
			}
			return err
		})
	})
}

func sameSet(a, b []meeting.ID) bool {
	have := map[meeting.ID]bool{}
	for _, id := range a {
		have[id] = true
	}
	for _, id := range b {
		if !have[id] {
			return false
		}
	}
	return true
}

// BenchmarkMark is one tap of the roll call, rights and journal included.
func BenchmarkMark(b *testing.B) {
	s := benchStage(b)
	marks := []meeting.Attendance{meeting.Present, meeting.Excused}
	for n := 0; b.Loop(); n++ {
		s.Update(func(tx *db.Tx) error {
			by, err := access.Act(tx, s.SecretaryA)
			if err != nil {
				return err
			}
			return on(meeting.Mark(tx, by, s.meeting, meeting.Call{Person: s.MembersA[n%24], Mark: marks[n/24%2]}))
		})
	}
}
