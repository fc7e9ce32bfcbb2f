package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chibo/internal/app"
	"chibo/internal/domain/intake"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// run runs the command line in the folder and gives what it printed.
func run(t *testing.T, folder string, args ...string) (code int, out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	code = Run(context.Background(), append([]string{"--data", folder}, args...), &o, &e)
	return code, o.String(), e.String()
}

func TestCommandLine(t *testing.T) {
	for _, test := range []struct {
		name string
		args []string
		code int
		out  string
		err  string
	}{
		{"help names every command", []string{"--help"}, 0, "check", ""},
		{"an unknown command", []string{"fly"}, 2, "", "unexpected argument fly"},
		{"rules", []string{"rules"}, 0, "Hướng dẫn 42-HD/BTCTW", ""},
		{"an empty database is in order", []string{"check"}, 0, "journal: 0 entries", ""},
		{"inviting nobody", []string{"user", "khong-co"}, 1, "", "Không tìm thấy"},
		{"a benchmark that is not there", []string{"bench", "flight"}, 1, "", "flight"},
		{"a file that is not there", []string{"import", "members", "/no/such/file", "--unit", "A"}, 2, "", "/no/such/file"},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, out, errOut := run(t, t.TempDir(), test.args...)
			if code != test.code || !strings.Contains(out, test.out) || !strings.Contains(errOut, test.err) {
				t.Errorf("code %d, printed %q and %q", code, out, errOut)
			}
		})
	}
}

// Whoever reads the code of a check that was cut off must not believe that all is
// in order.
func TestInterrupted(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var out, errOut bytes.Buffer
	if code := Run(ctx, []string{"--data", t.TempDir(), "check"}, &out, &errOut); code != interrupted || out.Len() > 0 || !strings.Contains(errOut.String(), "ngắt") {
		t.Errorf("code %d, printed %q and %q", code, &out, &errOut)
	}
}

func TestRulesAsJSON(t *testing.T) {
	_, out, _ := run(t, t.TempDir(), "rules", "--json")
	var packs []rulepack.Summary
	if err := json.Unmarshal([]byte(out), &packs); err != nil {
		t.Fatal(err)
	}
	for _, p := range packs {
		if p.Citation == "" || p.From.IsZero() || p.Passed != p.Cases {
			t.Errorf("%s: citation %q, from %v, %d of %d cases", p.ID, p.Citation, p.From, p.Passed, p.Cases)
		}
	}
}

// commune makes a database with one unit and gives its folder.
func commune(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	a, err := app.Open(context.Background(), app.Config{Data: folder})
	if err != nil {
		t.Fatal(err)
	}
	err = a.DB.Update(context.Background(), func(tx *db.Tx) error {
		_, err := unit.Found(tx, access.Console(), unit.New{
			Founded: clock.NewDate(2025, 7, 1), Decision: "Quyết định 01-QĐ/TU",
			Fields: unit.Fields{Code: "XA", Name: "Đảng bộ xã An Bình", Kind: "commune_party"},
		})
		return err
	})
	if err := firstOf(err, a.PlaceEntries(context.Background()), a.Close()); err != nil {
		t.Fatal(err)
	}
	return folder
}

