package demo

import (
	"context"
	"fmt"

	"chibo/internal/demo/fiction"
	"chibo/internal/domain/founding"
	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
)

// term is that of all committees of the ward.
const term = "2025 - 2030"

// found enters the party, its cells and its people. The console does only what
// nobody else could: the root, the first two people, and their rights.
func (d *director) found(ctx context.Context) error {
	return d.play(ctx, func(s *scene) error {
		s.at(d.ward.story.begins().At(8, 0))
		return inTurn(s.foundParty, s.foundCells, s.registerMembers, s.fillOffices, s.assignFollowers)
	})
}

// foundParty founds the party with the cell of its own staff, where there is
// one, and gives the first two people their rights.
func (s *scene) foundParty() (err error) {
	console := access.Console()
	s.party, err = unit.Found(s.tx, console, unit.New{
		Founded: founded, Decision: "Quyết định số 01-QĐ/TU của Ban Thường vụ cấp ủy cấp tỉnh",
		Fields: unit.Fields{
			Code: s.ward.place.Code, Name: "Đảng bộ " + s.ward.place.Full, Kind: "commune_party", Place: s.ward.place.Code,
			Address: s.ward.place.Full + ", " + s.ward.province.Full,
		},
	})
	if err != nil {
		return err
	}
	for i := range s.ward.cells {
		s.houses = append(s.houses, &house{director: s.director, cell: &s.ward.cells[i]})
	}
	if err := s.registerStaff(console); err != nil {
		return err
	}
	if err := s.appoint(console, s.party, s.staff.officeHead.id, "office_head"); err != nil {
		return err
	}
	return founding.Administer(s.tx, console, s.party, s.staff.administrator.id)
}

// registerStaff enters the people of the offices, as members of their cell or,
// where the cell is not shown, of the party alone.
func (s *scene) registerStaff(by access.Actor) error {
	var list []staffMember
	own := s.leadersCell()
	if own != nil {
		if err := s.foundCell(by, own); err != nil {
			return err
		}
		for _, i := range own.staffMembers() {
			if err := s.register(by, own, i); err != nil {
				return err
			}
			list = append(list, staffMember{own.ids[i], own.people[i].Name})
		}
	}
	for _, p := range s.ward.staff {
		p.Recognised, p.Ceremony, p.Admitted, p.Card = clock.Date{}, clock.Date{}, clock.Date{}, ""
		m, err := member.Register(s.tx, by, member.New{Unit: s.party.ID, Status: member.Outside, From: founded, Core: p.Core, CV: p.cv})
		if err != nil {
			return err
		}
		list = append(list, staffMember{m.ID, m.Name})
	}
	s.staff = staff{list[0], list[1], list[2], list[3], list[4], list[5], list[6], list[7]}
	return nil
}

func (s *scene) leadersCell() *house {
	for _, h := range s.houses {
		if h.name == leaders {
			return h
		}
	}
	return nil
}

// foundCells has the administrator found the cells, and the terms of all
// committees begin.
func (s *scene) foundCells() error {
	admin, err := s.as(s.staff.administrator.id)
	if err != nil {
		return err
	}
	units := []orgtree.Unit{s.party}
	for _, h := range s.houses {
		if h.unit.ID == 0 {
			if err := s.foundCell(admin, h); err != nil {
				return err
			}
		}
		units = append(units, h.unit)
	}
	for _, u := range units {
		if err := unit.BeginTerm(s.tx, admin, u.ID, unit.Term{From: founded, Name: term, Decision: "Nghị quyết đại hội nhiệm kỳ " + term}); err != nil {
			return err
		}
	}
	return nil
}

func (s *scene) foundCell(by access.Actor, h *house) (err error) {
	h.ids = make([]access.PersonID, len(h.people))
	var areas []string
	if h.manner.Trait == fiction.Silent || h.manner.Trait == fiction.Sparse {
		areas = []string{"weak"}
	}
	h.unit, err = unit.Found(s.tx, by, unit.New{
		Parent: s.party.ID, Founded: founded, Decision: fmt.Sprintf("Quyết định số %02d-QĐ/ĐU của Đảng ủy phường", 10+h.number),
		Fields: unit.Fields{
			Code: h.code, Name: h.name, Kind: h.kind, CellType: h.cellType, Block: h.block, Areas: areas,
			Place: s.ward.place.Code, Address: h.address,
		},
	})
	return err
}

// registerMembers has the head of the office enter who is a member by now.
func (s *scene) registerMembers() error {
	office, err := s.as(s.staff.officeHead.id)
	if err != nil {
		return err
	}
	for _, h := range s.houses {
		for i, p := range h.people {
			if h.ids[i] != 0 || p.Ceremony.After(s.today()) {
				continue
			}
			if err := s.register(office, h, i); err != nil {
				return err
			}
		}
	}
	return nil
}

