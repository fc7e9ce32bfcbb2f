package xlsx

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// numberFormat is what a cell's style says about a number.
type numberFormat struct {
	date bool
	// digits is the number of digits of a format such as 000000, in which
	// people keep card numbers.
	digits int
}

// days1904 is the distance of the two calendars of Excel.
const days1904 = 1462

// readStyles reads which styles show dates; a workbook may have no styles.
func (b *Book) readStyles() error {
	const part = "xl/styles.xml"
	if b.parts[part] == nil {
		return nil
	}
	codes := map[string]numberFormat{}
	inCells := false
	return b.walk(part, func(t tag) error {
		switch t.name {
		case "numFmt":
			if t.opens {
				codes[t.attr("numFmtId")] = formatOf(t.attr("formatCode"))
			}
		case "cellXfs":
			inCells = t.opens
		case "xf":
			if t.opens && inCells {
				id := t.attr("numFmtId")
				format, own := codes[id]
				if !own {
					format.date = builtInDate(id)
				}
				b.formats = append(b.formats, format)
			}
		}
		return nil
	})
}

func (b *Book) format(style string) numberFormat {
	n, err := strconv.Atoi(style)
	if err != nil || n < 0 || n >= len(b.formats) {
		return numberFormat{}
	}
	return b.formats[n]
}

// builtInDate knows the formats that have a number and no code: 14 to 22 and
// 45 to 47, and the East Asian 27 to 36 and 50 to 58.
func builtInDate(id string) bool {
	n, err := strconv.Atoi(id)
	return err == nil && (n >= 14 && n <= 22 || n >= 27 && n <= 36 || n >= 45 && n <= 47 || n >= 50 && n <= 58)
}

// formatOf reads a format code: letters of dates count outside quotes,
// brackets and escapes.
func formatOf(code string) numberFormat {
	code, _, _ = strings.Cut(code, ";")
	if code != "" && strings.Trim(code, "0") == "" {
		return numberFormat{digits: len(code)}
	}
	quoted, bracketed, escaped := false, false, false
	for _, r := range code {
		switch {
		case escaped:
			escaped = false
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '\\' || r == '_' || r == '*':
			escaped = true
		case r == '[':
			bracketed = true
		case r == ']':
			bracketed = false
		case bracketed:
		case strings.ContainsRune("dDmMyYhHsS", r):
			return numberFormat{date: true}
		}
	}
	return numberFormat{}
}

// lastDay is 31/12/9999, the end of Excel's calendar.
const lastDay = 2958465

// text writes a number as a person reads it in that format.
func (f numberFormat) text(value string, base int) string {
	n, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return value
	}
	if f.date && n >= 0 && n < lastDay+1 {
		return dateOf(n, base)
	}
	text := strconv.FormatFloat(n, 'f', -1, 64)
	// Sums such as 0.1+0.2 are stored with a tail that Excel does not show.
	if short := strconv.FormatFloat(n, 'g', 15, 64); len(text) > 15 {
		if rounded, err := strconv.ParseFloat(short, 64); err == nil {
			text = strconv.FormatFloat(rounded, 'f', -1, 64)
		}
	}
	if missing := f.digits - len(text); missing > 0 && n >= 0 && n == math.Trunc(n) {
		text = strings.Repeat("0", missing) + text
	}
	return text
}

// dateOf reads a day number; its fraction is the time of day. In the calendar
// of 1900 Excel counts a 29th of February that never was, so the days before
// it are one further.
func dateOf(n float64, base int) string {
	days, fraction := math.Modf(n)
	seconds := math.Round(fraction * 86400)
	if base == 0 {
		if days == 0 {
			return time.Unix(int64(seconds), 0).UTC().Format("15:04")
		}
		if days < 60 {
			days++
		}
	}
	day := time.Date(1899, 12, 30+int(days)+base, 0, 0, 0, 0, time.UTC)
	return dateText(day.Add(time.Duration(seconds) * time.Second))
}

func dateText(t time.Time) string {
	if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
		return t.Format("02/01/2006")
	}
	return t.Format("02/01/2006 15:04")
}
