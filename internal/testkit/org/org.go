// Package org is the small organisation on which verbs are tried: two communes,
// three cells, and one person of each kind of right.
//
// It is built through the verbs themselves, so if it builds, it is valid.
package org

import (
	"fmt"
	"testing"

	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/testkit"
	"chibo/internal/testkit/figures"
)

// Founded is the day on which the units were founded and the first members came.
var Founded = clock.NewDate(2025, 7, 1)

// Org is the organisation.
type Org struct {
	// CellA has 27 members: 24 official, 2 probationary and 1 exempt, in two
	// party groups; CellB has 5. CellC lies in OtherCommune and has 3.
	Commune, CellA, CellB, OtherCommune, CellC orgtree.Unit
	// GroupA1 and GroupA2 halve CellA.
	GroupA1, GroupA2 unit.Group
	// MembersA, MembersB and MembersC are all members, in the order of their
	// registration.
	MembersA, MembersB, MembersC []access.PersonID

	Office           access.PersonID // office of Commune
	CommuneSecretary access.PersonID
	SecretaryA       access.PersonID
	DeputyA          access.PersonID
	CommitteeA       access.PersonID // in the committee of CellA
	LeaderA          access.PersonID // of GroupA2
	MemberA          access.PersonID
	ProbationaryA    access.PersonID
	ExemptA          access.PersonID
	SecretaryB       access.PersonID
	MemberB          access.PersonID
	SecretaryC       access.PersonID
	Inspector        access.PersonID // of Commune
	Admin            access.PersonID // of the whole tree of Commune
	Nobody           access.PersonID // holds no role

	t testing.TB
}

// New builds the organisation in the kit's database. When the test ends, the
// figures must be what its records say, whatever the test has done through verbs.
func New(k *testkit.Kit) *Org {
	k.T.Helper()
	figures.Begin(k)
	k.T.Cleanup(func() {
		if !k.T.Failed() {
			figures.Prove(k)
		}
	})
	var o *Org
	k.Update(func(tx *db.Tx) error {
		b := builder{tx: tx, by: access.Console(), org: &Org{t: k.T}}
		b.build()
		o = b.org
		return b.err
	})
	return o
}

// As is the person as an actor, with the roles of the transaction's day.
func (o *Org) As(tx *db.Tx, p access.PersonID) access.Actor {
	o.t.Helper()
	actor, err := access.Act(tx, p)
	if err != nil {
		o.t.Fatal(err)
	}
	return actor
}

// builder keeps the first failure, so that the steps read as a list.
type builder struct {
	tx  *db.Tx
	by  access.Actor
	org *Org
	err error
}

func (b *builder) build() {
	o := b.org
	o.Commune = b.found(0, "COMMUNE", "Đảng bộ xã An Bình", "commune_party", "")
	o.CellA = b.found(o.Commune.ID, "CELL-A", "Chi bộ thôn Đông", "village_cell", "village")
	o.CellB = b.found(o.Commune.ID, "CELL-B", "Chi bộ thôn Tây", "village_cell", "village")
	o.OtherCommune = b.found(0, "OTHER", "Đảng bộ xã Phú Hòa", "commune_party", "")
	o.CellC = b.found(o.OtherCommune.ID, "CELL-C", "Chi bộ thôn Nam", "village_cell", "village")
	b.staff()
	b.cellA()
	b.cellB()
	b.cellC()
}

// staff are kept outside the cells, so that no one of them holds the role of a
// member as well.
func (b *builder) staff() {
	o := b.org
	o.CommuneSecretary = b.outsider(o.Commune, "Đỗ Thị Quyên")
	o.Office = b.outsider(o.Commune, "Cao Văn Phòng")
	o.Inspector = b.outsider(o.Commune, "Lương Minh Chính")
	o.Admin = b.outsider(o.Commune, "Tạ Quang Máy")
	o.Nobody = b.outsider(o.Commune, "Hồ Thị Không")
	b.appoint(o.Commune, o.CommuneSecretary, "secretary")
	b.appoint(o.Commune, o.Office, "office_staff")
	b.appoint(o.Commune, o.Inspector, "inspection_head")
	b.do(func() error {
		return access.Give(b.tx, access.Grant{
			Person: o.Admin, Unit: o.Commune.ID, Role: access.Administrator, From: Founded, Source: "testkit",
		})
	})
}