// register enters one of the people of a cell: official, or on probation.
func (s *scene) register(by access.Actor, h *house, i int) error {
	p := h.people[i]
	n := member.New{Unit: h.unit.ID, Status: member.Official, From: founded, Core: p.Core, CV: p.cv}
	if p.Recognised.IsZero() {
		n.Status, n.Document = member.Probationary, "Quyết định kết nạp đảng viên"
	}
	if p.Ceremony.After(founded) {
		n.From = p.Ceremony
	}
	m, err := member.Register(s.tx, by, n)
	if err != nil {
		return err
	}
	h.ids[i] = m.ID
	for _, o := range p.overlays {
		if !o.from.After(s.today()) {
			if err := s.layOver(by, h, i, o); err != nil {
				return err
			}
		}
	}
	return nil
}

// layOver enters an overlay by its document; a guest's counts at the host.
func (s *scene) layOver(by access.Actor, h *house, i int, o overlay) error {
	n := member.NewOverlay{Kind: o.kind, From: o.from, To: o.to, Document: o.document, Reason: o.reason}
	if o.host != 0 {
		n.Unit = s.houses[o.host-1].unit.ID
	}
	_, err := member.AddOverlay(s.tx, by, h.ids[i], n)
	return err
}

// fillOffices appoints those whom the congresses elected and divides the large
// cells into party groups.
func (s *scene) fillOffices() error {
	office, err := s.as(s.staff.officeHead.id)
	if err != nil {
		return err
	}
	for _, p := range []struct {
		person staffMember
		post   string
	}{
		{s.staff.secretary, "secretary"},
		{s.staff.standingDeputy, "standing_deputy"},
		{s.staff.deputy, "deputy"},
		{s.staff.organisationHead, "organisation_head"},
		{s.staff.inspector, "inspection_head"},
		{s.staff.standingMember, "standing_member"},
	} {
		if err := s.appoint(office, s.party, p.person.id, p.post); err != nil {
			return err
		}
	}
	for _, h := range s.houses {
		if err := s.fillCell(office, h); err != nil {
			return err
		}
	}
	return nil
}

func (s *scene) fillCell(by access.Actor, h *house) error {
	posts := []string{"cell_secretary", "cell_deputy", "cell_committee_member", "cell_committee_member", "cell_committee_member"}
	for i := range h.offices {
		post, err := unit.Appoint(s.tx, by, h.unit.ID, unit.Appointment{
			Person: h.ids[i], Kind: posts[i], Elected: true, From: founded, Decision: "Biên bản bầu cử của đại hội chi bộ nhiệm kỳ " + term,
		})
		if err != nil {
			return err
		}
		if err := unit.Approve(s.tx, by, post.ID, post.Version, founded.AddDays(14), "Quyết định chuẩn y của Đảng ủy phường"); err != nil {
			return err
		}
		if i == 0 {
			h.secretaryPost = post.ID
		}
	}
	return s.divide(by, h)
}

// divide puts the members of a large cell into its party groups by turns; each
// is led by one who sits in the committee, but not by its heads.
func (s *scene) divide(by access.Actor, h *house) error {
	for g, name := range h.groups {
		group, err := unit.FoundGroup(s.tx, by, h.unit.ID, unit.NewGroup{Name: name, Leader: h.ids[2+g], Founded: founded})
		if err != nil {
			return err
		}
		h.groupIDs = append(h.groupIDs, group.ID)
	}
	if len(h.groupIDs) == 0 {
		return nil
	}
	for i, person := range h.ids {
		if person == 0 {
			continue
		}
		b, err := member.Find(s.tx, by, person)
		if err != nil {
			return err
		}
		group := h.groupIDs[i%len(h.groupIDs)]
		if i >= 2 && i < 2+len(h.groupIDs) {
			group = h.groupIDs[i-2] // its leader
		}
		if err := member.AssignGroup(s.tx, by, person, b.Version, group); err != nil {
			return err
		}
	}
	return nil
}

func (s *scene) appoint(by access.Actor, at orgtree.Unit, person access.PersonID, post string) error {
	_, err := unit.Appoint(s.tx, by, at.ID, unit.Appointment{
		Person: person, Kind: post, From: founded, Term: term, Decision: "Quyết định số 05-QĐ/TU",
	})
	return err
}

// assignFollowers has members of the committee attend cells in turn (S-59).
func (s *scene) assignFollowers() error {
	office, err := s.as(s.staff.officeHead.id)
	if err != nil {
		return err
	}
	turn := s.staff.followers()
	for i, h := range s.houses {
		h.follower = turn[i%len(turn)]
		if h.name == leaders {
			h.follower = staffMember{} // they are its members
			continue
		}
		_, err := unit.Appoint(s.tx, office, h.unit.ID, unit.Appointment{
			Person: h.follower.id, Kind: "attendee", From: founded, Decision: "Thông báo phân công cấp ủy viên dự sinh hoạt chi bộ số 08-TB/ĐU",
		})
		if err != nil {
			return err
		}
	}
	return nil
}
