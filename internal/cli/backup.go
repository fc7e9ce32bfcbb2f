package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"chibo/internal/app"
	"chibo/internal/platform/errs"
)

type backupCommand struct {
	To   string `help:"Folder of the archives." default:"backups" env:"CHIBO_BACKUPS" type:"path"`
	JSON bool   `name:"json" help:"Print one JSON line, last."`
}

// Run writes an archive while the program may be serving, brings it back into
// a place of its own, and checks that.
func (c *backupCommand) Run(k *console) (err error) {
	a, err := k.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	run, err := a.Backup(k.ctx, c.To)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(k.out).Encode(map[string]any{
			"archive": run.Place, "bytes": run.Size, "records": run.Records, "seconds": run.Took.Seconds(), "drill": "passed",
		})
	}
	fmt.Fprintf(k.out, "%s: %d records, %.1f MB; brought back for trial and found equal\n", run.Place, run.Records, float64(run.Size)/(1<<20))
	fmt.Fprintf(k.out, "keep %s apart from it: without that key it cannot be brought back\n", filepath.Join(k.config.Data, app.SecretName))
	return nil
}

type restoreCommand struct {
	Archive string `arg:"" help:"An archive that backup wrote." type:"existingfile"`
	Key     string `help:"The secret.key of the installation that was saved, unless it lies in the data folder." type:"existingfile" placeholder:"FILE"`
	Drill   bool   `help:"Only try it in a temporary place, and check that."`
	Apply   bool   `help:"Do it; without this nothing is written."`
}

// Run brings an archive into an empty installation and checks it.
func (c *restoreCommand) Run(k *console) (err error) {
	if !c.Apply && !c.Drill {
		fmt.Fprintf(k.out, "dry run: --apply would bring %s into %s; --drill tries it elsewhere\n", c.Archive, k.config.Data)
		return nil
	}
	if err := c.placeKey(k.config.Data); err != nil {
		return err
	}
	a, err := k.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	if c.Drill {
		if err := a.Drill(k.ctx, c.Archive); err != nil {
			return err
		}
		fmt.Fprintln(k.out, "the archive was brought back in a temporary place; every table, entry and file is as it was saved")
		return nil
	}
	m, err := a.Restore(k.ctx, c.Archive)
	if err != nil {
		return err
	}
	found, err := a.Check(k.ctx, k.tellCheck())
	if err != nil {
		return err
	}
	fmt.Fprintf(k.out, "restored %d records and %d files of %s; journal: %d entries, all as they were written\n",
		m.Rows(), found.Files, m.At.Format("2006-01-02 15:04"), found.Entries)
	return nil
}

// placeKey puts the key where the program looks for it. Without a key, a new
// one would be made, which opens nothing.
func (c *restoreCommand) placeKey(folder string) error {
	place := filepath.Join(folder, app.SecretName)
	_, err := os.Stat(place)
	switch {
	case err == nil && c.Key != "":
		return errs.New(errs.Conflict, "backup.error.key_there", folder)
	case err == nil:
		return nil
	case c.Key == "":
		return errs.New(errs.Invalid, "backup.error.key_missing", folder)
	}
	key, err := os.ReadFile(c.Key)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return errs.Wrap(err, errs.Unavailable, "errs.data_folder", folder)
	}
	return os.WriteFile(place, key, 0o600)
}
