package member

import (
	"fmt"
	"slices"
	"strings"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// Exporting is a list of people on its way out of the register.
type Exporting struct {
	by     access.Actor
	filter Filter
}

// Export begins to carry the people of the filter's unit out of the register. Who
// may export members at the unit may. The journal says who does, and how many
// people those are, before the first of them is read.
func Export(tx *db.Tx, by access.Actor, f Filter) (Exporting, error) {
	q, err := exportQuery(tx, by, f)
	if err != nil {
		return Exporting{}, err
	}
	n, err := q.people()
	if err != nil {
		return Exporting{}, err
	}
	return Exporting{by, f}, journal.Write(tx, by, journal.Change{
		Unit: f.Unit, Verb: "member.Export", Noun: "unit", ID: int64(f.Unit), After: map[string]any{"people": n},
	})
}

// Exported is a person as a spreadsheet carries one out. Religion, which nobody
// needs in a list, is left out.
type Exported struct {
	Member
	CV CV
	// UnitCode is the code of the cell, GroupName the name of the party group, and
	// From the day since which the person belongs to the cell.
	UnitCode, GroupName string
	From                clock.Date
}

// Each hands on the people while it reads them, unit after unit, those of a unit
// sorted by name: it holds one of them at a time, however many they are. The
// rights are those of Export, as they are now. fn must not use tx.
func (e Exporting) Each(tx *db.Tx, fn func(Exported) error) error {
	q, err := exportQuery(tx, e.by, e.filter)
	if err != nil {
		return err
	}
	at, err := orgtree.Find(tx, e.filter.Unit)
	if err != nil {
		return err
	}
	return orgtree.EachLot(tx, at, unitsAtOnce, func(first, last orgtree.Path) error { return q.export(first, last, fn) })
}

// unitsAtOnce is of how many units the people are asked for in one question.
// PostgreSQL would sort those of the whole country on disk, before it gave the
// first.
const unitsAtOnce = 200

func exportQuery(tx *db.Tx, by access.Actor, f Filter) (*query, error) {
	if f.Unit == 0 {
		return nil, errs.Field("unit", "errs.required")
	}
	return newQuery(tx, by, access.MemberExport, f)
}

// people counts all whom the query finds.
func (q *query) people() (int, error) {
	return db.One(q.tx, db.Column[int], `SELECT count(*) FROM person p JOIN unit u ON u.id = p.unit_id WHERE `+strings.Join(q.terms, " AND "), q.args...)
}

// export hands on the people of the units between two paths. CROSS JOIN has SQLite
// begin with the units, whose people their index gives in order.
func (q *query) export(first, last orgtree.Path, fn func(Exported) error) error {
	n := len(q.args)
	return db.Each(q.tx, scanExported, fn, `SELECT `+columns+`, u.code, COALESCE(g.name, ''),
		(SELECT max(w.from_day) FROM person_unit w WHERE w.person_id = p.id), `+exportedFile+`
		FROM unit u CROSS JOIN person p JOIN person_file f ON f.person_id = p.id
		LEFT JOIN party_group g ON g.id = p.group_id AND g.ended IS NULL
		WHERE p.unit_id = u.id AND `+strings.Join(q.terms, " AND ")+fmt.Sprintf(` AND u.path >= $%d AND u.path <= $%d`, n+1, n+2)+`
		ORDER BY u.path, p.name_key, p.id`, append(slices.Clone(q.args), first, last)...)
}

var exportedFile = strings.NewReplacer("person_id, ", "", "religion, ", "").Replace(fileColumns)

func scanExported(row db.Row) (e Exported, err error) {
	e.Member, err = scanMember(exportedRow{row, &e})
	return e, err
}

// exportedRow scans what stands behind the columns of a person.
type exportedRow struct {
	db.Row
	e *Exported
}

func (r exportedRow) Scan(into ...any) error {
	v := &r.e.CV
	return r.Row.Scan(append(into, &r.e.UnitCode, &r.e.GroupName, &r.e.From, &v.OtherNames, &v.Birthplace, &v.Home, &v.Residence, &v.Ethnic,
		&v.Occupation, &v.Schooling, &v.Expertise, &v.Degree, &v.AcademicTitle, &v.Theory, &v.Languages, &v.Computing,
		&v.MinorityLanguages, &v.UnionJoined, &v.UnionPlace, &v.Phone)...)
}

// IdentitiesOf are those of the people who belong to the unit or below it and
// whom the actor may manage; the others are missing.
func IdentitiesOf(tx *db.Tx, by access.Actor, at orgtree.Unit, people []ID) (map[ID]Identity, error) {
	scope, err := by.Scope(tx, access.MemberManage)
	if err != nil {
		return nil, err
	}
	var branch orgtree.Scope
	branch.AddBranch(at.Path)
	inScope, args := scope.WhereJoined("u", 1)
	inBranch, more := branch.WhereJoined("u", len(args)+1)
	args = append(args, more...)
	found := make(map[ID]Identity, len(people))
	for part := range slices.Chunk(people, atOnce) {
		among, ids := db.OneOf("p.id", len(args)+1, part)
		if err := db.Each(tx, scanIdentity, func(i Identity) error {
			found[i.ID] = i
			return nil
		}, `SELECT `+identityColumns+` FROM person p JOIN unit u ON u.id = p.unit_id WHERE `+inScope+` AND `+inBranch+` AND `+among,
			append(slices.Clone(args), ids...)...); err != nil {
			return nil, err
		}
	}
	return found, nil
}
