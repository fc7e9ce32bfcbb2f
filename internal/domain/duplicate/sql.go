package duplicate

import (
	"fmt"
	"strings"
	"time"

	"chibo/internal/domain/likeness"
	"chibo/internal/domain/member"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/id"
)

// eachCandidate hands on all whose birth is known, in the order.
func eachCandidate(tx *db.Tx, order string, names likeness.Folder, fn func(Candidate) error) error {
	return db.Each(tx, func(row db.Row) (c Candidate, err error) {
		err = row.Scan(&c.ID, &c.folded, &c.Written, &c.Birth, &c.Card, db.Text(&c.Sex), &c.Ceremony)
		if c.Name = c.folded; strings.Count(c.folded, " ") != strings.Count(c.Written, " ") { // whoever uses another name is sorted by both
			c.Name = names.Fold(c.Written)
		}
		return c, err
	}, fn, `SELECT p.id, p.folded, p.birth_name, p.birth, p.card_number, p.sex, p.ceremony FROM person p
		WHERE p.birth IS NOT NULL AND p.status <> '`+string(member.Merged)+`' ORDER BY `+order)
}

// eachFile hands on people with what their files say of them.
func eachFile(tx *db.Tx, ids []member.ID, names likeness.Folder, fn func(Candidate) error) error {
	where, args := db.OneOf("p.id", 1, ids)
	return filed(tx, names, fn, where, args...)
}

// sample hands on about one of every so many whose birth is known.
func sample(tx *db.Tx, every int, fn func(Candidate) error) error {
	return filed(tx, likeness.Folder{}, fn, `p.birth IS NOT NULL AND p.status <> '`+string(member.Merged)+`' AND p.id % $1 = 0 ORDER BY p.id`, every)
}

func filed(tx *db.Tx, names likeness.Folder, fn func(Candidate) error, where string, args ...any) error {
	return db.Each(tx, func(row db.Row) (c Candidate, err error) {
		err = row.Scan(&c.ID, &c.Written, &c.Birth, &c.Card, db.Text(&c.Sex), &c.Ceremony, &c.Home, &c.Phone)
		c.Name, c.Home, c.Phone = names.Fold(c.Written), names.Fold(c.Home), digits(c.Phone)
		return c, err
	}, fn, `SELECT p.id, p.birth_name, p.birth, p.card_number, p.sex, p.ceremony, COALESCE(f.home, ''), COALESCE(f.phone, '')
		FROM person p LEFT JOIN person_file f ON f.person_id = p.id WHERE `+where, args...)
}

func digits(phone string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, phone)
}

const columns = `f.id, f.one_id, f.other_id, f.state, f.kind, f.reasons, f.score, f.found, f.decided, f.decided_by, f.note, f.version`

func scan(row db.Row) (f Finding, err error) {
	var reasons string
	err = row.Scan(&f.ID, &f.One, &f.Other, &f.State, &f.Kind, &reasons, &f.Score, db.Instant(&f.Found), db.Instant(&f.Decided), &f.DecidedBy,
		&f.Note, &f.Version)
	for _, r := range strings.Fields(reasons) {
		f.Reasons = append(f.Reasons, likeness.Reason(r))
	}
	return f, err
}

func find(tx *db.Tx, finding ID) (Finding, error) {
	return db.One(tx, scan, `SELECT `+columns+` FROM duplicate_finding f WHERE f.id = $1`, finding)
}

// findPair is the finding about the two, in any order.
func findPair(tx *db.Tx, a, b member.ID) (Finding, bool, error) {
	return db.Maybe(tx, scan, `SELECT `+columns+` FROM duplicate_finding f WHERE f.one_id = $1 AND f.other_id = $2`, min(a, b), max(a, b))
}

func update(tx *db.Tx, f Finding) error {
	return tx.Change(`UPDATE duplicate_finding SET state = $1, decided = $2, decided_by = $3, note = $4, version = version + 1
		WHERE id = $5 AND version = $6`, f.State, f.Decided, f.DecidedBy, f.Note, f.ID, f.Version)
}

