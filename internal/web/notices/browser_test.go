package notices_test

import (
	"net/http"
	"testing"

	"chibo/internal/domain/delivery"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/testkit/browser"
	"chibo/internal/testkit/phone"
	"chibo/internal/testkit/visit"
	"chibo/internal/web/notices"
	"chibo/internal/web/page"
	"chibo/internal/web/static"
)

// TestPagesAreForEverybody opens the pages at the sizes of a phone and a desk,
// and finds nothing that shuts anybody out.
func TestPagesAreForEverybody(t *testing.T) {
	b := browser.Start(t)
	s := visit.New(t, func(site *page.Site) http.Handler {
		site.Channels = []delivery.Channel{delivery.Push, delivery.Mail, delivery.Text}
		mux := http.NewServeMux()
		mux.Handle("GET /static/", static.Handler())
		mux.Handle("GET /worker.js", static.Fixed("worker.js"))
		mux.Handle("/", visit.Routes(notices.Routes()...)(site))
		return mux
	})
	o := s.Org
	s.K.Update(func(tx *db.Tx) error {
		return delivery.ChangeGateway(tx, access.Console(), delivery.Gateway{URL: "https://cong.vidu.vn/gui", Enabled: true}, false)
	})
	tell(s, o.MemberA, "Vận động các hộ trong xóm góp công sửa đường ra đồng trước mùa gặt")
	s.As(o.MemberA).Get("/notices/" + newest(s, o.MemberA))
	s.K.SetNow(s.K.Now().AddDate(0, 0, 1))
	tell(s, o.MemberA, "Rà soát danh sách hộ nghèo")
	tell(s, o.MemberA, "Chuẩn bị hội trường")
	v := s.As(o.MemberA)
	d := phone.New(t).Device
	v.Post("/notices/settings/devices", "endpoint", d.Endpoint, "p256dh", d.P256dh, "auth", d.Auth)
	v.Post("/notices/settings/address/mail", "mail", "mot.dia.chi.that.dai@vidu.vn")
	v.Post("/notices/settings/calendar")
	for _, p := range []struct {
		name   string
		person access.PersonID
		path   string
	}{
		{"notices", o.MemberA, "/notices"},
		{"notices-none", o.MemberB, "/notices"},
		{"settings", o.MemberA, "/notices/settings"},
		{"settings-first", o.MemberB, "/notices/settings"},
		{"gateway", o.Admin, "/notices/gateway"},
		{"undelivered-none", o.Admin, "/notices/undelivered"},
	} {
		for _, screen := range browser.Screens {
			t.Run(p.name+"-"+screen.Name, func(t *testing.T) {
				b := b.In(t)
				b.SignIn(s.Base, string(s.Token(p.person)))
				b.Open(screen, s.Base+p.path)
				b.Look(screen, p.name)
			})
		}
	}
}