func firstOf(failures ...error) error {
	for _, err := range failures {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestCheckNamesTheFirstDamage(t *testing.T) {
	folder := commune(t)
	if code, out, errOut := run(t, folder, "check"); code != 0 || !strings.Contains(out, "journal: 1 entries") {
		t.Fatalf("code %d, %q, %q", code, out, errOut)
	}
	d, err := db.Open(context.Background(), filepath.Join(folder, "chibo.db"), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Pool().Exec(`UPDATE journal SET verb = 'unit.Change'`); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if code, _, errOut := run(t, folder, "check"); code != 1 || !strings.Contains(errOut, "position 0") {
		t.Errorf("code %d, %q", code, errOut)
	}
}

func TestImportChecksFirstAndWritesOnlyWhenTold(t *testing.T) {
	folder := commune(t)
	sheet := filepath.Join(t.TempDir(), "units.csv")
	write := func(row string) {
		head := strings.Join(intake.Template(intake.Units)[:4], ",") + ",Loại hình chi bộ,Ngày thành lập\n"
		if err := os.WriteFile(sheet, []byte(head+row), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	outcomeOf := func(args ...string) (code int, o outcome) {
		code, out, errOut := run(t, folder, append([]string{"import", "units", sheet, "--json"}, args...)...)
		lines := strings.Split(strings.TrimSpace(out), "\n")
		if err := json.Unmarshal([]byte(lines[len(lines)-1]), &o); err != nil {
			t.Fatalf("%v in %q, %q", err, out, errOut)
		}
		return code, o
	}

	write("CB-1,XA,Chi bộ thôn Đông,Không có loại này,,01/08/2025\n")
	if code, o := outcomeOf("--apply"); code != 1 || o != (outcome{Rows: 1, Rejected: 1, Encoding: "unicode"}) {
		t.Errorf("a faulty row: code %d, %+v", code, o)
	}
	write("CB-1,XA,Chi bộ thôn Đông,village_cell,village,01/08/2025\n")
	if code, o := outcomeOf(); code != 0 || o != (outcome{Rows: 1, OK: 1, Encoding: "unicode"}) {
		t.Errorf("dry: code %d, %+v", code, o)
	}
	if code, o := outcomeOf("--apply"); code != 0 || o != (outcome{Rows: 1, OK: 1, Encoding: "unicode", Applied: true}) {
		t.Errorf("applied: code %d, %+v", code, o)
	}
	if code, o := outcomeOf("--apply"); code != 1 || o.Applied {
		t.Errorf("the same again: code %d, %+v", code, o)
	}
}

// TestWhatComesOutGoesInAgain exports an organisation, imports it into an empty
// installation, and exports it again: the same rows.
func TestWhatComesOutGoesInAgain(t *testing.T) {
	first, second := commune(t), t.TempDir()
	folder := t.TempDir()
	must := func(data string, args ...string) {
		t.Helper()
		if code, out, errOut := run(t, data, args...); code != 0 {
			t.Fatalf("%v: code %d, %s%s", args, code, out, errOut)
		}
	}
	members := filepath.Join(folder, "register.csv")
	if err := os.WriteFile(members, []byte("Mã chi bộ,Tổ đảng,Họ và tên,Giới tính,Ngày sinh,Ngày vào Đảng,Ngày chính thức,Số thẻ,Giáo dục phổ thông\n"+
		"CB-1,Tổ đảng 1,Lò Thị Mây,Nữ,05/06/1988,03/02/2012,03/02/2013,010180000009,12/12\nCB-1,,Vàng A Páo,Nam,1990,19/05/2026,,,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	units := filepath.Join(folder, "cells.csv")
	if err := os.WriteFile(units, []byte("Mã,Trực thuộc,Tên,Loại,Loại hình chi bộ,Ngày thành lập\nCB-1,XA,Chi bộ thôn Đông,village_cell,village,01/08/2025\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	must(first, "import", "units", units, "--unit", "XA", "--apply")
	must(first, "import", "members", members, "--unit", "XA", "--apply")
	posts := filepath.Join(folder, "posts.csv")
	if err := os.WriteFile(posts, []byte("Chi bộ,Họ và tên,Chức vụ,Hình thức,Từ ngày,Số quyết định\nThôn Đông,Lò Thị Mây,Bí thư chi bộ,Bầu,01/09/2025,15-QĐ/ĐU\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	must(first, "import", "posts", posts, "--unit", "XA", "--apply")
	for _, what := range []string{"units", "members", "posts"} {
		out, again := filepath.Join(folder, what+"1.csv"), filepath.Join(folder, what+"2.csv")
		must(first, "export", what, out, "--unit", "XA")
		args := []string{"import", what, out, "--apply"}
		if what != "units" {
			args = append(args, "--unit", "XA")
		}
		must(second, args...)
		must(second, "export", what, again, "--unit", "XA")
		sameFile(t, out, again)
	}

	// The same through a workbook of several sheets.
	third, book := t.TempDir(), filepath.Join(folder, "members.xlsx")
	must(first, "export", "members", book, "--unit", "XA", "--sheet-rows", "2")
	must(third, "import", "units", filepath.Join(folder, "units1.csv"), "--apply")
	for _, sheet := range []string{"XA", "XA (2)"} {
		must(third, "import", "members", book, "--sheet", sheet, "--unit", "XA", "--apply")
	}
	must(third, "export", "members", filepath.Join(folder, "members3.csv"), "--unit", "XA")
	sameFile(t, filepath.Join(folder, "members1.csv"), filepath.Join(folder, "members3.csv"))
}

func sameFile(t *testing.T, one, other string) {
	t.Helper()
	before, err := os.ReadFile(one)
	if err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(other)
	if err != nil {
		t.Fatal(err)
	}
	if string(before) != string(after) || strings.Count(string(before), "\n") < 2 {
		t.Errorf("first it was\n%s\nand then\n%s", before, after)
	}
}
