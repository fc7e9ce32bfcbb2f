package reorganisation_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"chibo/internal/document"
	"chibo/internal/domain/overview"
	"chibo/internal/domain/reorganisation"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/paper"
	"chibo/internal/testkit"
	"chibo/internal/testkit/figures"
	"chibo/internal/testkit/history"
	"chibo/internal/testkit/org"
)

// TestWhatWasPrintedStays prints the statistics of months that were over before
// a reorganisation: before it, after it, and after it was taken back, of every
// unit that it touches. The bytes are the same each time. One that takes effect
// within a month changes that month and not the one before.
func TestWhatWasPrintedStays(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		book := history.New(k, o)
		for month := 8; month <= 10; month++ {
			day := clock.NewDate(2026, 1, 3).AddMonths(month - 1)
			book.Hold(history.Meeting{Cell: o.CellA, Secretary: o.SecretaryA, Day: day, Until: history.Reported, Absent: o.MembersA[5:7], Speakers: o.MembersA[:4]})
			book.Hold(history.Meeting{Cell: o.CellB, Secretary: o.SecretaryB, Day: day, Until: history.Reported, Absent: o.MembersB[3:]})
		}
		k.SetNow(clock.NewDate(2026, 11, 20).At(8, 0))
		units := []unitID{o.Commune.ID, o.CellA.ID, o.CellB.ID}
		for _, effective := range []clock.Date{k.Today(), clock.NewDate(2026, 10, 15)} {
			t.Run(effective.String(), func(t *testing.T) {
				d := decision(k)
				d.Decided, d.Effective = effective, effective
				s := begin(t, k, o.Office, o.Commune.ID, d)
				west := s.cell(o.Commune.ID, "WEST"+effective.String(), "Chi bộ thôn Tây 2")
				s.add(reorganisation.Step{Kind: reorganisation.Split, Unit: o.CellA.ID, Stays: true})
				s.send(west, o.MembersA[10:20]...)
				s.add(reorganisation.Step{Kind: reorganisation.Merge, Unit: o.CellB.ID, To: west})
				s.nominate(west, o.MembersA[10], "cell_secretary")

				before, months := clock.MonthOf(effective).Add(-1), clock.MonthOf(effective).Until("2026-11")
				was, later := printed(t, k, units, before), printed(t, k, units, months...)
				s.carryOut()
				is := printed(t, k, units, before)
				for what, page := range was {
					if !bytes.Equal(page, is[what]) {
						t.Errorf("%s was printed otherwise before", what)
					}
				}
				if equal(later, printed(t, k, units, months...)) {
					t.Error("nothing has changed in the months after")
				}
				if err := s.takeBack(); err != nil {
					t.Fatal(err)
				}
				if !equal(was, printed(t, k, units, before)) || !equal(later, printed(t, k, units, months...)) {
					t.Error("once it is taken back, something is printed otherwise than before it")
				}
			})
		}
	})
}

func equal(a, b map[string][]byte) bool {
	for what, page := range a {
		if !bytes.Equal(page, b[what]) {
			return false
		}
	}
	return len(a) == len(b)
}

// printed are the report of each month as Word, the figures behind it as they are
// known now and as they stood when the month was closed, and the table of months
// up to it.
func printed(t *testing.T, k *testkit.Kit, units []unitID, months ...clock.Month) map[string][]byte {
	t.Helper()
	pages := map[string][]byte{}
	figures.Follow(k)
	k.View(func(tx *db.Tx) error {
		by := access.Console()
		for i := range len(units) * len(months) {
			u, month := units[i%len(units)], months[i/len(units)]
			p := overview.PeriodOf(overview.OfMonth, month)
			d, err := document.Statistics(tx, by, u, p)
			if err != nil {
				return err
			}
			// Whoever leads the unit on the day of printing signs; one that has ended nobody.
			d.Blocks = slices.DeleteFunc(d.Blocks, func(b paper.Block) bool { _, signed := b.(paper.Closing); return signed })
			f, err := document.Write(d, document.Docx)
			if err != nil {
				return err
			}
			pages[fmt.Sprintf("the report of %v for %s", u, month)] = f.Body
			total, err := overview.Total(tx, by, u, p)
			if err != nil {
				return err
			}
			pages[fmt.Sprintf("the figures of %v for %s", u, month)] = []byte(total.Now.String() + "; " + total.Closed.String())
			table, err := tally.Children(tx, u, month.Add(-2), month)
			if err != nil {
				return err
			}
			pages[fmt.Sprintf("the months of %v up to %s", u, month)] = fmt.Append(nil, table)
		}
		return nil
	})
	return pages
}
