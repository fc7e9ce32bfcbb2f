package app

import (
	"context"
	"os"
	"runtime"
	"syscall"
	"time"

	"chibo/internal/platform/db"
	"chibo/internal/schema"
	"chibo/internal/web/page"
)

// machine gives what the program knows of itself, each time anew.
func (a *App) machine() func() page.Machine {
	m := page.Machine{
		Program: Version(), Runtime: runtime.Version(), Engine: a.engine(), Schema: schema.Newest(),
		Started: a.DB.Now(), Data: a.config.Data, Backups: a.config.Backups != "",
	}
	return func() page.Machine {
		now := m
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		now.Memory = memory.Sys - memory.HeapReleased
		now.Database = a.databaseSize()
		var disk syscall.Statfs_t
		if syscall.Statfs(a.config.Data, &disk) == nil {
			now.Room = disk.Bavail * uint64(disk.Bsize)
		}
		return now
	}
}

// engine is the name and version of the database engine.
func (a *App) engine() string {
	name, question := "SQLite", `SELECT sqlite_version()`
	if a.DB.Dialect() == db.Postgres {
		name, question = "PostgreSQL", `SHOW server_version`
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	var version string
	if err := a.DB.Pool().QueryRowContext(ctx, question).Scan(&version); err != nil {
		return name
	}
	return name + " " + version
}

// databaseSize is what the files of SQLite take; 0 on PostgreSQL, whose own
// tools tell.
func (a *App) databaseSize() (bytes uint64) {
	if a.DB.Dialect() == db.Postgres {
		return 0
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if info, err := os.Stat(a.config.address() + suffix); err == nil {
			bytes += uint64(info.Size())
		}
	}
	return bytes
}
