package journal

import (
	"crypto/ed25519"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// Placement is what Place will write: the next entries of the tree, and the
// hashes that come with them.
type Placement struct {
	size    int64 // of the tree before
	entries []EntryID
	tree    hashes
}

// Arrange gives at most max committed entries their place in the tree, in the
// order of their ids, and writes nothing: it may run in a View, so that writers
// do not wait while seals are checked and hashes made. An entry without a valid
// seal, or a tree that was cut, is Damage.
//
// Two transactions may commit in another order than that of their ids. Arrange
// orders what it finds; a lower id that appears later is placed later.
func Arrange(tx *db.Tx, max int) (p Placement, err error) {
	waiting, err := db.All(tx, scan, `SELECT `+head+`, '' FROM journal j WHERE j.position IS NULL ORDER BY j.id LIMIT $1`, max)
	if err != nil || len(waiting) == 0 {
		return Placement{}, err
	}
	if p, err = placement(tx); err != nil {
		return Placement{}, err
	}
	key := tx.Derive(sealing)
	for _, e := range waiting {
		if !e.sealed(key) {
			return Placement{}, Damage{Position: -1, Entry: e.ID, What: Inserted}
		}
		if err := p.add(e.ID, tlog.RecordHash(e.leaf())); err != nil {
			return Placement{}, err
		}
	}
	return p, nil
}

// placement begins one at the end of the tree.
func placement(tx *db.Tx) (Placement, error) {
	size, err := Size(tx)
	return Placement{size: size, tree: hashes{tx: tx, fresh: map[int64]tlog.Hash{}}}, err
}

// next is the place that the next entry gets.
func (p *Placement) next() int64 { return p.size + int64(len(p.entries)) }

func (p *Placement) add(e EntryID, leaf tlog.Hash) error {
	err := p.tree.append(p.next(), leaf)
	p.entries = append(p.entries, e)
	return err
}

// Len is how many entries are placed.
func (p Placement) Len() int { return len(p.entries) }

// Place writes the placement. If the tree has grown since it was arranged, or an
// entry has meanwhile its place or is gone, that is errs.Conflict.
func Place(tx *db.Tx, p Placement) error {
	if p.Len() == 0 {
		return nil
	}
	switch size, err := Size(tx); {
	case err != nil:
		return err
	case size != p.size:
		return errs.New(errs.Conflict, "errs.stale")
	}
	if err := p.position(tx); err != nil {
		return err
	}
	return p.store(tx)
}

// position writes the places of the entries, many in one statement.
func (p Placement) position(tx *db.Tx) error {
	return inBatches(len(p.entries), func(from, to int) error {
		var places batch
		for i := from; i < to; i++ {
			places.add(p.entries[i], p.size+int64(i))
		}
		n, err := tx.Exec(`UPDATE journal SET position = p.position
			FROM (`+places.list(`SELECT CAST($%d AS BIGINT) AS id, CAST($%d AS BIGINT) AS position`, ` UNION ALL `)+`) AS p
			WHERE journal.id = p.id AND journal.position IS NULL`, places...)
		if err == nil && n != int64(to-from) {
			err = errs.New(errs.Conflict, "errs.stale")
		}
		return err
	})
}

// store writes the fresh hashes, which lie without a gap behind the tree's.
func (p Placement) store(tx *db.Tx) error {
	first := tlog.StoredHashCount(p.size)
	_, err := tx.Insert("journal_hash", []string{"position", "hash"}, func(yield func([]any, error) bool) {
		for index := first; index < first+int64(len(p.tree.fresh)); index++ {
			if !yield([]any{index, p.tree.fresh[index].String()}, nil) {
				return
			}
		}
	})
	return err
}

// inBatches calls fn for all of n in turn. The batches have few sizes, so that
// few statements are prepared.
func inBatches(n int, fn func(from, to int) error) error {
	at := 0
	for _, size := range []int{64, 8, 1} {
		for ; n-at >= size; at += size {
			if err := fn(at, at+size); err != nil {
				return err
			}
		}
	}
	return nil
}

// batch are the arguments of a statement with several rows of two columns.
type batch []any

func (b *batch) add(first, second any) { *b = append(*b, first, second) }

// list writes a row for every two arguments.
func (b batch) list(row, between string) string {
	rows := make([]string, 0, len(b)/2)
	for n := 1; n < len(b); n += 2 {
		rows = append(rows, fmt.Sprintf(row, n, n+1))
	}
	return strings.Join(rows, between)
}

// Size is the number of entries in the tree. A tree whose hashes do not fit the
// entries is Damage.
func Size(tx *db.Tx) (int64, error) {
	size, err := db.One(tx, db.Column[int64], `SELECT COALESCE(max(position), -1) + 1 FROM journal WHERE position IS NOT NULL`)
	if err != nil {
		return 0, err
	}
	stored, err := db.One(tx, db.Column[int64], `SELECT COALESCE(max(position), -1) + 1 FROM journal_hash`)
	if err != nil {
		return 0, err
	}
	switch whole := tlog.StoredHashCount(size); {
	case stored > whole:
		return 0, Damage{Position: size, What: Removed}
	case stored < whole:
		return 0, Damage{Position: size - 1, What: TreeChanged}
	}
	return size, nil
}

// hashes reads the tree's stored hashes: those just made from memory, the others from the database, where tx is given.
type hashes struct {
	tx    *db.Tx
	fresh map[int64]tlog.Hash
}

// ReadHashes makes hashes a tlog.HashReader.
func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	list := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		hash, ok := h.fresh[index]
		if !ok {
			if h.tx == nil {
				return nil, fmt.Errorf("hash %d of the journal's tree is not at hand", index)
			}
			var err error
			if hash, err = db.One(h.tx, scanHash, `SELECT hash FROM journal_hash WHERE position = $1`, index); err != nil {
				return nil, err
			}
		}
		list[i] = hash
	}
	return list, nil
}

