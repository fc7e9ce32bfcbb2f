package overview

import (
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
)

// beginnings are what a new installation still lacks, for whoever can see to it.
func (g *gathering) beginnings() error {
	if g.home.ID == 0 || g.home.IsCell() || !g.can(access.UnitManage) {
		return nil
	}
	cells, members, err := inhabited(g.tx, branchOf(g.home))
	if err != nil {
		return err
	}
	begin := func(kind Kind, link string) {
		g.add(Item{Kind: kind, Title: say("desk.item." + string(kind)), Note: say("desk.note." + string(kind)), Own: true, Link: link})
	}
	here := "/units/" + g.home.ID.String()
	if !cells {
		begin(BeginUnits, here)
	}
	if g.can(access.Settings) {
		offices, err := access.Holders(g.tx, g.home.ID, access.Office, g.today)
		if err != nil {
			return err
		}
		if len(offices) == 0 {
			begin(BeginOffice, here)
		}
	}
	if cells && !members && g.can(access.MemberManage) {
		begin(BeginMembers, "/import/members?unit="+g.home.ID.String())
	}
	return nil
}

// inhabited reports whether cells stand in the scope, and members in them.
func inhabited(tx *db.Tx, within orgtree.Scope) (cells, members bool, err error) {
	where, args := within.Where("u.id", 1)
	if cells, err = db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM unit u WHERE u.cell_type <> '' AND u.ended IS NULL AND `+where+`)`, args...); err != nil || !cells {
		return cells, false, err
	}
	// One person of each cell in turn, until there is one: a join would begin with
	// the people of the whole country.
	members, err = db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM unit u WHERE u.cell_type <> '' AND `+where+`
		AND (SELECT p.id FROM person p WHERE p.unit_id = u.id LIMIT 1) IS NOT NULL)`, args...)
	return cells, members, err
}
