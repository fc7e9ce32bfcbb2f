// Package i18n turns message keys into sentences, and numbers and days into
// the way a language writes them.
//
// It knows the form of a catalogue and nothing of what the messages are about.
// The words themselves, the names of the days among them, lie in locales/.
package i18n

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// Fallback is the language that has every message; the others fall back to it.
const Fallback = "vi"

// Catalogue holds the messages of every language. It does not change after Load.
type Catalogue struct {
	languages map[string]*Language
}

// Language is the catalogue as one language sees it: its own messages, and
// those of the fallback where it has none.
type Language struct {
	code     string
	messages map[string]message
	decimal  string
	group    string
}

// Load reads LANG/FEATURE.yaml, each a flat map of key to text. A key starts
// with the name of its file and a dot. Load refuses a key that is written
// twice, a malformed placeholder, and a translation of what the fallback does
// not say or whose placeholders differ; it names every fault it finds.
func Load(files fs.FS) (*Catalogue, error) {
	paths, err := fs.Glob(files, "*/*.yaml")
	if err != nil {
		return nil, err
	}
	own := map[string]map[string]message{Fallback: {}}
	var faults []error
	for _, name := range paths {
		lang := path.Dir(name)
		if own[lang] == nil {
			own[lang] = map[string]message{}
		}
		faults = append(faults, readFile(files, name, own[lang]))
	}
	for lang, messages := range own {
		faults = append(faults, compare(lang, messages, own[Fallback]))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	c := &Catalogue{languages: map[string]*Language{}}
	for lang, messages := range own {
		c.languages[lang] = newLanguage(lang, messages, own[Fallback])
	}
	return c, nil
}

func readFile(files fs.FS, name string, into map[string]message) error {
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	texts := map[string]string{}
	if err := yaml.UnmarshalWithOptions(data, &texts, yaml.Strict()); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	prefix := strings.TrimSuffix(path.Base(name), ".yaml") + "."
	var faults []error
	for key, text := range texts {
		if !strings.HasPrefix(key, prefix) {
			faults = append(faults, fmt.Errorf("%s: key %q does not start with %q", name, key, prefix))
			continue
		}
		m, err := parse(text)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %s: %w", name, key, err))
			continue
		}
		into[key] = m
	}
	return errors.Join(faults...)
}

// compare finds what a translation says that its original does not.
func compare(lang string, messages, original map[string]message) error {
	var faults []error
	for key, m := range messages {
		o, ok := original[key]
		switch {
		case !ok:
			faults = append(faults, fmt.Errorf("%s: %s is not in %s", lang, key, Fallback))
		case !slices.Equal(m.names(), o.names()):
			faults = append(faults, fmt.Errorf("%s: %s has placeholders %v, %s has %v", lang, key, m.names(), Fallback, o.names()))
		}
	}
	return errors.Join(faults...)
}

func newLanguage(code string, own, fallback map[string]message) *Language {
	merged := maps.Clone(fallback)
	maps.Copy(merged, own)
	l := &Language{code: code, messages: merged}
	l.decimal = cmp.Or(l.plain("format.decimal"), ",")
	l.group = cmp.Or(l.plain("format.group"), ".")
	return l
}

// Language is the catalogue in a language, or in the fallback if it has none.
func (c *Catalogue) Language(code string) *Language {
	if l, ok := c.languages[code]; ok {
		return l
	}
	return c.languages[Fallback]
}

// T is the message of key in a language; see Language.T.
func (c *Catalogue) T(lang, key string, args ...any) string {
	return c.Language(lang).T(key, args...)
}

// Code is the language's code, as in <html lang>.
func (l *Language) Code() string { return l.code }

// Has reports whether the key has a message.
func (l *Language) Has(key string) bool {
	_, ok := l.messages[key]
	return ok
}

// T is the message of key, filled with args: by position for {0}, {1}; as
// pairs of name and value for {name}. Whole numbers are grouped, days written
// as the language writes them; a number of a year or a form goes in as text.
// A key without a message comes back in brackets.
func (l *Language) T(key string, args ...any) string {
	m, ok := l.messages[key]
	if !ok {
		return "[" + key + "]"
	}
	return m.fill(l, args)
}

// plain is the text of a message without placeholders, or "".
func (l *Language) plain(key string) string {
	if m, ok := l.messages[key]; ok {
		return m.fill(l, nil)
	}
	return ""
}
