package access_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
)

var update = flag.Bool("update", false, "write testdata/reach.txt anew")

const (
	golden  = "testdata/reach.txt"
	nowhere = "–"
)

// places is a small country: two communes, each with cells.
type places struct {
	commune, cell, neighbour, elsewhere orgtree.Unit
}

func plant(k *testkit.Kit) (p places) {
	k.Update(func(tx *db.Tx) (err error) {
		add := func(under orgtree.ID, name, cell string) (u orgtree.Unit) {
			if err == nil {
				u, err = orgtree.Add(tx, orgtree.Unit{Parent: under, Code: name, Name: name, CellType: cell, Founded: k.Today()}, "")
			}
			return u
		}
		p.commune = add(0, "commune", "")
		p.cell, p.neighbour = add(p.commune.ID, "cell", "village"), add(p.commune.ID, "neighbour", "village")
		p.elsewhere = add(0, "elsewhere", "")
		return err
	})
	return p
}

func (p places) all() []orgtree.Unit {
	return []orgtree.Unit{p.commune, p.cell, p.neighbour, p.elsewhere}
}

// TestReach prints who may do what where, and compares it with the text that
// people have read and agreed to.
func TestReach(t *testing.T) {
	k := testkit.SQLite(t)
	p := plant(k)
	var text strings.Builder
	fmt.Fprintf(&text, "# Where a role carries an action: held at a commune | held at one of its cells.\n")
	for i, role := range access.Roles {
		atCommune := holder(k, access.PersonID(2*i+1), role, p.commune)
		atCell := holder(k, access.PersonID(2*i+2), role, p.cell)
		fmt.Fprintln(&text)
		for _, act := range access.Actions() {
			fmt.Fprintf(&text, "%-16s → %-20s %s | %s\n", role, act, reach(atCommune, act, p), reach(atCell, act, p))
		}
	}
	if *update {
		if err := os.WriteFile(golden, []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	got, agreed := strings.Split(text.String(), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(got), len(agreed)) {
		a, b := line(got, i), line(agreed, i)
		if a != b {
			t.Errorf("line %d is\n%s\nand was agreed as\n%s\n(-update writes it anew; let it be read)", i+1, a, b)
		}
	}
}

func holder(k *testkit.Kit, person access.PersonID, role access.Role, at orgtree.Unit) (a access.Actor) {
	k.Update(func(tx *db.Tx) (err error) {
		if err = access.Give(tx, access.Grant{Person: person, Role: role, Unit: at.ID, From: k.Today()}); err == nil {
			a, err = access.Act(tx, person)
		}
		return err
	})
	return a
}

func line(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return "(nothing)"
}

func reach(a access.Actor, act access.Action, p places) string {
	var names []string
	for _, u := range p.all() {
		if a.Can(act, u) {
			names = append(names, u.Name)
		}
	}
	if names == nil {
		return nowhere
	}
	return strings.Join(names, ", ")
}

func TestEveryActionHasARow(t *testing.T) {
	declared := constants(t, "matrix.go", "Action")
	var listed []string
	for _, act := range access.Actions() {
		listed = append(listed, string(act))
	}
	slices.Sort(declared)
	if !slices.Equal(declared, listed) {
		t.Errorf("declared %v\nhave a row: %v", declared, listed)
	}
	var roles []string
	for _, role := range access.Roles {
		roles = append(roles, string(role))
	}
	if known := constants(t, "matrix.go", "Role"); !slices.Equal(known, roles) {
		t.Errorf("roles declared %v\nlisted %v", known, roles)
	}
	holders := agreedReach(t)
	for _, act := range access.Actions() {
		carried := false
		for _, role := range access.Roles {
			carried = carried || holders[role][act] != access.Nowhere
		}
		if !carried {
			t.Errorf("nobody may ever do %s", act)
		}
	}
}

// constants reads the values of the constants of a type from a source file.
func constants(t *testing.T, file, kind string) (values []string) {
	t.Helper()
	source, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(source, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if named, ok := spec.Type.(*ast.Ident); !ok || named.Name != kind {
			return true
		}
		if literal, ok := spec.Values[0].(*ast.BasicLit); ok {
			value, _ := strconv.Unquote(literal.Value)
			values = append(values, value)
		}
		return true
	})
	return values
}

// agreedReach is the matrix as the agreed text has it: an oracle that shares
// nothing with the code.
func agreedReach(t *testing.T) map[access.Role]map[access.Action]access.Reach {
	t.Helper()
	text, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	agreed := map[access.Role]map[access.Action]access.Reach{}
	for line := range strings.Lines(string(text)) {
		who, where, ok := strings.Cut(strings.TrimSpace(line), "|")
		words := strings.Fields(who)
		if !ok || words[0] == "#" {
			continue
		}
		role, act := access.Role(words[0]), access.Action(words[2])
		if agreed[role] == nil {
			agreed[role] = map[access.Action]access.Reach{}
		}
		switch {
		case strings.TrimSpace(where) == nowhere:
		case strings.Contains(who, "neighbour"):
			agreed[role][act] = access.Below
		default:
			agreed[role][act] = access.Here
		}
	}
	return agreed
}

// country is a random tree with random grants, and the slow way to ask it.
type country struct {
	*testkit.Kit
	reach  map[access.Role]map[access.Action]access.Reach
	units  []orgtree.Unit
	grants []access.Grant
}

const people, subjects = 7, 3

func randomCountry(k *testkit.Kit, r *rand.Rand) *country {
	c := &country{Kit: k}
	k.Update(func(tx *db.Tx) error {
		for i := range 16 {
			var under orgtree.ID
			if i > 1 {
				under = c.units[r.IntN(i)].ID
			}
			u, err := orgtree.Add(tx, orgtree.Unit{Parent: under, Code: fmt.Sprint(i), Name: fmt.Sprint(i), Founded: k.Today()}, "")
			if err != nil {
				return err
			}
			c.units = append(c.units, u)
		}
		for i := range 45 {
			g := access.Grant{
				Person: access.PersonID(1 + r.IntN(people)),
				Unit:   c.units[r.IntN(len(c.units))].ID,
				Role:   access.Roles[r.IntN(len(access.Roles))],
				From:   k.Today().AddDays(r.IntN(6)),
				Source: fmt.Sprint("grant ", i),
			}
			if r.IntN(3) == 0 {
				g.Subject = int64(1 + r.IntN(subjects))
			}
			if r.IntN(2) == 0 {
				g.To = g.From.AddDays(r.IntN(5))
			}
			c.grants = append(c.grants, g)
			if err := access.Give(tx, g); err != nil {
				return err
			}
		}
		return nil
	})
	return c
}

// may asks every grant and climbs the tree by hand.
func (c *country) may(person access.PersonID, act access.Action, unit orgtree.Unit, subject int64, day clock.Date) bool {
	for _, g := range c.grants {
		if g.Person != person || day.Before(g.From) || !g.To.IsZero() && !day.Before(g.To) || g.Subject != 0 && g.Subject != subject {
			continue
		}
		for at, height := unit.ID, 0; at != 0; at, height = c.parentOf(at), height+1 {
			reach := c.reach[g.Role][act]
			if at == g.Unit && (reach == access.Below || reach == access.Here && height == 0) {
				return true
			}
		}
	}
	return false
}

func (c *country) parentOf(unit orgtree.ID) orgtree.ID {
	for _, u := range c.units {
		if u.ID == unit {
			return u.Parent
		}
	}
	return 0
}

func TestAgainstTheSlowWay(t *testing.T) {
	reach := agreedReach(t)
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		r := rand.New(rand.NewPCG(seed, 0))
		c := randomCountry(k, r)
		c.reach = reach
		for range 4 {
			c.compare(t)
			k.SetNow(k.Now().AddDate(0, 0, 2))
			withdrawn := r.IntN(len(c.grants))
			c.withdraw(&c.grants[withdrawn])
			c.move(r)
		}
	})
}

