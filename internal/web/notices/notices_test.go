package notices_test

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"chibo/internal/domain/delivery"
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/notice"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/job"
	"chibo/internal/platform/mail"
	"chibo/internal/testkit/history"
	"chibo/internal/testkit/phone"
	"chibo/internal/testkit/visit"
	"chibo/internal/web/notices"
	"chibo/internal/web/page"
)

// site serves the pages of notices, with every channel open.
func site(t *testing.T) *visit.Site {
	t.Helper()
	s := visit.New(t, func(site *page.Site) http.Handler {
		site.Channels = []delivery.Channel{delivery.Push, delivery.Mail, delivery.Text}
		return visit.Routes(append(notices.Routes(), page.Show("/tasks/{id}", page.Missing))...)(site)
	})
	s.K.Update(func(tx *db.Tx) error {
		return delivery.ChangeGateway(tx, access.Console(), delivery.Gateway{URL: "https://cong.vidu.vn/gui", Enabled: true}, false)
	})
	return s
}

func tell(s *visit.Site, who access.PersonID, title string) {
	s.K.Update(func(tx *db.Tx) error {
		return notice.Send(tx, s.Org.As(tx, s.Org.SecretaryA), notice.Notice{
			To: []access.PersonID{who}, Unit: s.Org.CellA.ID, Key: "task.notice.assigned", Link: "/tasks/7", Args: map[string]string{"title": title, "due": "20/12/2026"},
		})
	})
}

func newest(s *visit.Site, who access.PersonID) (id string) {
	s.K.View(func(tx *db.Tx) error {
		list, err := notice.Inbox(tx, s.Org.As(tx, who), 0, 1)
		id = list[0].ID.String()
		return err
	})
	return id
}

func TestTheInbox(t *testing.T) {
	s := site(t)
	who := s.Org.MemberA
	v := s.As(who)
	v.Get("/notices").Want(200, "Chưa có thông báo nào", "/notices/settings")
	tell(s, who, "Quét sân đình")
	first := newest(s, who)
	s.K.SetNow(s.K.Now().Add(30 * time.Hour))
	tell(s, who, "Sửa cầu ao")
	second := newest(s, who)
	both := v.Get("/notices").Want(200, "Chưa đọc", "Quét sân đình", "Sửa cầu ao", "hôm qua", "hôm nay", "2 thông báo chưa đọc")
	if strings.Index(both.Body, "Sửa cầu ao") > strings.Index(both.Body, "Quét sân đình") {
		t.Error("the newest does not come first")
	}
	v.Get("/notices/" + second).LeadsTo("/tasks/7")
	read := v.Get("/notices").Want(200, "Đã đọc", "1 thông báo chưa đọc")
	if strings.Index(read.Body, "Quét sân đình") > strings.Index(read.Body, "Sửa cầu ao") {
		t.Error("what is unread does not come first")
	}
	v.Post("/notices/" + first + "/seen").LeadsTo("/notices")
	v.Get("/notices").Lacks("Đánh dấu đã đọc tất cả", "Chưa đọc")
	tell(s, who, "Trồng cây")
	page := v.Get("/notices")
	tell(s, who, "Đến sau")
	v.Post("/notices/seen", "newest", hidden(t, page, "newest")).LeadsTo("/notices")
	v.Get("/notices").Want(200, "1 thông báo chưa đọc")

	other := s.As(s.Org.MemberB)
	other.Get("/notices/" + first).Want(404)
	other.Post("/notices/" + first + "/seen").Want(404)
	other.Get("/notices").Lacks("Quét sân đình")
	s.Stranger().Get("/notices").LeadsTo("/sign-in?to=%2Fnotices")
}

func TestOlderNoticesAreOnFurtherPages(t *testing.T) {
	s := site(t)
	who := s.Org.MemberA
	for i := range 31 {
		tell(s, who, "Việc số "+string(rune('A'+i%26))+strings.Repeat("I", i/26))
	}
	s.K.Update(func(tx *db.Tx) error {
		by := s.Org.As(tx, who)
		list, err := notice.Inbox(tx, by, 0, 1)
		if err != nil {
			return err
		}
		return notice.SeenAll(tx, by, list[0].ID)
	})
	v := s.As(who)
	first := v.Get("/notices").Want(200, "Việc số B").Lacks("Việc số A.")
	older := regexp.MustCompile(`/notices\?before=\w+`).FindString(first.Body)
	v.Get(older).Want(200, "Việc số A.").Lacks("Việc số B.")
}

// hidden is the value of a hidden field on the page.
func hidden(t *testing.T, a visit.Answer, name string) string {
	t.Helper()
	found := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(a.Body)
	if found == nil {
		t.Fatalf("no field %s", name)
	}
	return found[1]
}

