package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// Apply reads the sheet of an import that is to be applied, once, and writes all
// rows that are right or nothing, noting what it wrote so that it can be taken
// back. The plan says what became of the rows, also where there was none to
// write, which is errs.Invalid. Whoever sent the sheet may, with the rights that
// the verbs ask for which it writes through. An import that is not to be applied
// is errs.Conflict; a register that changes meanwhile may be errs.Conflict or
// errs.Invalid.
func Apply(ctx context.Context, d *db.DB, by access.Actor, imp ID, book Book, j Job) (Plan, error) {
	w := writing{ctx: ctx, db: d, by: by, book: book, job: j}
	err := d.Update(ctx, func(tx *db.Tx) error {
		i, err := Find(tx, by, imp)
		if err != nil {
			return err
		}
		return w.apply(tx, i)
	})
	return w.plan, err
}

// SendAndApply keeps a spreadsheet and applies it in one transaction, for the
// command line, which does not wait. The rights and failures are those of Send
// and Apply.
func SendAndApply(ctx context.Context, d *db.DB, by access.Actor, n New, book Book, j Job) (i Import, p Plan, err error) {
	w := writing{ctx: ctx, db: d, by: by, book: book, job: j}
	err = d.Update(ctx, func(tx *db.Tx) error {
		if i, err = Send(tx, by, n); err != nil {
			return err
		}
		i.State, i.Settings = Applying, j.Settings
		if err := update(tx, i); err != nil {
			return err
		}
		i.Version++
		return w.apply(tx, i)
	})
	return i, w.plan, err
}

// writing is an import under way.
type writing struct {
	ctx  context.Context
	db   *db.DB
	by   access.Actor
	book Book
	job  Job

	tx    *db.Tx
	imp   ID
	plan  Plan
	first orgtree.ID // founded by this import
}

// apply may run again from the start: the database may ask for it.
func (w *writing) apply(tx *db.Tx, i Import) error {
	if i.State != Applying {
		return errs.New(errs.Conflict, "errs.stale")
	}
	w.tx, w.imp, w.plan, w.first = tx, i.ID, Plan{}, 0
	if err := w.write(); err != nil {
		return err
	}
	rep := w.plan.Report
	if rep.OK == 0 {
		return errs.New(errs.Invalid, "intake.error.nothing_right")
	}
	if err := saveRejected(tx, i.ID, w.plan.Reasons()); err != nil {
		return err
	}
	i.State, i.Report, i.Applied, i.Expires = Applied, rep, tx.Now, tx.Now.Add(undoFor)
	if err := update(tx, i); err != nil {
		return err
	}
	return journal.Write(tx, w.by, journal.Change{
		Unit: w.journalAt(i.Unit), Verb: "intake.Apply", Noun: noun, ID: int64(i.ID), After: map[string]any{
			"kind": i.Kind, "name": i.Name, "hash": i.Hash, "rows": rep.Rows, "written": rep.OK, "rejected": rep.Rejected,
		},
	})
}

// journalAt is the unit in whose journal the import stands: of a new tree its
// root.
func (w *writing) journalAt(home orgtree.ID) orgtree.ID {
	if home != 0 {
		return home
	}
	return w.first
}

func (w *writing) write() (err error) {
	if w.job.Kind == Members {
		return w.people()
	}
	if w.plan, err = Check(w.tx, w.by, w.book, w.job); err != nil {
		return err
	}
	if w.job.Kind == Units {
		return w.tree()
	}
	return w.posts()
}

func (w *writing) made(kind Kind, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	return insertEffect(w.tx, w.imp, effect{noun: kind, made: ids})
}

// groupKind marks party groups among the effects.
const groupKind Kind = "groups"

// people writes the newcomers while the rows after them are read and checked,
// then updates those who are known.
func (w *writing) people() error {
	if err := member.RegisterAll(w.tx, w.by, w.newcomers, func(groups []unit.Group, people []member.ID) error {
		if err := w.made(groupKind, idsIn(groups, func(g unit.Group) int64 { return int64(g.ID) })); err != nil {
			return err
		}
		return w.made(Members, idsIn(people, func(p member.ID) int64 { return int64(p) }))
	}); err != nil {
		return err
	}
	for _, u := range w.plan.people.updates {
		if err := w.merge(u); err != nil {
			return err
		}
	}
	return nil
}

func idsIn[T any](list []T, of func(T) int64) []int64 {
	ids := make([]int64, len(list))
	for i, each := range list {
		ids[i] = of(each)
	}
	return ids
}

