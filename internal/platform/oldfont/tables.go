package oldfont

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// byteOf is the byte that a program meant which shows r: it read the byte in
// the Western code page of Windows, or in the Vietnamese one where Windows was
// set to Vietnamese.
func byteOf(r rune) (byte, bool) {
	if b, ok := westernByte(r); ok {
		return b, true
	}
	return charmap.Windows1258.EncodeRune(r)
}

// westernByte is the byte of the Western code page. The five that it leaves
// open Windows shows as control characters.
func westernByte(r rune) (byte, bool) {
	if r >= 0x80 && r < 0xA0 {
		return byte(r), true
	}
	return charmap.Windows1252.EncodeRune(r)
}

// tcvn3 holds the letters from 0xA1 on of the third code of TCVN 5712:1993; a
// space is a place without a letter.
var tcvn3 = []rune("" +
	"ĂÂÊÔƠƯĐăâêôơưđ " + // A1–AF
	"     àảãáạ ằẳẵắ " + // B0–BF
	"      ặầẩẫấậè ẻẽ" + // C0–CF
	"éẹềểễếệìỉ   ĩíịò" + // D0–DF
	" ỏõóọồổỗốộờởỡớợù" + // E0–EF
	" ủũúụừửữứựỳỷỹýỵ") //   F0–FE

func readTCVN3(text string) (string, bool) {
	var out strings.Builder
	for _, r := range text {
		letter, ok := tcvn3Letter(r)
		if !ok {
			return "", false
		}
		out.WriteRune(letter)
	}
	return out.String(), true
}

// tcvn3Letter leaves signs alone that are not in the table; a letter that is
// not in it shows that the text is something else.
func tcvn3Letter(r rune) (rune, bool) {
	if r < utf8.RuneSelf {
		return r, true
	}
	b, ok := byteOf(r)
	if ok && b >= 0xA1 && int(b-0xA1) < len(tcvn3) && tcvn3[b-0xA1] != ' ' {
		return tcvn3[b-0xA1], true
	}
	return r, ok && !unicode.IsLetter(r) && !unicode.IsMark(r)
}

// vniMarks are the second letters of VNI, and the marks that they put on the
// first. Capitals of them do the same.
var vniMarks = map[rune]string{
	'ù': acute, 'ø': grave, 'û': hook, 'õ': tilde, 'ï': dot,
	'â': circumflex, 'á': circumflex + acute, 'à': circumflex + grave, 'å': circumflex + hook, 'ã': circumflex + tilde, 'ä': circumflex + dot,
	'ê': breve, 'é': breve + acute, 'è': breve + grave, 'ú': breve + hook, 'ü': breve + tilde, 'ë': breve + dot,
}

const (
	grave      = "\u0300"
	acute      = "\u0301"
	circumflex = "\u0302"
	tilde      = "\u0303"
	breve      = "\u0306"
	hook       = "\u0309"
	dot        = "\u0323"
)

// vniLetters are the letters of VNI that stand for another by themselves. The
// first two take marks.
var vniLetters = map[rune]rune{'ô': 'ơ', 'ö': 'ư', 'í': 'í', 'ì': 'ì', 'æ': 'ỉ', 'ó': 'ĩ', 'ò': 'ị', 'î': 'ỵ', 'ñ': 'đ'}

func readVNI(text string) (string, bool) {
	runes := []rune(text)
	for i, r := range runes {
		if b, ok := byteOf(r); ok && b >= 0xA0 {
			runes[i] = rune(b) // from here on one code page is enough
		}
	}
	var out strings.Builder
	for i := 0; i < len(runes); i++ {
		letter, ok := vniLetter(runes[i])
		if !ok {
			return "", false
		}
		if i+1 < len(runes) {
			if marked, ok := vniMarked[[2]rune{letter, runes[i+1]}]; ok {
				letter = marked
				i++
			}
		}
		out.WriteRune(letter)
	}
	return out.String(), true
}

func vniLetter(r rune) (rune, bool) {
	if r < utf8.RuneSelf {
		return r, true
	}
	if letter, ok := vniLetters[unicode.ToLower(r)]; ok {
		if unicode.IsUpper(r) {
			letter = unicode.ToUpper(letter)
		}
		return letter, true
	}
	return r, !unicode.IsLetter(r) && !unicode.IsMark(r)
}

// vniMarked are the letters that come of a letter and the one behind it.
var vniMarked = func() map[[2]rune]rune {
	m := map[[2]rune]rune{}
	for _, letter := range "aeouyơưAEOUYƠƯ" {
		for mark, marks := range vniMarks {
			marked := []rune(norm.NFC.String(string(letter) + marks))
			if len(marked) == 1 && isVietnamese(marked[0]) {
				m[[2]rune{letter, mark}] = marked[0]
				m[[2]rune{letter, unicode.ToUpper(mark)}] = marked[0]
			}
		}
	}
	return m
}()

func readWindows1258(text string) (string, bool) {
	var out strings.Builder
	for _, r := range text {
		b, ok := westernByte(r)
		if !ok {
			return "", false
		}
		out.WriteRune(charmap.Windows1258.DecodeByte(b))
	}
	return norm.NFC.String(out.String()), true
}

func readUTF8Twice(text string) (string, bool) {
	out := make([]byte, 0, len(text))
	for _, r := range text {
		b, ok := westernByte(r)
		if !ok {
			return "", false
		}
		out = append(out, b)
	}
	return norm.NFC.String(string(out)), utf8.Valid(out)
}

// raise makes a text all capitals whose only small letters are those with
// tones, of which TCVN3 has no capitals: NGUYễN. One capital does not prove
// it: Hồ is a name.
func raise(text string) string {
	upper := 0
	proved := false
	for _, r := range text {
		switch {
		case !unicode.IsLetter(r):
			upper = 0
		case unicode.IsUpper(r):
			upper++
			proved = proved || upper > 1
		case letters[r].tone == noTone:
			return text
		}
	}
	if !proved {
		return text
	}
	return strings.ToUpper(text)
}
