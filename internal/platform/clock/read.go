package clock

import (
	"fmt"
	"strings"
	"time"
)

// layouts are the ways in which people write a day.
var layouts = []string{"2/1/2006", time.DateOnly, "2-1-2006", "2.1.2006"}

// ReadDate reads a day as people and spreadsheets write it: 21/11/2026,
// 1/3/2026, 2026-11-21. An empty text is no date.
func ReadDate(s string) (Date, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return Date{}, nil
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return of(t), nil
		}
	}
	return Date{}, fmt.Errorf("%q is not a day", s)
}
