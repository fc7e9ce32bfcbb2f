package intake

import (
	"slices"
	"strings"
	"unicode"

	"chibo/internal/domain/likeness"
	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/id"
	"chibo/internal/platform/text"
)

// peopleCheck checks a register of members.
type peopleCheck struct {
	tx      *db.Tx
	by      access.Actor
	plan    *Plan
	reader  people
	units   *directory
	rules   *member.Checker
	crowd   *crowd
	unknown unknowns
	groups  map[groupKey]unit.GroupID // to be founded
	started bool

	// take, if set, is given the newcomers that are right; updates are then the
	// rows about people who are known.
	take    func(member.Newcomers) error
	updates []rowUpdate
}

// rowUpdate is a row about somebody who is known, with the fields that it fills.
type rowUpdate struct {
	row    int
	person member.ID
	member.New
	filled []string
}

type groupKey struct {
	unit orgtree.ID
	name string // folded
}

func newPeopleCheck(tx *db.Tx, by access.Actor, p *Plan, take func(member.Newcomers) error) (*peopleCheck, error) {
	units, err := newDirectory(tx, by, access.MemberManage, p.at, p.job.Settings.Names, true)
	if err != nil {
		return nil, err
	}
	adult, err := member.AdultAge(tx, p.at)
	if err != nil {
		return nil, err
	}
	today := clock.DateOf(tx.Now)
	c := &peopleCheck{
		tx: tx, by: by, plan: p, units: units, rules: member.NewChecker(tx, by), crowd: newCrowd(),
		reader: people{today: today, grown: grown(today, adult)}, unknown: unknowns{}, groups: map[groupKey]unit.GroupID{}, take: take,
	}
	around, err := party(tx, p.at)
	if err != nil {
		return nil, err
	}
	return c, member.Identities(tx, by, around, func(i member.Identity) error {
		c.crowd.add(someone{person: i.ID, Person: likeness.Person{
			Name: c.crowd.fold(i.BirthName), Written: i.BirthName, Birth: i.Birth, Card: i.Card,
		}})
		return nil
	})
}

func (c *peopleCheck) check(rows []*row) error {
	if !c.started {
		c.reader.capitals, c.started = inCapitals(rows), true
	}
	list := make([]person, len(rows))
	var cards []string
	for i, r := range rows {
		list[i] = c.reader.read(r)
		if err := c.place(r, &list[i]); err != nil {
			return err
		}
		if list[i].Card != "" {
			cards = append(cards, list[i].Card)
		}
	}
	holders, err := member.CardsInUse(c.tx, c.by, cards)
	if err != nil {
		return err
	}
	var right member.Newcomers
	for i, r := range rows {
		ok, err := c.one(r, &list[i], holders)
		if err != nil {
			return err
		}
		if ok {
			c.enter(&right, r, &list[i])
		}
	}
	if c.take == nil || len(right.People) == 0 {
		return nil
	}
	return c.take(right)
}

// enter puts a person whose row is right among the newcomers, with the party
// group that must be founded, or among those who are updated.
func (c *peopleCheck) enter(into *member.Newcomers, r *row, n *person) {
	if twin, known := c.plan.same[r.number]; known {
		if c.take != nil {
			c.updates = append(c.updates, rowUpdate{r.number, twin.Person, n.New, filled(r.texts)})
		}
		return
	}
	if n.group != "" && n.Group == 0 {
		key := groupKey{n.Unit, text.Fold(n.group)}
		if c.groups[key] == 0 {
			c.groups[key] = id.New[unit.Group]()
			c.plan.Report.NewGroups = append(c.plan.Report.NewGroups, NewGroup{n.Unit, n.group})
			into.Groups = append(into.Groups, unit.Group{ID: c.groups[key], Unit: n.Unit, Name: n.group})
		}
		n.Group = c.groups[key]
	}
	if c.take != nil {
		into.People = append(into.People, n.New)
	}
}

