package web

import (
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"chibo/internal/web/guide"
	"chibo/locales"
)

// TestGuidesAreTrue holds the help against the program: every page that a guide
// speaks of is there, and every button that it names is on some screen in the
// language of the guide.
func TestGuidesAreTrue(t *testing.T) {
	pages := patterns()
	for _, language := range []string{guide.Fallback, "en"} {
		t.Run(language, func(t *testing.T) { areTrue(t, guide.In(language), pages, texts(t, language)) })
	}
}

var named = regexp.MustCompile(`\*\*(.+?)\*\*`)

func areTrue(t *testing.T, guides []guide.Guide, pages, shown map[string]bool) {
	for _, g := range guides {
		for _, task := range g.Tasks {
			for _, page := range task.Pages {
				if !pages[page] {
					t.Errorf("%s/%s: there is no page %s", g.ID, task.ID, page)
				}
			}
			for _, sentence := range append(task.Steps, task.Notes...) {
				for _, m := range named.FindAllStringSubmatch(sentence, -1) {
					if !shown[m[1]] {
						t.Errorf("%s/%s: no button or link reads %q", g.ID, task.ID, m[1])
					}
				}
			}
		}
	}
}

var (
	wildcard = regexp.MustCompile(`\{[^}]*\}`)
	method   = regexp.MustCompile(`^[A-Z]+ `)
)

// patterns are the addresses of all pages that can be opened, with * for what
// varies.
func patterns() map[string]bool {
	list := map[string]bool{}
	for _, route := range routes() {
		if !strings.HasPrefix(route.Pattern, "GET ") {
			continue
		}
		page := strings.ReplaceAll(method.ReplaceAllString(route.Pattern, ""), "{$}", "")
		list[wildcard.ReplaceAllString(page, "*")] = true
	}
	return list
}

// texts are all messages of a language.
func texts(t *testing.T, language string) map[string]bool {
	t.Helper()
	list := map[string]bool{}
	names, err := fs.Glob(locales.Files, path.Join(language, "*.yaml"))
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		content, err := fs.ReadFile(locales.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		messages := map[string]string{}
		if err := yaml.Unmarshal(content, &messages); err != nil {
			t.Fatal(err)
		}
		for _, text := range messages {
			list[text] = true
		}
	}
	return list
}
