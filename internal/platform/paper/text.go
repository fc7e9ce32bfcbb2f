package paper

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Text is plain text as runs.
func Text(s string) []Run { return []Run{{Text: s}} }

// Strong is bold text as runs.
func Strong(s string) []Run { return []Run{{Text: s, Bold: true}} }

// Emphasis is italic text as runs.
func Emphasis(s string) []Run { return []Run{{Text: s, Italic: true}} }

// P is a paragraph of plain text.
func P(s string) Paragraph { return Paragraph{Runs: Text(s)} }

// Cells is a table row of plain texts.
func Cells(texts ...string) Row {
	row := make(Row, len(texts))
	for i, s := range texts {
		row[i] = Cell{Runs: Text(s)}
	}
	return row
}

// Dashes is a list whose items begin with a dash.
func Dashes(texts ...string) List {
	return labelled(texts, func(int) string { return "-" })
}

// Lettered is a list whose items begin with a), b), c), d), đ) …
func Lettered(texts ...string) List {
	return labelled(texts, func(n int) string { return Letter(n) + ")" })
}

func labelled(texts []string, label func(n int) string) List {
	var list List
	for i, s := range texts {
		list.Items = append(list.Items, Item{Label: label(i + 1), Runs: Text(s)})
	}
	return list
}

// letters is the alphabet in which Vietnamese papers count: đ follows d, and
// ă, â, ê, ô, ơ, ư are left out (rules 22.6).
var letters = []string{"a", "b", "c", "d", "đ", "e", "g", "h", "i", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u", "v", "x", "y"}

// Letter is the n-th letter of a Vietnamese list, from 1: a, b, c, d, đ, e, g,
// h, i, k … After y it goes on with aa, ab. It is "" for n below 1.
func Letter(n int) string {
	var s string
	for ; n > 0; n = (n - 1) / len(letters) {
		s = letters[(n-1)%len(letters)] + s
	}
	return s
}

// Roman is n in Roman capitals; it is "" for n below 1.
func Roman(n int) string {
	numerals := []struct {
		value int
		text  string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}}
	var b strings.Builder
	for _, numeral := range numerals {
		for n >= numeral.value {
			b.WriteString(numeral.text)
			n -= numeral.value
		}
	}
	return b.String()
}

// Line is the n-th line of the recipients, from 0, with dash and stop. A stop
// that the caller wrote is not doubled.
func (r Recipients) Line(n int) string {
	text := strings.TrimRight(strings.TrimSpace(r.Lines[n]), ".,;")
	text = strings.TrimSpace(strings.TrimPrefix(text, "-"))
	if n == len(r.Lines)-1 {
		return "- " + text + "."
	}
	return "- " + text + ","
}

// Heading is the label over the recipients.
func (r Recipients) Heading() string {
	if r.Label == "" {
		return "Nơi nhận:"
	}
	return r.Label
}

// Clean makes text safe for every format: valid UTF-8 in composed form (the
// PDF writer shapes no combining marks), spaces for tabs, line feeds for every
// line end, and no control characters: XML forbids them, and the ones that
// turn the direction of text can make a paper read otherwise than it is stored.
func Clean(s string) string {
	if isClean(s) {
		return s
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\r', r == '\v', r == '\f', r == '\u2028', r == '\u2029', r == '\u0085':
			return '\n'
		case r == '\t':
			return ' '
		case forbidden(r):
			return -1
		}
		return r
	}, s)
	return norm.NFC.String(s)
}

func isClean(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return isCleanUnicode(s)
		}
		if s[i] != '\n' && (s[i] < 0x20 || s[i] == 0x7F) {
			return false
		}
	}
	return true
}

func isCleanUnicode(s string) bool {
	for _, r := range s {
		// U+FFFD may stand for a broken byte, so it is looked at again.
		if r != '\n' && forbidden(r) || r == utf8.RuneError || r == '\u2028' || r == '\u2029' {
			return false
		}
	}
	return norm.NFC.IsNormalString(s)
}

func forbidden(r rune) bool {
	switch {
	case r < 0x20 && r != '\n', r >= 0x7F && r < 0xA0: // C0, DEL, C1
		return true
	case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069: // direction
		return true
	case r >= 0xFDD0 && r <= 0xFDEF, r&0xFFFE == 0xFFFE, r == 0xFEFF: // no characters
		return true
	}
	return false
}
