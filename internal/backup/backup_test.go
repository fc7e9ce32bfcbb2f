package backup_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"chibo/internal/backup"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/attachment"
	"chibo/internal/kernel/journal"
	"chibo/internal/platform/blob"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/schema"
	"chibo/internal/testkit"
	"chibo/internal/testkit/history"
	"chibo/internal/testkit/org"
)

// place is an installation on the kit's database.
func place(t *testing.T, k *testkit.Kit) backup.Place {
	t.Helper()
	folder := t.TempDir()
	files, err := blob.NewStore(filepath.Join(folder, "files"))
	if err != nil {
		t.Fatal(err)
	}
	return backup.Place{DB: k.DB, Files: files, Witness: filepath.Join(folder, "journal.roots")}
}

// lived is an installation with a meeting, an attached file and a signed
// journal.
func lived(t *testing.T) (*testkit.Kit, backup.Place) {
	t.Helper()
	k := testkit.SQLite(t)
	o := org.New(k)
	from := place(t, k)
	held := history.New(k, o).Hold(history.Meeting{
		Cell: o.CellA, Secretary: o.SecretaryA, Day: clock.NewDate(2026, 11, 3), Until: history.Reported,
	})
	file, err := from.Files.Put("ảnh hội trường.txt", strings.NewReader("tường trình"), 100)
	if err != nil {
		t.Fatal(err)
	}
	k.Update(func(tx *db.Tx) error {
		_, err := attachment.Add(tx, o.As(tx, o.SecretaryA), attachment.New{
			Unit: o.CellA.ID, Noun: "meeting", NounID: int64(held),
			Name: file.Name, Media: file.Media, Hash: file.Hash, Size: file.Size,
		})
		return err
	})
	sign(t, k, from.Witness)
	return k, from
}

func sign(t *testing.T, k *testkit.Kit, witness string) {
	t.Helper()
	var roots []journal.Root
	k.Update(func(tx *db.Tx) error {
		placement, err := journal.Arrange(tx, 100_000)
		if err != nil {
			return err
		}
		if err := journal.Place(tx, placement); err != nil {
			return err
		}
		_, _, err = journal.Sign(tx)
		return err
	})
	k.View(func(tx *db.Tx) (err error) {
		roots, err = journal.Roots(tx, 0)
		return err
	})
	var known bytes.Buffer
	if err := errors.Join(journal.AppendWitness(&known, roots), os.WriteFile(witness, known.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, from backup.Place) ([]byte, backup.Manifest) {
	t.Helper()
	var archive bytes.Buffer
	m, err := backup.Write(t.Context(), from, "test", t.TempDir(), &archive)
	if err != nil {
		t.Fatal(err)
	}
	return archive.Bytes(), m
}

// TestThereAndBack brings an archive of SQLite to each engine, and what was
// brought there to SQLite again.
func TestThereAndBack(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		_, from := lived(t)
		archive, first := write(t, from)
		if first.Rows() < 500 || first.Files != 1 {
			t.Fatalf("%d rows and %d files are no life", first.Rows(), first.Files)
		}
		to := place(t, k)
		if _, err := backup.Restore(t.Context(), bytes.NewReader(archive), to); err != nil {
			t.Fatal(err)
		}
		verify(t, k, to)
		again, second := write(t, to)
		if !slices.Equal(first.Tables, second.Tables) {
			t.Errorf("the tables differ:\n%v\n%v", first.Tables, second.Tables)
		}
		home := testkit.SQLite(t)
		back := place(t, home)
		if _, err := backup.Restore(t.Context(), bytes.NewReader(again), back); err != nil {
			t.Fatal(err)
		}
		verify(t, home, back)
	})
}

// verify proves the journal against the witness that came along.
func verify(t *testing.T, k *testkit.Kit, at backup.Place) {
	t.Helper()
	witness, err := os.Open(at.Witness)
	if err != nil {
		t.Fatal(err)
	}
	defer witness.Close()
	k.View(func(tx *db.Tx) error {
		if err := journal.Verify(tx, witness, nil); err != nil {
			return err
		}
		return attachment.EachHash(tx, func(hash string) error {
			f, err := at.Files.Open(hash)
			if err != nil {
				return err
			}
			return f.Close()
		})
	})
}

func TestRefused(t *testing.T) {
	_, from := lived(t)
	archive, _ := write(t, from)
	cut := archive[:len(archive)-100]
	flipped := slices.Clone(archive)
	flipped[len(flipped)/2] ^= 1
	for _, test := range []struct {
		name    string
		archive []byte
		want    errs.Kind
	}{
		{"nothing at all", nil, errs.Invalid},
		{"not an archive", []byte("tệp này không phải bản sao lưu"), errs.Invalid},
		{"cut off", cut, errs.Invalid},
		{"a bit turned", flipped, errs.Invalid},
	} {
		t.Run(test.name, func(t *testing.T) {
			k := testkit.SQLite(t)
			_, err := backup.Restore(t.Context(), bytes.NewReader(test.archive), place(t, k))
			testkit.Want(t, err, test.want)
			empty(t, k)
		})
	}
	t.Run("of another secret", func(t *testing.T) {
		other, err := db.Open(t.Context(), filepath.Join(t.TempDir(), "other.db"), db.Options{Secret: []byte("another")})
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		if err := schema.Apply(t.Context(), other); err != nil {
			t.Fatal(err)
		}
		at := from
		at.DB = other
		_, err = backup.Restore(t.Context(), bytes.NewReader(archive), at)
		testkit.Want(t, err, errs.Invalid)
	})
	t.Run("into what is in use", func(t *testing.T) {
		_, err := backup.Restore(t.Context(), bytes.NewReader(archive), from)
		testkit.Want(t, err, errs.Conflict)
	})
}

// empty fails unless nothing was restored.
func empty(t *testing.T, k *testkit.Kit) {
	t.Helper()
	k.View(func(tx *db.Tx) error {
		list, err := journal.Since(tx, access.Console(), -1, 1)
		if len(list) > 0 {
			t.Error("a part was restored")
		}
		return err
	})
}

func TestRuns(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		for i, failure := range []string{"", "đĩa đầy"} {
			k.Update(func(tx *db.Tx) error {
				return backup.Note(tx, backup.Run{At: k.Now().AddDate(0, 0, i), Place: "/x", Size: 5, Records: 7, Failure: failure})
			})
		}
		k.View(func(tx *db.Tx) error {
			runs, err := backup.Runs(tx, 5)
			if len(runs) != 2 || runs[0].Failure != "đĩa đầy" || runs[1].Records != 7 {
				t.Errorf("runs %+v", runs)
			}
			return err
		})
	})
}
