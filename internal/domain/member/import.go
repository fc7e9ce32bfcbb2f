package member

import (
	"slices"

	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/sheet"
	"chibo/internal/platform/text"
)

// CheckImport adds to a preview what only rules and register can tell: cells
// and groups are looked up, rows without a cell go to the one given, fields
// are checked like those of Register, card numbers and people are sought in
// the register. A cell where the actor may not manage members reads as none.
func CheckImport(tx *db.Tx, by access.Actor, cell orgtree.ID, p Preview) (Preview, error) {
	c := &checker{tx: tx, by: by, cell: cell, found: &sheet.Sheet{Faults: slices.Clone(p.Faults)}, cells: map[string]*importCell{}}
	rows := slices.Clone(p.Rows)
	for i := range rows {
		if err := c.row(&rows[i]); err != nil {
			return Preview{}, err
		}
	}
	if err := c.cardsInUse(rows); err != nil {
		return Preview{}, err
	}
	if err := c.peopleInCells(rows); err != nil {
		return Preview{}, err
	}
	return Preview{rows, c.found.Faults, p.Ignored}, nil
}

// checker keeps what many rows share.
type checker struct {
	tx    *db.Tx
	by    access.Actor
	cell  orgtree.ID
	found *sheet.Sheet
	cells map[string]*importCell
}

// importCell is a cell that rows go to; its unit is zero if the actor may not
// import there.
type importCell struct {
	unit   orgtree.Unit
	limits limits
	groups []unit.Group
}

func (c *checker) row(row *ImportRow) error {
	cell, err := c.find(row.Cell)
	if err != nil {
		return err
	}
	if cell.unit.ID == 0 {
		c.found.Wrong(row.Row, "unit", "member.error.no_such_cell", row.Cell)
		return nil
	}
	row.Unit = cell.unit.ID
	if row.From.IsZero() {
		row.From = cell.limits.today
	}
	row.Group = 0
	for _, g := range cell.groups {
		if text.Fold(g.Name) == text.Fold(row.GroupName) {
			row.Group = g.ID
		}
	}
	var wrong errs.Fields
	wrong.Check(row.GroupName == "" || row.Group != 0, "group", "member.error.group")
	row.New.checkIn(&wrong, cell.unit, cell.limits)
	return c.found.Invalid(row.Row, wrong.Err())
}

// find is the cell with the code, looked up once.
func (c *checker) find(code string) (*importCell, error) {
	if cell, ok := c.cells[code]; ok {
		return cell, nil
	}
	cell := &importCell{}
	c.cells[code] = cell
	u, found, err := c.lookUp(code)
	if err != nil || !found || !c.by.Can(access.MemberManage, u) {
		return cell, err
	}
	cell.unit = u
	if cell.limits, err = limitsAt(c.tx, u); err != nil {
		return nil, err
	}
	cell.groups, err = unit.GroupsAt(c.tx, u.ID)
	return cell, err
}

func (c *checker) lookUp(code string) (orgtree.Unit, bool, error) {
	if code != "" {
		return orgtree.FindCode(c.tx, code)
	}
	if c.cell == 0 {
		return orgtree.Unit{}, false, nil
	}
	u, err := orgtree.Find(c.tx, c.cell)
	if errs.Is(err, errs.NotFound) {
		return orgtree.Unit{}, false, nil
	}
	return u, err == nil, err
}

func (c *checker) cardsInUse(rows []ImportRow) error {
	byCard := map[string]int{}
	var cards []string
	for _, row := range rows {
		if row.Card != "" {
			byCard[row.Card] = row.Row
			cards = append(cards, row.Card)
		}
	}
	for part := range slices.Chunk(cards, atOnce) {
		taken, err := takenCards(c.tx, part)
		if err != nil {
			return err
		}
		for _, card := range taken {
			c.found.Wrong(byCard[card], "card", "member.error.card_in_use", card)
		}
	}
	return nil
}

// peopleInCells finds people who are in the cell already, by name and birth:
// a list that is imported twice.
func (c *checker) peopleInCells(rows []ImportRow) error {
	known := map[orgtree.ID]map[string]bool{}
	for _, row := range rows {
		if row.Unit == 0 {
			continue
		}
		people, loaded := known[row.Unit]
		if !loaded {
			var err error
			if people, err = peopleIn(c.tx, row.Unit); err != nil {
				return err
			}
			known[row.Unit] = people
		}
		if people[row.person()] {
			c.found.Wrong(row.Row, "birth_name", "member.error.already_registered")
		}
	}
	return nil
}

// Import enters all members of a preview, or none, and gives their ids in the
// order of the rows. The rights are those of Register; a preview with faults
// is errs.Invalid, a register that changed since may make new ones.
func Import(tx *db.Tx, by access.Actor, cell orgtree.ID, p Preview) ([]ID, error) {
	p, err := CheckImport(tx, by, cell, p)
	if err != nil {
		return nil, err
	}
	if len(p.Faults) > 0 {
		return nil, errs.New(errs.Invalid, "sheet.error.faults", len(p.Faults))
	}
	entries := make([]entry, len(p.Rows))
	ids := make([]ID, len(p.Rows))
	for i, row := range p.Rows {
		entries[i] = row.entry(row.member())
		ids[i] = entries[i].ID
	}
	if err := insertAll(tx, entries); err != nil {
		return nil, err
	}
	for _, e := range entries {
		if err := journal.Write(tx, by, journal.Change{
			Unit: e.Unit, Verb: "member.Import", Noun: noun, ID: int64(e.ID), After: snapshot{e.Member, e.cv, ""},
		}); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

func takenCards(tx *db.Tx, cards []string) ([]string, error) {
	where, args := oneOf("card_number", 1, cards)
	return db.All(tx, db.Column[string], `SELECT card_number FROM person WHERE `+where, args...)
}

// peopleIn tells who is in the cell, as Core.person does.
func peopleIn(tx *db.Tx, cell orgtree.ID) (map[string]bool, error) {
	people := map[string]bool{}
	err := db.Each(tx, func(row db.Row) (c Core, err error) {
		return c, row.Scan(&c.BirthName, &c.Birth)
	}, func(c Core) error {
		people[c.person()] = true
		return nil
	}, `SELECT birth_name, birth FROM person WHERE unit_id = $1 AND status IN ('probationary', 'official')`, cell)
	return people, err
}
