// Package text knows how Vietnamese text is cleaned, compared without accents
// and sorted by given name.
package text

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// Line is what a person typed into one line: NFC, without control characters,
// runs of space made one. Invalid UTF-8 is replaced.
func Line(s string) string {
	s = norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
	}), " ")
}

// Block is what a person typed into a field of several lines: NFC, line ends
// made '\n', no other control characters, no space at the ends.
func Block(s string) string {
	s = norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	s = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// Length counts what a person would call letters.
func Length(s string) int { return utf8.RuneCountInString(s) }

// Fold makes what is stored and what is sought alike: small letters without
// accents, đ as d, everything else than letters and digits a single space.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range norm.NFD.String(s) {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		r = unicode.ToLower(r)
		if r == 'đ' {
			r = 'd'
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// collators are not safe for use by several goroutines at once.
var collators = sync.Pool{New: func() any { return collate.New(language.Vietnamese) }}

// NameKey sorts people as a Vietnamese list does: by given name, then family
// name, then the names between. Each part is compared whole, accents included,
// before the next one counts.
func NameKey(fullName string) string {
	words := strings.Fields(fullName)
	if len(words) == 0 {
		return ""
	}
	family, given := words[0], words[len(words)-1]
	middle := ""
	if len(words) > 2 {
		middle = strings.Join(words[1:len(words)-1], " ")
	}
	c := collators.Get().(*collate.Collator)
	defer collators.Put(c)
	var buffer collate.Buffer
	var key strings.Builder
	for _, part := range []string{given, family, middle} {
		for _, b := range c.KeyFromString(&buffer, part) {
			key.WriteByte(hex[b>>4])
			key.WriteByte(hex[b&15])
		}
		key.WriteByte('.')
		buffer.Reset()
	}
	return key.String()
}

// Keys are stored as text, which may hold no arbitrary bytes; the dot between
// parts sorts before every digit.
const hex = "0123456789abcdef"
