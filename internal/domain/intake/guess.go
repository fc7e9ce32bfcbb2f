package intake

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"chibo/internal/platform/clock"
	"chibo/internal/platform/text"
)

// anyDay settles the century where only the form of a day matters.
var anyDay = clock.NewDate(latestYear, 12, 31)

// profile counts what the cells of a column are like.
type profile struct {
	filled, days, sexes, marks, names, words, digits int
}

func profileOf(cells []string) (p profile) {
	for _, cell := range cells {
		cell = strings.TrimSpace(cell)
		if cell == "" {
			continue
		}
		p.filled++
		if isDay(cell) {
			p.days++
		}
		if _, ok := sexOf(cell); ok {
			p.sexes++
		}
		if isMark(cell) {
			p.marks++
		}
		if isName(cell) {
			p.names++
		}
		if strings.ContainsFunc(cell, unicode.IsLetter) {
			p.words++
		}
		if len(cell) >= 6 && strings.Trim(cell, "0123456789 .-") == "" {
			p.digits++
		}
	}
	return p
}

// isDay is strict about plain numbers: a serial number is no year.
func isDay(cell string) bool {
	if _, usually := usual(cell, DayFirst); usually {
		return true
	}
	if n, err := strconv.Atoi(cell); err == nil {
		return n >= 1900 && n <= latestYear || n >= 7_000 && n <= 60_000
	}
	_, _, ok := readDay(cell, DayFirst, anyDay)
	if !ok {
		_, _, ok = readDay(cell, MonthFirst, anyDay)
	}
	return ok
}

// isMark is what people put into a box.
func isMark(cell string) bool {
	switch strings.ToLower(strings.TrimSpace(cell)) {
	case "x", "v", "✓", "✔", "☑", "×", "+", "*":
		return true
	}
	return false
}

// isName reports two to seven words of letters, each with a capital.
func isName(cell string) bool {
	words := strings.Fields(cell)
	if len(words) < 2 || len(words) > 7 {
		return false
	}
	for _, word := range words {
		first, _ := utf8.DecodeRuneInString(word)
		if !unicode.IsUpper(first) || strings.ContainsFunc(word, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) && r != '.' && r != '\''
		}) {
			return false
		}
	}
	return true
}

// fits says how well cells go with what a field holds: 1 where they do or where
// there are none, down to 0.
func (p profile) fits(l look) float64 {
	if p.filled == 0 {
		return 0.8
	}
	share := func(n int) float64 { return float64(n) / float64(p.filled) }
	switch l {
	case naming:
		return 0.3 + 0.7*share(max(p.names, p.words))*(1-share(p.days))
	case dated:
		return share(p.days)
	case sexWord:
		return share(p.sexes)
	case marked:
		return share(p.marks)
	case digital:
		return 0.5 + 0.5*(1-share(p.words))
	}
	// A column of days under a head of words is rather the day of something.
	return 1 - 0.5*share(p.days)
}

// guess says which field each column is read into, by the words over it and by
// what its cells are like; "" is none.
func guess(kind Kind, h head, columns [][]string) []string {
	type candidate struct {
		column, field int
		score         float64
	}
	fields := fieldsOf[kind]
	profiles := make([]profile, len(h.texts))
	var list []candidate
	for column := range h.texts {
		if column < len(columns) {
			profiles[column] = profileOf(columns[column])
		}
		words := overColumn(h.texts[column])
		for i, f := range fields {
			if said := f.named(words); said >= possible {
				if s := said * profiles[column].fits(f.look); s >= possible/2 {
					list = append(list, candidate{column, i, s})
				}
			}
		}
	}
	slices.SortStableFunc(list, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.column, b.column), cmp.Compare(a.field, b.field))
	})
	chosen := make([]string, len(h.texts))
	taken := map[string]bool{}
	for _, c := range list {
		if name := fields[c.field].name; chosen[c.column] == "" && !taken[name] {
			chosen[c.column], taken[name] = name, true
		}
	}
	return byContent(kind, chosen, profiles, h)
}

// byContent fills what the words did not say: the column beside the family name,
// a column of names, of sexes, of days.
func byContent(kind Kind, chosen []string, profiles []profile, h head) []string {
	if kind != Members {
		return chosen
	}
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return slices.Contains(chosen, name) })
	}
	free := func(column int, enough func(profile) int) bool {
		p := profiles[column]
		return chosen[column] == "" && p.filled > 0 && 10*enough(p) >= 8*p.filled
	}
	// "Họ và tên" over two columns: the second has no words, or the same ones.
	if at := slices.Index(chosen, "birth_name"); at >= 0 && at+1 < len(chosen) && !has("given_name") &&
		chosen[at+1] == "" && profiles[at+1].words > 0 && profiles[at+1].names == 0 &&
		(len(h.texts[at+1]) == 0 || slices.Equal(h.texts[at], h.texts[at+1])) {
		chosen[at], chosen[at+1] = "family_name", "given_name"
	}
	for column := range chosen {
		switch {
		case !has("birth_name", "given_name") && free(column, func(p profile) int { return p.names }):
			chosen[column] = "birth_name"
		case !has("sex", "male", "female", "birth_male", "birth_female") && free(column, func(p profile) int { return p.sexes }):
			chosen[column] = "sex"
		}
	}
	return chosen
}

// sexOf reads the word for a sex, in Vietnamese or as exports write it.
func sexOf(cell string) (male, ok bool) {
	switch text.Fold(cell) {
	case "nam", "male", "m", "trai", "ong":
		return true, true
	case "nu", "female", "f", "gai", "ba":
		return false, true
	}
	return false, false
}
