package hook_test

import (
	"testing"
	"time"

	"chibo/internal/domain/hook"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

func to(address string) hook.Settings { return hook.Settings{Address: address} }

func TestWhoMaySubscribe(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		for _, row := range []struct {
			who  string
			by   access.PersonID
			s    hook.Settings
			kind errs.Kind
		}{
			{"administrator", o.Admin, to("https://example.vn/hook"), testkit.OK},
			{"secretary", o.SecretaryA, to("https://example.vn/hook"), errs.NotFound},
			{"office", o.Office, to("https://example.vn/hook"), errs.NotFound},
			{"no address", o.Admin, to(""), errs.Invalid},
			{"another scheme", o.Admin, to("ftp://example.vn/hook"), errs.Invalid},
			{"a password in the address", o.Admin, to("https://a:b@example.vn/"), errs.Invalid},
			{"no noun", o.Admin, hook.Settings{Address: "https://example.vn", Nouns: []string{"Cuộc họp"}}, errs.Invalid},
		} {
			testkit.Want(t, k.Try(func(tx *db.Tx) error {
				_, _, err := hook.Subscribe(tx, o.As(tx, row.by), o.CellA.ID, row.s)
				return err
			}), row.kind)
		}
	})
}

// TestOrder says that entries go out in their order, one not before the one
// before it was taken, and those of other units and nouns never.
func TestOrder(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		place(k)
		var h hook.Hook
		k.Update(func(tx *db.Tx) (err error) {
			h, _, err = hook.Subscribe(tx, o.As(tx, o.Admin), o.CellA.ID, hook.Settings{Address: "https://example.vn", Nouns: []string{"group", "party_group"}})
			return err
		})
		for _, cell := range []unit.NewGroup{{Name: "Tổ một", Founded: k.Today()}, {Name: "Tổ hai", Founded: k.Today()}} {
			k.Update(func(tx *db.Tx) error { _, err := unit.FoundGroup(tx, access.Console(), o.CellB.ID, cell); return err })
			k.Update(func(tx *db.Tx) error { _, err := unit.FoundGroup(tx, access.Console(), o.CellA.ID, cell); return err })
		}
		if due(k) != 0 {
			t.Error("an entry that has no position yet is told of")
		}
		place(k)
		var last int64
		for range 2 {
			l := next(t, k, h.ID)
			k.Update(func(tx *db.Tx) error {
				if _, there, err := hook.Next(tx, access.Console(), h.ID); there || err != nil {
					t.Errorf("given to another who asks at the same time: %v, %v", there, err)
				}
				return nil
			})
			k.SetNow(k.Now().Add(time.Minute))
			if again := next(t, k, h.ID); again.Entry.Position != l.Entry.Position {
				t.Error("another entry before the first was taken")
			}
			if l.Entry.Unit != o.CellA.ID || l.Entry.Position <= last || l.Entry.After != nil || len(l.Secret) == 0 {
				t.Errorf("told %+v", l.Entry)
			}
			last = l.Entry.Position
			k.Update(func(tx *db.Tx) error { return hook.Taken(tx, access.Console(), h.ID, last) })
		}
		k.Update(func(tx *db.Tx) error {
			if _, there, err := hook.Next(tx, access.Console(), h.ID); there || err != nil {
				t.Errorf("more than two: %v, %v", there, err)
			}
			return nil
		})
	})
}

// TestPauses says that tries that fail wait longer and longer, and that nothing
// is given up.
func TestPauses(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		place(k)
		var h hook.Hook
		k.Update(func(tx *db.Tx) (err error) {
			h, _, err = hook.Subscribe(tx, o.As(tx, o.Admin), o.Commune.ID, to("https://example.vn"))
			return err
		})
		place(k) // the subscription itself is the first entry
		waited := time.Duration(0)
		for range 15 {
			if due(k) != 1 {
				t.Fatal("nothing is due")
			}
			k.Update(func(tx *db.Tx) error { return hook.Failed(tx, access.Console(), h.ID, "status 503") })
			if due(k) != 0 {
				t.Error("tried again at once")
			}
			k.View(func(tx *db.Tx) error {
				all, err := hook.At(tx, o.As(tx, o.Admin), o.Commune.ID)
				if wait := all[0].NextTry.Sub(tx.Now); wait < waited || wait > 6*time.Hour {
					t.Errorf("waits %v after %v", wait, waited)
				} else {
					waited = wait
				}
				return err
			})
			k.SetNow(k.Now().Add(waited))
		}
		if waited != 6*time.Hour {
			t.Errorf("the longest pause is %v", waited)
		}
		k.Update(func(tx *db.Tx) error {
			_, err := hook.Change(tx, o.As(tx, o.Admin), h.ID, h.Version, hook.Settings{Address: "https://example.vn", Paused: true})
			return err
		})
		if due(k) != 0 {
			t.Error("a paused one is tried")
		}
		testkit.Want(t, k.Try(func(tx *db.Tx) error {
			_, err := hook.Change(tx, o.As(tx, o.Admin), h.ID, h.Version, to("https://example.vn"))
			return err
		}), errs.Conflict)
		testkit.Want(t, k.Try(func(tx *db.Tx) error { return hook.Remove(tx, o.As(tx, o.Office), h.ID) }), errs.NotFound)
		testkit.Want(t, k.Try(func(tx *db.Tx) error { return hook.Failed(tx, o.As(tx, o.Admin), h.ID, "") }), errs.Denied)
		testkit.Want(t, k.Try(func(tx *db.Tx) error { return hook.Remove(tx, o.As(tx, o.Admin), h.ID) }), testkit.OK)
	})
}

// place gives waiting entries their positions in the tree.
func place(k *testkit.Kit) {
	k.Update(func(tx *db.Tx) error {
		p, err := journal.Arrange(tx, 5000)
		if err != nil {
			return err
		}
		return journal.Place(tx, p)
	})
}

func due(k *testkit.Kit) (n int) {
	k.View(func(tx *db.Tx) error {
		list, err := hook.Due(tx, access.Console())
		n = len(list)
		return err
	})
	return n
}

func next(t *testing.T, k *testkit.Kit, h hook.ID) (l hook.Letter) {
	t.Helper()
	k.Update(func(tx *db.Tx) error {
		found, there, err := hook.Next(tx, access.Console(), h)
		if !there {
			t.Fatal("nothing to tell")
		}
		l = found
		return err
	})
	return l
}
