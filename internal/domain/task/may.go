package task

import (
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// Choices are what the actor may do with a task as it stands, so that pages
// offer that and nothing else. The verbs decide again.
type Choices struct {
	Accept, Decline          bool
	Progress, Report, Attach bool
	HandOver, Explain        bool
	Assess, SendBack         bool
	Extend, Adjust, Withdraw bool
	CarryOver                bool
	// Behalf: what the actor writes is on behalf of whoever has the task, who
	// perhaps has no phone (S-162).
	Behalf bool
}

// May tells what the actor may do with the task now. Who reads the tasks of the
// unit may ask.
func May(tx *db.Tx, by access.Actor, task ID) (Choices, error) {
	t, at, err := load(tx, by, task, access.TaskRead)
	if err != nil {
		return Choices{}, err
	}
	var c Choices
	if err := c.work(tx, by, t, at); err != nil {
		return Choices{}, err
	}
	if err := c.judge(tx, by, t, at); err != nil {
		return Choices{}, err
	}
	return c, c.lead(tx, by, t, at)
}

// work is what whoever has the task, or was offered it, may do.
func (c *Choices) work(tx *db.Tx, by access.Actor, t Task, at orgtree.Unit) error {
	if t.State == HandedOver {
		_, err := answer(by, t, at)
		c.Accept, c.Decline = err == nil, err == nil
		c.Behalf = err == nil && by.Person != t.HandedTo
	}
	person, err := behalf(tx, by, t, at, t.Assignee.Person)
	if refused(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if t.State != HandedOver {
		c.Accept = t.May(verbAccept)
		c.Behalf = person != 0
	}
	c.Progress, c.Report, c.Attach = t.May(verbProgress), t.May(verbReport), t.Open()
	c.HandOver = t.May(verbHandOver)
	c.Explain = t.May(verbExplain) && t.Late(clock.DateOf(tx.Now))
	return nil
}

// judge is what those who judge results may do.
func (c *Choices) judge(tx *db.Tx, by access.Actor, t Task, at orgtree.Unit) error {
	if !by.CanOn(access.TaskAccept, at, int64(t.Meeting)) || !t.May(verbAssess) {
		return nil
	}
	err := refuseOwn(tx, by, t, at)
	if refused(err) {
		return nil
	}
	c.Assess, c.SendBack = err == nil, err == nil && t.May(verbSendBack)
	return err
}

// lead is what those who assign tasks may do.
func (c *Choices) lead(tx *db.Tx, by access.Actor, t Task, at orgtree.Unit) error {
	if !by.CanOn(access.TaskAssign, at, int64(t.Meeting)) {
		return nil
	}
	c.Extend, c.Adjust, c.Withdraw = t.May(verbExtend), t.May(verbAdjust), t.May(verbWithdraw)
	err := carriable(tx, t)
	if errs.Is(err, errs.Conflict) {
		return nil
	}
	c.CarryOver = err == nil && (!t.Open() || by.CanOn(access.TaskAccept, at, int64(t.Meeting)))
	return err
}

func refused(err error) bool { return errs.Is(err, errs.Denied) || errs.Is(err, errs.NotFound) }
