package intake

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/id"
)

const columns = `id, unit_id, person_id, kind, state, name, hash, size, settings, outline, report, failure, sent, applied, expires, version`

func scan(row db.Row) (i Import, err error) {
	var settings, outline, report, failure string
	if err := row.Scan(&i.ID, &i.Unit, &i.By, &i.Kind, &i.State, &i.Name, &i.Hash, &i.Size, &settings, &outline, &report, &failure,
		db.Instant(&i.Sent), db.Instant(&i.Applied), db.Instant(&i.Expires), &i.Version); err != nil {
		return Import{}, err
	}
	for _, part := range []struct {
		text string
		into any
	}{{settings, &i.Settings}, {outline, &i.Outline}, {report, &i.Report}, {failure, &i.Failure}} {
		if part.text == "" {
			continue
		}
		if err := json.Unmarshal([]byte(part.text), part.into); err != nil {
			return Import{}, fmt.Errorf("import %v: %w", i.ID, err)
		}
	}
	return i, nil
}

func (i Import) row() ([]any, error) {
	texts := make([]string, 4)
	for n, part := range []any{i.Settings, i.Outline, i.Report, i.Failure} {
		content, err := json.Marshal(part)
		if err != nil {
			return nil, fmt.Errorf("import %v: %w", i.ID, err)
		}
		texts[n] = string(content)
	}
	return []any{
		i.ID, i.Unit, i.By, i.Kind, i.State, i.Name, i.Hash, i.Size, texts[0], texts[1], texts[2], texts[3],
		i.Sent, i.Applied, i.Expires, i.Version,
	}, nil
}

func insert(tx *db.Tx, i Import) error {
	row, err := i.row()
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO intake (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`, row...)
	return err
}

func update(tx *db.Tx, i Import) error {
	row, err := i.row()
	if err != nil {
		return err
	}
	return tx.Change(`UPDATE intake SET unit_id = $2, person_id = $3, kind = $4, state = $5, name = $6, hash = $7, size = $8,
		settings = $9, outline = $10, report = $11, failure = $12, sent = $13, applied = $14, expires = $15, version = version + 1
		WHERE id = $1 AND version = $16`, row...)
}

func find(tx *db.Tx, imp ID) (Import, error) {
	return db.One(tx, scan, `SELECT `+columns+` FROM intake WHERE id = $1`, imp)
}

func listAt(tx *db.Tx, unit orgtree.ID) ([]Import, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM intake WHERE unit_id = $1 ORDER BY id DESC LIMIT 50`, unit)
}

// remembered are the settings with which a form of that unit came before, if
// they fit the sheet at hand.
func remembered(tx *db.Tx, i Import) (Settings, error) {
	if i.Unit == 0 {
		return i.Settings, nil
	}
	content, found, err := db.Maybe(tx, db.Column[string], `SELECT settings FROM intake_form WHERE unit_id = $1 AND fingerprint = $2`,
		i.Unit, fingerprint(i.Kind, i.Outline.Heading))
	if err != nil || !found {
		return i.Settings, err
	}
	var before Settings
	if err := json.Unmarshal([]byte(content), &before); err != nil {
		return Settings{}, fmt.Errorf("settings of a form: %w", err)
	}
	if len(before.Columns) != len(i.Settings.Columns) {
		return i.Settings, nil
	}
	s := i.Settings
	s.Columns, s.Orders, s.Whole, s.Names = before.Columns, before.Orders, before.Whole, before.Names
	return s, nil
}

