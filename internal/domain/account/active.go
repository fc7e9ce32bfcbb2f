package account

import (
	"fmt"
	"slices"
	"strings"

	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
)

// CanSignIn tells which of the people can sign in, and so read what the
// program tells them. The caller has checked the right to know.
func CanSignIn(tx *db.Tx, people []access.PersonID) (map[access.PersonID]bool, error) {
	able := make(map[access.PersonID]bool, len(people))
	for part := range slices.Chunk(people, 500) {
		marks, args := make([]string, len(part)), make([]any, len(part))
		for i, person := range part {
			marks[i], args[i] = fmt.Sprintf("$%d", i+1), int64(person)
		}
		err := db.Each(tx, db.Column[access.PersonID], func(person access.PersonID) error {
			able[person] = true
			return nil
		}, `SELECT person_id FROM account WHERE password <> '' AND blocked IS NULL AND person_id IN (`+strings.Join(marks, ", ")+`)`, args...)
		if err != nil {
			return nil, err
		}
	}
	return able, nil
}
