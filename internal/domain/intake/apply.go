package intake

import (
	"encoding/json"
	"fmt"
	"iter"
	"slices"

	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/text"
)

// Apply writes what the plan says is right, all of it or nothing, and notes what
// it wrote so that it can be taken back. Whoever sent the sheet may, with the
// rights that the verbs ask for which it writes through. An import that is not
// to be applied is errs.Conflict; a register that changed since the plan was made
// may be errs.Conflict or errs.Invalid.
func Apply(tx *db.Tx, by access.Actor, imp ID, p Plan) error {
	i, err := Find(tx, by, imp)
	if err != nil {
		return err
	}
	if i.State != Applying {
		return errs.New(errs.Conflict, "errs.stale")
	}
	w := writing{tx: tx, by: by, imp: imp, plan: &p}
	if err := w.write(); err != nil {
		return err
	}
	i.State, i.Report, i.Applied, i.Expires = Applied, p.Report, tx.Now, tx.Now.Add(undoFor)
	if err := update(tx, i); err != nil {
		return err
	}
	return journal.Write(tx, by, journal.Change{
		Unit: w.journalAt(i.Unit), Verb: "intake.Apply", Noun: noun, ID: int64(imp), After: map[string]any{
			"kind": i.Kind, "name": i.Name, "hash": i.Hash, "rows": p.Report.Rows, "written": p.Report.OK, "rejected": p.Report.Rejected,
		},
	})
}

// writing is an import under way.
type writing struct {
	tx    *db.Tx
	by    access.Actor
	imp   ID
	plan  *Plan
	first orgtree.ID // founded by this import
}

// journalAt is the unit in whose journal the import stands: of a new tree its
// root.
func (w *writing) journalAt(home orgtree.ID) orgtree.ID {
	if home != 0 {
		return home
	}
	return w.first
}

func (w *writing) write() error {
	switch w.plan.job.Kind {
	case Members:
		return w.people()
	case Units:
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

func (w *writing) people() error {
	founded, err := w.groups()
	if err != nil {
		return err
	}
	same := map[int]row{}
	if err := member.RegisterAll(w.tx, w.by, w.newcomers(founded, same), func(ids []member.ID) error {
		made := make([]int64, len(ids))
		for i, person := range ids {
			made[i] = int64(person)
		}
		return w.made(Members, made)
	}); err != nil {
		return err
	}
	for _, number := range sortedRows(same) {
		r := same[number]
		if err := w.merge(r, w.plan.same[number].Person, w.plan.job.decision(number).Fields); err != nil {
			return err
		}
	}
	return nil
}

func sortedRows(rows map[int]row) (numbers []int) {
	for number := range rows {
		numbers = append(numbers, number)
	}
	slices.Sort(numbers)
	return numbers
}

// groups founds the party groups that the sheet names and no cell has yet.
func (w *writing) groups() (map[groupKey]unit.GroupID, error) {
	founded := map[groupKey]unit.GroupID{}
	var ids []int64
	for _, g := range w.plan.Report.NewGroups {
		made, err := unit.FoundGroup(w.tx, w.by, g.Unit, unit.NewGroup{Name: g.Name, Founded: clock.DateOf(w.tx.Now)})
		if err != nil {
			return nil, err
		}
		founded[groupKey{g.Unit, text.Fold(g.Name)}] = made.ID
		ids = append(ids, int64(made.ID))
	}
	return founded, w.made(groupKind, ids)
}

// newcomers reads the sheet once more, without the rows that are out; rows that
// update somebody are put into same. It runs on another goroutine than the
// transaction, which it does not use.
func (w *writing) newcomers(founded map[groupKey]unit.GroupID, same map[int]row) iter.Seq2[[]member.New, error] {
	return func(yield func([]member.New, error) bool) {
		p := w.plan
		r := newReading(Members, p.job.Settings, p.job.Heading)
		for lines, err := range p.book.lines(p.job.Settings) {
			if err != nil {
				yield(nil, err)
				return
			}
			var list []member.New
			for _, l := range lines {
				row, ok := r.row(l)
				if !ok {
					continue
				}
				if _, out := p.out[row.number]; out {
					continue
				}
				if _, updates := p.same[row.number]; updates {
					same[row.number] = *row
					continue
				}
				n, err := p.people.again(row, founded)
				if err != nil {
					yield(nil, err)
					return
				}
				list = append(list, n)
			}
			if len(list) > 0 && !yield(list, nil) {
				return
			}
			if p.job.Progress != nil && len(lines) > 0 {
				p.job.Progress(lines[len(lines)-1].number)
			}
		}
	}
}

// merged is what somebody was before a row updated them.
type merged struct {
	Core member.Core `json:"core"`
	CV   member.CV   `json:"cv"`
}

// merge updates a person by a row: the fields that were chosen, or those of
// which the register knows nothing.
func (w *writing) merge(r row, person member.ID, chosen []string) error {
	file, err := member.Open(w.tx, w.by, person, "import")
	if err != nil {
		return err
	}
	before := merged{file.Core, file.CV}
	after, changed := before.with(w.plan.people.reader.read(&r), filled(r.texts), chosen)
	if !changed {
		return nil
	}
	if err := member.Edit(w.tx, w.by, person, file.Version, member.Change{Core: after.Core, CV: after.CV}); err != nil {
		return err
	}
	content, err := json.Marshal(before)
	if err != nil {
		return fmt.Errorf("what a person was: %w", err)
	}
	return insertEffect(w.tx, w.imp, effect{
		noun: Members, updated: int64(person), row: r.number, version: file.Version + 1, before: string(content),
	})
}

// with is m with fields of the row.
func (m merged) with(n person, filled, chosen []string) (merged, bool) {
	after := m
	into, from := after.fields(), (&merged{n.Core, n.CV}).fields()
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

// SendAndApply keeps a spreadsheet and writes what its plan says is right, in
// one transaction, for the command line, which has checked it and does not wait.
// The rights and failures are those of Send and Apply.
func SendAndApply(tx *db.Tx, by access.Actor, n New, p Plan) (Import, error) {
	i, err := Send(tx, by, n)
	if err != nil {
		return Import{}, err
	}
	i.State, i.Settings = Applying, p.job.Settings
	if err := update(tx, i); err != nil {
		return Import{}, err
	}
	return i, Apply(tx, by, i.ID, p)
}
