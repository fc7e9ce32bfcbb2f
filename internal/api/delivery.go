package api

import (
	"time"

	"chibo/internal/domain/account"
	"chibo/internal/domain/delivery"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/push"
)

type (
	// OfChannel names the channel in the address, mail or text; the others name
	// a browser and a letter.
	OfChannel struct {
		Channel string `path:"channel" doc:"mail or text"`
	}
	OfDevice struct {
		Device pathID[delivery.Device] `path:"device"`
	}
	OfLetter struct {
		Letter pathID[delivery.Letter] `path:"letter"`
	}
)

// deliveryOperations are how the caller is told, and, for who keeps the machine,
// what could not be delivered. What makes a new way to the caller is done in
// person: it could outlive a token.
func deliveryOperations() []operation {
	own, personal := anyone(), anyone().inPerson()
	return []operation{
		read("GET /me/choice", "delivery.MyChoice", own, func(c call, _ *struct{}) (Choice, error) {
			return as(newChoice)(delivery.MyChoice(c.tx, c.by))
		}),
		write("PUT /me/choice", "delivery.Choose", own, func(c call, in *struct{ Body Choice }) (nothing, error) {
			before, err := delivery.MyChoice(c.tx, c.by)
			if err != nil {
				return nothing{}, err
			}
			return done(delivery.Choose(c.tx, c.by, in.Body.over(before)))
		}),
		read("GET /me/channels", "delivery.TextsLeave", own, func(c call, _ *struct{}) (Texts, error) {
			return as(func(leave bool) Texts { return Texts{leave} })(delivery.TextsLeave(c.tx, c.by))
		}),
		read("GET /me/addresses", "delivery.Addresses", own, func(c call, _ *struct{}) (list[Address], error) {
			return as(newAddresses)(delivery.Addresses(c.tx, c.by))
		}),
		write("PUT /me/addresses/{channel}", "delivery.Propose", personal, func(c call, in *struct {
			OfChannel
			Body Proposed
		},
		) (nothing, error) {
			return done(delivery.Propose(c.tx, c.by, delivery.Channel(in.Channel), in.Body.Address))
		}),
		write("POST /me/addresses/{channel}/confirm", "delivery.Confirm", personal, func(c call, in *struct {
			OfChannel
			Body Code
		},
		) (Confirmed, error) {
			return as(func(right bool) Confirmed { return Confirmed{right} })(delivery.Confirm(c.tx, c.by, delivery.Channel(in.Channel), in.Body.Code))
		}),
		write("DELETE /me/addresses/{channel}", "delivery.Forget", own, func(c call, in *OfChannel) (nothing, error) {
			return done(delivery.Forget(c.tx, c.by, delivery.Channel(in.Channel)))
		}),
		read("GET /me/calendar", "delivery.CalendarToken", personal, func(c call, _ *struct{}) (Calendar, error) {
			return as(newCalendar)(delivery.CalendarToken(c.tx, c.by))
		}),
		write("POST /me/calendar", "delivery.OpenCalendar", personal, func(c call, _ *struct{}) (nothing, error) {
			return done(delivery.OpenCalendar(c.tx, c.by))
		}),
		write("DELETE /me/calendar", "delivery.CloseCalendar", own, func(c call, _ *struct{}) (nothing, error) {
			return done(delivery.CloseCalendar(c.tx, c.by))
		}),
		read("GET /me/devices", "delivery.Devices", own, func(c call, _ *struct{}) (list[Device], error) {
			return each(newDevice)(delivery.Devices(c.tx, c.by))
		}),
		recorded("GET /me/devices/key", "delivery.PushKey", own, func(c call, _ *struct{}) (PushKey, error) {
			return as(func(key string) PushKey { return PushKey{key} })(delivery.PushKey(c.tx, c.by))
		}),
		write("POST /me/devices", "delivery.Subscribe", personal, func(c call, in *struct{ Body Browser }) (nothing, error) {
			return done(delivery.Subscribe(c.tx, c.by, c.session, push.Device(in.Body)))
		}),
		write("DELETE /me/devices/{device}", "delivery.Unsubscribe", own, func(c call, in *OfDevice) (nothing, error) {
			return done(delivery.Unsubscribe(c.tx, c.by, in.Device.ID))
		}),

		read("GET /gateway", "delivery.FindGateway", may(access.Settings, "root"), func(c call, _ *struct{}) (Gateway, error) {
			return as(newGateway)(delivery.FindGateway(c.tx, c.by))
		}),
		write("PUT /gateway", "delivery.ChangeGateway", may(access.Settings, "root"), func(c call, in *struct{ Body GatewayChange }) (nothing, error) {
			g := in.Body
			return done(delivery.ChangeGateway(c.tx, c.by, delivery.Gateway{URL: g.URL, Enabled: g.Enabled, Version: g.Version}, g.NewSecret))
		}),
		read("GET /letters", "delivery.DeadLetters", may(access.Settings, "anywhere"), func(c call, _ *struct{}) (list[Letter], error) {
			return each(newLetter)(delivery.DeadLetters(c.tx, c.by))
		}),
		write("POST /letters/{letter}/again", "delivery.TryAgain", may(access.Settings, "letter"), func(c call, in *OfLetter) (nothing, error) {
			return done(delivery.TryAgain(c.tx, c.by, in.Letter.ID))
		}),
		write("DELETE /letters/{letter}", "delivery.Drop", may(access.Settings, "letter"), func(c call, in *OfLetter) (nothing, error) {
			return done(delivery.Drop(c.tx, c.by, in.Letter.ID))
		}),
	}
}

