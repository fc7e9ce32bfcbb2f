package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"chibo/internal/backup"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

const (
	archivePrefix, archiveSuffix = "chibo-", ".tar.zst"
	// backupEvery is how old the newest backup of a serving program becomes.
	backupEvery = 24 * time.Hour
)

// Backup writes an archive into the folder and proves it by bringing it back
// into a place of its own, where everything is checked. The archive appears
// under its name when it is whole. How it went is kept for the administrator.
func (a *App) Backup(ctx context.Context, folder string) (run backup.Run, err error) {
	began := time.Now()
	run.At = a.DB.Now()
	run.Place = filepath.Join(folder, archivePrefix+run.At.UTC().Format("20060102-150405")+archiveSuffix)
	m, err := a.write(ctx, run.Place)
	if err == nil {
		err = a.Drill(ctx, run.Place)
	}
	run.Took, run.Records = time.Since(began), m.Rows()
	if info, missing := os.Stat(run.Place); missing == nil {
		run.Size = info.Size()
	}
	if err != nil {
		run.Failure = err.Error()
	}
	return run, errors.Join(err, a.DB.Update(context.WithoutCancel(ctx), func(tx *db.Tx) error { return backup.Note(tx, run) }))
}

// write makes the archive under another name and moves it to its place when its
// bytes are on the disk.
func (a *App) write(ctx context.Context, place string) (m backup.Manifest, err error) {
	folder := filepath.Dir(place)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return m, errs.Wrap(err, errs.Unavailable, "errs.data_folder", folder)
	}
	draft, err := os.CreateTemp(folder, archivePrefix+"*.part")
	if err != nil {
		return m, errs.Wrap(err, errs.Unavailable, "errs.data_folder", folder)
	}
	defer os.Remove(draft.Name())
	m, err = backup.Write(ctx, a.place(), Version(), folder, draft)
	if err := errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return m, err
	}
	return m, os.Rename(draft.Name(), place)
}

func (a *App) place() backup.Place {
	return backup.Place{DB: a.DB, Files: a.Files, Witness: a.Witness()}
}

// Drill brings the archive back into a temporary place beside it and checks
// everything there, as a restore would. Nothing of this installation changes.
func (a *App) Drill(ctx context.Context, archive string) (err error) {
	folder, err := os.MkdirTemp(filepath.Dir(archive), "drill-")
	if err != nil {
		return errs.Wrap(err, errs.Unavailable, "errs.data_folder", filepath.Dir(archive))
	}
	defer os.RemoveAll(folder)
	secret, err := os.ReadFile(a.config.secretFile())
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, SecretName), secret, 0o600); err != nil {
		return err
	}
	trial, err := Open(ctx, Config{Data: folder, Now: a.config.Now})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, trial.Close()) }()
	if _, err := trial.Restore(ctx, archive); err != nil {
		return err
	}
	_, err = trial.Check(ctx, nil)
	return err
}

// Restore brings the archive into this installation, which must be empty and
// hold the secret with which the archive was made.
func (a *App) Restore(ctx context.Context, archive string) (m backup.Manifest, err error) {
	f, err := os.Open(archive)
	if err != nil {
		return m, err
	}
	defer f.Close()
	return backup.Restore(ctx, f, a.place())
}

// backUpIfDue makes the daily backup, and removes the oldest of more than keep.
func (a *App) backUpIfDue(ctx context.Context) error {
	var last []backup.Run
	if err := a.DB.View(ctx, func(tx *db.Tx) (err error) {
		last, err = backup.Runs(tx, 1)
		return err
	}); err != nil {
		return err
	}
	if len(last) > 0 && last[0].Failure == "" && a.DB.Now().Sub(last[0].At) < backupEvery {
		return nil
	}
	if _, err := a.Backup(ctx, a.config.Backups); err != nil {
		return err
	}
	return a.dropOldBackups()
}

// dropOldBackups leaves the newest archives, and every file that has not the
// name of one.
func (a *App) dropOldBackups() error {
	entries, err := os.ReadDir(a.config.Backups)
	if err != nil {
		return err
	}
	var archives []string
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), archivePrefix) && strings.HasSuffix(entry.Name(), archiveSuffix) {
			archives = append(archives, entry.Name())
		}
	}
	slices.Sort(archives)
	for _, name := range archives[:max(0, len(archives)-a.config.backupsKept())] {
		if err := os.Remove(filepath.Join(a.config.Backups, name)); err != nil {
			return fmt.Errorf("remove an old backup: %w", err)
		}
	}
	return nil
}

// Version is the version of the program: the module's, or the commit that it
// was built from.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" && len(setting.Value) >= 12 {
			return setting.Value[:12]
		}
	}
	return info.Main.Version
}
