// Package schema holds the numbered SQL of every table and brings a database
// to the program's version. One text serves both engines.
package schema

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"

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
	at, err := provider.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	if newest := Newest(); at > newest {
		return errs.New(errs.Unavailable, "errs.newer_database", at, newest)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
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
	dialect := goose.DialectSQLite3
	if d.Dialect() == db.Postgres {
		dialect = goose.DialectPostgres
	}
	return goose.NewProvider(dialect, d.Pool(), files, goose.WithDisableGlobalRegistry(true))
}
