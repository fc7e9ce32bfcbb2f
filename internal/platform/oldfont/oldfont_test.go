package oldfont

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// drawn is how each letter is written in the old encodings: testdata/letters.txt
// was made from other sources than the tables of this package.
var drawn = func() map[Encoding]map[rune]string {
	data, err := os.ReadFile("testdata/letters.txt")
	if err != nil {
		panic(err)
	}
	m := map[Encoding]map[rune]string{TCVN3: {}, VNI: {}}
	for line := range strings.Lines(string(data)) {
		// Not Fields, for which the letter à of some encodings would be a space.
		parts := strings.Split(strings.TrimSuffix(line, "\n"), " ")
		letter, size := utf8.DecodeRuneInString(parts[0])
		if letter == '#' || size != len(parts[0]) {
			continue
		}
		if parts[1] != "-" {
			m[TCVN3][letter] = parts[1]
		}
		m[VNI][letter] = parts[2]
	}
	return m
}()

// draw writes a text as it stands in a file of that encoding.
func draw(encoding Encoding, text string) string {
	var out strings.Builder
	switch encoding {
	case TCVN3Capitals:
		return draw(TCVN3, strings.ToLower(text))
	case Windows1258:
		for _, r := range text {
			if _, ok := charmap.Windows1258.EncodeRune(r); ok {
				out.WriteRune(asWestern(r))
				continue
			}
			// Apart from its tone, which comes behind, every letter is in it.
			parts := []rune(norm.NFD.String(string(r)))
			for i, p := range parts {
				if strings.ContainsRune(grave+acute+tilde+hook+dot, p) {
					base := norm.NFC.String(string(slices.Delete(slices.Clone(parts), i, i+1)))
					out.WriteRune(asWestern([]rune(base)[0]))
					out.WriteRune(asWestern(p))
				}
			}
		}
		return out.String()
	case UTF8Twice:
		for i := range len(text) {
			if r := charmap.Windows1252.DecodeByte(text[i]); r != utf8.RuneError {
				out.WriteRune(r)
			} else {
				out.WriteRune(rune(text[i])) // Windows shows a control character
			}
		}
		return out.String()
	}
	for _, r := range text {
		if s, ok := drawn[encoding][r]; ok {
			out.WriteString(s)
		} else if s, ok := drawn[encoding][unicode.ToLower(r)]; ok {
			out.WriteString(s) // a capital that TCVN3 has not
		} else {
			out.WriteRune(r)
		}
	}
	return out.String()
}

func asWestern(r rune) rune {
	b, ok := charmap.Windows1258.EncodeRune(r)
	if !ok {
		panic(string(r))
	}
	return charmap.Windows1252.DecodeByte(b)
}

// asVietnameseWindows is a text as a Windows set to Vietnamese shows its bytes.
func asVietnameseWindows(text string) string {
	return strings.Map(func(r rune) rune {
		if b, ok := charmap.Windows1252.EncodeRune(r); ok {
			return charmap.Windows1258.DecodeByte(b)
		}
		return r
	}, text)
}

func TestEveryLetter(t *testing.T) {
	if n := len(drawn[VNI]); n != 134 {
		t.Fatalf("%d letters", n)
	}
	for encoding, letters := range drawn {
		for letter, old := range letters {
			for _, shown := range []string{old, asVietnameseWindows(old)} {
				if got, ok := read(encoding, shown); !ok || got != string(letter) {
					t.Errorf("%s: %q reads %q, %v, want %c", encoding, shown, got, ok, letter)
				}
			}
		}
	}
	for letter, old := range drawn[TCVN3] {
		if got, ok := read(TCVN3Capitals, old); !ok || got != string(unicode.ToUpper(letter)) {
			t.Errorf("a font of capitals draws %q as %q, want %c", old, got, unicode.ToUpper(letter))
		}
	}
	// VNI has a capital and a small mark for each tone, and people take either.
	for old, want := range map[string]string{"Aùnh": "Ánh", "AÙnh": "Ánh", "EÁn": "Ến", "Eán": "Ến", "Ôû": "Ở"} {
		if got, _ := read(VNI, old); got != want {
			t.Errorf("%s reads %q, want %s", old, got, want)
		}
	}
}

var people = strings.Split("Nguyễn Văn Đức,Trần Thị Thu Hương,Lê Chí Công,Phạm Hữu Nghĩa,Hoàng Thị Mỹ Lệ,Huỳnh Công Lý,Phan Đình Phùng,Vũ Thị Tú,Võ Văn Ngà,Đặng Thúy Hằng,"+
	"Bùi Quang Dũng,Đỗ Thị Hòa,Hồ Sỹ Tân,Ngô Bảo Châu,Dương Thị Út,Lý Thường Kiệt,Quách Thị Phượng,Triệu Việt Vương,Kiều Oanh,Mạc Thị Bưởi,Tạ Quang Bửu,Sùng A Páo,Giàng Thị Mỷ,Đinh Núp,Nông Văn Dền", ",")

