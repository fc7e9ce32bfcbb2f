package unit

import (
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/text"
)

const postColumns = `id, unit_id, person_id, kind, state, from_day, to_day, term, decision, decided, reason, version`

func scanPost(row db.Row) (p Post, err error) {
	return p, row.Scan(&p.ID, &p.Unit, &p.Person, &p.Kind, &p.State, &p.From, &p.To, &p.Term, &p.Decision, &p.Decided, &p.Reason, &p.Version)
}

func insertPost(tx *db.Tx, p Post) error {
	_, err := tx.Exec(`INSERT INTO post (`+postColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		p.ID, p.Unit, p.Person, p.Kind, p.State, p.From, p.To, p.Term, p.Decision, p.Decided, p.Reason, p.Version)
	return err
}

func updatePost(tx *db.Tx, p Post) error {
	return tx.Change(`UPDATE post SET state = $1, to_day = $2, decision = $3, decided = $4, reason = $5, version = version + 1
		WHERE id = $6 AND version = $7`, p.State, p.To, p.Decision, p.Decided, p.Reason, p.ID, p.Version)
}

func findPost(tx *db.Tx, post PostID) (Post, error) {
	return db.One(tx, scanPost, `SELECT `+postColumns+` FROM post WHERE id = $1`, post)
}

// postsOn are the posts held at the unit on the day.
func postsOn(tx *db.Tx, unit orgtree.ID, day clock.Date) ([]Post, error) {
	return db.All(tx, scanPost, `SELECT `+postColumns+` FROM post WHERE unit_id = $1 AND state <> 'refused'
		AND from_day <= $2 AND (to_day IS NULL OR to_day > $2) ORDER BY from_day, id`, unit, day)
}

// postsFrom are the posts at the unit, of a kind or of all, that are held on
// some day from the given one on.
func postsFrom(tx *db.Tx, unit orgtree.ID, kind string, from clock.Date) ([]Post, error) {
	return db.All(tx, scanPost, `SELECT `+postColumns+` FROM post WHERE unit_id = $1 AND ($2 = '' OR kind = $2)
		AND state <> 'refused' AND (to_day IS NULL OR to_day > $3) ORDER BY from_day, id`, unit, kind, from)
}

// PostsOfPerson is PostsOf for a caller who has checked the right.
func PostsOfPerson(tx *db.Tx, person access.PersonID) ([]Post, error) {
	return db.All(tx, scanPost, `SELECT `+postColumns+` FROM post WHERE person_id = $1 ORDER BY from_day DESC, id DESC`, person)
}

// lastHeld is when the last post of the kind at the unit ended, seen from the
// day; zero if nobody ever held one.
func lastHeld(tx *db.Tx, unit orgtree.ID, kind string, day clock.Date) (clock.Date, error) {
	return db.One(tx, db.Column[clock.Date], `SELECT max(to_day) FROM post
		WHERE unit_id = $1 AND kind = $2 AND state <> 'refused' AND to_day <= $3`, unit, kind, day)
}

const groupColumns = `id, unit_id, name, leader_id, founded, ended, decision, version`

func scanGroup(row db.Row) (g Group, err error) {
	return g, row.Scan(&g.ID, &g.Unit, &g.Name, &g.Leader, &g.Founded, &g.Ended, &g.Decision, &g.Version)
}

func insertGroup(tx *db.Tx, g Group) error {
	_, err := tx.Exec(`INSERT INTO party_group (id, unit_id, name, folded, leader_id, founded, decision) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		g.ID, g.Unit, g.Name, text.Fold(g.Name), g.Leader, g.Founded, g.Decision)
	return err
}

func updateGroup(tx *db.Tx, g Group) error {
	return tx.Change(`UPDATE party_group SET name = $1, folded = $2, leader_id = $3, ended = $4, version = version + 1
		WHERE id = $5 AND version = $6`, g.Name, text.Fold(g.Name), g.Leader, g.Ended, g.ID, g.Version)
}

// FindGroup is the group with the id, whoever asks.
func FindGroup(tx *db.Tx, group GroupID) (Group, error) {
	return db.One(tx, scanGroup, `SELECT `+groupColumns+` FROM party_group WHERE id = $1`, group)
}

// GroupsAt is Groups for a caller who has checked the right.
func GroupsAt(tx *db.Tx, unit orgtree.ID) ([]Group, error) {
	return db.All(tx, scanGroup, `SELECT `+groupColumns+` FROM party_group WHERE unit_id = $1 AND ended IS NULL ORDER BY folded, id`, unit)
}

func groupsLedBy(tx *db.Tx, person access.PersonID) ([]Group, error) {
	return db.All(tx, scanGroup, `SELECT `+groupColumns+` FROM party_group WHERE leader_id = $1 AND ended IS NULL ORDER BY id`, person)
}

func scanTerm(row db.Row) (t Term, err error) {
	return t, row.Scan(&t.From, &t.To, &t.Name, &t.Decision)
}

func insertTerm(tx *db.Tx, unit orgtree.ID, t Term) error {
	if _, err := tx.Exec(`UPDATE committee_term SET to_day = $1 WHERE unit_id = $2 AND to_day IS NULL`, t.From, unit); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO committee_term (unit_id, from_day, name, decision) VALUES ($1, $2, $3, $4)`,
		unit, t.From, t.Name, t.Decision)
	return err
}

func termOn(tx *db.Tx, unit orgtree.ID, day clock.Date) (Term, bool, error) {
	return db.Maybe(tx, scanTerm, `SELECT from_day, to_day, name, decision FROM committee_term
		WHERE unit_id = $1 AND from_day <= $2 AND (to_day IS NULL OR to_day > $2)`, unit, day)
}

func lastTerm(tx *db.Tx, unit orgtree.ID) (Term, bool, error) {
	return db.Maybe(tx, scanTerm, `SELECT from_day, to_day, name, decision FROM committee_term
		WHERE unit_id = $1 ORDER BY from_day DESC LIMIT 1`, unit)
}
