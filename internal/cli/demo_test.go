package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDemo(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data")
	code, out, errOut := run(t, folder, "demo", "--scale", "cell", "--seed", "3")
	if code != 0 || !strings.Contains(out, "1 chi bộ, 24 đảng viên") || !strings.Contains(out, "Bí thư chi bộ") {
		t.Fatalf("code %d, printed %q and %q", code, out, errOut)
	}
	if n := strings.Count(errOut, "Tháng "); n < 14 {
		t.Errorf("%d lines of progress", n)
	}
	list, err := os.ReadFile(filepath.Join(folder, "accounts.txt"))
	if err != nil || !strings.HasSuffix(out, string(list)) {
		t.Errorf("the file of accounts is not what was printed: %v", err)
	}
	if code, out, errOut := run(t, folder, "check", "--loaded"); code != 0 || !strings.Contains(out, "all as they were written") || !strings.Contains(out, "loaded: 0 batches") {
		t.Errorf("check: code %d, printed %q and %q", code, out, errOut)
	}
	if code, _, errOut := run(t, folder, "demo", "--scale", "cell"); code != 1 || !strings.Contains(errOut, "trống") {
		t.Errorf("a second demo: code %d, %q", code, errOut)
	}
}

func TestDemoScales(t *testing.T) {
	for _, c := range []struct {
		args []string
		said string
	}{
		{[]string{"--scale", "village"}, "Không có quy mô village"},
		{[]string{"--scale", "nation", "--months", "0"}, "từ 1 đến 24"},
		{[]string{"--scale", "province", "--months", "25"}, "từ 1 đến 24"},
	} {
		folder := filepath.Join(t.TempDir(), "data")
		if code, _, errOut := run(t, folder, append([]string{"demo"}, c.args...)...); code != 1 || !strings.Contains(errOut, c.said) {
			t.Errorf("%v: code %d, %q", c.args, code, errOut)
		}
		if _, err := os.Stat(folder); err == nil {
			t.Errorf("%v: a database was made", c.args)
		}
	}
}
