// Package mail hands messages to an SMTP server.
//
// It knows the protocol and the shape of a short message, as text and as HTML
// with nothing that must be fetched; not what messages are about.
package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"net"
	"net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"chibo/internal/platform/job"
)

// Security is how the connection to the server is protected.
type Security string

const (
	StartTLS Security = "starttls" // begun in the open, then encrypted; refused if it stays open
	TLS      Security = "tls"      // encrypted from the first byte
	None     Security = "none"     // for a server on this machine alone
)

// Server is the SMTP server that takes our messages.
type Server struct {
	Host     string
	Port     int
	Security Security
	// User and Password sign in; an empty User does not.
	User, Password string
	// From is the sender: an address, or a name with one.
	From string
	// Roots are the authorities that certify the server; nil is the machine's.
	Roots *x509.CertPool
}

// Check says what is wrong with the settings.
func (s Server) Check() error {
	if s.Host == "" || s.Port <= 0 || s.Port > 65535 {
		return errors.New("the mail server needs a host and a port")
	}
	if _, err := mail.ParseAddress(s.From); err != nil {
		return fmt.Errorf("the sender %q is not an address: %w", s.From, err)
	}
	switch s.Security {
	case StartTLS, TLS:
		return nil
	case None:
		if !loopback(s.Host) {
			return fmt.Errorf("mail to %s would travel in the open: only a server on this machine may go without encryption", s.Host)
		}
		return nil
	}
	return fmt.Errorf("%q is no way to protect the connection: %s, %s or %s", s.Security, StartTLS, TLS, None)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Message is a short message to one person.
type Message struct {
	// ID is the same at every try, so that a message that arrives twice can be
	// told for one.
	ID      string
	To      string
	Subject string
	// Language is the code of the message's language.
	Language string
	// Opening, Items and Closing are its paragraphs.
	Opening string
	Items   []Item
	Closing []string
	At      time.Time
}

// Item is something to tell, with where to read on.
type Item struct {
	Title, Text, Link string
}

const sendMost = 30 * time.Second

// Send hands the message over. What the server refuses for good is a job.Final
// failure; a server that is away, or whose sign-in fails, may be another day.
func Send(ctx context.Context, s Server, m Message) error {
	if err := s.Check(); err != nil {
		return err
	}
	composed, err := compose(s, m)
	if err != nil {
		return job.Final(err)
	}
	client, err := gomail.NewClient(s.Host, s.options()...)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, sendMost)
	defer cancel()
	return judged(client.DialAndSendWithContext(ctx, composed))
}

func (s Server) options() []gomail.Option {
	options := []gomail.Option{
		gomail.WithPort(s.Port), gomail.WithTimeout(sendMost / 2),
		gomail.WithTLSConfig(&tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12, RootCAs: s.Roots}),
	}
	switch s.Security {
	case TLS:
		options = append(options, gomail.WithSSL())
	case StartTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case None:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if s.User != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.User), gomail.WithPassword(s.Password))
	}
	return options
}

// judged tells a refusal of this message from trouble with the server. The
// failure's text leaves out the address, which logs and lists should not hold.
func judged(err error) error {
	var refused *gomail.SendError
	if err == nil || !errors.As(err, &refused) || refused.ErrorCode() == 0 {
		return err
	}
	failure := fmt.Errorf("the mail server answered %d %s: %s", refused.ErrorCode(), refused.EnhancedStatusCode(), refused.Reason)
	if refused.IsTemp() || refused.ErrorCode() < 500 {
		return failure
	}
	return job.Final(failure)
}

//go:embed message.html
var htmlSource string

var htmlForm = template.Must(template.New("message").Parse(htmlSource))

func compose(s Server, m Message) (*gomail.Msg, error) {
	out := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := out.From(s.From); err != nil {
		return nil, err
	}
	if err := out.To(m.To); err != nil {
		return nil, err
	}
	out.Subject(m.Subject)
	out.SetMessageIDWithValue(m.ID + "@" + s.domain())
	out.SetDateWithValue(m.At)
	out.SetGenHeader("Auto-Submitted", "auto-generated")
	out.SetGenHeader("Content-Language", m.Language)
	out.SetBodyString(gomail.TypeTextPlain, m.text())
	var page strings.Builder
	if err := htmlForm.Execute(&page, m); err != nil {
		return nil, err
	}
	out.AddAlternativeString(gomail.TypeTextHTML, page.String())
	return out, nil
}

// Address is that of the sender, without a name; "" where there is none.
func (s Server) Address() string {
	from, err := mail.ParseAddress(s.From)
	if err != nil {
		return ""
	}
	return from.Address
}

func (s Server) domain() string {
	_, domain, _ := strings.Cut(s.Address(), "@")
	return domain
}

func (m Message) text() string {
	var b strings.Builder
	line := func(s string) {
		if s != "" {
			b.WriteString(s + "\r\n")
		}
	}
	line(m.Opening)
	for _, item := range m.Items {
		b.WriteString("\r\n")
		line(item.Title)
		line(item.Text)
		line(item.Link)
	}
	b.WriteString("\r\n")
	for _, closing := range m.Closing {
		line(closing)
	}
	return b.String()
}
