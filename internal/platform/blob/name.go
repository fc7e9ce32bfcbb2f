package blob

import (
	"path"
	"strings"
	"unicode"

	"chibo/internal/platform/errs"
	"chibo/internal/platform/text"
)

const nameMost = 150

// Name cleans the name of a file as somebody's device gave it: the last part
// of a path, one line, without characters that file systems or headers refuse,
// shortened before its extension. A name that marks the file as a state secret
// is refused with errs.Invalid on the field "file" (rules 27).
func Name(given string) (string, error) {
	name := path.Base(strings.ReplaceAll(text.Line(given), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"/|?*`, r) || unicode.IsControl(r) {
			return '_'
		}
		return r
	}, name)
	name = strings.Trim(name, " .")
	extension := path.Ext(name)
	stem := strings.TrimRight(strings.TrimSuffix(name, extension), " .")
	if stem == "" || stem == "_" || text.Length(extension) > 10 {
		return "", errs.Field("file", "errs.file_kind")
	}
	if secret(stem) {
		return "", errs.Field("file", "errs.file_secret")
	}
	if letters := []rune(stem); len(letters) > nameMost {
		stem = strings.TrimRight(string(letters[:nameMost]), " .")
	}
	return stem + strings.ToLower(extension), nil
}

// secret reports whether the name carries one of the three marks of secrecy,
// MẬT, TỐI MẬT or TUYỆT MẬT, with its accents or, in capitals, without.
//
// "mật" and "mat" are also parts of ordinary words (bí mật, mật độ, mặt trận);
// those pass. Where it is unsure the file is refused: to rename a file costs
// little, a secret that was sent cannot be called back.
func secret(stem string) bool {
	words := strings.FieldsFunc(stem, func(r rune) bool { return !unicode.IsLetter(r) })
	word := func(i int) string {
		if i < 0 || i >= len(words) {
			return ""
		}
		return strings.ToLower(words[i])
	}
	for i := range words {
		before, after := word(i-1), word(i+1)
		switch word(i) {
		case "mật":
			if before != "bí" && !ordinaryAfter[after] {
				return true
			}
		case "mat":
			if before == "toi" || before == "tuyet" {
				return true
			}
			if words[i] == "MAT" && before != "bi" && !ordinaryAfter[after] {
				return true
			}
		}
	}
	return false
}

// ordinaryAfter are words with which "mật" or "MAT" make an ordinary word.
var ordinaryAfter = map[string]bool{
	"độ": true, "ong": true, "khẩu": true, "thiết": true, "mã": true, "danh": true,
	"do": true, "khau": true, "thiet": true, "ma": true, "tran": true, "bang": true,
}
