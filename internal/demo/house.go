package demo

import (
	"slices"
	"time"

	"chibo/internal/demo/fiction"
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/task"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
)

// house is a cell that acts.
type house struct {
	*cell
	director *director
	unit     orgtree.Unit
	ids      []access.PersonID // of the people; 0 has not joined yet
	groupIDs []unit.GroupID
	// secretaryPost ends when the secretary leaves office.
	secretaryPost unit.PostID
	follower      staffMember
	// recognised are the people on whose probation the cell has voted.
	recognised map[int]bool
	open       []task.ID // given and not yet judged
	unfinished []task.ID // judged so at the meeting that is being held
	vacant     bool
}

// writeScript puts what is known beforehand into the script: the months, and
// what will happen to people.
func (h *house) writeScript() {
	h.recognised = map[int]bool{}
	story := h.director.ward.story
	for _, m := range story.months() {
		if !h.skips(story, m) {
			h.later(h.plansAt(m), func(s *scene) error { return h.planOnce(s, m) })
		}
	}
	for i, p := range h.people {
		if h.ids[i] == 0 {
			h.later(p.Ceremony.AddDays(1).At(8, 30), func(s *scene) error { return h.join(s, i) })
		}
		for _, o := range p.overlays {
			if o.from.After(story.begins()) {
				h.later(o.from.At(9, 0), func(s *scene) error { return h.layLater(s, i, o) })
			}
		}
	}
	if h.manner.Trait == fiction.Orphan {
		h.later(h.director.ward.vacantFrom().At(10, 0), h.leaveOffice)
	}
}

func (h *house) later(at time.Time, do func(*scene) error) { h.director.later(at, h.name, do) }

// dice are those of the cell for one purpose.
func (h *house) dice(names ...any) fiction.Dice {
	return fiction.Throw(h.director.ward.seed, append([]any{"house", h.number}, names...)...)
}

// plansAt is when the cell plans its meeting of the month: in the second half
// of the month before. The cell to try the program with has planned the coming
// one in any case.
func (h *house) plansAt(m meeting.Month) time.Time {
	at := m.First().AddDays(-h.dice("plans", m).Between(8, 13)).At(20, 15)
	if h.shown() && m > h.director.ward.story.last && at.After(h.director.now) {
		return h.director.now
	}
	return at
}

// shown reports whether this is the cell with which newcomers try the program.
func (h *house) shown() bool { return h.director.first(fiction.Good) == h }

// join enters somebody who took the oath the day before.
func (h *house) join(s *scene, i int) error {
	office, err := s.as(s.staff.officeHead.id)
	if err != nil {
		return err
	}
	if err := s.register(office, h, i); err != nil || len(h.groupIDs) == 0 {
		return err
	}
	return member.AssignGroup(s.tx, office, h.ids[i], 1, h.groupIDs[i%len(h.groupIDs)])
}

func (h *house) layLater(s *scene, i int, o overlay) error {
	office, err := s.as(s.staff.officeHead.id)
	if err != nil {
		return err
	}
	return s.layOver(office, h, i, o)
}

// leaveOffice ends the office of the secretary, who stays a member (S-17). The
// deputy leads from then on.
func (h *house) leaveOffice(s *scene) error {
	office, err := s.as(s.staff.officeHead.id)
	if err != nil {
		return err
	}
	posts, err := unit.Posts(s.tx, office, h.unit.ID, s.today())
	if err != nil {
		return err
	}
	i := slices.IndexFunc(posts, func(p unit.Post) bool { return p.ID == h.secretaryPost })
	h.vacant = true
	return unit.EndPost(s.tx, office, h.secretaryPost, posts[i].Version, s.today(), "Xin thôi giữ chức vụ vì lý do sức khỏe")
}

// head leads the cell: the secretary, or the deputy where there is none.
func (h *house) head() access.PersonID {
	if h.vacant {
		return h.ids[1]
	}
	return h.ids[0]
}

// second stands beside the head, if there is somebody.
func (h *house) second() access.PersonID {
	if h.vacant || h.offices < 2 {
		return 0
	}
	return h.ids[1]
}

// preparer drafts for the head.
func (h *house) preparer() access.PersonID {
	if second := h.second(); second != 0 {
		return second
	}
	return h.head()
}

// judge accepts what the person did: never the person's own work while there
// is somebody else.
func (h *house) judge(of access.PersonID) access.PersonID {
	if second := h.second(); of == h.head() && second != 0 {
		return second
	}
	return h.head()
}

// nameOf is the name in use of one of the people.
func (h *house) nameOf(of access.PersonID) string {
	if i := slices.Index(h.ids, of); i >= 0 && of != 0 {
		return h.people[i].Name
	}
	return ""
}

// hands are those who can be given work on the day. The secretary, who leads it
// all, is left out, and so are the oldest.
func (h *house) hands(day clock.Date) []access.PersonID {
	var list []access.PersonID
	for i, p := range h.people {
		if h.ids[i] == 0 || i == 0 || !p.free(day) || p.Age(day) > 78 {
			continue
		}
		list = append(list, h.ids[i])
	}
	return list
}

// free reports whether nothing keeps the person from the cell's work.
func (p person) free(day clock.Date) bool {
	return !slices.ContainsFunc(p.overlays, func(o overlay) bool { return o.host == 0 && day.Within(o.from.AddDays(-30), o.to) })
}

// young is the youngest who is an official member from the beginning on and
// sits in no committee; elder is the oldest who still comes.
func (h *house) young() int { return h.extreme(func(a, b clock.Date) bool { return a.After(b) }) }
func (h *house) elder() int { return h.extreme(func(a, b clock.Date) bool { return a.Before(b) }) }

func (h *house) extreme(sooner func(a, b clock.Date) bool) int {
	best := len(h.people) - 1
	found := false
	for i := h.offices; i < len(h.people); i++ {
		p := h.people[i]
		if p.official(h.director.ward.story.begins()) && (!found || sooner(p.Birth, h.people[best].Birth)) {
			best, found = i, true
		}
	}
	return best
}

// probationer is somebody who is on probation today.
func (h *house) probationer() (int, bool) {
	i := slices.IndexFunc(h.people, func(p person) bool {
		return p.Recognised.IsZero() && p.Ceremony.AddMonths(12).After(h.director.ward.today)
	})
	return i, i >= 0
}

// staffMembers are the members of the leaders' cell who hold the offices of the
// party.
func (h *house) staffMembers() []int {
	var list []int
	for i := h.offices; i < len(h.people) && len(list) < staffSize; i++ {
		if h.people[i].official(h.director.ward.story.begins()) {
			list = append(list, i)
		}
	}
	return list
}
