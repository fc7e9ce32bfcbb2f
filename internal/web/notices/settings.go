package notices

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"chibo/internal/domain/account"
	"chibo/internal/domain/delivery"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/platform/push"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

const settingsPath = home + "/settings"

// settingsRoutes run in transactions that may write: the first who opens the
// page has the key made by which browsers subscribe.
func settingsRoutes() []page.Route {
	act := func(path string, do page.Page) page.Route { return page.Act(settingsPath+path, do, showSettings) }
	return page.Recorded(
		page.Show(settingsPath, showSettings),
		act("", choose),
		act("/address/{channel}", propose),
		act("/address/{channel}/confirm", confirm),
		act("/address/{channel}/forget", forget),
		act("/devices", subscribe),
		act("/devices/{device}/end", unsubscribe),
		act("/calendar", openCalendar),
		act("/calendar/end", closeCalendar),
	)
}

// settings is what the page of how one is told shows.
type settings struct {
	Choice    ui.FormProps
	Digest    ui.ChoiceField
	Language  ui.ChoiceField
	Quiet     [2]ui.TimeField
	Kinds     []ui.ChecksField
	Addresses []addressCard
	Browsers  *browsers // nil where no push messages leave
	Calendar  string    // the private address, "" while there is none
	// Nowhere says that notices cannot leave the program at all.
	Nowhere bool
}

// addressCard is an e-mail address or a telephone on its way to be confirmed.
type addressCard struct {
	Channel, Title, Lead, Path string
	Address                    string
	Confirmed, Asked           bool
	Field, Code                ui.TextField
	Errors                     ui.Errors
}

// browsers are those that take messages.
type browsers struct {
	Key  string
	List []browser
}

type browser struct{ ID, Name, Since string }

func showSettings(r *page.Request) (page.Answer, error) {
	channels, err := channels(r)
	if err != nil {
		return nil, err
	}
	view := settings{Nowhere: len(channels) == 0}
	if err := view.addChoice(r, channels); err != nil {
		return nil, err
	}
	if err := view.addAddresses(r, channels); err != nil {
		return nil, err
	}
	if slices.Contains(channels, delivery.Push) {
		if view.Browsers, err = takers(r); err != nil {
			return nil, err
		}
	}
	token, err := delivery.CalendarToken(r.Tx, r.By)
	if err != nil {
		return nil, err
	}
	if token != "" {
		view.Calendar = origin(r) + calendarPath + token + ".ics"
	}
	frame, err := r.Frame(r.T("notice.settings.title"))
	if err != nil {
		return nil, err
	}
	frame.Lead, frame.Crumbs = r.T("notice.settings.lead"), []ui.Link{{Text: r.T("notice.title"), Href: home}}
	frame.Scripts = []string{"notices.js"}
	return page.HTML(settingsPage(frame, view)), nil
}

// channels are those that are open here.
func channels(r *page.Request) ([]delivery.Channel, error) {
	list := slices.Clone(r.Site.Channels)
	texts, err := delivery.TextsLeave(r.Tx, r.By)
	if !texts {
		list = slices.DeleteFunc(list, func(c delivery.Channel) bool { return c == delivery.Text })
	}
	return list, err
}