// inCapitals reports that nearly all names of the first rows are written in
// capitals.
func inCapitals(rows []*row) bool {
	names, capitals := 0, 0
	for _, r := range rows {
		if name := r.texts["birth_name"] + r.texts["given_name"]; name != "" {
			names++
			if !strings.ContainsFunc(name, unicode.IsLower) {
				capitals++
			}
		}
	}
	return names > 1 && 10*capitals >= 9*names
}

// place finds the cell and the group that a row names.
func (c *peopleCheck) place(r *row, n *person) error {
	at, ok, err := c.units.find(n.unit)
	if err != nil {
		return err
	}
	if !ok || !at.IsCell() {
		if n.unit == "" {
			r.wrong("unit", "intake.error.no_unit", at.Name)
		} else {
			unitWrong(r, c.units, n.unit)
			c.unknown[n.unit]++
		}
		return nil
	}
	n.Unit = at.ID
	group, ok, err := c.units.group(at, n.group)
	if err != nil {
		return err
	}
	if !ok {
		r.wrong("group", "intake.error.group", n.group)
	}
	n.Group = group
	return nil
}

// one judges a row by itself and against all who are known; ok is true for one
// that is right.
func (c *peopleCheck) one(r *row, n *person, holders map[string]member.Identity) (ok bool, err error) {
	f := Finding{Name: n.BirthName, Detail: n.Birth.Vietnamese(), Unit: n.unit}
	if n.Unit != 0 {
		if err := r.invalid(c.rules.Check(&n.New)); err != nil {
			return false, err
		}
	}
	s := c.crowd.someone(*n, r.number)
	twin, found, clash := c.crowd.find(s)
	if holder, taken := holders[n.Card]; clash || taken && !c.knows(holder) {
		r.wrong("card", "member.error.card_in_use", n.Card)
	}
	if found && len(r.faults) == 0 {
		f.Twin = &twin
		if out := c.decide(r, n, twin); out {
			return false, nil
		}
	}
	if len(r.faults) == 0 {
		c.crowd.add(s)
	}
	c.plan.settle(r, f)
	return len(r.faults) == 0, nil
}

// knows reports whether the holder of a card is among those whom rows are
// compared with.
func (c *peopleCheck) knows(holder member.Identity) bool {
	at, ok := c.crowd.byCard[holder.Card]
	return ok && holder.ID != 0 && c.crowd.list[at].person == holder.ID
}

// decide does with a possible twin what was chosen; out is true for a row that
// needs nothing more.
func (c *peopleCheck) decide(r *row, n *person, t Twin) (out bool) {
	d := c.plan.job.decision(r.number)
	switch {
	case d.Choice == Undecided:
		c.plan.Report.Twins++
		r.wrong("", twinKey(t), t.Name, t.Row)
	case d.Choice == LeaveOut, d.Choice == Same && t.Person == 0:
		c.plan.leave(r.number)
		rep := &c.plan.Report
		rep.Findings = upTo(findingsMost, rep.Findings, Finding{
			Row: r.number, Name: n.BirthName, Detail: n.Birth.Vietnamese(), Unit: n.unit, Twin: &t,
		})
		return true
	case d.Choice == Same:
		c.plan.same[r.number] = t
	case t.Why == likeness.SameCard: // somebody else cannot have the same number
		r.wrong("card", "member.error.card_in_use", n.Card)
	}
	return false
}

// twinKey is the message about a twin: in the register or in the sheet.
func twinKey(t Twin) string {
	if t.Person != 0 {
		return "intake.twin.register_" + string(t.Why)
	}
	return "intake.twin.sheet_" + string(t.Why)
}

func (c *peopleCheck) finish() error {
	c.plan.Report.Unknown = c.unknown.list(c.units)
	return nil
}

// filled are the fields that a row says something of, and that an update may
// set: the name and the birth are corrected by a document only (rules 11.9), the
// cell by moving over.
func filled(texts map[string]string) []string {
	var names []string
	for _, name := range Fields(Members) {
		if texts[name] != "" && !slices.Contains(fixed, name) {
			names = append(names, name)
		}
	}
	return names
}

var fixed = []string{
	"unit", "group", "birth_name", "family_name", "given_name", "name", "sex", "male", "female",
	"birth", "birth_male", "birth_female", "status", "from",
}
