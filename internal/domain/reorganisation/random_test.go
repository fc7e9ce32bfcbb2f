package reorganisation_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"chibo/internal/domain/member"
	"chibo/internal/domain/overview"
	"chibo/internal/domain/reorganisation"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/schema"
	"chibo/internal/testkit"
	"chibo/internal/testkit/figures"
	"chibo/internal/testkit/org"
)

// country is a small province that random plans go over.
type country struct {
	r      *rapid.T
	tx     *db.Tx
	by     access.Actor
	tables []schema.Table
	root   unitID
	next   int // number of the next unit
	// carried counts plans that were carried out, kept those not taken back.
	carried, kept int
}

var errRollback = errors.New("what was tried is rolled back")

// TestRandomReorganisations: whatever plan is carried out, the tree stays a
// tree, nobody is lost or doubled, the days before stay what they were, the
// figures are what the records say, and taking the plan back restores every row. With -rapid.checks=1000 thousands of
// plans run.
func TestRandomReorganisations(t *testing.T) {
	tables := allTables(t)
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		carried, kept := 0, 0
		rapid.Check(t, func(r *rapid.T) {
			var c *country
			err := k.Try(func(tx *db.Tx) error {
				c = &country{r: r, tx: tx, by: access.Console(), tables: tables}
				c.settle()
				c.must(tally.Recount(tx, overview.Tallied))
				for step := range rapid.IntRange(1, 4).Draw(r, "plans") {
					c.reorganise(clock.DateOf(tx.Now).AddDays(step - 10))
				}
				return errRollback
			})
			if !errors.Is(err, errRollback) {
				r.Fatal(err)
			}
			carried, kept = carried+c.carried, kept+c.kept
		})
		t.Logf("%d plans were carried out, %d of them taken back", carried, carried-kept)
		if carried == 0 || kept == carried {
			t.Error("the test has tried nothing")
		}
	})
}

// must is for what no random draw may break.
func (c *country) must(err error) {
	if err != nil {
		c.r.Fatal(err)
	}
}

func (c *country) found(parent unitID, kind, cellType string) unitID {
	c.next++
	u, err := unit.Found(c.tx, c.by, unit.New{Parent: parent, Founded: org.Founded, Decision: "12-QĐ/TU", Fields: unit.Fields{
		Code: fmt.Sprintf("U%d", c.next), Name: fmt.Sprintf("Tổ chức %d", c.next), Kind: kind, CellType: cellType,
	}})
	c.must(err)
	return u.ID
}

func (c *country) settle() {
	c.root = c.found(0, "provincial_party", "")
	for range 2 {
		commune := c.found(c.root, "commune_party", "")
		for range rapid.IntRange(1, 3).Draw(c.r, "cells") {
			cell := c.found(commune, "village_cell", "village")
			c.must(settle(c.tx, cell, rapid.IntRange(3, 5).Draw(c.r, "members")))
			roll, err := member.Roster(c.tx, cell, clock.DateOf(c.tx.Now))
			c.must(err)
			_, err = unit.Appoint(c.tx, c.by, cell, unit.Appointment{Person: roll[0].ID, Kind: "cell_secretary", From: org.Founded, Decision: "1-QĐ/ĐU"})
			c.must(err)
		}
	}
}

// units are those below the root, cells or communes.
func (c *country) units(cells bool) (list []unitID) {
	root, err := orgtree.Find(c.tx, c.root)
	c.must(err)
	all, err := orgtree.Below(c.tx, root)
	c.must(err)
	for _, u := range all {
		if u.ID != c.root && u.IsCell() == cells {
			list = append(list, u.ID)
		}
	}
	return list
}

// plan is a draft while it is drawn.
type plan struct {
	reorganisation.Plan
	founded []unitID
}

func (c *country) reorganise(day clock.Date) {
	before, err := rows(c.tx, c.tables)
	c.must(err)
	was, _, err := count(c.tx, c.r, c.root, day)
	c.must(err)
	eve, eveLevels, err := count(c.tx, c.r, c.root, day.AddDays(-1))
	c.must(err)
	p, err := reorganisation.Begin(c.tx, c.by, c.root, reorganisation.Decision{Title: "Sắp xếp", Number: "5-QĐ/TU", Decided: day, Effective: day})
	c.must(err)
	draft := plan{Plan: p}
	for range rapid.IntRange(1, 4).Draw(c.r, "steps") {
		c.step(&draft)
	}
	c.settlePeople(draft)
	dry, err := reorganisation.Preview(c.tx, c.by, p.ID)
	c.must(err)
	if dry.Blocked() {
		if err := reorganisation.Apply(c.tx, c.by, p.ID, dry.Version); !errs.Is(err, errs.Conflict) {
			c.r.Fatalf("a blocked plan is carried out: %v", err)
		}
		c.must(reorganisation.Discard(c.tx, c.by, p.ID, dry.Version))
		return
	}
	c.must(reorganisation.Apply(c.tx, c.by, p.ID, dry.Version))
	c.carried++
	c.checkTree()
	c.checkFigures()
	is, _, err := count(c.tx, c.r, c.root, day)
	c.must(err)
	if !slices.Equal(slices.Sorted(maps.Keys(was)), slices.Sorted(maps.Keys(is))) {
		c.r.Fatalf("%d members after, %d before", len(is), len(was))
	}
	if dry.After.Members() != len(is) {
		c.r.Fatalf("the dry run counted %d members, there are %d", dry.After.Members(), len(is))
	}
	then, thenLevels, err := count(c.tx, c.r, c.root, day.AddDays(-1))
	c.must(err)
	if !maps.Equal(then, eve) || !maps.Equal(thenLevels, eveLevels) {
		c.r.Fatal("the day before is no longer what it was")
	}
	if c.kept++; rapid.Bool().Draw(c.r, "take back") {
		c.kept--
		c.must(reorganisation.TakeBack(c.tx, c.by, p.ID, dry.Version+1, "Sai sót"))
		after, err := rows(c.tx, c.tables)
		c.must(err)
		same(c.r, before, after)
		c.checkFigures()
	}
}

