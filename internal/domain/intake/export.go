package intake

import (
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

// inOrder are values as a row under the heads of the template.
func inOrder(kind Kind, values map[string]string) []string {
	var row []string
	for _, name := range template(kind) {
		row = append(row, values[name])
	}
	return row
}

// ExportMembers gives the people of the filter's unit as rows that an import
// reads again unchanged, head first. The rights are those of member.Export; row
// must not use the transaction.
func ExportMembers(tx *db.Tx, by access.Actor, f member.Filter, row func([]string) error) error {
	if err := row(Template(Members)); err != nil {
		return err
	}
	return member.Export(tx, by, f, func(e member.Exported) error {
		values := map[string]string{
			"unit": e.UnitCode, "group": e.GroupName, "birth_name": e.BirthName, "name": e.Name, "sex": sexWords[e.Sex],
			"birth": e.Birth.Vietnamese(), "status": statusWords[e.Status], "from": e.From.Vietnamese(),
		}
		m := merged{e.Core, e.CV}
		for name, v := range m.fields() {
			values[name] = v.String()
		}
		return row(inOrder(Members, values))
	})
}

var (
	sexWords    = map[member.Sex]string{member.Male: "Nam", member.Female: "Nữ"}
	statusWords = map[member.Status]string{member.Official: "Chính thức", member.Probationary: "Dự bị"}
)

// ExportUnits is the tree at and below the unit on the day, as rows that an
// import reads again unchanged, head first. Who may read units there may.
func ExportUnits(tx *db.Tx, by access.Actor, at orgtree.ID, day clock.Date) ([][]string, error) {
	root, err := unit.Tree(tx, by, at, day)
	if err != nil {
		return nil, err
	}
	rows := [][]string{Template(Units)}
	return rows, eachNode(root, orgtree.Unit{}, func(n, above orgtree.Unit) error {
		row, err := unitRow(tx, n, above)
		rows = append(rows, row)
		return err
	})
}

func eachNode(n orgtree.Node, above orgtree.Unit, fn func(n, above orgtree.Unit) error) error {
	if err := fn(n.Unit, above); err != nil {
		return err
	}
	for _, child := range n.Children {
		if err := eachNode(child, n.Unit, fn); err != nil {
			return err
		}
	}
	return nil
}

func unitRow(tx *db.Tx, u, above orgtree.Unit) ([]string, error) {
	words, _, err := unit.Words(tx, u)
	if err != nil {
		return nil, err
	}
	history, err := orgtree.Parents(tx, u.ID)
	if err != nil {
		return nil, err
	}
	decision := ""
	if len(history) > 0 {
		decision = history[0].Decision
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
		"founded": u.Founded.Vietnamese(), "decision": decision,
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

// ExportPosts are the posts held at and below the unit on the day, as rows that
// an import reads again unchanged, head first. Who may export members there may.
func ExportPosts(tx *db.Tx, by access.Actor, at orgtree.ID, day clock.Date) ([][]string, error) {
	if _, err := access.Require(tx, by, access.MemberExport, at); err != nil {
		return nil, err
	}
	root, err := unit.Tree(tx, by, at, day)
	if err != nil {
		return nil, err
	}
	people := map[member.ID]member.Identity{}
	if err := member.Identities(tx, by, root.Unit, func(i member.Identity) error {
		people[i.ID] = i
		return nil
	}); err != nil {
		return nil, err
	}
	rows := [][]string{Template(Posts)}
	return rows, eachNode(root, orgtree.Unit{}, func(u, _ orgtree.Unit) error {
		posts, err := unit.PostsAt(tx, u.ID, day)
		if err != nil {
			return err
		}
		words, _, err := unit.Words(tx, u)
		for _, p := range posts {
			rows = append(rows, postCells(words, u, p, people[p.Person]))
		}
		return err
	})
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
