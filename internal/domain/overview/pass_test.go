package overview_test

import (
	"context"
	"testing"

	"chibo/internal/domain/overview"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit/figures"
	"chibo/internal/testkit/history"
)

// watched looks at the cells and wants the pass to end.
func (s stage) watched() {
	s.Helper()
	if over, err := overview.Watch(context.Background(), s.DB); err != nil || !over {
		s.Fatalf("over %t, %v", over, err)
	}
}

// watchedPart looks below so many units and is cut off then.
func (s stage) watchedPart(units int) {
	s.Helper()
	if left, err := overview.WatchPart(context.Background(), s.DB, units); err != nil || !left {
		s.Fatalf("units are left: %t, %v", left, err)
	}
}

// kept is the list of a unit as the pages read it.
func (s stage) kept(of orgtree.Unit) (l overview.WatchList) {
	s.Helper()
	s.View(func(tx *db.Tx) (err error) {
		l, err = overview.KeptList(tx, of)
		return err
	})
	return l
}

// silent is for how many months a cell has not met, as the list says it, and on
// which day that was seen.
func (s stage) silent(of orgtree.Unit, cell orgtree.ID) (months int, day clock.Date) {
	s.Helper()
	for _, w := range s.kept(of).Heaviest {
		for _, sign := range w.Signs {
			if w.Cell.ID == cell && sign.Kind == overview.Silent {
				return sign.N, w.Day
			}
		}
	}
	return 0, clock.Date{}
}

// on sets the clock to a morning of November, with all entries in their place.
func (s stage) on(day int) {
	s.Helper()
	s.SetNow(clock.NewDate(2026, 11, day).At(8, 0))
	figures.Follow(s.Kit)
}

func (s stage) exec(query string, args ...any) {
	s.Helper()
	s.Update(func(tx *db.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	})
}

func TestAPassThatIsCutOffGoesOnWhereItWas(t *testing.T) {
	each(t, func(s stage) {
		s.on(21)
		s.watchedPart(1) // the cells of Commune
		if l := s.kept(s.Commune); !l.Pending || l.Cells != 0 {
			t.Errorf("before the first pass is over: %+v", l)
		}
		s.hold(10, history.Meeting{Until: history.Closed}) // by cell A
		s.on(21)
		s.watched()
		if l := s.kept(s.OtherCommune); l.Pending || l.Cells != 1 {
			t.Errorf("cell C was left out: %+v", l)
		}
		if months, _ := s.silent(s.Commune, s.CellA.ID); months < 3 {
			t.Errorf("A was looked at again, %d months, and not what was left", months)
		}
		s.watched() // what was written meanwhile
		if months, _ := s.silent(s.Commune, s.CellA.ID); months != 0 {
			t.Errorf("A met while the pass was under way, and is still silent for %d months", months)
		}
		if months, _ := s.silent(s.Commune, s.CellB.ID); months < 3 {
			t.Errorf("B is silent for %d months", months)
		}
	})
}

func TestAPassIsEndedBeforeThatOfANewDay(t *testing.T) {
	each(t, func(s stage) {
		s.on(21)
		s.watched()
		s.on(22)
		s.watchedPart(1)
		s.on(23)
		if over, err := overview.Watch(context.Background(), s.DB); err != nil || over {
			t.Fatalf("the pass of the day before ended: over %t, %v", over, err)
		}
		if _, day := s.silent(s.Commune, s.CellB.ID); day != clock.NewDate(2026, 11, 22) {
			t.Errorf("B was looked at on %v", day)
		}
		s.watched()
		for _, of := range []orgtree.Unit{s.CellA, s.CellB} {
			if _, day := s.silent(s.Commune, of.ID); day != clock.NewDate(2026, 11, 23) {
				t.Errorf("%s was looked at on %v", of.Name, day)
			}
		}
		if _, day := s.silent(s.OtherCommune, s.CellC.ID); day != clock.NewDate(2026, 11, 23) {
			t.Errorf("C was looked at on %v", day)
		}
	})
}

// Of the cells that the journal tells of, a pass of a part is left for that of
// all on a new day.
func TestANewDayBeginsWithAllCells(t *testing.T) {
	each(t, func(s stage) {
		s.on(21)
		s.watched()
		s.exec(`UPDATE watch_cursor SET entry = 0`)
		s.watchedPart(1)
		s.on(22)
		s.watched()
		if _, day := s.silent(s.Commune, s.CellA.ID); day != clock.NewDate(2026, 11, 22) {
			t.Errorf("A was looked at on %v", day)
		}
	})
}

