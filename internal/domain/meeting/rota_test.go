package meeting

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
)

func candidate(person, group int, last string) Candidate {
	c := Candidate{Person: access.PersonID(person), NameKey: fmt.Sprintf("%03d", person), Group: unit.GroupID(group)}
	if last != "" {
		c.Last = clock.MustDate(last)
	}
	return c
}

func TestTurns(t *testing.T) {
	list := []Candidate{
		candidate(1, 1, "2026-10-03"), candidate(2, 1, ""), candidate(3, 2, "2026-09-03"), candidate(4, 2, ""), candidate(5, 1, "2026-03-03"),
	}
	// 4 before 2: group 1 had the last turn, in October.
	for i, want := range []access.PersonID{4, 2, 5, 3, 1} {
		if got := Turns(list)[i].Person; got != want {
			t.Errorf("place %d: %d, want %d", i+1, got, want)
		}
	}
}

// TestTurnsAreFair: over any number of months nobody has a turn twice before
// everyone had one, and the row does not depend on the order of the list.
func TestTurnsAreFair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "people")
		list := make([]Candidate, n)
		for i := range list {
			list[i] = candidate(i+1, rapid.IntRange(0, 3).Draw(t, "group"), "")
		}
		turns := map[access.PersonID]int{}
		month := clock.NewDate(2024, 1, 3)
		for range rapid.IntRange(1, 80).Draw(t, "months") {
			list = rapid.Permutation(list).Draw(t, "order")
			next := Turns(list)[0].Person
			month = month.AddMonths(1)
			for i := range list {
				if list[i].Person == next {
					list[i].Last = month
				}
			}
			turns[next]++
			for _, c := range list {
				if turns[next] > turns[c.Person]+1 {
					t.Fatalf("%d had %d turns when %d had %d", next, turns[next], c.Person, turns[c.Person])
				}
			}
		}
	})
}

func TestYounger(t *testing.T) {
	born := func(id, year int) member.Rostered {
		r := member.Rostered{ID: access.PersonID(id)}
		if year != 0 {
			r.Birth = clock.NewDate(year, 1, 1)
		}
		return r
	}
	young := Younger([]member.Rostered{born(1, 1950), born(2, 2000), born(3, 0), born(4, 1990), born(5, 1970)})
	var ids []access.PersonID
	for _, r := range young {
		ids = append(ids, r.ID)
	}
	if fmt.Sprint(ids) != fmt.Sprint([]access.PersonID{2, 4, 5}) {
		t.Errorf("young are %v", ids)
	}
	if len(Younger(nil)) != 0 {
		t.Error("nobody is young where nobody is")
	}
}

func TestCompareAgendas(t *testing.T) {
	said := func(notes ...string) []Item {
		list := []Item{{Slot: "opening", Title: "Tuyên bố lý do"}}
		for _, n := range notes {
			list = append(list, Item{Slot: "report", Title: "Báo cáo", Note: n})
		}
		return list
	}
	for _, c := range []struct {
		name          string
		agenda, month []Item
		own, same     int
		identical     bool
	}{
		{"new matters", said("Làm đường thôn"), said("Thu gom rác"), 1, 0, false},
		{"the same in other letters", said("THU GOM RÁC."), said("Thu gom rác"), 1, 1, true},
		{"half of it", said("Thu gom rác", "Làm đường"), said("Thu gom rác"), 2, 1, false},
		{"nothing of its own", said(), said("Thu gom rác"), 0, 0, true},
		{"an item by hand", append(said(), Item{Title: "Bảo hiểm y tế"}), said(), 1, 0, false},
	} {
		l := Compare(c.agenda, c.month)
		if l.Own != c.own || l.Same != c.same || l.Identical() != c.identical {
			t.Errorf("%s: %+v", c.name, l)
		}
	}
}