func remember(tx *db.Tx, i Import) error {
	if i.Unit == 0 {
		return nil
	}
	content, err := json.Marshal(i.Settings)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO intake_form (unit_id, fingerprint, settings) VALUES ($1, $2, $3)
		ON CONFLICT (unit_id, fingerprint) DO UPDATE SET settings = excluded.settings`,
		i.Unit, fingerprint(i.Kind, i.Outline.Heading), string(content))
	return err
}

func saveDecision(tx *db.Tx, imp ID, row int, d Decision) error {
	_, err := tx.Exec(`INSERT INTO intake_decision (intake_id, row_number, choice, fields) VALUES ($1, $2, $3, $4)
		ON CONFLICT (intake_id, row_number) DO UPDATE SET choice = excluded.choice, fields = excluded.fields`,
		imp, row, d.Choice, strings.Join(d.Fields, " "))
	return err
}

// Decisions are what was decided on single rows of the import.
func Decisions(tx *db.Tx, by access.Actor, imp ID) (map[int]Decision, error) {
	if _, err := Find(tx, by, imp); err != nil {
		return nil, err
	}
	decisions := map[int]Decision{}
	type decided struct {
		row int
		Decision
	}
	return decisions, db.Each(tx, func(row db.Row) (d decided, err error) {
		var fields string
		err = row.Scan(&d.row, &d.Choice, &fields)
		d.Fields = strings.Fields(fields)
		return d, err
	}, func(d decided) error {
		decisions[d.row] = d.Decision
		return nil
	}, `SELECT row_number, choice, fields FROM intake_decision WHERE intake_id = $1`, imp)
}

// forget drops the decisions: rows may mean others now.
func forget(tx *db.Tx, imp ID) error {
	_, err := tx.Exec(`DELETE FROM intake_decision WHERE intake_id = $1`, imp)
	return err
}

func remove(tx *db.Tx, imp ID) error {
	if err := forget(tx, imp); err != nil {
		return err
	}
	if err := forgetRejected(tx, imp); err != nil {
		return err
	}
	if err := forgetProgress(tx, imp); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM intake_effect WHERE intake_id = $1`, imp); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM intake WHERE id = $1`, imp)
	return err
}

// effect is what an import wrote.
type effect struct {
	id   id.Of[effect]
	noun Kind
	// made are new records; updated is one that was there, in the version since,
	// with what it was before.
	made    []int64
	updated int64
	row     int
	version int64
	before  string
}

func insertEffect(tx *db.Tx, imp ID, e effect) error {
	made := make([]string, len(e.made))
	for i, record := range e.made {
		made[i] = strconv.FormatInt(record, 10)
	}
	var updated, row, version any
	if e.updated != 0 {
		updated, row, version = e.updated, e.row, e.version
	}
	_, err := tx.Exec(`INSERT INTO intake_effect (id, intake_id, noun, made, updated, row_number, version, before) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		id.New[effect](), imp, e.noun, strings.Join(made, " "), updated, row, version, e.before)
	return err
}

// effects are in the order in which they were written.
func effects(tx *db.Tx, imp ID) ([]effect, error) {
	return db.All(tx, func(row db.Row) (e effect, err error) {
		var made string
		if err := row.Scan(&e.id, &e.noun, &made, &e.updated, &e.row, &e.version, &e.before); err != nil {
			return e, err
		}
		for word := range strings.FieldsSeq(made) {
			record, err := strconv.ParseInt(word, 10, 64)
			if err != nil {
				return e, fmt.Errorf("effect %v: %w", e.id, err)
			}
			e.made = append(e.made, record)
		}
		return e, nil
	}, `SELECT id, noun, made, COALESCE(updated, 0), COALESCE(row_number, 0), COALESCE(version, 0), before
		FROM intake_effect WHERE intake_id = $1 ORDER BY id`, imp)
}

func removeEffect(tx *db.Tx, e effect) error {
	return tx.Change(`DELETE FROM intake_effect WHERE id = $1`, e.id)
}

func held(tx *db.Tx, hashes []string) (map[string]bool, error) {
	kept := map[string]bool{}
	where, args := oneOf("hash", hashes)
	return kept, db.Each(tx, db.Column[string], func(hash string) error {
		kept[hash] = true
		return nil
	}, `SELECT DISTINCT hash FROM intake WHERE hash <> '' AND `+where, args...)
}

// oneOf is the condition that the column is one of the values.
func oneOf[T any](column string, values []T) (string, []any) {
	if len(values) == 0 {
		return "(1 = 0)", nil
	}
	marks, args := make([]string, len(values)), make([]any, len(values))
	for i, value := range values {
		marks[i], args[i] = "$"+strconv.Itoa(i+1), value
	}
	return column + " IN (" + strings.Join(marks, ", ") + ")", args
}

// sweep drops what has expired: a sheet that nobody applied, and how to take
// back an import that is old. The journal keeps that there was one.
func sweep(tx *db.Tx) error {
	expired, err := db.All(tx, db.Column[ID], `SELECT id FROM intake WHERE expires < $1 ORDER BY id LIMIT 200`, tx.Now)
	if err != nil {
		return err
	}
	for _, imp := range expired {
		if err := remove(tx, imp); err != nil {
			return err
		}
	}
	return nil
}
