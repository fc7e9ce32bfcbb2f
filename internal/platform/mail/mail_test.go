package mail_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"chibo/internal/platform/job"
	"chibo/internal/platform/mail"
)

// office is a real SMTP server that keeps what it is given.
type office struct {
	mu       sync.Mutex
	received []letter
	answer   error // to RCPT
}

type letter struct {
	from, to, user string
	encrypted      bool
	raw            string
}

func (o *office) NewSession(c *smtp.Conn) (smtp.Session, error) {
	_, encrypted := c.TLSConnectionState()
	return &session{office: o, letter: letter{encrypted: encrypted}}, nil
}

type session struct {
	office *office
	letter letter
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if password != "mật khẩu" {
			return smtp.ErrAuthFailed
		}
		s.letter.user = user
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error { s.letter.from = from; return nil }

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.letter.to = to
	return s.office.answer
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	s.letter.raw = string(raw)
	s.office.mu.Lock()
	defer s.office.mu.Unlock()
	s.office.received = append(s.office.received, s.letter)
	return err
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

// open serves the office and gives the settings with which it is reached.
func open(t *testing.T, o *office, security mail.Security) mail.Server {
	t.Helper()
	certificate, roots := selfSigned(t)
	server := smtp.NewServer(o)
	server.Domain, server.AllowInsecureAuth = "localhost", true
	config := &tls.Config{Certificates: []tls.Certificate{certificate}}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	switch security {
	case mail.TLS:
		listener = tls.NewListener(listener, config)
	case mail.StartTLS:
		server.TLSConfig = config
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return mail.Server{Host: "localhost", Port: port, Security: security, From: "chibo <thong-bao@xa.example>", Roots: roots}
}

func selfSigned(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}

var message = mail.Message{
	ID: "letter-1", To: "an@vidu.example", Subject: "Mời họp – Chi bộ thôn Đông", Language: "vi",
	Opening: "Kính gửi đồng chí,",
	Items:   []mail.Item{{Title: "Mời họp", Text: "Chi bộ <thôn Đông> · 19:30 ngày 03/12/2026", Link: "https://chibo.example/notices/1"}},
	Closing: []string{"Thư này được gửi tự động."},
	At:      time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC),
}

func TestAMessageArrivesAsItWasMeant(t *testing.T) {
	for _, security := range []mail.Security{mail.None, mail.StartTLS, mail.TLS} {
		t.Run(string(security), func(t *testing.T) {
			o := &office{}
			server := open(t, o, security)
			if security != mail.None {
				server.User, server.Password = "chibo", "mật khẩu"
			}
			if err := mail.Send(context.Background(), server, message); err != nil {
				t.Fatal(err)
			}
			if len(o.received) != 1 {
				t.Fatalf("%d letters", len(o.received))
			}
			got := o.received[0]
			if got.to != "an@vidu.example" || got.from != "thong-bao@xa.example" || got.encrypted != (security != mail.None) || got.user != server.User {
				t.Errorf("got %+v", got)
			}
			look(t, got.raw)
		})
	}
}

// look reads the letter as a mail program does.
func look(t *testing.T, raw string) {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != message.Subject || m.Header.Get("Message-Id") != "<letter-1@xa.example>" || m.Header.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("header %v, subject %q, %v", m.Header, subject, err)
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	bodies := map[string]string{}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
		bodies[kind] = string(body)
	}
	for kind, want := range map[string][]string{
		"text/plain": {"Kính gửi đồng chí,\r\n\r\nMời họp\r\nChi bộ <thôn Đông> · 19:30 ngày 03/12/2026\r\nhttps://chibo.example/notices/1\r\n\r\nThư này được gửi tự động."},
		"text/html":  {`<html lang="vi">`, "Chi bộ &lt;thôn Đông&gt; · 19:30", `<a href="https://chibo.example/notices/1"`},
	} {
		for _, text := range want {
			if !strings.Contains(bodies[kind], text) {
				t.Errorf("%q is not in the %s: %s", text, kind, bodies[kind])
			}
		}
	}
	for _, fetched := range []string{"<img", "<link", "<script", "url("} {
		if strings.Contains(bodies["text/html"], fetched) {
			t.Errorf("the letter fetches something by %s", fetched)
		}
	}
}

func TestWhichRefusalsAreFinal(t *testing.T) {
	for name, row := range map[string]struct {
		answer error
		final  bool
	}{
		"no such mailbox": {&smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "an@vidu.example unknown"}, true},
		"mailbox is busy": {&smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 2, 1}, Message: "try later"}, false},
	} {
		err := mail.Send(context.Background(), open(t, &office{answer: row.answer}, mail.None), message)
		if err == nil || job.IsFinal(err) != row.final {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "an@") {
			t.Errorf("%s: the failure tells the address: %v", name, err)
		}
	}
}

func TestTroubleWithTheServerIsNotFinal(t *testing.T) {
	away := mail.Server{Host: "127.0.0.1", Port: 1, Security: mail.None, From: "a@b.example"}
	wrong := open(t, &office{}, mail.StartTLS)
	wrong.User, wrong.Password = "chibo", "sai"
	stranger := open(t, &office{}, mail.StartTLS)
	stranger.Roots = nil
	downgraded := open(t, &office{}, mail.None)
	downgraded.Security = mail.StartTLS
	for name, server := range map[string]mail.Server{"away": away, "wrong password": wrong, "unknown certificate": stranger, "no encryption offered": downgraded} {
		if err := mail.Send(context.Background(), server, message); err == nil || job.IsFinal(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSettingsThatCannotBeRight(t *testing.T) {
	good := mail.Server{Host: "mail.example", Port: 587, Security: mail.StartTLS, From: "a@b.example"}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*mail.Server){
		"no host":             func(s *mail.Server) { s.Host = "" },
		"no port":             func(s *mail.Server) { s.Port = 0 },
		"no sender":           func(s *mail.Server) { s.From = "chibo" },
		"unknown security":    func(s *mail.Server) { s.Security = "ssl3" },
		"open over a network": func(s *mail.Server) { s.Security = mail.None },
	} {
		bad := good
		spoil(&bad)
		if bad.Check() == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
