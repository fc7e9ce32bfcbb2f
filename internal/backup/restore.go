package backup

import (
	"archive/tar"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"

	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/schema"
)

// manifestMost bounds what is read before anything is known to be ours.
const manifestMost = 1 << 20

// Restore brings an archive into an empty installation; the rows come last and
// in one transaction, so that a restore that breaks off has restored nothing
// and can be begun again. An archive that is damaged, of another secret, or of
// a newer program is errs.Invalid; an installation that is in use errs.Conflict.
func Restore(ctx context.Context, archive io.Reader, to Place) (m Manifest, err error) {
	if err := refuseUsed(ctx, to.DB); err != nil {
		return m, err
	}
	zip, err := zstd.NewReader(archive, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return m, damaged(err)
	}
	defer zip.Close()
	parts := tar.NewReader(zip)
	if m, err = readManifest(parts, to.DB); err != nil {
		return m, err
	}
	files := 0
	for {
		part, err := parts.Next()
		switch {
		case errors.Is(err, io.EOF):
			return m, damaged(fmt.Errorf("%s is missing", tablesName))
		case err != nil:
			return m, damaged(err)
		case strings.HasPrefix(part.Name, filesFolder):
			if err := to.Files.Keep(strings.TrimPrefix(part.Name, filesFolder), parts); err != nil {
				return m, damaged(err)
			}
			files++
		case part.Name == witnessName:
			if err := writeFile(to.Witness, parts); err != nil {
				return m, err
			}
		case part.Name == tablesName:
			if files != m.Files {
				return m, damaged(fmt.Errorf("%d files of %d", files, m.Files))
			}
			return m, restoreTables(ctx, m, parts, to)
		}
	}
}

func damaged(err error) error { return errs.Wrap(err, errs.Invalid, "backup.error.damaged") }

// refuseUsed refuses a database in which anything was written.
func refuseUsed(ctx context.Context, d *db.DB) error {
	return d.View(ctx, func(tx *db.Tx) error {
		roots, err := orgtree.Roots(tx)
		if err == nil && len(roots) > 0 {
			err = errs.New(errs.Conflict, "backup.error.in_use")
		}
		return err
	})
}

func readManifest(parts *tar.Reader, d *db.DB) (m Manifest, err error) {
	part, err := parts.Next()
	if err != nil || part.Name != manifestName {
		return m, damaged(errors.Join(err, errors.New("no manifest")))
	}
	if err := json.NewDecoder(io.LimitReader(parts, manifestMost)).Decode(&m); err != nil {
		return m, damaged(err)
	}
	if m.Format != format || m.Schema > schema.Newest() {
		return m, errs.New(errs.Invalid, "backup.error.newer", m.Program)
	}
	if m.Key != keyName(d) {
		return m, errs.New(errs.Invalid, "backup.error.key", m.Key)
	}
	if want, err := seal(d, m); err != nil || want != m.Seal {
		return m, damaged(errors.Join(err, errors.New("the manifest was altered")))
	}
	return m, nil
}

func writeFile(path string, r io.Reader) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Sync(), f.Close())
}

// restoreTables proves the rows by their digests, brings them to the program's
// version, and copies them.
func restoreTables(ctx context.Context, m Manifest, r io.Reader, to Place) (err error) {
	draft, err := os.MkdirTemp(filepath.Dir(to.Witness), "restore-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(draft)
	path := filepath.Join(draft, tablesName)
	if err := writeFile(path, r); err != nil {
		return damaged(err)
	}
	from, err := db.Open(ctx, path, db.Options{})
	if err != nil {
		return damaged(err)
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	if err := prove(ctx, m, from); err != nil {
		return err
	}
	if err := schema.Apply(ctx, from); err != nil {
		return err
	}
	var tables []schema.Table
	var copied, arrived []Digest
	err = from.View(ctx, func(source *db.Tx) (err error) {
		if tables, err = schema.Tables(source); err != nil {
			return err
		}
		return to.DB.Update(ctx, func(target *db.Tx) (err error) {
			copied, err = copyTables(tables, source, target)
			return err
		})
	})
	if err != nil {
		return err
	}
	err = to.DB.View(ctx, func(tx *db.Tx) (err error) {
		arrived, err = digestTables(tables, tx)
		return err
	})
	if err != nil {
		return err
	}
	return compare(copied, arrived)
}

// prove reads every row of a saved database and compares it with the manifest.
func prove(ctx context.Context, m Manifest, d *db.DB) error {
	var found []Digest
	err := d.View(ctx, func(tx *db.Tx) error {
		tables, err := schema.Tables(tx)
		if err == nil {
			found, err = digestTables(tables, tx)
		}
		return err
	})
	if err != nil {
		return damaged(err)
	}
	return compare(m.Tables, found)
}

// compare names the first table that differs.
func compare(want, got []Digest) error {
	for _, w := range want {
		if !slices.Contains(got, w) {
			return damaged(fmt.Errorf("table %s is not as it was saved", w.Table))
		}
	}
	return nil
}
