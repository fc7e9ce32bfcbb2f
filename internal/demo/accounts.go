package demo

import (
	"context"
	"time"

	"chibo/internal/demo/fiction"
	"chibo/internal/domain/account"
	"chibo/internal/domain/notice"
	"chibo/internal/kernel/access"
)

// Account is one to try the demo with.
type Account struct {
	// Post is what the person is: demo.post.POST is the message of it.
	Post     string
	Name     string
	Unit     string
	Login    string
	Password string
}

// Password is that of every account of a demo: it protects nobody.
const Password = "hoa-sen-vang"

// guest is somebody for whom an account is opened.
type guest struct {
	Account
	// person is found when it is asked for: some join in the course of the story.
	person func() access.PersonID
	slip   account.Slip
	chosen account.Password
}

// openAccounts invites at the time the people to try the demo as, and accepts
// on their behalf; whoever has an account already, or is no member yet, is left
// out. The digest of a password takes its time, so it is made between the two
// transactions.
func (d *director) openAccounts(ctx context.Context, at time.Time) error {
	var waiting []*guest
	for i := range d.guests {
		if g := &d.guests[i]; g.Login == "" && g.person() != 0 {
			waiting = append(waiting, g)
		}
	}
	if err := d.play(ctx, func(s *scene) error { return s.invite(at, waiting) }); err != nil {
		return err
	}
	for _, g := range waiting {
		var err error
		if g.chosen, err = account.Choose(ctx, g.slip.Login, Password); err != nil {
			return err
		}
	}
	return d.play(ctx, func(s *scene) error { return s.accept(at, waiting) })
}

// invited are people of a good cell and of a neglectful one, and the staff.
func (d *director) invited() []guest {
	var list []guest
	for _, t := range []fiction.Trait{fiction.Good, fiction.Silent} {
		if h := d.first(t); h != nil {
			list = append(list, h.guest(0, "secretary"), h.guest(1, "deputy"), h.guest(h.young(), "minute_taker"), h.guest(h.elder(), "member"))
			if i, ok := h.probationer(); ok {
				list = append(list, h.guest(i, "probationary"))
			}
		}
	}
	return append(list,
		d.staffGuest(d.staff.secretary, "party_secretary"), d.staffGuest(d.staff.officeHead, "office"),
		d.staffGuest(d.staff.inspector, "inspector"), d.staffGuest(d.staff.administrator, "administrator"))
}

func (d *director) staffGuest(member staffMember, post string) guest {
	return guest{
		Account: Account{Post: post, Name: member.name, Unit: d.party.Name, Password: Password},
		person:  func() access.PersonID { return member.id },
	}
}

func (h *house) guest(i int, post string) guest {
	return guest{
		Account: Account{Post: post, Name: h.people[i].Name, Unit: h.name, Password: Password},
		person:  func() access.PersonID { return h.ids[i] },
	}
}

// first is the first cell with the trait.
func (d *director) first(t fiction.Trait) *house {
	for _, h := range d.houses {
		if h.manner.Trait == t {
			return h
		}
	}
	return nil
}

// invite has the administrator invite the staff and, first of all, himself; the
// office may invite in every cell.
func (s *scene) invite(at time.Time, guests []*guest) error {
	s.at(at)
	admin, err := s.as(s.staff.administrator.id)
	if err != nil {
		return err
	}
	office, err := s.as(s.staff.officeHead.id)
	if err != nil {
		return err
	}
	for _, g := range guests {
		by := office
		if g.Unit == s.party.Name {
			by = admin
		}
		if g.slip, err = account.Invite(s.tx, by, g.person()); err != nil {
			return err
		}
		g.Login = g.slip.Login
	}
	return nil
}

// accept chooses the password and signs out again: nobody is at a device yet.
func (s *scene) accept(at time.Time, guests []*guest) error {
	s.at(at)
	for _, g := range guests {
		_, session, err := account.Accept(s.tx, g.slip.Code, g.chosen, account.Device{Name: "demo"})
		if err != nil {
			return err
		}
		own, err := s.as(g.person())
		if err != nil {
			return err
		}
		if err := account.EndSession(s.tx, own, session.ID); err != nil {
			return err
		}
	}
	return nil
}

// unreadLeft is how many notices nobody has read yet: the inbox of a person who
// looks in now and then.
const unreadLeft = 2

// readNotices has everybody with an account read all but their newest notices.
func (s *scene) readNotices() error {
	s.at(s.now)
	for _, g := range s.guests {
		if g.Login == "" {
			continue
		}
		by, err := s.as(g.person())
		if err != nil {
			return err
		}
		newest, err := notice.Inbox(s.tx, by, 0, unreadLeft+1)
		if err != nil {
			return err
		}
		if len(newest) <= unreadLeft {
			continue
		}
		if err := notice.SeenAll(s.tx, by, newest[unreadLeft].ID); err != nil {
			return err
		}
	}
	return nil
}
