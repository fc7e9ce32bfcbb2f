package db

import (
	"database/sql"
	"path/filepath"
	"sync/atomic"
	"testing"
)

// The two benchmarks store the same row with the same durability from as many
// goroutines: through the bare driver with a commit each, and through Update.
const writersAtOnce = 32

func BenchmarkBareDriver(b *testing.B) {
	pool, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "bare.db")+
		"?_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(10000)")
	if err != nil {
		b.Fatal(err)
	}
	defer pool.Close()
	pool.SetMaxOpenConns(1)
	if _, err := pool.Exec(`CREATE TABLE entry (id BIGINT PRIMARY KEY, name TEXT)`); err != nil {
		b.Fatal(err)
	}
	statement, err := pool.Prepare(`INSERT INTO entry (id, name) VALUES ($1, $2)`)
	if err != nil {
		b.Fatal(err)
	}
	var last atomic.Int64
	b.SetParallelism(writersAtOnce / 2)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := bare(pool, statement, last.Add(1)); err != nil {
				b.Error(err)
			}
		}
	})
}

func bare(pool *sql.DB, statement *sql.Stmt, id int64) error {
	tx, err := pool.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.Stmt(statement).Exec(id, "a name"); err != nil {
		return err
	}
	return tx.Commit()
}

func BenchmarkGroupCommit(b *testing.B) {
	d := openFile(b)
	define(b, d, `CREATE TABLE entry (id BIGINT PRIMARY KEY, name TEXT)`)
	var last atomic.Int64
	b.SetParallelism(writersAtOnce / 2)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := d.Update(background, func(tx *Tx) error {
				_, err := tx.Exec(`INSERT INTO entry (id, name) VALUES ($1, $2)`, last.Add(1), "a name")
				return err
			}); err != nil {
				b.Error(err)
			}
		}
	})
}

func BenchmarkView(b *testing.B) {
	d := openFile(b)
	for b.Loop() {
		if err := d.View(b.Context(), func(tx *Tx) error {
			_, err := All(tx, Column[string], `SELECT name FROM item WHERE size = $1`, 1)
			return err
		}); err != nil {
			b.Fatal(err)
		}
	}
}
