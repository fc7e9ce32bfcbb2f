package blob_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"chibo/internal/platform/blob"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
)

const megabyte = 1 << 20

func store(t testing.TB) (*blob.Store, string) {
	t.Helper()
	dir := t.TempDir()
	s, err := blob.NewStore(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s, dir
}

func put(t testing.TB, s *blob.Store, name, content string) blob.File {
	t.Helper()
	f, err := s.Put(name, strings.NewReader(content), megabyte)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func place(dir, hash string) string { return filepath.Join(dir, hash[:2], hash[2:4], hash) }

// leftovers are the temporary files that a Put has not cleared away.
func leftovers(t testing.TB, dir string) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(dir, "incoming", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestPutKeepsTheBytes(t *testing.T) {
	s, dir := store(t)
	first := put(t, s, "Ý kiến.txt", "Đồng ý.\n")
	if first.Name != "Ý kiến.txt" || first.Media != blob.Text || first.Size != int64(len("Đồng ý.\n")) {
		t.Errorf("took %+v", first)
	}
	again := put(t, s, "khác.txt", "Đồng ý.\n")
	if again.Hash != first.Hash {
		t.Error("the same bytes have two hashes")
	}
	f, err := s.Open(first.Hash)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	content, err := io.ReadAll(f)
	if err != nil || string(content) != "Đồng ý.\n" {
		t.Errorf("read %q, %v", content, err)
	}
	if left := leftovers(t, dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestPutRefuses(t *testing.T) {
	s, dir := store(t)
	broken := errors.New("the line is cut")
	for _, row := range []struct {
		what    string
		name    string
		content io.Reader
		kind    errs.Kind
	}{
		{"an empty file", "a.txt", strings.NewReader(""), errs.Invalid},
		{"one byte too many", "a.txt", strings.NewReader(strings.Repeat("a", megabyte+1)), errs.TooLarge},
		{"as much as may be", "a.txt", strings.NewReader(strings.Repeat("a", megabyte)), testkit.OK},
		{"a marked secret", "Công văn MẬT.txt", strings.NewReader("a"), errs.Invalid},
		{"a program", "a.exe", strings.NewReader("MZ"), errs.Invalid},
		{"a line that breaks", "a.txt", io.MultiReader(strings.NewReader("a"), failing{broken}), errs.Internal},
	} {
		_, err := s.Put(row.name, row.content, megabyte)
		if row.kind == errs.Internal && !errors.Is(err, broken) {
			t.Errorf("%s: %v", row.what, err)
		}
		testkit.Want(t, err, row.kind)
	}
	if left := leftovers(t, dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestOpenRefuses(t *testing.T) {
	s, _ := store(t)
	for _, hash := range []string{"", "x", "../../../../etc/passwd", strings.Repeat("0", 64), strings.Repeat("A", 64)} {
		_, err := s.Open(hash)
		testkit.Want(t, err, errs.NotFound)
	}
}

func TestReadOnlyFolderIsUnavailable(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root writes everywhere")
	}
	s, dir := store(t)
	if err := os.Chmod(filepath.Join(dir, "incoming"), 0o500); err != nil {
		t.Fatal(err)
	}
	_, err := s.Put("a.txt", strings.NewReader("a"), megabyte)
	testkit.Want(t, err, errs.Unavailable)
}

func TestCheckFindsDamage(t *testing.T) {
	s, dir := store(t)
	whole, damaged := put(t, s, "a.txt", "nguyên vẹn"), put(t, s, "b.txt", "sẽ hỏng")
	if err := os.WriteFile(place(dir, damaged.Hash), []byte("đã hỏng"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	err := s.Check(context.Background(), func(hash string, damage error) error {
		got[hash] = damage != nil
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := map[string]bool{whole.Hash: false, damaged.Hash: true}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("damage %v, want %v", got, want)
	}
}

func TestSweepRemovesWhatNobodyHolds(t *testing.T) {
	s, dir := store(t)
	held, old, fresh := put(t, s, "a.txt", "giữ"), put(t, s, "b.txt", "cũ"), put(t, s, "c.txt", "mới")
	crashed := filepath.Join(dir, "incoming", "put-1")
	if err := os.WriteFile(crashed, []byte("dở"), 0o600); err != nil {
		t.Fatal(err)
	}
	lastWeek := time.Now().AddDate(0, 0, -7)
	for _, path := range []string{place(dir, held.Hash), place(dir, old.Hash), crashed} {
		if err := os.Chtimes(path, lastWeek, lastWeek); err != nil {
			t.Fatal(err)
		}
	}
	removed, err := s.Sweep(context.Background(), time.Now(), func(hashes []string) (map[string]bool, error) {
		return map[string]bool{held.Hash: true}, nil
	})
	if err != nil || removed != 1 {
		t.Errorf("removed %d, %v", removed, err)
	}
	for _, row := range []struct {
		file blob.File
		kind errs.Kind
	}{{held, testkit.OK}, {old, errs.NotFound}, {fresh, testkit.OK}} {
		f, err := s.Open(row.file.Hash)
		testkit.Want(t, err, row.kind)
		if err == nil {
			_ = f.Close()
		}
	}
	if left := leftovers(t, dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestSweepLeavesWhatIsPutAgainMeanwhile(t *testing.T) {
	s, dir := store(t)
	f := put(t, s, "a.txt", "một")
	lastWeek := time.Now().AddDate(0, 0, -7)
	if err := os.Chtimes(place(dir, f.Hash), lastWeek, lastWeek); err != nil {
		t.Fatal(err)
	}
	removed, err := s.Sweep(context.Background(), time.Now(), func([]string) (map[string]bool, error) {
		put(t, s, "a.txt", "một")
		return nil, nil
	})
	if err != nil || removed != 0 {
		t.Errorf("removed %d, %v", removed, err)
	}
}

func TestNames(t *testing.T) {
	for given, want := range map[string]string{
		"Báo cáo.PDF":                   "Báo cáo.pdf",
		`C:\Users\An\báo cáo.docx`:      "báo cáo.docx",
		"../../etc/passwd.txt":          "passwd.txt",
		"a\x00b\r\nc.txt":               "a b c.txt",
		"  .hidden.txt. ":               "hidden.txt",
		`a<b>:"c|d?*.txt`:               "a_b___c_d__.txt",
		strings.Repeat("ộ", 300) + ".t": strings.Repeat("ộ", 150) + ".t",
		"Tie\u0302\u0301ng.txt":         "Tiếng.txt",
	} {
		got, err := blob.Name(given)
		if err != nil || got != want {
			t.Errorf("%q became %q, %v; want %q", given, got, err, want)
		}
	}
	for _, given := range []string{"", " ", ".", "..", "/", "a." + strings.Repeat("x", 30)} {
		_, err := blob.Name(given)
		testkit.WantField(t, err, "file")
	}
}

func TestSecretMarks(t *testing.T) {
	for name, secret := range map[string]bool{
		"Công văn 12 MẬT.pdf":                     true,
		"cv12 (Mật).pdf":                          true,
		"TỐI MẬT - kế hoạch.docx":                 true,
		"Kế hoạch tuyệt mật.docx":                 true,
		"ke hoach tuyet mat.docx":                 true,
		"TOI_MAT_12.pdf":                          true,
		"12-CV-MAT.pdf":                           true,
		"CÔNG VĂN\u00a0MA\u0323\u0302T.pdf":       true, // combining accents, a space that does not break
		"Bảo vệ bí mật nhà nước.pdf":              false,
		"BẢO VỆ BÍ MẬT NHÀ NƯỚC.pdf":              false,
		"BAO VE BI MAT NHA NUOC.pdf":              false,
		"Mật độ dân số.xlsx":                      false,
		"Hội nuôi ong mật ong rừng.docx":          false,
		"Mặt trận Tổ quốc.docx":                   false,
		"MAT TRAN TO QUOC.docx":                   false,
		"mat bang xay dung.jpg":                   false,
		"Đồng chí An mất thẻ đảng.pdf":            false,
		"Tôi mất thẻ.pdf":                         false,
		"Biên bản sinh hoạt chi bộ 11-2026.docx":  false,
		"Ma trận đánh giá.xlsx":                   false,
		"Nghị quyết về chính trị, tư tưởng.docx":  false,
		"matxcova.jpg":                            false,
		"Danh sách đảng viên thân mật thiết.xlsx": false,
	} {
		_, err := blob.Name(name)
		if got := err != nil; got != secret {
			t.Errorf("%q: refused %v, want %v", name, got, secret)
		}
	}
}

func FuzzName(f *testing.F) {
	for _, seed := range []string{"Báo cáo.pdf", `..\..\x.txt`, "a\x00.txt", "ộ.ộ", "a .txt", strings.Repeat("a", 400) + ".txt"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, given string) {
		name, err := blob.Name(given)
		if err != nil {
			testkit.WantField(t, err, "file")
			return
		}
		if strings.ContainsAny(name, "/\\\x00\r\n\"<>") || name == "." || name == ".." || strings.HasPrefix(name, ".") {
			t.Errorf("%q became %q", given, name)
		}
		again, err := blob.Name(name)
		if err != nil || again != name {
			t.Errorf("%q became %q, then %q, %v", given, name, again, err)
		}
	})
}

func FuzzSniff(f *testing.F) {
	for _, seed := range []struct{ name, content string }{
		{"a.txt", "Đồng ý"},
		{"a.pdf", "%PDF-1.7"},
		{"a.docx", archive("[Content_Types].xml", "x", "word/document.xml", "x")},
		{"a.odt", archive("mimetype", blob.ODT)},
		{"a.jpg", "\xff\xd8\xff\xe0"},
		{"a.doc", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"},
	} {
		f.Add(seed.name, []byte(seed.content))
	}
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		media, err := blob.Sniff(name, bytes.NewReader(content))
		switch {
		case err != nil:
			if !errs.Is(err, errs.Invalid) {
				t.Errorf("kind %v: %v", errs.KindOf(err), err)
			}
		case bytes.HasPrefix(content, []byte("MZ")) && media != blob.Text, media == "":
			t.Errorf("took %q as %q", content, media)
		case media == blob.Text && (bytes.ContainsRune(content, 0) || !bytes.Equal(content, bytes.ToValidUTF8(content, nil))):
			t.Errorf("took %q as text", content)
		}
	})
}
