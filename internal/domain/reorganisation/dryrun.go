package reorganisation

import (
	"slices"
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/task"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// Finding is something that stands in the way of a plan, or that people should
// know before they carry it out.
type Finding struct {
	Blocking bool
	// Unit is the organisation concerned; zero for the plan itself.
	Unit orgtree.ID
	Name string
	errs.Message
	// Clause is where that is written, if it is.
	Clause string
}

// PostEnd is a post that ends with the plan.
type PostEnd struct {
	Unit   orgtree.ID
	Person member.ID
	Post   string
}

// TaskMove is an open task that goes where whoever has it goes.
type TaskMove struct {
	ID       task.ID
	Title    string
	Due      clock.Date
	From, To orgtree.ID
	// Owner is whoever has it then; zero is a mass organisation, or nobody.
	Owner member.ID
	was   task.Assignee
	// now is the assignee at the new unit.
	now task.Assignee
}

// MeetingFate is a meeting that is not over at a unit that ends.
type MeetingFate struct {
	ID    meeting.ID
	Unit  orgtree.ID
	Kind  meeting.Kind
	State meeting.State
	Day   clock.Date
	// To holds it instead; zero gives it up, or leaves one that was held among
	// the records of the old unit.
	To orgtree.ID
}

// DraftLeft is a resolution that was never adopted at a unit that ends.
type DraftLeft struct {
	Unit  orgtree.ID
	Title string
}

// GuestFate is a guest of a unit that ends.
type GuestFate struct {
	Unit   orgtree.ID
	Person member.ID
	// To is where they stay on; zero ends the stay, and with it their absence
	// from home.
	To orgtree.ID
}

// RightEnd is a right that ends, beside those of members and posts.
type RightEnd struct {
	Unit   orgtree.ID
	Person member.ID
	Role   access.Role
}

// DryRun is all that a plan will do, and what stands in its way.
type DryRun struct {
	Draft
	Fates  []Fate // of the units that change
	People []Resident
	// Along counts the members who stay in their cell and change the body above
	// it with the whole cell.
	Along    int
	Posts    []PostEnd
	Groups   int
	Tasks    []TaskMove
	Meetings []MeetingFate
	Drafts   []DraftLeft
	Rights   []RightEnd
	Guests   []GuestFate
	// Before and After are the figures of the branch of the deciding body.
	Before, After Figures
	Findings      []Finding
	// Names of the people and units that the lists name.
	Persons map[member.ID]string
	Units   map[orgtree.ID]string
	outcome outcome
	picture picture
	// sealed are the kinds of organisation that decide for themselves.
	sealed map[string]bool
	// gone counts steps of units that no longer lie below the body.
	gone int
}

// Blocked reports whether anything stands in the way.
func (r DryRun) Blocked() bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Blocking })
}

// Moving counts the people who go to another unit.
func (r DryRun) Moving() (n int) {
	for _, p := range r.People {
		if p.To != p.Unit {
			n++
		}
	}
	return n
}

// Preview computes what the plan would do and changes nothing. Whoever may read
// reorganisations at its body may.
func Preview(tx *db.Tx, by access.Actor, plan ID) (DryRun, error) {
	p, at, err := load(tx, by, access.ReorganisationRead, plan)
	if err != nil {
		return DryRun{}, err
	}
	d, err := whole(tx, p)
	if err != nil {
		return DryRun{}, err
	}
	return rehearse(tx, d, at)
}

func rehearse(tx *db.Tx, d Draft, at orgtree.Unit) (r DryRun, err error) {
	r.Draft = d
	if r.picture, r.gone, err = look(tx, &r.Draft, at); err != nil {
		return r, err
	}
	r.outcome = compute(r.Draft, r.picture)
	r.Fates = r.outcome.byDepth(Fate.changed)
	r.People = r.picture.residents
	r.Before, r.After = r.outcome.figures()
	for _, list := range []func(*db.Tx) error{r.learn, r.along, r.listPosts, r.listTasks, r.listMeetings, r.listDrafts, r.listGuests, r.listRights, r.judge, r.name} {
		if err := list(tx); err != nil {
			return r, err
		}
	}
	return r, nil
}

// going are the people who change their unit.
func (r *DryRun) going() map[member.ID]Resident {
	going := map[member.ID]Resident{}
	for _, p := range r.People {
		if p.To != p.Unit {
			going[p.ID] = p
		}
	}
	return going
}

