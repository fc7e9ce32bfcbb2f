package likeness_test

import (
	"testing"

	"chibo/internal/domain/likeness"
)

func TestSlips(t *testing.T) {
	for _, row := range []struct {
		a, b string
		want int
	}{
		{"nguyen van an", "nguyen van an", 0},
		{"nguyen van an", "nguyen van a", 1},
		{"nguyen van an", "nguyne van an", 1},
		{"nguyen van an", "nguyen van en", 1},
		{"nguyen van an", "nguyen vann an", 1},
		{"nguyen van an", "nguyen thi an", 3},
		{"", "a", 1},
		{"abcdef", "badcfe", 3},
	} {
		for _, pair := range [][2]string{{row.a, row.b}, {row.b, row.a}} {
			if got := likeness.Slips(pair[0], pair[1], 5); got != row.want {
				t.Errorf("%q, %q: %d, want %d", pair[0], pair[1], got, row.want)
			}
		}
	}
	if got := likeness.Slips("nguyen van an", "le thi be", 1); got != 2 {
		t.Errorf("far apart: %d, want one more than asked for", got)
	}
}
