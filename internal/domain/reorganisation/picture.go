package reorganisation

import (
	"cmp"
	"slices"
	"strings"

	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// Resident is a person who belongs to a unit that the plan divides or ends.
type Resident struct {
	ID      member.ID
	Name    string
	NameKey string
	Status  member.Status // member.Outside for whoever is no member
	Unit    orgtree.ID
	// Since is the day on which they came; zero for whoever is in no cell.
	Since clock.Date
	// Counted: no overlay takes them out of the strength (rules 2.6).
	Counted bool
	// To is where they go, their own unit if they stay, zero for nowhere; Own
	// says that they were given a place of their own.
	To  orgtree.ID
	Own bool
}

// Count counts the members of a unit. Out are those whom an overlay takes out
// of the strength.
type Count struct{ Official, Probationary, Out int }

// Members are all of them.
func (c Count) Members() int { return c.Official + c.Probationary + c.Out }

// strength is what the sizes of the rules count.
func (c Count) strength() unit.Strength {
	return unit.Strength{Official: c.Official, Probationary: c.Probationary}
}

func (c *Count) add(status member.Status, counted bool, n int) {
	switch {
	case !status.Active():
	case !counted:
		c.Out += n
	case status == member.Official:
		c.Official += n
	default:
		c.Probationary += n
	}
}

func (c *Count) sum(other Count) {
	c.Official += other.Official
	c.Probationary += other.Probationary
	c.Out += other.Out
}

// picture is what a plan is computed from: the tree below the body as it is,
// its members by number, and those who leave by name.
type picture struct {
	at        orgtree.Unit
	day       clock.Date // on which it holds
	units     []orgtree.Unit
	counts    map[orgtree.ID]Count
	residents []Resident
}

// look takes the picture. Steps of units that are no longer below the body are
// taken out of the draft and counted.
func look(tx *db.Tx, d *Draft, at orgtree.Unit) (p picture, gone int, err error) {
	p = picture{at: at, day: cmp.Or(d.Effective, clock.DateOf(tx.Now)), counts: map[orgtree.ID]Count{}}
	if p.units, err = orgtree.Below(tx, at); err != nil {
		return p, 0, err
	}
	if !at.Ended.IsZero() {
		p.units = []orgtree.Unit{at} // what it decided over lies elsewhere by now
	}
	there := map[orgtree.ID]bool{}
	for _, u := range p.units {
		there[u.ID] = true
	}
	steps := slices.DeleteFunc(slices.Clone(d.Steps), func(s Step) bool {
		_, founded := d.founds(s.Unit)
		return !founded && !there[s.Unit]
	})
	gone, d.Steps = len(d.Steps)-len(steps), steps
	if err := p.count(tx); err != nil {
		return p, gone, err
	}
	p.residents, err = d.residents(tx)
	return p, gone, err
}

// uncounted is the condition that an overlay of today ($1) takes person p out
// of the strength.
func uncounted(tx *db.Tx, at orgtree.Unit) (string, error) {
	words, _, err := unit.Words(tx, at)
	if err != nil {
		return "", err
	}
	kinds := []string{"''"}
	for _, o := range words.Overlays {
		if o.Strength == rulepack.Never && o.ID != member.Guest {
			kinds = append(kinds, "'"+strings.ReplaceAll(o.ID, "'", "''")+"'")
		}
	}
	return `p.id IN (SELECT o.person_id FROM person_overlay o WHERE o.kind IN (` + strings.Join(kinds, ", ") + `)
		AND o.from_day <= $1 AND (o.to_day IS NULL OR o.to_day > $1))`, nil
}

func (p *picture) count(tx *db.Tx) error {
	out, err := uncounted(tx, p.at)
	if err != nil {
		return err
	}
	var branch orgtree.Scope
	branch.AddBranch(p.at.Path)
	where, args := branch.Where("p.unit_id", 2)
	type row struct {
		unit   orgtree.ID
		status member.Status
		out, n int
	}
	return db.Each(tx, func(r db.Row) (c row, err error) {
		return c, r.Scan(&c.unit, &c.status, &c.out, &c.n)
	}, func(r row) error {
		c := p.counts[r.unit]
		c.add(r.status, r.out == 0, r.n)
		p.counts[r.unit] = c
		return nil
	}, `SELECT unit_id, status, outside, count(*) FROM (SELECT p.unit_id, p.status, CASE WHEN `+out+` THEN 1 ELSE 0 END AS outside
		FROM person p WHERE p.status IN ('official', 'probationary') AND `+where+`) x GROUP BY unit_id, status, outside`,
		append([]any{clock.DateOf(tx.Now)}, args...)...)
}

// residents are the people of the units that the plan divides or ends, by unit
// and given name, each with the place that the plan gives them.
func (d Draft) residents(tx *db.Tx) ([]Resident, error) {
	var list []Resident
	for _, s := range d.Steps {
		if !s.Scatters() {
			continue
		}
		u, err := orgtree.Find(tx, s.Unit)
		if err != nil {
			return nil, err
		}
		out, err := uncounted(tx, u)
		if err != nil {
			return nil, err
		}
		people, err := db.All(tx, func(row db.Row) (r Resident, err error) {
			return r, row.Scan(&r.ID, &r.Name, &r.NameKey, &r.Status, &r.Unit, &r.Counted, &r.Since)
		}, `SELECT p.id, p.name, p.name_key, p.status, p.unit_id, NOT (`+out+`),
			(SELECT max(w.from_day) FROM person_unit w WHERE w.person_id = p.id AND w.to_day IS NULL)
			FROM person p WHERE p.unit_id = $2 AND p.status IN ('official', 'probationary', '') ORDER BY p.name_key, p.id`,
			clock.DateOf(tx.Now), s.Unit)
		if err != nil {
			return nil, err
		}
		for _, r := range people {
			r.To, r.Own = d.place(s, r.ID)
			list = append(list, r)
		}
	}
	return list, nil
}

// place is where a person of the step's unit goes.
func (d Draft) place(s Step, person member.ID) (to orgtree.ID, own bool) {
	if to, own = d.Destinations[person]; own {
		return to, true
	}
	if s.Kind == Split && s.Stays {
		return s.Unit, false
	}
	return s.To, false
}

// Fate is what a plan makes of a unit.
type Fate struct {
	// Was is the unit as it is, the zero unit if the plan founds it; Now is what
	// it will be, if it has not Ended.
	Was, Now orgtree.Unit
	Founded  bool
	Ended    bool
	// Before and After count its own members, without the units below.
	Before, After Count
}

// changed reports whether the plan touches the unit or its number of members.
func (f Fate) changed() bool {
	return f.Founded || f.Ended || f.Before != f.After || f.Was.Parent != f.Now.Parent || f.restyled()
}

// rehung reports whether the unit comes below another parent.
func (f Fate) rehung() bool { return !f.Founded && !f.Ended && f.Was.Parent != f.Now.Parent }

func (f Fate) restyled() bool { return f.Was.Style() != f.Now.Style() || f.Was.Code != f.Now.Code }

// outcome is the tree as the plan will leave it.
type outcome struct {
	at    orgtree.Unit
	order []orgtree.ID // those that exist, parents before children; then the founded
	fates map[orgtree.ID]*Fate
	below map[orgtree.ID][]orgtree.ID // of the tree to be
	lost  map[orgtree.ID]bool         // units without a way to the body
}

// compute is a function of the plan and the picture alone.
func compute(d Draft, p picture) outcome {
	o := outcome{at: p.at, fates: map[orgtree.ID]*Fate{}, below: map[orgtree.ID][]orgtree.ID{}, lost: map[orgtree.ID]bool{}}
	for _, u := range p.units {
		o.order = append(o.order, u.ID)
		o.fates[u.ID] = &Fate{Was: u, Now: u, Before: p.counts[u.ID], After: p.counts[u.ID]}
	}
	for _, s := range d.Steps {
		if s.Kind == Found {
			o.order = append(o.order, s.Unit)
			o.fates[s.Unit] = &Fate{Now: s.founded(), Founded: true}
		}
	}
	o.restyle(d)
	o.rehang(d)
	o.send(p.residents)
	for _, unit := range o.order {
		if f := o.fates[unit]; !f.Ended && unit != o.at.ID {
			o.below[f.Now.Parent] = append(o.below[f.Now.Parent], unit)
		}
	}
	o.deepen()
	return o
}

func (o *outcome) restyle(d Draft) {
	for _, s := range d.Steps {
		if f := o.fates[s.Unit]; f != nil && s.Kind == Restyle {
			f.Now = s.styled(f.Now)
		}
	}
}

// rehang gives units their new parents: the one of a handover, and for what
// lies below a unit that ends where its step sends it.
func (o *outcome) rehang(d Draft) {
	for _, s := range d.Steps {
		f := o.fates[s.Unit]
		switch {
		case f == nil:
		case s.Kind == Handover:
			f.Now.Parent = s.To
		case s.ends():
			f.Ended = true
		}
	}
	for _, unit := range o.order {
		f := o.fates[unit]
		parent := o.fates[f.Now.Parent]
		if f.Ended || parent == nil || !parent.Ended {
			continue
		}
		s, _ := d.step(f.Now.Parent)
		f.Now.Parent = s.To
	}
}

func (o *outcome) send(residents []Resident) {
	for _, r := range residents {
		if from := o.fates[r.Unit]; from != nil && r.To != r.Unit {
			from.After.add(r.Status, r.Counted, -1)
			if to := o.fates[r.To]; to != nil {
				to.After.add(r.Status, r.Counted, 1)
			}
		}
	}
}

// deepen notes the depth of each unit in the tree to be. What it does not come
// to hangs nowhere, or in a circle.
func (o *outcome) deepen() {
	for unit, f := range o.fates {
		o.lost[unit] = !f.Ended
	}
	var down func(unit orgtree.ID, depth int)
	down = func(unit orgtree.ID, depth int) {
		o.lost[unit] = false
		o.fates[unit].Now.Depth = depth
		for _, child := range o.below[unit] {
			down(child, depth+1)
		}
	}
	down(o.at.ID, o.at.Depth)
}

// total counts the members at and below the unit.
func (o outcome) total(unit orgtree.ID) Count {
	c := o.fates[unit].After
	for _, child := range o.below[unit] {
		c.sum(o.total(child))
	}
	return c
}

// byDepth are the fates that have the property, those higher in the tree to be
// first.
func (o outcome) byDepth(has func(Fate) bool) []Fate {
	var list []Fate
	for _, unit := range o.order {
		if f := *o.fates[unit]; has(f) {
			list = append(list, f)
		}
	}
	slices.SortStableFunc(list, func(a, b Fate) int { return cmp.Compare(a.Now.Depth, b.Now.Depth) })
	return list
}

// Figures are what a tree comes to.
type Figures struct {
	Units, Cells int
	Count
	Levels []LevelFigures
}

// LevelFigures count the units of one level and the members in them.
type LevelFigures struct {
	Level          string
	Units, Members int
}

// figures of the tree as it is, and as it will be.
func (o outcome) figures() (before, after Figures) {
	for _, unit := range o.order {
		f := o.fates[unit]
		if !f.Founded {
			before.add(f.Was, f.Before)
		}
		if !f.Ended {
			after.add(f.Now, f.After)
		}
	}
	return before, after
}

func (f *Figures) add(u orgtree.Unit, c Count) {
	f.Units++
	if u.IsCell() {
		f.Cells++
	}
	f.sum(c)
	at := slices.IndexFunc(f.Levels, func(l LevelFigures) bool { return l.Level == u.Level })
	if at < 0 {
		at = len(f.Levels)
		f.Levels = append(f.Levels, LevelFigures{Level: u.Level})
	}
	f.Levels[at].Units++
	f.Levels[at].Members += c.Members()
}
