package attachment

import (
	"strconv"

	"chibo/internal/platform/db"
)

// Counts is how many files each of the records has; records without any are
// left out. The list is bounded by the caller.
func Counts(tx *db.Tx, noun string, records []int64) (map[int64]int, error) {
	counts := map[int64]int{}
	if len(records) == 0 {
		return counts, nil
	}
	args := []any{}
	for _, record := range records {
		args = append(args, record)
	}
	args = append(args, noun)
	type count struct {
		record int64
		files  int
	}
	err := db.Each(tx, func(row db.Row) (c count, err error) {
		return c, row.Scan(&c.record, &c.files)
	}, func(c count) error {
		counts[c.record] = c.files
		return nil
	}, `SELECT noun_id, count(*) FROM attachment WHERE noun_id IN (`+placeholders(len(records))+`)
		AND noun = $`+strconv.Itoa(len(args))+` GROUP BY noun_id`, args...)
	return counts, err
}
