package reorganisation_test

import (
	"regexp"
	"strings"
	"testing"

	"chibo/internal/testkit/browser"
	"chibo/internal/testkit/visit"
)

// TestManyUnits: where a list of units would be too long they are found by name,
// and what was typed and ticked stays.
func TestManyUnits(t *testing.T) {
	s := newSite(t)
	o := s.Org
	o.Crowd(s.K, 501)
	office := s.As(o.Office)
	office.Get("/reorganisations").Want(200, "Lập phương án")
	office.Get("/reorganisations/new").Want(200, `name="unit_words"`, "Đảng bộ xã An Bình")
	office.Post("/reorganisations/new", "unit_words", "an binh", "look", "1", "title", "Về việc chia tách").Want(200, "Đảng bộ xã An Bình", `value="Về việc chia tách"`)
	office.Get("/reorganisations").Want(200, "Chưa có phương án nào")
	begun := office.Post("/reorganisations/new", "unit_words", "an binh", "unit", o.Commune.ID.String(), "title", "Về việc chia tách",
		"number", "21-QĐ/ĐU", "decided", "1/11/2026", "effective", "3/11/2026")
	plan := strings.Split(begun.Header.Get("Location"), "?")[0]
	version := func() string {
		return regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(office.Get(plan + "/edit").Body)[1]
	}
	step := func(fields ...string) visit.Answer {
		return office.Post(plan+"/steps/new", append([]string{"version", version(), "kind", "split"}, fields...)...)
	}
	office.Get(plan+"/steps/new?kind=split").Want(200, `name="unit_words"`, `name="to_rest_words"`).Lacks("Chi bộ thôn Đông")
	step("unit_words", "thon dong", "to_rest_words", "", "stays", "1", "look", "1").Want(200, "Chi bộ thôn Đông", "checked").Lacks("Chi bộ thôn Tây")
	step("unit_words", "thon dong", "unit", o.CellA.ID.String(), "to_rest_words", "thon tay", "to_rest", "", "stays", "1").LeadsTo(plan)

	people := []string{"version", version(), "of", o.CellA.ID.String(), "person", o.MemberA.String(), "person", o.MembersA[7].String(), "to_words", "thon tay"}
	office.Get(plan+"/people").Want(200, `name="to_words"`).Lacks("Chi bộ thôn Tây", " checked")
	ticked := office.Post(plan+"/people", append(people, "look", "1")...).Want(200, "Chi bộ thôn Tây")
	if n := strings.Count(ticked.Body, `name="person"`); n < 27 || strings.Count(ticked.Body, " checked") != 2 {
		t.Errorf("of %d people are ticked %d", n, strings.Count(ticked.Body, " checked"))
	}
	office.Post(plan+"/people", append(people, "to", o.CellB.ID.String())...).LeadsTo(plan + "/people")
	office.Get(plan+"/people").Want(200, "Chi bộ thôn Tây")
	s.As(o.SecretaryA).Post(plan+"/people", append(people, "look", "1")...).Want(404)
}

// TestManyUnitsAreForEverybody looks at the same pages on a phone and on a desk.
func TestManyUnitsAreForEverybody(t *testing.T) {
	b := browser.Start(t)
	s := newSite(t)
	open, _ := planned(t, s)
	s.Org.Crowd(s.K, 501)
	plan := "/reorganisations/" + open.String()
	const find = `document.querySelector("input[type=search]").value = "thon"; document.querySelector("button[name=look]").click()`
	for _, p := range []struct{ name, path, press string }{
		{"many-new", "/reorganisations/new", ""},
		{"many-step", plan + "/steps/new?kind=merge", ""},
		{"many-step-found", plan + "/steps/new?kind=merge", find},
		{"many-rest", plan + "/steps/new?kind=wind_up", find},
		{"many-people", plan + "/people", find},
	} {
		for _, screen := range browser.Screens {
			t.Run(p.name+"-"+screen.Name, func(t *testing.T) {
				b := b.In(t)
				b.SignIn(s.Base, string(s.Token(s.Org.Office)))
				b.Open(screen, s.Base+p.path)
				if p.press != "" {
					b.Press(p.press)
				}
				b.Look(screen, p.name)
			})
		}
	}
}