func scanHash(row db.Row) (tlog.Hash, error) {
	var stored string
	if err := row.Scan(&stored); err != nil {
		return tlog.Hash{}, err
	}
	// What is no hash is the zero one, which fits nothing.
	hash, _ := tlog.ParseHash(stored)
	return hash, nil
}

// append adds the leaf at the position and the inner hashes that it completes.
func (h hashes) append(at int64, leaf tlog.Hash) error {
	list, err := tlog.StoredHashesForRecordHash(at, leaf, h)
	first := tlog.StoredHashIndex(0, at)
	for i, hash := range list {
		h.fresh[first+int64(i)] = hash
	}
	return err
}

// Root is a signed statement: at that time the tree had so many entries, and
// this hash.
type Root struct {
	Size int64
	Hash tlog.Hash
	At   time.Time
	// Note is the whole of it with its signature, as golang.org/x/mod/sumdb/note
	// reads it.
	Note string
}

// origin begins each root's text, as the C2SP form of checkpoints asks.
const origin = "chibo journal"

func (r Root) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n%d\n", origin, r.Size, r.Hash, r.At.UnixMilli())
}

func parseRoot(text string) (r Root, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 5 || lines[0] != origin {
		return Root{}, fmt.Errorf("not a root of the journal: %q", text)
	}
	if r.Size, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return Root{}, err
	}
	if r.Hash, err = tlog.ParseHash(lines[2]); err != nil {
		return Root{}, err
	}
	at, err := strconv.ParseInt(lines[3], 10, 64)
	r.At = time.UnixMilli(at)
	return r, err
}

// deriver is a database or a transaction.
type deriver interface{ Derive(purpose string) []byte }

func signingKey(from deriver) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(from.Derive(signing))
}

// VerifierKey is the public key of the roots. Whoever keeps it, and a copy of
// the witness, needs no secret to check both.
func VerifierKey(from deriver) string {
	public := signingKey(from).Public().(ed25519.PublicKey)
	key, err := note.NewEd25519VerifierKey("chibo", public)
	if err != nil {
		panic(fmt.Sprintf("a derived key is no key: %v", err)) // its length is fixed
	}
	return key
}

// signer is the private half of a verifier.
type signer struct {
	note.Verifier
	key ed25519.PrivateKey
}

func (s signer) Sign(text []byte) ([]byte, error) { return ed25519.Sign(s.key, text), nil }

