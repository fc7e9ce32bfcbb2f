package backup

import (
	"time"

	"chibo/internal/platform/db"
	"chibo/internal/platform/id"
)

// Run is a backup that was tried.
type Run struct {
	At      time.Time
	Took    time.Duration
	Place   string // path of the archive
	Size    int64  // bytes
	Records int64
	// Failure is what went wrong with the backup, or with bringing it back for
	// trial; "" when both went well.
	Failure string
}

// Note keeps how a backup went.
func Note(tx *db.Tx, r Run) error {
	_, err := tx.Exec(`INSERT INTO backup_run (id, at, took, place, size, records, failure) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		id.New[Run](), r.At, r.Took, r.Place, r.Size, r.Records, r.Failure)
	return err
}

// Runs are the last backups, the newest first. Whoever asks has the right to see
// the settings of the program.
func Runs(tx *db.Tx, most int) ([]Run, error) {
	return db.All(tx, scanRun, `SELECT at, took, place, size, records, failure FROM backup_run ORDER BY at DESC, id DESC LIMIT $1`, most)
}

func scanRun(row db.Row) (r Run, err error) {
	return r, row.Scan(db.Instant(&r.At), db.Duration(&r.Took), &r.Place, &r.Size, &r.Records, &r.Failure)
}