// code reads the code of the newest address, as its owner does.
func code(t *testing.T, s *visit.Site) string {
	t.Helper()
	var came string
	out := delivery.Outbox{
		DB: s.K.DB, Words: s.Page.Catalogue.Language, Base: s.Base,
		Mail: func(_ context.Context, m mail.Message) error { came = m.Items[0].Title; return nil },
	}
	done := make(chan job.Outcome, 10)
	runner := job.NewRunner(s.K.DB, out.Handlers(), job.Settings{Workers: 1, Done: func(o job.Outcome) { done <- o }})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { runner.Run(ctx); close(ended) }()
	for o := range done {
		if o.Err != nil {
			t.Fatal(o.Err)
		}
		if o.Kind == "delivery.code" {
			break
		}
	}
	stop()
	<-ended
	return came
}

func TestAnAddressIsConfirmedOnThePage(t *testing.T) {
	s := site(t)
	v := s.As(s.Org.MemberA)
	v.Get("/notices/settings").Want(200, "Gửi mã xác nhận", "Tin nhắn", "Lịch riêng", "Việc nào, lúc nào")
	v.Post("/notices/settings/address/mail", "mail", "không phải thư").Want(422, "Địa chỉ thư điện tử chưa đúng", "không phải thư")
	v.Post("/notices/settings/address/mail", "mail", "an@vidu.vn").LeadsTo("/notices/settings#mail")
	v.Get("/notices/settings").Want(200, "Sáu chữ số đã gửi đến an@vidu.vn")
	right := code(t, s)
	v.Post("/notices/settings/address/mail/confirm", "code", "abc").Want(200, "Mã chưa đúng")
	v.Post("/notices/settings/address/mail/confirm", "code", right).LeadsTo("/notices/settings#mail")
	v.Get("/notices/settings").Want(200, "Đã xác nhận", "an@vidu.vn")
	v.Post("/notices/settings/address/mail/confirm", "code", right).Want(409)
	v.Post("/notices/settings/address/pigeon", "pigeon", "x").Want(404)
	s.As(s.Org.DeputyA).Get("/notices/settings").Want(200).Lacks("an@vidu.vn")
	s.As(s.Org.DeputyA).Post("/notices/settings/address/mail/forget").Want(404)
	v.Post("/notices/settings/address/mail/forget").LeadsTo("/notices/settings#mail")
	v.Get("/notices/settings").Lacks("an@vidu.vn")
}

func TestChoosing(t *testing.T) {
	s := site(t)
	v := s.As(s.Org.MemberA)
	v.Get("/notices/settings").Want(200, `value="21:00"`, `value="06:00"`)
	v.Post("/notices/settings", "digest", "daily", "quiet_from", "25:00", "quiet_to", "6h", "wish_task", "mail").Want(422, "25:00")
	v.Post("/notices/settings", "digest", "daily", "quiet_from", "20h30", "quiet_to", "6h", "language", "en", "wish_task", "mail", "wish_meeting", "text").LeadsTo("/notices/settings")
	var c delivery.Choice
	s.K.View(func(tx *db.Tx) (err error) { c, err = delivery.MyChoice(tx, s.Org.As(tx, s.Org.MemberA)); return err })
	if c.Digest != delivery.Daily || c.QuietFrom != 20*60+30 || c.QuietTo != 6*60 || c.Language != "en" || !c.Wants(delivery.Task, delivery.Mail) ||
		c.Wants(delivery.Task, delivery.Push) || !c.Wants(delivery.Meeting, delivery.Text) || c.Wants(delivery.Account, delivery.Mail) {
		t.Errorf("choice %+v", c)
	}
	v.Get("/notices/settings").Want(200, `value="20:30"`)
	v.Post("/notices/settings", "digest", "weekly", "quiet_from", "20:30", "quiet_to", "6:00").Want(409) // another window was faster
}

func TestOnlyOpenChannelsAreOffered(t *testing.T) {
	s := site(t)
	s.Page.Channels = nil
	v := s.As(s.Org.MemberA)
	v.Get("/notices/settings").Want(200, "chưa được cài đặt để gửi", "Lịch riêng").Lacks("Gửi mã xác nhận", "Bật trên thiết bị này")
	v.Post("/notices/settings/address/mail", "mail", "an@vidu.vn").Want(404)
}

func TestABrowserIsSubscribed(t *testing.T) {
	s := site(t)
	v := s.As(s.Org.MemberA)
	d := phone.New(t).Device
	v.Post("/notices/settings/devices", "endpoint", "x", "p256dh", "y", "auth", "z").Want(422, "không đăng ký nhận được")
	v.Post("/notices/settings/devices", "endpoint", d.Endpoint, "p256dh", d.P256dh, "auth", d.Auth).LeadsTo("/notices/settings#push")
	shown := v.Get("/notices/settings").Want(200, "Firefox", "data-push=")
	end := regexp.MustCompile(`/notices/settings/devices/\w+/end`).FindString(shown.Body)
	s.As(s.Org.DeputyA).Post(end).Want(404)
	v.Post(end).LeadsTo("/notices/settings#push")
	v.Get("/notices/settings").Lacks("Firefox")
}