var places = strings.Split("Thôn Thượng,Ấp Hạ,Tổ dân phố số 3,Xã Đại Nghĩa,Huyện Mỹ Đức,Phường 7,Bí thư chi bộ,Hưu trí,Nghỉ mất sức,Kế toán,Trường Tiểu học,Đảng viên chính thức,Dự bị", ",")

func TestColumnsAreRecognised(t *testing.T) {
	for _, encoding := range []Encoding{TCVN3, VNI, Windows1258, UTF8Twice} {
		for name, column := range map[string][]string{"people": people, "places": places, "given names": given(people), "in capitals": capitals(people)} {
			old := make([]string, len(column))
			for i, text := range column {
				old[i] = draw(encoding, text)
			}
			if got := Detect(old, nil); got != encoding {
				t.Errorf("%s in %s: taken for %s", name, encoding, got)
			}
			for i, text := range column {
				if got, want := Convert(encoding, old[i]), drawable(encoding, text); got != want {
					t.Errorf("%s: %q reads %q, want %q", encoding, old[i], got, want)
				}
			}
			if got := Detect(column, nil); got != Unicode {
				t.Errorf("%s in Unicode: taken for %s", name, got)
			}
			// Half of them typed anew in Unicode, in the same column.
			mixed := slices.Concat(old, column[:len(column)/3])
			if got := Detect(mixed, nil); got != encoding {
				t.Errorf("%s in %s and some in Unicode: taken for %s", name, encoding, got)
			}
		}
	}
}

// drawable is what the encoding keeps of a text: TCVN3 has no capitals with
// tones, and what is not all capitals loses them.
func drawable(encoding Encoding, text string) string {
	if encoding != TCVN3 || strings.ToUpper(text) == text {
		return text
	}
	return strings.Map(func(r rune) rune {
		if small := unicode.ToLower(r); letters[small].tone != noTone {
			return small
		}
		return r
	}, text)
}

func given(people []string) []string {
	var list []string
	for _, name := range people {
		words := strings.Fields(name)
		if last := words[len(words)-1]; !isASCII(last) {
			list = append(list, last)
		}
	}
	return list
}

func capitals(people []string) []string {
	list := make([]string, len(people))
	for i, name := range people {
		list[i] = strings.ToUpper(name)
	}
	return list
}

// TestUnicodeInAnOldColumn: who typed a name anew in Unicode, in a column of an
// old font, finds it untouched.
func TestUnicodeInAnOldColumn(t *testing.T) {
	for _, encoding := range []Encoding{TCVN3, TCVN3Capitals, VNI, Windows1258, UTF8Twice} {
		for _, text := range slices.Concat(people, places) {
			if got := Convert(encoding, text); got != text {
				t.Errorf("%s read as %s became %s", text, encoding, got)
			}
			if got := Convert(encoding, norm.NFD.String(text)); got != text {
				t.Errorf("%s taken apart and read as %s became %s", text, encoding, got)
			}
		}
	}
}

func TestFonts(t *testing.T) {
	for font, want := range map[string]Encoding{
		".VnTime": TCVN3, ".VnTimeH": TCVN3Capitals, ".vntime": TCVN3, ".VnArial Narrow": TCVN3, ".VnArial NarrowH": TCVN3Capitals, ".VnBahamasBH": TCVN3Capitals,
		"VNI-Times": VNI, "VNI-Helve-Condense": VNI, "vni-times": VNI, "VNI Times": VNI,
		"Times New Roman": Unicode, "": Unicode, "Vni": Unicode, "VnTime": Unicode, "Helvetica CH": Unicode, "Arial": Unicode,
	} {
		if got := Of(font); got != want {
			t.Errorf("%q is of %s, want %s", font, got, want)
		}
	}
}

