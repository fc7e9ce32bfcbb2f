package overview

import (
	"context"

	"chibo/internal/platform/db"
)

// KeptList is the list as the job keeps it, which See reads of units with many
// cells.
var KeptList = watchList

// WatchPart is a Watch that is cut off after so many steps of one unit each; it
// reports whether any were left.
func WatchPart(ctx context.Context, d *db.DB, steps int) (left bool, err error) {
	p, err := takeUp(ctx, d)
	for range steps {
		if err != nil || len(p.left) == 0 {
			return false, err
		}
		err = p.step(ctx, d, 1)
	}
	return len(p.left) > 0, err
}
