package tally

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"chibo/internal/platform/clock"
)

// figuresGen makes figures of flows and stocks.
var figuresGen = rapid.Custom(func(t *rapid.T) Figures {
	var f Figures
	for range rapid.IntRange(0, 6).Draw(t, "size") {
		f.add(rapid.SampledFrom([]ID{1, 2, 7, 999, 1000, 1001, 2999}).Draw(t, "id"), rapid.Int64Range(-3, 3).Draw(t, "n"))
	}
	return f
})

func TestFiguresPackAndAdd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, g := figuresGen.Draw(t, "f"), figuresGen.Draw(t, "g")
		back, err := Parse(f.String())
		if err != nil || !slices.Equal(back, f) {
			t.Fatalf("%v came back as %v: %v", f, back, err)
		}
		sum, one := f.Plus(g), slices.Clone(f)
		for _, x := range g {
			one.add(x.ID, x.N)
		}
		if !slices.Equal(sum, one) {
			t.Fatalf("%v and %v: %v at once, %v one by one", f, g, sum, one)
		}
		if back := sum.plus(g, -1); !slices.Equal(back, f) {
			t.Fatalf("%v with %v and without: %v", f, g, back)
		}
	})
}

func TestParseRefusesWhatIsNotPacked(t *testing.T) {
	for _, bad := range []string{"x", "1", "1=", "=1", "1=1 ", "2=1 1=1", "1=1 1=1", "70000=1", "1=1  2=1"} {
		if f, err := Parse(bad); err == nil {
			t.Errorf("%q was read as %v", bad, f)
		}
	}
}

func TestCountsPack(t *testing.T) {
	var c, back Counts
	held, members := Measure{ID: 3, Key: "held"}, Measure{ID: 1000, Key: "members"}
	c.Add(7, "2026-11", held, 1)
	c.Add(7, "2026-11", members, 2)
	c.Add(5, "1985-02", members, 1)
	c.Add(5, "1985-02", held, 1)
	c.Add(9, "2026-11", held, 1)
	c.Add(9, "2026-11", held, -1)
	if err := back.unpack(c.String()); err != nil {
		t.Fatal(err)
	}
	want := map[place]Figures{
		{5, "1985-02"}: {{3, 1}},
		{5, Opening}:   {{1000, 1}}, // a stock of before is the opening balance
		{7, "2026-11"}: {{3, 1}, {1000, 2}},
	}
	if diff := cmp.Diff(want, back.at, cmp.AllowUnexported(place{})); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	if left := c.Minus(back).String(); left != "" {
		t.Errorf("the same from the same leaves %q", left)
	}
}

func TestSeries(t *testing.T) {
	stored := []Row{
		{1, "2025-01", Figures{{3, 9}, {1000, 20}}},
		{1, "2026-10", Figures{{3, 1}, {1000, 1}}},
		{1, "2026-12", Figures{{1000, -2}}},
	}
	want := []Figures{{{1000, 20}}, {{3, 1}, {1000, 21}}, {{1000, 21}}, {{1000, 19}}}
	if diff := cmp.Diff(want, series(stored, clock.Month("2026-09"), "2026-12")); diff != "" {
		t.Errorf("series (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Figures{{3, 1}, {1000, 19}}, Over(want)); diff != "" {
		t.Errorf("over the months (-want +got):\n%s", diff)
	}
}

func TestFamily(t *testing.T) {
	family := Measure{ID: 1100, Key: "class", Size: 5}
	f := Figures{{1099, 1}, {1100, 2}, {1104, 3}, {1105, 4}}
	if diff := cmp.Diff(map[int]int64{0: 2, 4: 3}, f.Family(family)); diff != "" {
		t.Errorf("family (-want +got):\n%s", diff)
	}
	if at := family.At(9); at.ID != 1100 {
		t.Errorf("an index outside counts as %d", at.ID)
	}
}

func TestStocksAreReadAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := figuresGen.Draw(t, "f")
		_, stocks := f.split()
		if back, err := stocksOf(f.String()); err != nil || !slices.Equal(back, stocks) {
			t.Fatalf("the stocks of %v were read as %v: %v", f, back, err)
		}
	})
}

func TestNumbersThatAreTooLargeAreRefused(t *testing.T) {
	for _, c := range []struct {
		packed string
		n      int64
	}{
		{"1=9223372036854775807", 9223372036854775807},
		{"1=-9223372036854775807", -9223372036854775807},
		{"65535=4", 4},
	} {
		if f, err := Parse(c.packed); err != nil || f[0].N != c.n {
			t.Errorf("%q was read as %v: %v", c.packed, f, err)
		}
	}
	for _, bad := range []string{"1=9223372036854775808", "1=92233720368547758070", "65536=1", "655350=1", "1=-", "1=--1", "1=1 2", "-1=1"} {
		if f, err := Parse(bad); err == nil {
			t.Errorf("%q was read as %v", bad, f)
		}
	}
}