// origin is the address under which this site was opened.
func origin(r *page.Request) string {
	if r.Site.Secure || r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

func (v *settings) addChoice(r *page.Request, channels []delivery.Channel) error {
	c, err := delivery.MyChoice(r.Tx, r.By)
	if err != nil {
		return err
	}
	v.Choice = ui.FormProps{Action: settingsPath, Version: r.Version(c.Version), Errors: r.Errors()}
	v.Digest = ui.ChoiceField{
		Name: "digest", Label: r.T("notice.settings.digest"), Help: r.T("notice.settings.digest_help"), Required: true,
		Value: r.Value("digest", string(c.Digest)), Error: r.Errors().For("digest"),
	}
	v.Language = ui.ChoiceField{
		Name: "language", Label: r.T("notice.settings.language"), Required: true,
		Value: r.Value("language", c.Language), Error: r.Errors().For("language"),
	}
	for _, l := range delivery.Languages {
		v.Language.Options = append(v.Language.Options, ui.Option{Value: l, Label: r.T("notice.settings.language_" + l)})
	}
	for _, d := range delivery.Digests {
		v.Digest.Options = append(v.Digest.Options, ui.Option{Value: string(d), Label: r.T("notice.settings.digest_" + string(d))})
	}
	for i, hour := range []struct {
		name   string
		stored int
	}{{"quiet_from", c.QuietFrom}, {"quiet_to", c.QuietTo}} {
		v.Quiet[i] = ui.TimeField{
			Name: hour.name, Label: r.T("notice.settings." + hour.name), Value: r.Value(hour.name, ofDay(hour.stored)), Required: true, Error: r.Errors().For(hour.name),
		}
	}
	for _, k := range delivery.Kinds {
		v.Kinds = append(v.Kinds, kindField(r, c, k, channels))
	}
	return nil
}

// ofDay writes minutes since midnight as an hour.
func ofDay(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// kindField asks by which channels a kind is told.
func kindField(r *page.Request, c delivery.Choice, k delivery.Kind, channels []delivery.Channel) ui.ChecksField {
	f := ui.ChecksField{Name: wishName(k), Label: r.T("notice.settings.kind_" + string(k))}
	for _, channel := range channels {
		f.Options = append(f.Options, ui.Option{Value: string(channel), Label: r.T("delivery.channel." + string(channel))})
		if r.Problem == nil && c.Wants(k, channel) {
			f.Values = append(f.Values, string(channel))
		}
	}
	if r.Problem != nil {
		f.Values = r.Form[f.Name]
	}
	return f
}

func wishName(k delivery.Kind) string { return "wish_" + string(k) }

func (v *settings) addAddresses(r *page.Request, channels []delivery.Channel) error {
	own, err := delivery.Addresses(r.Tx, r.By)
	if err != nil {
		return err
	}
	for _, channel := range channels {
		if channel == delivery.Push {
			continue
		}
		card, err := cardOf(r, channel, own[channel])
		if err != nil {
			return err
		}
		v.Addresses = append(v.Addresses, card)
	}
	return nil
}

func cardOf(r *page.Request, channel delivery.Channel, a delivery.Address) (addressCard, error) {
	name := string(channel)
	c := addressCard{
		Channel: name, Title: r.T("delivery.channel." + name), Lead: r.T("notice.settings." + name + "_lead"), Path: settingsPath + "/address/" + name,
		Address: a.Address, Confirmed: !a.Confirmed.IsZero(), Asked: a.Address != "" && a.Confirmed.IsZero(),
	}
	known, err := fromAccount(r, channel)
	if err != nil {
		return c, err
	}
	c.Field = ui.TextField{
		Name: name, Label: r.T("notice.settings." + name), Kind: ui.Email, Value: r.Value(name, known), Autocomplete: "email", Required: true, MaxLength: 200,
	}
	if channel == delivery.Text {
		c.Field.Kind, c.Field.Autocomplete, c.Field.MaxLength = ui.Phone, "tel", 20
	}
	c.Code = ui.TextField{
		Name: "code", ID: "code-" + name, Label: r.T("notice.settings.code"), Help: r.T("notice.settings.code_help", "address", a.Address), Autocomplete: "one-time-code", Required: true, MaxLength: 10,
		Attrs: templ.Attributes{"inputmode": "numeric"},
	}
	if r.PathValue("channel") == name {
		c.Errors = r.Errors()
		c.Field.Error, c.Code.Error = c.Errors.For(name), c.Errors.For("code")
	}
	return c, nil
}

// fromAccount is the address that the person signs in with, so that it need not
// be typed again.
func fromAccount(r *page.Request, channel delivery.Channel) (string, error) {
	own, err := account.Find(r.Tx, r.By, r.By.Person)
	if channel == delivery.Text {
		return own.Phone, err
	}
	return own.Email, err
}

func takers(r *page.Request) (*browsers, error) {
	key, err := delivery.PushKey(r.Tx, r.By)
	if err != nil {
		return nil, err
	}
	devices, err := delivery.Devices(r.Tx, r.By)
	b := &browsers{Key: key}
	for _, d := range devices {
		b.List = append(b.List, browser{d.ID.String(), d.Name, i18n.Instant(r.Context(), d.Added)})
	}
	return b, err
}

func choose(r *page.Request) (page.Answer, error) {
	in := r.Input()
	var wrong errs.Fields
	c := delivery.Choice{Digest: delivery.Digest(in.Line("digest")), Language: in.Line("language"), Wanted: map[delivery.Wish]bool{}, Version: in.Version()}
	for name, into := range map[string]*int{"quiet_from": &c.QuietFrom, "quiet_to": &c.QuietTo} {
		minutes, ok := minuteOf(in.Line(name))
		wrong.Check(ok, name, "errs.time")
		*into = minutes
	}
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	open, err := channels(r)
	if err != nil {
		return nil, err
	}
	before, err := delivery.MyChoice(r.Tx, r.By)
	if err != nil {
		return nil, err
	}
	for _, k := range delivery.Kinds {
		for _, channel := range delivery.Channels {
			// What was not asked stays as it was.
			wanted := before.Wants(k, channel)
			if slices.Contains(open, channel) {
				wanted = slices.Contains(r.Form[wishName(k)], string(channel))
			}
			c.Wanted[delivery.Wish{Kind: k, Channel: channel}] = wanted
		}
	}
	return page.SeeOther(settingsPath, "notice.settings.saved"), delivery.Choose(r.Tx, r.By, c)
}

// minuteOf reads an hour as people write it: 21:00, 21h30, 6h.
func minuteOf(typed string) (int, bool) {
	hours, minutes, _ := strings.Cut(strings.Replace(strings.ToLower(typed), "h", ":", 1), ":")
	h, err := strconv.Atoi(hours)
	if err != nil || h < 0 || h > 23 {
		return 0, false
	}
	if minutes == "" {
		return h * 60, true
	}
	m, err := strconv.Atoi(minutes)
	return h*60 + m, err == nil && len(minutes) == 2 && m >= 0 && m < 60
}

func channelOf(r *page.Request) (delivery.Channel, error) {
	list, err := channels(r)
	channel := delivery.Channel(r.PathValue("channel"))
	if err == nil && !slices.Contains(list, channel) {
		err = errs.New(errs.NotFound, "errs.not_found")
	}
	return channel, err
}

func propose(r *page.Request) (page.Answer, error) {
	channel, err := channelOf(r)
	if err != nil {
		return nil, err
	}
	return page.SeeOther(settingsPath+"#"+string(channel), "notice.settings.code_sent"), delivery.Propose(r.Tx, r.By, channel, r.Input().Line(string(channel)))
}

// confirm shows the page again for a wrong code without giving up the
// transaction, in which the try was counted.
func confirm(r *page.Request) (page.Answer, error) {
	channel, err := channelOf(r)
	if err != nil {
		return nil, err
	}
	right, err := delivery.Confirm(r.Tx, r.By, channel, r.Input().Line("code"))
	if err != nil {
		return nil, err
	}
	if !right {
		r.Problem, _ = errs.As(errs.Field("code", "delivery.error.code"))
		return showSettings(r)
	}
	return page.SeeOther(settingsPath+"#"+string(channel), "notice.settings.confirmed"), nil
}

func forget(r *page.Request) (page.Answer, error) {
	channel := delivery.Channel(r.PathValue("channel"))
	return page.SeeOther(settingsPath+"#"+string(channel), "notice.settings.saved"), delivery.Forget(r.Tx, r.By, channel)
}

func subscribe(r *page.Request) (page.Answer, error) {
	in := r.Input()
	d := push.Device{Endpoint: in.Line("endpoint"), P256dh: in.Line("p256dh"), Auth: in.Line("auth")}
	return page.SeeOther(settingsPath+"#push", "notice.settings.subscribed"), delivery.Subscribe(r.Tx, r.By, r.Session, d)
}

func unsubscribe(r *page.Request) (page.Answer, error) {
	device, err := page.PathID[delivery.Device](r, "device")
	if err != nil {
		return nil, err
	}
	return page.SeeOther(settingsPath+"#push", "notice.settings.saved"), delivery.Unsubscribe(r.Tx, r.By, device)
}

func openCalendar(r *page.Request) (page.Answer, error) {
	return page.SeeOther(settingsPath+"#calendar", "notice.settings.saved"), delivery.OpenCalendar(r.Tx, r.By)
}

func closeCalendar(r *page.Request) (page.Answer, error) {
	return page.SeeOther(settingsPath+"#calendar", "notice.settings.saved"), delivery.CloseCalendar(r.Tx, r.By)
}
