package api

import (
	"time"

	"chibo/internal/domain/hook"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
)

// OfHook names the subscription in the address.
type OfHook struct {
	Hook pathID[hook.Hook] `path:"hook"`
}

// hookOperations have other systems told of what happens.
func hookOperations() []operation {
	return []operation{
		read("GET /units/{unit}/hooks", "hook.At", may(access.Settings, "unit"), func(c call, in *OfUnit) (list[Hook], error) {
			return each(newHook)(hook.At(c.tx, c.by, in.Unit.ID))
		}),
		create("POST /units/{unit}/hooks", "hook.Subscribe", may(access.Settings, "unit"), func(c call, in *struct {
			OfUnit
			Body HookSettings
		},
		) (Subscribed, error) {
			h, secret, err := hook.Subscribe(c.tx, c.by, in.Unit.ID, hook.Settings(in.Body))
			return Subscribed{newHook(h), secret}, err
		}),
		change("PUT /hooks/{hook}", "hook.Change", may(access.Settings, "hook"), func(c call, in *struct {
			OfHook
			Body HookSettings
		},
		) (Hook, error) {
			return as(newHook)(hook.Change(c.tx, c.by, in.Hook.ID, c.version, hook.Settings(in.Body)))
		}),
		write("DELETE /hooks/{hook}", "hook.Remove", may(access.Settings, "hook"), func(c call, in *OfHook) (nothing, error) {
			return done(hook.Remove(c.tx, c.by, in.Hook.ID))
		}),
	}
}

// Hook is a subscription of another system.
type Hook struct {
	ID   hook.ID    `json:"id"`
	Unit orgtree.ID `json:"unit"`
	HookSettings
	Position int64           `json:"position" doc:"That of the last entry of the journal that was taken."`
	Failures int             `json:"failures"`
	Failure  string          `json:"failure,omitempty"`
	NextTry  time.Time       `json:"next_try"`
	Created  time.Time       `json:"created"`
	By       access.PersonID `json:"by,omitzero"`
	Version  int64           `json:"version"`
}

// HookSettings are what is chosen of a subscription.
type HookSettings struct {
	Address string   `json:"address"`
	Nouns   []string `json:"nouns,omitempty" doc:"The kinds of record that are told of; all where there are none."`
	Paused  bool     `json:"paused,omitzero" doc:"It misses nothing, and goes on where it stopped."`
}

// Subscribed is a new subscription with its secret, which is shown once.
type Subscribed struct {
	Hook
	Secret string `json:"secret"`
}

func newHook(h hook.Hook) Hook {
	return Hook{h.ID, h.Unit, HookSettings(h.Settings), h.Position, h.Failures, h.Failure, h.NextTry, h.Created, h.By, h.Version}
}
