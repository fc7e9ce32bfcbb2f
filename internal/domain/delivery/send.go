package delivery

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"chibo/internal/domain/notice"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/platform/job"
	"chibo/internal/platform/mail"
	"chibo/internal/platform/push"
	"chibo/internal/platform/text"
)

// Outbox is how letters leave. A channel whose function is nil is closed.
type Outbox struct {
	DB *db.DB
	// Words are those of a language; of an unknown one, those of the first.
	Words func(language string) *i18n.Language
	// Base is the address of the site, without a slash at the end.
	Base string
	// Mail hands a message to the mail server.
	Mail func(context.Context, mail.Message) error
	// Push hands a note to the push service of one browser; push.ErrGone has
	// the browser forgotten.
	Push func(context.Context, push.Keys, push.Device, push.Note, bool) error
	// Text hands a body of JSON to the gateway; id is the same at every try.
	Text func(ctx context.Context, g Gateway, id string, body []byte) error
}

// Handlers do the jobs of this package.
func (o Outbox) Handlers() map[string]job.Handler {
	return map[string]job.Handler{
		notice.Posted: job.InTx(o.plan),
		gatherDue:     job.InTx(gather),
		sendLetter:    job.WhenBuried(job.Outside(o.send), fail),
		sendCode:      job.Outside(o.sendCode),
	}
}

var (
	errClosed    = errors.New("the channel is not set up")
	errNoAddress = errors.New("the person has no confirmed address any more")
	errNoDevice  = errors.New("no browser of the person's takes messages any more")
	errSwept     = errors.New("the notices of the letter are no longer kept")
)

// parcel is a letter with all that it needs on its way.
type parcel struct {
	Letter
	told     []told
	urgent   bool
	language string
	address  Address
	devices  []Device
	keys     push.Keys
	gateway  Gateway
}

// send hands a letter over and has it marked. One that went out already, or was
// dropped, stays as it is; one that was given up is here because somebody who
// looks after the queue revived its job.
func (o Outbox) send(ctx context.Context, j letterJob) (func(*db.Tx) error, error) {
	var p parcel
	if err := o.DB.View(ctx, func(tx *db.Tx) (err error) {
		p, err = pack(tx, j.Letter)
		return err
	}); err != nil {
		return nil, err
	}
	if p.State == Sent || p.State == Dropped {
		return nil, nil
	}
	gone, err := o.carry(ctx, p)
	if err != nil {
		return nil, o.forgetting(ctx, gone, err)
	}
	return func(tx *db.Tx) error {
		if err := forget(tx, gone); err != nil {
			return err
		}
		return tx.Change(`UPDATE delivery_letter SET state = $1, settled = $2, failure = '' WHERE id = $3`, Sent, tx.Now, p.ID)
	}, nil
}

func pack(tx *db.Tx, letter LetterID) (p parcel, err error) {
	if p.Letter, err = db.One(tx, scanLetter, `SELECT `+letterColumns+` FROM delivery_letter l WHERE l.id = $1`, letter); err != nil {
		if errs.Is(err, errs.NotFound) {
			err = job.Final(err) // it was swept
		}
		return p, err
	}
	if p.told, p.urgent, err = contents(tx, letter); err != nil {
		return p, err
	}
	if p.language, err = languageOf(tx, p.Person); err != nil {
		return p, err
	}
	reader := access.Actor{Person: p.Person}
	switch p.Channel {
	case Push:
		if p.devices, err = devicesOf(tx, reader); err == nil && len(p.devices) > 0 {
			p.keys, err = pushKeys(tx)
		}
		return p, err
	case Text:
		if p.gateway, err = gateway(tx); err != nil {
			return p, err
		}
	}
	own, err := Addresses(tx, reader)
	p.address = own[p.Channel]
	return p, err
}

// contents are the notices of a letter, oldest first.
func contents(tx *db.Tx, letter LetterID) (list []told, urgent bool, err error) {
	notices, err := db.All(tx, notice.Scan, `SELECT `+notice.Columns+` FROM delivery d JOIN notice n ON n.id = d.notice_id WHERE d.letter_id = $1 ORDER BY n.id`, letter)
	if err != nil {
		return nil, false, err
	}
	rules, err := RulesOf(tx)
	if err != nil {
		return nil, false, err
	}
	for _, n := range notices {
		at, err := orgtree.Find(tx, n.Unit)
		if err != nil {
			return nil, false, err
		}
		list = append(list, told{n, at.Name})
		urgent = urgent || rules.Urgent(n)
	}
	return list, urgent, nil
}

