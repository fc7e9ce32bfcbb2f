package demo

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"chibo/internal/demo/fiction"
	"chibo/internal/domain/meeting"
	"chibo/internal/platform/clock"
)

var today = clock.NewDate(2026, 11, 22)

// TestWardsOnPaper looks at many wards that nobody acts in: whatever the seed,
// the numbers are right and the people could have lived.
func TestWardsOnPaper(t *testing.T) {
	for seed := range uint64(60) {
		w := draw(Commune, seed, today)
		if w.place.Kind != "Phường" || w.place.Province != w.province.Code {
			t.Errorf("seed %d: %s in %s", seed, w.place.Full, w.province.Full)
		}
		members, names, cards := 0, map[string]bool{}, map[string]bool{}
		for _, c := range w.cells {
			members += len(c.people)
			for _, p := range c.people {
				if names[p.Name] || p.Card != "" && cards[p.Card] {
					t.Errorf("seed %d: a second %s, card %s", seed, p.Name, p.Card)
				}
				names[p.Name], cards[p.Card] = true, true
				checkPerson(t, p)
			}
			checkOffices(t, w, c)
		}
		if len(w.cells) != 27 || members != 555 {
			t.Errorf("seed %d: %d cells with %d members, want 27 with 555", seed, len(w.cells), members)
		}
	}
}

func checkPerson(t *testing.T, p person) {
	t.Helper()
	if age := p.Age(p.AdmittedOn()); age < 18 || age > 60 {
		t.Errorf("%s was admitted at %d", p.Name, age)
	}
	if age := p.Age(today); age < 19 || age > 90 {
		t.Errorf("%s is %d", p.Name, age)
	}
	if !p.Recognised.IsZero() && p.Recognised.MonthsSince(p.Ceremony) != 12 {
		t.Errorf("%s was on probation for %d months", p.Name, p.Recognised.MonthsSince(p.Ceremony))
	}
	if (p.Card == "") != p.Recognised.IsZero() {
		t.Errorf("%s has card %q and was recognised on %v", p.Name, p.Card, p.Recognised)
	}
	for _, o := range p.overlays {
		if o.from.IsZero() || !o.to.IsZero() && !o.to.After(o.from) {
			t.Errorf("%s: %s from %v to %v", p.Name, o.kind, o.from, o.to)
		}
	}
}

func checkOffices(t *testing.T, w ward, c cell) {
	t.Helper()
	for _, p := range c.people[:c.offices] {
		if !p.official(w.story.begins()) {
			t.Errorf("seed %d, %s: %s cannot hold an office", w.seed, c.name, p.Name)
		}
	}
	if (len(c.people) >= groupsFrom) != (len(c.groups) > 0) {
		t.Errorf("%s with %d members has %d groups", c.name, len(c.people), len(c.groups))
	}
}

func TestAgesFitTheMilieu(t *testing.T) {
	median := func(w ward, m *fiction.Milieu) int {
		var ages []int
		for _, c := range w.cells {
			for _, p := range c.people {
				if c.milieu == m {
					ages = append(ages, p.Age(today))
				}
			}
		}
		slices.Sort(ages)
		return ages[len(ages)/2]
	}
	w := draw(Commune, 1, today)
	if old, young := median(w, &fiction.Residential), median(w, &fiction.School); old < 58 || young > 42 {
		t.Errorf("half of a residential cell are older than %d, half of a school's older than %d", old, young)
	}
}

func TestThePaperIsTheSameAgain(t *testing.T) {
	a, b, other := draw(Commune, 5, today), draw(Commune, 5, today), draw(Commune, 6, today)
	same := 0
	for i := range a.cells {
		for j, p := range a.cells[i].people {
			if p.Core != b.cells[i].people[j].Core || p.cv != b.cells[i].people[j].cv {
				t.Fatalf("%s became %s", p.Name, b.cells[i].people[j].Name)
			}
			if p.Name == other.cells[i].people[j].Name {
				same++
			}
		}
	}
	if same > 20 {
		t.Errorf("%d people have the same name with another seed", same)
	}
}

