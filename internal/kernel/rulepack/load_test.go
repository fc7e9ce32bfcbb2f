package rulepack

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
)

// head is a valid header of nine lines; the section begins on line 10.
const head = `id: a
kind: %s
profile: T
from: 2025-01-01
to: 2025-12-31
citation: a test
standing: primary
note: none
gaps: []
`

func filesOf(texts ...string) fstest.MapFS {
	files := fstest.MapFS{}
	for i, text := range texts {
		files[fmt.Sprintf("t/%c.yaml", 'a'+i)] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

func paramsPack(id, from, to, more, body string) string {
	text := fmt.Sprintf("id: %s\nkind: params\nprofile: T\nfrom: %s\ncitation: a test\nstanding: primary\n", id, from)
	if to != "" {
		text += "to: " + to + "\n"
	}
	return text + more + "params:\n" + body
}

const minutes90 = "  length: {value: 90, unit: min, source: s, standing: primary}\n"

// A wrong pack is refused with file, line and the reason.
func TestLoadNamesFileAndLine(t *testing.T) {
	sheet := func(line string) string {
		return fmt.Sprintf(head, "scoresheet") + `scoresheet:
  title: T
  lengths: [{minutes: 90}]
  classes: [{id: good, label: G, min: 0}]
  criteria:
    - id: "1"
      label: C
      max: 5
      lines:
        - ` + line + "\n"
	}
	params := func(line string) string { return fmt.Sprintf(head, "params") + "params:\n  " + line + "\n" }
	for _, c := range []struct{ name, text, want string }{
		{"not YAML", "id: [", "t/a.yaml:1:"},
		{"two documents", "id: a\n---\nid: b\n", "t/a.yaml:1:1: a file holds exactly one document"},
		{"no kind", "id: a\n", "kind is missing"},
		{"unknown kind", "id: a\nkind: parms\n", `t/a.yaml:2:7: unknown kind "parms"`},
		{"unknown key of the header", fmt.Sprintf(head, "params") + "form: 2025-01-01\nparams: {}\n", `t/a.yaml:10:7: unknown key "form"`},
		{"another kind's section", fmt.Sprintf(head, "params") + "rhythm: {}\n", `t/a.yaml:10:9: unknown key "rhythm"`},
		{"no section", fmt.Sprintf(head, "params"), `the section "params" is missing`},
		{"impossible date", strings.Replace(fmt.Sprintf(head, "params"), "2025-01-01", "2025-02-30", 1) + "params: {}\n", "t/a.yaml:4:7: date"},
		{"ends before it begins", strings.Replace(fmt.Sprintf(head, "params"), "2025-12-31", "2024-12-31", 1) + "params: {}\n", "t/a.yaml:5:5: the last day 2024-12-31 is before"},
		{"no value", strings.Replace(fmt.Sprintf(head, "params"), "note: none", "note:", 1) + "params: {}\n", "t/a.yaml:8:6: no value"},
		{"bad standing", strings.Replace(fmt.Sprintf(head, "params"), "primary", "certain", 1) + "params: {}\n", `t/a.yaml:7:11: standing "certain"`},
		{"bad province", fmt.Sprintf(head, "params") + "overlay: HN\nparams: {}\n", `t/a.yaml:10:10: overlay "HN"`},
		{"anchor", fmt.Sprintf(head, "params") + "params: &x {}\n", "anchor is not allowed"},
		{"key given twice", params("a: {value: 1, value: 2, unit: d, source: s, standing: primary}"), "t/a.yaml:11:"},
		{"unknown key in the body", params("a: {valeu: 1, unit: d, source: s, standing: primary}"), `t/a.yaml:11:14: unknown key "valeu"`},
		{"fraction", params("a: {value: 1.5, unit: d, source: s, standing: primary}"), "t/a.yaml:11:14: want a text"},
		{"number that is no number", params("a: {value: abc, unit: d, source: s, standing: primary}"), "t/a.yaml:11:14: a.value: the value does not fit the unit d"},
		{"unknown unit", params("a: {value: 1, unit: days, source: s, standing: primary}"), `t/a.yaml:11:23: a.unit: unknown unit "days"`},
		{"ratio without end", params(`a: {value: "1/0", unit: ratio, source: s, standing: primary}`), `t/a.yaml:11:14: a.value: "1/0" is not a ratio`},
		{"text for a number", sheet(`{id: "1", label: L, max: "5", mode: toggle}`), "t/a.yaml:19:36: want a whole number, have string"},
		{"number for a text", sheet(`{id: 1, label: L, max: 5, mode: toggle}`), "t/a.yaml:19:16: want a text (quote it if it looks like a number), have integer"},
		{"typo in a condition", sheet(`{id: "1", label: L, max: 5, mode: toggle, evidence: [x], reason: r, reason_not: n, expr: presnt > 0}`), "t/a.yaml:19:100: condition \"presnt > 0\": unknown name presnt"},
		{"condition that is no truth", sheet(`{id: "1", label: L, max: 5, mode: toggle, evidence: [x], reason: r, reason_not: n, expr: present + 1}`), "expected bool"},
		{"division in a condition", sheet(`{id: "1", label: L, max: 5, mode: toggle, evidence: [x], reason: r, reason_not: n, expr: present / entitled > 1}`), "/ is not exact"},
		{"fraction in a condition", sheet(`{id: "1", label: L, max: 5, mode: toggle, evidence: [x], reason: r, reason_not: n, expr: present >= 0.9 * 10}`), "a fraction is not exact"},
		{"place nobody fills", sheet(`{id: "1", label: L, max: 5, mode: toggle, evidence: [x], reason: "{presnt}", reason_not: n, expr: present > 0}`), "nothing fills {presnt}"},
		{"sum of lines", sheet(`{id: "1", label: L, max: 4, mode: toggle}`), "t/a.yaml:17:12: criteria[0].max: the lines of 1 sum to 4, not 5"},
		{"best option", sheet(`{id: "1", label: L, max: 5, mode: choose, options: [{id: a, label: A, points: 4}]}`), "the best option earns 4, not 5"},
		{"missing label", sheet(`{id: "1", max: 5, mode: toggle}`), "label is missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Load(filesOf(c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("want %q, have %v", c.want, err)
			}
		})
	}
}

