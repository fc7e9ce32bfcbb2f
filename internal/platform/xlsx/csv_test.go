package xlsx

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"

	"chibo/internal/platform/errs"
)

func TestCSVLetters(t *testing.T) {
	const text = "TT;Họ và tên\r\n1;Nguyễn Văn Ước\r\n"
	want := []line{{1, []string{"TT", "Họ và tên"}}, {2, []string{"1", "Nguyễn Văn Ước"}}}
	utf16 := func(order unicode.Endianness) string {
		s, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for name, data := range map[string]string{
		"UTF-8": text, "UTF-8 with a mark": "\uFEFF" + text, "UTF-16LE": utf16(unicode.LittleEndian), "UTF-16BE": utf16(unicode.BigEndian),
	} {
		if diff := cmp.Diff(want, readAll(t, []byte(data))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	old := readAll(t, []byte("STT,H\xE4 t\xAAn\n1,D\xAD\xACng \x93x\x94\n"))
	if diff := cmp.Diff([]line{{1, []string{"STT", "Hä tªn"}}, {2, []string{"1", "D\u00AD¬ng “x”"}}}, old); diff != "" {
		t.Errorf("one byte a letter: %s", diff)
	}
}

// TestCSVLettersFarDown: what a file is written in may show in its last line,
// and a letter may lie across the pieces in which it is read.
func TestCSVLettersFarDown(t *testing.T) {
	for shift := range 4 {
		long := strings.Repeat("a", shift) + strings.Repeat("ễ,\n", 3*sniffed/4)
		rows := readAll(t, []byte(long))
		if rows[len(rows)-1].Cells[0] != "ễ" {
			t.Fatalf("shifted by %d it reads %q", shift, rows[len(rows)-1].Cells)
		}
		old := readAll(t, []byte(strings.Repeat("abc,d\n", sniffed)+"Ph\xB9m"))
		if last := old[len(old)-1].Cells[0]; last != "Ph¹m" {
			t.Fatalf("the last line reads %q", last)
		}
	}
}

func TestCSVSeparators(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want rune
	}{
		"title":              {"DANH SÁCH, năm 2026\n\nTT;Tên;Sinh\n1;A, B;1960\n2;C;1961\n", ';'},
		"commas in texts":    {"TT\tTên\n1\tA, B, C\n2\tD, E\n", '\t'},
		"quoted":             {"a;b,c\n\"x,y\n,,,\";z,1\n", ','},
		"only one column":    {"a\nb\n", ','},
		"decimal comma":      {"a;b;c\n1,5;2;3\n1,5;2;4\n", ';'},
		"nothing to go by":   {"", ','},
		"named, unlike rest": {"sep=;\r\na,b;c\r\n", ';'},
		"named oddly":        {"sep=x\r\na;b\r\n", ';'},
	} {
		file := &csvFile{from: strings.NewReader(c.text), size: int64(len(c.text))}
		if err := file.findSeparator(); err != nil || file.separator != c.want {
			t.Errorf("%s: %q, %v, want %q", name, file.separator, err, c.want)
		}
	}
}

// TestCSVRowNumbers counts as Excel does, which shows a quoted text of several
// lines in one row, and the line that names the separator in none.
func TestCSVRowNumbers(t *testing.T) {
	rows := readAll(t, []byte("sep=;\r\na\r\n\r\n\"b\r\nc\nd\";\"\n\"\r\ne\r\n"))
	want := []line{{1, []string{"a"}}, {3, []string{"b\nc\nd", "\n"}}, {4, []string{"e"}}}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
}

func TestCSVTextsThatLookLikeFormulas(t *testing.T) {
	if diff := cmp.Diff([]line{{1, []string{"0123", "+84 90", "-", "@a"}}}, readAll(t, []byte("\"=\"\"0123\"\"\",+84 90,-,@a\n"))); diff != "" {
		t.Error(diff)
	}
	for _, formula := range []string{"=1+1", "=", `"=""a""&""b"""`, "=cmd|' /C calc'!A0"} {
		data := []byte("x,y\nz," + formula + "\n")
		_, err := collect(data, UsualLimits())
		if e, ok := errs.As(err); !ok || e.Message.Key != "xlsx.formula" || e.Message.Args[1] != "B2" {
			t.Errorf("%s: %v", formula, err)
		}
	}
}

func TestCSVEmptyLinesAreNoRows(t *testing.T) {
	data := append(bytes.Repeat([]byte("\n"), maxRow), "a\n"...)
	_, err := collect(data, UsualLimits())
	if e, ok := errs.As(err); !ok || e.Message.Key != "xlsx.too_many_rows" {
		t.Errorf("a row below the end of Excel: %v", err)
	}
}
