package duplicates_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"chibo/internal/domain/duplicate"
	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/testkit/browser"
	"chibo/internal/testkit/visit"
	pages "chibo/internal/web/duplicates"
	"chibo/internal/web/page"
	"chibo/internal/web/static"
)

func newSite(t *testing.T) *visit.Site {
	t.Helper()
	return visit.New(t, func(site *page.Site) http.Handler {
		mux := http.NewServeMux()
		mux.Handle("GET /static/", static.Handler())
		mux.Handle("/", visit.Routes(append(page.SignIn(), pages.Routes()...)...)(site))
		return mux
	})
}

// enter registers somebody in both cells, in the second with a letter wrong, and
// searches.
func enter(t *testing.T, s *visit.Site) (first, second member.ID) {
	t.Helper()
	person := func(name string, cell func() (member.New, *member.ID)) {
		n, into := cell()
		n.Status, n.From = member.Official, clock.NewDate(2025, 8, 1)
		n.Core = member.Core{
			BirthName: name, Sex: member.Female, Birth: clock.NewDate(1980, 4, 30), Ceremony: clock.NewDate(2005, 2, 3), Recognised: clock.NewDate(2006, 2, 3),
		}
		s.K.Update(func(tx *db.Tx) error {
			m, err := member.Register(tx, access.Console(), n)
			*into = m.ID
			return err
		})
	}
	person("Kiều Thị Đôi", func() (member.New, *member.ID) { return member.New{Unit: s.Org.CellA.ID}, &first })
	person("Kiều Thị Đôii", func() (member.New, *member.ID) {
		return member.New{Unit: s.Org.CellB.ID, CV: member.CV{Home: "Xã Phú Hòa"}}, &second
	})
	if _, err := duplicate.Find(t.Context(), s.K.DB); err != nil {
		t.Fatal(err)
	}
	return first, second
}

var hidden = regexp.MustCompile(`name="(keep|chosen|kept_version|gone_version)" value="(\w+)"`)

// versions are what the form says of the records unseen.
func versions(a visit.Answer) (fields []string) {
	for _, m := range hidden.FindAllStringSubmatch(a.Body, -1) {
		fields = append(fields, m[1], m[2])
	}
	return fields
}

// TestFromFindingToTakingBack walks the way of the office.
func TestFromFindingToTakingBack(t *testing.T) {
	s := newSite(t)
	o := s.Org
	office := s.As(o.Office)
	office.Get("/duplicates").Want(200, "Không còn hồ sơ nào cần xem")
	first, second := enter(t, s)
	list := office.Get("/duplicates").Want(200, "Kiều Thị Đôi / Kiều Thị Đôii", "Chi bộ thôn Đông / Chi bộ thôn Tây", "họ tên lệch một chữ cái", "cùng ngày vào Đảng")
	pair := regexp.MustCompile(`/duplicates/\w{10,}`).FindString(list.Body)

	for _, person := range []access.PersonID{o.SecretaryA, o.MemberA, o.SecretaryC} {
		s.As(person).Get(pair).Want(404)
		s.As(person).Get("/duplicates").Want(404)
	}
	s.As(o.Inspector).Get(pair).Want(403).Lacks("Kiều Thị Đôii")

	shown := office.Get(pair).Want(200, "Kiều Thị Đôii", "Xã Phú Hòa", "Chi bộ thôn Tây", "Bỏ, vì trùng thời gian", "Hồ sơ kia không có tài khoản đăng nhập",
		"Lần thay đổi trong nhật ký", "Gộp hai hồ sơ", "Hai người khác nhau")
	office.Get(pair+"?keep=other").Want(200, `name="keep" value="other"`)
	order := versions(shown)
	office.Post(pair, append(order, "reason", "", "take", "home")...).Want(422, "Vì sao biết là một người")
	office.Post(pair, append(order, "reason", "Giấy khai sinh", "take", "birth_name")...).Want(422, "Văn bản làm căn cứ", "Giấy khai sinh")
	office.Post(pair, append(order, "take", "unit", "again", "1")...).Want(200, `value="unit" checked`)
	office.Post(pair, append(order, "reason", "Cùng một người", "take", "home")...).LeadsTo("/members/" + first.String())

	s.K.View(func(tx *db.Tx) error {
		gone, err := member.Find(tx, access.Console(), second)
		if err == nil && gone.Status != member.Merged {
			t.Errorf("the other record is %s", gone.Status)
		}
		return err
	})
	office.Get("/duplicates?state=merged").Want(200, "Kiều Thị Đôi")
	merged := office.Get(pair).Want(200, "Đã gộp lúc", "Cùng một người", "Hoàn lại việc gộp")
	back := regexp.MustCompile(`/merges/\w+/back`).FindString(merged.Body)
	s.As(o.SecretaryA).Get(back).Want(404)
	office.Get(back).Want(200, "Hai hồ sơ trở lại như trước khi gộp")
	office.Post(back, "version", "1", "reason", " ").Want(422, "Lý do hoàn lại")
	office.Post(back, "version", "7", "reason", "Hai chị em").Want(409, "Hai chị em")
	office.Post(back, "version", "1", "reason", "Hai chị em").LeadsTo("/members/" + first.String())

	again := office.Get(pair).Want(200, "Đã hoàn lại lúc", "Gộp hai hồ sơ")
	version := regexp.MustCompile(`(?s)id="apart".*?name="version" value="(\d+)"`).FindStringSubmatch(again.Body)[1]
	office.Post(pair+"/apart", "version", version, "note", "Hai chị em").LeadsTo("/duplicates")
	office.Get("/duplicates?state=apart").Want(200, "Kiều Thị Đôi")
	apart := office.Get(pair).Want(200, "Đã xác định là hai người khác nhau", "Xem xét lại", "Hai chị em")
	version = regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(apart.Body)[1]
	office.Post(pair+"/reconsider", "version", version).LeadsTo(pair)
	if strings.Contains(office.Get("/duplicates?state=apart").Body, "Kiều Thị Đôi") {
		t.Error("it is still said that they are two")
	}
}

