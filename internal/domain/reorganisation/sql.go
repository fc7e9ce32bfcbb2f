package reorganisation

import (
	"encoding/json"
	"fmt"
	"strings"

	"chibo/internal/domain/member"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
)

const columns = `p.id, p.unit_id, p.state, p.title, p.reason, p.issuer, p.number, p.decided, p.effective, p.created, p.created_by,
	p.applied, p.applied_by, p.taken_back, p.taken_back_by, p.back_reason, p.version`

func scan(row db.Row) (p Plan, err error) {
	return p, row.Scan(&p.ID, &p.Unit, &p.State, &p.Title, &p.Reason, &p.Issuer, &p.Number, &p.Decided, &p.Effective,
		db.Instant(&p.Created), &p.CreatedBy, db.Instant(&p.AppliedAt), &p.AppliedBy, db.Instant(&p.BackAt), &p.BackBy, &p.BackReason, &p.Version)
}

func find(tx *db.Tx, plan ID) (Plan, error) {
	return db.One(tx, scan, `SELECT `+columns+` FROM reorganisation p WHERE p.id = $1`, plan)
}

func insert(tx *db.Tx, p Plan) error {
	_, err := tx.Exec(`INSERT INTO reorganisation (id, unit_id, state, title, reason, issuer, number, decided, effective, created, created_by, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)`,
		p.ID, p.Unit, p.State, p.Title, p.Reason, p.Issuer, p.Number, p.Decided, p.Effective, p.Created, p.CreatedBy)
	return err
}

// save writes the plan and takes its next version: whoever looked at an older
// one, even if only a step was added since, has a stale page.
func save(tx *db.Tx, p *Plan) error {
	err := tx.Change(`UPDATE reorganisation SET state = $1, title = $2, reason = $3, issuer = $4, number = $5, decided = $6, effective = $7,
		applied = $8, applied_by = $9, taken_back = $10, taken_back_by = $11, back_reason = $12, version = version + 1
		WHERE id = $13 AND version = $14`,
		p.State, p.Title, p.Reason, p.Issuer, p.Number, p.Decided, p.Effective, p.AppliedAt, p.AppliedBy, p.BackAt, p.BackBy, p.BackReason,
		p.ID, p.Version)
	if err == nil {
		p.Version++
	}
	return err
}

func plansIn(tx *db.Tx, within orgtree.Scope) ([]Plan, error) {
	where, args := within.Where("p.unit_id", 1)
	return db.All(tx, scan, `SELECT `+columns+` FROM reorganisation p WHERE `+where+` ORDER BY p.id DESC LIMIT 500`, args...)
}

const stepColumns = `id, kind, unit_id, to_id, stays, hand_meetings, acceptance, accepted, code, name, unit_kind, level, cell_type,
	block, areas, place_code, address`

func scanStep(row db.Row) (s Step, err error) {
	var areas string
	f := &s.Fields
	err = row.Scan(&s.ID, &s.Kind, &s.Unit, &s.To, &s.Stays, &s.HandMeetings, &s.Acceptance, &s.Accepted,
		&f.Code, &f.Name, &f.Kind, &f.Level, &f.CellType, &f.Block, &areas, &f.Place, &f.Address)
	f.Areas = strings.Fields(areas)
	return s, err
}

func insertStep(tx *db.Tx, plan ID, s Step) error {
	f := s.Fields
	_, err := tx.Exec(`INSERT INTO reorganisation_step (plan_id, `+stepColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		plan, s.ID, s.Kind, s.Unit, s.To, s.Stays, s.HandMeetings, s.Acceptance, s.Accepted,
		f.Code, f.Name, f.Kind, f.Level, f.CellType, f.Block, strings.Join(f.Areas, " "), f.Place, f.Address)
	return err
}

// whole is the plan with all that was written into it.
func whole(tx *db.Tx, p Plan) (d Draft, err error) {
	d = Draft{Plan: p, Destinations: map[member.ID]orgtree.ID{}}
	if d.Steps, err = db.All(tx, scanStep, `SELECT `+stepColumns+` FROM reorganisation_step WHERE plan_id = $1 ORDER BY id`, p.ID); err != nil {
		return d, err
	}
	type destination struct {
		person member.ID
		to     orgtree.ID
	}
	if err := db.Each(tx, func(row db.Row) (e destination, err error) {
		return e, row.Scan(&e.person, &e.to)
	}, func(e destination) error {
		d.Destinations[e.person] = e.to
		return nil
	}, `SELECT person_id, to_id FROM reorganisation_destination WHERE plan_id = $1`, p.ID); err != nil {
		return d, err
	}
	d.Nominations, err = db.All(tx, func(row db.Row) (n Nomination, err error) {
		return n, row.Scan(&n.ID, &n.Unit, &n.Person, &n.Post)
	}, `SELECT id, unit_id, person_id, kind FROM reorganisation_post WHERE plan_id = $1 ORDER BY id`, p.ID)
	return d, err
}

// drop removes what the statement of one table says, of one plan.
func drop(tx *db.Tx, plan ID, tables ...string) error {
	for _, table := range tables {
		if _, err := tx.Exec(`DELETE FROM `+table+` WHERE plan_id = $1`, plan); err != nil {
			return err
		}
	}
	return nil
}

// effect is one thing that a plan did, with what was there before.
type effect struct {
	kind string
	was  json.RawMessage
}

// effects are kept in the order in which they were done.
type effects struct {
	tx   *db.Tx
	plan ID
	next int
}

func (e *effects) add(kind string, was any) error {
	text, err := json.Marshal(was)
	if err != nil {
		return fmt.Errorf("effect %s: %w", kind, err)
	}
	_, err = e.tx.Exec(`INSERT INTO reorganisation_effect (plan_id, place, kind, was) VALUES ($1, $2, $3, $4)`, e.plan, e.next, kind, string(text))
	e.next++
	return err
}

// effectsOf are what the plan did, the last first.
func effectsOf(tx *db.Tx, plan ID) ([]effect, error) {
	return db.All(tx, func(row db.Row) (e effect, err error) {
		var was string
		err = row.Scan(&e.kind, &was)
		e.was = json.RawMessage(was)
		return e, err
	}, `SELECT kind, was FROM reorganisation_effect WHERE plan_id = $1 ORDER BY place DESC`, plan)
}
