package journal

import (
	"errors"
	"fmt"
	"io"

	"golang.org/x/mod/sumdb/tlog"

	"chibo/internal/platform/db"
)

// What happened to a journal behind the program's back.
type What string

const (
	// Altered is an entry that is not as the program wrote it.
	Altered What = "was altered"
	// Removed is an entry that is gone.
	Removed What = "was removed"
	// Inserted is an entry that the program did not write: it has no valid seal.
	Inserted What = "was inserted"
	// Reordered is a true entry in another's place.
	Reordered What = "was moved to another place"
	// BodyChanged is a before or after that is not what was written.
	BodyChanged What = "has a changed body"
	// BodyRemoved is a before or after that is gone without an erasure.
	BodyRemoved What = "has lost its body without an erasure"
	// TreeChanged is a stored hash that does not follow from the entries.
	TreeChanged What = "has a wrong hash in the tree"
	// RootChanged is a signed root that does not follow from the entries, or
	// whose signature is not ours.
	RootChanged What = "does not fit the signed root of the tree that ends with it"
)

// Damage names the first entry that is not as it was written.
type Damage struct {
	// Position in the tree; -1 for an entry that has none yet.
	Position int64
	// Entry is zero where it is gone.
	Entry EntryID
	What  What
}

func (d Damage) Error() string {
	return fmt.Sprintf("journal: the entry at position %d (id %q) %s", d.Position, d.Entry, d.What)
}

// pageSize bounds the memory of Verify.
const pageSize = 1000

// Verify reads the whole journal and fails with Damage for the first entry
// that was altered, removed, inserted or moved behind the program's back, whose
// body was changed, or that does not fit the tree, its signed roots or those of
// the witness. Erased bodies are in order. It belongs into a View; witness and
// progress may be nil.
//
// Entries that are not placed yet are checked by their seals alone: that one of
// them is gone cannot be seen, so Place should follow soon after each commit.
func Verify(tx *db.Tx, witness io.Reader, progress func(done, total int64)) error {
	total, err := db.One(tx, db.Column[int64], `SELECT count(*) FROM journal`)
	if err != nil {
		return err
	}
	v := &verification{
		tx: tx, key: tx.Derive(sealing), verifier: VerifierKey(tx),
		tree: hashes{fresh: map[int64]tlog.Hash{}},
	}
	v.witness = readWitness(witness, v.verifier)
	if err := v.witnessNext(); err != nil {
		return err
	}
	report := func() {
		if progress != nil {
			progress(v.done, total)
		}
	}
	for more := true; more; report() {
		if more, err = v.page(); err != nil {
			return err
		}
	}
	if err := v.end(); err != nil {
		return err
	}
	for after, more := EntryID(0), true; more; report() {
		if after, more, err = v.unplaced(after); err != nil {
			return err
		}
	}
	return nil
}

// verification is how far Verify has come: everything before size is in order.
type verification struct {
	tx       *db.Tx
	key      []byte
	verifier string
	witness  *witness
	coming   Root // the witness's next; size 0 at its end
	size     int64
	done     int64
	tree     hashes // computed from the entries, never read
}

// found is an entry with what Verify must know of its body.
type found struct {
	Entry
	salt, content string
	erased        bool
}

const foundColumns = head + `, j.salt, j.content, CASE WHEN j.content = '' THEN
	(SELECT count(*) FROM journal x WHERE x.noun = 'journal' AND x.noun_id = j.id AND x.verb = '` + erasing + `') ELSE 0 END
	FROM journal j`

func scanFound(row db.Row) (f found, err error) {
	var erasures int
	e := &f.Entry
	err = row.Scan(&e.ID, &e.Position, db.Instant(&e.At), &e.By, &e.Unit, &e.Verb, &e.Noun, &e.NounID, &e.Digest, &e.Seal,
		&f.salt, &f.content, &erasures)
	f.erased = erasures > 0
	return f, err
}