// TestMergeOfTwoThatWereChosen: an office merges two records that no search has
// found.
func TestMergeOfTwoThatWereChosen(t *testing.T) {
	s := newSite(t)
	o := s.Org
	office := s.As(o.Office)
	path := "/members/" + o.MemberB.String() + "/merge"
	pair := path + "/" + o.MembersB[2].String()
	for _, person := range []access.PersonID{o.SecretaryB, o.MemberB} {
		s.As(person).Get(path).Want(403)
		s.As(person).Get(pair).Want(403)
		s.As(person).Post(pair, "reason", "Cùng một người").Want(403)
	}
	s.As(o.SecretaryC).Get(path).Want(404)
	var name, own string
	s.K.View(func(tx *db.Tx) error {
		names, err := member.Names(tx, []member.ID{o.MembersB[2], o.MemberB})
		name, own = names[o.MembersB[2]], names[o.MemberB]
		return err
	})
	office.Get(path).Want(200, "Gộp với hồ sơ khác: "+own)
	office.Get(path+"?q="+url.QueryEscape(name)).Want(200, pair, name)
	office.Get(path+"?q=zzz").Want(200, "Không tìm thấy hồ sơ nào khác")
	office.Get(path + "/" + o.MemberB.String()).Want(404)
	office.Get(path + "/" + o.MembersC[0].String()).Want(404)
	form := office.Get(pair).Want(200, "tự chọn hai hồ sơ", "So sánh hai hồ sơ").Lacks("Hai người khác nhau")
	fields := append(versions(form), "take", "card")
	office.Post(pair, append(fields, "reason", "")...).Want(422)
	office.Post(pair, append(fields, "again", "1")...).Want(200, "checked")
	office.Post(pair, append(versions(form), "reason", "Hai số thẻ của một người, đã gặp và hỏi")...).LeadsTo("/members/" + o.MemberB.String())
	office.Get(pair).Want(200, "Hai số thẻ của một người", "Hoàn lại việc gộp").Lacks("So sánh hai hồ sơ")
}

// TestPagesAreForEverybody opens the pages at the sizes of a phone and a desk,
// and finds nothing that shuts anybody out.
func TestPagesAreForEverybody(t *testing.T) {
	b := browser.Start(t)
	s := newSite(t)
	enter(t, s)
	var found duplicate.Page
	s.K.View(func(tx *db.Tx) (err error) {
		found, err = duplicate.List(tx, s.Org.As(tx, s.Org.Office), duplicate.Filter{})
		return err
	})
	chosen := "/members/" + s.Org.MemberB.String() + "/merge"
	for name, path := range map[string]string{
		"list": "/duplicates", "pair": "/duplicates/" + found.Findings[0].ID.String(),
		"others": chosen + "?q=van", "chosen": chosen + "/" + s.Org.MembersB[2].String(),
	} {
		for _, screen := range browser.Screens {
			t.Run(name+"-"+screen.Name, func(t *testing.T) {
				b := b.In(t)
				b.SignIn(s.Base, string(s.Token(s.Org.Office)))
				b.Open(screen, s.Base+path)
				b.Look(screen, name)
			})
		}
	}
}
