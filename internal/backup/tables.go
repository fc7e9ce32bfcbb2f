package backup

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"iter"
	"math"
	"slices"
	"strings"

	"chibo/internal/platform/db"
	"chibo/internal/schema"
)

// copyTables copies every row, table after table, and takes their digests on
// the way. In the target lies at most what the schema brings along.
func copyTables(tables []schema.Table, from, to *db.Tx) ([]Digest, error) {
	for _, t := range slices.Backward(tables) {
		if _, err := to.Exec(`DELETE FROM ` + t.Name); err != nil {
			return nil, err
		}
	}
	digests := make([]Digest, 0, len(tables))
	for _, t := range tables {
		sum := newSum()
		if _, err := to.Insert(t.Name, t.Columns, rows(from, t, sum)); err != nil {
			return nil, err
		}
		digests = append(digests, sum.of(t))
	}
	return digests, nil
}

// digestTables takes the digests of what lies in a database.
func digestTables(tables []schema.Table, tx *db.Tx) ([]Digest, error) {
	digests := make([]Digest, 0, len(tables))
	for _, t := range tables {
		sum := newSum()
		for _, err := range rows(tx, t, sum) {
			if err != nil {
				return nil, err
			}
		}
		digests = append(digests, sum.of(t))
	}
	return digests, nil
}

// rows are all rows of a table in the order of its key, each added to the sum.
func rows(tx *db.Tx, t schema.Table, sum *sum) iter.Seq2[[]any, error] {
	query := fmt.Sprintf("SELECT %s FROM %s ORDER BY %s", strings.Join(t.Columns, ", "), t.Name, strings.Join(t.Key, ", "))
	scan := func(row db.Row) ([]any, error) {
		values, into := make([]any, len(t.Columns)), make([]any, len(t.Columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := row.Scan(into...); err != nil {
			return nil, err
		}
		for i, column := range t.Columns {
			if n, ok := values[i].(int64); ok && t.Truths[column] {
				values[i] = n == 1
			}
		}
		return values, sum.add(values)
	}
	return func(yield func([]any, error) bool) {
		err := db.Each(tx, scan, func(values []any) error {
			if !yield(values, nil) {
				return errEnough
			}
			return nil
		}, query)
		if err != nil && err != errEnough {
			yield(nil, err)
		}
	}
}

var errEnough = fmt.Errorf("the reader has enough")

// sum is the digest of a table under way. Every value is written with its kind
// and length, so that no two different rows give the same bytes.
type sum struct {
	hash.Hash
	rows   int64
	buffer []byte
}

func newSum() *sum { return &sum{Hash: sha256.New()} }

func (s *sum) add(values []any) error {
	b := s.buffer[:0]
	for _, value := range values {
		switch v := value.(type) {
		case nil:
			b = append(b, 'n')
		case int64:
			b = binary.BigEndian.AppendUint64(append(b, 'i'), uint64(v))
		case float64:
			b = binary.BigEndian.AppendUint64(append(b, 'f'), math.Float64bits(v))
		case bool:
			b = append(b, 'b', map[bool]byte{true: 1}[v])
		case string:
			b = append(binary.BigEndian.AppendUint64(append(b, 's'), uint64(len(v))), v...)
		default:
			return fmt.Errorf("a column holds a %T", value)
		}
	}
	s.buffer = b
	s.rows++
	_, err := s.Write(b)
	return err
}

func (s *sum) of(t schema.Table) Digest {
	return Digest{Table: t.Name, Rows: s.rows, Hash: hex.EncodeToString(s.Sum(nil))}
}
