package api_test

import (
	"maps"

	"chibo/internal/kernel/access"
)

// asks has, for each operation, a request that succeeds for whoever may.
var asks = map[string]func(w *world) ask{}

func init() {
	for _, area := range []map[string]func(w *world) ask{meetingAsks} {
		maps.Copy(asks, area)
	}
}

type fields = map[string]any

// is is somebody who is one of the people.
func is(people ...access.PersonID) func(access.Actor) bool {
	return func(by access.Actor) bool {
		for _, person := range people {
			if by.Person == person {
				return true
			}
		}
		return false
	}
}
