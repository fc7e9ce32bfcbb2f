package task

import (
	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// checkAssignee refuses a person or a group that does not belong to the unit.
func checkAssignee(tx *db.Tx, of orgtree.ID, a Assignee) error {
	switch {
	case a.Person != 0:
		return checkPerson(tx, of, a.Person, "assignee")
	case a.Group != 0:
		g, err := unit.FindGroup(tx, a.Group)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		if err != nil || g.Unit != of || !g.Ended.IsZero() {
			return errs.Field("assignee", "task.error.not_here")
		}
	}
	return nil
}

// checkPerson refuses a person who is neither on the unit's roll nor in a post
// there: a committee has no roll. An exempt member may take a task: the rules
// leave general duties to them (rules 12.1), and the cell knows which those are.
func checkPerson(tx *db.Tx, of orgtree.ID, person access.PersonID, field string) error {
	today := clock.DateOf(tx.Now)
	roster, err := member.Roster(tx, of, today)
	if err != nil {
		return err
	}
	for _, r := range roster {
		if r.ID == person {
			return nil
		}
	}
	for _, role := range posts {
		held, err := access.Holders(tx, of, role, today)
		if err != nil {
			return err
		}
		for _, g := range held {
			if g.Person == person {
				return nil
			}
		}
	}
	return errs.Field(field, "task.error.not_here")
}

// posts are the roles of those who work for a unit without being on its roll.
var posts = []access.Role{access.Secretary, access.Deputy, access.CommitteeMember, access.Office}

// holders are the people who have the task: the person, or the group's leader.
// A mass organisation has no account.
func holders(tx *db.Tx, t Task) ([]access.PersonID, error) {
	if t.Assignee.Group == 0 {
		return []access.PersonID{t.Assignee.Person}, nil
	}
	g, err := unit.FindGroup(tx, t.Assignee.Group)
	return []access.PersonID{g.Leader}, err
}

// leads reports whether the actor leads the group that has the task.
func leads(tx *db.Tx, by access.Actor, t Task) (bool, error) {
	if t.Assignee.Group == 0 || by.Person == 0 {
		return false, nil
	}
	g, err := unit.FindGroup(tx, t.Assignee.Group)
	return g.Leader == by.Person, err
}

// refuseOwn is Denied for who would judge a task of their own although somebody
// else in the unit could.
func refuseOwn(tx *db.Tx, by access.Actor, t Task, at orgtree.Unit) error {
	leading, err := leads(tx, by, t)
	if err != nil || !leading && !t.responsible(by.Person) {
		return err
	}
	other, err := anotherJudge(tx, by, t, at)
	if err == nil && other {
		err = errs.New(errs.Denied, "task.error.own_task")
	}
	return err
}

// anotherJudge reports whether somebody else with a role at the unit may judge
// the task. Ordinary members, who are many and may not, are not asked.
func anotherJudge(tx *db.Tx, by access.Actor, t Task, at orgtree.Unit) (bool, error) {
	for _, role := range access.Roles {
		if role == access.Member {
			continue
		}
		held, err := access.Holders(tx, at.ID, role, clock.DateOf(tx.Now))
		if err != nil {
			return false, err
		}
		for _, g := range held {
			if g.Person == by.Person {
				continue
			}
			other, err := access.Act(tx, g.Person)
			if err != nil || other.CanOn(access.TaskAccept, at, int64(t.Meeting)) {
				return err == nil, err
			}
		}
	}
	return false, nil
}