// learn reads which kinds of organisation have a seal.
func (r *DryRun) learn(tx *db.Tx) error {
	words, err := r.rules(tx, r.picture.at)
	r.sealed = map[string]bool{}
	for _, kind := range words.OrgKinds {
		r.sealed[kind.ID] = kind.Seal
	}
	return err
}

// along counts the members of branches that are handed over as they are.
func (r *DryRun) along(*db.Tx) error {
	for _, f := range r.Fates {
		if f.rehung() && !r.outcome.lost[f.Now.ID] {
			r.Along += r.outcome.total(f.Now.ID).Members()
		}
	}
	return nil
}

func (r *DryRun) listPosts(tx *db.Tx) error {
	going := r.going()
	for _, s := range r.Steps {
		if !s.Scatters() {
			continue
		}
		posts, err := unit.PostsAt(tx, s.Unit, r.picture.day)
		if err != nil {
			return err
		}
		for _, p := range posts {
			if _, leaves := going[p.Person]; leaves || s.ends() {
				r.Posts = append(r.Posts, PostEnd{s.Unit, p.Person, p.Kind})
			}
		}
		if !s.ends() {
			continue
		}
		groups, err := unit.GroupsAt(tx, s.Unit)
		if err != nil {
			return err
		}
		r.Groups += len(groups)
	}
	return nil
}

func (r *DryRun) listTasks(tx *db.Tx) error {
	type open struct {
		TaskMove
		leader member.ID
	}
	tasks, err := atEach(tx, r, Step.Scatters, func(row db.Row) (t open, err error) {
		return t, row.Scan(&t.ID, &t.Title, &t.Due, &t.From, &t.was.Person, &t.was.Group, &t.was.Body, &t.leader)
	}, `SELECT t.id, t.title, t.due, t.unit_id, t.person_id, t.group_id, t.body, g.leader_id
		FROM task t LEFT JOIN party_group g ON g.id = t.group_id
		WHERE t.unit_id = $1 AND t.state IN ('assigned', 'adjusted', 'accepted', 'in_progress', 'handed_over', 'reported')
		ORDER BY t.due, t.id`)
	if err != nil {
		return err
	}
	going := r.going()
	for _, t := range tasks {
		s, _ := r.step(t.From)
		m := t.TaskMove
		m.now = m.was
		if m.was.Group != 0 && s.ends() {
			m.now = task.Assignee{Person: t.leader}
		}
		m.Owner = m.now.Person
		switch p, leaves := going[m.Owner]; {
		case leaves:
			m.To = p.To
		case !s.ends():
			continue
		case m.Owner != 0: // a guest, who has work only where members meet
			m.To = r.host(s.To)
		default:
			m.To = s.To
		}
		r.Tasks = append(r.Tasks, m)
	}
	return nil
}

func (r *DryRun) listMeetings(tx *db.Tx) error {
	meetings, err := atEach(tx, r, Step.Scatters, func(row db.Row) (m MeetingFate, err error) {
		var starts time.Time
		err = row.Scan(&m.ID, &m.Unit, &m.Kind, &m.State, db.Instant(&starts))
		m.Day = clock.DateOf(starts)
		return m, err
	}, `SELECT id, unit_id, kind, state, starts FROM meeting WHERE unit_id = $1
		AND state IN ('planned', 'prepared', 'announced', 'docs_posted', 'postponed', 'in_session', 'closed', 'minuted') ORDER BY starts, id`)
	if err != nil {
		return err
	}
	for _, m := range meetings {
		s, _ := r.step(m.Unit)
		if !s.ends() && m.State != meeting.InSession {
			continue
		}
		if host := r.host(s.To); host != 0 && s.HandMeetings && m.State.Upcoming() && m.Kind != meeting.Group {
			free, err := r.freeFor(tx, m, host)
			if err != nil {
				return err
			}
			if free {
				m.To = host
			}
		}
		r.Meetings = append(r.Meetings, m)
	}
	return nil
}

// freeFor reports whether the unit can hold the meeting: each month has one
// regular meeting.
func (r *DryRun) freeFor(tx *db.Tx, m MeetingFate, to orgtree.ID) (bool, error) {
	if !m.Kind.Monthly() {
		return true, nil
	}
	for _, other := range r.Meetings {
		if other.To == to && other.Kind.Monthly() && meeting.MonthOf(other.Day) == meeting.MonthOf(m.Day) {
			return false, nil
		}
	}
	n, err := db.One(tx, db.Column[int], `SELECT count(*) FROM meeting a JOIN meeting b ON b.month = a.month
		WHERE a.id = $1 AND b.unit_id = $2 AND b.kind IN ('regular', 'combined') AND b.state <> 'cancelled'`, m.ID, to)
	return n == 0, err
}

