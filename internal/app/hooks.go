package app

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"chibo/internal/domain/hook"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/outward"
)

const (
	hooksEvery = 2 * time.Second
	// hookTurn is how many entries one subscriber is sent before others have
	// their turn.
	hookTurn = 50
)

// tellHooks tells other systems what happens, until ctx ends.
func (a *App) tellHooks(ctx context.Context) {
	client := outward.NewClient(a.config.Outside.Networks)
	tick := time.NewTicker(hooksEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := a.TellHooks(ctx, client); err != nil && ctx.Err() == nil {
				a.Log.Error("subscribers could not be told", "error", err)
			}
		}
	}
}

// TellHooks sends every subscriber what waits for it.
func (a *App) TellHooks(ctx context.Context, client *http.Client) error {
	var due []hook.ID
	if err := a.DB.View(ctx, func(tx *db.Tx) (err error) {
		due, err = hook.Due(tx, access.Console())
		return err
	}); err != nil {
		return err
	}
	for _, id := range due {
		for range hookTurn {
			sent, err := a.tellOne(ctx, client, id)
			if err != nil {
				return err
			}
			if !sent {
				break
			}
		}
	}
	return nil
}

// told is what another system hears of an entry.
type told struct {
	Position int64     `json:"position"`
	Verb     string    `json:"verb"`
	Noun     string    `json:"noun"`
	Record   string    `json:"record"`
	Unit     string    `json:"unit"`
	At       time.Time `json:"at"`
}

// tellOne sends the next entry outside any transaction, and notes how it went.
func (a *App) tellOne(ctx context.Context, client *http.Client, id hook.ID) (sent bool, err error) {
	var letter hook.Letter
	if err := a.DB.Update(ctx, func(tx *db.Tx) (err error) {
		letter, sent, err = hook.Next(tx, access.Console(), id)
		return err
	}); err != nil || !sent {
		return false, err
	}
	e := letter.Entry
	body, err := json.Marshal(told{e.Position, e.Verb, e.Noun, hook.ID(e.NounID).String(), e.Unit.String(), e.At})
	if err != nil {
		return false, err
	}
	failure := outward.Post(ctx, client, outward.Signed{
		URL: letter.Hook.Address, Key: letter.Secret, ID: id.String() + "-" + e.ID.String(), Body: body, At: a.DB.Now(),
	})
	if ctx.Err() != nil {
		return false, ctx.Err() // we are the ones who leave
	}
	return failure == nil, a.DB.Update(ctx, func(tx *db.Tx) error {
		if failure != nil {
			return hook.Failed(tx, access.Console(), id, failure.Error())
		}
		return hook.Taken(tx, access.Console(), id, e.Position)
	})
}
