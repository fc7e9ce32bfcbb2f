package overview

// least is the size below which a group would let people make out somebody.
const least = 5

// hide says which groups of which unit are not shown by themselves: rows are the
// units directly below one unit, each with the same groups in the same order.
//
// The method is complementary cell suppression. Groups below least are hidden
// (primary suppression). The whole of each row is public, and so is that of each
// column, because the unit above shows the same groups: wherever a single hidden
// figure, or hidden figures that are too small together, could be had by taking
// the others from the whole, the next smallest is hidden as well, until no row
// and no column gives one away.
//
// Its limits: it protects a unit against the one above and its siblings, and not
// against sums over several levels or differences between two months; a group
// that only one unit has stands in the unit above as well; and a range always
// remains that can be reckoned.
func hide(rows [][]Share) [][]bool {
	t := newTable(rows)
	for again := true; again; {
		again = false
		for i := range rows {
			again = t.cover(t.row(i), t.shared) || again
		}
		for j := range rows[0] {
			again = t.cover(t.column(j), func(cell) bool { return true }) || again
		}
	}
	return t.hidden
}

// table is units by groups.
type table struct {
	rows   [][]Share
	hidden [][]bool
	// bearers count the units that have anybody in a group.
	bearers []int
}

func newTable(rows [][]Share) table {
	t := table{rows, make([][]bool, len(rows)), make([]int, len(rows[0]))}
	for i, row := range rows {
		t.hidden[i] = make([]bool, len(row))
		for j, g := range row {
			t.hidden[i][j] = g.N > 0 && g.N < least
			t.bearers[j] += one(g.N > 0)
		}
	}
	return t
}

// cell is a group of a unit.
type cell struct{ row, column int }

func (t table) n(c cell) int { return t.rows[c.row][c.column].N }

// row are the groups of a unit that have anybody.
func (t table) row(i int) (line []cell) {
	for j, g := range t.rows[i] {
		if g.N > 0 {
			line = append(line, cell{i, j})
		}
	}
	return line
}

// column are the units that have anybody in a group.
func (t table) column(j int) (line []cell) {
	for i := range t.rows {
		if t.rows[i][j].N > 0 {
			line = append(line, cell{i, j})
		}
	}
	return line
}

// shared reports whether another unit has the group too.
func (t table) shared(c cell) bool { return t.bearers[c.column] > 1 }

// cover hides more of a line, the smallest first and those that are suited before
// the others, until what is hidden in it cannot be told apart. It reports whether
// it hid anything.
func (t table) cover(line []cell, suited func(cell) bool) (covered bool) {
	for {
		hidden, sum := 0, 0
		next, found := cell{}, false
		for _, c := range line {
			if t.hidden[c.row][c.column] {
				hidden, sum = hidden+1, sum+t.n(c)
				continue
			}
			better := suited(c) && !suited(next) || suited(c) == suited(next) && t.n(c) < t.n(next)
			if !found || better {
				next, found = c, true
			}
		}
		if hidden == 0 || hidden > 1 && sum >= least || !found {
			return covered
		}
		t.hidden[next.row][next.column], covered = true, true
	}
}
