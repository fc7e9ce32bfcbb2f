package intake

import (
	"slices"
	"strings"
	"unicode"

	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
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
	groups  map[groupKey]bool // to be founded
	started bool
}

type groupKey struct {
	unit orgtree.ID
	name string // folded
}

func newPeopleCheck(tx *db.Tx, by access.Actor, p *Plan) (*peopleCheck, error) {
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
		reader: people{today: today, grown: grown(today, adult)}, unknown: unknowns{}, groups: map[groupKey]bool{},
	}
	around, err := party(tx, p.at)
	if err != nil {
		return nil, err
	}
	return c, member.Identities(tx, by, around, func(i member.Identity) error {
		c.crowd.add(someone{person: i.ID, name: c.crowd.fold(i.BirthName), written: i.BirthName, birth: i.Birth, card: i.Card})
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
	for i, r := range rows {
		if err := c.one(r, &list[i], holders); err != nil {
			return err
		}
	}
	return nil
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
	group, fresh, ok, err := c.units.group(at, n.group)
	if err != nil {
		return err
	}
	if !ok {
		r.wrong("group", "intake.error.group", n.group)
	}
	if fresh && !c.groups[groupKey{at.ID, text.Fold(n.group)}] {
		c.groups[groupKey{at.ID, text.Fold(n.group)}] = true
		c.plan.Report.NewGroups = append(c.plan.Report.NewGroups, NewGroup{at.ID, n.group})
	}
	n.Group = group
	return nil
}

// one judges a row by itself and against all who are known.
func (c *peopleCheck) one(r *row, n *person, holders map[string]member.Identity) error {
	f := Finding{Name: n.BirthName, Detail: n.Birth.Vietnamese(), Unit: n.unit}
	if n.Unit != 0 {
		if err := r.invalid(c.rules.Check(&n.New)); err != nil {
			return err
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
			return nil
		}
	}
	if len(r.faults) == 0 {
		c.crowd.add(s)
	}
	c.plan.settle(r, f)
	return nil
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
	case t.Why == SameCard: // somebody else cannot have the same number
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

// again reads the row once more for writing: what needed the database is known.
func (c *peopleCheck) again(r *row, founded map[groupKey]unit.GroupID) (member.New, error) {
	n := c.reader.read(r)
	at, known := c.units.found[n.unit]
	if !known || at.ID == 0 {
		return member.New{}, errs.New(errs.Conflict, "intake.error.file_changed")
	}
	n.Unit = at.ID
	if n.group != "" {
		folded := text.Fold(n.group)
		if g, there := c.units.groups[at.ID][folded]; there {
			n.Group = g.ID
		} else {
			n.Group = founded[groupKey{at.ID, folded}]
		}
	}
	return n.New, nil
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
