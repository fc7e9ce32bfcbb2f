package numbering_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"chibo/internal/domain/numbering"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

var (
	day  = clock.NewDate(2026, 11, 3)
	term = clock.NewDate(2025, 3, 1)
)

func format(t testing.TB) rulepack.Format {
	t.Helper()
	f, _, err := rulepack.Rule[rulepack.Format](rulepack.Shipped(), "format", "", day)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func series(unit orgtree.ID) numbering.Series {
	return numbering.Series{Unit: unit, Document: "resolution", Issuer: "cell", Term: term}
}

func take(k *testkit.Kit, s numbering.Series, record int64) (given numbering.Given, err error) {
	f := format(k.T)
	err = k.Try(func(tx *db.Tx) error {
		given, err = numbering.Take(tx, s, f, day, numbering.Record{Noun: "resolution", ID: record})
		return err
	})
	return given, err
}

func want(t *testing.T, k *testkit.Kit, s numbering.Series, record int64, symbol string) {
	t.Helper()
	given, err := take(k, s, record)
	if err != nil || given.Symbol != symbol {
		t.Errorf("record %d got %q, want %q: %v", record, given.Symbol, symbol, err)
	}
}

func TestSeriesRunsPerTypeAndTerm(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		s := series(o.CellA.ID)
		want(t, k, s, 1, "01-NQ/CB")
		want(t, k, s, 2, "02-NQ/CB")
		plan := s
		plan.Document = "plan"
		want(t, k, plan, 3, "01-KH/CB")
		want(t, k, series(o.CellB.ID), 4, "01-NQ/CB")
		next := s
		next.Term = clock.NewDate(2026, 10, 1)
		want(t, k, next, 5, "01-NQ/CB")
		want(t, k, s, 6, "03-NQ/CB")
		for record := int64(7); record < 13; record++ {
			if _, err := take(k, s, record); err != nil {
				t.Fatal(err)
			}
		}
		want(t, k, s, 13, "10-NQ/CB")
	})
}

func TestTakeRefuses(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		s := series(o.CellA.ID)
		want(t, k, s, 1, "01-NQ/CB")
		_, err := take(k, s, 1)
		testkit.Want(t, err, errs.Conflict)
		guide := s
		guide.Document = "guide"
		_, err = take(k, guide, 2)
		testkit.Want(t, err, errs.Invalid)
		want(t, k, s, 3, "02-NQ/CB") // what was refused took no number
	})
}

func TestWhatFailsTakesNoNumber(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		s, f := series(o.CellA.ID), format(t)
		failed := fmt.Errorf("something after the number")
		err := k.Try(func(tx *db.Tx) error {
			if _, err := numbering.Take(tx, s, f, day, numbering.Record{Noun: "resolution", ID: 1}); err != nil {
				return err
			}
			return failed
		})
		if err == nil {
			t.Fatal("the transaction did not fail")
		}
		want(t, k, s, 2, "01-NQ/CB")
	})
}

func TestConcurrentWritersLeaveNoGap(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		s, f := series(o.CellA.ID), format(t)
		const writers, each = 4, 5
		var wait sync.WaitGroup
		failures := make(chan error, writers*each)
		for w := range writers {
			wait.Go(func() {
				for n := range each {
					failures <- k.DB.Update(context.Background(), func(tx *db.Tx) error {
						_, err := numbering.Take(tx, s, f, day, numbering.Record{Noun: "resolution", ID: int64(1 + w*each + n)})
						return err
					})
				}
			})
		}
		wait.Wait()
		close(failures)
		for err := range failures {
			if err != nil {
				t.Error(err)
			}
		}
		k.View(func(tx *db.Tx) error {
			register, err := numbering.Register(tx, o.As(tx, o.SecretaryA), o.CellA.ID, "resolution")
			if len(register) != writers*each {
				t.Errorf("%d numbers, want %d", len(register), writers*each)
			}
			for i, g := range register {
				if g.Number != len(register)-i {
					t.Errorf("place %d holds number %d", i, g.Number)
				}
			}
			return err
		})
	})
}

func TestContinue(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		for _, row := range []struct {
			who  string
			by   access.PersonID
			last int
			kind errs.Kind
		}{
			{"member", o.MemberA, 11, errs.Denied},
			{"member of another cell", o.MemberB, 11, errs.NotFound},
			{"office above", o.Office, 11, errs.Denied},
			{"secretary of another commune", o.SecretaryC, 11, errs.NotFound},
			{"secretary, no number", o.SecretaryA, 0, errs.Invalid},
			{"secretary, too many", o.SecretaryA, 100_000, errs.Invalid},
			{"secretary", o.SecretaryA, 11, testkit.OK},
			{"secretary again", o.SecretaryA, 12, errs.Conflict},
		} {
			t.Run(row.who, func(t *testing.T) {
				testkit.Want(t, k.Try(func(tx *db.Tx) error {
					return numbering.Continue(tx, o.As(tx, row.by), series(o.CellA.ID), row.last)
				}), row.kind)
			})
		}
		want(t, k, series(o.CellA.ID), 1, "12-NQ/CB")
	})
}
