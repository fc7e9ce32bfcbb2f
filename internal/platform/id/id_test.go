package id

import (
	"encoding/json"
	"math"
	"strings"
	"sync"
	"testing"
	"testing/quick"
)

type thing struct{}

func TestNewIsUniqueAndGrows(t *testing.T) {
	const goroutines, each = 8, 5000
	lists := make([][]Of[thing], goroutines)
	var group sync.WaitGroup
	for g := range lists {
		group.Go(func() {
			for range each {
				lists[g] = append(lists[g], New[thing]())
			}
		})
	}
	group.Wait()
	seen := map[Of[thing]]bool{}
	for _, list := range lists {
		last := Of[thing](0)
		for _, i := range list {
			if i <= last || seen[i] {
				t.Fatalf("%d after %d, seen before: %v", i, last, seen[i])
			}
			last, seen[i] = i, true
		}
	}
}

func TestClockThatGoesBack(t *testing.T) {
	s := &source{node: 1023}
	last := int64(0)
	for _, ms := range []int64{1000, 999, 1, -5, 1000, 1001, 7} {
		for range 3 * 1 << 12 { // more than one millisecond holds
			n := s.next(ms)
			if n <= last {
				t.Fatalf("at %d ms: %d after %d", ms, n, last)
			}
			last = n
		}
	}
}

func TestTextSortsAsNumbers(t *testing.T) {
	if err := quick.Check(func(a, b int64) bool {
		x, y := Of[thing](a&math.MaxInt64|1), Of[thing](b&math.MaxInt64|1)
		back, err := Parse[thing](x.String())
		return err == nil && back == x && len(x.String()) == 13 && (x < y) == (x.String() < y.String())
	}, nil); err != nil {
		t.Error(err)
	}
}

func TestParseRefuses(t *testing.T) {
	const valid = "0dw6203yrd802"
	if _, err := Parse[thing](valid); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{
		"", "0", "0000000000000", "zzzzzzzzzzzzz", valid + "0", valid[:12], strings.ToUpper(valid),
		valid + "\n", valid[:6] + "\n" + valid[6:], valid[:12] + "3", valid[:12] + "u", "-" + valid[1:], "đ" + valid[2:],
	} {
		if i, err := Parse[thing](s); err == nil {
			t.Errorf("%q was read as %v", s, i)
		}
	}
}

func TestNoID(t *testing.T) {
	var none Of[thing]
	if !none.Null() || none.String() != "" || New[thing]().Null() {
		t.Error("no id is not told from an id")
	}
	text, err := json.Marshal(map[string]Of[thing]{"a": none, "b": 5})
	if err != nil || string(text) != `{"a":"","b":"000000000000a"}` {
		t.Errorf("JSON %s, %v", text, err)
	}
	var back map[string]Of[thing]
	if err := json.Unmarshal(text, &back); err != nil || back["a"] != 0 || back["b"] != 5 {
		t.Errorf("read back as %v, %v", back, err)
	}
	scanned := Of[thing](3)
	if err := scanned.Scan(nil); err != nil || scanned != 0 {
		t.Errorf("NULL is %v, %v", scanned, err)
	}
	if err := scanned.Scan(int64(9)); err != nil || scanned != 9 {
		t.Errorf("9 is %v, %v", scanned, err)
	}
	if err := scanned.Scan("9"); err == nil {
		t.Error("a text was scanned")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("")
	f.Add(New[thing]().String())
	f.Add("0000000000001")
	f.Fuzz(func(t *testing.T, s string) {
		if i, err := Parse[thing](s); err == nil && (i <= 0 || i.String() != s) {
			t.Errorf("%q was read as %d, which is %q", s, i, i)
		}
	})
}
