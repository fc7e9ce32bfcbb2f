package journal

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"strings"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// Load is what the journal says of records that were not entered by verbs but
// loaded in bulk, into an empty installation: at the beginning what is to come,
// then one entry for each batch with a digest of its rows in the transaction
// that loads them, at last that it is whole. Between begin and end the
// installation is not to be used.
type Load struct {
	// What tells the loader how to go on with a load that was cut off.
	What    json.RawMessage `json:"what"`
	Batches int             `json:"batches"`
	Tables  []LoadedTable   `json:"tables"`
}

// LoadedTable says which columns the digests cover, in which order, and by which
// of them, the primary key, the rows are ordered.
type LoadedTable struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
	Key     []string `json:"key"`
	// Nouns are those whose entries tell of changes to the rows; none are all that
	// happens at their units.
	Nouns []string `json:"nouns,omitempty"`
}

// Batch is what was loaded in one transaction.
type Batch struct {
	Number  int      `json:"number"`
	Extents []Extent `json:"extents"`
}

// Extent is rows of a table without a gap: all whose key begins with a number
// from First to Last, and no others.
type Extent struct {
	Table  string `json:"table"`
	First  int64  `json:"first"`
	Last   int64  `json:"last"`
	Rows   int64  `json:"rows"`
	SHA256 string `json:"sha256"`
}

// The verbs of a load, and its noun; the id of a batch is its number.
const (
	loadNoun  = "load"
	loadBegin = "load.Begin"
	loadBatch = "load.Batch"
	loadEnd   = "load.End"
)

// BeginLoad, WriteBatch and EndLoad journal the steps of a load. The console
// alone loads.
func BeginLoad(tx *db.Tx, by access.Actor, unit orgtree.ID, l Load) error {
	return writeLoad(tx, by, Change{Unit: unit, Verb: loadBegin, Noun: loadNoun, After: l})
}

func WriteBatch(tx *db.Tx, by access.Actor, unit orgtree.ID, b Batch) error {
	return writeLoad(tx, by, Change{Unit: unit, Verb: loadBatch, Noun: loadNoun, ID: int64(b.Number), After: b})
}

func EndLoad(tx *db.Tx, by access.Actor, unit orgtree.ID) error {
	return writeLoad(tx, by, Change{Unit: unit, Verb: loadEnd, Noun: loadNoun})
}

func writeLoad(tx *db.Tx, by access.Actor, c Change) error {
	if !by.Console {
		return errs.New(errs.Denied, "errs.denied")
	}
	return Write(tx, by, c)
}

// Progress is how far a load has come.
type Progress struct {
	Load
	Begun, Ended bool
	Done         map[int]bool // the batches that are loaded
}

// Loading is the load of this installation, if there ever was one.
func Loading(tx *db.Tx) (Progress, error) {
	p := Progress{Done: map[int]bool{}}
	type head struct {
		verb    string
		number  int
		content string
	}
	return p, db.Each(tx, func(row db.Row) (h head, err error) {
		return h, row.Scan(&h.verb, &h.number, &h.content)
	}, func(h head) error {
		switch h.verb {
		case loadBegin:
			p.Begun = true
			var content struct{ After *Load }
			content.After = &p.Load
			return json.Unmarshal([]byte(h.content), &content)
		case loadBatch:
			p.Done[h.number] = true
		case loadEnd:
			p.Ended = true
		}
		return nil
	}, `SELECT verb, noun_id, CASE WHEN verb = '`+loadBegin+`' THEN content ELSE '' END FROM journal WHERE noun = '`+loadNoun+`'`)
}

// HalfLoaded reports that a load was begun and not ended.
func HalfLoaded(tx *db.Tx) (bool, error) {
	return db.One(tx, db.Column[bool], `SELECT count(CASE WHEN verb = '`+loadBegin+`' THEN 1 END) > count(CASE WHEN verb = '`+loadEnd+`' THEN 1 END)
		FROM journal WHERE noun = '`+loadNoun+`'`)
}

// Rows digests rows as they come, in the order of the key. The values are those
// that databases hold: whole numbers, texts, truths and nothing.
type Rows struct {
	sum   hash.Hash
	buf   []byte
	count int64
	first int64
	last  int64
}

// Add takes the next row, whose first value is the number that its key begins
// with.
func (r *Rows) Add(row []any) error {
	if r.sum == nil {
		r.sum = sha256.New()
	}
	r.buf = r.buf[:0]
	for _, value := range row {
		switch v := value.(type) {
		case nil:
			r.buf = append(r.buf, 'n')
		case int64:
			r.buf = binary.BigEndian.AppendUint64(append(r.buf, 'i'), uint64(v))
		case bool: // SQLite holds 1 and 0
			var n uint64
			if v {
				n = 1
			}
			r.buf = binary.BigEndian.AppendUint64(append(r.buf, 'i'), n)
		case string:
			r.buf = binary.BigEndian.AppendUint32(append(r.buf, 't'), uint32(len(v)))
			r.buf = append(r.buf, v...)
		default:
			return fmt.Errorf("a row to be digested holds %T", value)
		}
	}
	_, _ = r.sum.Write(r.buf) // never fails
	key, ok := row[0].(int64)
	if !ok {
		return fmt.Errorf("the key of a row begins with %T", row[0])
	}
	if r.count == 0 {
		r.first = key
	}
	r.last = key
	r.count++
	return nil
}