func TestStory(t *testing.T) {
	for _, c := range []struct {
		today       string
		first, last meeting.Month
	}{
		{"2026-11-22", "2025-09", "2026-11"},
		{"2027-03-01", "2026-01", "2027-03"},
		{"2026-02-10", "2025-09", "2026-02"}, // wards are not older
	} {
		s := storyUntil(clock.MustDate(c.today))
		if s.first != c.first || s.last != c.last {
			t.Errorf("%s: from %s to %s, want %s to %s", c.today, s.first, s.last, c.first, c.last)
		}
		if months := s.months(); months[0] != c.first || months[len(months)-1] != c.last.Add(1) {
			t.Errorf("%s: months %v", c.today, months)
		}
	}
}

// TestSilentMonths: two months without a meeting lie behind, whether or not
// this month's regular meetings are over.
func TestSilentMonths(t *testing.T) {
	c := cell{manner: fiction.Manner{Trait: fiction.Silent}}
	for day, skipped := range map[string][]meeting.Month{
		"2026-11-22": {"2026-10", "2026-11"},
		"2026-11-02": {"2026-09", "2026-10"},
	} {
		s := storyUntil(clock.MustDate(day))
		for m := s.first; m <= s.last; m = m.Add(1) {
			past := m < s.last || s.held() == 1
			if got := c.skips(s, m); past && got != slices.Contains(skipped, m) {
				t.Errorf("on %s: month %s skipped is %v", day, m, got)
			}
		}
	}
}

// TestTexts: every text is composed, fits its field and ends like a sentence.
func TestTexts(t *testing.T) {
	sentences := slices.Concat(ideology, information, politics, limits, plans, opinions, probationers, committee, reflections, replies)
	lines := slices.Concat(absences, oldAge, stories, postponements, tardyReasons, sentBack, extendReasons, handReasons, lateReasons)
	for _, m := range []fiction.Milieu{fiction.Residential, fiction.Agency, fiction.School, fiction.Health, fiction.Police, fiction.StateFirm, fiction.PrivateFirm, fiction.Students} {
		sentences = append(sentences, slices.Concat(m.Duties, m.Plans, m.Opinions)...)
		for _, i := range m.Tasks {
			lines = append(lines, i.Title, i.Result)
		}
		if len(m.Tasks) < 3 || len(m.Topics) == 0 {
			t.Errorf("%s: %d tasks, %d topics", m.CellType, len(m.Tasks), len(m.Topics))
		}
	}
	for _, s := range sentences {
		if !strings.HasSuffix(s, ".") {
			t.Errorf("%q does not end", s)
		}
	}
	for _, s := range append(lines, sentences...) {
		if s != strings.TrimSpace(norm.NFC.String(s)) || len([]rune(s)) > 200 {
			t.Errorf("%q does not fit", s)
		}
	}
	for _, s := range slices.Concat(praises, reminders, reproaches) {
		if strings.Count(s, "%s") != 1 {
			t.Errorf("%q names nobody", s)
		}
	}
}

func TestDice(t *testing.T) {
	a, b := fiction.Throw(1, "x", 2), fiction.Throw(1, "x", 2)
	if a.Uint64() != b.Uint64() {
		t.Error("the same dice fall differently")
	}
	if c := fiction.Throw(1, "x", 3); fiction.Throw(1, "x", 2).Uint64() == c.Uint64() {
		t.Error("other dice fall alike")
	}
	d := fiction.Throw(1, "shares")
	seen := map[string]int{}
	for range 10_000 {
		seen[fiction.ByShare(d, []fiction.Share[string]{{Part: 9, Value: "often"}, {Part: 1, Value: "seldom"}})]++
	}
	if n := seen["seldom"]; n < 850 || n > 1150 {
		t.Errorf("one of ten fell %d times of 10,000", n)
	}
	if got := fiction.Some(d, []int{1, 2, 3}, 5); len(got) != 3 {
		t.Errorf("%v of three", got)
	}
}
