package nation

import (
	"context"

	"chibo/internal/demo"
	"chibo/internal/demo/fiction"
	"chibo/internal/domain/account"
	"chibo/internal/domain/founding"
	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// guest is somebody for whom an account is opened.
type guest struct {
	demo.Account
	person access.PersonID
	slip   account.Slip
}

// open ends the load and opens accounts to try the country with, through the verbs: who
// administers it, and people of the centre, a province, a commune and a cell.
func (l *loader) open(ctx context.Context) error {
	var guests []*guest
	if err := l.db.Update(ctx, func(tx *db.Tx) (err error) {
		if guests, err = l.invite(tx); err != nil {
			return err
		}
		return journal.EndLoad(tx, access.Console(), unitID(l.plan.heads[0].id))
	}); err != nil {
		return err
	}
	for _, g := range guests {
		chosen, err := account.Choose(ctx, g.slip.Login, demo.Password)
		if err != nil {
			return err
		}
		if err := l.db.Update(ctx, func(tx *db.Tx) error { return accept(tx, g, chosen) }); err != nil {
			return err
		}
		l.outcome.Accounts = append(l.outcome.Accounts, g.Account)
	}
	return nil
}

// invite has the console enter the administrator, who invites the others.
func (l *loader) invite(tx *db.Tx) ([]*guest, error) {
	root, err := orgtree.Find(tx, unitID(l.plan.heads[0].id))
	if err != nil {
		return nil, err
	}
	d := fiction.Throw(l.plan.Seed, "administrator")
	admin, err := member.Register(tx, access.Console(), member.New{
		Unit: root.ID, Status: member.Outside, From: founded, Core: member.Core{BirthName: fiction.Kinh.Name(d, member.Female), Sex: member.Female},
	})
	if err != nil {
		return nil, err
	}
	if err := founding.Administer(tx, access.Console(), root, admin.ID); err != nil {
		return nil, err
	}
	guests := []*guest{{Account: demo.Account{Post: "administrator", Name: admin.Name, Unit: root.Name}, person: admin.ID}}
	for _, at := range l.shown() {
		found, err := heads(tx, at)
		if err != nil {
			return nil, err
		}
		guests = append(guests, found...)
	}
	for _, g := range guests {
		if g.slip, err = account.Invite(tx, access.Console(), g.person); err != nil {
			return nil, err
		}
		g.Login, g.Password = g.slip.Login, demo.Password
	}
	return guests, nil
}

// shown are the units whose people can be tried: the root, a province, a commune
// and its first cell in a settlement.
func (l *loader) shown() []orgtree.ID {
	list := []orgtree.ID{unitID(l.plan.heads[0].id)}
	for _, h := range l.plan.heads[1:] {
		if h.kind == "provincial_party" {
			list = append(list, unitID(h.id))
			break
		}
	}
	b := l.plan.draw(1)
	width := len(tables[units].Columns)
	for at, seen := 0, ""; at < len(b.rows[units]) && seen != villageCell; at += width {
		kind := b.rows[units][at+7].(string)
		if kind == "commune_party" && seen == "" || kind == villageCell && seen != "" {
			list = append(list, unitID(b.rows[units][at].(int64)))
			seen = kind
		}
	}
	return list
}

// heads are who leads the unit, and who runs its office or is second.
func heads(tx *db.Tx, unit orgtree.ID) (list []*guest, err error) {
	u, err := orgtree.Find(tx, unit)
	if err != nil {
		return nil, err
	}
	wanted := []struct {
		role access.Role
		post string
	}{{access.Secretary, "party_secretary"}, {access.Office, "office"}}
	if u.IsCell() {
		wanted[0].post, wanted[1].role, wanted[1].post = "secretary", access.Deputy, "deputy"
	}
	for _, w := range wanted {
		grants, err := access.Holders(tx, unit, w.role, clock.DateOf(tx.Now))
		if err != nil {
			return nil, err
		}
		if len(grants) == 0 {
			continue
		}
		names, err := member.Names(tx, []member.ID{grants[0].Person})
		if err != nil {
			return nil, err
		}
		list = append(list, &guest{Account: demo.Account{Post: w.post, Name: names[grants[0].Person], Unit: u.Name}, person: grants[0].Person})
	}
	return list, nil
}

// accept chooses the password and signs out again: nobody is at a device yet.
func accept(tx *db.Tx, g *guest, chosen account.Password) error {
	_, session, err := account.Accept(tx, g.slip.Code, chosen, account.Device{Name: "demo"})
	if err != nil {
		return err
	}
	own, err := access.Act(tx, g.person)
	if err != nil {
		return err
	}
	return account.EndSession(tx, own, session.ID)
}
