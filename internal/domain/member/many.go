package member

import (
	"iter"

	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/text"
)

// Checker says what Register would say of people, many of them: what they share
// is read once.
type Checker struct {
	tx    *db.Tx
	by    access.Actor
	cells map[orgtree.ID]*cell
}

// cell is what people of one cell are measured against.
type cell struct {
	unit   orgtree.Unit
	limits limits
	groups map[unit.GroupID]bool
}

// NewChecker checks on behalf of the actor.
func NewChecker(tx *db.Tx, by access.Actor) *Checker {
	return &Checker{tx, by, map[orgtree.ID]*cell{}}
}

// Check cleans the person and fails as Register would, but for a card number
// that is in use; for that see CardsInUse. Somebody without a first day is
// measured by today's and keeps none.
func (c *Checker) Check(n *New) error {
	n.clean()
	from := n.From
	defer func() { n.From = from }()
	return c.check(n)
}

// check is Check for a person who was cleaned.
func (c *Checker) check(n *New) error {
	at, err := c.at(n.Unit)
	if err != nil {
		return err
	}
	if n.From.IsZero() {
		n.From = at.limits.today
	}
	var wrong errs.Fields
	n.checkIn(&wrong, at.unit, at.limits)
	wrong.Check(n.Group == 0 || at.groups[n.Group], "group", "member.error.group")
	return wrong.Err()
}

func (c *Checker) at(id orgtree.ID) (*cell, error) {
	if known := c.cells[id]; known != nil {
		return known, nil
	}
	u, err := access.Require(c.tx, c.by, access.MemberManage, id)
	if err != nil {
		return nil, err
	}
	l, err := limitsAt(c.tx, u)
	if err != nil {
		return nil, err
	}
	groups, err := unit.GroupsAt(c.tx, id)
	if err != nil {
		return nil, err
	}
	at := &cell{u, l, map[unit.GroupID]bool{}}
	for _, g := range groups {
		at.groups[g.ID] = true
	}
	c.cells[id] = at
	return at, nil
}

func (n *New) clean() {
	n.Core, n.CV, n.Document = n.Core.clean(), n.CV.clean(), text.Line(n.Document)
}

// Newcomers are people who are entered together, and the party groups that are
// founded for them: of each its id, its cell and its name.
type Newcomers struct {
	Groups []unit.Group
	People []New
}

// RegisterAll founds groups and enters people, as unit.FoundGroup and Register
// do, each with an entry in the journal, or none of them. Each batch is told when
// it is entered, with the ids of its people in their order. While one batch is
// written, others are read from batches and made ready, on other goroutines,
// which do not use the transaction.
func RegisterAll(tx *db.Tx, by access.Actor, batches iter.Seq2[Newcomers, error], entered func([]unit.Group, []ID) error) error {
	checker, sought := NewChecker(tx, by), newIndexes(tx)
	made := desk{today: clock.DateOf(tx.Now), drafter: journal.NewDrafter(tx, by)}
	for b, err := range ahead(batches, made.prepare) {
		if err != nil {
			return err
		}
		if err := checker.enter(b); err != nil {
			return err
		}
		ids := make([]ID, len(b.entries))
		for i, e := range b.entries {
			ids[i] = e.ID
		}
		if err := entered(b.groups, ids); err != nil {
			return err
		}
		if err := sought.after(len(ids)); err != nil {
			return err
		}
	}
	return sought.restore()
}

// prepared is a batch of which everything is made that needs no transaction.
type prepared struct {
	groups  []unit.Group
	entries []entry
	news    []New
	drafts  []journal.Draft
}

func (c *Checker) enter(b prepared) error {
	if err := c.found(b.groups); err != nil {
		return err
	}
	for i := range b.news {
		if err := c.check(&b.news[i]); err != nil {
			return err
		}
	}
	var cards []string
	for _, e := range b.entries {
		if e.Card != "" {
			cards = append(cards, e.Card)
		}
	}
	taken, err := cardHolders(c.tx, cards)
	if err != nil {
		return err
	}
	for card := range taken {
		return errs.New(errs.Conflict, "member.error.card_in_use", card)
	}
	if err := insertAll(c.tx, b.entries); err != nil {
		return err
	}
	return journal.WriteAll(c.tx, c.by, b.drafts)
}

func (c *Checker) found(groups []unit.Group) error {
	for _, g := range groups {
		if _, err := unit.FoundGroupAs(c.tx, c.by, g.ID, g.Unit, unit.NewGroup{Name: g.Name, Founded: clock.DateOf(c.tx.Now)}); err != nil {
			return err
		}
		delete(c.cells, g.Unit) // its groups are others now
	}
	return nil
}

// ahead has another goroutine read the sequence and make something of it while
// what came before is used. It ends with the loop.
func ahead[In, Out any](sequence iter.Seq2[In, error], ready func(In) (Out, error)) iter.Seq2[Out, error] {
	type next struct {
		out Out
		err error
	}
	return func(yield func(Out, error) bool) {
		queue, stop := make(chan next, 1), make(chan struct{})
		defer func() {
			close(stop)
			for range queue { // until the other goroutine has come to its end
			}
		}()
		go func() {
			defer close(queue)
			for in, err := range sequence {
				n := next{err: err}
				if err == nil {
					n.out, n.err = ready(in)
				}
				select {
				case queue <- n:
				case <-stop:
					return
				}
				if n.err != nil {
					return
				}
			}
		}()
		for n := range queue {
			if !yield(n.out, n.err) {
				return
			}
		}
	}
}

// desk makes batches ready, away from the transaction.
type desk struct {
	today   clock.Date
	drafter *journal.Drafter
	keys    text.NameKeys
}