// withdraw takes a role back; the next transaction must know.
func (c *country) withdraw(g *access.Grant) {
	day := c.Today()
	c.Update(func(tx *db.Tx) error { return access.Withdraw(tx, g.Source, day) })
	if g.To.IsZero() || g.To.After(day) {
		g.To = day
	}
}

// move hangs a unit elsewhere: its reach moves with it.
func (c *country) move(r *rand.Rand) {
	unit, under := c.units[2+r.IntN(len(c.units)-2)], c.units[r.IntN(2)]
	c.Update(func(tx *db.Tx) error {
		if err := orgtree.Move(tx, unit, under.ID, c.Today(), ""); err != nil {
			return err
		}
		for i, u := range c.units {
			fresh, err := orgtree.Find(tx, u.ID)
			if err != nil {
				return err
			}
			c.units[i] = fresh
		}
		return nil
	})
}

func (c *country) compare(t *testing.T) {
	t.Helper()
	day := c.Today()
	for person := access.PersonID(1); person <= people; person++ {
		c.View(func(tx *db.Tx) error {
			actor, err := access.Act(tx, person)
			if err != nil {
				return err
			}
			for _, act := range access.Actions() {
				c.compareAction(t, tx, actor, act, day, func(unit orgtree.Unit, subject int64) bool {
					return c.may(person, act, unit, subject, day)
				})
				c.compareLimited(t, tx, actor, act, day)
			}
			return nil
		})
	}
}

