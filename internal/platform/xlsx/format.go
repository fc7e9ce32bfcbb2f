package xlsx

import (
	"math"
	"strconv"
	"strings"
	"time"

	"chibo/internal/platform/clock"
)

// styles are what the dresses of cells say to a reader, by their number.
type styles []style

type style struct {
	format numberFormat
	font   string
}

// numberFormat is what a cell's style says about a number.
type numberFormat struct {
	date bool
	// mask is a format such as 000000 or 0000 000 000, in which people keep
	// card and telephone numbers: a 0 for each digit, and what stands between.
	mask string
}

// readStyles reads which styles show dates, and their fonts; a workbook may
// have no styles.
func (b *Book) readStyles() error {
	const part = "xl/styles.xml"
	if b.parts[part] == nil {
		return nil
	}
	r := styleReader{codes: map[string]numberFormat{}}
	err := b.walk(part, r.take)
	b.styles = r.styles
	return err
}

type styleReader struct {
	codes            map[string]numberFormat
	fonts            []string
	styles           styles
	inFonts, inCells bool
}

func (r *styleReader) take(s *scanner, t *tag) error {
	switch string(t.name) {
	case "fonts":
		r.inFonts = t.kind == opens
		return nil
	case "cellXfs":
		r.inCells = t.kind == opens
		return nil
	}
	if t.kind != opens {
		return nil
	}
	switch string(t.name) {
	case "numFmt":
		code, err := s.attrText(t, "formatCode")
		r.codes[string(t.attr("numFmtId"))] = formatOf(code)
		return err
	case "font":
		if r.inFonts {
			r.fonts = append(r.fonts, "")
		}
	case "name":
		if r.inFonts && len(r.fonts) > 0 {
			name, err := s.attrText(t, "val")
			r.fonts[len(r.fonts)-1] = name
			return err
		}
	case "xf":
		if r.inCells {
			r.styles = append(r.styles, r.style(t))
		}
	}
	return nil
}

func (r *styleReader) style(t *tag) style {
	id := string(t.attr("numFmtId"))
	format, own := r.codes[id]
	if !own {
		format.date = builtInDate(id)
	}
	st := style{format: format}
	if font, err := strconv.Atoi(string(t.attr("fontId"))); err == nil && font >= 0 && font < len(r.fonts) {
		st.font = r.fonts[font]
	}
	return st
}

// of is the style of a number, as a cell names it. A cell that names none has
// the first.
func (s styles) of(number []byte) style {
	n := 0
	for _, c := range number {
		if c < '0' || c > '9' || n > len(s) {
			return style{}
		}
		n = n*10 + int(c-'0')
	}
	if n >= len(s) {
		return style{}
	}
	return s[n]
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
	var mask strings.Builder
	digits, isMask := 0, true
	quoted, bracketed, escaped := false, false, false
	for _, r := range code {
		switch {
		case escaped:
			escaped = false
			mask.WriteRune(r)
		case r == '"':
			quoted = !quoted
		case quoted:
			mask.WriteRune(r)
		case r == '\\':
			escaped = true
		case r == '_' || r == '*':
			escaped, isMask = true, false
		case r == '[':
			bracketed, isMask = true, false
		case r == ']':
			bracketed = false
		case bracketed:
		case strings.ContainsRune("dDmMyYhHsS", r):
			return numberFormat{date: true}
		case r == '0' || r == '#' && digits > 0:
			digits++
			mask.WriteByte('0')
		case r == '#': // a digit that need not be there
		case r == ' ' || r == '-':
			mask.WriteRune(r)
		default:
			isMask = false
		}
	}
	if !isMask || digits < 2 || strings.Count(mask.String(), "0") != digits {
		return numberFormat{}
	}
	return numberFormat{mask: mask.String()}
}

// text writes a number as a person reads it in that format.
func (f numberFormat) text(n float64, raw string) string {
	if f.mask != "" && n >= 0 && n == math.Trunc(n) && n < 1e15 {
		return fill(f.mask, strconv.FormatFloat(n, 'f', -1, 64))
	}
	if len(raw) < 15 && isDigits(raw) {
		return raw
	}
	text := strconv.FormatFloat(n, 'f', -1, 64)
	// Sums such as 0.1+0.2 are stored with a tail that Excel does not show.
	if short := strconv.FormatFloat(n, 'g', 15, 64); len(text) > 15 {
		if rounded, err := strconv.ParseFloat(short, 64); err == nil {
			text = strconv.FormatFloat(rounded, 'f', -1, 64)
		}
	}
	return text
}

// isDigits reports whether a number is already written as it is shown.
func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != "" && (s[0] != '0' || s == "0")
}

// fill puts the digits into a mask from behind; digits that have no place
// stand before the first.
func fill(mask, digits string) string {
	var out []byte
	for i := len(mask) - 1; i >= 0; i-- {
		c := mask[i]
		if c == '0' && digits != "" {
			c, digits = digits[len(digits)-1], digits[:len(digits)-1]
		}
		out = append(out, c)
	}
	first := strings.IndexByte(mask, '0')
	reverse(out)
	return string(out[:first]) + digits + string(out[first:])
}

func reverse(b []byte) {
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
}

const (
	// lastDay is 31/12/9999, the end of Excel's calendar.
	lastDay = 2958465
	// days1904 is the distance of the two calendars of Excel.
	days1904 = 1462
)

// Day is the day that a cell's number stands for, whether its format shows a
// date or not. In the calendar of 1900 Excel counts a 29th of February that
// never was, so the days before it are one further.
func (b *Book) Day(c Cell) (day clock.Date, ok bool) {
	if c.Kind != DateCell && c.Kind != NumberCell || c.Value < 0 || c.Value >= lastDay+1 {
		return clock.Date{}, false
	}
	days := int(c.Value)
	switch {
	case b.mac:
		days += days1904
	case days == 0:
		return clock.Date{}, false
	case days < 60:
		days++
	}
	return epoch.AddDays(days), true
}

// serial is the number of a day in the calendar of the book.
func (b *Book) serial(t time.Time) float64 {
	days := t.Sub(time.Date(1899, time.December, 30, 0, 0, 0, 0, t.Location())).Hours() / 24
	switch {
	case b.mac:
		days -= days1904
	case days < 61:
		days--
	}
	return days
}

var epoch = clock.NewDate(1899, time.December, 30)

// dateText writes a day number as a person reads it; its fraction is the time
// of day, and a time of day alone has no day.
func (b *Book) dateText(c Cell) string {
	days, fraction := math.Modf(c.Value)
	minutes := int(math.Round(fraction * 24 * 60))
	if minutes == 24*60 {
		return b.dateText(Cell{Kind: DateCell, Value: days + 1})
	}
	text := make([]byte, 0, len("21/11/2026 19:30"))
	day, ok := b.Day(c)
	if ok {
		text = appendDay(text, day)
	}
	if minutes > 0 || !ok {
		if ok {
			text = append(text, ' ')
		}
		text = append(text, digit(minutes/600), digit(minutes/60), ':', digit(minutes%60/10), digit(minutes))
	}
	return string(text)
}

// appendDay writes a day as clock.Date.Vietnamese does, for the million dates
// of a large register.
func appendDay(text []byte, d clock.Date) []byte {
	day, month, year := d.Day(), int(d.Month()), d.Year()
	return append(text, digit(day/10), digit(day), '/', digit(month/10), digit(month), '/',
		digit(year/1000), digit(year/100), digit(year/10), digit(year))
}

func digit(n int) byte { return byte('0' + n%10) }
