// Package guide holds the help: for each role what it does, task by task, and
// for each page the task that it belongs to.
//
// A guide is a file of plain sentences. Words between ** are what stands on
// a button or a link; a test proves that such a button exists.
package guide

import (
	"cmp"
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"chibo/internal/platform/text"
)

// Guide is what one role needs to know.
type Guide struct {
	ID    string   `yaml:"id"`
	Roles []string `yaml:"roles"` // of kernel/access; none: everybody
	Order int      `yaml:"order"`
	Title string   `yaml:"title"`
	Lead  string   `yaml:"lead"`
	Tasks []Task   `yaml:"tasks"`
}

// Task is one thing that the role does.
type Task struct {
	ID    string `yaml:"id"`
	Title string `yaml:"title"`
	// Pages are patterns of addresses, as path.Match reads them, on which this
	// task is done.
	Pages []string `yaml:"pages"`
	Steps []string `yaml:"steps"`
	Notes []string `yaml:"notes"`
}

//go:embed vi en
var files embed.FS

// Fallback is the language of guides that nobody has translated.
const Fallback = "vi"

var languages = sync.OnceValue(func() map[string][]Guide {
	all := map[string][]Guide{}
	folders, err := files.ReadDir(".")
	if err != nil {
		panic(err) // it is inside the program
	}
	for _, folder := range folders {
		list, err := read(folder.Name())
		if err != nil {
			panic(fmt.Sprintf("the guide inside the program is broken: %v", err))
		}
		all[folder.Name()] = list
	}
	return all
})

func read(language string) (list []Guide, err error) {
	entries, err := files.ReadDir(language)
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		content, err := files.ReadFile(path.Join(language, entry.Name()))
		if err != nil {
			return nil, err
		}
		var g Guide
		if err := yaml.UnmarshalWithOptions(content, &g, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("%s/%s: %w", language, entry.Name(), err)
		}
		list = append(list, g)
	}
	slices.SortFunc(list, func(a, b Guide) int { return cmp.Compare(a.Order, b.Order) })
	return list, nil
}

// In are the guides in the language, in the order shown.
func In(language string) []Guide {
	if list := languages()[language]; len(list) > 0 {
		return list
	}
	return languages()[Fallback]
}

// Find is the guide with the id.
func Find(language, id string) (Guide, bool) {
	list := In(language)
	i := slices.IndexFunc(list, func(g Guide) bool { return g.ID == id })
	if i < 0 {
		return Guide{}, false
	}
	return list[i], true
}

// Address is where a task is explained.
func (g Guide) Address(t Task) string { return "/help/" + g.ID + "#" + t.ID }

// For is the address of the help beside a page: that of the task done there,
// first in the guide of the reader's role, otherwise in any; "" for none.
func For(language, role, page string) string {
	best, found := "", 0
	for _, g := range In(language) {
		for _, t := range g.Tasks {
			for _, pattern := range t.Pages {
				if ok, _ := path.Match(pattern, page); !ok {
					continue
				}
				// A longer pattern says more of the page; the reader's own role
				// decides between equals.
				weight := 2 * len(strings.ReplaceAll(pattern, "*", ""))
				if slices.Contains(g.Roles, role) {
					weight += 1 + 2*ownRole
				}
				if weight > found {
					best, found = g.Address(t), weight
				}
			}
		}
	}
	return best
}

// ownRole is by how many letters of a pattern the reader's own guide is ahead.
const ownRole = 100

// Hit is a task that was found.
type Hit struct {
	Guide Guide
	Task  Task
}

// Search finds tasks that hold every word, typed with or without accents: first
// those that hold them in the title.
func Search(language, words string) []Hit {
	sought := strings.Fields(text.Fold(words))
	if len(sought) == 0 {
		return nil
	}
	var titled, others []Hit
	for _, g := range In(language) {
		for _, t := range g.Tasks {
			switch {
			case holds(t.Title, sought):
				titled = append(titled, Hit{g, t})
			case holds(strings.Join(append([]string{t.Title, g.Title}, append(t.Steps, t.Notes...)...), " "), sought):
				others = append(others, Hit{g, t})
			}
		}
	}
	return append(titled, others...)
}

func holds(in string, words []string) bool {
	folded := text.Fold(in)
	return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(folded, word) })
}
