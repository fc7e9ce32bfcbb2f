package member

import (
	"strings"

	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/id"
	"chibo/internal/platform/text"
)

const columns = `p.id, p.unit_id, p.group_id, p.status, p.left_day, p.version, p.birth_name, p.name, p.sex, p.birth,
	p.card_number, p.cv_number, p.admission_decided, p.ceremony, p.recognised, p.inactive_months`

func scanMember(row db.Row) (m Member, err error) {
	return m, row.Scan(&m.ID, &m.Unit, &m.Group, &m.Status, &m.Left, &m.Version, &m.BirthName, &m.Name, &m.Sex, &m.Birth,
		&m.Card, &m.CVNumber, &m.Admitted, &m.Ceremony, &m.Recognised, &m.Inactive)
}

// entry is a person with what Register writes of one.
type entry struct {
	Member
	cv       CV
	from     clock.Date
	document string
	// folded and key are what the name is found and sorted by.
	folded, key string
}

// folded is what a search for a name looks at.
func (c Core) folded() string {
	name := text.Fold(c.Name)
	if c.BirthName == c.Name {
		return name
	}
	birth := text.Fold(c.BirthName)
	if birth == name {
		return name
	}
	return name + " " + birth
}

// insertAll enters people with their files, states, cells and roles, table after
// table, so that an import is quick; people go first, because the rest refers to
// them.
func insertAll(tx *db.Tx, list []entry) error {
	for _, into := range []struct {
		table, columns string
		rows           func(entry, func(...any) bool) bool
	}{
		{"person", enteredColumns, entry.person},
		{"person_file", fileColumns, entry.file},
		{"person_status", "id, person_id, status, from_day, document", entry.steps},
		{"person_unit", "id, person_id, unit_id, from_day, document", entry.cell},
	} {
		if _, err := tx.Insert(into.table, strings.Split(into.columns, ", "), func(yield func([]any, error) bool) {
			var row []any
			for _, e := range list {
				if !into.rows(e, func(values ...any) bool {
					row = append(row[:0], values...)
					return yield(row, nil)
				}) {
					return
				}
			}
		}); err != nil {
			return err
		}
	}
	return giveRoles(tx, list)
}

const enteredColumns = `id, unit_id, group_id, status, birth_name, name, folded, name_key, sex, birth, ` +
	`card_number, cv_number, admission_decided, ceremony, recognised, inactive_months`

func (e entry) person(add func(...any) bool) bool {
	return add(e.ID, e.Unit, e.Group, e.Status, e.BirthName, e.Name, e.folded, e.key, e.Sex, e.Birth,
		e.Card, e.CVNumber, e.Admitted, e.Ceremony, e.Recognised, e.Inactive)
}

func (e entry) file(add func(...any) bool) bool { return add(e.cv.row(e.ID)...) }

func (e entry) steps(add func(...any) bool) bool {
	for _, s := range e.states() {
		if !add(id.New[stepping](), e.ID, s.Status, s.From, e.document) {
			return false
		}
	}
	return true
}

func (e entry) cell(add func(...any) bool) bool {
	return add(id.New[placing](), e.ID, e.Unit, e.from, e.document)
}

func giveRoles(tx *db.Tx, list []entry) error {
	grants := make([]access.Grant, 0, len(list))
	for _, e := range list {
		if e.Status.Active() {
			grants = append(grants, membership(e.ID, e.Unit, e.from))
		}
	}
	return access.GiveAll(tx, grants)
}

// membership is the role that a member has at their cell.
func membership(person ID, cell orgtree.ID, from clock.Date) access.Grant {
	return access.Grant{Person: person, Unit: cell, Role: access.Member, From: from, Source: source(person)}
}

// stepping and placing are rows of person_status and person_unit.
type (
	stepping struct{}
	placing  struct{}
)

// states are the steps of membership that a new person has behind them.
func (e entry) states() []StatusChange {
	var list []StatusChange
	if e.Status.Active() {
		list = append(list, StatusChange{Status: Probationary, From: e.Ceremony})
	}
	if e.Status == Official {
		list = append(list, StatusChange{Status: Official, From: e.Recognised})
	}
	return list
}

const fileColumns = `person_id, other_names, birthplace, home, residence, ethnic_group, religion, occupation, schooling, expertise, ` +
	`degree, academic_title, theory, languages, computing, minority_languages, union_joined, union_place, phone`

