package tally

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// ID is the number of a measure. It stands in stored rows and is never given
// to another measure.
type ID uint16

// firstStock parts the numbers: below it are flows, from it on stocks.
const firstStock ID = 1000

// stockDigits is how many digits the first stock has; flows have fewer.
const stockDigits = 4

// Stock reports whether the measure is a running total, such as members, whose
// value at a month is that of the month's last day. A flow, such as meetings
// held, is counted in its month alone.
func (i ID) Stock() bool { return i >= firstStock }

// Measure is something that is counted. It is declared beside the noun that
// counts it.
type Measure struct {
	ID ID
	// Key names it in locales, exports and failures.
	Key string
	// Size is how many numbers a family takes, such as one for each year of
	// birth; 0 is one measure alone.
	Size int
	// Names name the members of a family from its second on; the first is for
	// all others. A name keeps its place, new ones come last.
	Names []string
}

// Stock is that of its number.
func (m Measure) Stock() bool { return m.ID.Stock() }

// At is the measure of the family with the index. What lies outside counts as
// the first, which families keep for "other".
func (m Measure) At(index int) Measure {
	if index < 0 || index >= m.Size {
		index = 0
	}
	return Measure{ID: m.ID + ID(index), Key: m.Key + "." + m.name(index)}
}

func (m Measure) name(index int) string {
	switch {
	case len(m.Names) == 0:
		return strconv.Itoa(index)
	case index == 0 || index > len(m.Names):
		return "other"
	}
	return m.Names[index-1]
}

// Of is the measure of the family with the name.
func (m Measure) Of(name string) Measure { return m.At(slices.Index(m.Names, name) + 1) }

// Last is the last number that the measure takes.
func (m Measure) Last() ID { return m.ID + ID(max(m.Size, 1)) - 1 }

// Figure is how much of a measure.
type Figure struct {
	ID ID
	N  int64
}

// Figures are values by measure, those that are not zero, in the order of their
// numbers.
type Figures []Figure

// Get is the value of the measure.
func (f Figures) Get(m Measure) int64 { return f.get(m.ID) }

func (f Figures) get(id ID) int64 {
	if i, ok := f.find(id); ok {
		return f[i].N
	}
	return 0
}

func (f Figures) find(id ID) (int, bool) {
	return slices.BinarySearchFunc(f, id, func(x Figure, id ID) int { return cmp.Compare(x.ID, id) })
}

// Family are the values of a family by index, those that are not zero.
func (f Figures) Family(m Measure) map[int]int64 {
	return maps.Collect(f.Indexed(m))
}

// Indexed are those of Family in the order of the index.
func (f Figures) Indexed(m Measure) iter.Seq2[int, int64] {
	return func(yield func(index int, n int64) bool) {
		from, _ := f.find(m.ID)
		for _, x := range f[from:] {
			if x.ID > m.Last() || !yield(int(x.ID-m.ID), x.N) {
				return
			}
		}
	}
}

// Add changes the value of one measure.
func (f *Figures) Add(m Measure, n int64) { f.add(m.ID, n) }

func (f *Figures) add(id ID, n int64) {
	i, ok := f.find(id)
	switch {
	case n == 0:
	case !ok:
		*f = slices.Insert(*f, i, Figure{id, n})
	case (*f)[i].N == -n:
		*f = slices.Delete(*f, i, i+1)
	default:
		(*f)[i].N += n
	}
}

// Plus is the sum, in a slice of its own.
func (f Figures) Plus(g Figures) Figures { return f.plus(g, 1) }

// plus adds times g.
func (f Figures) plus(g Figures, times int64) Figures {
	sum := make(Figures, 0, len(f)+len(g))
	for len(f) > 0 || len(g) > 0 {
		var next Figure
		switch {
		case len(g) == 0 || len(f) > 0 && f[0].ID < g[0].ID:
			next, f = f[0], f[1:]
		case len(f) == 0 || g[0].ID < f[0].ID:
			next, g = Figure{g[0].ID, times * g[0].N}, g[1:]
		default:
			next, f, g = Figure{f[0].ID, f[0].N + times*g[0].N}, f[1:], g[1:]
		}
		if next.N != 0 {
			sum = append(sum, next)
		}
	}
	return sum
}

// split parts flows from stocks.
func (f Figures) split() (flows, stocks Figures) {
	from, _ := f.find(firstStock)
	return f[:from], f[from:]
}

// String packs the figures as they are stored: "3=12 4=-1".
func (f Figures) String() string {
	packed := make([]byte, 0, 8*len(f))
	for i, x := range f {
		if i > 0 {
			packed = append(packed, ' ')
		}
		packed = strconv.AppendUint(packed, uint64(x.ID), 10)
		packed = append(packed, '=')
		packed = strconv.AppendInt(packed, x.N, 10)
	}
	return string(packed)
}

// Parse unpacks what String packed.
func Parse(packed string) (Figures, error) {
	if packed == "" {
		return nil, nil
	}
	f := make(Figures, 0, strings.Count(packed, " ")+1)
	for rest, more := packed, true; more; {
		var next Figure
		var ok bool
		if next, rest, more, ok = cutFigure(rest); !ok || len(f) > 0 && f[len(f)-1].ID >= next.ID {
			return nil, fmt.Errorf("%q are no figures", packed)
		}
		f = append(f, next)
	}
	return f, nil
}

// cutFigure reads the first figure, and says whether more follow. A page of a
// commune reads fifty thousand: with the functions of the library that was a
// fifth of its time.
func cutFigure(packed string) (f Figure, rest string, more, ok bool) {
	id, rest, ok := cutNumber(packed, math.MaxUint16)
	if !ok || rest == "" || rest[0] != '=' {
		return f, "", false, false
	}
	sign := int64(1)
	if rest = rest[1:]; rest != "" && rest[0] == '-' {
		sign, rest = -1, rest[1:]
	}
	n, rest, ok := cutNumber(rest, math.MaxInt64)
	n *= sign
	if rest == "" {
		return Figure{ID(id), n}, "", false, ok
	}
	return Figure{ID(id), n}, rest[1:], true, ok && rest[0] == ' '
}

// cutNumber reads the digits that a text begins with.
func cutNumber(s string, most int64) (n int64, rest string, ok bool) {
	i := 0
	for ; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
		digit := int64(s[i] - '0')
		if n > (most-digit)/10 {
			return 0, "", false
		}
		n = 10*n + digit
	}
	return n, s[i:], i > 0
}

// stocksOf leaves the flows of packed figures out; it does not look at them
// closely.
func stocksOf(packed string) (Figures, error) {
	for packed != "" {
		id, _, _ := strings.Cut(packed, "=")
		if len(id) >= stockDigits {
			break
		}
		_, packed, _ = strings.Cut(packed, " ")
	}
	return Parse(packed)
}

// Scan reads packed figures from a row.
func (f *Figures) Scan(stored any) (err error) {
	switch packed := stored.(type) {
	case string:
		*f, err = Parse(packed)
	case []byte:
		*f, err = Parse(string(packed))
	default:
		err = fmt.Errorf("figures from %T", stored)
	}
	return err
}

// Over are the figures of several months taken together, given in order: flows
// added up, stocks as they stand in the last.
func Over(months []Figures) Figures {
	var sum Figures
	for i, month := range months {
		flows, stocks := month.split()
		sum = sum.Plus(flows)
		if i == len(months)-1 {
			sum = sum.Plus(stocks)
		}
	}
	return sum
}
