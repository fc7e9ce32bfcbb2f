package app

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"chibo/internal/domain/delivery"
	"chibo/internal/platform/job"
	"chibo/internal/platform/mail"
	"chibo/internal/platform/outward"
	"chibo/internal/platform/push"
)

// Outside is how notices leave the program. The zero value keeps them in.
type Outside struct {
	// URL is the address of the site as people open it, for links in letters.
	URL string
	// Mail is the mail server; without a host no mail leaves.
	Mail mail.Server
	// Networks are the private ones that gateways may lie in.
	Networks []netip.Prefix
}

// check says what cannot be right, before anything is sent.
func (o Outside) check() error {
	if o.URL == "" {
		if o.Mail.Host != "" {
			return errors.New("letters need the address of the site: set CHIBO_URL")
		}
		return nil
	}
	u, err := url.Parse(o.URL)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return fmt.Errorf("%q is not the address of a site such as https://chibo.example", o.URL)
	}
	if o.Mail.Host == "" {
		return nil
	}
	return o.Mail.Check()
}

func (o Outside) base() string { return strings.TrimRight(o.URL, "/") }

// subject is where push services reach whoever runs the program; "" has no
// push messages leave.
func (o Outside) subject() string {
	for _, subject := range []string{o.base(), "mailto:" + o.Mail.Address()} {
		if o.URL != "" && push.CheckSubject(subject) == nil {
			return subject
		}
	}
	return ""
}

// channels are those by which notices can leave, as far as the settings go.
func (o Outside) channels() (open []delivery.Channel) {
	if o.URL == "" {
		return nil
	}
	if o.subject() != "" {
		open = append(open, delivery.Push)
	}
	if o.Mail.Host != "" {
		open = append(open, delivery.Mail)
	}
	return append(open, delivery.Text)
}

// outbox carries notices through the channels that are set up.
func (a *App) outbox() delivery.Outbox {
	o := a.config.Outside
	out := delivery.Outbox{DB: a.DB, Words: a.Catalogue.Language, Base: o.base()}
	client := outward.NewClient(o.Networks)
	for _, channel := range o.channels() {
		switch channel {
		case delivery.Mail:
			out.Mail = func(ctx context.Context, m mail.Message) error { return mail.Send(ctx, o.Mail, m) }
		case delivery.Push:
			subject := o.subject()
			out.Push = func(ctx context.Context, k push.Keys, d push.Device, n push.Note, urgent bool) error {
				return push.Sender{Client: client, Keys: k, Subject: subject}.Send(ctx, d, n, urgent)
			}
		case delivery.Text:
			out.Text = func(ctx context.Context, g delivery.Gateway, id string, body []byte) error {
				return outward.Post(ctx, client, outward.Signed{URL: g.URL, Key: []byte(g.Secret), ID: id, Body: body, At: a.DB.Now()})
			}
		}
	}
	return out
}

// carriers is how many letters are on their way at a time: a mail server that
// is slow holds up letters, and nothing else.
const carriers = 4

// carryOut sends letters until ctx ends.
func (a *App) carryOut(ctx context.Context) {
	job.NewRunner(a.DB, a.outbox().Handlers(), a.jobSettings(carriers)).Run(ctx)
}

func (a *App) jobSettings(workers int) job.Settings {
	return job.Settings{
		Workers: workers,
		Done: func(o job.Outcome) {
			if o.Err != nil {
				a.Log.Error("a job failed", "kind", o.Kind, "attempt", o.Attempt, "dead", o.Dead, "error", o.Err)
			}
		},
		Trouble: func(err error) { a.Log.Error("the queue of jobs could not be read or written", "error", err) },
	}
}