// Packs that do not fit together are refused, all faults at once.
func TestLoadComparesPacks(t *testing.T) {
	first := paramsPack("a", "2025-01-01", "2025-06-30", "", minutes90)
	for _, c := range []struct {
		name  string
		packs []string
		want  []string
	}{
		{"same id", []string{first, first}, []string{`t/b.yaml:1:`, `id "a" is also in t/a.yaml`}},
		{"overlap", []string{first, paramsPack("b", "2025-06-30", "", "", minutes90)}, []string{"t/b.yaml:1:1: b is in force from 2025-06-30 while a (t/a.yaml) still is"}},
		{"open end, then another", []string{paramsPack("a", "2025-01-01", "", "", minutes90), paramsPack("b", "2026-01-01", "", "", minutes90)}, []string{"while a"}},
		{"key in two registries", []string{first, paramsPack("b", "2025-01-01", "", "name: other\n", minutes90)}, []string{`parameter "length" also lives in`}},
		{"extends nothing", []string{paramsPack("a", "2025-01-01", "", "extends: x\n", minutes90)}, []string{`t/a.yaml:7:10: no pack "x" to extend`}},
		{"extends itself", []string{paramsPack("a", "2025-01-01", "2025-01-02", "extends: b\n", minutes90), paramsPack("b", "2025-01-03", "", "extends: a\n", minutes90)}, []string{"extends itself"}},
		{"extends another kind's name", []string{first, paramsPack("b", "2026-01-01", "", "name: other\nextends: a\n", minutes90)}, []string{"is of another kind, name or overlay"}},
		{"overlay over nothing", []string{first, paramsPack("b", "2026-01-01", "", "overlay: \"01\"\n", minutes90)}, []string{"b lies over no common pack"}},
		{"overlay that breaks the pack", []string{first, paramsPack("b", "2025-01-01", "", "overlay: \"01\"\n", "  length: {unit: text}\n")}, []string{"t/b.yaml:9:", "the value does not fit the unit text"}},
		{"cases of nobody", []string{first}, []string{`cases of an unknown pack "z"`}},
		{"two faults", []string{"id: a\nkind: x\n", "id: b\nkind: y\n"}, []string{`t/a.yaml:2:7: unknown kind "x"`, `t/b.yaml:2:7: unknown kind "y"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := filesOf(c.packs...)
			if c.name == "cases of nobody" {
				files["t/cases/z.yaml"] = &fstest.MapFile{Data: []byte("pack: z\ncases: []\n")}
			}
			_, err := Load(files)
			for _, want := range c.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("want %q, have %v", want, err)
				}
			}
		})
	}
}

// The day and the province choose the pack; holes are named, not filled.
func TestPackInForce(t *testing.T) {
	set, err := Load(filesOf(
		paramsPack("a", "2025-01-01", "2025-06-30", "", minutes90),
		paramsPack("b", "2025-08-01", "", "extends: a\n", "  length: {value: 100}\n"),
		paramsPack("c", "2025-06-01", "", "overlay: \"01\"\n", "  length: {value: 60}\n  extra: {value: 7, unit: d, source: s, standing: unsure}\n"),
		paramsPack("d", "2025-08-01", "", "overlay: \"79\"\nreplaces: true\n", "  only: {value: 1, unit: d, source: s, standing: primary}\n"),
	))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		province, day, key string
		id                 string
		value              int
	}{
		{"", "2025-01-01", "length", "a", 90},
		{"", "2025-06-30", "length", "a", 90},
		{"", "2025-08-01", "length", "b", 100},
		{"01", "2025-05-31", "length", "a", 90},
		{"01", "2025-06-01", "length", "a+c", 60},
		{"01", "2026-01-01", "length", "b+c", 60},
		{"01", "2026-01-01", "extra", "b+c", 7},
		{"02", "2026-01-01", "length", "b", 100},
		{"79", "2026-01-01", "only", "b+d", 1},
	} {
		param, ref, err := set.Param(c.key, c.province, clock.MustDate(c.day))
		if err != nil || ref.ID != c.id || param.Value.Int != c.value || len(ref.Hash) != 64 {
			t.Errorf("%s in %q on %s: %v %v %v, want %s %d", c.key, c.province, c.day, param, ref, err, c.id, c.value)
		}
	}
	for _, c := range []struct{ province, day, key string }{
		{"", "2024-12-31", "length"},
		{"", "2025-07-15", "length"},
		{"01", "2025-07-15", "length"},
		{"", "2026-01-01", "extra"},
		{"79", "2026-01-01", "length"},
	} {
		if _, _, err := set.Param(c.key, c.province, clock.MustDate(c.day)); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s in %q on %s: %v, want no rule", c.key, c.province, c.day, err)
		}
	}
	if holes := set.Holes(); len(holes) != 1 || holes[0] != "params: no rule from 2025-07-01 to 2025-07-31" {
		t.Errorf("holes %q", holes)
	}
}

// Lists are merged by id, others replaced, and the base stays as it was.
func TestOverlayMergesLists(t *testing.T) {
	topics := fmt.Sprintf(head, "topics") + "topics:\n  topics:\n    - {id: x, label: X, cell_types: [village]}\n    - {id: y, label: Y}\n"
	over := strings.Replace(fmt.Sprintf(head, "topics"), "id: a", "id: o", 1) +
		"overlay: \"01\"\ntopics:\n  topics:\n    - {id: x, label: X2, cell_types: [agency]}\n    - {id: z, label: Z}\n"
	set, err := Load(filesOf(topics, over))
	if err != nil {
		t.Fatal(err)
	}
	day := clock.MustDate("2025-03-03")
	local, _, err := Rule[Topics](set, "topics", "01", day)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(local.Topics); got != "[{x X2  [agency] } {y Y  [] } {z Z  [] }]" {
		t.Errorf("merged: %s", got)
	}
	common, _, _ := Rule[Topics](set, "topics", "", day)
	if got := fmt.Sprint(common.Topics); got != "[{x X  [village] } {y Y  [] }]" {
		t.Errorf("base: %s", got)
	}
}

// The hash stands for what a pack decides by, and for nothing else.
func TestHash(t *testing.T) {
	hash := func(text string) string {
		set, err := Load(filesOf(text))
		if err != nil {
			t.Fatal(err)
		}
		pack, err := set.On("params", "", clock.MustDate("2025-01-01"))
		if err != nil {
			t.Fatal(err)
		}
		return pack.Hash
	}
	base := hash(paramsPack("a", "2025-01-01", "", "", minutes90))
	for name, c := range map[string]struct {
		text string
		same bool
	}{
		"closed later":   {paramsPack("a", "2025-01-01", "2025-06-30", "", minutes90), true},
		"noted":          {paramsPack("a", "2025-01-01", "", "note: n\ngaps: [g]\n", minutes90), true},
		"other spelling": {paramsPack("a", "2025-01-01", "", "", "  length:\n    standing: primary\n    source: s\n    unit: min\n    value: 90\n"), true},
		"other value":    {paramsPack("a", "2025-01-01", "", "", strings.Replace(minutes90, "90", "91", 1)), false},
		"other day":      {paramsPack("a", "2024-12-31", "", "", minutes90), false},
		"other id":       {paramsPack("b", "2025-01-01", "", "", minutes90), false},
	} {
		if same := hash(c.text) == base; same != c.same {
			t.Errorf("%s: same hash is %t", name, same)
		}
	}
}

// A pack can be read into another type, as strictly as into its own.
func TestDecodeIntoOwnType(t *testing.T) {
	set, err := Load(filesOf(paramsPack("a", "2025-01-01", "", "", minutes90)))
	if err != nil {
		t.Fatal(err)
	}
	pack, _ := set.On("params", "", clock.MustDate("2025-01-01"))
	type length struct {
		Length struct {
			Value    int    `yaml:"value"`
			Unit     string `yaml:"unit"`
			Source   string `yaml:"source"`
			Standing string `yaml:"standing"`
		} `yaml:"length"`
	}
	if got, err := Decode[length](pack); err != nil || got.Length.Value != 90 || got.Length.Unit != "min" {
		t.Errorf("%+v %v", got, err)
	}
	type tooSmall struct {
		Length struct {
			Value int `yaml:"value"`
		} `yaml:"length"`
	}
	if _, err := Decode[tooSmall](pack); err == nil || !strings.Contains(err.Error(), `unknown key "unit"`) {
		t.Errorf("want unknown key, have %v", err)
	}
}

// A value is given only in the unit that was asked for.
func TestUnitIsChecked(t *testing.T) {
	set, err := Load(filesOf(paramsPack("a", "2025-01-01", "", "", minutes90)))
	if err != nil {
		t.Fatal(err)
	}
	day := clock.MustDate("2025-01-01")
	if n, err := set.Minutes("length", "", day); err != nil || n != 90 {
		t.Errorf("minutes: %d %v", n, err)
	}
	if _, err := set.Days("length", "", day); err == nil || errs.Is(err, errs.Invalid) {
		t.Errorf("days of minutes: %v, want an internal error", err)
	}
	if _, _, err := set.Due("length", "", day); err == nil {
		t.Error("minutes are no deadline")
	}
}

// A failing case is counted and named with its place.
func TestSummaryCountsFailedCases(t *testing.T) {
	set, err := Load(filesOf(paramsPack("a", "2025-01-01", "", "cases:\n  - {key: length, value: 90}\n  - {key: length, value: 91}\n  - {key: none}\n", minutes90)))
	if err != nil {
		t.Fatal(err)
	}
	s := set.Summary()[0]
	if s.Cases != 3 || s.Passed != 1 || len(s.Failed) != 2 || s.Failed[0] != "t/a.yaml:9: length is 90, want 91" {
		t.Errorf("%+v", s)
	}
}

// Whatever the bytes, Load answers with a set or with faults that name the file.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(paramsPack("a", "2025-01-01", "", "", minutes90)))
	f.Add([]byte(fmt.Sprintf(head, "holidays") + "holidays:\n  year: 2025\n  weekend: [sunday]\n  off: [{date: 2025-01-01, name: x}]\n"))
	f.Add([]byte(fmt.Sprintf(head, "scoresheet") + "scoresheet:\n  title: t\n  lengths: [{when: combined, minutes: 1}]\n"))
	f.Add([]byte("a: &b [*b]\n"))
	f.Add([]byte("id: !!int 1\n<<: {}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		set, err := Load(fstest.MapFS{"t/a.yaml": {Data: text}})
		if (set == nil) == (err == nil) {
			t.Fatalf("set %v, error %v", set, err)
		}
		if err != nil && !strings.HasPrefix(err.Error(), "t/a.yaml:") {
			t.Fatalf("fault without its file: %v", err)
		}
		if set != nil {
			set.Summary()
		}
	})
}