// carry hands the letter over, and gives the browsers that are gone.
func (o Outbox) carry(ctx context.Context, p parcel) (gone []DeviceID, err error) {
	l := o.Words(p.language)
	var list []words
	for _, t := range p.told {
		list = append(list, wordsOf(l, t))
	}
	if len(list) == 0 {
		return nil, job.Final(errSwept)
	}
	if p.Channel == Push {
		return o.pushAll(ctx, p, asNote(l, list))
	}
	if p.address.Confirmed.IsZero() {
		return nil, job.Final(errNoAddress)
	}
	if p.Channel == Mail {
		return nil, o.mail(ctx, p.ID.String(), p.Made, p.address, asMail(l, o.Base, list))
	}
	return nil, o.text(ctx, p.gateway, textMessage{ID: p.ID.String(), To: p.address.Address, Text: asText(l, o.Base, list), Made: p.Made})
}

func (o Outbox) mail(ctx context.Context, id string, made time.Time, to Address, m mail.Message) error {
	if o.Mail == nil {
		return errClosed
	}
	m.ID, m.At, m.To = id, made, to.Address
	return o.Mail(ctx, m)
}

// textMessage is what the gateway gets.
type textMessage struct {
	ID   string `json:"id"`
	To   string `json:"to"`
	Text string `json:"text"`
	// Plain is the text without accents, which fits more into an SMS.
	Plain string    `json:"plain"`
	Made  time.Time `json:"made"`
}

func (o Outbox) text(ctx context.Context, g Gateway, m textMessage) error {
	if o.Text == nil || !g.Enabled {
		return errClosed
	}
	m.Plain, m.Made = text.Plain(m.Text), m.Made.UTC()
	body, err := json.Marshal(m)
	if err != nil {
		return job.Final(err)
	}
	return o.Text(ctx, g, m.ID, body)
}

// pushAll tells every browser of the person's. One that takes the note is
// enough: the next try would tell it again.
func (o Outbox) pushAll(ctx context.Context, p parcel, note push.Note) (gone []DeviceID, err error) {
	if o.Push == nil {
		return nil, errClosed
	}
	note.Tag = p.ID.String()
	reached := false
	var passing, final error
	for _, d := range p.devices {
		err := o.Push(ctx, p.keys, d.at, note, p.urgent)
		switch {
		case err == nil:
			reached = true
		case errors.Is(err, push.ErrGone):
			gone = append(gone, d.ID)
		case job.IsFinal(err):
			final = err
		default:
			passing = err
		}
	}
	switch {
	case reached:
		return gone, nil
	case passing != nil:
		return gone, passing
	case final != nil:
		return gone, final
	}
	return gone, job.Final(errNoDevice)
}

// forgetting forgets browsers that are gone also when the letter failed.
func (o Outbox) forgetting(ctx context.Context, gone []DeviceID, failure error) error {
	if len(gone) == 0 {
		return failure
	}
	return errors.Join(failure, o.DB.Update(ctx, func(tx *db.Tx) error { return forget(tx, gone) }))
}

func forget(tx *db.Tx, gone []DeviceID) error {
	for _, device := range gone {
		if _, err := tx.Exec(`DELETE FROM delivery_device WHERE id = $1`, device); err != nil {
			return err
		}
	}
	return nil
}

// sendCode sends the code of an address, unless another was asked for since.
func (o Outbox) sendCode(ctx context.Context, a asked) (func(*db.Tx) error, error) {
	var to Address
	var found bool
	var g Gateway
	var language string
	if err := o.DB.View(ctx, func(tx *db.Tx) (err error) {
		if to, found, err = db.Maybe(tx, scanAddress, `SELECT `+addressColumns+` FROM delivery_address WHERE person_id = $1 AND channel = $2 AND nonce = $3`,
			a.Person, a.Channel, a.Nonce); err != nil {
			return err
		}
		if language, err = languageOf(tx, a.Person); err != nil {
			return err
		}
		g, err = gateway(tx)
		return err
	}); err != nil {
		return nil, err
	}
	l := o.Words(language)
	if !found || !o.DB.Now().Before(to.expires) {
		return nil, nil
	}
	digits, made := code(o.DB, a.Person, to), to.expires.Add(-codeLife)
	if a.Channel == Text {
		return nil, o.text(ctx, g, textMessage{ID: a.Nonce, To: to.Address, Text: l.T("delivery.code.text", "code", digits), Made: made})
	}
	return nil, o.mail(ctx, a.Nonce, made, to, mail.Message{
		Subject: l.T("delivery.code.subject"), Language: l.Code(), Opening: l.T("delivery.mail.opening"),
		Items:   []mail.Item{{Title: digits, Text: l.T("delivery.code.lasts", "minutes", int(codeLife.Minutes()))}},
		Closing: []string{l.T("delivery.code.not_you")},
	})
}