func (v CV) row(person ID) []any {
	return []any{
		person, v.OtherNames, v.Birthplace, v.Home, v.Residence, v.Ethnic, v.Religion, v.Occupation, v.Schooling, v.Expertise,
		v.Degree, v.AcademicTitle, v.Theory, v.Languages, v.Computing, v.MinorityLanguages, v.UnionJoined, v.UnionPlace, v.Phone,
	}
}

func byCard(tx *db.Tx, card string) (ID, bool, error) {
	return db.Maybe(tx, db.Column[ID], `SELECT id FROM person WHERE card_number = $1`, card)
}

// onRoll is the condition that a person is on the roll of unit $1 on day $2.
const onRoll = `IN (SELECT person_id FROM person_unit WHERE unit_id = $1 AND from_day <= $2 AND (to_day IS NULL OR to_day > $2)
	UNION SELECT person_id FROM person_overlay WHERE unit_id = $1 AND kind = 'temp_here' AND from_day <= $2 AND (to_day IS NULL OR to_day > $2))`

func rosterOn(tx *db.Tx, cell orgtree.ID, day clock.Date) ([]Rostered, error) {
	return db.All(tx, func(row db.Row) (r Rostered, err error) {
		return r, row.Scan(&r.ID, &r.Name, &r.NameKey, &r.Group, &r.Birth, &r.Status)
	}, `SELECT p.id, p.name, p.name_key, p.group_id, p.birth, COALESCE((SELECT s.status FROM person_status s
		WHERE s.person_id = p.id AND s.from_day <= $2 ORDER BY s.from_day DESC, s.id DESC LIMIT 1), '')
		FROM person p WHERE p.id `+onRoll+` ORDER BY p.id`, cell, day)
}

// rosterOverlays are the overlays of the people on the roll. Somebody is a
// guest only in the cell that asks.
func rosterOverlays(tx *db.Tx, cell orgtree.ID, day clock.Date) (map[ID][]string, error) {
	type laid struct {
		person ID
		kind   string
	}
	list, err := db.All(tx, func(row db.Row) (l laid, err error) {
		return l, row.Scan(&l.person, &l.kind)
	}, `SELECT person_id, kind FROM person_overlay WHERE person_id `+onRoll+`
		AND from_day <= $2 AND (to_day IS NULL OR to_day > $2)
		AND (unit_id = $1 OR kind <> 'temp_here') ORDER BY from_day, id`, cell, day)
	overlays := map[ID][]string{}
	for _, l := range list {
		overlays[l.person] = append(overlays[l.person], l.kind)
	}
	return overlays, err
}

func addNames(tx *db.Tx, ids []ID, names map[ID]string) error {
	type naming struct {
		person ID
		name   string
	}
	where, args := db.OneOf("id", 1, ids)
	return db.Each(tx, func(row db.Row) (n naming, err error) {
		return n, row.Scan(&n.person, &n.name)
	}, func(n naming) error {
		names[n.person] = n.name
		return nil
	}, `SELECT id, name FROM person WHERE `+where, args...)
}

func update(tx *db.Tx, m Member) error {
	return tx.Change(`UPDATE person SET unit_id = $1, group_id = $2, status = $3, birth_name = $4, name = $5, folded = $6,
		name_key = $7, sex = $8, birth = $9, card_number = $10, cv_number = $11, admission_decided = $12, ceremony = $13,
		recognised = $14, inactive_months = $15, left_day = $16, version = version + 1 WHERE id = $17 AND version = $18`,
		m.Unit, m.Group, m.Status, m.BirthName, m.Name, m.folded(), text.NameKey(m.Name), m.Sex, m.Birth, m.Card, m.CVNumber,
		m.Admitted, m.Ceremony, m.Recognised, m.Inactive, m.Left, m.ID, m.Version)
}

func findCV(tx *db.Tx, person ID) (CV, error) {
	return db.One(tx, func(row db.Row) (v CV, err error) {
		return v, row.Scan(new(ID), &v.OtherNames, &v.Birthplace, &v.Home, &v.Residence, &v.Ethnic, &v.Religion, &v.Occupation,
			&v.Schooling, &v.Expertise, &v.Degree, &v.AcademicTitle, &v.Theory, &v.Languages, &v.Computing,
			&v.MinorityLanguages, &v.UnionJoined, &v.UnionPlace, &v.Phone)
	}, `SELECT `+fileColumns+` FROM person_file WHERE person_id = $1`, person)
}

