// Package text knows how Vietnamese text is cleaned, compared without accents
// and sorted by given name.
package text

import (
	"encoding/hex"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// Line is what a person typed into one line: NFC, runs of space made one. Of
// the letters that nobody sees, control characters part words and formatting
// ones, which come along from Word and web pages, are dropped. Invalid UTF-8 is
// replaced.
func Line(s string) string {
	if tidy(s) {
		return s
	}
	return strings.Join(strings.Fields(visible(s, ' ')), " ")
}

// tidy reports that Line has nothing to do, as for nearly every text that comes
// out of a spreadsheet: finding out costs a tenth of doing it.
func tidy(s string) bool {
	before, plain := ' ', true
	for _, r := range s {
		switch {
		case r == ' ' && before == ' ', r < ' ', r == utf8.RuneError:
			return false
		case r < 0x7F || vietnamese(r):
		case unicode.IsControl(r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r):
			return false
		default:
			plain = false
		}
		before = r
	}
	return (before != ' ' || s == "") && (plain || norm.NFC.IsNormalString(s))
}

// vietnamese reports a letter from the blocks in which those of Vietnamese stand
// composed. A text of them and ASCII is NFC: none of them has another form.
func vietnamese(r rune) bool {
	return r >= 0xC0 && r <= 0x17F || r >= 0x1EA0 && r <= vietnameseLast || r == 'ơ' || r == 'Ơ' || r == 'ư' || r == 'Ư'
}

const vietnameseLast = 0x1EF9

// Block is what a person typed into a field of several lines: NFC, line ends
// made '\n', no invisible letters but tabs, no space at the ends.
func Block(s string) string { return strings.TrimSpace(visible(s, dropped)) }

// dropped tells strings.Map to leave a letter out.
const dropped = -1

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\u0085", "\n")

// visible cleans before it composes: a zero-width space may stand between a
// letter and its accent.
func visible(s string, control rune) string {
	s = lineEnds.Replace(strings.ToValidUTF8(s, "\uFFFD"))
	return norm.NFC.String(strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case unicode.IsControl(r):
			return control
		case unicode.Is(unicode.Cf, r):
			return dropped
		}
		return r
	}, s))
}

// Length counts what a person would call letters.
func Length(s string) int { return utf8.RuneCountInString(s) }

// Fold makes what is stored and what is sought alike: small letters without
// accents, đ as d, everything else than letters and digits a single space.
func Fold(s string) string {
	if folded, ok := foldUsual(s); ok {
		return folded
	}
	return foldAny(s)
}

func foldAny(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range norm.NFD.String(s) {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		r = unicode.ToLower(r)
		switch r {
		case 'đ', 'ð', 'ɖ': // the last two look like it, and old fonts put them there
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

// foldUsual folds a text of ASCII and letters of Vietnamese, as nearly all are,
// letter by letter; ok is false for any other.
func foldUsual(s string) (folded string, ok bool) {
	letters := usualLetters()
	b := make([]byte, 0, len(s))
	gap := false
	for _, r := range s {
		if r >= 0x80 && !vietnamese(r) {
			return "", false
		}
		letter := letters[r]
		if letter == 0 {
			gap = len(b) > 0
			continue
		}
		if gap {
			b, gap = append(b, ' '), false
		}
		b = utf8.AppendRune(b, letter)
	}
	return string(b), true
}

// usualLetters are what each letter folds to, by its number; 0 for what is no
// letter. All of them have one form, and fold to one letter.
var usualLetters = sync.OnceValue(func() *[vietnameseLast + 1]rune {
	var letters [vietnameseLast + 1]rune
	for r := range rune(len(letters)) {
		if folded := foldAny(string(r)); folded != "" {
			letters[r], _ = utf8.DecodeRuneInString(folded)
		}
	}
	return &letters
})

// collators are not safe for use by several goroutines at once.
var collators = sync.Pool{New: func() any { return collate.New(language.Vietnamese) }}

// Plain is the text without accents, for what cannot carry them or charges for
// them; it is read by people, not compared.
func Plain(s string) string {
	bare := strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return dropped
		case r == 'đ':
			return 'd'
		case r == 'Đ':
			return 'D'
		}
		return r
	}, norm.NFD.String(s))
	return norm.NFC.String(bare)
}

// NameKey sorts people as a Vietnamese list does: by given name, then family
// name, then the names between. Each part is compared whole, accents included,
// before the next one counts.
func NameKey(fullName string) string { return nameKey(fullName, partKey) }

// NameKeys makes the keys of many names. The parts of names come again and
// again; it keeps their keys, and serves one goroutine.
type NameKeys struct{ parts map[string]string }

// partsMost bounds what is kept.
const partsMost = 20_000

// Of is the NameKey of a name.
func (k *NameKeys) Of(fullName string) string { return nameKey(fullName, k.part) }

func (k *NameKeys) part(words string) string {
	if key, known := k.parts[words]; known {
		return key
	}
	key := partKey(words)
	if k.parts == nil {
		k.parts = map[string]string{}
	}
	if len(k.parts) < partsMost {
		k.parts[strings.Clone(words)] = key
	}
	return key
}

func nameKey(fullName string, key func(string) string) string {
	words := strings.Fields(fullName)
	if len(words) == 0 {
		return ""
	}
	family, given := words[0], words[len(words)-1]
	middle := ""
	if len(words) > 2 {
		middle = strings.Join(words[1:len(words)-1], " ")
	}
	return key(given) + "." + key(family) + "." + key(middle) + "."
}

// partKey is the key of one part of a name. Keys are stored as text, which may
// hold no arbitrary bytes; the dot between parts sorts before every digit.
func partKey(words string) string {
	c := collators.Get().(*collate.Collator)
	defer collators.Put(c)
	var buffer collate.Buffer
	return hex.EncodeToString(c.KeyFromString(&buffer, words))
}