func (b *builder) cellA() {
	o := b.org
	for i := range 24 {
		o.MembersA = append(o.MembersA, b.official(o.CellA, i))
	}
	o.ExemptA = b.official(o.CellA, 40)
	o.ProbationaryA = b.probationary(o.CellA, "Mai Thị Xuân", clock.NewDate(2025, 12, 20))
	second := b.probationary(o.CellA, "Trịnh Công Hạ", clock.NewDate(2026, 3, 26))
	o.MembersA = append(o.MembersA, o.ExemptA, o.ProbationaryA, second)
	o.SecretaryA, o.DeputyA, o.CommitteeA = o.MembersA[0], o.MembersA[1], o.MembersA[2]
	o.LeaderA, o.MemberA = o.MembersA[3], o.MembersA[4]
	b.appoint(o.CellA, o.SecretaryA, "cell_secretary")
	b.appoint(o.CellA, o.DeputyA, "cell_deputy")
	b.appoint(o.CellA, o.CommitteeA, "cell_committee_member")
	b.do(func() error {
		_, err := member.AddOverlay(b.tx, b.by, o.ExemptA, member.NewOverlay{
			Kind: "exempt", From: clock.NewDate(2026, 1, 10), Document: "Nghị quyết 01-NQ/CB", Reason: "Tuổi cao, sức yếu",
		})
		return err
	})
	o.GroupA1 = b.group(o.CellA, "Tổ đảng 1", o.DeputyA, o.MembersA[:14])
	o.GroupA2 = b.group(o.CellA, "Tổ đảng 2", o.LeaderA, o.MembersA[14:])
}

func (b *builder) cellB() {
	o := b.org
	for i := range 5 {
		o.MembersB = append(o.MembersB, b.official(o.CellB, 50+i))
	}
	o.SecretaryB, o.MemberB = o.MembersB[0], o.MembersB[1]
	b.appoint(o.CellB, o.SecretaryB, "cell_secretary")
}

func (b *builder) cellC() {
	o := b.org
	for i := range 3 {
		o.MembersC = append(o.MembersC, b.official(o.CellC, 60+i))
	}
	o.SecretaryC = o.MembersC[0]
	b.appoint(o.CellC, o.SecretaryC, "cell_secretary")
}

// do runs a step unless one before it failed.
func (b *builder) do(step func() error) {
	if b.err == nil {
		b.err = step()
	}
}

func (b *builder) found(parent orgtree.ID, code, name, kind, cellType string) (u orgtree.Unit) {
	b.do(func() (err error) {
		u, err = unit.Found(b.tx, b.by, unit.New{
			Parent: parent, Founded: Founded, Decision: "Quyết định 12-QĐ/TU",
			Fields: unit.Fields{Code: code, Name: name, Kind: kind, CellType: cellType},
		})
		return err
	})
	return u
}

func (b *builder) appoint(at orgtree.Unit, person access.PersonID, kind string) {
	b.do(func() error {
		_, err := unit.Appoint(b.tx, b.by, at.ID, unit.Appointment{
			Person: person, Kind: kind, From: Founded, Term: "2025 - 2030", Decision: "Quyết định 15-QĐ/ĐU",
		})
		return err
	})
}

func (b *builder) group(cell orgtree.Unit, name string, leader access.PersonID, people []access.PersonID) (g unit.Group) {
	b.do(func() (err error) {
		g, err = unit.FoundGroup(b.tx, b.by, cell.ID, unit.NewGroup{Name: name, Leader: leader, Founded: Founded})
		return err
	})
	for _, person := range people {
		b.do(func() error { return member.AssignGroup(b.tx, b.by, person, 1, g.ID) })
	}
	return g
}

func (b *builder) outsider(at orgtree.Unit, name string) access.PersonID {
	return b.register(member.New{Unit: at.ID, Status: member.Outside, From: Founded, Core: member.Core{BirthName: name}})
}

// official registers the i-th of the made-up people; every fourth is young.
func (b *builder) official(cell orgtree.Unit, i int) access.PersonID {
	birth := clock.NewDate(1955+i%30, 5, 1+i%28)
	if i%4 == 3 {
		birth = clock.NewDate(1996+i%5, 9, 1+i%28)
	}
	ceremony := birth.AddMonths(12*20 + i)
	return b.register(member.New{
		Unit: cell.ID, Status: member.Official, From: Founded,
		Core: member.Core{
			BirthName: personName(i), Sex: sexOf(i), Birth: birth, Card: fmt.Sprintf("0010550%05d", i),
			Admitted: ceremony.AddDays(-20), Ceremony: ceremony, Recognised: ceremony.AddMonths(12),
		},
	})
}

func (b *builder) probationary(cell orgtree.Unit, name string, ceremony clock.Date) access.PersonID {
	return b.register(member.New{
		Unit: cell.ID, Status: member.Probationary, From: ceremony,
		Core: member.Core{
			BirthName: name, Sex: member.Female, Birth: clock.NewDate(2003, 2, 14),
			Admitted: ceremony.AddDays(-10), Ceremony: ceremony,
		},
	})
}

func (b *builder) register(n member.New) (person access.PersonID) {
	b.do(func() error {
		m, err := member.Register(b.tx, b.by, n)
		person = m.ID
		return err
	})
	return person
}

var (
	families = []string{"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi"}
	middles  = []string{"Văn", "Thị", "Đức", "Ngọc", "Minh"}
	givens   = []string{"An", "Bình", "Cường", "Dung", "Đạt", "Giang", "Hà", "Khánh", "Lan", "Nam", "Oanh", "Phúc", "Quý", "Sơn", "Thảo", "Uyên", "Vân"}
)

func personName(i int) string {
	return families[i%len(families)] + " " + middles[i%len(middles)] + " " + givens[i%len(givens)]
}

func sexOf(i int) member.Sex {
	if i%5 == 1 {
		return member.Female
	}
	return member.Male
}
