package attachment_test

import (
	"fmt"
	"strings"
	"testing"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/attachment"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
)

func cell(tx *db.Tx) (orgtree.Unit, error) {
	return orgtree.Add(tx, orgtree.Unit{Code: "C1", Name: "Chi bộ Thôn Đông", Kind: "cell", CellType: "village", Founded: clock.NewDate(2020, 1, 1)}, "")
}

func hash(n int) string { return fmt.Sprintf("%064x", n) }

func TestAddRefuses(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		var unit orgtree.Unit
		k.Update(func(tx *db.Tx) (err error) { unit, err = cell(tx); return err })
		good := attachment.New{Unit: unit.ID, Noun: "meeting", NounID: 7, Name: "Báo cáo.pdf", Media: "application/pdf", Hash: hash(1), Size: 10}
		for _, row := range []struct {
			what   string
			change func(*attachment.New)
			kind   errs.Kind
			field  string
		}{
			{"as it should be", func(*attachment.New) {}, testkit.OK, ""},
			{"no name", func(n *attachment.New) { n.Name = " \x00" }, errs.Invalid, "name"},
			{"a long name", func(n *attachment.New) { n.Name = strings.Repeat("ộ", 201) }, errs.Invalid, "name"},
			{"a path for a hash", func(n *attachment.New) { n.Hash = "../../etc/passwd" }, errs.Invalid, "file"},
			{"an empty file", func(n *attachment.New) { n.Size = 0 }, errs.Invalid, "file"},
		} {
			n := good
			row.change(&n)
			err := k.Try(func(tx *db.Tx) error { _, err := attachment.Add(tx, access.Console(), n); return err })
			testkit.Want(t, err, row.kind)
			if row.field != "" {
				testkit.WantField(t, err, row.field)
			}
		}
	})
}

func TestRecordHoldsItsFiles(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		var first, again, other attachment.Attachment
		k.Update(func(tx *db.Tx) error {
			unit, err := cell(tx)
			if err != nil {
				return err
			}
			n := attachment.New{Unit: unit.ID, Noun: "meeting", NounID: 7, Name: "Báo  cáo.pdf", Media: "application/pdf", Hash: hash(1), Size: 10}
			if first, err = attachment.Add(tx, access.Console(), n); err != nil {
				return err
			}
			if again, err = attachment.Add(tx, access.Console(), n); err != nil {
				return err
			}
			n.NounID, n.Hash = 8, hash(2)
			other, err = attachment.Add(tx, access.Console(), n)
			return err
		})
		if again.ID != first.ID {
			t.Error("the same bytes were added twice to one record")
		}
		if first.Name != "Báo cáo.pdf" {
			t.Errorf("name %q was not cleaned", first.Name)
		}
		k.View(func(tx *db.Tx) error {
			of, err := attachment.Of(tx, "meeting", 7)
			if err != nil {
				return err
			}
			if len(of) != 1 || !of[0].Added.Equal(first.Added) {
				t.Fatalf("files of the meeting: %+v", of)
			}
			of[0].Added = first.Added
			if of[0] != first {
				t.Errorf("stored %+v, added %+v", of[0], first)
			}
			return nil
		})
		k.Update(func(tx *db.Tx) error { return attachment.Remove(tx, access.Console(), first.ID) })
		k.View(func(tx *db.Tx) error {
			_, err := attachment.Find(tx, first.ID)
			testkit.Want(t, err, errs.NotFound)
			held, err := attachment.Held(tx, []string{hash(1), hash(2), hash(3)})
			if err != nil {
				return err
			}
			if len(held) != 1 || !held[other.Hash] {
				t.Errorf("held %v, want only the other record's", held)
			}
			history, err := journal.History(tx, "attachment", int64(first.ID))
			if len(history) != 2 || history[0].Verb != "attachment.Add" || history[1].Verb != "attachment.Remove" {
				t.Errorf("history %+v", history)
			}
			return err
		})
		testkit.Want(t, k.Try(func(tx *db.Tx) error { return attachment.Remove(tx, access.Console(), first.ID) }), errs.NotFound)
	})
}

func TestRecordIsFull(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		err := k.Try(func(tx *db.Tx) error {
			unit, err := cell(tx)
			for i := 0; err == nil && i < 51; i++ {
				_, err = attachment.Add(tx, access.Console(), attachment.New{
					Unit: unit.ID, Noun: "task", NounID: 1, Name: "ảnh.jpg", Media: "image/jpeg", Hash: hash(i), Size: 1,
				})
			}
			return err
		})
		testkit.Want(t, err, errs.Conflict)
	})
}
