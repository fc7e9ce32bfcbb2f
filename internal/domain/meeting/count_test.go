package meeting

import (
	"testing"

	"pgregory.net/rapid"

	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/errs"
)

// people makes n entries alike; who they are does not matter here.
func people(n int, e Entry) []Entry {
	list := make([]Entry, n)
	for i := range list {
		list[i] = e
	}
	return list
}

func roster(groups ...[]Entry) []Entry {
	var list []Entry
	for _, g := range groups {
		list = append(list, g...)
	}
	for i := range list {
		list[i].Person = access.PersonID(i + 1)
	}
	return list
}

func official(mark Attendance, overlays ...string) Entry {
	e := Entry{Status: member.Official, Mark: mark, Overlays: overlays, Expected: len(overlays) == 0, Votes: true}
	if mark == Present {
		e.Mode = InPerson
	}
	return e
}

func probationary(mark Attendance) Entry {
	return Entry{Status: member.Probationary, Mark: mark, Expected: true}
}

func ordinary(t *testing.T) (rulepack.VoteBase, rulepack.Threshold) {
	t.Helper()
	votes := shipped[rulepack.Votes](t, "votes")
	matter, ok := votes.Matter(ordinaryMatter, bodyCell)
	if !ok {
		t.Fatal("no rule for an ordinary resolution")
	}
	base, _ := votes.Base(matter.Base)
	return base, matter.Threshold
}

func TestCount(t *testing.T) {
	base, threshold := ordinary(t)
	cases := []struct {
		name string
		roll []Entry
		// entitled, present, permille, base, voters
		want    [5]int
		quorate bool
	}{
		{"27 of 30 are 90.0 %", roster(people(27, official(Present)), people(3, official(Excused))), [5]int{30, 27, 900, 30, 27}, true},
		{"rounded down, never up", roster(people(26, official(Present)), people(3, official(Absent))), [5]int{29, 26, 896, 29, 26}, true},
		{
			"the exempt who stay away are in neither figure",
			roster(people(9, official(Present)), people(1, official(Excused)), people(2, official(Unmarked, "exempt"))),
			[5]int{10, 9, 900, 10, 9},
			true,
		},
		{
			"the exempt who come count in both",
			roster(people(9, official(Present)), people(1, official(Excused)), people(2, official(Present, "exempt"))),
			[5]int{12, 11, 916, 12, 11},
			true,
		},
		{
			"away and back for the evening", roster(people(4, official(Present)), people(1, official(Present, "temp_away")), people(1, official(Unmarked, "temp_away"))),
			[5]int{5, 5, 1000, 5, 5},
			true,
		},
		{
			"guests of another cell and probationary members never vote",
			roster(people(4, official(Present)), people(2, probationary(Present)), people(1, official(Present, "temp_here"))),
			[5]int{7, 7, 1000, 4, 4},
			true,
		},
		{"suspended and prosecuted leave the base", roster(people(4, official(Present)), people(1, official(Present, "suspended")), people(1, official(Unmarked, "prosecuted"))), [5]int{5, 5, 1000, 4, 4}, true},
		{"absent without reason stays in the base", roster(people(5, official(Present)), people(5, official(Absent))), [5]int{10, 5, 500, 10, 5}, false},
		{"one more can decide", roster(people(6, official(Present)), people(5, official(Absent))), [5]int{11, 6, 545, 11, 6}, true},
		{"nobody", nil, [5]int{}, false},
	}
	for _, c := range cases {
		f := Count(Meeting{Kind: Regular}, c.roll, 0, base, threshold)
		if got := [5]int{f.Entitled, f.Present, f.Permille(), f.Base.Base, f.Voters}; got != c.want || f.Quorate != c.quorate {
			t.Errorf("%s: %v, quorate %t; want %v, %t", c.name, got, f.Quorate, c.want, c.quorate)
		}
	}
}