// compareLimited holds the actor to every part of the tree, to change or to
// read: nothing is allowed but what was before, there, and of the kind.
func (c *country) compareLimited(t *testing.T, tx *db.Tx, actor access.Actor, act access.Action, day clock.Date) {
	t.Helper()
	for i := range c.units {
		under := c.units[i]
		limit := access.Limit{ReadOnly: i%2 == 0, Under: under.Path}
		if i == 0 {
			limit.Under = ""
		}
		narrow := actor.Within(limit)
		c.compareAction(t, tx, narrow, act, day, func(unit orgtree.Unit, subject int64) bool {
			return (i == 0 || c.below(unit.ID, under.ID)) && (!limit.ReadOnly || harmless[act]) &&
				c.may(actor.Person, act, unit, subject, day)
		})
		for _, unit := range c.units {
			for _, role := range access.Roles {
				want := actor.Holds(role, unit.ID) && (i == 0 || c.below(unit.ID, under.ID))
				if narrow.Holds(role, unit.ID) != want {
					t.Errorf("held to %s, holding %s at %s is %v", under.Name, role, unit.Name, !want)
				}
			}
		}
	}
}

// below climbs from the unit by hand.
func (c *country) below(unit, top orgtree.ID) bool {
	for ; unit != 0; unit = c.parentOf(unit) {
		if unit == top {
			return true
		}
	}
	return false
}

// harmless are the actions that a token for reading may do. One that is added
// here lets machines do it for people who meant to let them read.
var harmless = map[access.Action]bool{
	access.UnitRead: true, access.MemberRead: true, access.MemberFile: true, access.MemberExport: true,
	access.MeetingRead: true, access.MeetingCriticism: true, access.ResolutionRead: true, access.TaskRead: true,
	access.ScoreRead: true, access.ReorganisationRead: true, access.OverviewRead: true, access.JournalRead: true,
}

func (c *country) compareAction(t *testing.T, tx *db.Tx, actor access.Actor, act access.Action, day clock.Date, may func(orgtree.Unit, int64) bool) {
	t.Helper()
	scope, err := actor.Scope(tx, act)
	if err != nil {
		t.Fatal(err)
	}
	where, args := scope.Where("u.id", 1)
	inScope, err := db.All(tx, db.Column[orgtree.ID], `SELECT u.id FROM unit u WHERE `+where, args...)
	if err != nil {
		t.Fatal(err)
	}
	for _, unit := range c.units {
		for subject := range int64(subjects + 1) {
			want := may(unit, subject)
			if got := actor.CanOn(act, unit, subject); got != want {
				t.Errorf("on %v may %v %s at %s, subject %d: %v, want %v", day, actor.Person, act, unit.Name, subject, got, want)
			}
		}
		want := may(unit, 0)
		if got := slices.Contains(inScope, unit.ID); got != want || scope.Contains(unit) != want {
			t.Errorf("on %v the scope of %v for %s holds %s: in SQL %v, in Go %v, want %v", day, actor.Person, act, unit.Name, got, scope.Contains(unit), want)
		}
		why, found := actor.Why(act, unit)
		if found != want || found && (why.Person != actor.Person || c.reach[why.Role][act] == access.Nowhere || !why.Path.Contains(unit.Path)) {
			t.Errorf("on %v %v may %s at %s because of %+v", day, actor.Person, act, unit.Name, why)
		}
	}
}

func TestRequire(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		p := plant(k)
		const secretary, minuteTaker, nobody, meeting = 1, 2, 3, 77
		k.Update(func(tx *db.Tx) error {
			for _, g := range []access.Grant{
				{Person: secretary, Role: access.Secretary, Unit: p.cell.ID, Source: "post:1"},
				{Person: minuteTaker, Role: access.MinuteTaker, Unit: p.cell.ID, Subject: meeting},
				{Person: minuteTaker, Role: access.Member, Unit: p.cell.ID},
			} {
				g.From = k.Today()
				if err := access.Give(tx, g); err != nil {
					return err
				}
			}
			return nil
		})
		for _, c := range []struct {
			who     string
			by      access.PersonID
			act     access.Action
			unit    orgtree.ID
			subject int64
			kind    errs.Kind
		}{
			{"secretary in their cell", secretary, access.MeetingConclude, p.cell.ID, 0, testkit.OK},
			{"secretary in the next cell", secretary, access.MeetingConclude, p.neighbour.ID, 0, errs.NotFound},
			{"secretary in the commune above", secretary, access.UnitRead, p.commune.ID, 0, errs.NotFound},
			{"secretary moves the own cell", secretary, access.UnitManage, p.cell.ID, 0, errs.Denied},
			{"minute-taker in that meeting", minuteTaker, access.MeetingRun, p.cell.ID, meeting, testkit.OK},
			{"minute-taker in another meeting", minuteTaker, access.MeetingRun, p.cell.ID, meeting + 1, errs.Denied},
			{"minute-taker without a meeting", minuteTaker, access.MeetingRun, p.cell.ID, 0, errs.Denied},
			{"nobody", nobody, access.MeetingRead, p.cell.ID, 0, errs.NotFound},
			{"secretary, no such unit", secretary, access.UnitRead, 5, 0, errs.NotFound},
			{"without a person", 0, access.UnitRead, p.cell.ID, 0, errs.Unauthenticated},
		} {
			t.Log(c.who)
			testkit.Want(t, k.Try(func(tx *db.Tx) error {
				by, err := access.Act(tx, c.by)
				if err != nil {
					return err
				}
				_, err = access.RequireOn(tx, by, c.act, c.unit, c.subject)
				return err
			}), c.kind)
		}
		k.View(func(tx *db.Tx) error {
			scope, err := access.Console().Scope(tx, access.MemberFile)
			for _, u := range p.all() {
				if !scope.Contains(u) || !access.Console().Can(access.MemberFile, u) {
					t.Errorf("%s is hidden from the console", u.Name)
				}
			}
			return err
		})
		k.Update(func(tx *db.Tx) error { return access.Withdraw(tx, "post:1", k.Today()) })
		testkit.Want(t, k.Try(func(tx *db.Tx) error {
			by, err := access.Act(tx, secretary)
			if err != nil {
				return err
			}
			if by.Holds(access.Secretary, p.cell.ID) || len(by.Grants()) != 0 {
				t.Error("a withdrawn role is still held")
			}
			_, err = access.Require(tx, by, access.UnitRead, p.cell.ID)
			return err
		}), errs.NotFound)
	})
}

