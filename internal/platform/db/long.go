package db

import (
	"context"
)

// longMost is how many long reads run at a time: the short reads of everybody
// else need the rest of the connections, of which SQLite has four for readers.
func longMost(dialect Dialect, connections int) int {
	if dialect == Postgres {
		return max(2, connections/4)
	}
	return readers / 2
}

// ViewLong is View for a read that takes minutes and hands on what it finds
// while it reads, such as an export: Each gives rows as they come, on both
// engines. fn runs once, even where View would run it again: what it has handed
// on cannot be taken back. Few run at a time, others wait for their turn.
//
// All that fn reads is of one moment, and somebody pays for that as long as it
// runs: SQLite cannot begin its WAL anew, which grows by what is written
// meanwhile, and PostgreSQL keeps every row that is replaced. So fn waits for the
// database and the disk and for nothing else; what a network takes at its own
// pace goes through package spool.
func (d *DB) ViewLong(ctx context.Context, fn func(*Tx) error) error {
	if err := refuseNesting(ctx); err != nil {
		return err
	}
	select {
	case d.long <- struct{}{}:
		defer func() { <-d.long }()
	case <-ctx.Done():
		return ctx.Err()
	}
	return d.engine.viewOnce(ctx, d, fn)
}

// viewOnce is view: nothing makes SQLite run a reading function again.
func (s *sqliteEngine) viewOnce(ctx context.Context, d *DB, fn func(*Tx) error) error {
	return s.view(ctx, d, fn)
}

func (p *postgres) viewOnce(ctx context.Context, d *DB, fn func(*Tx) error) error {
	return p.try(ctx, d, reading, fn)
}
