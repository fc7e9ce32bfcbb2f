package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestBackupAndRestore goes the way of an operator whose machine is gone.
func TestBackupAndRestore(t *testing.T) {
	lost, archives := commune(t), t.TempDir()
	code, out, errOut := run(t, lost, "backup", "--to", archives, "--json")
	var done struct {
		Archive string `json:"archive"`
		Records int64  `json:"records"`
		Drill   string `json:"drill"`
	}
	if code != 0 || json.Unmarshal([]byte(out), &done) != nil || done.Records < 3 || done.Drill != "passed" {
		t.Fatalf("code %d, printed %q and %q", code, out, errOut)
	}
	key := filepath.Join(lost, "secret.key")
	empty, other := t.TempDir(), commune(t)
	for _, step := range []struct {
		name, folder string
		args         []string
		code         int
		says         string
	}{
		{"dry", empty, []string{"restore", done.Archive}, 0, "dry run"},
		{"without the key", empty, []string{"restore", done.Archive, "--apply"}, 1, "--key"},
		{"with another's key", other, []string{"restore", done.Archive, "--apply"}, 1, "đã có tổ chức đảng"},
		{"for trial", lost, []string{"restore", done.Archive, "--drill"}, 0, "as it was saved"},
		{"for good", empty, []string{"restore", done.Archive, "--key", key, "--apply"}, 0, "all as they were written"},
		{"and again", empty, []string{"restore", done.Archive, "--apply"}, 1, "đã có tổ chức đảng"},
		{"what was restored is in order", empty, []string{"check"}, 0, "journal: 1 entries"},
	} {
		t.Run(step.name, func(t *testing.T) {
			code, out, errOut := run(t, step.folder, step.args...)
			if code != step.code || !strings.Contains(out+errOut, step.says) {
				t.Errorf("code %d, printed %q and %q", code, out, errOut)
			}
		})
	}
	t.Run("a damaged archive", func(t *testing.T) {
		content, err := os.ReadFile(done.Archive)
		if err != nil {
			t.Fatal(err)
		}
		content[len(content)/2] ^= 1
		bad := filepath.Join(t.TempDir(), "bad.tar.zst")
		if err := os.WriteFile(bad, content, 0o600); err != nil {
			t.Fatal(err)
		}
		code, out, errOut := run(t, lost, "restore", bad, "--drill")
		if code != 1 || !strings.Contains(errOut, "bị hỏng") {
			t.Errorf("code %d, printed %q and %q", code, out, errOut)
		}
	})
}
