package api_test

import (
	"maps"

	"chibo/internal/kernel/access"
)

// asks has, for each operation, a request that succeeds for whoever may.
var asks = together(meetingAsks, unitAsks, consolidationAsks, seeingAsks, reorganisationAsks, duplicateAsks, memberAsks, taskAsks, resolutionAsks, resultAsks, ownAsks, deliveryAsks, intakeAsks, paperAsks)

func together(areas ...map[string]func(w *world) ask) map[string]func(w *world) ask {
	all := map[string]func(w *world) ask{}
	for _, area := range areas {
		maps.Copy(all, area)
	}
	return all
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