// findingsIn are findings about people who both belong to units in the scope,
// the likeliest first.
func findingsIn(tx *db.Tx, within orgtree.Scope, f Filter, after cursor, limit int) ([]Listed, error) {
	one, args := within.Where("a.unit_id", 1)
	other, more := within.Where("b.unit_id", len(args)+1)
	args = append(args, more...)
	where := one + " AND " + other
	next := func(term string, value any) {
		args = append(args, value)
		where += " AND " + strings.ReplaceAll(term, "?", fmt.Sprintf("$%d", len(args)))
	}
	next("f.state = ?", f.State)
	if f.Person != 0 {
		next("(f.one_id = ? OR f.other_id = ?)", f.Person)
	}
	if after != (cursor{}) {
		next("f.score <= ?", after.score)
		where += fmt.Sprintf(" AND (f.score < $%d OR f.id < $%d)", len(args), len(args)+1)
		args = append(args, after.id)
	}
	return db.All(tx, scanListed, `SELECT `+sideColumns("a", "u")+`, `+sideColumns("b", "v")+`, `+columns+`
		FROM duplicate_finding f JOIN person a ON a.id = f.one_id JOIN unit u ON u.id = a.unit_id
		JOIN person b ON b.id = f.other_id JOIN unit v ON v.id = b.unit_id
		WHERE `+where+fmt.Sprintf(` ORDER BY f.score DESC, f.id DESC LIMIT %d`, limit), args...)
}

func sideColumns(person, unit string) string {
	return strings.NewReplacer("p.", person+".", "u.", unit+".").Replace(`p.id, p.birth_name, p.birth, p.card_number, p.status, p.unit_id, u.name`)
}

func (s *Side) fields() []any {
	return []any{&s.ID, &s.Name, &s.Birth, &s.Card, &s.Status, &s.Unit, &s.UnitName}
}

func scanListed(row db.Row) (l Listed, err error) {
	l.Finding, err = scan(prefixed{row, append(l.First.fields(), l.Second.fields()...)})
	return l, err
}

// prefixed scans columns that stand before those of a finding.
type prefixed struct {
	db.Row
	first []any
}

func (p prefixed) Scan(into ...any) error { return p.Row.Scan(append(p.first, into...)...) }

// beginSearch and endSearch note when the register was searched. What the search
// did not meet again is dropped, unless people have decided about it.
func beginSearch(tx *db.Tx) error {
	_, err := tx.Exec(`INSERT INTO duplicate_search (id, started) VALUES (1, $1)
		ON CONFLICT (id) DO UPDATE SET started = excluded.started, ended = NULL`, tx.Now)
	return err
}

func endSearch(tx *db.Tx, found Searched, began time.Time) error {
	if !found.Cut {
		if _, err := tx.Exec(`DELETE FROM duplicate_finding WHERE state = '`+string(Open)+`' AND seen < $1`, began); err != nil {
			return err
		}
	}
	_, err := tx.Exec(`UPDATE duplicate_search SET ended = $1, people = $2, pairs = $3 WHERE id = 1`, tx.Now, found.People, found.Pairs)
	return err
}

// keep notes a pair that was found. What people decided about it stands.
func keep(tx *db.Tx, p Pair) error {
	reasons := make([]string, len(p.Reasons))
	for i, r := range p.Reasons {
		reasons[i] = string(r)
	}
	_, err := tx.Exec(`INSERT INTO duplicate_finding (id, one_id, other_id, state, kind, reasons, score, found, seen, version)
		VALUES ($1, $2, $3, '`+string(Open)+`', $4, $5, $6, $7, $7, 1)
		ON CONFLICT (one_id, other_id) DO UPDATE SET kind = excluded.kind, reasons = excluded.reasons, score = excluded.score, seen = excluded.seen`,
		id.New[Finding](), p.One, p.Other, p.Kind, strings.Join(reasons, " "), p.Score, tx.Now)
	return err
}
