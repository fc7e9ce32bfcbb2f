package people_test

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/testkit/browser"
	"chibo/internal/testkit/org"
	"chibo/internal/testkit/visit"
	"chibo/internal/web/page"
	"chibo/internal/web/people"
	"chibo/internal/web/static"
)

// TestManyUnits: where a list of units would be too long they are found by name,
// without a script, and the tree opens step by step.
func TestManyUnits(t *testing.T) {
	s := newSite(t)
	o := s.Org
	party, cell := crowd(s)
	v := s.As(o.Office)
	past := "day=" + url.QueryEscape(s.K.Today().AddDays(-1).Vietnamese())
	further := "/units?" + past + "&unit=" + party.ID.String()
	for _, c := range []struct{ path, leads string }{{"/units", "/units?unit=" + party.ID.String()}, {"/units?" + past, further}} {
		v.Get(c.path).Want(200, "cấp ngay dưới", "Chi bộ thôn Đông", html.EscapeString(c.leads), "Xem cấp dưới").Lacks(cell.Name)
		v.Get(c.leads).Want(200, cell.Name, "Đảng bộ xã An Bình").Lacks("Chi bộ thôn Đông", "Xem cấp dưới")
	}

	path := at(o.MemberA, "/move")
	form := v.Get(path).Want(200, `name="unit_words"`, `name="look"`, `formaction="#f-unit"`).Lacks("Chi bộ thôn Tây", "<select")
	sent := []string{"version", hidden(t, form, "version"), "unit_words", "thon tay", "from", "1/11/2026", "document", "GT-8"}
	found := v.Post(path, append(sent, "look", "1")...).Want(200, "Chi bộ thôn Tây", "Đảng bộ xã An Bình", `value="thon tay"`, `value="GT-8"`, `value="1/11/2026"`)
	found.Lacks("chỗ cần sửa")
	v.Post(path, sent...).Want(422, `value="GT-8"`, "Chi bộ thôn Tây") // none chosen
	for i, words := range []string{"chi bo", "khong co", "thon dong"} {
		sent[3] = words
		want := []string{"Còn kết quả khác", "Không tìm thấy", "Không tìm thấy"}[i] // the cell itself is none
		v.Post(path, append(sent, "look", "1")...).Want(200, want)
	}
	sent[3] = "thon tay"
	v.Post(path, append(sent, "unit", o.CellB.ID.String())...).LeadsTo(at(o.MemberA, ""))
	v.Get(at(o.MemberA, "")).Want(200, "Chi bộ thôn Tây")
	s.As(o.MemberB).Post(path, append(sent, "look", "1")...).Want(403).Lacks("Chi bộ thôn Tây")

	unitMove := "/units/" + o.CellA.ID.String() + "/move"
	v.Post(unitMove, "version", "1", "to_words", "phu hoa", "look", "1").Want(200, "Không tìm thấy").Lacks("Đảng bộ xã Phú Hòa")
}

// crowd puts so much below the commune that it is no list any more, and a party
// with a cell of its own.
func crowd(s *visit.Site) (party, cell orgtree.Unit) {
	s.Org.Crowd(s.K, 501)
	s.K.Update(func(tx *db.Tx) (err error) {
		party, err = unit.Found(tx, access.Console(), unit.New{
			Parent: s.Org.Commune.ID, Founded: org.Founded, Decision: "30-QĐ/ĐU", Fields: unit.Fields{Code: "SCHOOL", Name: "Đảng bộ Trường An Bình", Kind: "grassroots_party_small"},
		})
		if err != nil {
			return err
		}
		cell, err = unit.Found(tx, access.Console(), unit.New{
			Parent: party.ID, Founded: org.Founded, Decision: "31-QĐ/ĐU", Fields: unit.Fields{Code: "SCHOOL-1", Name: "Chi bộ Tổ Văn", Kind: "subordinate_cell", CellType: "agency"},
		})
		return err
	})
	return party, cell
}

// TestManyUnitsAreForEverybody looks at the same pages on a phone and on a desk.
func TestManyUnitsAreForEverybody(t *testing.T) {
	b := browser.Start(t)
	s := visit.New(t, func(site *page.Site) http.Handler {
		mux := http.NewServeMux()
		mux.Handle("GET /static/", static.Handler())
		mux.Handle("/", visit.Routes(append(page.SignIn(), people.Routes()...)...)(site))
		return mux
	})
	o := s.Org
	party, _ := crowd(s)
	past := "day=" + url.QueryEscape(s.K.Today().AddDays(-1).Vietnamese())
	const find = `document.querySelector("input[type=search]").value = "thon"; document.querySelector("button[name=look]").click()`
	for _, p := range []struct{ name, path, press string }{
		{"units-far", "/units?" + past + "&unit=" + party.ID.String(), ""},
		{"units-near", "/units?" + past, ""},
		{"find", at(o.MemberA, "/move"), ""},
		{"found", at(o.MemberA, "/move"), find},
		{"found-parties", "/units/" + o.CellA.ID.String() + "/move", strings.Replace(find, "thon", "truong", 1)},
		{"found-nothing", at(o.MemberA, "/move"), strings.Replace(find, "thon", "xyz", 1)},
	} {
		for _, screen := range browser.Screens {
			t.Run(p.name+"-"+screen.Name, func(t *testing.T) {
				b := b.In(t)
				signIn(b, s, o.Office)
				b.Open(screen, s.Base+p.path)
				if p.press != "" {
					b.Press(p.press)
				}
				b.Look(screen, p.name)
			})
		}
	}
}
