package db

import (
	sqldriver "database/sql/driver"
	"errors"
	"io"
	"io/fs"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	driver "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
	"zombiezen.com/go/sqlite"

	"chibo/internal/platform/errs"
)

// classify gives a database's error its kind. Errors that it does not know
// stay as they are, and so Internal.
func classify(err error) error {
	var pg *pgconn.PgError
	switch {
	case errors.As(err, &pg):
		return classifyPostgres(pg, err)
	case codeOfSQLite(err) != 0:
		return classifySQLite(codeOfSQLite(err), err)
	case unreachable(err):
		return errs.Wrap(err, errs.Unavailable, "errs.unavailable")
	}
	return err
}

// unreachable reports what stands between the program and its database.
func unreachable(err error) bool {
	for _, known := range []error{
		syscall.ENOSPC, syscall.EROFS, fs.ErrPermission,
		syscall.ECONNREFUSED, syscall.ECONNRESET, syscall.ETIMEDOUT, syscall.EPIPE, io.ErrUnexpectedEOF, sqldriver.ErrBadConn,
	} {
		if errors.Is(err, known) {
			return true
		}
	}
	var connect *pgconn.ConnectError
	return errors.As(err, &connect) || pgconn.SafeToRetry(err)
}

func classifySQLite(code int, err error) error {
	switch code {
	case lib.SQLITE_CONSTRAINT_UNIQUE, lib.SQLITE_CONSTRAINT_PRIMARYKEY:
		return errs.Wrap(err, errs.Conflict, "errs.duplicate")
	case lib.SQLITE_CONSTRAINT_FOREIGNKEY:
		return errs.Wrap(err, errs.Conflict, "errs.in_use")
	}
	switch code & 0xff {
	case lib.SQLITE_FULL:
		return errs.Wrap(err, errs.Unavailable, "errs.disk_full")
	case lib.SQLITE_READONLY, lib.SQLITE_CANTOPEN, lib.SQLITE_PERM:
		return errs.Wrap(err, errs.Unavailable, "errs.read_only")
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED, lib.SQLITE_IOERR:
		return errs.Wrap(err, errs.Unavailable, "errs.unavailable")
	}
	return err
}

// The codes are those of PostgreSQL's documentation, appendix A.
func classifyPostgres(pg *pgconn.PgError, err error) error {
	switch pg.Code {
	case "23505":
		return errs.Wrap(err, errs.Conflict, "errs.duplicate")
	case "23503":
		return errs.Wrap(err, errs.Conflict, "errs.in_use")
	case "53100":
		return errs.Wrap(err, errs.Unavailable, "errs.disk_full")
	case "25006":
		return errs.Wrap(err, errs.Unavailable, "errs.read_only")
	}
	if retryable(err) {
		return errs.Wrap(err, errs.Unavailable, "errs.unavailable")
	}
	if pg.Code[:2] == "08" || pg.Code[:2] == "53" || pg.Code[:2] == "57" {
		return errs.Wrap(err, errs.Unavailable, "errs.unavailable")
	}
	return err
}

// retryable reports a serialisation failure or a deadlock.
func retryable(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}

// violated reports a constraint of SQLite, which undoes its statement and
// leaves the transaction alone.
func violated(err error) bool {
	return codeOfSQLite(err)&0xff == lib.SQLITE_CONSTRAINT
}

// codeOfSQLite is the engine's number for what went wrong, whether Pool or a
// connection of ours met it; 0 for what is none of its errors.
func codeOfSQLite(err error) int {
	var pooled *driver.Error
	if errors.As(err, &pooled) {
		return pooled.Code()
	}
	if code := sqlite.ErrCode(err); code != sqlite.ResultError {
		return int(code)
	}
	return 0
}
