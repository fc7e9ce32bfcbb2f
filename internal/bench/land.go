package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"chibo/internal/app"
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/task"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

const (
	landCommunes = 6
	landCells    = 8 // of each commune
)

// settle makes a province of communes on a clock that runs through the story.
func (s Setting) settle(ctx context.Context) (*land, error) {
	l := &land{die: rand.New(rand.NewPCG(s.Seed, 4)), lived: map[string]int{}}
	l.now.Store(clock.NewDate(2025, 9, 1).At(7, 30).UnixMilli())
	var err error
	if l.App, err = app.Open(ctx, app.Config{Data: s.Folder, Database: s.Database, Now: func() time.Time { return time.UnixMilli(l.now.Load()) }}); err != nil {
		return nil, err
	}
	if err := l.found(ctx); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

func (l *land) found(ctx context.Context) error {
	if err := l.FollowJournal(ctx); err != nil { // from the first entry on
		return err
	}
	if err := l.Update(ctx, func(tx *db.Tx) (err error) {
		l.root, err = l.unit(tx, 0, "provincial_party", "")
		return err
	}); err != nil {
		return err
	}
	for range landCommunes {
		if err := l.Update(ctx, l.commune); err != nil {
			return err
		}
	}
	return nil
}

func (l *land) unit(tx *db.Tx, parent orgtree.ID, kind, cellType string) (orgtree.ID, error) {
	u, err := unit.Found(tx, access.Console(), unit.New{Parent: parent, Founded: founded, Decision: "Quyết định 02-QĐ/TU", Fields: l.fields(kind, cellType)})
	return u.ID, err
}

// fields are those of the next unit.
func (l *land) fields(kind, cellType string) unit.Fields {
	l.units++
	return unit.Fields{Code: fmt.Sprintf("L%d", l.units), Name: fmt.Sprintf("Tổ chức đảng %d", l.units), Kind: kind, CellType: cellType}
}

// commune makes a commune with a secretary and its cells, each with one.
func (l *land) commune(tx *db.Tx) error {
	commune, err := l.unit(tx, l.root, "commune_party", "")
	if err != nil {
		return err
	}
	head, err := member.Register(tx, access.Console(), member.New{Unit: commune, From: founded, Core: member.Core{BirthName: "Trần Thị Thu"}})
	if err != nil {
		return err
	}
	if err := l.appoint(tx, commune, head.ID, "secretary", founded); err != nil {
		return err
	}
	for range landCells {
		cell, err := l.unit(tx, commune, "village_cell", "village")
		if err != nil {
			return err
		}
		var first member.ID
		for i := range 6 + l.die.IntN(13) {
			m, err := l.newcomer(tx, cell, founded)
			if err != nil {
				return err
			}
			if i == 0 {
				first = m
			}
		}
		if err := l.appoint(tx, cell, first, "cell_secretary", founded); err != nil {
			return err
		}
	}
	return nil
}

func (l *land) newcomer(tx *db.Tx, cell orgtree.ID, from clock.Date) (member.ID, error) {
	l.members++
	n := aMember(orgtree.Unit{ID: cell}, l.members)
	n.From = from
	m, err := member.Register(tx, access.Console(), n)
	return m.ID, err
}

func (l *land) appoint(tx *db.Tx, at orgtree.ID, person member.ID, kind string, from clock.Date) error {
	_, err := unit.Appoint(tx, access.Console(), at, unit.Appointment{Person: person, Kind: kind, From: from, Decision: "Quyết định 03-QĐ/ĐU"})
	return err
}

// live lets some things happen in cells. What the rules refuse did not happen.
func (l *land) live(ctx context.Context) error {
	for range l.die.IntN(4) {
		registered := l.members
		var what string
		err := l.Update(ctx, func(tx *db.Tx) error {
			l.members = registered // a transaction may run again
			cells, _, err := l.below(tx, l.root)
			if err != nil {
				return err
			}
			event := pick(l.die, events)
			what = event.what
			return event.happens(l, tx, pick(l.die, cells).ID)
		})
		switch {
		case err == nil:
			l.lived[what]++
		case errs.Is(err, errs.Conflict), errs.Is(err, errs.Invalid):
			l.members = registered
		default:
			return fmt.Errorf("%s: %w", what, err)
		}
	}
	return nil
}

// below are the cells and the parties below a body.
func (l *land) below(tx *db.Tx, body orgtree.ID) (cells, parties []orgtree.Unit, err error) {
	at, err := orgtree.Find(tx, body)
	if err != nil {
		return nil, nil, err
	}
	all, err := orgtree.Below(tx, at)
	for _, u := range all {
		switch {
		case u.IsCell():
			cells = append(cells, u)
		case u.ID != body:
			parties = append(parties, u)
		}
	}
	return cells, parties, err
}

// events are what can happen in a cell.
var events = []struct {
	what    string
	happens func(*land, *db.Tx, orgtree.ID) error
}{
	{"tasks", (*land).assign},
	{"plans", (*land).plan},
	{"meetings", (*land).meet},
	{"guests", (*land).host},
	{"groups", (*land).group},
	{"newcomers", (*land).welcome},
	{"posts", (*land).elect},
}

// somebody is a member on the roll of the cell today.
func (l *land) somebody(tx *db.Tx, cell orgtree.ID) (member.Rostered, error) {
	roll, err := member.Roster(tx, cell, l.today())
	if err == nil && len(roll) == 0 {
		err = errs.New(errs.Conflict, "errs.not_found")
	}
	if err != nil {
		return member.Rostered{}, err
	}
	return pick(l.die, roll), nil
}

func (l *land) assign(tx *db.Tx, cell orgtree.ID) error {
	who, err := l.somebody(tx, cell)
	if err != nil {
		return err
	}
	n := task.New{Title: "Vận động nhân dân làm đường", Area: task.Economy, Assignee: task.Assignee{Person: who.ID}, Due: l.today().AddDays(30)}
	if groups, err := unit.GroupsAt(tx, cell); err == nil && len(groups) > 0 && l.chance(50) {
		n.Assignee = task.Assignee{Group: groups[0].ID}
	}
	given, err := task.Assign(tx, access.Console(), cell, n)
	if err != nil || n.Assignee.Person == 0 || l.chance(50) {
		return err
	}
	by, err := access.Act(tx, who.ID)
	if err != nil {
		return err
	}
	return task.Accept(tx, by, given, 1)
}

func (l *land) plan(tx *db.Tx, cell orgtree.ID) error {
	_, err := l.schedule(tx, cell, clock.MonthOf(l.today()).Add(1).First().AddDays(2).At(19, 0))
	return err
}

func (l *land) schedule(tx *db.Tx, cell orgtree.ID, starts time.Time) (meeting.Meeting, error) {
	return meeting.Schedule(tx, access.Console(), meeting.Plan{
		Unit: cell, Kind: meeting.Regular, Starts: starts, Place: "Nhà văn hóa thôn", DayReason: "Phép đo", Topic: "Phép đo",
	})
}

// meet holds a meeting, whose minutes are approved in most cases.
func (l *land) meet(tx *db.Tx, cell orgtree.ID) error {
	by := access.Console()
	m, err := l.schedule(tx, cell, tx.Now.Add(time.Hour))
	if err != nil {
		return err
	}
	if m, err = meeting.Open(tx, by, m.ID, m.Version, meeting.Opening{}); err != nil {
		return err
	}
	roll, err := meeting.Roll(tx, by, m.ID)
	if err != nil {
		return err
	}
	if _, err := meeting.MarkAll(tx, by, m.ID, meeting.Rest(roll, meeting.Present)); err != nil {
		return err
	}
	if m, err = meeting.Close(tx, by, m.ID, m.Version, tx.Now); err != nil || l.chance(5) {
		return err
	}
	_, err = meeting.MarkMinuted(tx, by, m.ID)
	return err
}

// host makes a guest of a member of another cell.
func (l *land) host(tx *db.Tx, cell orgtree.ID) error {
	cells, _, err := l.below(tx, l.root)
	if err != nil {
		return err
	}
	who, err := l.somebody(tx, pick(l.die, cells).ID)
	if err != nil || who.Here {
		return err
	}
	from := l.today().AddDays(l.die.IntN(40) - 30)
	for _, o := range []member.NewOverlay{{Kind: "temp_away", From: from, Document: "GT-7"}, {Kind: "temp_here", Unit: cell, From: from, Document: "GT-7"}} {
		if _, err := member.AddOverlay(tx, access.Console(), who.ID, o); err != nil {
			return err
		}
	}
	return nil
}

// group founds a party group and lets a few join it.
func (l *land) group(tx *db.Tx, cell orgtree.ID) error {
	leader, err := l.somebody(tx, cell)
	if err != nil || leader.Here {
		return err
	}
	by := access.Console()
	g, err := unit.FoundGroup(tx, by, cell, unit.NewGroup{Name: fmt.Sprintf("Tổ đảng %d", l.die.IntN(1000)), Leader: leader.ID, Founded: l.today()})
	if err != nil {
		return err
	}
	b, err := member.Find(tx, by, leader.ID)
	if err != nil {
		return err
	}
	return member.AssignGroup(tx, by, leader.ID, b.Version, g.ID)
}

func (l *land) welcome(tx *db.Tx, cell orgtree.ID) error {
	_, err := l.newcomer(tx, cell, l.today())
	return err
}

func (l *land) elect(tx *db.Tx, cell orgtree.ID) error {
	who, err := l.somebody(tx, cell)
	if err != nil || who.Here {
		return err
	}
	return l.appoint(tx, cell, who.ID, "cell_deputy", l.today())
}
