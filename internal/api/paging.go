package api

import (
	"encoding/base64"
	"encoding/json"

	"chibo/internal/platform/errs"
)

const (
	pageUsual = 50
	pageMost  = 200
)

// Paging is what every list that may be long takes.
type Paging struct {
	After string `query:"after" doc:"The cursor \"next\" of the page before."`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// more is one more than the page holds, which shows whether another follows.
func (p Paging) more() int { return p.limit() + 1 }

func (p Paging) limit() int {
	if p.Limit == 0 {
		return pageUsual
	}
	return min(p.Limit, pageMost)
}

// cursor reads where a list goes on; the zero value is its beginning. A cursor
// is opaque: whoever asks has it from the page before.
func cursor[T any](after string) (place T, err error) {
	if after == "" {
		return place, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(after)
	if err == nil {
		err = json.Unmarshal(raw, &place)
	}
	if err != nil {
		return place, errs.Field("after", "api.cursor")
	}
	return place, nil
}

func cursorTo(place any) string {
	raw, err := json.Marshal(place)
	if err != nil {
		panic(err) // a place is a few ids and days
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// page cuts what a verb gave for paging.more to the page, and names the place
// behind it.
func page[A, B any](p Paging, show func(A) B, place func(A) any) func([]A, error) (list[B], error) {
	return as(func(given []A) (shown list[B]) {
		if len(given) > p.limit() {
			given = given[:p.limit()]
			shown.Next = cursorTo(place(given[len(given)-1]))
		}
		shown.Items = all(show, given)
		return shown
	})
}