// page checks the next entries of the tree and reports whether more follow.
func (v *verification) page() (more bool, err error) {
	entries, err := db.All(v.tx, scanFound, `SELECT `+foundColumns+` WHERE j.position >= $1 ORDER BY j.position LIMIT $2`, v.size, pageSize)
	if err != nil || len(entries) == 0 {
		return false, err
	}
	stored, err := v.storedHashes(v.size, v.size+int64(len(entries)))
	if err != nil {
		return false, err
	}
	roots, err := v.storedRoots(v.size, v.size+int64(len(entries)))
	if err != nil {
		return false, err
	}
	for _, e := range entries {
		if err := v.entry(e, stored); err != nil {
			return false, err
		}
		if err := v.roots(e.ID, roots[v.size]); err != nil {
			return false, err
		}
	}
	return len(entries) == pageSize, v.prune()
}

func (v *verification) storedHashes(from, to int64) (map[int64]tlog.Hash, error) {
	stored := map[int64]tlog.Hash{}
	type pair struct {
		at   int64
		hash string
	}
	return stored, db.Each(v.tx, func(row db.Row) (p pair, err error) {
		return p, row.Scan(&p.at, &p.hash)
	}, func(p pair) error {
		if hash, err := tlog.ParseHash(p.hash); err == nil {
			stored[p.at] = hash
		}
		return nil
	}, `SELECT position, hash FROM journal_hash WHERE position >= $1 AND position < $2`,
		tlog.StoredHashCount(from), tlog.StoredHashCount(to))
}

func (v *verification) storedRoots(from, to int64) (map[int64]string, error) {
	stored := map[int64]string{}
	type pair struct {
		size   int64
		signed string
	}
	return stored, db.Each(v.tx, func(row db.Row) (p pair, err error) {
		return p, row.Scan(&p.size, &p.signed)
	}, func(p pair) error {
		stored[p.size] = p.signed
		return nil
	}, `SELECT size, note FROM journal_root WHERE size > $1 AND size <= $2`, from, to)
}

// entry checks the entry that should be the next, and adds it to the tree.
func (v *verification) entry(e found, stored map[int64]tlog.Hash) error {
	first := tlog.StoredHashIndex(0, v.size)
	want, known := stored[first]
	if e.Position != v.size {
		return v.missing(want)
	}
	hash := e.Hash()
	if what, err := v.judge(e.Entry, hash, want, known); err != nil || what != "" {
		return orDamage(err, Damage{v.size, e.ID, what})
	}
	if what := e.bodyDamage(); what != "" {
		return Damage{v.size, e.ID, what}
	}
	if err := v.tree.append(v.size, hash); err != nil {
		return err
	}
	for index := first; index < tlog.StoredHashCount(v.size+1); index++ {
		if v.tree.fresh[index] != stored[index] {
			return Damage{v.size, e.ID, TreeChanged}
		}
	}
	v.size++
	v.done++
	return nil
}

func orDamage(err error, d Damage) error {
	if err != nil {
		return err
	}
	return d
}

// missing says what became of the entry that should stand at v.size.
func (v *verification) missing(want tlog.Hash) error {
	moved, elsewhere, err := v.find(want)
	if err != nil {
		return err
	}
	if elsewhere {
		return Damage{v.size, moved, Reordered}
	}
	return Damage{Position: v.size, What: Removed}
}

// judge says what is wrong with the entry at v.size, "" if nothing: its seal
// tells whether the program wrote it, the stored hash whether it belongs here.
func (v *verification) judge(e Entry, hash, want tlog.Hash, known bool) (What, error) {
	genuine := e.sealed(v.key)
	switch {
	case genuine && known && hash == want:
		return "", nil
	case !genuine && (!known || hash == want):
		return Inserted, nil
	case !known:
		return TreeChanged, nil
	}
	_, elsewhere, err := v.find(want)
	switch {
	case err != nil:
		return "", err
	case elsewhere && genuine:
		return Reordered, nil
	case elsewhere:
		return Inserted, nil // and pushed the entry of this place on
	case !genuine:
		return Altered, nil
	}
	// A true entry, and nowhere the one that belongs here: the others moved up
	// to fill its place, or its hash was overwritten.
	_, later, err := db.Maybe(v.tx, db.Column[int64], `SELECT position FROM journal_hash WHERE hash = $1`, hash.String())
	if err == nil && later {
		return Removed, nil
	}
	return TreeChanged, err
}

