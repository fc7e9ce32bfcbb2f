package face

import (
	"math"
	"testing"
)

// TestAdvance holds the widths against the published metrics of Times New
// Roman, whose twin Liberation Serif is (in 1/2048 of the size).
func TestAdvance(t *testing.T) {
	for _, c := range []struct {
		style Style
		r     rune
		units float64
	}{
		{Regular, 'a', 909},
		{Regular, 'm', 1593},
		{Regular, ' ', 512},
		{Regular, 'Đ', 1479},
		{Regular, 'ệ', 909},
		{Bold, 'a', 1024},
		{Bold, 'Đ', 1479},
		{Italic, 'a', 1024},
		{BoldItalic, 'a', 1024},
		{Regular, '5', 1024},
	} {
		if got := c.style.Advance(c.r) * 2048; math.Abs(got-c.units) > 0.5 {
			t.Errorf("style %d, %q: %v units, want %v", c.style, c.r, got, c.units)
		}
	}
}

func TestEveryVietnameseLetterIsDrawn(t *testing.T) {
	const letters = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ" +
		"AÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬEÈẺẼÉẸÊỀỂỄẾỆIÌỈĨÍỊOÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢUÙỦŨÚỤƯỪỬỮỨỰYỲỶỸÝỴĐ0123456789.,:;-–/()%“”‘’…₫≥≤×"
	for _, style := range Styles {
		for _, r := range letters {
			if !style.Has(r) {
				t.Errorf("style %d lacks %q", style, r)
			}
		}
	}
}

func TestUnknownCharactersHaveAWidth(t *testing.T) {
	for _, r := range []rune{'😀', '漢', -1, 0, 0x10FFFF} {
		if Regular.Has(r) {
			t.Errorf("claims to have %U", r)
		}
		if Regular.Advance(r) != Regular.Advance('?') {
			t.Errorf("%U is not as wide as a question mark", r)
		}
	}
}

func TestBrokenFontIsRefused(t *testing.T) {
	whole := Regular.TTF()
	for _, size := range []int{0, 11, 12, 100, 1000, len(whole) / 2} {
		if _, err := readWidths(whole[:size]); err == nil {
			t.Errorf("the first %d bytes were taken for a font", size)
		}
	}
}
