package intake

import (
	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/text"
)

// postCheck checks a list of who holds which post.
type postCheck struct {
	tx      *db.Tx
	by      access.Actor
	plan    *Plan
	units   *directory
	today   clock.Date
	byName  map[string][]member.Identity // folded
	byCard  map[string]member.Identity
	taken   map[takenPost]int
	unknown unknowns
	list    []postRow
}

// postRow is a post to be entered.
type postRow struct {
	row  int
	unit orgtree.ID
	unit.Appointment
}

// takenPost is a post in the sheet; the person is zero for one that only one may
// hold.
type takenPost struct {
	unit   orgtree.ID
	kind   string
	person member.ID
}

func newPostCheck(tx *db.Tx, by access.Actor, p *Plan) (*postCheck, error) {
	c := &postCheck{
		tx: tx, by: by, plan: p, today: clock.DateOf(tx.Now), unknown: unknowns{},
		byName: map[string][]member.Identity{}, byCard: map[string]member.Identity{}, taken: map[takenPost]int{},
	}
	var err error
	if c.units, err = newDirectory(tx, by, access.PostManage, p.at, p.job.Settings.Names, false); err != nil {
		return nil, err
	}
	around, err := party(tx, p.at)
	if err != nil {
		return nil, err
	}
	return c, member.Identities(tx, by, around, func(i member.Identity) error {
		folded := text.Fold(i.BirthName)
		c.byName[folded] = append(c.byName[folded], i)
		if i.Card != "" {
			c.byCard[i.Card] = i
		}
		return nil
	})
}

func (c *postCheck) check(rows []*row) error {
	for _, r := range rows {
		if err := c.one(r); err != nil {
			return err
		}
	}
	return nil
}

func (c *postCheck) one(r *row) error {
	f := Finding{Name: r.texts["person"], Detail: r.texts["kind"], Unit: r.texts["unit"]}
	at, ok, err := c.units.find(r.texts["unit"])
	if err != nil {
		return err
	}
	if !ok {
		unitWrong(r, c.units, f.Unit)
		c.unknown[f.Unit]++
		c.plan.settle(r, f)
		return nil
	}
	words, _, err := unit.Words(c.tx, at)
	if err != nil {
		return err
	}
	p := postRow{row: r.number, unit: at.ID}
	p.Kind = unit.PostByLabel(words, at, r.texts["kind"])
	p.Elected = electedWord(r)
	p.From, p.Decision, p.Term = r.day("from", c.today), r.texts["decision"], r.texts["term"]
	p.Person = c.person(r, at)
	if len(r.faults) == 0 {
		if err := r.invalid(unit.CheckAppointment(c.tx, c.by, at.ID, p.Appointment)); err != nil {
			return err
		}
	}
	if len(r.faults) == 0 {
		kind, _ := words.Post(p.Kind)
		c.once(r, takenPost{at.ID, p.Kind, p.Person})
		if kind.Single {
			c.once(r, takenPost{at.ID, p.Kind, 0})
		}
	}
	if len(r.faults) == 0 {
		c.list = append(c.list, p)
	}
	c.plan.settle(r, f)
	return nil
}

func (c *postCheck) once(r *row, post takenPost) {
	if before, twice := c.taken[post]; twice {
		r.wrong("kind", "intake.error.post_twice", before)
		return
	}
	c.taken[post] = r.number
}

// electedWord reads how somebody came into a post; who says nothing was
// appointed.
func electedWord(r *row) bool {
	switch text.Fold(r.texts["how"]) {
	case "bau", "bau cu", "duoc bau", "elected":
		return true
	case "", "chi dinh", "bo nhiem", "phan cong", "dieu dong", "appointed":
		return false
	}
	r.wrong("how", "intake.error.how")
	return false
}

// person finds who is meant: by the card, or by the name, in the unit first, and
// the birth where several have the name.
func (c *postCheck) person(r *row, at orgtree.Unit) member.ID {
	if number := card(r.texts["card"]); number != "" {
		if who, known := c.byCard[number]; known {
			return who.ID
		}
		r.wrong("card", "intake.error.no_card", number)
		return 0
	}
	birth := r.day("birth", c.today)
	var here, elsewhere []member.Identity
	for _, who := range c.byName[text.Fold(r.texts["person"])] {
		switch {
		case !birth.IsZero() && who.Birth != birth:
		case who.Unit == at.ID:
			here = append(here, who)
		default:
			elsewhere = append(elsewhere, who)
		}
	}
	if len(here) == 0 {
		here = elsewhere
	}
	switch len(here) {
	case 1:
		return here[0].ID
	case 0:
		r.wrong("person", "intake.error.no_person", r.texts["person"])
	default:
		r.wrong("person", "intake.error.namesakes", len(here))
	}
	return 0
}

func (c *postCheck) finish() error {
	c.plan.Report.Unknown = c.unknown.list(c.units)
	return nil
}
