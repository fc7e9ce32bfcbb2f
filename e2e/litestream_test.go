package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestLitestream follows docs/operations.md: Litestream copies the database
// while the program writes, is cut off, and what it copied is checked with the
// witness of the original. CHIBO_TEST_LITESTREAM names the program; building it
// takes minutes, so make test does without.
func TestLitestream(t *testing.T) {
	litestream := os.Getenv("CHIBO_TEST_LITESTREAM")
	if skip != "" || litestream == "" {
		t.Skip("CHIBO_TEST_LITESTREAM is not set or the program is not built: " + skip)
	}
	original, replica, copied := t.TempDir(), t.TempDir(), t.TempDir()
	database := filepath.Join(original, "chibo.db")
	say(t, program, "check", "--data", original) // makes the database
	copier := exec.CommandContext(context.Background(), litestream, "replicate", database, "file://"+replica)
	if err := copier.Start(); err != nil {
		t.Fatal(err)
	}
	say(t, program, "demo", "--scale", "cell", "--seed", "7", "--data", original)
	want := say(t, program, "check", "--data", original)
	time.Sleep(3 * time.Second) // Litestream copies what was written once a second
	if err := copier.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = copier.Wait()

	say(t, litestream, "restore", "-o", filepath.Join(copied, "chibo.db"), "file://"+replica)
	for _, beside := range []string{"secret.key", "journal.roots", "files"} {
		say(t, "cp", "-r", filepath.Join(original, beside), copied)
	}
	got := say(t, program, "check", "--data", copied)
	if got != want || !strings.Contains(got, "all as they were written") {
		t.Errorf("the copy says %q, the original %q", got, want)
	}
}

func say(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if err != nil {
		t.Fatal(fmt.Errorf("%s %q: %w: %s", name, args, err, out))
	}
	return string(out)
}