// checkFigures lets the figures follow sometimes, and else takes what they have
// still to follow into account.
func (c *country) checkFigures() {
	for more := rapid.Bool().Draw(c.r, "figures follow"); more; {
		var err error
		more, err = figures.Step(c.tx)
		c.must(err)
	}
	_, err := tally.Check(c.tx, overview.Tallied, nil)
	c.must(err)
}

// step draws a step; one that is refused leaves the draft as it was.
func (c *country) step(p *plan) {
	cells, communes := c.units(true), c.units(false)
	s := reorganisation.Step{
		Kind: rapid.SampledFrom(reorganisation.Kinds).Draw(c.r, "kind"),
		Unit: rapid.SampledFrom(cells).Draw(c.r, "unit"), To: rapid.SampledFrom(slices.Concat(cells, p.founded)).Draw(c.r, "to"),
		Stays: rapid.Bool().Draw(c.r, "stays"),
	}
	switch s.Kind {
	case reorganisation.Found:
		c.next++
		s.To = rapid.SampledFrom(communes).Draw(c.r, "parent")
		s.Fields = unit.Fields{Code: fmt.Sprintf("U%d", c.next), Name: fmt.Sprintf("Chi bộ mới %d", c.next), Kind: "village_cell", CellType: "village"}
	case reorganisation.Handover:
		s.To = rapid.SampledFrom(communes).Draw(c.r, "parent")
		s.Acceptance, s.Accepted = "3-QĐ/ĐU", p.Decided
	case reorganisation.Restyle:
		if rapid.Bool().Draw(c.r, "commune") {
			s.Unit = rapid.SampledFrom(communes).Draw(c.r, "commune of it")
		}
		s.Fields = unit.Fields{Level: rapid.SampledFrom([]string{"", "grassroots", "upper_grassroots", "below_grassroots"}).Draw(c.r, "level")}
		if s.Fields.Level == "" {
			s.Fields.Name = "Tên mới"
		}
	case reorganisation.WindUp, reorganisation.Merge:
		if len(communes) > 1 && rapid.IntRange(0, 4).Draw(c.r, "a whole commune") == 0 {
			s.Unit, s.To = communes[0], communes[1]
		}
	}
	added, err := reorganisation.AddStep(c.tx, c.by, p.ID, c.version(p), s)
	switch {
	case errs.Is(err, errs.Invalid), errs.Is(err, errs.Conflict):
	case err != nil:
		c.r.Fatal(err)
	case s.Kind == reorganisation.Found:
		p.founded = append(p.founded, added.Unit)
	}
}

func (c *country) version(p *plan) int64 {
	d, err := reorganisation.Find(c.tx, c.by, p.ID)
	c.must(err)
	return d.Version
}

// settlePeople draws a destination for some of those who leave, and a secretary
// for each new cell.
func (c *country) settlePeople(p plan) {
	dry, err := reorganisation.Preview(c.tx, c.by, p.ID)
	c.must(err)
	targets := slices.Concat(c.units(true), p.founded)
	for _, person := range dry.People {
		if person.To != 0 && rapid.IntRange(0, 3).Draw(c.r, "stays with the others") > 0 {
			continue
		}
		to := rapid.SampledFrom(targets).Draw(c.r, "destination")
		c.must(reorganisation.Send(c.tx, c.by, p.ID, c.version(&p), []member.ID{person.ID}, to))
	}
	dry, err = reorganisation.Preview(c.tx, c.by, p.ID)
	c.must(err)
	for _, at := range p.founded {
		for _, person := range dry.People {
			if person.To == at {
				c.must(reorganisation.Nominate(c.tx, c.by, p.ID, c.version(&p), reorganisation.Nomination{Unit: at, Person: person.ID, Post: "cell_secretary"}))
				break
			}
		}
	}
}

// checkTree: every unit that exists hangs below the root by its path, and the
// path of each is that of its parent and itself.
func (c *country) checkTree() {
	root, err := orgtree.Find(c.tx, c.root)
	c.must(err)
	units, err := orgtree.Below(c.tx, root)
	c.must(err)
	paths := map[unitID]orgtree.Path{0: ""}
	for _, u := range units {
		if want := paths[u.Parent] + orgtree.Path(u.ID.String()+"/"); u.Path != want {
			c.r.Fatalf("%s has the path %s, want %s", u.Name, u.Path, want)
		}
		paths[u.ID] = u.Path
	}
	today, err := orgtree.On(c.tx, c.root, clock.DateOf(c.tx.Now))
	c.must(err)
	n := 0
	c.must(walk(c.tx, today, func(orgtree.Unit) error { n++; return nil }))
	if n != len(units) {
		c.r.Fatalf("%d units by path, %d by dated parents", len(units), n)
	}
}