// Choice is how the caller is told.
type Choice struct {
	Digest    delivery.Digest `json:"digest" enum:"at_once,daily,weekly"`
	QuietFrom int             `json:"quiet_from" doc:"In minutes since midnight, as is quiet_to; equal ones are no quiet hours."`
	QuietTo   int             `json:"quiet_to"`
	Wishes    []Wish          `json:"wishes,omitempty" doc:"In a change, what is not named stays as it was."`
	Version   int64           `json:"version" doc:"0 while nothing was chosen."`
}

// Wish is whether a kind of notice is wanted through a channel.
type Wish struct {
	Kind    delivery.Kind    `json:"kind"`
	Channel delivery.Channel `json:"channel"`
	Wanted  bool             `json:"wanted"`
}

func newChoice(c delivery.Choice) Choice {
	shown := Choice{Digest: c.Digest, QuietFrom: c.QuietFrom, QuietTo: c.QuietTo, Version: c.Version}
	for _, kind := range delivery.Kinds {
		for _, channel := range delivery.Channels {
			shown.Wishes = append(shown.Wishes, Wish{kind, channel, c.Wants(kind, channel)})
		}
	}
	return shown
}

func (c Choice) over(before delivery.Choice) delivery.Choice {
	chosen := delivery.Choice{Digest: c.Digest, QuietFrom: c.QuietFrom, QuietTo: c.QuietTo, Wanted: before.Wanted, Version: c.Version}
	for _, w := range c.Wishes {
		chosen.Wanted[delivery.Wish{Kind: w.Kind, Channel: w.Channel}] = w.Wanted
	}
	return chosen
}

// Texts is whether text messages can be sent at all.
type Texts struct {
	Text bool `json:"text"`
}

// Address is where the caller wants to be written to.
type Address struct {
	Channel   delivery.Channel `json:"channel"`
	Address   string           `json:"address"`
	Confirmed time.Time        `json:"confirmed,omitzero" doc:"Absent until the code that was sent there came back."`
}

func newAddresses(own map[delivery.Channel]delivery.Address) list[Address] {
	shown := list[Address]{Items: []Address{}}
	for _, channel := range delivery.Channels {
		if a, ok := own[channel]; ok {
			shown.Items = append(shown.Items, Address{a.Channel, a.Address, a.Confirmed})
		}
	}
	return shown
}

// Proposed is an address to which a code is sent.
type Proposed struct {
	Address string `json:"address"`
}

// Code is the code that was sent to an address.
type Code struct {
	Code string `json:"code"`
}

// Confirmed is whether the code was the one.
type Confirmed struct {
	Right bool `json:"right"`
}

// Calendar is the private address of the caller's calendar: who has it reads
// when they meet.
type Calendar struct {
	Path string `json:"path,omitempty" doc:"On this server; absent while there is none."`
}

func newCalendar(token string) Calendar {
	if token == "" {
		return Calendar{}
	}
	return Calendar{"/calendar/" + token + ".ics"}
}

// Device is a browser that takes messages.
type Device struct {
	ID      delivery.DeviceID `json:"id"`
	Name    string            `json:"name"`
	Added   time.Time         `json:"added"`
	Session account.SessionID `json:"session"`
}

func newDevice(d delivery.Device) Device { return Device{d.ID, d.Name, d.Added, d.Session} }

// PushKey is what a browser subscribes under.
type PushKey struct {
	Key string `json:"key"`
}

// Browser is a subscription as a browser describes it.
type Browser struct {
	Endpoint string `json:"endpoint"`
	P256dh   string `json:"p256dh"`
	Auth     string `json:"auth"`
}

// Gateway is where text messages go.
type Gateway struct {
	URL     string `json:"url,omitempty"`
	Enabled bool   `json:"enabled"`
	Secret  string `json:"secret,omitempty"`
	Version int64  `json:"version" doc:"0 while there is none."`
}

func newGateway(g delivery.Gateway) Gateway { return Gateway(g) }

// GatewayChange says where text messages go from now on.
type GatewayChange struct {
	URL       string `json:"url"`
	Enabled   bool   `json:"enabled"`
	NewSecret bool   `json:"new_secret,omitzero"`
	Version   int64  `json:"version" doc:"0 while there is none."`
}

// Letter is a message that was given up: not who gets it, and not what it tells.
type Letter struct {
	ID       delivery.LetterID `json:"id"`
	Unit     orgtree.ID        `json:"unit"`
	UnitName string            `json:"unit_name"`
	Channel  delivery.Channel  `json:"channel"`
	To       string            `json:"to,omitempty" doc:"Masked."`
	Made     time.Time         `json:"made"`
	Settled  time.Time         `json:"settled,omitzero"`
	Failure  string            `json:"failure"`
}

func newLetter(l delivery.Undelivered) Letter {
	return Letter{l.ID, l.Unit, l.UnitName, l.Channel, l.To, l.Made, l.Settled, l.Failure}
}