func TestCountOfACommittee(t *testing.T) {
	votes := shipped[rulepack.Votes](t, "votes")
	matter, _ := votes.Matter(ordinaryMatter, bodyCommittee)
	base, _ := votes.Base(matter.Base)
	sitting := roster(people(3, official(Present)), people(1, official(Excused)), people(1, official(Unmarked, "temp_away")), people(1, official(Absent, "suspended")))
	f := Count(Meeting{Kind: Committee}, sitting, 0, base, matter.Threshold)
	if f.Base.Listed != 6 || f.Base.Base != 4 || f.Voters != 3 || len(f.Base.Deductions) != 2 {
		t.Errorf("%+v, voters %d", f.Base, f.Voters)
	}
}

func TestTallyCheck(t *testing.T) {
	cases := []struct {
		name   string
		form   Form
		voters int
		tally  Tally
		field  string // "" is right
	}{
		{"all voted", Hand, 20, Tally{Yes: 15, No: 3, Other: 2}, ""},
		{"some did not raise a hand", Card, 20, Tally{Yes: 15}, ""},
		{"nobody at all", Hand, 0, Tally{}, ""},
		{"more than there are", Hand, 20, Tally{Yes: 15, No: 6}, "yes"},
		{"less than nothing", Hand, 20, Tally{Yes: 15, No: -1}, "no"},
		{"a hand is never invalid", Hand, 20, Tally{Yes: 15, Invalid: 1}, "invalid"},
		{"a hand is never issued", Card, 20, Tally{Yes: 15, Issued: 15}, "issued"},
		{"ballots add up", SecretBallot, 20, Tally{Issued: 20, Collected: 19, Yes: 14, No: 3, Other: 1, Invalid: 1}, ""},
		{"ballots do not add up", SecretBallot, 20, Tally{Issued: 20, Collected: 20, Yes: 14, No: 3, Other: 1, Invalid: 1}, "yes"},
		{"more came back than went out", SecretBallot, 20, Tally{Issued: 18, Collected: 19, Yes: 19}, "collected"},
		{"more went out than may vote", SecretBallot, 20, Tally{Issued: 21, Collected: 20, Yes: 20}, "issued"},
	}
	for _, c := range cases {
		err := c.tally.check(c.form, c.voters)
		if c.field == "" {
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		if e, ok := errs.As(err); !ok || e.Fields[c.field].Key == "" {
			t.Errorf("%s: %v, want %s to be wrong", c.name, err, c.field)
		}
	}
}

// TestThresholds holds the exact boundaries of rules 2.3, in whole numbers.
func TestThresholds(t *testing.T) {
	votes := shipped[rulepack.Votes](t, "votes")
	for _, c := range []struct {
		matter    string
		yes, base int
		passed    bool
	}{
		{"resolution", 10, 20, false},
		{"resolution", 11, 20, true},
		{"resolution", 10, 19, true},
		{"resolution", 1, 1, true},
		{"resolution", 0, 0, false},
		{"admission", 18, 27, true},
		{"admission", 17, 27, false},
		{"admission", 19, 28, true},
		{"admission", 18, 28, false},
		{"admission", 2, 3, true},
		{"admission", 0, 0, false},
	} {
		m, ok := votes.Matter(c.matter, bodyCell)
		if !ok {
			t.Fatalf("no matter %s", c.matter)
		}
		if m.Threshold.Passed(c.yes, c.base) != c.passed {
			t.Errorf("%s: %d of %d passed %t", c.matter, c.yes, c.base, !c.passed)
		}
	}
}

// anyRoll draws a roll of people of every kind, marked in every way.
func anyRoll(t *rapid.T) []Entry {
	overlays := []string{"exempt", "temp_away", "temp_here", "suspended", "prosecuted", "reduced", "abroad_temp"}
	n := rapid.IntRange(0, 40).Draw(t, "people")
	list := make([]Entry, n)
	for i := range list {
		list[i] = Entry{
			Person:   access.PersonID(i + 1),
			Status:   rapid.SampledFrom([]member.Status{member.Official, member.Official, member.Official, member.Probationary}).Draw(t, "status"),
			Mark:     rapid.SampledFrom([]Attendance{Unmarked, Present, Present, Excused, Absent}).Draw(t, "mark"),
			Overlays: rapid.SliceOfNDistinct(rapid.SampledFrom(overlays), 0, 2, rapid.ID).Draw(t, "overlays"),
		}
		list[i].Expected = len(list[i].Overlays) == 0
	}
	return list
}

// TestBaseHoldsEveryVoter: whoever can vote is in the base, so that no count
// that is possible exceeds it; and nobody else is.
func TestBaseHoldsEveryVoter(t *testing.T) {
	base, threshold := ordinary(t)
	rapid.Check(t, func(t *rapid.T) {
		list := anyRoll(t)
		f := Count(Meeting{Kind: Regular}, list, 0, base, threshold)
		taken := 0
		for _, d := range f.Base.Deductions {
			taken += d.Count
		}
		switch {
		case f.Voters > f.Base.Base:
			t.Fatalf("%d voters of a base of %d", f.Voters, f.Base.Base)
		case f.Base.Base+taken != f.Base.Listed:
			t.Fatalf("the items do not add up: %+v", f.Base)
		case f.Present > f.Entitled || f.Present+f.Excused+f.Absent+f.Unmarked != f.Entitled:
			t.Fatalf("the marks do not add up: %+v", f)
		case f.Permille() > 1000:
			t.Fatalf("%d thousandths", f.Permille())
		}
	})
}

// TestComingNeverHurts: one more official member in the room lowers neither
// the voters nor the rate of those who came before.
func TestComingNeverHurts(t *testing.T) {
	base, threshold := ordinary(t)
	rapid.Check(t, func(t *rapid.T) {
		list := anyRoll(t)
		if len(list) == 0 {
			return
		}
		was := Count(Meeting{Kind: Regular}, list, 0, base, threshold)
		i := rapid.IntRange(0, len(list)-1).Draw(t, "who")
		list[i].Mark = Present
		now := Count(Meeting{Kind: Regular}, list, 0, base, threshold)
		if now.Voters < was.Voters || now.Present < was.Present || now.Permille() < was.Permille() {
			t.Fatalf("%+v became %+v", was, now)
		}
	})
}

// TestPassingIsMonotone: more votes in favour never lose, a larger base never
// helps, and what needs two thirds needs more than half.
func TestPassingIsMonotone(t *testing.T) {
	votes := shipped[rulepack.Votes](t, "votes")
	half, _ := votes.Matter(ordinaryMatter, bodyCell)
	thirds, _ := votes.Matter("admission", bodyCell)
	rapid.Check(t, func(t *rapid.T) {
		base := rapid.IntRange(0, 400).Draw(t, "base")
		yes := rapid.IntRange(0, base).Draw(t, "yes")
		for _, th := range []rulepack.Threshold{half.Threshold, thirds.Threshold} {
			if th.Passed(yes, base) && yes < base && !th.Passed(yes+1, base) {
				t.Fatalf("%d of %d pass and %d do not", yes, base, yes+1)
			}
			if !th.Passed(yes, base) && th.Passed(yes, base+1) && base > 0 {
				t.Fatalf("%d fail of %d and pass of %d", yes, base, base+1)
			}
			if base > 0 && th.Passed(yes, base) != (yes >= th.Needs(base)) {
				t.Fatalf("%d of %d: needs %d", yes, base, th.Needs(base))
			}
		}
		if thirds.Threshold.Passed(yes, base) && !half.Threshold.Passed(yes, base) {
			t.Fatalf("%d of %d are two thirds and not more than half", yes, base)
		}
	})
}

func TestLongestExcused(t *testing.T) {
	r := func(marks ...Attendance) []Entry {
		list := make([]Entry, len(marks))
		for i, m := range marks {
			list[i] = official(m)
			list[i].Person = access.PersonID(i + 1)
		}
		return list
	}
	// The second misses three in a row, the first four with a break.
	got := LongestExcused([][]Entry{r(Excused, Excused), r(Excused, Excused), r(Present, Excused), r(Excused, Present), r(Excused, Absent)})
	if got.Person != 2 || got.Times != 3 {
		t.Errorf("%+v", got)
	}
	exempt := official(Excused, "exempt")
	exempt.Person = 1
	if got := LongestExcused([][]Entry{{exempt}, {exempt}}); got.Times != 0 {
		t.Errorf("who is not asked for cannot be missed: %+v", got)
	}
}
