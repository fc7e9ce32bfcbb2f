package intake

import (
	"strings"

	"chibo/internal/platform/text"
)

// folder folds texts, many of which come again: names of places, family names.
type folder map[string]string

// foldedMost bounds what is remembered.
const foldedMost = 20_000

func (f folder) fold(s string) string {
	if known, ok := f[s]; ok {
		return known
	}
	folded := text.Fold(s)
	if len(f) < foldedMost {
		f[strings.Clone(s)] = folded
	}
	return folded
}

// slips counts typing errors between two folded texts, up to most and one
// more: a letter too many, missing, wrong, or two neighbours exchanged.
func slips(a, b string, most int) int {
	if a == b {
		return 0
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > most {
		return most + 1
	}
	// Three rows of the table are enough, also for exchanged neighbours.
	before, above, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > most {
			return most + 1
		}
		before, above, row = above, row, before
	}
	return min(above[len(b)], most+1)
}