func TestTheCalendarIsFetchedByItsAddressAlone(t *testing.T) {
	s := site(t)
	o := s.Org
	book := history.New(s.K, o)
	day := s.K.Today().AddDays(30)
	s.As(o.MemberA) // can sign in
	of := book.Hold(history.Meeting{Cell: o.CellA, Secretary: o.SecretaryA, Day: day, Until: history.Announced, Note: "nội dung kín"})
	work := book.Assign(task.New{Title: "việc kín", Area: task.Areas[0], Measure: "x", Due: day.AddDays(5), Assignee: task.Assignee{Person: o.MemberA}})
	v := s.As(o.MemberA)
	v.Post("/notices/settings/calendar").LeadsTo("/notices/settings#calendar")
	address := regexp.MustCompile(`http://[^"]*/calendar/\w+\.ics`).FindString(v.Get("/notices/settings").Body)
	path := strings.TrimPrefix(address, s.Base)
	if path == address || len(path) < 40 {
		t.Fatalf("address %q", address)
	}
	feed := s.Stranger().Get(path).Want(200, "BEGIN:VCALENDAR", "TZID:Asia/Ho_Chi_Minh", "UID:"+of.String()+"@chibo", "DTSTART;TZID=Asia/Ho_Chi_Minh:"+basic(day.String())+"T190000",
		"UID:"+work.String()+"@chibo", "DTSTART;VALUE=DATE:"+basic(day.AddDays(5).String()), "STATUS:CONFIRMED").Lacks("kín")
	if kind := feed.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/calendar") {
		t.Errorf("content type %q", kind)
	}
	before := sequence(t, feed.Body)
	s.K.Update(func(tx *db.Tx) error {
		by := o.As(tx, o.SecretaryA)
		m, err := meeting.Find(tx, by, of)
		if err != nil {
			return err
		}
		_, err = meeting.Cancel(tx, by, of, m.Version, "bão")
		return err
	})
	after := s.Stranger().Get(path).Want(200, "STATUS:CANCELLED", "UID:"+of.String()+"@chibo")
	if sequence(t, after.Body) <= before {
		t.Error("programs take the cancelled meeting for the old one")
	}
	for _, wrong := range []string{"/calendar/", "/calendar/x.ics", strings.TrimSuffix(path, ".ics"), "/calendar/.ics"} {
		s.Stranger().Get(wrong).Want(404)
	}
	v.Post("/notices/settings/calendar").LeadsTo("/notices/settings#calendar")
	s.Stranger().Get(path).Want(404)
	v.Post("/notices/settings/calendar/end").LeadsTo("/notices/settings#calendar")
	v.Get("/notices/settings").Lacks(".ics")
}

func basic(day string) string { return strings.ReplaceAll(day, "-", "") }

func sequence(t *testing.T, calendar string) int {
	t.Helper()
	found := regexp.MustCompile(`SEQUENCE:(\d+)`).FindStringSubmatch(calendar)
	if found == nil {
		t.Fatal("no sequence")
	}
	n := 0
	for _, digit := range found[1] {
		n = n*10 + int(digit-'0')
	}
	return n
}

func TestTheAdministratorsPages(t *testing.T) {
	s := site(t)
	o := s.Org
	for _, path := range []string{"/notices/gateway", "/notices/undelivered"} {
		for _, who := range []access.PersonID{o.SecretaryA, o.Office, o.MemberA} {
			s.As(who).Get(path).Want(404)
		}
	}
	v := s.As(o.Admin)
	v.Get("/notices/undelivered").Want(200, "Không có thông báo nào bị mắc lại")
	shown := v.Get("/notices/gateway").Want(200, "https://cong.vidu.vn/gui", "Khóa ký")
	version := hidden(t, shown, "version")
	v.Post("/notices/gateway", "version", version, "url", "cổng nhà", "enabled", "1").Want(422, "cổng nhà", "Địa chỉ cổng nhắn tin chưa đúng")
	v.Post("/notices/gateway", "version", version, "url", "https://cong.vidu.vn/moi").LeadsTo("/notices/gateway")
	v.Post("/notices/gateway", "version", version, "url", "https://cong.vidu.vn/cu").Want(409)
	s.As(o.SecretaryA).Post("/notices/gateway", "version", version, "url", "https://x.vn").Want(404)
	// The gateway is closed now: no text messages are offered.
	s.As(o.MemberA).Get("/notices/settings").Lacks("Tin nhắn")
}
