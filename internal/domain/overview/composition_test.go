package overview

import (
	"testing"

	"pgregory.net/rapid"
)

// TestNoSmallGroupCanBeReckoned draws sides at random: nothing that is shown is
// small, nothing is lost, and what is joined hides at least two groups and five
// people, unless all are joined.
func TestNoSmallGroupCanBeReckoned(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		side, whole, nonzero := Side{}, 0, 0
		for range rapid.IntRange(1, 8).Draw(t, "groups") {
			n := rapid.OneOf(rapid.IntRange(0, 6), rapid.IntRange(0, 400)).Draw(t, "n")
			side.Groups = append(side.Groups, Share{N: n})
			whole += n
			if n > 0 {
				nonzero++
			}
		}
		shown := side.shown()
		if total(shown.Groups)+shown.Rest != whole || len(shown.Groups)+shown.Joined != nonzero {
			t.Fatalf("%+v became %+v", side, shown)
		}
		for _, g := range shown.Groups {
			if g.N < least {
				t.Fatalf("a group of %d is shown: %+v", g.N, shown)
			}
		}
		if shown.Joined > 0 && len(shown.Groups) > 0 && (shown.Joined < 2 || shown.Rest < least) {
			t.Fatalf("%d can be reckoned as the rest of %d: %+v", shown.Rest, whole, shown)
		}
	})
}

func TestGroupsAreJoined(t *testing.T) {
	for _, c := range []struct {
		groups       []int
		kept         int
		rest, joined int
	}{
		{[]int{20, 30}, 2, 0, 0},
		{[]int{20, 30, 0}, 2, 0, 0},
		{[]int{40, 30, 3}, 1, 33, 2}, // 3 alone is the whole without the others
		{[]int{40, 4, 3}, 1, 7, 2},
		{[]int{40, 9, 1, 2}, 1, 12, 3}, // 1 and 2 together are too small
		{[]int{4}, 0, 4, 1},
	} {
		side := Side{}
		for _, n := range c.groups {
			side.Groups = append(side.Groups, Share{N: n})
		}
		if got := side.shown(); len(got.Groups) != c.kept || got.Rest != c.rest || got.Joined != c.joined {
			t.Errorf("%v became %+v", c.groups, got)
		}
	}
}
