package access_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
)

const (
	nationUnits  = 250
	nationPeople = 40
	nationGrants = 300
	nationRounds = 10
	perRound     = 5000
)

// nation is a random tree with dated roles, and the slow way to ask it: every
// role of a person in turn, climbing from the unit one parent at a time.
type nation struct {
	*testkit.Kit
	r      *rand.Rand
	reach  map[access.Role]map[access.Action]access.Reach
	units  []orgtree.ID
	parent map[orgtree.ID]orgtree.ID
	people []access.PersonID
	grants map[access.PersonID][]access.Grant
}

// TestAMillionQuestions asks who may do what where, on which day, about which
// record, while units move and roles come and go, and compares each answer with
// that of the slow way.
func TestAMillionQuestions(t *testing.T) {
	reach := agreedReach(t)
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		nations := 20
		if testing.Short() || k.DB.Dialect() == db.Postgres { // each question is sent to a server there
			nations = 1
		}
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		asked, allowed := 0, 0
		for i := range nations {
			c := found(k, rand.New(rand.NewPCG(seed, uint64(i))), access.PersonID(1+i*nationPeople), reach)
			for range nationRounds {
				allowed += c.ask(t)
				asked += perRound
				c.goOn()
			}
		}
		t.Logf("%d questions, %d were allowed", asked, allowed)
		if allowed < asked/100 || allowed > asked/2 {
			t.Errorf("%d of %d questions were allowed: such questions prove little", allowed, asked)
		}
	})
}

func found(k *testkit.Kit, r *rand.Rand, first access.PersonID, reach map[access.Role]map[access.Action]access.Reach) *nation {
	n := &nation{Kit: k, r: r, reach: reach, parent: map[orgtree.ID]orgtree.ID{}, grants: map[access.PersonID][]access.Grant{}}
	for i := range nationPeople {
		n.people = append(n.people, first+access.PersonID(i))
	}
	k.Update(func(tx *db.Tx) error {
		for i := range nationUnits {
			var under orgtree.ID
			if i > 2 { // two roots; then a tree that is deep here and broad there
				under = n.units[r.IntN(min(i, 1+r.IntN(nationUnits)))]
			}
			name := fmt.Sprintf("%d-%d", first, i)
			u, err := orgtree.Add(tx, orgtree.Unit{Parent: under, Code: name, Name: name, Founded: k.Today().AddDays(-100)}, "")
			if err != nil {
				return err
			}
			n.units = append(n.units, u.ID)
			n.parent[u.ID] = under
		}
		for range nationGrants {
			if err := n.give(tx); err != nil {
				return err
			}
		}
		return nil
	})
	return n
}

