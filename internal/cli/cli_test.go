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
		head := strings.Join(unit.TreeTemplate()[:4], ",") + ",Loại hình chi bộ,Ngày thành lập\n"
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
	if code, o := outcomeOf("--apply"); code != 1 || o != (outcome{Rows: 1, Rejected: 1}) {
		t.Errorf("a faulty row: code %d, %+v", code, o)
	}
	write("CB-1,XA,Chi bộ thôn Đông,village_cell,village,01/08/2025\n")
	if code, o := outcomeOf(); code != 0 || o != (outcome{Rows: 1, OK: 1}) {
		t.Errorf("dry: code %d, %+v", code, o)
	}
	if code, o := outcomeOf("--apply"); code != 0 || o != (outcome{Rows: 1, OK: 1, Applied: true}) {
		t.Errorf("applied: code %d, %+v", code, o)
	}
	if code, o := outcomeOf("--apply"); code != 1 || o.Applied {
		t.Errorf("the same again: code %d, %+v", code, o)
	}
}
