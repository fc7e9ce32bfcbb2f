package reorganisation

import (
	"slices"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

func (r *DryRun) find(blocking bool, u orgtree.Unit, clause, key string, args ...any) {
	r.Findings = append(r.Findings, Finding{
		Blocking: blocking, Unit: u.ID, Name: u.Name, Message: errs.Message{Key: "reorganisation.finding." + key, Args: args}, Clause: clause,
	})
}

const (
	blocks = true
	known  = false
)

// judge finds what stands in the way, and what people should know.
func (r *DryRun) judge(tx *db.Tx) error {
	r.judgePaper(clock.DateOf(tx.Now))
	r.judgeSteps()
	r.judgePeople()
	r.judgeRecords()
	for _, f := range r.Fates {
		if err := r.judgeDays(tx, f); err != nil {
			return err
		}
		if f.Ended {
			if err := r.judgeEnd(tx, f); err != nil {
				return err
			}
			continue
		}
		if err := r.judgeUnit(tx, f); err != nil {
			return err
		}
	}
	if err := r.judgeParents(tx); err != nil {
		return err
	}
	if err := r.judgeNominations(tx); err != nil {
		return err
	}
	if err := r.judgeParties(tx); err != nil {
		return err
	}
	slices.SortStableFunc(r.Findings, func(a, b Finding) int {
		switch {
		case a.Blocking == b.Blocking:
			return 0
		case a.Blocking:
			return -1
		}
		return 1
	})
	return nil
}

// judgePaper looks at the decision itself.
func (r *DryRun) judgePaper(today clock.Date) {
	var none orgtree.Unit
	if len(r.Steps) == 0 {
		r.find(blocks, none, "", "no_steps")
	}
	if r.Number == "" || r.Decided.IsZero() {
		r.find(blocks, none, "HD06 10.5; HD38 II.4.3.3b", "no_decision")
	}
	switch {
	case r.Effective.IsZero():
		r.find(blocks, none, "", "no_day")
	case r.Effective.After(today):
		r.find(blocks, none, "", "day_to_come", r.Effective.Vietnamese())
	}
}

// judgeSteps looks at how the steps fit together.
func (r *DryRun) judgeSteps() {
	if !r.picture.at.Ended.IsZero() {
		r.find(blocks, r.picture.at, "", "body_ended", r.picture.at.Ended.Vietnamese())
	}
	if r.gone > 0 {
		r.find(blocks, orgtree.Unit{}, "", "unit_gone", r.gone)
	}
	for _, s := range r.Steps {
		f := r.outcome.fates[s.Unit]
		if to := r.outcome.fates[s.To]; s.To != 0 && (to == nil || to.Ended) {
			r.find(blocks, f.Now, "", "to_ends")
		}
		if s.Kind == Handover {
			r.judgeHandover(s, *f)
		}
		if s.Kind == Merge {
			r.judgeMerge(s, *f)
		}
	}
	for _, unit := range r.outcome.order {
		if r.outcome.lost[unit] {
			r.find(blocks, r.outcome.fates[unit].Now, "", "no_parent")
		}
	}
}

// judgeHandover asks for the second decision where the receiving side decides
// for itself: every body with a seal that is not the deciding one (rules 3.6).
func (r *DryRun) judgeHandover(s Step, f Fate) {
	if f.Was.Parent == s.To {
		r.find(blocks, f.Now, "", "already_there")
	}
	to := r.outcome.fates[s.To]
	if to == nil || s.To == r.outcome.at.ID || to.Founded || !r.sealed[to.Now.Kind] {
		return
	}
	if s.Acceptance == "" || s.Accepted.IsZero() {
		r.find(blocks, f.Now, "HD38 II.4.3.3b; HD06 10.5", "no_acceptance", to.Now.Name)
	}
}

// judgeMerge keeps cells from merging into parties, and parties into cells.
func (r *DryRun) judgeMerge(s Step, f Fate) {
	if to := r.outcome.fates[s.To]; to != nil && to.Now.IsCell() != f.Was.IsCell() {
		r.find(blocks, f.Was, "HN II.2.1", "merge_unlike", to.Now.Name)
	}
}

// judgePeople looks for people without a place (QĐ294 6.3.5), or with one where
// members do not meet.
func (r *DryRun) judgePeople() {
	nowhere, noCell, early := map[orgtree.ID]int{}, map[orgtree.ID]int{}, map[orgtree.ID]int{}
	for _, p := range r.People {
		to := r.outcome.fates[p.To]
		switch {
		case p.To == p.Unit && !r.outcome.fates[p.Unit].Ended:
		case to == nil || to.Ended:
			nowhere[p.Unit]++
		case p.Status.Active() && !to.Now.IsCell():
			noCell[p.Unit]++
		case !p.Since.IsZero() && !p.Since.Before(r.picture.day):
			early[p.Unit]++
		}
	}
	for _, s := range r.Steps {
		f := r.outcome.fates[s.Unit]
		for _, found := range []struct {
			key    string
			counts map[orgtree.ID]int
		}{{"nowhere", nowhere}, {"no_cell", noCell}, {"came_later", early}} {
			if n := found.counts[s.Unit]; n > 0 && s.fate() {
				r.find(blocks, f.Was, "QĐ294 6.3.5", found.key, n)
			}
		}
	}
}

// judgeRecords looks at tasks, meetings, drafts and rights.
func (r *DryRun) judgeRecords() {
	for _, t := range r.Tasks {
		to := r.outcome.fates[t.To]
		if to == nil || to.Ended || t.Owner == 0 && t.now.Body == "" {
			r.find(blocks, r.outcome.fates[t.From].Was, "", "task_no_owner", t.Title)
		}
	}
	unfinished := map[orgtree.ID]int{}
	for _, m := range r.Meetings {
		at := r.outcome.fates[m.Unit].Was
		switch {
		case m.State == meeting.InSession:
			r.find(blocks, at, "", "meeting_running", m.Day.Vietnamese())
		case m.State == meeting.Closed:
			r.find(blocks, at, "", "meeting_without_minutes", m.Day.Vietnamese())
		case !m.State.Upcoming():
			unfinished[m.Unit]++
		}
	}
	for _, s := range r.Steps {
		if n := unfinished[s.Unit]; n > 0 && s.fate() {
			r.find(known, r.outcome.fates[s.Unit].Was, "", "meetings_unpublished", n)
		}
	}
	if len(r.Drafts) > 0 {
		r.find(known, orgtree.Unit{}, "", "drafts", len(r.Drafts))
	}
	if len(r.Rights) > 0 {
		r.find(known, orgtree.Unit{}, "", "rights", len(r.Rights))
	}
	r.judgeGuests()
}

// judgeGuests tells of those who stay on as guests elsewhere, and of those who
// go home because nobody can receive them.
func (r *DryRun) judgeGuests() {
	staying := 0
	for _, g := range r.Guests {
		if g.To != 0 {
			staying++
		}
	}
	if staying > 0 {
		r.find(known, orgtree.Unit{}, "", "guests", staying)
	}
	if home := len(r.Guests) - staying; home > 0 {
		r.find(known, orgtree.Unit{}, "", "guests_home", home, r.picture.day.Vietnamese())
	}
}

// judgeEnd refuses to leave behind what only people can bring to an end, and
// reminds of what is still owed once a unit has ended (rules 3.3, 3.4).
func (r *DryRun) judgeEnd(tx *db.Tx, f Fate) error {
	for _, open := range []struct{ key, query string }{
		{"consolidation_open", `SELECT count(*) FROM consolidation WHERE unit_id = $1 AND finished IS NULL`},
		{"plans_open", `SELECT count(*) FROM reorganisation WHERE unit_id = $1 AND state = 'draft'`},
	} {
		n, err := db.One(tx, db.Column[int], open.query, f.Was.ID)
		if err != nil {
			return err
		}
		if n > 0 {
			r.find(blocks, f.Was, "", open.key, n)
		}
	}
	s, _ := r.step(f.Was.ID)
	if s.To == 0 && slices.ContainsFunc(r.picture.units, func(u orgtree.Unit) bool { return u.Parent == f.Was.ID && !r.moved(u.ID) }) {
		r.find(blocks, f.Was, "QĐ294 10.5", "units_below")
	}
	due, _, err := rulepack.Of(tx).Due("org.dissolve.windUp", r.province(f.Was), r.picture.day)
	if err != nil {
		return err
	}
	clause, err := r.clause(tx, "org.dissolve.windUp", f.Was)
	if err != nil {
		return err
	}
	key := "wind_up"
	if r.sealed[f.Was.Kind] {
		key = "wind_up_seal"
	}
	r.find(known, f.Was, clause, key, due.Vietnamese())
	return nil
}

// moved reports whether a step of its own says where the unit goes.
func (r *DryRun) moved(u orgtree.ID) bool {
	_, own := r.step(u)
	return own
}

func (r *DryRun) clause(tx *db.Tx, key string, at orgtree.Unit) (string, error) {
	param, _, err := rulepack.Of(tx).Param(key, r.province(at), r.picture.day)
	return param.Source, err
}

// judgeUnit measures a unit that the plan changes by the kind that it will be
// (rules 3.1).
func (r *DryRun) judgeUnit(tx *db.Tx, f Fate) error {
	words, err := r.rules(tx, f.Now)
	if err != nil {
		return err
	}
	kind, _ := words.OrgKind(f.Now.Kind)
	r.judgePlace(f.Now, kind)
	for _, child := range r.outcome.below[f.Now.ID] {
		if below := r.outcome.fates[child]; !below.changed() { // or it is judged itself
			kind, _ := words.OrgKind(below.Now.Kind)
			r.judgePlace(below.Now, kind)
		}
	}
	if err := r.judgeHead(tx, f, words); err != nil {
		return err
	}
	if !f.Now.IsCell() {
		if n := f.After.Members(); n > 0 {
			r.find(blocks, f.Now, "", "no_cell", n)
		}
		return nil
	}
	r.judgeSize(f, kind, f.Before, f.After)
	return r.judgeLarge(tx, f)
}

// judgePlace looks whether a unit of the kind may stand where it will.
func (r *DryRun) judgePlace(u orgtree.Unit, kind rulepack.OrgKind) {
	above := r.outcome.fates[u.Parent]
	if above == nil || u.ID == r.outcome.at.ID {
		return
	}
	if above.Now.IsCell() || len(kind.Under) > 0 && !slices.Contains(kind.Under, above.Now.Kind) {
		r.find(blocks, u, kind.Source, "kind_under", kind.Label, above.Now.Name)
	}
}

// judgeSize compares members with the bounds of the kind. What was too small
// before and does not shrink is to be known; what the plan makes too small
// stands in the way.
func (r *DryRun) judgeSize(f Fate, kind rulepack.OrgKind, before, after Count) {
	was, now := before.strength(), after.strength()
	if now.Official < kind.MinOfficial {
		r.find(f.Founded || now.Official < was.Official, f.Now, kind.Source, "few_official", now.Official, kind.MinOfficial)
	}
	if now.All() < kind.MinMembers {
		r.find(f.Founded, f.Now, kind.Source, "few_members", now.All(), kind.MinMembers)
	}
	if kind.MaxMembers > 0 && now.All() > kind.MaxMembers {
		r.find(known, f.Now, kind.Source, "many_members", now.All(), kind.MaxMembers)
	}
}

// judgeLarge: a large cell divides into party groups, and one that grows beyond
// that needs the consent of the body above (QĐ294 20.3.2).
func (r *DryRun) judgeLarge(tx *db.Tx, f Fate) error {
	large, err := rulepack.Of(tx).Int("org.partyGroups.min", rulepack.Members, r.province(f.Now), r.picture.day)
	if err != nil {
		return err
	}
	clause, err := r.clause(tx, "org.partyGroups.min", f.Now)
	if err != nil {
		return err
	}
	if n := f.After.strength().All(); n > large {
		r.find(known, f.Now, clause, "large_cell", n, large)
	}
	return nil
}

// judgeHead looks for who leads the unit then (rules 3.2, QĐ294 16.5).
func (r *DryRun) judgeHead(tx *db.Tx, f Fate, words rulepack.States) error {
	heads := map[string]bool{}
	for _, p := range words.Posts {
		if p.Head && p.At != "group" && (p.At == "cell") == f.Now.IsCell() {
			heads[p.ID] = true
		}
	}
	led, err := r.holds(tx, f, heads)
	if err != nil {
		return err
	}
	if !led {
		r.find(f.Founded, f.Now, "QĐ294 16.5", "no_secretary")
	}
	return nil
}

func (r *DryRun) holds(tx *db.Tx, f Fate, heads map[string]bool) (bool, error) {
	for _, n := range r.Nominations {
		if n.Unit == f.Now.ID && heads[n.Post] {
			return true, nil
		}
	}
	if f.Founded {
		return false, nil
	}
	posts, err := unit.PostsAt(tx, f.Now.ID, r.picture.day)
	for _, p := range posts {
		ending := slices.Contains(r.Posts, PostEnd{f.Now.ID, p.Person, p.Kind})
		if heads[p.Kind] && !ending {
			return true, err
		}
	}
	return false, err
}

// judgeNominations looks for posts that nobody can be appointed to.
func (r *DryRun) judgeNominations(tx *db.Tx) error {
	going := r.going()
	for _, n := range r.Nominations {
		who, err := db.One(tx, func(row db.Row) (p Resident, err error) { return p, row.Scan(&p.Name, &p.To) },
			`SELECT name, unit_id FROM person WHERE id = $1`, n.Person)
		if err != nil {
			return err
		}
		if p, goes := going[n.Person]; goes {
			who = p
		}
		if err := r.judgeNomination(tx, n, who); err != nil {
			return err
		}
	}
	return nil
}

// judgeNomination: a post of a committee in a cell is held by one of its
// members, and a post of one holder by nobody else from that day on.
func (r *DryRun) judgeNomination(tx *db.Tx, n Nomination, who Resident) error {
	f := r.outcome.fates[n.Unit]
	if f == nil || f.Ended {
		r.find(blocks, orgtree.Unit{}, "", "post_gone")
		return nil
	}
	words, err := r.rules(tx, f.Now)
	if err != nil {
		return err
	}
	post, _ := words.Post(n.Post)
	if (post.At == "cell") != f.Now.IsCell() {
		r.find(blocks, f.Now, "", "post_unlike", post.Label)
	}
	if f.Now.IsCell() && post.Committee && who.To != f.Now.ID {
		r.find(blocks, f.Now, "", "nominee_elsewhere", who.Name)
	}
	type holder struct {
		person access.PersonID
		state  unit.PostState
	}
	held, err := db.All(tx, func(row db.Row) (h holder, err error) { return h, row.Scan(&h.person, &h.state) },
		`SELECT person_id, state FROM post WHERE unit_id = $1 AND kind = $2 AND state <> 'refused' AND (to_day IS NULL OR to_day > $3)`,
		n.Unit, n.Post, r.picture.day)
	for _, h := range held {
		ends := h.state != unit.Ended && slices.Contains(r.Posts, PostEnd{n.Unit, h.person, n.Post})
		if !ends && (post.Single || h.person == n.Person) {
			r.find(blocks, f.Now, "", "post_taken", post.Label)
			break
		}
	}
	return err
}

// judgeParties measures every party whose number of members changes, up to the
// deciding body.
func (r *DryRun) judgeParties(tx *db.Tx) error {
	before := r.totalsBefore()
	for _, f := range r.outcome.byDepth(func(f Fate) bool { return !f.Ended && !f.Now.IsCell() && !r.outcome.lost[f.Now.ID] }) {
		now := r.outcome.total(f.Now.ID)
		if was := before[f.Now.ID]; !f.Founded && was == now && f.Was.Kind == f.Now.Kind {
			continue
		}
		words, err := r.rules(tx, f.Now)
		if err != nil {
			return err
		}
		kind, _ := words.OrgKind(f.Now.Kind)
		r.judgeSize(f, kind, before[f.Now.ID], now)
	}
	return nil
}

// totalsBefore are the members at and below each unit as it is.
func (r *DryRun) totalsBefore() map[orgtree.ID]Count {
	totals := map[orgtree.ID]Count{}
	for _, u := range slices.Backward(r.picture.units) {
		c := totals[u.ID]
		c.sum(r.picture.counts[u.ID])
		totals[u.ID] = c
		above := totals[u.Parent]
		above.sum(c)
		totals[u.Parent] = above
	}
	return totals
}
