package app

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"chibo/internal/domain/delivery"
	"chibo/internal/platform/job"
	"chibo/internal/platform/mail"
	"chibo/internal/platform/outward"
	"chibo/internal/platform/push"
	"chibo/internal/testkit/phone"
)

// post is a real SMTP server that hands on what it is given.
type post chan string

func (p post) NewSession(*smtp.Conn) (smtp.Session, error) { return inbound{p}, nil }

type inbound struct{ post }

func (inbound) Mail(string, *smtp.MailOptions) error { return nil }
func (inbound) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (inbound) Reset()                               {}
func (inbound) Logout() error                        { return nil }

func (i inbound) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	i.post <- string(raw)
	return err
}

func TestLettersLeaveAsTheSettingsSay(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	letters := make(post, 1)
	server := smtp.NewServer(letters)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })

	secret := "khóa ký"
	verified := make(chan error, 1)
	var a *App
	gateway := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = outward.Verify([]byte(secret), r.Header, body, a.DB.Now())
		}
		verified <- err
	}))
	t.Cleanup(gateway.Close)

	loopback := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	settings := Outside{
		URL: "https://chibo.example/", Networks: loopback,
		Mail: mail.Server{Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, Security: mail.None, From: "chibo <thong-bao@xa.example>"},
	}
	a, err = Open(context.Background(), Config{Data: t.TempDir(), Outside: settings})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	out := a.outbox()
	if out.Base != "https://chibo.example" {
		t.Errorf("links begin with %q", out.Base)
	}
	if err := out.Mail(t.Context(), mail.Message{ID: "1", To: "an@vidu.vn", Subject: "Mời họp", At: a.DB.Now()}); err != nil {
		t.Error(err)
	}
	if got := <-letters; !strings.Contains(got, "Message-ID: <1@xa.example>") {
		t.Errorf("the letter is %s", got)
	}
	body, err := json.Marshal(map[string]string{"to": "+84912345678"})
	if err != nil {
		t.Fatal(err)
	}
	if err := out.Text(t.Context(), delivery.Gateway{URL: gateway.URL, Secret: secret}, "1", body); err != nil {
		t.Error(err)
	}
	if err := <-verified; err != nil {
		t.Errorf("the gateway does not know our request: %v", err)
	}
	p := phone.New(t)
	keys, err := push.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	if err := out.Push(t.Context(), keys, p.Device, push.Note{Title: "Mời họp"}, true); err != nil || len(p.Received()) != 1 {
		t.Errorf("%d notes, %v", len(p.Received()), err)
	}

	// Without leave for private networks nothing reaches the gateway or the phone.
	a.config.Outside.Networks = nil
	closed := a.outbox()
	if err := closed.Text(t.Context(), delivery.Gateway{URL: gateway.URL, Secret: secret}, "2", body); !job.IsFinal(err) {
		t.Errorf("a gateway in a private network: %v", err)
	}
	if err := closed.Push(t.Context(), keys, p.Device, push.Note{}, false); !job.IsFinal(err) || len(p.Received()) != 1 {
		t.Errorf("a push service in a private network: %v", err)
	}
}

func TestChannelsOfSettings(t *testing.T) {
	server := mail.Server{Host: "mail.example", Port: 587, Security: mail.StartTLS, From: "a@b.example"}
	for name, row := range map[string]struct {
		o    Outside
		want string
		good bool
	}{
		"nothing":              {Outside{}, "", true},
		"an address":           {Outside{URL: "https://chibo.example"}, "push text", true},
		"a plain address":      {Outside{URL: "http://10.0.0.5:8080"}, "text", true},
		"plain, with mail":     {Outside{URL: "http://10.0.0.5:8080", Mail: server}, "push mail text", true},
		"mail and no address":  {Outside{Mail: server}, "", false},
		"no address of a site": {Outside{URL: "chibo.example"}, "text", false},
		"an address too long":  {Outside{URL: "https://chibo.example/x"}, "push text", false},
		"mail in the open":     {Outside{URL: "https://chibo.example", Mail: mail.Server{Host: "mail.example", Port: 25, Security: mail.None, From: "a@b.example"}}, "push mail text", false},
	} {
		var channels []string
		for _, c := range row.o.channels() {
			channels = append(channels, string(c))
		}
		if got := strings.Join(channels, " "); got != row.want || (row.o.check() == nil) != row.good {
			t.Errorf("%s: %q, %v", name, got, row.o.check())
		}
	}
}