func TestAnEntryIsMissedNeitherBeforeItHasItsPlaceNorAfter(t *testing.T) {
	each(t, func(s stage) {
		s.on(21)
		s.watched()
		s.hold(10, history.Meeting{Until: history.Closed})
		s.SetNow(clock.NewDate(2026, 11, 21).At(9, 0))
		s.watched() // without a place
		if months, _ := s.silent(s.Commune, s.CellA.ID); months != 0 {
			t.Errorf("A is silent for %d months", months)
		}
		// An entry of a lower id that is committed later has a later place.
		s.on(21)
		s.watched()
		s.exec(`DELETE FROM watch_cell WHERE unit_id = $1`, s.CellC.ID)
		const oldest = `(SELECT min(id) FROM journal WHERE unit_id = $1)`
		var was int64
		s.View(func(tx *db.Tx) (err error) {
			was, err = db.One(tx, db.Column[int64], `SELECT position FROM journal WHERE id = `+oldest, s.CellC.ID)
			return err
		})
		s.exec(`UPDATE journal SET position = (SELECT max(position) + 1 FROM journal) WHERE id = `+oldest, s.CellC.ID)
		s.watched()
		s.exec(`UPDATE journal SET position = $2 WHERE id = `+oldest, s.CellC.ID, was)
		if months, _ := s.silent(s.OtherCommune, s.CellC.ID); months < 3 {
			t.Error("C was not looked at, though the journal told of it")
		}
	})
}

func TestAPassWithoutTimeIsNotOver(t *testing.T) {
	each(t, func(s stage) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if over, err := overview.Watch(ctx, s.DB); err != nil || over {
			t.Errorf("over %t, %v", over, err)
		}
	})
}

// What was seen of a cell holds neither the one that ends nor the one that is
// taken back.
func TestCellsThatAreNoMoreLeaveTheList(t *testing.T) {
	each(t, func(s stage) {
		s.on(21)
		var made orgtree.Unit
		s.Update(func(tx *db.Tx) (err error) {
			made, err = unit.Found(tx, access.Console(), unit.New{
				Parent: s.Commune.ID, Founded: clock.NewDate(2026, 11, 1), Decision: "Quyết định 15-QĐ/TU",
				Fields: unit.Fields{Code: "X9", Name: "Chi bộ Tổ 9", Kind: s.CellA.Kind, CellType: s.CellA.CellType},
			})
			return err
		})
		s.watched()
		if l := s.kept(s.Commune); l.Cells != 3 || l.Signs[overview.Headless] != 1 {
			t.Fatalf("the new cell has no secretary, and the list says %+v", l)
		}
		s.Update(func(tx *db.Tx) error { return unit.TakeBack(tx, access.Console(), made.ID) })
		s.watched()
		s.View(func(tx *db.Tx) error {
			rows, err := db.One(tx, db.Column[int], `SELECT count(*) FROM watch_cell`)
			if rows != 3 {
				t.Errorf("%d rows are kept for the cells A, B and C", rows)
			}
			return err
		})
		if l := s.kept(s.Commune); l.Cells != 2 || l.Signs[overview.Headless] != 0 {
			t.Errorf("the list is %+v", l)
		}
	})
}

func TestTheWholeListComesPageByPage(t *testing.T) {
	each(t, func(s stage) {
		s.on(21)
		s.hold(10, history.Meeting{Until: history.Closed})
		s.hold(9, history.Meeting{Until: history.Closed, Note: "Bàn việc nước sạch"})
		s.on(21)
		s.watched()
		list := func(who access.PersonID, of orgtree.Unit, after string) (p overview.WatchPage, err error) {
			s.View(func(tx *db.Tx) error {
				p, err = overview.ListWatched(tx, s.As(tx, who), of.ID, after, 1)
				return nil
			})
			return p, err
		}
		first, err := list(s.Office, s.Commune, "")
		if err != nil || len(first.Cells) != 1 || first.Cells[0].Cell.ID != s.CellB.ID || first.Next == "" || first.Pending {
			t.Fatalf("the first page is %+v, %v", first, err)
		}
		second, err := list(s.Office, s.Commune, first.Next)
		if err != nil || len(second.Cells) != 1 || second.Cells[0].Cell.ID != s.CellA.ID || second.Next != "" {
			t.Fatalf("the second page is %+v, %v", second, err)
		}
		for _, c := range []struct {
			who   access.PersonID
			after string
			kind  errs.Kind
		}{
			{s.Admin, "", errs.Denied},
			{s.SecretaryA, "", errs.NotFound},
			{s.SecretaryC, "", errs.NotFound},
			{s.Office, "x", errs.Invalid},
			{s.Office, "-1/" + s.CellA.ID.String(), errs.Invalid},
		} {
			if _, err := list(c.who, s.Commune, c.after); !errs.Is(err, c.kind) {
				t.Errorf("%v after %q: %v, wanted %v", c.who, c.after, err, c.kind)
			}
		}
	})
}
