package member

import (
	"slices"
	"strings"

	"chibo/internal/domain/unit"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// GroupID names a party group.
type GroupID = unit.GroupID

// Rostered is a person on the roll of a cell on a day.
type Rostered struct {
	ID            ID
	Name, NameKey string
	Status        Status
	Overlays      []string
	Group         GroupID
	Birth         clock.Date
	// Here: attached for a time from another organisation; never votes.
	Here bool
	// Away: attached elsewhere or abroad; counts when present (rules 2.3).
	Away bool
	// Exempt from work and activity; counts when present.
	Exempt bool
	// Suspended from activity, or prosecuted: out of every base.
	Suspended bool
	// Expected: an absence counts against the attendance.
	Expected bool
	// Votes when present.
	Votes bool
}

// Roster is everyone who belongs on the cell's roll of the day, sorted by
// given name: its members of that day and those attached to it for a time. The
// caller has checked the right.
func Roster(tx *db.Tx, cell orgtree.ID, day clock.Date) ([]Rostered, error) {
	u, err := orgtree.Find(tx, cell)
	if err != nil {
		return nil, err
	}
	words, _, err := rulepack.Rule[rulepack.States](rulepack.Of(tx), "states", unit.Province(u), day)
	if err != nil {
		return nil, err
	}
	list, err := rosterOn(tx, cell, day)
	if err != nil {
		return nil, err
	}
	overlays, err := rosterOverlays(tx, cell, day)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(r Rostered) bool { return !r.Status.Active() })
	if err := dropEndedGroups(tx, cell, list); err != nil {
		return nil, err
	}
	for i := range list {
		list[i].lay(overlays[list[i].ID], words)
	}
	slices.SortStableFunc(list, func(a, b Rostered) int { return strings.Compare(a.NameKey, b.NameKey) })
	return list, nil
}

// dropEndedGroups leaves people of a dissolved group in none. Groups are those
// of today: who belonged to which is not kept by day.
func dropEndedGroups(tx *db.Tx, cell orgtree.ID, list []Rostered) error {
	groups, err := unit.GroupsAt(tx, cell)
	for i := range list {
		if !slices.ContainsFunc(groups, func(g unit.Group) bool { return g.ID == list[i].Group }) {
			list[i].Group = 0
		}
	}
	return err
}

// lay tells what the overlays make of a person on the roll.
func (r *Rostered) lay(overlays []string, words rulepack.States) {
	r.Here = slices.Contains(overlays, Guest)
	if r.Here { // away from home, which is not where we are
		overlays = slices.DeleteFunc(overlays, func(o string) bool { return o == overlayAway })
	}
	r.Overlays = overlays
	r.Away = slices.ContainsFunc(overlays, isAway)
	r.Exempt = slices.Contains(overlays, overlayExempt)
	r.Suspended = slices.Contains(overlays, overlaySuspended) || slices.Contains(overlays, overlayProsecuted)
	_, _, r.Expected = words.Counted(string(r.Status), overlays, false)
	_, r.Votes, _ = words.Counted(string(r.Status), overlays, true)
}

// Guest is the overlay of who takes part in a cell that is not their own. It
// counts there, and is entered there.
const Guest = "temp_here"

// The other overlays that the roll tells apart (rules 2.6); the pack "states"
// lists all.
const (
	overlayAway       = "temp_away"
	overlayExempt     = "exempt"
	overlaySuspended  = "suspended"
	overlayProsecuted = "prosecuted"
)

func isAway(overlay string) bool {
	return overlay == overlayAway || overlay == "abroad_official" || overlay == "abroad_temp"
}

// Names are the names in use of people, by id. The caller has checked the
// right; a person that is unknown is left out.
func Names(tx *db.Tx, ids []ID) (map[ID]string, error) {
	names := make(map[ID]string, len(ids))
	for part := range slices.Chunk(ids, 500) {
		if err := addNames(tx, part, names); err != nil {
			return nil, err
		}
	}
	return names, nil
}