func TestFontsCountFirst(t *testing.T) {
	for _, c := range []struct {
		name         string
		texts, fonts []string
		want         Encoding
	}{
		{"one letter decides nothing", []string{"Vò"}, []string{".VnTime"}, TCVN3},
		{"without its font neither", []string{"Vò"}, nil, Unicode},
		{"capitals", []string{"nguyÔn v¨n a"}, []string{".VnTimeH"}, TCVN3Capitals},
		{"Unicode in an old font", []string{"Nguyễn Văn A", "Lê"}, []string{".VnTime", ".VnTime"}, Unicode},
		{"old letters in a new font", []string{"NguyÔn V¨n A"}, []string{"Arial"}, TCVN3},
		{"fewer fonts than texts", []string{"Nguyeãn", "Traàn"}, []string{"VNI-Times"}, VNI},
		{"nothing", nil, nil, Unicode},
		{"only English letters", []string{"1", "Nam", "12/3/1960"}, []string{".VnTime", "VNI-Times", ""}, Unicode},
	} {
		if got := Detect(c.texts, c.fonts); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestConvertKeeps what is no Vietnamese of its encoding.
func TestConvertKeeps(t *testing.T) {
	for _, c := range []struct {
		encoding   Encoding
		text, want string
	}{
		{TCVN3, "Nguyen Van A", "Nguyen Van A"},
		{TCVN3, "“Sè 5” – Ph¹m", "“Số 5” – Phạm"},
		{TCVN3, "30°C", "30°C"},
		{TCVN3, "日本", "日本"},
		{TCVN3, "Hå A", "Hồ A"},
		{TCVN3, "§ç THÞ BÐ", "ĐỖ THỊ BÉ"},
		{VNI, "LEÂ VAÊN TAÙM", "LÊ VĂN TÁM"},
		{VNI, "Nguyeãn 日", "Nguyeãn 日"},
		{Unicode, "NguyÔn", "NguyÔn"},
		{"", "Ho\u0300a", "Hòa"},
	} {
		if got := Convert(c.encoding, c.text); got != c.want {
			t.Errorf("%q read as %s became %q, want %q", c.text, c.encoding, got, c.want)
		}
	}
}

// everySyllable yields all syllables that Vietnamese could have.
func everySyllable(yield func(string) bool) {
	for onset := range onsets {
		for rime := range rimes {
			vowel := strings.IndexFunc(rime, func(r rune) bool { return isVietnamese(r) })
			_, size := utf8.DecodeRuneInString(rime[vowel:])
			for _, tone := range []string{"", grave, acute, tilde, hook, dot} {
				word := norm.NFC.String(onset + rime[:vowel+size] + tone + rime[vowel+size:])
				if isSyllable(word) && !yield(word) {
					return
				}
			}
		}
	}
}

func TestNoSyllableIsTakenForAnother(t *testing.T) {
	n := 0
	for word := range everySyllable {
		n++
		capital := []rune(word)
		capital[0] = unicode.ToUpper(capital[0])
		for _, text := range []string{word, string(capital), strings.ToUpper(word), norm.NFD.String(word)} {
			if got := Detect([]string{text}, nil); got != Unicode {
				t.Fatalf("%q is taken for %s", text, got)
			}
		}
	}
	if n < 15_000 {
		t.Errorf("only %d syllables", n)
	}
}

// TestUnicodeIsNeverDetectedAsOld holds for whole texts of Vietnamese, with
// numbers and signs between.
func TestUnicodeIsNeverDetectedAsOld(t *testing.T) {
	all := slices.Collect(everySyllable)
	slices.Sort(all)
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
			words := rapid.SliceOfN(rapid.SampledFrom(all), 1, 6).Draw(t, "words")
			return strings.Join(words, rapid.SampledFrom([]string{" ", " - ", ", ", " “", "; ", "\u00A0"}).Draw(t, "between"))
		}), 1, 8).Draw(t, "texts")
		if got := Detect(texts, nil); got != Unicode {
			t.Fatalf("%q are taken for %s", texts, got)
		}
	})
}

// TestOldTextsComeBack: what was typed in an old font reads as it was meant,
// once the encoding of its column is known.
func TestOldTextsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		encoding := rapid.SampledFrom([]Encoding{TCVN3, VNI}).Draw(t, "encoding")
		name := rapid.SampledFrom(people).Draw(t, "name") + rapid.SampledFrom([]string{"", ", ", " (", " – "}).Draw(t, "between") + rapid.SampledFrom(places).Draw(t, "place")
		if got := Convert(encoding, draw(encoding, name)); got != drawable(encoding, name) {
			t.Fatalf("%s in %s came back as %s", name, encoding, got)
		}
	})
}

func FuzzConvert(f *testing.F) {
	for _, seed := range []string{"NguyÔn V¨n A", "Nguyeãn Vaên A", "Nguyễn Văn A", "D\u00AD¬ng", "Nguyá»…n", "a\u0300\u0323", "\xFF\xFE", "", "ÖÙ", "¹¹¹"} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, text, font string) {
		encoding := Detect([]string{text}, []string{font})
		for _, e := range append(old, encoding, Unicode) {
			got := Convert(e, text)
			if isASCII(text) && got != text {
				t.Fatalf("%q became %q", text, got)
			}
			if utf8.ValidString(text) && (!utf8.ValidString(got) || !norm.NFC.IsNormalString(got)) {
				t.Fatalf("%q read as %s became %q", text, e, got)
			}
		}
	})
}

func BenchmarkConvert(b *testing.B) {
	for _, encoding := range []Encoding{TCVN3, VNI, Unicode} {
		b.Run(fmt.Sprint(encoding), func(b *testing.B) {
			text := draw(encoding, "Nguyễn Thị Ngọc Ánh")
			for b.Loop() {
				Convert(encoding, text)
			}
		})
	}
}
