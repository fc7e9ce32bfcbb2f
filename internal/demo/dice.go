package demo

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
)

// dice draw the same from the same seed. Each part of the work has dice of its
// own, called by names, so that a change in one part leaves the others' throws
// alone.
type dice struct{ *rand.Rand }

func throw(seed uint64, names ...any) dice {
	h := fnv.New64a()
	for _, name := range names {
		fmt.Fprintf(h, "%v/", name)
	}
	return dice{rand.New(rand.NewPCG(seed, h.Sum64()))}
}

// chance is true so many times of a hundred.
func (d dice) chance(percent int) bool { return d.IntN(100) < percent }

// between is a number from least to most, both included.
func (d dice) between(least, most int) int {
	if most <= least {
		return least
	}
	return least + d.IntN(most-least+1)
}

// one is an element of the list.
func one[T any](d dice, list []T) T { return list[d.IntN(len(list))] }

// some are n different elements of the list, or all of a shorter one, in the
// order of the draw.
func some[T any](d dice, list []T, n int) []T {
	drawn := make([]T, 0, n)
	for _, i := range d.Perm(len(list)) {
		if len(drawn) < n {
			drawn = append(drawn, list[i])
		}
	}
	return drawn
}

// share is a value with its part of a whole.
type share[T any] struct {
	part  int
	value T
}

// byShare is a value, each as often as its part says.
func byShare[T any](d dice, list []share[T]) T {
	whole := 0
	for _, s := range list {
		whole += s.part
	}
	at := d.IntN(whole)
	for _, s := range list {
		if at -= s.part; at < 0 {
			return s.value
		}
	}
	return list[len(list)-1].value
}