func updateCV(tx *db.Tx, person ID, v CV) error {
	_, err := tx.Exec(`UPDATE person_file SET other_names = $2, birthplace = $3, home = $4, residence = $5, ethnic_group = $6,
		religion = $7, occupation = $8, schooling = $9, expertise = $10, degree = $11, academic_title = $12, theory = $13,
		languages = $14, computing = $15, minority_languages = $16, union_joined = $17, union_place = $18, phone = $19
		WHERE person_id = $1`, v.row(person)...)
	return err
}

func redate(tx *db.Tx, person ID, status Status, from, to clock.Date) error {
	_, err := tx.Exec(`UPDATE person_status SET from_day = $1 WHERE person_id = $2 AND status = $3 AND from_day = $4`,
		to, person, status, from)
	return err
}

func insertStatus(tx *db.Tx, person ID, s StatusChange) error {
	_, err := tx.Exec(`INSERT INTO person_status (id, person_id, status, from_day, document, reason) VALUES ($1, $2, $3, $4, $5, $6)`,
		id.New[stepping](), person, s.Status, s.From, s.Document, s.Reason)
	return err
}

func statesOf(tx *db.Tx, person ID) ([]StatusChange, error) {
	return db.All(tx, func(row db.Row) (s StatusChange, err error) {
		return s, row.Scan(&s.Status, &s.From, &s.Document, &s.Reason)
	}, `SELECT status, from_day, document, reason FROM person_status WHERE person_id = $1 ORDER BY from_day, id`, person)
}

func placesOf(tx *db.Tx, person ID) ([]Place, error) {
	return db.All(tx, func(row db.Row) (p Place, err error) {
		return p, row.Scan(&p.Unit, &p.From, &p.To, &p.Document)
	}, `SELECT unit_id, from_day, to_day, document FROM person_unit WHERE person_id = $1 ORDER BY from_day, id`, person)
}

func insertPlace(tx *db.Tx, person ID, p Place) error {
	_, err := tx.Exec(`INSERT INTO person_unit (id, person_id, unit_id, from_day, document) VALUES ($1, $2, $3, $4, $5)`,
		id.New[placing](), person, p.Unit, p.From, p.Document)
	return err
}

func endPlace(tx *db.Tx, person ID, day clock.Date) error {
	_, err := tx.Exec(`UPDATE person_unit SET to_day = $1 WHERE person_id = $2 AND to_day IS NULL`, day, person)
	return err
}

// overlaysToday are the kinds of the overlays that lie on people today.
func overlaysToday(tx *db.Tx, people []ID) (map[ID][]string, error) {
	type laid struct {
		person ID
		kind   string
	}
	where, args := db.OneOf("person_id", 2, people)
	overlays := map[ID][]string{}
	err := db.Each(tx, func(row db.Row) (l laid, err error) {
		return l, row.Scan(&l.person, &l.kind)
	}, func(l laid) error {
		overlays[l.person] = append(overlays[l.person], l.kind)
		return nil
	}, `SELECT person_id, kind FROM person_overlay WHERE from_day <= $1 AND (to_day IS NULL OR to_day > $1)
		AND `+where+` ORDER BY from_day, id`, append([]any{clock.DateOf(tx.Now)}, args...)...)
	return overlays, err
}

// countStrength counts by state, without people under one of the overlays.
func countStrength(tx *db.Tx, u orgtree.Unit, without []string) (unit.Strength, error) {
	var below orgtree.Scope
	below.AddBranch(u.Path)
	inside, args := below.Where("p.unit_id", 2)
	kinds, more := db.OneOf("o.kind", len(args)+2, without)
	args = append(append([]any{clock.DateOf(tx.Now)}, args...), more...)
	var s unit.Strength
	type count struct {
		status Status
		n      int
	}
	err := db.Each(tx, func(row db.Row) (c count, err error) {
		return c, row.Scan(&c.status, &c.n)
	}, func(c count) error {
		switch c.status {
		case Official:
			s.Official = c.n
		case Probationary:
			s.Probationary = c.n
		}
		return nil
	}, `SELECT p.status, count(*) FROM person p WHERE `+inside+` AND NOT EXISTS (SELECT 1 FROM person_overlay o
		WHERE o.person_id = p.id AND `+kinds+` AND o.from_day <= $1 AND (o.to_day IS NULL OR o.to_day > $1)
		AND (o.kind <> 'temp_here' OR o.unit_id = p.unit_id)) GROUP BY p.status`, args...)
	return s, err
}

func parseID(s string) (ID, error) { return id.Parse[access.Person](s) }
