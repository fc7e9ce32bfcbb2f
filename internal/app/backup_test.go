package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"chibo/internal/backup"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/attachment"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// saved opens an installation with one unit that keeps two daily backups.
func saved(t *testing.T, now *time.Time) *App {
	t.Helper()
	folder := t.TempDir()
	a, err := Open(t.Context(), Config{
		Data: folder, Backups: filepath.Join(folder, "backups"), BackupsKept: 2, Now: func() time.Time { return *now },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := a.DB.Update(t.Context(), func(tx *db.Tx) error {
		_, err := unit.Found(tx, access.Console(), unit.New{
			Founded: clock.NewDate(2025, 7, 1), Decision: "Quyết định 01-QĐ/TU",
			Fields: unit.Fields{Code: "XA", Name: "Đảng bộ xã An Bình", Kind: "commune_party"},
		})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return a
}

func runs(t *testing.T, a *App) (list []backup.Run) {
	t.Helper()
	if err := a.DB.View(t.Context(), func(tx *db.Tx) (err error) {
		list, err = backup.Runs(tx, 10)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return list
}

func TestDailyBackup(t *testing.T) {
	now := time.Now()
	a := saved(t, &now)
	for day := range 4 {
		for range 2 { // the second time that day it is not due
			if err := a.backUpIfDue(t.Context()); err != nil {
				t.Fatal(err)
			}
			now = now.Add(time.Hour)
		}
		if n := len(runs(t, a)); n != day+1 {
			t.Fatalf("%d backups on day %d", n, day+1)
		}
		now = now.Add(23 * time.Hour)
	}
	kept, err := filepath.Glob(filepath.Join(a.config.Backups, "*"))
	if err != nil || len(kept) != 2 {
		t.Errorf("there lie %v, %v; want the two newest archives and no leftovers", kept, err)
	}
}

// A backup that cannot be brought back is a failure, and tried again.
func TestBackupThatFailsIsKnown(t *testing.T) {
	now := time.Now()
	a := saved(t, &now)
	file, err := a.Files.Put("biên bản.txt", strings.NewReader("nội dung"), 100)
	if err != nil {
		t.Fatal(err)
	}
	// The file that a record holds is damaged behind the program's back.
	holdFile(t, a, file.Hash, file.Size)
	place := filepath.Join(a.config.Data, "files", file.Hash[:2], file.Hash[2:4], file.Hash)
	if err := os.WriteFile(place, []byte("nội dunh"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := a.backUpIfDue(t.Context()); err == nil {
		t.Fatal("the damage was not seen")
	}
	last := runs(t, a)[0]
	if last.Failure == "" {
		t.Error("the failure was not kept for the administrator")
	}
	if err := os.WriteFile(place, []byte("nội dung"), 0o600); err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Hour)
	if err := a.backUpIfDue(t.Context()); err != nil {
		t.Error(err)
	}
	if last := runs(t, a)[0]; last.Failure != "" {
		t.Errorf("the second try: %s", last.Failure)
	}
}

func holdFile(t *testing.T, a *App, hash string, size int64) {
	t.Helper()
	if err := a.DB.Update(t.Context(), func(tx *db.Tx) error {
		roots, err := orgtree.Roots(tx)
		if err != nil {
			return err
		}
		_, err = attachment.Add(tx, access.Console(), attachment.New{
			Unit: roots[0].ID, Noun: "unit", NounID: 1, Name: "biên bản.txt", Media: "text/plain", Hash: hash, Size: size,
		})
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
