package meeting_test

import (
	"testing"
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

func (s *stage) ready() (r meeting.Readiness) {
	s.Helper()
	s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) (err error) {
		r, err = meeting.Ready(tx, by, s.meeting)
		return err
	})
	return r
}

func TestStepsAreDoneByHandOrByRecord(t *testing.T) {
	each(t, func(s *stage) {
		r := s.ready()
		if r.Needed != 4 || r.Done != 0 || len(r.Overdue) != 4 || r.RequiredMinutes != 90 || r.PlannedMinutes != 90 {
			t.Errorf("%+v", r)
		}
		if !r.DocumentsBy.Equal(evening.Add(-24 * time.Hour)) {
			t.Errorf("documents by %v", r.DocumentsBy)
		}
		complete := func(step meeting.Step, how string) deed {
			return func(tx *db.Tx, by access.Actor) error {
				return meeting.CompleteStep(tx, by, step.ID, step.Version, how)
			}
		}
		assign := s.step("assign")
		s.wantField("note", s.SecretaryA, complete(assign, "")) // a record should show it
		s.must(s.SecretaryA, complete(assign, "Giao bằng giấy"))
		s.want(errs.Conflict, s.SecretaryA, complete(assign, "Giao bằng giấy")) // stale
		if assign = s.step("assign"); !assign.Done() || assign.ByRecord || assign.DoneBy != s.SecretaryA || assign.Note != "Giao bằng giấy" {
			t.Errorf("%+v", assign)
		}
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error { return meeting.ReopenStep(tx, by, assign.ID, assign.Version) })
		if s.step("assign").Done() {
			t.Error("the tick was not taken back")
		}
		s.Update(func(tx *db.Tx) error { return meeting.Prove(tx, s.meeting, "draft_resolution") })
		if assign = s.step("assign"); !assign.Done() || !assign.ByRecord || assign.DoneBy != 0 {
			t.Errorf("%+v", assign)
		}
		s.announce()
		if notice := s.step("notice"); !notice.Done() || !notice.ByRecord || !notice.DoneAt.Equal(s.Now()) {
			t.Errorf("%+v", notice)
		}
	})
}

func TestWhoeverAStepIsAssignedToMayTickIt(t *testing.T) {
	each(t, func(s *stage) {
		docs := s.step("docs")
		give := func(person access.PersonID) deed {
			return func(tx *db.Tx, by access.Actor) error {
				return meeting.AssignStep(tx, by, docs.ID, s.step("docs").Version, person)
			}
		}
		s.wantField("person", s.SecretaryA, give(s.MemberB))
		s.must(s.SecretaryA, give(s.CommitteeA))
		s.must(s.CommitteeA, func(tx *db.Tx, by access.Actor) error {
			return meeting.CompleteStep(tx, by, docs.ID, s.step("docs").Version, "Phát tận tay bản giấy")
		})
		s.must(s.SecretaryA, give(0))
		if s.step("docs").Person != 0 {
			t.Error("the step is still assigned")
		}
	})
}

func TestCommitteeMeetingProvesItsStep(t *testing.T) {
	each(t, func(s *stage) {
		regular := s.meeting
		s.meeting = s.schedule(meeting.Plan{Kind: meeting.Committee, Starts: today.At(8, 0)})
		s.want(errs.NotFound, s.MemberA, func(tx *db.Tx, by access.Actor) error { return on(meeting.Find(tx, by, s.meeting)) })
		s.announce()
		s.want(errs.NotFound, s.MemberA, func(tx *db.Tx, by access.Actor) error { return on(meeting.Find(tx, by, s.meeting)) })
		s.SetNow(today.At(8, 0))
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			return on(meeting.Open(tx, by, s.meeting, s.now1(tx).Version, meeting.Opening{MinuteTaker: s.CommitteeA}))
		})
		s.must(s.CommitteeA, func(tx *db.Tx, by access.Actor) error {
			roll, err := meeting.Roll(tx, by, s.meeting)
			if err != nil {
				return err
			}
			if len(roll) != 3 {
				t.Errorf("%d sit in the committee", len(roll))
			}
			if _, err := meeting.MarkAll(tx, by, s.meeting, meeting.Rest(roll, meeting.Present)); err != nil {
				return err
			}
			v, err := meeting.CallVote(tx, by, meeting.Question{Meeting: s.meeting, Title: "Thông qua dự thảo", Form: meeting.Card})
			if err != nil {
				return err
			}
			v, err = meeting.RecordVote(tx, by, v.ID, meeting.Tally{Yes: 2, No: 1}, nil)
			if !v.Passed || v.BaseID != "COMMITTEE" || v.Base.Base != 3 || v.Body != "committee" {
				t.Errorf("%+v", v)
			}
			return err
		})
		s.SetNow(today.At(9, 0))
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			return on(meeting.Close(tx, by, s.meeting, s.now1(tx).Version, time.Time{}))
		})
		minuted := s.meeting
		s.meeting = regular
		if s.step("committee").Done() {
			t.Error("a committee meeting without minutes proves nothing")
		}
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error { return on(meeting.MarkMinuted(tx, by, minuted)) })
		if step := s.step("committee"); !step.Done() || !step.ByRecord {
			t.Errorf("%+v", step)
		}
	})
}