// Open checks a root's signature and reads it.
func Open(signed, verifierKey string) (Root, error) {
	verifier, err := note.NewVerifier(verifierKey)
	if err != nil {
		return Root{}, err
	}
	n, err := note.Open([]byte(signed), note.VerifierList(verifier))
	if err != nil {
		return Root{}, err
	}
	r, err := parseRoot(n.Text)
	r.Note = signed
	return r, err
}

// Sign stores a signed root if the tree has grown since the last one, and
// reports whether it has. A tree that does not continue the last signed one is
// Damage, and is not signed.
func Sign(tx *db.Tx) (r Root, grown bool, err error) {
	size, err := Size(tx)
	if err != nil {
		return Root{}, false, err
	}
	last, err := lastRoot(tx)
	if err != nil || last.Size == size {
		return last, false, err
	}
	if err := continues(tx, last, size); err != nil {
		return Root{}, false, err
	}
	if r, err = sign(tx, size); err != nil {
		return Root{}, false, err
	}
	_, err = tx.Exec(`INSERT INTO journal_root (size, at, note) VALUES ($1, $2, $3)`, r.Size, r.At, r.Note)
	return r, err == nil, err
}

func sign(tx *db.Tx, size int64) (Root, error) {
	hash, err := tlog.TreeHash(size, hashes{tx: tx})
	if err != nil {
		return Root{}, err
	}
	r := Root{Size: size, Hash: hash, At: tx.Now}
	verifier, err := note.NewVerifier(VerifierKey(tx))
	if err != nil {
		return Root{}, err
	}
	signed, err := note.Sign(&note.Note{Text: r.text()}, signer{verifier, signingKey(tx)})
	r.Note = string(signed)
	return r, err
}

func lastRoot(tx *db.Tx) (Root, error) {
	signed, found, err := db.Maybe(tx, db.Column[string], `SELECT note FROM journal_root ORDER BY size DESC LIMIT 1`)
	if err != nil || !found {
		return Root{}, err
	}
	r, err := Open(signed, VerifierKey(tx))
	if err != nil {
		return Root{}, Damage{Position: -1, What: RootChanged}
	}
	return r, nil
}

func continues(tx *db.Tx, last Root, size int64) error {
	if last.Size > size {
		return Damage{Position: size, What: Removed}
	}
	if last.Size == 0 {
		return nil
	}
	hash, err := tlog.TreeHash(last.Size, hashes{tx: tx})
	if err == nil && hash != last.Hash {
		err = Damage{Position: last.Size - 1, What: RootChanged}
	}
	return err
}

// rootsMost bounds one answer of Roots.
const rootsMost = 1000

// Roots are the signed roots of trees with more than since entries, oldest
// first, at most a thousand: what a witness that knows since still lacks.
func Roots(tx *db.Tx, since int64) ([]Root, error) {
	key := VerifierKey(tx)
	return db.All(tx, func(row db.Row) (Root, error) {
		var size int64
		var signed string
		if err := row.Scan(&size, &signed); err != nil {
			return Root{}, err
		}
		r, err := Open(signed, key)
		if err != nil || r.Size != size {
			return Root{}, Damage{Position: size - 1, What: RootChanged}
		}
		return r, nil
	}, `SELECT size, note FROM journal_root WHERE size > $1 ORDER BY size LIMIT $2`, since, rootsMost)
}

// Consistency proves to whoever holds two roots that the later tree continues
// the earlier one; tlog.CheckTree checks it.
func Consistency(tx *db.Tx, earlier, later Root) (tlog.TreeProof, error) {
	return tlog.ProveTree(later.Size, earlier.Size, hashes{tx: tx})
}

// Inclusion proves to whoever holds a root that the entry lies in its tree;
// tlog.CheckRecord checks it against the entry's Hash.
func Inclusion(tx *db.Tx, root Root, e Entry) (tlog.RecordProof, error) {
	return tlog.ProveRecord(root.Size, e.Position, hashes{tx: tx})
}

// Hash is the entry's leaf in the tree.
func (e Entry) Hash() tlog.Hash { return tlog.RecordHash(e.leaf()) }
