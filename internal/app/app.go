// Package app puts the program together: it opens what the settings name,
// serves pages, and does what is due in the background.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"chibo/internal/platform/blob"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/schema"
	"chibo/locales"
)

// App is an opened chibo.
type App struct {
	DB        *db.DB
	Files     *blob.Store
	Catalogue *i18n.Catalogue
	Log       *slog.Logger
	config    Config
}

// Open opens the database, brings it to the program's version, and opens the
// files beside it. A folder that cannot be written is errs.Unavailable.
func Open(ctx context.Context, c Config) (*App, error) {
	if err := c.Outside.check(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, errs.Wrap(err, errs.Unavailable, "errs.data_folder", c.Data)
	}
	secret, err := c.secret()
	if err != nil {
		return nil, errs.Wrap(err, errs.Unavailable, "errs.data_folder", c.Data)
	}
	catalogue, err := locales.Load()
	if err != nil {
		return nil, fmt.Errorf("read messages: %w", err)
	}
	files, err := blob.NewStore(filepath.Join(c.Data, "files"))
	if err != nil {
		return nil, err
	}
	database, err := db.Open(ctx, c.address(), db.Options{Now: c.Now, Connections: c.Connections, Replica: c.Replica, Secret: secret})
	if err != nil {
		return nil, err
	}
	if err := schema.Apply(ctx, database); err != nil {
		return nil, errors.Join(err, database.Close())
	}
	return &App{
		DB: database, Files: files, Catalogue: catalogue, config: c,
		Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
	}, nil
}

// Close waits for what is under way and closes the database.
func (a *App) Close() error { return a.DB.Close() }
