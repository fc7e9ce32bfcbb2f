package intake

import (
	"encoding/json"
	"fmt"
	"slices"

	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// Dependent says what keeps an import from being taken back: how many of what
// refer to its records.
type Dependent struct {
	What  string // the message intake.depends.What names it
	Count int
}

// Dependents are what refers to what the import made, or has changed it since.
// While there is anything the import cannot be taken back. Whoever may see the
// import may.
func Dependents(tx *db.Tx, by access.Actor, imp ID) ([]Dependent, error) {
	if _, err := Find(tx, by, imp); err != nil {
		return nil, err
	}
	list, err := effects(tx, imp)
	if err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for _, e := range list {
		if err := e.count(tx, counts); err != nil {
			return nil, err
		}
	}
	var found []Dependent
	for _, what := range dependentWords {
		if counts[what] > 0 {
			found = append(found, Dependent{what, counts[what]})
		}
	}
	return found, nil
}

// Undo takes a whole import back, as if it had never been, and gives back what
// people were whom it updated. Whoever may import at the unit may, for a month,
// while nothing depends on it; otherwise, and for a stale version, it is
// errs.Conflict.
func Undo(tx *db.Tx, by access.Actor, imp ID, version int64) error {
	i, err := loadVersion(tx, by, imp, version, Applied)
	if err != nil {
		return err
	}
	dependents, err := Dependents(tx, by, imp)
	if err != nil {
		return err
	}
	if len(dependents) > 0 {
		return errs.New(errs.Conflict, "intake.error.depended_on")
	}
	list, err := effects(tx, imp)
	if err != nil {
		return err
	}
	at := i.Unit
	for _, e := range slices.Backward(list) {
		if at == 0 && e.noun == Units {
			at = orgtree.ID(e.made[0])
		}
		if err := e.takeBack(tx, by); err != nil {
			return err
		}
		if err := removeEffect(tx, e); err != nil {
			return err
		}
	}
	if err := forgetRejected(tx, imp); err != nil {
		return err
	}
	i.State, i.Report = Undone, i.Report.emptied()
	if err := update(tx, i); err != nil {
		return err
	}
	return journal.Write(tx, by, journal.Change{Unit: at, Verb: "intake.Undo", Noun: noun, ID: int64(imp), Before: map[string]any{
		"kind": i.Kind, "name": i.Name, "hash": i.Hash, "written": i.Report.OK,
	}})
}

// Merge is somebody whom a row of the import updated.
type Merge struct {
	Row    int
	Person member.ID
}

// Merges are the people whom the import updated and who were not given back yet.
func Merges(tx *db.Tx, by access.Actor, imp ID) ([]Merge, error) {
	if _, err := Find(tx, by, imp); err != nil {
		return nil, err
	}
	list, err := effects(tx, imp)
	var merges []Merge
	for _, e := range list {
		if e.updated != 0 {
			merges = append(merges, Merge{e.row, member.ID(e.updated)})
		}
	}
	return merges, err
}

// TakeBackMerge gives a person back what they were before the row updated them.
// Whoever may import at the unit may; somebody who was changed since, and a row
// that updated nobody, are errs.Conflict.
func TakeBackMerge(tx *db.Tx, by access.Actor, imp ID, row int) error {
	i, err := Find(tx, by, imp)
	if err != nil {
		return err
	}
	list, err := effects(tx, i.ID)
	if err != nil {
		return err
	}
	for _, e := range list {
		if e.updated == 0 || e.row != row {
			continue
		}
		if err := e.takeBack(tx, by); err != nil {
			return err
		}
		return removeEffect(tx, e)
	}
	return errs.New(errs.Conflict, "errs.stale")
}

func (e effect) takeBack(tx *db.Tx, by access.Actor) error {
	switch {
	case e.updated != 0:
		return e.unmerge(tx, by)
	case e.noun == Members:
		return member.TakeBack(tx, by, idsOf[member.ID](e.made))
	}
	for _, record := range slices.Backward(e.made) {
		var err error
		switch e.noun {
		case Units:
			err = unit.TakeBack(tx, by, orgtree.ID(record))
		case Posts:
			err = unit.TakeBackPost(tx, by, unit.PostID(record))
		case groupKind:
			err = unit.TakeBackGroup(tx, by, unit.GroupID(record))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func idsOf[T ~int64](records []int64) []T {
	ids := make([]T, len(records))
	for i, record := range records {
		ids[i] = T(record)
	}
	return ids
}

func (e effect) unmerge(tx *db.Tx, by access.Actor) error {
	var before merged
	if err := json.Unmarshal([]byte(e.before), &before); err != nil {
		return fmt.Errorf("what a person was: %w", err)
	}
	return member.Edit(tx, by, member.ID(e.updated), e.version, member.Change{Core: before.Core, CV: before.CV})
}
