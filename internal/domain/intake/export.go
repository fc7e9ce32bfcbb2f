package intake

import (
	"context"
	"slices"
	"strings"

	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// theirs are fields that only the registers of others have: names and births
// in two columns, sexes in boxes. Religion is read where a register has it, and
// written into no list (rules 27).
var theirs = []string{"family_name", "given_name", "male", "female", "birth_male", "birth_female", "religion"}

// template are the fields of our own form, in its order.
func template(kind Kind) []string {
	return slices.DeleteFunc(Fields(kind), func(name string) bool { return slices.Contains(theirs, name) })
}

// Template is the head row of a spreadsheet of our own form.
func Template(kind Kind) []string {
	var heads []string
	for _, name := range template(kind) {
		f, _ := fieldAt(kind, name)
		heads = append(heads, f.heads[0])
	}
	return heads
}

// Exporting is a register on its way out, as rows that an import reads again
// unchanged.
type Exporting struct {
	kind Kind
	rows func(tx *db.Tx, row func([]string) error) error
}

// Rows hands on the rows while it reads them, head first; none is kept, and row
// keeps none. The rights are those of the export, as they are now. row must not
// use the transaction.
func (e Exporting) Rows(tx *db.Tx, row func([]string) error) error {
	if err := row(Template(e.kind)); err != nil {
		return err
	}
	return e.rows(tx, row)
}

// Table takes rows and keeps none; what it took is whole when it is closed.
type Table interface {
	Add(row []string) error
	Close() error
}

// Write writes the rows into the table while it reads them, all as of one moment.
func (e Exporting) Write(ctx context.Context, d *db.DB, to Table) error {
	if err := d.ViewLong(ctx, func(tx *db.Tx) error { return e.Rows(tx, to.Add) }); err != nil {
		return err
	}
	return to.Close()
}

// ExportMembers begins to carry out the people of the filter's unit. The rights
// are those of member.Export, which says so in the journal.
func ExportMembers(tx *db.Tx, by access.Actor, f member.Filter) (Exporting, error) {
	people, err := member.Export(tx, by, f)
	return Exporting{Members, func(tx *db.Tx, row func([]string) error) error {
		var p exportedPerson
		columns := p.columns()
		texts := make([]string, len(columns))
		return people.Each(tx, func(e member.Exported) error {
			p.Exported, p.merged = e, merged{e.Core, e.CV}
			for i, column := range columns {
				texts[i] = column()
			}
			return row(texts)
		})
	}}, err
}

// exportedPerson is whoever is written at the moment.
type exportedPerson struct {
	member.Exported
	merged merged
}

// columns give the texts of the person under the heads of the template.
func (p *exportedPerson) columns() []func() string {
	own := map[string]func() string{
		"unit":       func() string { return p.UnitCode },
		"group":      func() string { return p.GroupName },
		"birth_name": func() string { return p.BirthName },
		"name":       func() string { return p.Name },
		"sex":        func() string { return sexWords[p.Sex] },
		"birth":      func() string { return p.Birth.Vietnamese() },
		"status":     func() string { return statusWords[p.Status] },
		"from":       func() string { return p.From.Vietnamese() },
	}
	for name, v := range p.merged.fields() {
		own[name] = v.String
	}
	var columns []func() string
	for _, name := range template(Members) {
		columns = append(columns, own[name])
	}
	return columns
}

var (
	sexWords    = map[member.Sex]string{member.Male: "Nam", member.Female: "Nữ"}
	statusWords = map[member.Status]string{member.Official: "Chính thức", member.Probationary: "Dự bị"}
)

// inOrder are values as a row under the heads of the template.
func inOrder(kind Kind, values map[string]string) []string {
	var row []string
	for _, name := range template(kind) {
		row = append(row, values[name])
	}
	return row
}

// ExportUnits begins to carry out the tree at and below the unit on the day. Who
// may read units there may.
func ExportUnits(tx *db.Tx, by access.Actor, at orgtree.ID, day clock.Date) (Exporting, error) {
	_, err := unit.Find(tx, by, at)
	return Exporting{Units, func(tx *db.Tx, row func([]string) error) error {
		return unit.Walk(tx, by, at, day, func(s orgtree.Standing) error {
			cells, err := unitCells(tx, s)
			if err != nil {
				return err
			}
			return row(cells)
		})
	}}, err
}

func unitCells(tx *db.Tx, s orgtree.Standing) ([]string, error) {
	u, above := s.Unit, s.Above
	words, _, err := unit.Words(tx, u)
	if err != nil {
		return nil, err
	}
	kind := u.Kind
	if k, known := words.OrgKind(kind); known && unit.KindByLabel(words, k.Label, above.Kind) == kind {
		kind = k.Label
	}
	areas := make([]string, len(u.Areas))
	for i, area := range u.Areas {
		areas[i] = label(words.AreaAttributes, area)
	}
	return inOrder(Units, map[string]string{
		"code": u.Code, "parent": above.Code, "name": u.Name, "kind": kind, "cell_type": label(words.CellTypes, u.CellType),
		"block": label(words.Blocks, u.Block), "areas": strings.Join(areas, "; "), "place": u.Place, "address": u.Address,
		"founded": u.Founded.Vietnamese(), "decision": s.Decision,
	}), nil
}

func label(list []rulepack.Named, id string) string {
	for _, n := range list {
		if n.ID == id {
			return n.Label
		}
	}
	return id
}

// ExportPosts begins to carry out the posts held at and below the unit on the
// day. Who may export members there may.
func ExportPosts(tx *db.Tx, by access.Actor, at orgtree.ID, day clock.Date) (Exporting, error) {
	_, err := access.Require(tx, by, access.MemberExport, at)
	return Exporting{Posts, func(tx *db.Tx, row func([]string) error) error {
		top, err := access.Require(tx, by, access.MemberExport, at)
		if err != nil {
			return err
		}
		lot := &postLot{tx: tx, by: by, top: top, row: row}
		if err := unit.Walk(tx, by, at, day, func(s orgtree.Standing) error { return lot.add(s.Unit, day) }); err != nil {
			return err
		}
		return lot.write()
	}}, err
}

// postsAtOnce is for how many posts the holders are asked for in one question.
const postsAtOnce = 100

// postLot are posts whose holders are not known yet.
type postLot struct {
	tx   *db.Tx
	by   access.Actor
	top  orgtree.Unit
	row  func([]string) error
	held []heldAt
}

type heldAt struct {
	at orgtree.Unit
	unit.Post
}

func (l *postLot) add(u orgtree.Unit, day clock.Date) error {
	posts, err := unit.PostsAt(l.tx, u.ID, day)
	if err != nil {
		return err
	}
	for _, p := range posts {
		l.held = append(l.held, heldAt{u, p})
	}
	if len(l.held) < postsAtOnce {
		return nil
	}
	return l.write()
}

func (l *postLot) write() error {
	holders := make([]member.ID, len(l.held))
	for i, p := range l.held {
		holders[i] = p.Person
	}
	people, err := member.IdentitiesOf(l.tx, l.by, l.top, holders)
	if err != nil {
		return err
	}
	for _, p := range l.held {
		words, _, err := unit.Words(l.tx, p.at)
		if err != nil {
			return err
		}
		if err := l.row(postCells(words, p.at, p.Post, people[p.Person])); err != nil {
			return err
		}
	}
	l.held = l.held[:0]
	return nil
}

func postCells(words rulepack.States, u orgtree.Unit, p unit.Post, who member.Identity) []string {
	kind := p.Kind
	if k, known := words.Post(kind); known && unit.PostByLabel(words, u, k.Label) == kind {
		kind = k.Label
	}
	how := "Bầu"
	if p.State == unit.Appointed {
		how = "Chỉ định"
	}
	return inOrder(Posts, map[string]string{
		"unit": u.Code, "person": who.BirthName, "birth": who.Birth.Vietnamese(), "card": who.Card, "kind": kind, "how": how,
		"from": p.From.Vietnamese(), "decision": p.Decision, "term": p.Term,
	})
}
