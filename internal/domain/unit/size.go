package unit

import (
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// Strength counts the members of a unit and of all below it; package member
// knows it.
type Strength struct{ Official, Probationary int }

// All are members of both kinds.
func (s Strength) All() int { return s.Official + s.Probationary }

// Vacancy is an expected post that nobody holds, and since when (S-17).
type Vacancy struct {
	Kind  string
	Since clock.Date
}

// Vacancies are the posts that the unit should fill and has not: always its
// head, and in a cell that is large enough to elect a committee a deputy and a
// committee member as well (rules 4.1). Who may read units there may.
func Vacancies(tx *db.Tx, by access.Actor, unit orgtree.ID, s Strength) ([]Vacancy, error) {
	u, err := access.Require(tx, by, access.UnitRead, unit)
	if err != nil || !u.Ended.IsZero() {
		return nil, err
	}
	words, _, err := Words(tx, u)
	if err != nil {
		return nil, err
	}
	today := clock.DateOf(tx.Now)
	least, err := rulepack.Of(tx).Int("cell.committee.minOfficial", rulepack.Members, Province(u), today)
	if err != nil {
		return nil, err
	}
	held, err := postsOn(tx, unit, today)
	if err != nil {
		return nil, err
	}
	filled := map[string]bool{}
	for _, p := range held {
		filled[p.Kind] = true
	}
	var list []Vacancy
	for _, kind := range words.Posts {
		if filled[kind.ID] || !expected(kind, u, s.Official >= least) {
			continue
		}
		since, err := vacantSince(tx, u, kind.ID, today)
		if err != nil {
			return nil, err
		}
		list = append(list, Vacancy{kind.ID, since})
	}
	return list, nil
}

// expected reports whether the unit should fill a post of the kind. Which
// posts a party has beside its head is decided before each congress.
func expected(kind rulepack.Post, u orgtree.Unit, electsCommittee bool) bool {
	if u.IsCell() {
		return kind.At == "cell" && kind.Committee && (kind.Head || electsCommittee)
	}
	return kind.At == "party" && kind.Head
}

func vacantSince(tx *db.Tx, u orgtree.Unit, kind string, today clock.Date) (clock.Date, error) {
	last, err := lastHeld(tx, u.ID, kind, today)
	return later(u.Founded, last), err
}

// Warnings are what the committee above should look at in the unit (rules
// 3.1). The caller has checked the right.
func Warnings(tx *db.Tx, u orgtree.Unit, s Strength) ([]errs.Message, error) {
	words, _, err := Words(tx, u)
	if err != nil {
		return nil, err
	}
	kind, _ := words.OrgKind(u.Kind)
	list := sizeWarnings(kind, s)
	if !u.IsCell() {
		return list, nil
	}
	large, err := rulepack.Of(tx).Int("org.partyGroups.min", rulepack.Members, Province(u), clock.DateOf(tx.Now))
	if err != nil || s.All() < large {
		return list, err
	}
	groups, err := GroupsAt(tx, u.ID)
	if err == nil && len(groups) == 0 {
		list = append(list, errs.Message{Key: "unit.warning.no_groups", Args: []any{s.All(), large}})
	}
	if s.All() > large {
		list = append(list, errs.Message{Key: "unit.warning.large_cell", Args: []any{s.All(), large}})
	}
	return list, err
}

// sizeWarnings compare the members with the bounds of the kind.
func sizeWarnings(kind rulepack.OrgKind, s Strength) []errs.Message {
	var list []errs.Message
	if s.Official < kind.MinOfficial {
		list = append(list, errs.Message{Key: "unit.warning.few_official", Args: []any{s.Official, kind.MinOfficial}})
	}
	if s.All() < kind.MinMembers {
		list = append(list, errs.Message{Key: "unit.warning.few_members", Args: []any{s.All(), kind.MinMembers}})
	}
	if kind.MaxMembers > 0 && s.All() > kind.MaxMembers {
		list = append(list, errs.Message{Key: "unit.warning.many_members", Args: []any{s.All(), kind.MaxMembers}})
	}
	return list
}
