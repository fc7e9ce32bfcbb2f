package db

import (
	"context"
	"errors"
)

// openReplica prepares to read from a copy of the database that may lag behind.
// It does not connect: the program starts without its replica too.
func (d *DB) openReplica(address string, o Options) error {
	if d.dialect != Postgres || !isPostgres(address) {
		return errors.New("only PostgreSQL has replicas")
	}
	pool, err := openPool(address, o)
	if err != nil {
		return err
	}
	d.replica = &postgres{pool}
	return nil
}

// ViewStale runs fn on a snapshot that may be some seconds old, on the replica
// if there is one and it answers: for figures and lists that read much. Who may
// see them is asked before, by View. Without an answer fn runs again, by View.
func (d *DB) ViewStale(ctx context.Context, fn func(*Tx) error) error {
	if d.replica == nil {
		return d.View(ctx, fn)
	}
	if err := refuseNesting(ctx); err != nil {
		return err
	}
	err := d.replica.try(ctx, d, reading, fn)
	if away(err) {
		return d.View(ctx, fn)
	}
	return err
}

// HasReplica reports whether ViewStale may read elsewhere than View.
func (d *DB) HasReplica() bool { return d.replica != nil }