// newcomers checks the sheet and hands on who is right. It runs beside the
// transaction that writes them and reads in one of its own, so that rows are
// compared with the register as it was before. When it is through, the plan
// stands.
func (w *writing) newcomers(yield func(member.Newcomers, error) bool) {
	begun := false
	err := w.db.View(w.ctx, func(tx *db.Tx) (err error) {
		if begun { // the server went away among the rows: what was handed on cannot be called back
			return errs.New(errs.Unavailable, "errs.unavailable")
		}
		begun = true
		w.plan, err = check(tx, w.by, w.book, w.job, func(n member.Newcomers) error {
			if !yield(n, nil) {
				return errStopped
			}
			return nil
		})
		return err
	})
	if err != nil && !errors.Is(err, errStopped) {
		yield(member.Newcomers{}, err)
	}
}

// errStopped ends a check of which nobody takes the rest.
var errStopped = errors.New("the writer has stopped")

// merged is what somebody was before a row updated them.
type merged struct {
	Core member.Core `json:"core"`
	CV   member.CV   `json:"cv"`
}

// merge updates a person by a row: the fields that were chosen, or those of
// which the register knows nothing.
func (w *writing) merge(u rowUpdate) error {
	file, err := member.Open(w.tx, w.by, u.person, "import")
	if err != nil {
		return err
	}
	before := merged{file.Core, file.CV}
	after, changed := before.with(merged{u.Core, u.CV}, u.filled, w.job.decision(u.row).Fields)
	if !changed {
		return nil
	}
	if err := member.Edit(w.tx, w.by, u.person, file.Version, member.Change{Core: after.Core, CV: after.CV}); err != nil {
		return err
	}
	content, err := json.Marshal(before)
	if err != nil {
		return fmt.Errorf("what a person was: %w", err)
	}
	return insertEffect(w.tx, w.imp, effect{
		noun: Members, updated: int64(u.person), row: u.row, version: file.Version + 1, before: string(content),
	})
}

// with is m with fields of the row.
func (m merged) with(n merged, filled, chosen []string) (merged, bool) {
	after := m
	into, from := after.fields(), n.fields()
	changed := false
	for _, name := range filled {
		to, ok := into[name]
		if !ok || len(chosen) > 0 && !slices.Contains(chosen, name) || len(chosen) == 0 && !to.empty() {
			continue
		}
		changed = to.set(from[name]) || changed
	}
	return after, changed
}

// value is a field of a person, of one of the types.
type value struct {
	text   *string
	day    *clock.Date
	number *int
}

func (v value) empty() bool {
	switch {
	case v.text != nil:
		return *v.text == ""
	case v.day != nil:
		return v.day.IsZero()
	}
	return *v.number == 0
}

func (v value) set(from value) (changed bool) {
	switch {
	case v.text != nil:
		changed = *v.text != *from.text
		*v.text = *from.text
	case v.day != nil:
		changed = *v.day != *from.day
		*v.day = *from.day
	default:
		changed = *v.number != *from.number
		*v.number = *from.number
	}
	return changed
}

// String is the field as people read it.
func (v value) String() string {
	switch {
	case v.text != nil:
		return *v.text
	case v.day != nil:
		return v.day.Vietnamese()
	case *v.number == 0:
		return ""
	}
	return fmt.Sprint(*v.number)
}

// fields are those that a row may update, by name.
func (m *merged) fields() map[string]value {
	list := map[string]value{
		"card": {text: &m.Core.Card}, "cv_number": {text: &m.Core.CVNumber}, "admitted": {day: &m.Core.Admitted},
		"ceremony": {day: &m.Core.Ceremony}, "recognised": {day: &m.Core.Recognised}, "inactive": {number: &m.Core.Inactive},
		"union_joined": {day: &m.CV.UnionJoined},
	}
	for name, text := range m.CV.Lines() {
		list[name] = value{text: text}
	}
	return list
}

func (w *writing) tree() error {
	founded, err := unit.FoundAll(w.tx, w.by, w.plan.tree.sorted)
	if err != nil {
		return err
	}
	ids := make([]int64, len(founded))
	for i, u := range founded {
		ids[i] = int64(u.ID)
	}
	if len(founded) > 0 {
		w.first = founded[0].ID
	}
	return w.made(Units, ids)
}

func (w *writing) posts() error {
	var ids []int64
	for _, p := range w.plan.posts.list {
		made, err := unit.Appoint(w.tx, w.by, p.unit, p.Appointment)
		if err != nil {
			return err
		}
		ids = append(ids, int64(made.ID))
	}
	return w.made(Posts, ids)
}
