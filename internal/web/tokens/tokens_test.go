package tokens_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"chibo/internal/domain/token"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/testkit/browser"
	"chibo/internal/testkit/visit"
	"chibo/internal/web/account"
	"chibo/internal/web/page"
	"chibo/internal/web/static"
	"chibo/internal/web/tokens"
)

const own = "/account/tokens"

func newSite(t *testing.T) *visit.Site {
	t.Helper()
	return visit.New(t, visit.Routes(slices.Concat(page.SignIn(), account.Routes(), tokens.Routes())...))
}

var secretForm = regexp.MustCompile(`chibo_[a-z2-7]{6}_[A-Z2-7]{26}`)

// TestLifeOfAToken makes one, uses it, finds it in the list without its secret,
// and revokes it.
func TestLifeOfAToken(t *testing.T) {
	s := newSite(t)
	me := s.As(s.Org.Office)
	me.Get(own).Want(200, "Chưa có mã truy cập nào", own+"/new")
	form := me.Get(own+"/new").Want(200, "Chi bộ thôn Đông", "Mọi nơi tôi có quyền", "90 ngày (đến 01/02/2027)").Lacks("Chi bộ thôn Nam")
	if strings.Count(form.Body, "Đảng bộ xã An Bình</option>") != 1 {
		t.Error("the commune is offered more than once")
	}
	made := me.Post(own+"/new", "name", "Bảng điện tử", "scope", "read", "unit", s.Org.CellA.ID.String(), "days", "30").Want(200, "chỉ hiện một lần", "/api/v1/")
	secret := secretForm.FindString(made.Body)
	s.K.View(func(tx *db.Tx) error {
		by, found, err := token.Authenticate(tx, secret)
		if err != nil || found.Unit != s.Org.CellA.ID || found.Writes || !by.Can(access.MemberRead, s.Org.CellA) || by.Can(access.MemberRead, s.Org.CellB) {
			t.Errorf("authenticates %+v, %v", found, err)
		}
		return nil
	})
	if made.Header.Get("Cache-Control") != "no-store" {
		t.Error("the page with the token may be kept")
	}
	list := me.Get(own).Want(200, "Bảng điện tử", secret[:12]+"…", "Chỉ đọc", "Chi bộ thôn Đông", "Chưa dùng lần nào").Lacks(secret)
	action := regexp.MustCompile(own + `/[0-9a-z]+/revoke`).FindString(list.Body)
	s.As(s.Org.SecretaryA).Post(action).Want(404)
	me.Post(action).LeadsTo(own)
	me.Get(own).Want(200, "Đã thu hồi", "Chưa có mã truy cập nào")
	me.Post(action).Want(404)
}

func TestWhatIsTypedComesBack(t *testing.T) {
	s := newSite(t)
	me := s.As(s.Org.MemberA)
	for _, c := range []struct{ what, name, unit, days, says string }{
		{"no name", "", "", "30", "chưa điền"},
		{"too long", "Lịch của tôi", "", "400", "từ 1 đến 366"},
		{"no number", "Lịch của tôi", "", "mười", "chữ số"},
		{"another's cell", "Lịch của tôi", s.Org.CellB.ID.String(), "30", "chọn một mục"},
		{"what is no unit", "Lịch của tôi", "khác", "30", "chọn một mục"},
	} {
		t.Log(c.what)
		me.Post(own+"/new", "name", c.name, "scope", "write", "unit", c.unit, "days", c.days).
			Want(422, c.says, `value="`+c.name+`"`, `value="write" checked`).Lacks("chibo_")
	}
}

func TestWhoSeesWhose(t *testing.T) {
	s := newSite(t)
	o := s.Org
	s.As(o.MemberA).Post(own+"/new", "name", "Lịch của tôi", "scope", "read", "days", "30").Want(200)
	theirs := "/members/" + o.MemberA.String() + "/tokens"
	for _, c := range []struct {
		who    string
		person access.PersonID
		status int
	}{
		{"the secretary", o.SecretaryA, 200},
		{"the office", o.Office, 200},
		{"the administrator", o.Admin, 200},
		{"the committee member", o.CommitteeA, 403},
		{"the secretary of the next cell", o.SecretaryB, 404},
	} {
		a := s.As(c.person).Get(theirs)
		if a.Status != c.status || strings.Contains(a.Body, "Lịch của tôi") != (c.status == 200) {
			t.Errorf("%s: %d", c.who, a.Status)
		}
	}
	s.Stranger().Get(own).Want(http.StatusSeeOther)
	invite := "/members/" + o.MemberA.String() + "/invite"
	s.As(o.SecretaryA).Get(invite).Want(200, theirs, "Mã truy cập cho chương trình khác (1)")
	list := s.As(o.SecretaryA).Get(theirs).Lacks("Tạo mã truy cập")
	s.As(o.SecretaryA).Post(regexp.MustCompile(theirs + `/[0-9a-z]+/revoke`).FindString(list.Body)).LeadsTo(theirs)
	s.As(o.MemberA).Get(own).Want(200, "Chưa có mã truy cập nào")
	s.As(o.SecretaryA).Get(invite).Want(200).Lacks(theirs)
}

// TestWhoIsAskedAgain: a device that was left open makes no token.
func TestWhoIsAskedAgain(t *testing.T) {
	s := newSite(t)
	me := s.As(s.Org.MemberA)
	me.Get(own + "/new").Want(200)
	s.K.SetNow(s.K.Now().Add(16 * time.Minute))
	me.Get(own + "/new").LeadsTo("/account/confirm?to=%2Faccount%2Ftokens%2Fnew")
	me.Post(own+"/new", "name", "Lịch của tôi", "scope", "read", "days", "30").Lacks("chibo_")
	me.Get(own).Want(200, "Chưa có mã truy cập nào")
}

// TestPagesAreForEverybody opens the pages at the sizes of a phone and a desk.
func TestPagesAreForEverybody(t *testing.T) {
	b := browser.Start(t)
	s := visit.New(t, func(site *page.Site) http.Handler {
		mux := http.NewServeMux()
		mux.Handle("GET /static/", static.Handler())
		mux.Handle("/", visit.Routes(append(page.SignIn(), tokens.Routes()...)...)(site))
		return mux
	})
	for i, screen := range browser.Screens {
		b.SignIn(s.Base, string(s.Token(s.Org.Office)))
		if i == 0 {
			b.Open(screen, s.Base+own)
			b.Look(screen, "none")
		}
		b.Open(screen, s.Base+own+"/new")
		b.Look(screen, "new")
		b.Press(`document.querySelector("[name=name]").value = "Bảng điện tử của Ủy ban nhân dân xã"; document.querySelector("main .btn.primary").click()`)
		b.Look(screen, "made")
		b.Open(screen, s.Base+own)
		b.Look(screen, "list")
	}
}
