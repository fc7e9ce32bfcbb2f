// Package oldfont reads Vietnamese that was typed before Unicode: fonts such
// as .VnTime and VNI-Times drew Vietnamese letters in the places of Western
// European ones, and spreadsheets keep those: "NguyÔn V¨n A" in .VnTime and
// "Nguyeãn Vaên A" in VNI-Times are Nguyễn Văn A.
//
// It knows the encodings, the names of their fonts, and what a Vietnamese
// syllable looks like, by which it tells them apart where no font does. Proper
// Unicode is never converted. For a cell, ask Of for its font first; where the
// font says nothing, what Detect says of its column holds.
package oldfont

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Encoding is a way in which a text writes Vietnamese.
type Encoding string

const (
	Unicode Encoding = "unicode"
	// TCVN3 is the third code of TCVN 5712:1993, that of the ABC keyboard and
	// of the fonts .Vn*. It has no capitals with tones.
	TCVN3 Encoding = "tcvn3"
	// TCVN3Capitals is TCVN3 in a font that draws every letter as a capital:
	// .VnTimeH and others whose names end in H. Letters do not give it away.
	TCVN3Capitals Encoding = "tcvn3-capitals"
	// VNI is VNI for Windows, of the fonts VNI-*: a letter and then its marks.
	VNI Encoding = "vni"
	// Windows1258 is the code page that Windows has for Vietnamese, read as the
	// Western one: what package xlsx gives for a CSV file in it.
	Windows1258 Encoding = "windows-1258"
	// UTF8Twice is UTF-8 that a program took for the Western code page, as
	// Excel does when it opens a CSV file without a byte order mark.
	UTF8Twice Encoding = "utf-8-twice"
)

// Of is the encoding that the name of a font stands for, Unicode for every
// other font.
func Of(font string) Encoding {
	switch {
	case begins(font, "vni-"), begins(font, "vni "):
		return VNI
	case !begins(font, ".vn"):
		return Unicode
	case strings.HasSuffix(font, "H"):
		return TCVN3Capitals
	}
	return TCVN3
}

// begins is asked of every cell of a sheet.
func begins(font, with string) bool {
	return len(font) >= len(with) && strings.EqualFold(font[:len(with)], with)
}

// Detect is the encoding of most of the texts, a column of a table for
// example. fonts are the fonts of the texts, one for each, or nil. A font
// counts before letters; by letters a text counts for an encoding when, read
// in it, it looks more like Vietnamese than it does as it stands. A text of
// Vietnamese syllables counts for none.
func Detect(texts, fonts []string) Encoding {
	byFont, byLetters := map[Encoding]int{}, map[Encoding]int{}
	for i, text := range texts {
		if isASCII(text) {
			continue
		}
		if i < len(fonts) && Of(fonts[i]) != Unicode {
			if _, ok := convert(Of(fonts[i]), text); ok {
				byFont[Of(fonts[i])]++
				continue
			}
		}
		for _, encoding := range votes(text) {
			byLetters[encoding]++
		}
	}
	if most := favourite(byFont); byFont[most] > 0 {
		return most
	}
	if most := favourite(byLetters); byLetters[most] > byLetters[Unicode] {
		return most
	}
	return Unicode
}

var old = []Encoding{TCVN3, VNI, Windows1258, UTF8Twice, TCVN3Capitals}

// favourite is the old encoding with the most votes; the earlier wins a draw.
func favourite(votes map[Encoding]int) Encoding {
	best := old[0]
	for _, encoding := range old {
		if votes[encoding] > votes[best] {
			best = encoding
		}
	}
	return best
}

// votes are the encodings in which the text looks best, if it looks better
// than as it stands; Unicode for letters that no old encoding has.
func votes(text string) []Encoding {
	fewest := faults(norm.NFC.String(text))
	var best []Encoding
	readable := false
	for _, encoding := range old {
		if encoding == TCVN3Capitals {
			continue
		}
		converted, ok := read(encoding, text)
		if !ok {
			continue
		}
		readable = true
		switch n := faults(converted); {
		case n < fewest:
			fewest, best = n, []Encoding{encoding}
		case n == fewest && best != nil:
			best = append(best, encoding)
		}
	}
	if !readable {
		return []Encoding{Unicode}
	}
	return best
}

// Convert reads a text in an encoding and gives it in Unicode, composed (NFC).
// A text that is no text of the encoding comes back as it is, composed; so
// does one that looks more like Vietnamese as it stands.
func Convert(encoding Encoding, text string) string {
	if isASCII(text) {
		return text
	}
	if converted, ok := convert(encoding, text); ok {
		return converted
	}
	return norm.NFC.String(text)
}

// convert reads a text in an encoding; ok is false when it looks worse then.
func convert(encoding Encoding, text string) (converted string, ok bool) {
	converted, ok = read(encoding, text)
	if !ok {
		return "", false
	}
	asItStands := norm.NFC.String(text)
	before, after := faults(asItStands), faults(converted)
	if before == after {
		return converted, familiarity(converted) >= familiarity(asItStands)
	}
	return converted, after < before
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// read is the text in an encoding, whatever it looks like then; ok is false
// when the text has letters that the encoding has not.
func read(encoding Encoding, text string) (converted string, ok bool) {
	switch encoding {
	case TCVN3:
		converted, ok = readTCVN3(text)
		return raise(converted), ok
	case TCVN3Capitals:
		converted, ok = readTCVN3(text)
		return strings.ToUpper(converted), ok
	case VNI:
		return readVNI(text)
	case Windows1258:
		return readWindows1258(text)
	case UTF8Twice:
		return readUTF8Twice(text)
	}
	return "", false
}
