package tally

import (
	"fmt"
	"strings"

	"chibo/internal/kernel/orgtree"
)

// lotSize is how many units one question asks for. The last lot is filled up
// with its last unit, so that few statements are prepared.
const lotSize = 64

// lotMarks stand for the units of a lot, lotNext is the number after them.
var (
	lotMarks = marks(1, lotSize)
	lotNext  = fmt.Sprint(lotSize + 1)
)

// marks are count placeholders from the first on.
func marks(first, count int) string {
	list := make([]string, count)
	for i := range list {
		list[i] = fmt.Sprintf("$%d", first+i)
	}
	return strings.Join(list, ", ")
}

func inLots(units []orgtree.ID, fn func(lot []any) error) error {
	for at := 0; at < len(units); at += lotSize {
		lot := make([]any, lotSize, lotSize+1)
		for i := range lot {
			lot[i] = units[min(at+i, len(units)-1)]
		}
		if err := fn(lot); err != nil {
			return err
		}
	}
	return nil
}
