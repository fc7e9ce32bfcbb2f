package xlsx

import (
	"bytes"
	"strconv"
)

// Name is the letter of column i, from 0: A, B … Z, AA.
func Name(i int) string {
	var name string
	for n := i + 1; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}

// Address is the name of a cell as Excel shows it, such as C5, from the number
// of its column, from 0, and of its row, from 1.
func Address(column, row int) string { return Name(column) + strconv.Itoa(row) }

// maxRow and maxColumn are the ends of a sheet of Excel.
const (
	maxRow    = 1 << 20
	maxColumn = 1<<14 - 1
)

// parseAddress reads an address such as AB12 or $AB$12.
func parseAddress(address []byte) (column, row int, ok bool) {
	i := 0
	skipDollar := func() {
		if i < len(address) && address[i] == '$' {
			i++
		}
	}
	skipDollar()
	letters := i
	for ; i < len(address) && address[i] >= 'A' && address[i] <= 'Z' && i < letters+3; i++ {
		column = column*26 + int(address[i]-'A') + 1
	}
	if i == letters || column > maxColumn+1 {
		return 0, 0, false
	}
	skipDollar()
	digits := i
	for ; i < len(address) && address[i] >= '0' && address[i] <= '9' && row <= maxRow; i++ {
		row = row*10 + int(address[i]-'0')
	}
	return column - 1, row, i == len(address) && i > digits && row >= 1 && row <= maxRow
}

// parseArea reads a range such as A1:F3; a single cell is one too.
func parseArea(ref []byte) (Area, bool) {
	from, to, two := bytes.Cut(ref, []byte(":"))
	if !two {
		to = from
	}
	left, top, ok := parseAddress(from)
	right, bottom, ok2 := parseAddress(to)
	return Area{top, left, bottom, right}, ok && ok2 && top <= bottom && left <= right
}

func (a Area) String() string {
	return Address(a.Left, a.Top) + ":" + Address(a.Right, a.Bottom)
}
