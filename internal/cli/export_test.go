package cli

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestHalfAFileIsNoFile: what fails in the middle leaves the file as it was, or no
// file at all.
func TestHalfAFileIsNoFile(t *testing.T) {
	torn := errors.New("torn")
	folder := t.TempDir()
	path := filepath.Join(folder, "register.csv")
	write := func(text string, failure error) error {
		return whole(path, func(out io.Writer) error {
			if _, err := io.WriteString(out, strings.Repeat(text, 100_000)); err != nil {
				return err
			}
			return failure
		})
	}
	there := func() (names []string) {
		list, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range list {
			names = append(names, entry.Name())
		}
		return names
	}
	if err := write("a", torn); !errors.Is(err, torn) || len(there()) != 0 {
		t.Errorf("%v, and there is %q", err, there())
	}
	if err := write("b", nil); err != nil {
		t.Fatal(err)
	}
	if err := write("c", torn); !errors.Is(err, torn) {
		t.Errorf("gave %v", err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != strings.Repeat("b", 100_000) || len(there()) != 1 {
		t.Errorf("%d bytes (%v) are left, and there is %q", len(text), err, there())
	}
}

func TestAFullDiskIsTold(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("there is no /dev/full")
	}
	if code, _, errOut := run(t, commune(t), "export", "units", "/dev/full", "--unit", "XA"); code != 1 || !strings.Contains(errOut, "no space left") {
		t.Errorf("code %d, %q", code, errOut)
	}
}
