package intake

import (
	"slices"
	"strings"
	"sync"

	"chibo/internal/platform/text"
	"chibo/internal/platform/xlsx"
)

// head is where the words over the columns stand, and what they are.
type head struct {
	// first and last are the rows of the words, from 0.
	first, last int
	// texts are the words over each column, from the upper to the lower.
	texts [][]string
	// known counts the fields that the words name.
	known int
}

// Titles and letterheads take no more rows than this above the head; a head has
// no more levels.
const (
	aboveMost  = 40
	levelsMost = 3
)

// findHead looks for the rows whose words name most fields of the kind. A head
// of one level wins over one of two that names no more: what stands above it is
// a title.
func findHead(kind Kind, rows [][]string, merged []xlsx.Area) head {
	best := head{first: -1, last: -1}
	for first := range min(len(rows), aboveMost) {
		if blank(rows[first]) {
			continue
		}
		for levels := 1; levels <= levelsMost && first+levels <= len(rows); levels++ {
			last := first + levels - 1
			if levels > 1 && !headLike(rows[last]) {
				break
			}
			h := head{first, last, wordsOver(rows, merged, first, last), 0}
			h.known = h.count(kind)
			if h.known > best.known || h.known == best.known && levels < best.levels() {
				best = h
			}
		}
	}
	return best
}

func (h head) levels() int { return h.last - h.first + 1 }

func blank(row []string) bool {
	return !slices.ContainsFunc(row, func(cell string) bool { return strings.TrimSpace(cell) != "" })
}

// headLike reports whether a row may be the lower level of a head: it has words
// and no day, number or mark.
func headLike(row []string) bool {
	if blank(row) {
		return false
	}
	for _, cell := range row {
		cell = strings.TrimSpace(cell)
		if cell == "" {
			continue
		}
		if strings.Trim(cell, "0123456789()./-, ") == "" || isMark(cell) {
			return false
		}
		if _, _, ok := readDay(cell, DayFirst, anyDay); ok {
			return false
		}
	}
	return true
}

// wordsOver gathers the words over each column. Above the lowest level words
// reach over the columns to their right that are merged with theirs, or where
// nobody merged, over those without words of their own.
func wordsOver(rows [][]string, merged []xlsx.Area, first, last int) [][]string {
	width := 0
	for _, row := range rows[first : last+1] {
		width = max(width, len(row))
	}
	texts := make([][]string, width)
	for level := first; level <= last; level++ {
		words, reaching := "", 0
		for column := range width {
			own := text.Line(at(rows[level], column))
			switch {
			case own != "":
				words, reaching = own, reach(rows, merged, level, column, last)
			case column >= reaching:
				words = ""
			}
			if words != "" && (own != "" || level < last) && !slices.Contains(texts[column], words) {
				texts[column] = append(texts[column], words)
			}
		}
	}
	return texts
}

// reach is the first column to the right over which the words do not stand.
func reach(rows [][]string, merged []xlsx.Area, level, column, last int) int {
	for _, area := range merged {
		if area.Top == level+1 && area.Left == column {
			return area.Right + 1
		}
	}
	if len(merged) > 0 {
		return column + 1
	}
	end := column + 1
	if level == last || at(rows[level+1], column) == "" {
		return end
	}
	for end < len(rows[level+1]) && at(rows[level], end) == "" && at(rows[level+1], end) != "" {
		end++
	}
	return end
}

func at(row []string, column int) string {
	if column < len(row) {
		return row[column]
	}
	return ""
}

// count is how many different fields the words name well.
func (h head) count(kind Kind) int {
	named := map[string]bool{}
	for _, texts := range h.texts {
		best, most := "", 0.0
		words := overColumn(texts)
		for _, f := range fieldsOf[kind] {
			if s := f.named(words); s > most && !named[f.name] {
				best, most = f.name, s
			}
		}
		if most >= sure {
			named[best] = true
		}
	}
	return len(named)
}

// How well words name a field, from 0 to 1.
const (
	sure     = 0.7
	possible = 0.45
)

// over are the words over a column, folded: all of them, and where there are
// several levels the lowest and the uppermost.
type over struct{ whole, lowest, uppermost []string }

func overColumn(texts []string) (o over) {
	o.whole = headWords(strings.Join(texts, " "))
	if len(texts) > 1 {
		o.lowest, o.uppermost = headWords(texts[len(texts)-1]), headWords(texts[0])
	}
	return o
}

// named says how well the words over a column name the field.
func (f field) named(o over) float64 {
	best := 0.0
	for _, h := range f.heads {
		wanted := knownHeads()[h]
		// The lowest words alone, and the uppermost alone: "Trình độ" over "Văn
		// hóa", and "Giới tính" over a column without words of its own.
		best = max(best, nearness(wanted, o.whole), 0.9*nearness(wanted, o.lowest), 0.8*nearness(wanted, o.uppermost))
	}
	return best
}

// knownHeads are the words of all heads that are known.
var knownHeads = sync.OnceValue(func() map[string][]string {
	words := map[string][]string{}
	for _, fields := range fieldsOf {
		for _, f := range fields {
			for _, h := range f.heads {
				words[h] = headWords(h)
			}
		}
	}
	return words
})

// nearness is 1 for the same words, less where more is said than was wanted, and
// 0 where a wanted word is missing.
func nearness(wanted, said []string) float64 {
	if len(said) == 0 || len(wanted) > len(said) {
		return 0
	}
	if slices.Equal(wanted, said) {
		return 1
	}
	if len(wanted) < 2 {
		return 0 // one word among others may mean anything
	}
	next := 0
	for _, word := range said {
		if next < len(wanted) && word == wanted[next] {
			next++
		}
	}
	if next < len(wanted) {
		return 0
	}
	return 0.45 + 0.5*float64(len(wanted))/float64(len(said))
}

// heading is the head as one text per column.
func (h head) heading() []string {
	list := make([]string, len(h.texts))
	for i, texts := range h.texts {
		list[i] = strings.Join(texts, " – ")
	}
	return list
}
