package resolution_test

import (
	"testing"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/resolution"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// correct records the vote anew.
func (s stage) correct(vote meeting.VoteID, yes int) (now meeting.VoteID) {
	s.Helper()
	s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		v, err := meeting.CorrectVote(tx, by, vote, meeting.Tally{Yes: yes}, nil, "đếm nhầm một hàng ghế")
		now = v.ID
		return err
	})
	return now
}

func (s stage) amend(who access.PersonID, of resolution.ID, a resolution.Amendment) error {
	return s.as(who, func(tx *db.Tx, by access.Actor) error {
		return resolution.Amend(tx, by, of, s.find(of).Version, a)
	})
}

func TestACorrectedVoteIsPutRightInANewEdition(t *testing.T) {
	each(t, func(s stage) {
		of := s.adopted()
		was := s.find(of)
		first := s.read(of).Ballot.Yes
		now := s.correct(was.Vote, first-2)
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			v, corrected, err := resolution.Corrected(tx, by, was)
			if !corrected || v.ID != now || v.Yes != first-2 {
				t.Errorf("corrected %v to %v", corrected, v)
			}
			return err
		})
		if s.read(of).Ballot.Yes != first {
			t.Error("what was adopted changed by itself")
		}
		right := resolution.Amendment{Reason: "Theo số phiếu đã đính chính", Vote: now}
		for _, c := range []struct {
			what string
			who  access.PersonID
			a    resolution.Amendment
			want errs.Kind
		}{
			{"a member", s.MemberA, right, errs.Denied},
			{"another cell", s.SecretaryB, right, errs.NotFound},
			{"without a reason", s.SecretaryA, resolution.Amendment{Vote: now}, errs.Invalid},
			{"by the vote that was corrected", s.SecretaryA, resolution.Amendment{Reason: "đính chính"}, errs.Invalid},
			{"without its direction", s.SecretaryA, resolution.Amendment{Reason: "đính chính", Vote: now, Sections: []resolution.SectionText{{Section: resolution.Direction, Version: 1}}}, errs.Invalid},
			{"over a stale part", s.SecretaryA, resolution.Amendment{Reason: "đính chính", Vote: now, Sections: []resolution.SectionText{{Section: resolution.Direction, Body: "Khác", Version: 7}}}, errs.Conflict},
		} {
			if err := s.amend(c.who, of, c.a); !errs.Is(err, c.want) {
				t.Errorf("%s: %v", c.what, err)
			}
		}
		if err := s.amend(s.SecretaryA, of, right); err != nil {
			t.Fatal(err)
		}
		if got := s.find(of); got.Edition != 2 || got.Vote != now || got.State != resolution.Adopted {
			t.Errorf("%+v", got)
		}
		if s.read(of).Ballot.Yes != first-2 {
			t.Error("the edition has the old figures")
		}
		if err := s.amend(s.SecretaryA, of, right); !errs.Is(err, errs.Invalid) {
			t.Errorf("nothing left to amend: %v", err)
		}
	})
}

func TestEditionsOfAnIssuedResolution(t *testing.T) {
	each(t, func(s stage) {
		of := s.adopted()
		if err := s.issue(s.SecretaryA, of, resolution.Signing{Place: "Thôn Đông"}); err != nil {
			t.Fatal(err)
		}
		symbol := s.find(of).Symbol
		change := resolution.Amendment{Reason: "Ghi sót một xóm", Sections: []resolution.SectionText{{Section: resolution.Direction, Body: "Làm đường thôn và đường xóm 4.", Version: 1}}}
		if err := s.amend(s.SecretaryA, of, change); err != nil {
			t.Fatal(err)
		}
		if got := s.find(of); got.Symbol != symbol || got.State != resolution.Issued || got.Edition != 2 {
			t.Errorf("%+v", got)
		}
		s.View(func(tx *db.Tx) error {
			by := access.Console()
			_, before, err := resolution.ReadEdition(tx, by, of, 1)
			if err != nil {
				return err
			}
			_, now, err := resolution.ReadEdition(tx, by, of, 2)
			if err != nil {
				return err
			}
			if before.Section(resolution.Direction) != "Tập trung làm đường thôn." || now.Section(resolution.Direction) != "Làm đường thôn và đường xóm 4." {
				t.Errorf("%q, then %q", before.Section(resolution.Direction), now.Section(resolution.Direction))
			}
			if _, _, err := resolution.ReadEdition(tx, by, of, 3); !errs.Is(err, errs.NotFound) {
				t.Errorf("an edition that there is not: %v", err)
			}
			list, err := resolution.Editions(tx, by, of)
			if len(list) != 2 || list[0].Number != 2 || list[0].Reason != "Ghi sót một xóm" || list[1].State != resolution.Issued {
				t.Errorf("%+v", list)
			}
			return err
		})
	})
}

func TestOnlyWhatWasAdoptedIsAmended(t *testing.T) {
	each(t, func(s stage) {
		of := s.draft()
		if err := s.amend(s.SecretaryA, of, resolution.Amendment{Reason: "đổi ý"}); !errs.Is(err, errs.Conflict) {
			t.Error(err)
		}
	})
}
