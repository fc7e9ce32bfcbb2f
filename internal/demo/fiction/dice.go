// Package fiction knows people and places of work that never were: names, ages
// and occupations in believable shares, and what cells of each sort do and say.
// Everything follows from dice, and the dice from a seed.
package fiction

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
)

// Dice draw the same from the same seed. Each part of the work has dice of its
// own, called by names, so that a change in one part leaves the others' throws
// alone.
type Dice struct{ *rand.Rand }

// Throw makes the dice of the part of the work that the names call.
func Throw(seed uint64, names ...any) Dice {
	h := fnv.New64a()
	for _, name := range names {
		fmt.Fprintf(h, "%v/", name)
	}
	return Dice{rand.New(rand.NewPCG(seed, h.Sum64()))}
}

// Chance is true so many times of a hundred.
func (d Dice) Chance(percent int) bool { return d.IntN(100) < percent }

// Between is a number from least to most, both included.
func (d Dice) Between(least, most int) int {
	if most <= least {
		return least
	}
	return least + d.IntN(most-least+1)
}

// One is an element of the list.
func One[T any](d Dice, list []T) T { return list[d.IntN(len(list))] }

// Some are n different elements of the list, or all of a shorter one, in the
// order of the draw.
func Some[T any](d Dice, list []T, n int) []T {
	drawn := make([]T, 0, n)
	for _, i := range d.Perm(len(list)) {
		if len(drawn) < n {
			drawn = append(drawn, list[i])
		}
	}
	return drawn
}

// Share is a value with its part of a whole.
type Share[T any] struct {
	Part  int
	Value T
}

// ByShare is a value, each as often as its part says.
func ByShare[T any](d Dice, list []Share[T]) T {
	whole := 0
	for _, s := range list {
		whole += s.Part
	}
	at := d.IntN(whole)
	for _, s := range list {
		if at -= s.Part; at < 0 {
			return s.Value
		}
	}
	return list[len(list)-1].Value
}
