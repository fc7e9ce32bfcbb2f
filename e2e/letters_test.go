package e2e

import (
	"io"
	"net"
	"testing"

	"github.com/emersion/go-smtp"
)

// letters are what a mail server on this machine was given to deliver.
type letters chan string

// mailServer opens a mail server and gives the port that it listens at.
func mailServer(t *testing.T) (letters, string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	given := make(letters, 20)
	server := smtp.NewServer(given)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return given, port
}

func (l letters) NewSession(*smtp.Conn) (smtp.Session, error) { return sender{l}, nil }

// sender is whoever hands letters in.
type sender struct{ letters }

func (sender) Mail(string, *smtp.MailOptions) error { return nil }
func (sender) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (sender) Reset()                               {}
func (sender) Logout() error                        { return nil }

func (s sender) Data(r io.Reader) error {
	letter, err := io.ReadAll(r)
	s.letters <- string(letter)
	return err
}