func (d *desk) prepare(batch Newcomers) (p prepared, err error) {
	news := batch.People
	p = prepared{batch.Groups, make([]entry, len(news)), news, make([]journal.Draft, len(news))}
	for i := range news {
		n := &news[i]
		n.clean()
		if n.From.IsZero() {
			n.From = d.today
		}
		m := n.member()
		p.entries[i] = n.entry(m, d.keys.Of(m.Name))
		if p.drafts[i], err = d.drafter.Draft(journal.Change{
			Unit: m.Unit, Verb: "member.Import", Noun: noun, ID: int64(m.ID), After: imported{m, n.CV, n.Document},
			Figures: p.entries[i].tallied().String(),
		}); err != nil {
			return p, err
		}
	}
	return p, nil
}

// Identity is what tells people apart.
type Identity struct {
	ID        ID
	Unit      orgtree.ID
	BirthName string
	Birth     clock.Date
	Sex       Sex
	Card      string
	Status    Status
}

// Identities hands on everybody at or below the unit whom the actor may manage.
func Identities(tx *db.Tx, by access.Actor, at orgtree.Unit, fn func(Identity) error) error {
	scope, err := by.Scope(tx, access.MemberManage)
	if err != nil {
		return err
	}
	var branch orgtree.Scope
	branch.AddBranch(at.Path)
	inScope, args := scope.Where("p.unit_id", 1)
	inBranch, more := branch.Where("p.unit_id", len(args)+1)
	return db.Each(tx, scanIdentity, fn, `SELECT `+identityColumns+` FROM person p WHERE `+inScope+` AND `+inBranch, append(args, more...)...)
}

// CardsInUse are the holders of the cards, wherever they are: a number is given
// once. Somebody whom the actor may not manage has no name.
func CardsInUse(tx *db.Tx, by access.Actor, cards []string) (map[string]Identity, error) {
	holders, err := cardHolders(tx, cards)
	if err != nil {
		return nil, err
	}
	for card, holder := range holders {
		at, err := orgtree.Find(tx, holder.Unit)
		if err != nil {
			return nil, err
		}
		if !by.Can(access.MemberManage, at) {
			holders[card] = Identity{Card: card}
		}
	}
	return holders, nil
}

// atOnce is how many values are sought in one query.
const atOnce = 100

func cardHolders(tx *db.Tx, cards []string) (map[string]Identity, error) {
	found := map[string]Identity{}
	for len(cards) > 0 {
		part := cards[:min(len(cards), atOnce)]
		cards = cards[len(part):]
		where, args := db.OneOf("p.card_number", 1, part)
		if err := db.Each(tx, scanIdentity, func(i Identity) error {
			found[i.Card] = i
			return nil
		}, `SELECT `+identityColumns+` FROM person p WHERE p.card_number <> '' AND `+where, args...); err != nil {
			return nil, err
		}
	}
	return found, nil
}

const identityColumns = `p.id, p.unit_id, p.birth_name, p.birth, p.sex, p.card_number, p.status`

func scanIdentity(row db.Row) (i Identity, err error) {
	return i, row.Scan(&i.ID, &i.Unit, &i.BirthName, &i.Birth, &i.Sex, &i.Card, &i.Status)
}

// AdultAge is the least age in years at admission, where the unit lies, today.
func AdultAge(tx *db.Tx, u orgtree.Unit) (int, error) {
	l, err := limitsAt(tx, u)
	return l.adult, err
}

// TakeBack removes people as if they had never been registered: it was a
// mistake. Who manages members at their units may. The caller has made sure
// that nothing refers to them; otherwise it is errs.Conflict. Somebody who was
// changed since they were registered is errs.Conflict too.
func TakeBack(tx *db.Tx, by access.Actor, people []ID) error {
	may := NewChecker(tx, by)
	for len(people) > 0 {
		part := people[:min(len(people), atOnce)]
		people = people[len(part):]
		if err := may.takeBack(part); err != nil {
			return err
		}
	}
	return nil
}

func (c *Checker) takeBack(part []ID) error {
	where, args := db.OneOf("p.id", 1, part)
	found, err := db.All(c.tx, scanMember, `SELECT `+columns+` FROM person p WHERE `+where, args...)
	if err != nil {
		return err
	}
	lived := map[ID]tally.Counts{}
	where, args = db.OneOf("w.person_id", 1, part)
	if err := eachPlace(c.tx, where, args, func(person ID, at tally.Counts) {
		sum := lived[person]
		sum.Include(at)
		lived[person] = sum
	}); err != nil {
		return err
	}
	drafts, drafter := make([]journal.Draft, len(found)), journal.NewDrafter(c.tx, c.by)
	for i, m := range found {
		if _, err := c.at(m.Unit); err != nil {
			return err
		}
		if m.Version != 1 {
			return errs.New(errs.Conflict, "member.error.changed_since", m.Name)
		}
		if err := access.Revoke(c.tx, m.ID, source(m.ID)); err != nil {
			return err
		}
		if drafts[i], err = drafter.Draft(journal.Change{
			Unit: m.Unit, Verb: "member.TakeBack", Noun: noun, ID: int64(m.ID), Before: m,
			Figures: tally.Counts{}.Minus(lived[m.ID]).String(),
		}); err != nil {
			return err
		}
	}
	for _, statement := range []string{
		`DELETE FROM person_status WHERE person_id`, `DELETE FROM person_unit WHERE person_id`,
		`DELETE FROM person_file WHERE person_id`, `DELETE FROM person WHERE id`,
	} {
		one, args := db.OneOf("", 1, part)
		if _, err := c.tx.Exec(statement+one, args...); err != nil {
			return err
		}
	}
	return journal.WriteAll(c.tx, c.by, drafts)
}
