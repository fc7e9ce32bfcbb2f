package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"chibo/internal/app"
	"chibo/internal/domain/account"
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// size is how large an organisation is measured.
type size struct{ cells, members int }

// cell is one cell in the middle of its meeting.
type cell struct {
	unit    orgtree.Unit
	members []access.PersonID
	voters  int           // of the members
	token   account.Token // of the secretary
	meeting meeting.ID
	version int64 // of the meeting, once it is open
}

// fill makes a commune of cells through the verbs, each with a meeting in
// session and a secretary who is signed in.
func (s Setting) fill(ctx context.Context, n size) (cells []cell, err error) {
	a, err := app.Open(ctx, app.Config{Data: s.Folder, Database: s.Database})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, a.PlaceEntries(ctx), a.Close()) }()
	var commune orgtree.Unit
	err = a.DB.Update(ctx, func(tx *db.Tx) (err error) {
		commune, err = unit.Found(tx, access.Console(), unit.New{
			Founded: founded, Decision: "Quyết định 01-QĐ/TU",
			Fields: unit.Fields{Code: "BENCH", Name: "Đảng bộ xã Phép Đo", Kind: "commune_party"},
		})
		return err
	})
	for i := 0; i < n.cells && err == nil; i++ {
		var c cell
		var slip account.Slip
		if err = a.DB.Update(ctx, func(tx *db.Tx) (err error) {
			c, slip, err = makeCell(tx, commune, i, n.members)
			return err
		}); err == nil {
			c.token, err = signIn(ctx, a.DB, slip)
		}
		cells = append(cells, c)
	}
	return cells, err
}

var founded = clock.NewDate(2025, 7, 1)

// makeCell is one transaction: on a slow disk a commit for each member would
// take longer than the measurement.
func makeCell(tx *db.Tx, commune orgtree.Unit, i, members int) (c cell, slip account.Slip, err error) {
	by := access.Console()
	c.unit, err = unit.Found(tx, by, unit.New{
		Parent: commune.ID, Founded: founded, Decision: "Quyết định 02-QĐ/ĐU",
		Fields: unit.Fields{Code: fmt.Sprintf("BENCH-%d", i), Name: fmt.Sprintf("Chi bộ thôn %d", i+1), Kind: "village_cell", CellType: "village"},
	})
	if err != nil {
		return c, slip, err
	}
	for j := range members {
		m, err := member.Register(tx, by, aMember(c.unit, i*members+j))
		if err != nil {
			return c, slip, err
		}
		c.members = append(c.members, m.ID)
		c.voters++
	}
	if _, err := unit.Appoint(tx, by, c.unit.ID, unit.Appointment{
		Person: c.members[0], Kind: "cell_secretary", From: founded, Term: "2025 - 2030", Decision: "Quyết định 03-QĐ/ĐU",
	}); err != nil {
		return c, slip, err
	}
	if slip, err = account.Invite(tx, by, c.members[0]); err != nil {
		return c, slip, err
	}
	secretary, err := access.Act(tx, c.members[0])
	if err != nil {
		return c, slip, err
	}
	m, err := openMeeting(tx, secretary, c.unit.ID)
	c.meeting, c.version = m.ID, m.Version
	return c, slip, err
}

func aMember(at orgtree.Unit, n int) member.New {
	ceremony := clock.NewDate(1990+n%30, 5, 1+n%28)
	return member.New{
		Unit: at.ID, Status: member.Official, From: founded,
		Core: member.Core{
			BirthName: fmt.Sprintf("Nguyễn Văn %s", givenNames[n%len(givenNames)]), Sex: member.Male,
			Birth: ceremony.AddMonths(-25 * 12), Card: fmt.Sprintf("%012d", 1_000_000+n),
			Admitted: ceremony.AddDays(-20), Ceremony: ceremony, Recognised: ceremony.AddMonths(12),
		},
	}
}

var givenNames = []string{"An", "Bình", "Cường", "Dũng", "Đạt", "Giang", "Hải", "Khánh", "Lâm", "Nam", "Phúc", "Quý", "Sơn", "Tâm", "Vinh"}

// signIn has the secretary choose a password; that is slow on purpose, and so
// outside the transactions.
func signIn(ctx context.Context, d *db.DB, slip account.Slip) (token account.Token, err error) {
	password, err := account.Choose(ctx, slip.Login, "phép đo của chi bộ thôn")
	if err != nil {
		return "", err
	}
	err = d.Update(ctx, func(tx *db.Tx) error {
		token, _, err = account.Accept(tx, slip.Code, password, account.Device{Name: "bench", Address: "127.0.0.1", Own: true})
		return err
	})
	return token, err
}

func openMeeting(tx *db.Tx, by access.Actor, at orgtree.ID) (meeting.Meeting, error) {
	m, err := meeting.Schedule(tx, by, meeting.Plan{
		Unit: at, Kind: meeting.Regular, Starts: tx.Now.Add(time.Hour), Place: "Nhà văn hóa thôn",
		DayReason: "Phép đo", Topic: "Phép đo",
	})
	if err != nil {
		return m, err
	}
	return meeting.Open(tx, by, m.ID, m.Version, meeting.Opening{})
}
