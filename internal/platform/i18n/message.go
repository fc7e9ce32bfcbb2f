package i18n

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// message is a text cut at its placeholders: text, placeholder, text, …
type message struct {
	parts []part
	named bool
}

// part is plain text, or the placeholder of a name or a position.
type part struct {
	text     string
	name     string
	position int
}

func (p part) isPlaceholder() bool { return p.name != "" }

// parse cuts a text. {{ and }} stand for single braces.
func parse(text string) (message, error) {
	var m message
	if strings.TrimSpace(text) == "" {
		return m, fmt.Errorf("empty text")
	}
	var plain strings.Builder
	for rest := text; rest != ""; {
		switch {
		case strings.HasPrefix(rest, "{{"), strings.HasPrefix(rest, "}}"):
			plain.WriteByte(rest[0])
			rest = rest[2:]
		case rest[0] == '}':
			return m, fmt.Errorf("} without { in %q", text)
		case rest[0] == '{':
			name, after, closed := strings.Cut(rest[1:], "}")
			if !closed || !isName(name) {
				return m, fmt.Errorf("bad placeholder in %q", text)
			}
			m.parts = append(m.parts, part{text: plain.String()}, placeholder(name))
			plain.Reset()
			rest = after
		default:
			plain.WriteByte(rest[0])
			rest = rest[1:]
		}
	}
	m.parts = append(m.parts, part{text: plain.String()})
	return m.checked(text)
}

func placeholder(name string) part {
	position, err := strconv.Atoi(name)
	if err != nil {
		position = -1
	}
	return part{name: name, position: position}
}

func isName(s string) bool {
	digits, letters := 0, 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r >= 'a' && r <= 'z', r == '_':
			letters++
		default:
			return false
		}
	}
	return letters > 0 && (s[0] < '0' || s[0] > '9') || letters == 0 && (digits == 1 || digits == 2 && s[0] != '0')
}

// checked decides between names and positions; a message has one or the other,
// and positions without a gap.
func (m message) checked(text string) (message, error) {
	positions := map[int]bool{}
	names := 0
	for _, p := range m.parts {
		switch {
		case !p.isPlaceholder():
		case p.position < 0:
			names++
		default:
			positions[p.position] = true
		}
	}
	if names > 0 && len(positions) > 0 {
		return m, fmt.Errorf("names and positions mixed in %q", text)
	}
	for i := range len(positions) {
		if !positions[i] {
			return m, fmt.Errorf("{%d} is missing in %q", i, text)
		}
	}
	m.named = names > 0
	return m, nil
}

// names lists the placeholders once each, sorted.
func (m message) names() []string {
	var list []string
	for _, p := range m.parts {
		if p.isPlaceholder() {
			list = append(list, p.name)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// fill writes the message; a placeholder that no argument fills stays visible.
func (m message) fill(l *Language, args []any) string {
	if len(m.parts) == 1 {
		return m.parts[0].text
	}
	var b strings.Builder
	for _, p := range m.parts {
		if !p.isPlaceholder() {
			b.WriteString(p.text)
			continue
		}
		if value, ok := m.argument(p, args); ok {
			b.WriteString(l.Format(value))
		} else {
			b.WriteString("{" + p.name + "}")
		}
	}
	return b.String()
}

func (m message) argument(p part, args []any) (any, bool) {
	if !m.named {
		if p.position < len(args) {
			return args[p.position], true
		}
		return nil, false
	}
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == p.name {
			return args[i+1], true
		}
	}
	return nil, false
}