// atEach asks about every unit whose step has the property; $1 is the unit.
func atEach[T any](tx *db.Tx, r *DryRun, has func(Step) bool, scan db.Scan[T], query string, more ...any) (list []T, err error) {
	for _, s := range r.Steps {
		if !has(s) {
			continue
		}
		found, err := db.All(tx, scan, query, append([]any{s.Unit}, more...)...)
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	}
	return list, nil
}

func (r *DryRun) listDrafts(tx *db.Tx) (err error) {
	r.Drafts, err = atEach(tx, r, Step.ends, func(row db.Row) (d DraftLeft, err error) {
		return d, row.Scan(&d.Unit, &d.Title)
	}, `SELECT unit_id, title FROM resolution WHERE unit_id = $1 AND state = 'draft' ORDER BY id`)
	return err
}

func (r *DryRun) listGuests(tx *db.Tx) (err error) {
	going := r.going()
	r.Guests, err = atEach(tx, r, Step.ends, func(row db.Row) (g GuestFate, err error) {
		var home orgtree.ID
		if err := row.Scan(&g.Unit, &g.Person, &home); err != nil {
			return g, err
		}
		if p, goes := going[g.Person]; goes {
			home = p.To
		}
		s, _ := r.step(g.Unit)
		if g.To = r.host(s.To); g.To == home {
			g.To = 0
		}
		return g, nil
	}, `SELECT o.unit_id, o.person_id, p.unit_id FROM person_overlay o JOIN person p ON p.id = o.person_id
		WHERE o.unit_id = $1 AND o.kind = $2 AND (o.to_day IS NULL OR o.to_day > $3 AND o.to_day > o.from_day) ORDER BY p.name_key, o.id`,
		member.Guest, r.picture.day)
	return err
}

func (r *DryRun) listRights(tx *db.Tx) (err error) {
	r.Rights, err = atEach(tx, r, Step.ends, func(row db.Row) (e RightEnd, err error) {
		return e, row.Scan(&e.Unit, &e.Person, &e.Role)
	}, `SELECT unit_id, person_id, role FROM role_grant WHERE unit_id = $1 AND (to_day IS NULL OR to_day > $2)
		AND source NOT LIKE 'member:%' AND source NOT LIKE 'post:%' AND source NOT LIKE 'group:%' AND source NOT LIKE 'overlay:%' ORDER BY id`,
		r.picture.day)
	return err
}

// host is the unit if guests can stay there and meetings be handed to it:
// members meet in cells alone.
func (r *DryRun) host(u orgtree.ID) orgtree.ID {
	if f := r.outcome.fates[u]; f == nil || f.Ended || !f.Now.IsCell() {
		return 0
	}
	return u
}

// name finds the names of whoever the lists name.
func (r *DryRun) name(tx *db.Tx) (err error) {
	var people []member.ID
	for _, p := range r.Posts {
		people = append(people, p.Person)
	}
	for _, t := range r.Tasks {
		people = append(people, t.Owner)
	}
	for _, g := range r.Guests {
		people = append(people, g.Person)
	}
	for _, e := range r.Rights {
		people = append(people, e.Person)
	}
	for _, n := range r.Nominations {
		people = append(people, n.Person)
	}
	slices.Sort(people)
	if r.Persons, err = member.Names(tx, slices.Compact(people)); err != nil {
		return err
	}
	r.Units = map[orgtree.ID]string{}
	for id, f := range r.outcome.fates {
		if r.Units[id] = f.Now.Name; f.Ended {
			r.Units[id] = f.Was.Name
		}
	}
	return nil
}

// rules are what sizes and kinds are measured by on the plan's day.
func (r *DryRun) rules(tx *db.Tx, u orgtree.Unit) (rulepack.States, error) {
	words, _, err := rulepack.Rule[rulepack.States](rulepack.Of(tx), "states", r.province(u), r.picture.day)
	return words, err
}

func (r *DryRun) province(u orgtree.Unit) string { return unit.Province(placed(u, r.picture.at)) }

// Ends reports whether the unit is no more then.
func (r DryRun) Ends(u orgtree.ID) bool {
	f := r.outcome.fates[u]
	return f == nil || f.Ended
}