func TestCommitteeOfACommuneUsesTheSameEngine(t *testing.T) {
	each(t, func(s *stage) {
		s.must(s.CommuneSecretary, func(tx *db.Tx, by access.Actor) error {
			m, err := meeting.Schedule(tx, by, s.plan(meeting.Plan{Unit: s.Commune.ID, Kind: meeting.Committee}))
			if err != nil {
				return err
			}
			if m, err = meeting.Announce(tx, by, m.ID, m.Version); err != nil {
				return err
			}
			told, err := meeting.Delivery(tx, by, m.ID)
			if len(told) != 1 || told[0].Person != s.CommuneSecretary {
				t.Errorf("%+v", told)
			}
			return err
		})
	})
}

// TestCellWithoutACommittee: rules 22.2 asks nothing of a committee there.
func TestCellWithoutACommittee(t *testing.T) {
	each(t, func(s *stage) {
		s.must(s.SecretaryB, func(tx *db.Tx, by access.Actor) error {
			m, err := meeting.Schedule(tx, by, s.plan(meeting.Plan{Unit: s.CellB.ID}))
			if err != nil {
				return err
			}
			steps, err := meeting.Steps(tx, by, m.ID)
			for _, step := range steps {
				if step.Proof == "committee_minutes" {
					t.Errorf("%q is asked of a cell with only a secretary", step.Title)
				}
			}
			return err
		})
	})
}

func TestDocuments(t *testing.T) {
	each(t, func(s *stage) {
		post := func(tx *db.Tx, by access.Actor) error {
			return on(meeting.PostDocuments(tx, by, s.meeting, s.now1(tx).Version))
		}
		documents := func(who access.PersonID) (n int) {
			s.Helper()
			s.must(who, func(tx *db.Tx, by access.Actor) error {
				list, err := meeting.Documents(tx, by, s.meeting)
				n = len(list)
				return err
			})
			return n
		}
		s.want(errs.Conflict, s.SecretaryA, post)
		attach := func(tx *db.Tx, by access.Actor) error { return on(meeting.AttachDocument(tx, by, s.meeting, document)) }
		s.must(s.CommitteeA, attach)
		s.must(s.CommitteeA, attach) // the same bytes again
		s.announce()
		if documents(s.SecretaryA) != 1 || documents(s.MemberA) != 0 {
			t.Error("a member reads documents that are not posted, or they are twice there")
		}
		s.must(s.SecretaryA, post)
		m := s.now()
		if lead, ok := m.DocumentsLead(); !ok || lead != 11*time.Hour+30*time.Minute || m.State != meeting.DocsPosted {
			t.Errorf("%s, %v before", m.State, lead)
		}
		if documents(s.MemberA) != 1 {
			t.Error("a member does not read what was posted")
		}
		s.must(s.MemberA, func(tx *db.Tx, by access.Actor) error {
			list, err := meeting.Documents(tx, by, s.meeting)
			if err != nil {
				return err
			}
			if testFind := on(meeting.FindDocument(tx, by, list[0].ID)); testFind != nil {
				return testFind
			}
			return nil
		})
		s.want(errs.Conflict, s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			list, err := meeting.Documents(tx, by, s.meeting)
			if err != nil {
				return err
			}
			return meeting.RemoveDocument(tx, by, s.meeting, list[0].ID)
		})
		s.want(errs.NotFound, s.SecretaryB, func(tx *db.Tx, by access.Actor) error {
			list, err := meeting.Documents(tx, access.Console(), s.meeting)
			if err != nil {
				return err
			}
			return on(meeting.FindDocument(tx, by, list[0].ID))
		})
	})
}
