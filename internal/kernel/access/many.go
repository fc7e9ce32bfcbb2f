package access

import (
	"chibo/internal/platform/db"
	"chibo/internal/platform/id"
)

// GiveAll is Give for many at once.
func GiveAll(tx *db.Tx, grants []Grant) error {
	_, err := tx.Insert("role_grant", grantColumns, func(yield func([]any, error) bool) {
		for _, g := range grants {
			if !yield([]any{id.New[Grant](), g.Person, g.Unit, g.Role, nullable(g.Subject), g.From, g.To, g.Source}, nil) {
				return
			}
		}
	})
	return err
}

var grantColumns = []string{"id", "person_id", "unit_id", "role", "subject", "from_day", "to_day", "source"}
