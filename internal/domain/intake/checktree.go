package intake

import (
	"strings"

	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/text"
)

// treeCheck checks a list of organisations. Who lies below whom is known at the
// end only.
type treeCheck struct {
	plan  *Plan
	rules *unit.TreeChecker
	units *directory
	today clock.Date
	rows  map[int]*row
	list  []unit.TreeRow
	// sorted are the units to be founded, parents first.
	sorted []unit.TreeRow
}

func newTreeCheck(tx *db.Tx, by access.Actor, p *Plan) (*treeCheck, error) {
	c := &treeCheck{plan: p, rules: unit.NewTreeChecker(tx, by), today: clock.DateOf(tx.Now), rows: map[int]*row{}}
	if p.at.ID == 0 {
		return c, nil // a root: nothing stands there yet
	}
	var err error
	c.units, err = newDirectory(tx, by, access.UnitManage, p.at, p.job.Settings.Names, false)
	return c, err
}

func (c *treeCheck) check(rows []*row) error {
	for _, r := range rows {
		t := unit.TreeRow{Row: r.number, Above: r.texts["parent"]}
		t.Parent = c.plan.at.ID
		t.Fields = unit.Fields{
			Code: r.texts["code"], Name: r.texts["name"], Kind: r.texts["kind"], CellType: r.texts["cell_type"],
			Block: r.texts["block"], Place: r.texts["place"], Address: r.texts["address"],
		}
		for area := range strings.SplitSeq(r.texts["areas"], ";") {
			if area = text.Line(area); area != "" {
				t.Areas = append(t.Areas, area)
			}
		}
		t.Founded, t.Decision = r.day("founded", c.today), r.texts["decision"]
		c.rows[r.number] = r
		c.list = append(c.list, t)
	}
	return nil
}

// finish looks at the tree as a whole.
func (c *treeCheck) finish() error {
	if err := c.resolve(); err != nil {
		return err
	}
	sorted := unit.ParentsFirst(c.list, func(t unit.TreeRow) { c.rows[t.Row].wrong("parent", "unit.error.circle") })
	for i := range sorted {
		t := &sorted[i]
		r := c.rows[t.Row]
		if len(r.faults) > 0 {
			continue
		}
		if err := r.invalid(c.rules.Check(t)); err != nil {
			return err
		}
		if len(r.faults) == 0 {
			c.sorted = append(c.sorted, *t)
		}
	}
	for _, t := range c.list {
		c.plan.settle(c.rows[t.Row], Finding{Name: t.Name, Detail: t.Code, Unit: t.Above})
	}
	return nil
}

// resolve turns names of parents into codes, and refuses a code that is there
// twice.
func (c *treeCheck) resolve() error {
	first, byName := map[string]int{}, map[string]string{}
	for _, t := range c.list {
		if before, twice := first[t.Code]; twice && t.Code != "" {
			c.rows[t.Row].wrong("code", "unit.error.code_twice", before)
			continue
		}
		first[t.Code] = t.Row
		byName[text.Fold(t.Name)] = t.Code
	}
	for i := range c.list {
		t := &c.list[i]
		if _, inSheet := first[t.Above]; inSheet || t.Above == "" {
			continue
		}
		if code, named := byName[text.Fold(t.Above)]; named {
			t.Above = code
			continue
		}
		if c.units == nil {
			continue
		}
		u, ok, err := c.units.find(t.Above)
		if err != nil {
			return err
		}
		if ok {
			t.Above = u.Code
		}
	}
	return nil
}
