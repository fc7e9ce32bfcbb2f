package overview_test

import (
	"testing"

	"chibo/internal/domain/consolidation"
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/overview"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit/figures"
	"chibo/internal/testkit/history"
)

func (s stage) counted() {
	s.Helper()
	figures.Begin(s.Kit)
	figures.Follow(s.Kit)
}

func (s stage) see(who access.PersonID, of orgtree.ID, months int) (v overview.View, err error) {
	s.Helper()
	s.View(func(tx *db.Tx) error {
		v, err = overview.See(tx, s.As(tx, who), of, overview.Span{Until: "2026-11", Months: months})
		return nil
	})
	return v, err
}

// TestTheFiguresOfACommuneAreThoseOfItsRecords counts the slow way beside it.
func TestTheFiguresOfACommuneAreThoseOfItsRecords(t *testing.T) {
	each(t, func(s stage) {
		s.hold(9, history.Meeting{Until: history.Reported, Absent: s.MembersA[:3], Speakers: s.MembersA[5:9]})
		s.hold(10, history.Meeting{Until: history.Reported, Absent: s.MembersA[:1], Speakers: s.MembersA[5:7], Claim: 5})
		s.book.Hold(history.Meeting{Cell: s.CellA, Secretary: s.SecretaryA, Day: clock.NewDate(2026, 11, 12), Until: history.Closed, Absent: s.MembersA[:2]})
		s.book.Assign(task.New{Title: "Sửa kênh", Area: task.Economy, Assignee: task.Assignee{Person: s.MemberA}, Due: clock.NewDate(2026, 11, 15)})
		s.SetNow(clock.NewDate(2026, 11, 21).At(8, 0))
		s.counted()
		v, err := s.see(s.Office, s.Commune.ID, 3)
		if err != nil {
			t.Fatal(err)
		}
		var table overview.Table
		s.View(func(tx *db.Tx) (err error) {
			table, err = overview.Look(tx, s.As(tx, s.Office), s.Commune.ID, overview.Span{Until: "2026-11", Months: 3, Detail: true})
			return err
		})
		for i, month := range v.Months {
			var want overview.State
			for _, row := range table.Rows {
				e := row.Months[i]
				want.Cells++
				if e.Standing.Met() {
					want.Held++
				}
				if e.Standing == overview.Delayed {
					want.Late++
				}
				if e.Scored {
					want.Scored, want.Claimed, want.Evidence = want.Scored+1, want.Claimed+e.Score.Claimed, want.Evidence+e.Score.Evidence
				}
				want.Entitled, want.Present, want.Speakers = want.Entitled+e.Entitled, want.Present+e.Present, want.Speakers+e.Speakers
			}
			got := v.Own[i]
			if got.Cells != want.Cells || got.Held != want.Held || got.Late != want.Late || got.Roll != want.Roll ||
				got.Scored != want.Scored || got.Claimed != want.Claimed || got.Evidence != want.Evidence {
				t.Errorf("%s: figures %+v, records %+v", month, got, want)
			}
			sum := overview.State{}
			for _, b := range v.Below {
				sum.Cells, sum.Held, sum.Present = sum.Cells+b.Months[i].Cells, sum.Held+b.Months[i].Held, sum.Present+b.Months[i].Present
			}
			if sum.Cells != got.Cells || sum.Held != got.Held || sum.Present != got.Present {
				t.Errorf("%s: those below add up to %+v, the whole is %+v", month, sum, got)
			}
		}
		if last := v.Last(); last.Held != 1 || last.Late != 1 || last.Cells != 2 || last.Unheld() != 1 || !last.Over || !last.Open {
			t.Errorf("November is %+v", last)
		}
		if v.Members.Members != 27+5 {
			t.Errorf("%d members", v.Members.Members)
		}
	})
}

func TestWhoSees(t *testing.T) {
	each(t, func(s stage) {
		s.counted()
		for _, c := range []struct {
			name string
			who  access.PersonID
			kind errs.Kind
		}{
			{"office", s.Office, 0},
			{"commune secretary", s.CommuneSecretary, 0},
			{"inspector", s.Inspector, 0},
			{"administrator", s.Admin, errs.Denied},
			{"secretary of a cell below", s.SecretaryA, errs.NotFound},
			{"member", s.MemberA, errs.NotFound},
			{"another commune", s.SecretaryC, errs.NotFound},
		} {
			if _, err := s.see(c.who, s.Commune.ID, 3); c.kind == 0 && err != nil || c.kind != 0 && !errs.Is(err, c.kind) {
				t.Errorf("%s: %v, wanted %v", c.name, err, c.kind)
			}
		}
		if _, err := s.see(s.Office, s.Commune.ID, 99); !errs.Is(err, errs.Invalid) {
			t.Errorf("99 months: %v", err)
		}
	})
}

// TestTheWatchIsThatOfTheRecords compares what is kept with what the table reads.
func TestTheWatchIsThatOfTheRecords(t *testing.T) {
	each(t, func(s stage) {
		for month := 6; month <= 9; month++ {
			s.hold(month, history.Meeting{Until: history.Reported, Note: "Bàn việc nước sạch"})
		}
		s.SetNow(clock.NewDate(2026, 11, 21).At(8, 0))
		watch := func() map[orgtree.ID]overview.Watched {
			s.watched()
			var kept overview.WatchList
			s.View(func(tx *db.Tx) (err error) {
				kept, err = overview.KeptList(tx, s.Commune)
				return err
			})
			list, signs := map[orgtree.ID]overview.Watched{}, 0
			for _, w := range kept.Heaviest {
				list[w.Cell.ID] = w
				signs += len(w.Signs)
			}
			for _, n := range kept.Signs {
				signs -= n
			}
			if kept.Cells != len(kept.Heaviest) || signs != 0 {
				t.Fatalf("%+v does not add up", kept)
			}
			return list
		}
		kept := watch()
		var table overview.Table
		s.View(func(tx *db.Tx) (err error) {
			table, err = overview.Look(tx, s.As(tx, s.Office), s.Commune.ID, overview.Span{Until: meeting.Month("2026-11"), Months: 6})
			return err
		})
		if len(table.Concerns) != 2 || len(kept) != 2 {
			t.Fatalf("the table has %d concerns, the watch %d", len(table.Concerns), len(kept))
		}
		for _, c := range table.Concerns {
			if got := kept[c.Cell.ID]; len(got.Signs) != len(c.Signs) || got.Signs[0] != c.Signs[0] || got.Above != s.Commune.Name {
				t.Errorf("%s: kept %+v, the records show %+v", c.Cell.Name, got, c.Signs)
			}
		}
		// Cell A meets again and gets a plan; only it is looked at again.
		s.hold(10, history.Meeting{Until: history.Closed})
		s.SetNow(clock.NewDate(2026, 11, 21).At(9, 0))
		s.Update(func(tx *db.Tx) error {
			_, err := consolidation.Begin(tx, s.As(tx, s.Office), s.CellB.ID, consolidation.Draft{
				Reasons: "Chưa họp", Measures: "Giúp đỡ", Owner: s.CommuneSecretary, Due: clock.NewDate(2026, 12, 31),
			})
			return err
		})
		again := watch()
		if again[s.CellB.ID].Plan == 0 || again[s.CellB.ID].Due != clock.NewDate(2026, 12, 31) {
			t.Errorf("the plan of B is not on the list: %+v", again[s.CellB.ID])
		}
		for _, sign := range again[s.CellA.ID].Signs {
			if sign.Kind == overview.Silent {
				t.Errorf("A has met and is still called silent: %+v", again[s.CellA.ID].Signs)
			}
		}
	})
}
