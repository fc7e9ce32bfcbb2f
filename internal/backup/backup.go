// Package backup writes all that an organisation has entrusted to the program
// into one archive, and brings it back, on the same engine or on the other.
//
// An archive is a tar compressed by zstd. Its manifest comes first: the number
// of rows and a digest of every table, sealed with a key made of the secret
// that lies outside the database. Then come the attached files under their
// hashes, the witness of the journal, and the tables as an SQLite database. The
// secret itself is not in it: whoever finds an archive can read it, but cannot
// forge what it holds, and whoever keeps it must keep secret.key elsewhere.
package backup

import (
	"archive/tar"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/klauspost/compress/zstd"

	"chibo/internal/kernel/attachment"
	"chibo/internal/platform/blob"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/schema"
)

// Manifest says what an archive holds.
type Manifest struct {
	Format  int       `json:"format"`
	Program string    `json:"program"`
	Engine  string    `json:"engine"` // of the database that was saved
	At      time.Time `json:"at"`
	Schema  int64     `json:"schema"`
	Tables  []Digest  `json:"tables"`
	Files   int       `json:"files"`
	// Key names the secret without which the archive cannot be brought back.
	Key string `json:"key"`
	// Seal is over all the rest.
	Seal string `json:"seal"`
}

// Digest is what a table held: the same rows, the same digest, on each engine.
type Digest struct {
	Table string `json:"table"`
	Rows  int64  `json:"rows"`
	Hash  string `json:"hash"`
}

// Rows counts the rows of all tables.
func (m Manifest) Rows() (n int64) {
	for _, t := range m.Tables {
		n += t.Rows
	}
	return n
}

const (
	format       = 1
	manifestName = "manifest.json"
	tablesName   = "chibo.db"
	witnessName  = "journal.roots"
	filesFolder  = "files/"
)

// Place is where the parts of an installation lie.
type Place struct {
	DB      *db.DB
	Files   *blob.Store
	Witness string // path; the file may be missing
}

// Write writes an archive of one moment to out, while the program goes on. The
// folder needs room for the tables once more.
func Write(ctx context.Context, from Place, program, folder string, out io.Writer) (m Manifest, err error) {
	draft, err := os.MkdirTemp(folder, "backup-")
	if err != nil {
		return m, errs.Wrap(err, errs.Unavailable, "errs.data_folder", folder)
	}
	defer os.RemoveAll(draft)
	copied := filepath.Join(draft, tablesName)
	m = Manifest{Format: format, Program: program, Engine: string(from.DB.Dialect()), At: from.DB.Now(), Schema: schema.Newest()}
	// The witness is read before the tables: it never knows more than they do.
	witness, err := os.ReadFile(from.Witness)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return m, err
	}
	var hashes []string
	if m.Tables, hashes, err = saveTables(ctx, from.DB, copied); err != nil {
		return m, err
	}
	m.Files = len(hashes)
	m.Key = keyName(from.DB)
	if m.Seal, err = seal(from.DB, m); err != nil {
		return m, err
	}
	a, err := newArchive(out)
	if err != nil {
		return m, err
	}
	if err := a.writeAll(ctx, m, from.Files, hashes, witness, copied); err != nil {
		return m, err
	}
	return m, a.close()
}

// saveTables copies all rows into a new SQLite database, and names the files
// that they hold, as of one moment.
func saveTables(ctx context.Context, from *db.DB, path string) (digests []Digest, hashes []string, err error) {
	to, err := db.Open(ctx, path, db.Options{})
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	if err := schema.Apply(ctx, to); err != nil {
		return nil, nil, err
	}
	err = from.View(ctx, func(source *db.Tx) error {
		hashes = nil
		if err := attachment.EachHash(source, func(hash string) error {
			hashes = append(hashes, hash)
			return nil
		}); err != nil {
			return err
		}
		return to.Update(ctx, func(target *db.Tx) (err error) {
			tables, err := schema.Tables(target)
			if err == nil {
				digests, err = copyTables(tables, source, target)
			}
			return err
		})
	})
	return digests, hashes, err
}

// keyName tells secrets apart without telling anything of them.
func keyName(d *db.DB) string { return hex.EncodeToString(d.Derive("backup key name"))[:12] }

func seal(d *db.DB, m Manifest) (string, error) {
	m.Seal = ""
	text, err := json.Marshal(m)
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, d.Derive("backup manifest"))
	mac.Write(text)
	return hex.EncodeToString(mac.Sum(nil)), nil
}

// archive is an archive being written.
type archive struct {
	zip *zstd.Encoder
	tar *tar.Writer
}

func newArchive(out io.Writer) (archive, error) {
	zip, err := zstd.NewWriter(out, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return archive{}, err
	}
	return archive{zip, tar.NewWriter(zip)}, nil
}

func (a archive) close() error { return errors.Join(a.tar.Close(), a.zip.Close()) }

func (a archive) writeAll(ctx context.Context, m Manifest, files *blob.Store, hashes []string, witness []byte, tables string) error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := a.bytes(manifestName, m.At, text); err != nil {
		return err
	}
	for _, hash := range hashes {
		if err := ctx.Err(); err != nil {
			return err
		}
		f, err := files.Open(hash)
		if err != nil {
			return err
		}
		if err := errors.Join(a.file(filesFolder+hash, m.At, f), f.Close()); err != nil {
			return err
		}
	}
	if err := a.bytes(witnessName, m.At, witness); err != nil {
		return err
	}
	f, err := os.Open(tables)
	if err != nil {
		return err
	}
	return errors.Join(a.file(tablesName, m.At, f), f.Close())
}

func (a archive) bytes(name string, at time.Time, content []byte) error {
	if err := a.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(content)), ModTime: at}); err != nil {
		return err
	}
	_, err := a.tar.Write(content)
	return err
}

func (a archive) file(name string, at time.Time, f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := a.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: info.Size(), ModTime: at}); err != nil {
		return err
	}
	_, err = io.Copy(a.tar, f)
	return err
}
