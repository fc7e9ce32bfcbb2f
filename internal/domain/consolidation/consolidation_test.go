package consolidation_test

import (
	"testing"

	"chibo/internal/domain/consolidation"
	"chibo/internal/domain/notice"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

type stage struct {
	*testing.T
	*testkit.Kit
	*org.Org
}

func each(t *testing.T, test func(s stage)) {
	t.Helper()
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		k.SetNow(clock.NewDate(2026, 11, 21).At(8, 0))
		test(stage{t, k, o})
	})
}

func (s stage) draft() consolidation.Draft {
	return consolidation.Draft{
		Reasons: "2 tháng liền chưa sinh hoạt", Measures: "Kiện toàn chi ủy; cử cấp ủy viên dự cùng", Owner: s.CommuneSecretary, Due: clock.NewDate(2026, 12, 31),
	}
}

func (s stage) begin(who access.PersonID, cell orgtree.ID, d consolidation.Draft) (plan consolidation.ID, err error) {
	err = s.Try(func(tx *db.Tx) (err error) {
		plan, err = consolidation.Begin(tx, s.As(tx, who), cell, d)
		return err
	})
	return plan, err
}

func (s stage) find(plan consolidation.ID) (p consolidation.Plan) {
	s.View(func(tx *db.Tx) (err error) {
		p, _, err = consolidation.Find(tx, access.Console(), plan)
		return err
	})
	return p
}

func (s stage) wants(who string, err error, kind errs.Kind) {
	s.Helper()
	if kind == 0 && err != nil || kind != 0 && !errs.Is(err, kind) {
		s.Errorf("%s: %v, wanted kind %v", who, err, kind)
	}
}

func TestWhoPlans(t *testing.T) {
	each(t, func(s stage) {
		for _, c := range []struct {
			who    string
			person access.PersonID
			kind   errs.Kind
		}{
			{"member", s.MemberA, errs.Denied},
			{"inspector", s.Inspector, errs.Denied},
			{"committee member of the cell", s.CommitteeA, errs.Denied},
			{"secretary of another cell", s.SecretaryB, errs.NotFound},
			{"secretary of another commune's cell", s.SecretaryC, errs.NotFound},
			{"administrator", s.Admin, errs.Denied},
			{"nobody", s.Nobody, errs.NotFound},
			{"office of the commune", s.Office, 0},
			{"once more", s.CommuneSecretary, errs.Conflict},
		} {
			_, err := s.begin(c.person, s.CellA.ID, s.draft())
			s.wants(c.who, err, c.kind)
		}
		_, err := s.begin(s.Office, s.Commune.ID, s.draft())
		s.wants("a commune is no cell", err, errs.Conflict)
	})
}

func TestWhatAPlanNeeds(t *testing.T) {
	each(t, func(s stage) {
		for field, spoil := range map[string]func(d *consolidation.Draft){
			"reasons":  func(d *consolidation.Draft) { d.Reasons = " \n" },
			"measures": func(d *consolidation.Draft) { d.Measures = "" },
			"owner":    func(d *consolidation.Draft) { d.Owner = s.MemberB },
			"due":      func(d *consolidation.Draft) { d.Due = clock.NewDate(2026, 11, 20) },
		} {
			d := s.draft()
			spoil(&d)
			_, err := s.begin(s.Office, s.CellA.ID, d)
			if e, ok := errs.As(err); !ok || e.Kind != errs.Invalid || len(e.Fields) != 1 || e.Fields[field].Key == "" {
				s.Errorf("%s: %v", field, err)
			}
		}
	})
}

func TestAPlanIsChangedAndFinished(t *testing.T) {
	each(t, func(s stage) {
		plan, err := s.begin(s.Office, s.CellA.ID, s.draft())
		s.wants("begin", err, 0)
		changed := s.draft()
		changed.Owner, changed.Due = s.SecretaryA, clock.NewDate(2027, 1, 31)
		change := func(who access.PersonID, version int64) error {
			return s.Try(func(tx *db.Tx) error { return consolidation.Change(tx, s.As(tx, who), plan, version, changed) })
		}
		finish := func(who access.PersonID, version int64, r consolidation.Result) error {
			return s.Try(func(tx *db.Tx) error { return consolidation.Finish(tx, s.As(tx, who), plan, version, r) })
		}
		better := consolidation.Result{Outcome: consolidation.Better, Text: "Họp đều 2 tháng"}
		s.wants("stale", change(s.Office, 7), errs.Conflict)
		s.wants("inspector changes", change(s.Inspector, 1), errs.Denied)
		s.wants("office changes", change(s.Office, 1), 0)
		s.wants("member finishes", finish(s.MemberA, 2, better), errs.Denied)
		s.wants("committee member finishes", finish(s.CommitteeA, 2, better), errs.Denied)
		s.wants("without words", finish(s.SecretaryA, 2, consolidation.Result{Outcome: consolidation.Better}), errs.Invalid)
		s.wants("without outcome", finish(s.SecretaryA, 2, consolidation.Result{Text: "Xong"}), errs.Invalid)
		s.wants("the owner finishes", finish(s.SecretaryA, 2, better), 0)
		s.wants("twice", finish(s.Office, 3, better), errs.Conflict)
		s.wants("change after the end", change(s.Office, 3), errs.Conflict)
		if p := s.find(plan); p.Open() || p.Outcome != consolidation.Better || p.Owner != s.SecretaryA || p.Finished != clock.NewDate(2026, 11, 21) {
			s.Errorf("the plan is %+v", p)
		}
		_, err = s.begin(s.Office, s.CellA.ID, s.draft())
		s.wants("another after the end", err, 0)
		s.View(func(tx *db.Tx) error {
			verbs := ""
			entries, err := journal.History(tx, consolidation.Noun, int64(plan))
			for _, e := range entries {
				verbs += e.Verb + " "
			}
			if want := "consolidation.Begin consolidation.Change consolidation.Finish "; verbs != want {
				s.Errorf("journal: %s", verbs)
			}
			return err
		})
	})
}

func TestTheOwnerIsToldAndHasItOnTheList(t *testing.T) {
	each(t, func(s stage) {
		d := s.draft()
		d.Owner = s.SecretaryA
		plan, err := s.begin(s.Office, s.CellA.ID, d)
		s.wants("begin", err, 0)
		s.View(func(tx *db.Tx) error {
			owner := s.As(tx, s.SecretaryA)
			mine, err := consolidation.Mine(tx, owner)
			if err != nil || len(mine) != 1 || mine[0].ID != plan {
				s.Errorf("the owner has %v: %v", mine, err)
			}
			inbox, err := notice.Inbox(tx, owner, 0, 10)
			if err != nil || len(inbox) != 1 || inbox[0].Key != "consolidation.notice.planned" || inbox[0].Args["due"] != "31/12/2026" {
				s.Errorf("the owner was told %+v: %v", inbox, err)
			}
			if plans, err := consolidation.At(tx, s.As(tx, s.Inspector), s.CellA.ID); err != nil || len(plans) != 1 {
				s.Errorf("the inspector sees %v: %v", plans, err)
			}
			_, err = consolidation.At(tx, s.As(tx, s.MemberA), s.CellA.ID)
			s.wants("member looks", err, errs.Denied)
			owners, err := consolidation.Owners(tx, s.As(tx, s.Office), s.CellA.ID)
			if len(owners) < 4 || owners[0].ID != s.CommuneSecretary || owners[0].Name == "" {
				s.Errorf("those who can carry it out: %+v", owners)
			}
			return err
		})
	})
}
