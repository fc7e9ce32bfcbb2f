package overview

import (
	"testing"

	"pgregory.net/rapid"
)

func row(groups ...int) (list []Share) {
	for _, n := range groups {
		list = append(list, Share{N: n})
	}
	return list
}

// TestNoSmallGroupCanBeReckoned draws siblings at random: nothing that is shown is
// small, nothing is lost, and no hidden figure stands alone, or with too few
// people, in the line of a unit, or in that of a group that several units have.
func TestNoSmallGroupCanBeReckoned(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		groups := rapid.IntRange(1, 8).Draw(t, "groups")
		var rows [][]Share
		for range rapid.IntRange(1, 6).Draw(t, "units") {
			rows = append(rows, row(rapid.SliceOfN(rapid.OneOf(rapid.IntRange(0, 6), rapid.IntRange(0, 400)), groups, groups).Draw(t, "row")...))
		}
		hidden := hide(rows)
		grid := newTable(rows)
		lines := [][]cell{}
		for i, r := range rows {
			lines = append(lines, grid.row(i))
			shown := Side{Groups: r}.shown(hidden[i])
			whole := 0
			for _, g := range r {
				whole += g.N
			}
			for _, g := range shown.Groups {
				if g.N < least {
					t.Fatalf("a group of %d is shown: %+v", g.N, shown)
				}
				whole -= g.N
			}
			if whole != shown.Rest || len(shown.Groups)+shown.Joined != len(grid.row(i)) {
				t.Fatalf("%+v became %+v", r, shown)
			}
		}
		for j := range groups {
			if line := grid.column(j); len(rows) > 1 && len(line) > 1 {
				lines = append(lines, line)
			}
		}
		for _, line := range lines {
			count, sum := 0, 0
			for _, c := range line {
				if hidden[c.row][c.column] {
					count, sum = count+1, sum+grid.n(c)
				}
			}
			if count > 0 && count < len(line) && (count == 1 || sum < least) {
				t.Fatalf("%d people in %d figures of %v can be reckoned: %v of %v", sum, count, line, hidden, rows)
			}
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
		side := Side{Groups: row(c.groups...)}
		if got := side.shown(hide([][]Share{side.Groups})[0]); len(got.Groups) != c.kept || got.Rest != c.rest || got.Joined != c.joined {
			t.Errorf("%v became %+v", c.groups, got)
		}
	}
}

// TestAGroupCannotBeTakenFromTheUnitAbove: the commune above shows 12 of the second
// group and 99 of the third. If the other cells showed theirs, 3 would be left for
// the first cell.
func TestAGroupCannotBeTakenFromTheUnitAbove(t *testing.T) {
	rows := [][]Share{row(50, 3, 20), row(40, 9, 30), row(60, 0, 49)}
	hidden := hide(rows)
	if !hidden[0][1] || !hidden[1][1] {
		t.Errorf("the small group of the first can be reckoned from the second: %v", hidden)
	}
	if alone := hide(rows[:1]); !alone[0][1] || !alone[0][2] || alone[0][0] {
		t.Errorf("alone, the first hides %v", alone[0])
	}
	if hidden[2][0] && hidden[2][1] && hidden[2][2] {
		t.Errorf("all is hidden: %v", hidden)
	}
}
