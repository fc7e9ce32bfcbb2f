package duplicate

import (
	"slices"
	"strings"

	"chibo/internal/domain/account"
	"chibo/internal/domain/consolidation"
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/notice"
	"chibo/internal/domain/task"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/holding"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// kinds are all rows that go with a person, in the order in which people are
// told of them.
var kinds = slices.Concat(unit.Held, member.Held, task.Held, meeting.Held, consolidation.Held, access.Held, notice.Held)

// Moving is rows of one kind that go to the kept record.
type Moving struct {
	What string // the message duplicate.what.What names it
	Held []holding.Held
}

// Staying is what keeps the old number, because it is over: the rolls of
// meetings that were held, what was said there, tasks that are done.
type Staying struct {
	What  string // the message duplicate.stays.What names it
	Count int
}

// Obstacle is something that must be settled before the two can be merged.
type Obstacle struct {
	errs.Message
	// Unit is where; zero for the records themselves.
	Unit orgtree.ID
}

// Stretch is a time in a cell, as it will stand in the kept record or as it
// falls away because the record to be kept was elsewhere then.
type Stretch struct {
	member.Place
	FromOther, FallsAway bool
}

// DryRun is all that a merge would do, and what stands in its way.
type DryRun struct {
	Kept, Gone member.File
	Fields     []Field
	Places     []Stretch
	Moves      []Moving
	Stays      []Staying
	SignIn     account.Joining
	Obstacles  []Obstacle
	// Remarks are what people should know beforehand, and decide for themselves.
	Remarks []errs.Message
	// Units are the names of the units that the lists name.
	Units map[orgtree.ID]string
	union member.Union
	take  []string
}

// Blocked reports whether anything stands in the way.
func (r DryRun) Blocked() bool { return len(r.Obstacles) > 0 }

// Order is how two records are to be merged.
type Order struct {
	// Kept is the record that stays, Gone the one that goes into it, each in the
	// version that was looked at.
	Kept, Gone               member.ID
	KeptVersion, GoneVersion int64
	// Take are the names of the fields whose value of the other record is right.
	Take []string
	// Reason says how one knows that they are one person.
	Reason string
	// Decision is the paper by which a name or a birth is corrected.
	Decision string
}

// Preview lists exactly what a merge of the two would do, and changes nothing.
// Without a choice of fields those are taken that the kept record lacks. Who may
// merge records at the units of both and open their files may; both readings are
// recorded, so it needs a transaction that may write. A person who is not seen
// is errs.NotFound; the same record twice is errs.Invalid.
func Preview(tx *db.Tx, by access.Actor, o Order) (DryRun, error) {
	r, err := rehearse(tx, by, o)
	if err != nil {
		return DryRun{}, err
	}
	return r, r.nameUnits(tx)
}

func rehearse(tx *db.Tx, by access.Actor, o Order) (r DryRun, err error) {
	if o.Kept == o.Gone {
		return r, errs.Field("other", "duplicate.error.itself")
	}
	if _, _, err := both(tx, by, o.Kept, o.Gone); err != nil {
		return r, err
	}
	if r.Kept, err = member.Open(tx, by, o.Kept, "merge"); err != nil {
		return r, err
	}
	if r.Gone, err = member.Open(tx, by, o.Gone, "merge"); err != nil {
		return r, err
	}
	if r.take = o.Take; r.take == nil {
		r.take = proposed(r.Kept, r.Gone)
	}
	r.union, r.Fields = unite(r.Kept, r.Gone, r.take)
	r.union.Document = strings.TrimSpace(o.Decision)
	r.stretches()
	for _, part := range []func(*db.Tx, access.Actor) error{r.listMoves, r.listStays, r.findSignIn, r.judge} {
		if err := part(tx, by); err != nil {
			return r, err
		}
	}
	return r, nil
}

// stretches are the places of both, with what becomes of each.
func (r *DryRun) stretches() {
	for _, p := range r.union.Places {
		r.Places = append(r.Places, Stretch{Place: p, FromOther: !slices.ContainsFunc(r.Kept.Places, func(k member.Place) bool { return within(p, k) })})
	}
	for _, side := range []struct {
		places []member.Place
		other  bool
	}{{r.Kept.Places, false}, {r.Gone.Places, true}} {
		for _, p := range side.places {
			same := slices.DeleteFunc(slices.Clone(r.union.Places), func(u member.Place) bool { return u.Unit != p.Unit })
			for _, rest := range free(p, same) {
				r.Places = append(r.Places, Stretch{rest, side.other, true})
			}
		}
	}
}

// within reports whether the place is a part of another one.
func within(p, o member.Place) bool {
	return p.Unit == o.Unit && !p.From.Before(o.From) && (o.To.IsZero() || !p.To.IsZero() && !p.To.After(o.To))
}

func (r *DryRun) listMoves(tx *db.Tx, _ access.Actor) error {
	for _, k := range kinds {
		held, err := k.Held(tx, int64(r.Gone.ID), int64(r.Kept.ID))
		if err != nil {
			return err
		}
		if len(held) > 0 {
			r.Moves = append(r.Moves, Moving{k.What, held})
		}
	}
	return nil
}

func (r *DryRun) listStays(tx *db.Tx, _ access.Actor) error {
	for _, s := range []struct{ what, query string }{
		{"roll", `SELECT count(*) FROM meeting_roll WHERE person_id = $1`},
		{"opinion", `SELECT count(*) FROM meeting_opinion WHERE person_id = $1`},
		{"criticism", `SELECT count(*) FROM meeting_criticism WHERE author_id = $1 OR about_id = $1`},
		{"task", `SELECT count(*) FROM task WHERE person_id = $1 AND state NOT IN ('proposed', 'assigned', 'adjusted', 'accepted', 'in_progress', 'handed_over', 'reported')`},
		{"journal", `SELECT count(*) FROM journal WHERE noun = 'member' AND noun_id = $1`},
		{"notice", `SELECT count(*) FROM notice WHERE person_id = $1 AND seen IS NOT NULL`},
		{"token", `SELECT count(*) FROM api_token WHERE person_id = $1`},
		{"address", `SELECT count(*) FROM delivery_address WHERE person_id = $1`},
	} {
		n, err := db.One(tx, db.Column[int], s.query, r.Gone.ID)
		if err != nil {
			return err
		}
		if n > 0 {
			r.Stays = append(r.Stays, Staying{s.what, n})
		}
	}
	twice, err := db.One(tx, db.Column[int], `SELECT count(*) FROM meeting_roll a JOIN meeting_roll b ON b.meeting_id = a.meeting_id
		WHERE a.person_id = $1 AND b.person_id = $2`, r.Kept.ID, r.Gone.ID)
	if twice > 0 {
		r.remark("duplicate.remark.one_roll", twice)
	}
	return err
}

func (r *DryRun) remark(key string, args ...any) {
	r.Remarks = append(r.Remarks, errs.Message{Key: key, Args: args})
}

func (r *DryRun) obstacle(at orgtree.ID, key string, args ...any) {
	r.Obstacles = append(r.Obstacles, Obstacle{errs.Message{Key: "duplicate.obstacle." + key, Args: args}, at})
}

// findSignIn asks what becomes of the sign-in of the other record.
func (r *DryRun) findSignIn(tx *db.Tx, by access.Actor) (err error) {
	r.SignIn, err = account.WouldJoin(tx, by, r.Kept.ID, r.Gone.ID)
	if errs.Is(err, errs.Denied) || errs.Is(err, errs.NotFound) {
		r.obstacle(0, "sign_in")
		return nil
	}
	return err
}

// judge looks for what must be settled first.
func (r *DryRun) judge(tx *db.Tx, by access.Actor) error {
	if by.Person == r.Kept.ID || by.Person == r.Gone.ID {
		r.obstacle(0, "oneself")
	}
	if r.Kept.Status == member.Merged || r.Gone.Status == member.Merged {
		r.obstacle(0, "merged")
		return nil
	}
	if err := r.judgeUnion(tx, by); err != nil {
		return err
	}
	r.judgePlace()
	today := clock.DateOf(tx.Now)
	r.judgeOverlays(today)
	r.judgePosts(today)
	for _, part := range []func(*db.Tx, access.Actor) error{r.judgeRights, r.judgeMeetings, r.judgePlans} {
		if err := part(tx, by); err != nil {
			return err
		}
	}
	return nil
}

// judgeUnion turns what is wrong with the chosen fields into obstacles.
func (r *DryRun) judgeUnion(tx *db.Tx, by access.Actor) error {
	err := member.CheckUnion(tx, by, briefOf(r.Kept), briefOf(r.Gone), r.union)
	problem, known := errs.As(err)
	if !known {
		return err
	}
	for _, field := range problem.FieldNames() {
		if field != "decision" { // asked for with the order
			r.Obstacles = append(r.Obstacles, Obstacle{Message: problem.Fields[field]})
		}
	}
	if len(problem.Fields) == 0 {
		r.Obstacles = append(r.Obstacles, Obstacle{Message: problem.Message})
	}
	return nil
}

func briefOf(f member.File) member.Brief {
	return member.Brief{ID: f.ID, Unit: f.Unit, Group: f.Group, Name: f.Name, Status: f.Status, Version: f.Version}
}

// judgePlace holds whoever is a member then to a cell in which they are.
func (r *DryRun) judgePlace() {
	if !r.union.Status.Active() {
		return
	}
	for _, p := range r.union.Places {
		if p.To.IsZero() && p.Unit == r.union.Unit {
			return
		}
	}
	r.obstacle(r.union.Unit, "unit_over")
}

// judgeOverlays: what lies over a membership lies there once, and nobody is a
// guest at home.
func (r *DryRun) judgeOverlays(today clock.Date) {
	lasts := func(o member.Overlay) bool { return o.To.IsZero() || o.To.After(today) }
	for _, b := range r.Gone.Overlays {
		for _, a := range r.Kept.Overlays {
			if a.Kind == b.Kind && lasts(a) && lasts(b) {
				r.obstacle(b.Unit, "overlay_twice", b.Kind)
			}
		}
	}
	for _, o := range slices.Concat(r.Kept.Overlays, r.Gone.Overlays) {
		if o.Kind == member.Guest && o.Unit == r.union.Unit && lasts(o) {
			r.obstacle(o.Unit, "guest_at_home")
		}
	}
}

// judgePosts: one holds a post once, and a post of a cell in the cell to which
// one belongs.
func (r *DryRun) judgePosts(today clock.Date) {
	cells := map[orgtree.ID]bool{r.Kept.Unit: true, r.Gone.Unit: true}
	for _, b := range r.Gone.Posts {
		for _, a := range r.Kept.Posts {
			if a.Held(today) && b.Held(today) && a.Unit == b.Unit && a.Kind == b.Kind {
				r.obstacle(b.Unit, "post_twice", b.Kind)
			}
		}
	}
	for _, p := range slices.Concat(r.Kept.Posts, r.Gone.Posts) {
		if p.Held(today) && cells[p.Unit] && p.Unit != r.union.Unit && r.union.Status.Active() {
			r.obstacle(p.Unit, "post_elsewhere", p.Kind)
		}
	}
	for _, m := range r.Moves {
		for _, h := range m.Held {
			if m.What == "group" && orgtree.ID(h.Unit) != r.union.Unit {
				r.obstacle(orgtree.ID(h.Unit), "group_elsewhere", h.Label)
			}
		}
	}
}

// judgeRights: nobody hands on a right that they could not give. A merge must be
// no way to more.
func (r *DryRun) judgeRights(tx *db.Tx, by access.Actor) error {
	for _, m := range r.Moves {
		if m.What != "right" {
			continue
		}
		for _, h := range m.Held {
			at, err := orgtree.Find(tx, orgtree.ID(h.Unit))
			if err != nil {
				return err
			}
			if !by.Can(access.PostManage, at) {
				r.obstacle(0, "right_beyond") // where is none of the actor's business
			}
		}
	}
	return nil
}

// judgeMeetings: a meeting that is under way keeps its roll until it is closed.
func (r *DryRun) judgeMeetings(tx *db.Tx, _ access.Actor) error {
	under, err := db.All(tx, db.Column[orgtree.ID], `SELECT DISTINCT m.unit_id FROM meeting m JOIN meeting_roll r ON r.meeting_id = m.id
		WHERE m.state = 'in_session' AND (r.person_id = $1 OR r.person_id = $2)`, r.Kept.ID, r.Gone.ID)
	for _, at := range under {
		r.obstacle(at, "in_session")
	}
	return err
}

// judgePlans: a reorganisation that is still drafted names people by their
// numbers.
func (r *DryRun) judgePlans(tx *db.Tx, _ access.Actor) error {
	titles, err := db.All(tx, db.Column[string], `SELECT p.title FROM reorganisation p WHERE p.state = 'draft' AND (
		p.id IN (SELECT d.plan_id FROM reorganisation_destination d WHERE d.person_id = $1)
		OR p.id IN (SELECT o.plan_id FROM reorganisation_post o WHERE o.person_id = $1)) ORDER BY p.id`, r.Gone.ID)
	for _, title := range titles {
		r.obstacle(0, "plan", title)
	}
	return err
}

// nameUnits finds the names of the units that the lists name.
func (r *DryRun) nameUnits(tx *db.Tx) error {
	r.Units = map[orgtree.ID]string{r.Kept.Unit: "", r.Gone.Unit: ""}
	for _, p := range r.Places {
		r.Units[p.Unit] = ""
	}
	for _, m := range r.Moves {
		for _, h := range m.Held {
			r.Units[orgtree.ID(h.Unit)] = ""
		}
	}
	for _, o := range r.Obstacles {
		r.Units[o.Unit] = ""
	}
	delete(r.Units, 0)
	for at := range r.Units {
		u, err := orgtree.Find(tx, at)
		if err != nil {
			return err
		}
		r.Units[at] = u.Name
	}
	return nil
}
