package api_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"chibo/internal/testkit/visit"
)

var examples = regexp.MustCompile("(?s)```sh\n(.*?)```")

// TestDocs runs the examples of docs/api.md with a real curl.
func TestDocs(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("there is no curl")
	}
	text, err := os.ReadFile("../../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	site := visit.New(t, handler)
	env := []string{
		"CHIBO=" + site.Base, "UNIT=" + site.Org.CellA.ID.String(),
		"TOKEN=" + string(newProgram(t, site, site.Org.SecretaryA, true).secret), "ADMIN=" + string(newProgram(t, site, site.Org.Admin, true).secret),
	}
	env = append(env, "FILE="+filepath.Join(t.TempDir(), "file"))
	ran := 0
	for _, block := range examples.FindAllStringSubmatch(string(text), -1) {
		for _, command := range strings.Split(strings.TrimSpace(block[1]), "\ncurl") {
			if !strings.HasPrefix(command, "curl") {
				command = "curl" + command
			}
			run := exec.CommandContext(t.Context(), "bash", "-c", command)
			run.Env = append(os.Environ(), env...)
			out, err := run.CombinedOutput()
			if err != nil {
				t.Fatalf("%s: %v: %s", command, err, out)
			}
			var answer map[string]any
			if err := json.Unmarshal(out, &answer); err != nil || answer["status"] != nil {
				t.Errorf("%s\nanswers %s", command, out)
			}
			if answer["kind"] == "regular" && answer["state"] == "planned" {
				env = append(env, "MEETING="+answer["id"].(string))
			}
			ran++
		}
	}
	if ran < 9 {
		t.Errorf("ran only %d examples", ran)
	}
}

var told = regexp.MustCompile(`There are (\d+) operations`)

// TestDocsCount: the page says how many operations there are.
func TestDocsCount(t *testing.T) {
	text, err := os.ReadFile("../../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	golden, err := os.ReadFile("client/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal(golden, &document); err != nil {
		t.Fatal(err)
	}
	there := 0
	for _, item := range document.Paths {
		there += len(item)
	}
	said := told.FindStringSubmatch(string(text))
	if said == nil || said[1] != strconv.Itoa(there) {
		t.Errorf("docs/api.md says %q, there are %d operations", said, there)
	}
}
