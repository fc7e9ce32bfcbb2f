package ui

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/locales"
)

func vietnamese(t *testing.T) context.Context {
	t.Helper()
	c, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	return i18n.With(context.Background(), c.Language("vi"))
}

func render(t *testing.T, c templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(vietnamese(t), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPartsSayWhatTheyShould(t *testing.T) {
	day := clock.NewDate(2026, 11, 3)
	for _, test := range []struct {
		name      string
		part      templ.Component
		has, lack string
	}{
		{"a wrong field is tied to its error", TextField{Name: "a", Label: "Tên", Help: "h", Error: "Thiếu tên"}, `aria-describedby="f-a-help f-a-error"`, ""},
		{"a wrong field says so", TextField{Name: "a", Error: "Thiếu tên"}, `aria-invalid="true"`, ""},
		{"a right field does not", TextField{Name: "a"}, `id="f-a"`, "aria-invalid"},
		{"what was typed is escaped", TextField{Name: "a", Value: `"><script>`}, `value="&#34;&gt;&lt;script&gt;"`, "<script>"},
		{"a required field is not optional", TextField{Name: "a", Required: true}, `aria-required="true"`, "không bắt buộc"},
		{"a password stays with the browser's own keeper", TextField{Name: "a", Kind: Password}, `autocomplete="current-password"`, ""},
		{"an id of its own", TextArea{Name: "a", ID: "x"}, `for="x"`, "f-a"},
		{"a leading line break of a text survives", TextArea{Name: "a", Value: "\nb"}, ">\n\nb<", ""},
		{"a day is written out", DateField{Name: "d", Day: day}, `value="03/11/2026"`, ""},
		{"what was typed goes before the day", DateField{Name: "d", Day: day, Value: "31/2"}, `value="31/2"`, "03/11"},
		{"no day is empty", DateField{Name: "d"}, `value=""`, ""},
		{"the chosen option", SelectField{Name: "s", Value: "b", Options: []Option{{Value: "a"}, {Value: "b", Label: "B"}}}, `<option value="b" selected>B`, ""},
		{"the first segment has the field's id", ChoiceField{Name: "c", Options: []Option{{Value: "a"}, {Value: "b"}}}, `id="f-c" value="a"`, "checked"},
		{"a chosen segment carries a sign", Segments{Name: "c", Value: "a", Options: []Option{{Value: "a", Mark: "✕"}}}, "✕", ""},
		{"a form sends its version", PostButton{Version: 7}, `name="version" value="7"`, ""},
		{"a new thing has none", PostButton{}, `method="post"`, "version"},
		{"a bad address is not linked to", LinkButton{Href: "javascript:alert(1)"}, `<a`, "javascript:alert"},
		{"an empty definition is a dash", DefinitionList{Items: []Definition{{Term: "Chức vụ"}}}, "–", ""},
		{"nothing waiting shows nothing", Badge{}, "", "badge"},
		{"no rows show what to do", Table{Empty: EmptyState{Title: "Chưa có đảng viên"}}, "Chưa có đảng viên", "<table"},
		{"a cell knows its column", Table{Columns: []Column{{Title: "Tên"}, {Title: "Tuổi"}}, Rows: []Row{{Cells: Cells("An", "30")}}}, `data-label="Tuổi"`, ""},
		{"a row is named by its head cell", Table{Columns: []Column{{Title: "STT"}, {Title: "Tên", Head: true}}, Rows: []Row{{Cells: Cells("1", "An")}}}, `<th scope="row" class="">An`, ""},
		{"a gap is no zero", Sparkline{Points: []Point{{Label: "10", Missing: true}}}, "không có số liệu", "circle"},
		{"a step counts", Stepper{Steps: []Step{{State: StepDone}, {Title: "Họp", State: StepCurrent}, {}}}, "Bước 2 trong 3", ""},
		{"good news ends the draft", flash(Flash{Tone: Good, Text: "Đã lưu"}), "data-accepted", ""},
		{"bad news does not", flash(Flash{Tone: Bad, Text: "Chưa lưu"}), `role="alert"`, "data-accepted"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := render(t, test.part)
			if !strings.Contains(got, test.has) {
				t.Errorf("lacks %q:\n%s", test.has, got)
			}
			if test.lack != "" && strings.Contains(got, test.lack) {
				t.Errorf("has %q:\n%s", test.lack, got)
			}
		})
	}
}

func TestErrorsAreReadInTheReadersLanguage(t *testing.T) {
	ctx := vietnamese(t)
	fields, _ := errs.As(errs.Field("due", "format.days_overdue", 3))
	whole, _ := errs.As(errs.New(errs.Conflict, "format.due_today"))
	for _, test := range []struct {
		name    string
		problem *errs.Error
		field   string
		want    string
		count   int
	}{
		{"none", nil, "due", "", 0},
		{"a field", fields, "due", "quá hạn 3 ngày", 1},
		{"another field", fields, "title", "", 1},
		{"the whole form", whole, "", "hạn hôm nay", 1},
	} {
		list := ErrorsOf(ctx, test.problem)
		if len(list) != test.count || list.For(test.field) != test.want {
			t.Errorf("%s: %+v", test.name, list)
		}
	}
}

func TestNavigationFitsAPhone(t *testing.T) {
	for _, test := range []struct{ items, shown, hidden int }{{0, 0, 0}, {4, 4, 0}, {5, 5, 0}, {6, 4, 2}, {9, 4, 5}} {
		p := Page{Nav: make([]NavItem, test.items)}
		if len(p.shownOnPhone()) != test.shown || len(p.hiddenOnPhone()) != test.hidden {
			t.Errorf("%d entries: %d shown, %d hidden", test.items, len(p.shownOnPhone()), len(p.hiddenOnPhone()))
		}
	}
}

func TestSparklineStaysInsideItsFrame(t *testing.T) {
	for _, test := range []struct {
		name string
		line Sparkline
		want string
	}{
		{"low left, high right", Sparkline{Points: []Point{{Value: 10}, {Value: 20}}}, "M5.0 43.0L235.0 5.0"},
		{"broken by a gap", Sparkline{Points: []Point{{Value: 10}, {Missing: true}, {Value: 20}}}, "M5.0 43.0M235.0 5.0"},
		{"cut at its bounds", Sparkline{Points: []Point{{Value: -5}, {Value: 200}}, Max: 100}, "M5.0 43.0L235.0 5.0"},
		{"level", Sparkline{Points: []Point{{Value: 7}, {Value: 7}}}, "M5.0 24.0L235.0 24.0"},
		{"alone", Sparkline{Points: []Point{{Value: 7}}}, "M120.0 24.0"},
		{"empty", Sparkline{}, ""},
	} {
		if got := test.line.path(); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestBarsKeepTheirProportions(t *testing.T) {
	for _, test := range []struct {
		value, whole float64
		want         string
	}{{0, 10, "0.0%"}, {5, 10, "50.0%"}, {20, 10, "100.0%"}, {-1, 10, "0.0%"}, {1, 0, "0%"}} {
		if got := percentOf(test.value, test.whole); got != test.want {
			t.Errorf("%v of %v: %s, want %s", test.value, test.whole, got, test.want)
		}
	}
}

func TestEveryIconIsDrawn(t *testing.T) {
	for _, name := range []Icon{IconDesk, IconMeeting, IconTask, IconPeople, IconPerson, IconChart, IconMap, IconSearch, IconDocument, IconSettings, IconBook, IconShield, IconTalk, IconHeart, IconBallot, IconMoney, IconStar, IconPrint, IconMore, IconFolder, IconTree, IconClock, IconBack} {
		if outlines[name] == "" {
			t.Errorf("%s has no outline", name)
		}
	}
}