// TestWriting: what people may do without a role, for being who they are, is
// held to the limit where it is journalled.
func TestWriting(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		p := plant(k)
		for _, c := range []struct {
			what  string
			by    access.Actor
			at    orgtree.Unit
			kind  errs.Kind
			token bool
		}{
			{"signed in", access.Actor{Person: 1}, p.cell, testkit.OK, false},
			{"the console", access.Console(), p.cell, testkit.OK, false},
			{"a token for everything", access.Actor{Person: 1}.Within(access.Limit{}), p.cell, testkit.OK, true},
			{"a token for reading", access.Actor{Person: 1}.Within(access.Limit{ReadOnly: true}), p.cell, errs.Denied, true},
			{"a token of the unit", access.Actor{Person: 1}.Within(access.Limit{Under: p.cell.Path}), p.cell, testkit.OK, true},
			{"a token of the unit above", access.Actor{Person: 1}.Within(access.Limit{Under: p.commune.Path}), p.cell, testkit.OK, true},
			{"a token of a unit below", access.Actor{Person: 1}.Within(access.Limit{Under: p.cell.Path}), p.commune, errs.Denied, true},
			{"a token of the next unit", access.Actor{Person: 1}.Within(access.Limit{Under: p.neighbour.Path}), p.cell, errs.Denied, true},
			{"a token for reading the unit", access.Actor{Person: 1}.Within(access.Limit{ReadOnly: true, Under: p.cell.Path}), p.cell, errs.Denied, true},
			{"the console, narrowed", access.Console().Within(access.Limit{ReadOnly: true}), p.cell, errs.Denied, true},
		} {
			t.Log(c.what)
			testkit.Want(t, k.Try(func(tx *db.Tx) error { return access.Writing(tx, c.by, c.at.ID) }), c.kind)
			if refused := access.InPerson(c.by) != nil; refused != c.token {
				t.Errorf("InPerson refuses: %v", refused)
			}
			if c.token && c.by.Can(access.UnitRead, c.at) {
				t.Error("a limit gives a right")
			}
		}
	})
}

func TestHolders(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		p := plant(k)
		today := k.Today()
		k.Update(func(tx *db.Tx) error {
			for _, g := range []access.Grant{
				{Person: 1, Role: access.Deputy, Unit: p.cell.ID, From: today, To: today.AddDays(2)},
				{Person: 2, Role: access.Deputy, Unit: p.cell.ID, From: today.AddDays(1)},
				{Person: 3, Role: access.Secretary, Unit: p.cell.ID, From: today},
				{Person: 4, Role: access.Deputy, Unit: p.neighbour.ID, From: today},
			} {
				if err := access.Give(tx, g); err != nil {
					return err
				}
			}
			return nil
		})
		for after, want := range map[int][]access.PersonID{-1: nil, 0: {1}, 1: {1, 2}, 2: {2}} {
			k.View(func(tx *db.Tx) error {
				list, err := access.Holders(tx, p.cell.ID, access.Deputy, today.AddDays(after))
				var got []access.PersonID
				for _, g := range list {
					got = append(got, g.Person)
				}
				if !slices.Equal(got, want) {
					t.Errorf("after %d days: %v, want %v", after, got, want)
				}
				return err
			})
		}
	})
}
