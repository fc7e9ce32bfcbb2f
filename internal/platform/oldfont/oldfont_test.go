package oldfont

import "testing"

func TestSimple(t *testing.T) {
	for _, c := range []struct {
		e    Encoding
		s, w string
	}{
		{TCVN3, "NguyÔn V¨n A", "Nguyễn Văn A"},
		{TCVN3, "D\u00AD¬ng ThÞ H\u00ADêng", "Dương Thị Hường"},
		{TCVN3, "TRÇN V¡N Tó", "TRẦN VĂN TÚ"},
		{VNI, "Nguyeãn Vaên Ñöùc", "Nguyễn Văn Đức"},
		{VNI, "LEÂ THÒ HÖÔØNG", "LÊ THỊ HƯỜNG"},
		{UTF8Twice, "Nguyá»…n VÄƒn A", "Nguyễn Văn A"},
	} {
		if g := Convert(c.e, c.s); g != c.w {
			t.Errorf("%q: %q", c.s, g)
		}
		if g := Detect([]string{c.s}, nil); g != c.e {
			t.Errorf("%q: %q", c.s, g)
		}
		if g := Detect([]string{c.w}, nil); g != Unicode {
			t.Errorf("%q: %q", c.w, g)
		}
	}
}
