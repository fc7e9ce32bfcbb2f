// Package schema holds the numbered SQL of every table and brings a database
// to the program's version. One text serves both engines.
package schema

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"time"

	"github.com/pressly/goose/v3"

	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

//go:embed *.sql
var files embed.FS

// Apply runs the migrations that the database lacks, each in a transaction.
// A database that is newer than the program is refused with errs.Unavailable.
func Apply(ctx context.Context, d *db.DB) error {
	provider, err := open(d)
	if err != nil {
		return err
	}
	for idle, at := 0, int64(-1); ; {
		now, err := up(ctx, provider)
		if err == nil || errs.Is(err, errs.Unavailable) {
			return err
		}
		// Several processes may start on one database. Each migration is a
		// transaction that makes something new: of two that run it at once one
		// fails, and looks how far the other has come.
		if idle++; now > at {
			idle, at = 0, now
		}
		if idle == triesMost {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
	}
}

const (
	// triesMost is how often it is tried without coming further.
	triesMost = 3
	pause     = 200 * time.Millisecond
)

// up migrates, and gives the version from which it began.
func up(ctx context.Context, provider *goose.Provider) (at int64, err error) {
	if at, err = provider.GetDBVersion(ctx); err != nil {
		return -1, fmt.Errorf("read schema version: %w", err)
	}
	if newest := Newest(); at > newest {
		return at, errs.New(errs.Unavailable, "errs.newer_database", at, newest)
	}
	if _, err := provider.Up(ctx); err != nil {
		return at, fmt.Errorf("migrate: %w", err)
	}
	return at, nil
}

// Version is the schema version of the database.
func Version(ctx context.Context, d *db.DB) (int64, error) {
	provider, err := open(d)
	if err != nil {
		return 0, err
	}
	return provider.GetDBVersion(ctx)
}

// Newest is the schema version of the program.
func Newest() int64 {
	names, _ := fs.Glob(files, "*.sql")
	var newest int64
	for _, name := range names {
		if v, err := goose.NumericComponent(name); err == nil && v > newest {
			newest = v
		}
	}
	return newest
}

// Fingerprint is a digest of all the SQL: the same tables, the same digest.
func Fingerprint() string {
	h := sha256.New()
	names, _ := fs.Glob(files, "*.sql")
	for _, name := range names {
		text, _ := files.ReadFile(name)
		fmt.Fprintf(h, "%s %d\n%s", name, len(text), text)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func open(d *db.DB) (*goose.Provider, error) {
	dialect, texts := goose.DialectSQLite3, fs.FS(sqliteFiles{files})
	if d.Dialect() == db.Postgres {
		dialect, texts = goose.DialectPostgres, files
	}
	return goose.NewProvider(dialect, d.Pool(), texts, goose.WithDisableGlobalRegistry(true))
}

// sqliteFiles are the files as SQLite shall read them. Only an INTEGER PRIMARY
// KEY is the number by which it keeps the rows (of 64 bits, whatever its name);
// any other key is an index beside the table, to be searched and written too.
type sqliteFiles struct{ fs.FS }

var numericKey = regexp.MustCompile(`\bBIGINT( +PRIMARY KEY)`)

// Open makes sqliteFiles an fs.FS.
func (f sqliteFiles) Open(name string) (fs.File, error) {
	file, err := f.FS.Open(name)
	if err != nil || path.Ext(name) != ".sql" {
		return file, err
	}
	text, err := io.ReadAll(file)
	return sqlFile{file, bytes.NewReader(numericKey.ReplaceAll(text, []byte("INTEGER$1")))}, err
}

// sqlFile is a file with another text.
type sqlFile struct {
	fs.File
	text *bytes.Reader
}

func (f sqlFile) Read(p []byte) (int, error) { return f.text.Read(p) }