// Extent is what was added.
func (r *Rows) Extent(table string) Extent {
	if r.sum == nil {
		r.sum = sha256.New()
	}
	return Extent{Table: table, First: r.first, Last: r.last, Rows: r.count, SHA256: hex.EncodeToString(r.sum.Sum(nil))}
}

// LoadCheck is what VerifyLoad found.
type LoadCheck struct {
	Batches int   // that are as they were loaded
	Rows    int64 // that were read
	Changed int   // batches in which verbs have changed something since
}

// LoadDamage is rows that are not as they were loaded, though no entry of the
// journal tells of a change to the records of their batch.
type LoadDamage struct {
	Batch int
	Extent
}

// Error makes a LoadDamage an error.
func (d LoadDamage) Error() string {
	return fmt.Sprintf("loaded rows: table %s from %d to %d (batch %d) is not as it was loaded, and no entry of the journal tells of a change",
		d.Table, d.First, d.Last, d.Batch)
}

// VerifyLoad reads all that was loaded in bulk again and compares its digests.
// The journal itself is verified before. Rows that differ are in order if an entry
// tells of a change to such a record of the batch since: what it changed, the
// history of the record shows. Otherwise they are LoadDamage.
func VerifyLoad(tx *db.Tx, progress func(done, total int)) (c LoadCheck, err error) {
	p, err := Loading(tx)
	if err != nil || !p.Begun {
		return c, err
	}
	tables := map[string]LoadedTable{}
	for _, t := range p.Tables {
		tables[t.Name] = t
	}
	entries, err := db.All(tx, scan, `SELECT `+columns+` FROM journal j WHERE j.noun = '`+loadNoun+`' AND j.verb = '`+loadBatch+`' ORDER BY j.noun_id`)
	if err != nil {
		return c, err
	}
	for i, e := range entries {
		var b Batch
		if err := json.Unmarshal(e.After, &b); err != nil {
			return c, fmt.Errorf("batch %d: %w", e.NounID, err)
		}
		wrong, rows, err := b.differs(tx, tables)
		if err != nil {
			return c, err
		}
		c.Rows += rows
		if len(wrong) == 0 {
			c.Batches++
		} else if err := b.excuse(tx, tables, wrong); err != nil {
			return c, err
		} else {
			c.Changed++
		}
		if progress != nil {
			progress(i+1, len(entries))
		}
	}
	return c, nil
}

// excuse is LoadDamage for the first extent to whose change no entry testifies.
func (b Batch) excuse(tx *db.Tx, tables map[string]LoadedTable, wrong []Extent) error {
	for _, e := range wrong {
		told, err := b.changedSince(tx, tables[e.Table])
		if err != nil {
			return err
		}
		if !told {
			return LoadDamage{b.Number, e}
		}
	}
	return nil
}

// differs gives the extents whose rows are not those that were loaded.
func (b Batch) differs(tx *db.Tx, tables map[string]LoadedTable) (wrong []Extent, rows int64, err error) {
	for _, was := range b.Extents {
		t := tables[was.Table]
		var now Rows
		values, into := make([]any, len(t.Columns)), make([]any, len(t.Columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := db.Each(tx, func(row db.Row) ([]any, error) { return values, row.Scan(into...) }, now.Add,
			`SELECT `+strings.Join(t.Columns, ", ")+` FROM `+t.Name+` WHERE `+t.Key[0]+` >= $1 AND `+t.Key[0]+` <= $2 ORDER BY `+strings.Join(t.Key, ", "),
			was.First, was.Last); err != nil {
			return nil, rows, err
		}
		rows += now.count
		if now.Extent(was.Table) != was {
			wrong = append(wrong, was)
		}
	}
	return wrong, rows, nil
}

// changedSince reports whether an entry tells of a change to a record of the
// batch that the table may hold something of.
func (b Batch) changedSince(tx *db.Tx, t LoadedTable) (bool, error) {
	first, last := b.Extents[0].First, b.Extents[0].Last
	for _, e := range b.Extents {
		first, last = min(first, e.First), max(last, e.Last)
	}
	if len(t.Nouns) == 0 {
		return db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM journal WHERE noun <> '`+loadNoun+`' AND unit_id >= $1 AND unit_id <= $2)`, first, last)
	}
	for _, noun := range t.Nouns {
		told, err := db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM journal WHERE noun = $1 AND noun_id >= $2 AND noun_id <= $3)`, noun, first, last)
		if err != nil || told {
			return told, err
		}
	}
	return false, nil
}