// give has a random person hold a random role, before, during or after today.
func (n *nation) give(tx *db.Tx) error {
	g := access.Grant{
		Person: pick(n.r, n.people), Unit: pick(n.r, n.units), Role: pick(n.r, access.Roles),
		From: clock.DateOf(tx.Now).AddDays(n.r.IntN(30) - 20), Source: fmt.Sprint("source ", n.r.Uint64()),
	}
	if n.r.IntN(3) == 0 {
		g.Subject = int64(1 + n.r.IntN(subjects))
	}
	if n.r.IntN(2) == 0 {
		g.To = g.From.AddDays(n.r.IntN(30))
	}
	n.grants[g.Person] = append(n.grants[g.Person], g)
	return access.Give(tx, g)
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// goOn lets up to two days pass, and something happen: units move, roles are
// given, withdrawn and revoked.
func (n *nation) goOn() {
	n.SetNow(n.Now().AddDate(0, 0, n.r.IntN(3)))
	for range 5 {
		n.move()
		n.Update(n.give)
		n.withdraw()
		n.revoke()
	}
}

// move hangs a unit elsewhere, today or on a day to come: its path follows at
// once. What the tree refuses leaves it as it was.
func (n *nation) move() {
	unit, under := pick(n.r, n.units), pick(n.r, n.units)
	err := n.Try(func(tx *db.Tx) error {
		u, err := orgtree.Find(tx, unit)
		if err != nil {
			return err
		}
		return orgtree.Move(tx, u, under, n.Today().AddDays(n.r.IntN(3)), "")
	})
	switch {
	case err == nil:
		n.parent[unit] = under
	case !errs.Is(err, errs.Conflict):
		n.T.Fatal(err)
	}
}

func (n *nation) withdraw() {
	held := n.grants[pick(n.r, n.people)]
	if len(held) == 0 {
		return
	}
	g, day := &held[n.r.IntN(len(held))], n.Today().AddDays(n.r.IntN(3))
	n.Update(func(tx *db.Tx) error { return access.Withdraw(tx, g.Source, day) })
	if g.To.IsZero() || g.To.After(day) {
		g.To = day
	}
}

func (n *nation) revoke() {
	person := pick(n.r, n.people)
	held := n.grants[person]
	if len(held) == 0 {
		return
	}
	i := n.r.IntN(len(held))
	n.Update(func(tx *db.Tx) error { return access.Revoke(tx, person, held[i].Source) })
	n.grants[person] = slices.Delete(slices.Clone(held), i, i+1)
}

// question is one that is asked both ways.
type question struct {
	person access.PersonID
	role   access.Role
	act    access.Action
	unit   orgtree.ID
	record int64
	day    clock.Date
}

// ask asks the questions of a round and gives how many were allowed.
func (n *nation) ask(t *testing.T) (allowed int) {
	t.Helper()
	actions := access.Actions()
	n.View(func(tx *db.Tx) error {
		actors := map[access.PersonID]access.Actor{}
		for _, person := range n.people {
			actor, err := access.Act(tx, person)
			if err != nil {
				return err
			}
			actors[person] = actor
		}
		for i := range perRound {
			person := pick(n.r, n.people)
			q := question{person, pick(n.r, access.Roles), pick(n.r, actions), n.somewhere(person), int64(n.r.IntN(subjects + 1)), n.Today()}
			by := actors[q.person]
			if n.compare(t, tx, by, q) {
				allowed++
			}
			if t.Failed() {
				t.Fatal("the first difference; a new act that has a row in seeing needs one in seenBy too")
			}
			if i%500 == 0 {
				n.compareScope(t, tx, by, q)
			}
		}
		return nil
	})
	return allowed
}

// somewhere is a unit: as often as not one where the person has held something,
// and now and then one that does not exist.
func (n *nation) somewhere(person access.PersonID) orgtree.ID {
	held := n.grants[person]
	switch {
	case n.r.IntN(100) == 0:
		return orgtree.ID(n.r.Int64())
	case n.r.IntN(2) == 0 && len(held) > 0:
		return pick(n.r, held).Unit
	}
	return pick(n.r, n.units)
}

// compare asks Require, Can, Why and Holds, and reports whether the act is
// allowed.
func (n *nation) compare(t *testing.T, tx *db.Tx, by access.Actor, q question) bool {
	t.Helper()
	reasons := n.reasons(q)
	want := errs.NotFound
	seeing := q
	seeing.act = seenBy(q.act)
	_, exists := n.parent[q.unit]
	switch {
	case !exists:
	case len(reasons) > 0:
		want = testkit.OK
	case len(n.reasons(seeing)) > 0:
		want = errs.Denied
	}
	at, err := access.RequireOn(tx, by, q.act, q.unit, q.record)
	if kind := kindOf(err); kind != want || err == nil && at.ID != q.unit {
		t.Errorf("%+v: Require says %v (%v), want %v", q, kind, err, want)
	}
	if !exists {
		return false
	}
	if at, err = orgtreeUnit(tx, at, q.unit); err != nil {
		t.Fatal(err)
	}
	if got := by.CanOn(q.act, at, q.record); got != (want == testkit.OK) {
		t.Errorf("%+v: Can says %v", q, got)
	}
	n.compareWhy(t, by, at, q)
	holds := slices.ContainsFunc(n.grants[q.person], func(g access.Grant) bool { return heldOn(g, q.day) && g.Role == q.role && g.Unit == q.unit })
	if by.Holds(q.role, q.unit) != holds {
		t.Errorf("%+v: Holds says %v", q, !holds)
	}
	return want == testkit.OK
}

// compareWhy asks for the reason, which is of a role for all records.
func (n *nation) compareWhy(t *testing.T, by access.Actor, at orgtree.Unit, q question) {
	t.Helper()
	q.record = 0
	reasons := n.reasons(q)
	why, found := by.Why(q.act, at)
	given := slices.ContainsFunc(reasons, func(g access.Grant) bool { return g.Source == why.Source })
	if found != (len(reasons) > 0) || found && !given {
		t.Errorf("%+v: Why says %+v (%v), want one of %+v", q, why, found, reasons)
	}
}

// orgtreeUnit is the unit, read if Require did not give it.
func orgtreeUnit(tx *db.Tx, at orgtree.Unit, unit orgtree.ID) (orgtree.Unit, error) {
	if at.ID == unit {
		return at, nil
	}
	return orgtree.Find(tx, unit)
}

func kindOf(err error) errs.Kind {
	if err == nil {
		return testkit.OK
	}
	return errs.KindOf(err)
}

// compareScope compares the whole list that Scope cuts, in SQL and in Go.
func (n *nation) compareScope(t *testing.T, tx *db.Tx, by access.Actor, q question) {
	t.Helper()
	scope, err := by.Scope(tx, q.act)
	if err != nil {
		t.Fatal(err)
	}
	where, args := scope.Where("u.id", 1)
	got, err := db.All(tx, db.Column[orgtree.ID], `SELECT u.id FROM unit u WHERE `+where+` ORDER BY u.id`, args...)
	if err != nil {
		t.Fatal(err)
	}
	var want []orgtree.ID
	q.record = 0
	for _, q.unit = range n.units {
		if len(n.reasons(q)) > 0 {
			want = append(want, q.unit)
		}
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%+v: the scope has the units %v, want %v", q, got, want)
	}
}

// reasons are the roles by which the act is allowed, found the slow way.
func (n *nation) reasons(q question) (list []access.Grant) {
	for _, g := range n.grants[q.person] {
		if !heldOn(g, q.day) || g.Subject != 0 && g.Subject != q.record {
			continue
		}
		switch n.reach[g.Role][q.act] {
		case access.Here:
			if g.Unit == q.unit {
				list = append(list, g)
			}
		case access.Below:
			for at := q.unit; at != 0; at = n.parent[at] {
				if at == g.Unit {
					list = append(list, g)
				}
			}
		}
	}
	return list
}

func heldOn(g access.Grant, day clock.Date) bool {
	return !day.Before(g.From) && (g.To.IsZero() || day.Before(g.To))
}

// seenBy is by which act one knows of what the act is done to, written down once
// more: what is not here knows itself alone.
func seenBy(act access.Action) access.Action {
	switch act {
	case access.UnitManage, access.PostManage, access.OverviewRead, access.ConsolidationPlan, access.JournalRead, access.JournalErase:
		return access.UnitRead
	case access.MemberFile, access.MemberManage, access.MemberExport, access.MemberMerge, access.Invite:
		return access.MemberRead
	case access.MeetingPrepare, access.MeetingRun, access.MeetingAttend, access.MeetingConclude, access.MeetingCriticism,
		access.MeetingAcknowledge, access.ScoreConfirm:
		return access.MeetingRead
	case access.ResolutionWrite:
		return access.ResolutionRead
	case access.ReorganisationDecide:
		return access.ReorganisationRead
	case access.TaskAssign, access.TaskAccept:
		return access.TaskRead
	}
	return act
}
