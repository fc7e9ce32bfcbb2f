package docx

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"chibo/internal/platform/paper"
)

// writer builds XML text. Names and figures are the program's own; every text
// that comes from a document passes through text.
type writer struct{ strings.Builder }

// put writes markup with figures; it must not be given a document's text.
func (w *writer) put(format string, args ...any) { fmt.Fprintf(&w.Builder, format, args...) }

// text writes a document's text, escaped for element content and attributes.
func (w *writer) text(s string) {
	s = paper.Clean(s)
	from := 0
	for i := 0; i < len(s); i++ {
		var escape string
		switch s[i] {
		case '&':
			escape = "&amp;"
		case '<':
			escape = "&lt;"
		case '>':
			escape = "&gt;"
		case '"':
			escape = "&quot;"
		case '\n':
			escape = "&#10;"
		default:
			continue
		}
		w.WriteString(s[from:i])
		w.WriteString(escape)
		from = i + 1
	}
	w.WriteString(s[from:])
}

// attribute is text for an attribute of limited length.
func (w *writer) attribute(s string, limit int) {
	if utf8.RuneCountInString(s) > limit {
		s = string([]rune(s)[:limit])
	}
	w.text(strings.ReplaceAll(s, "\n", " "))
}

func (w *writer) bytes() []byte { return []byte(w.String()) }

const xmlHeader = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// Word measures in twentieths of a point, type in half points, pictures in
// English metric units, lines in eighths of a point.

func twips(pt float64) int      { return int(math.Round(pt * 20)) }
func twipsOfMM(mm float64) int  { return int(math.Round(mm / 25.4 * 1440)) }
func halfPoints(pt float64) int { return int(math.Round(pt * 2)) }
func eighths(pt float64) int    { return int(math.Round(pt * 8)) }
func emu(mm float64) int        { return int(math.Round(mm * 36000)) }