// find looks through the whole journal for a true entry with the hash. It is
// called once at most, for the first damage.
func (v *verification) find(want tlog.Hash) (id EntryID, is bool, err error) {
	for after := EntryID(0); ; {
		page, err := db.All(v.tx, scan, `SELECT `+head+`, '' FROM journal j WHERE j.id > $1 ORDER BY j.id LIMIT $2`, int64(after), pageSize)
		if err != nil || len(page) == 0 {
			return 0, false, err
		}
		for _, e := range page {
			if e.Hash() == want && e.sealed(v.key) {
				return e.ID, true, nil
			}
		}
		after = page[len(page)-1].ID
	}
}

func (f found) bodyDamage() What {
	switch {
	case f.salt == "" && f.content == "":
		if !f.erased {
			return BodyRemoved
		}
	case digest(f.salt, []byte(f.content)) != f.Digest:
		return BodyChanged
	}
	return ""
}

// roots checks the stored root and the witness's roots of the tree that has
// just been reached.
func (v *verification) roots(last EntryID, stored string) error {
	if stored == "" && (v.coming.Size == 0 || v.coming.Size > v.size) {
		return nil
	}
	hash, err := tlog.TreeHash(v.size, v.tree)
	if err != nil {
		return err
	}
	wrong := Damage{v.size - 1, last, RootChanged}
	if stored != "" {
		if r, err := Open(stored, v.verifier); err != nil || r.Size != v.size || r.Hash != hash {
			return wrong
		}
	}
	for v.coming.Size != 0 && v.coming.Size <= v.size {
		if v.coming.Size != v.size || v.coming.Hash != hash {
			return wrong
		}
		if err := v.witnessNext(); err != nil {
			return err
		}
	}
	return nil
}

func (v *verification) witnessNext() error {
	r, err := v.witness.next()
	switch {
	case errors.Is(err, io.EOF):
		v.coming = Root{}
		return nil
	case err != nil:
		return fmt.Errorf("the journal's witness is not ours: %w", err)
	case r.Size == 0:
		return fmt.Errorf("the journal's witness knows an empty tree")
	}
	v.coming = r
	return nil
}

// prune forgets the hashes that no later entry needs.
func (v *verification) prune() error {
	edge := map[int64]tlog.Hash{}
	_, err := tlog.TreeHash(v.size, tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		list, err := v.tree.ReadHashes(indexes)
		for i, hash := range list {
			edge[indexes[i]] = hash
		}
		return list, err
	}))
	v.tree.fresh = edge
	return err
}

// end looks for what should follow the last entry.
func (v *verification) end() error {
	outside, found, err := db.Maybe(v.tx, scan, `SELECT `+head+`, '' FROM journal j WHERE j.position < 0 ORDER BY j.id LIMIT 1`)
	if err != nil {
		return err
	}
	if found {
		what := Inserted
		if outside.sealed(v.key) {
			what = Reordered
		}
		return Damage{outside.Position, outside.ID, what}
	}
	cut, err := db.One(v.tx, db.Column[int64], `SELECT (SELECT count(*) FROM journal_hash WHERE position >= $1) +
		(SELECT count(*) FROM journal_root WHERE size > $2)`, tlog.StoredHashCount(v.size), v.size)
	if err == nil && (cut > 0 || v.coming.Size > v.size) {
		err = Damage{Position: v.size, What: Removed}
	}
	return err
}

// unplaced checks entries that have no place yet, by seal and body.
func (v *verification) unplaced(after EntryID) (last EntryID, more bool, err error) {
	entries, err := db.All(v.tx, scanFound, `SELECT `+foundColumns+` WHERE j.position IS NULL AND j.id > $1 ORDER BY j.id LIMIT $2`, int64(after), pageSize)
	if err != nil || len(entries) == 0 {
		return after, false, err
	}
	for _, e := range entries {
		if !e.sealed(v.key) {
			return 0, false, Damage{-1, e.ID, Inserted}
		}
		if what := e.bodyDamage(); what != "" {
			return 0, false, Damage{-1, e.ID, what}
		}
		v.done++
	}
	return entries[len(entries)-1].ID, len(entries) == pageSize, nil
}
