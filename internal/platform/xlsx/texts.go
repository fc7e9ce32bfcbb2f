package xlsx

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"chibo/internal/platform/errs"
)

// sharedTexts are the texts that cells name by number.
type sharedTexts struct {
	list []string
	// fonts holds the texts that are set in a font of their own.
	fonts map[int]string
}

// readTexts reads the texts that cells share; a workbook may have none.
func (b *Book) readTexts() error {
	const part = "xl/sharedstrings.xml"
	if b.parts[part] == nil {
		return nil
	}
	b.texts.fonts = map[int]string{}
	var text richText
	var shelf arena
	bytesLeft := b.limits.TextBytes
	return b.walk(part, func(s *scanner, t *tag) error {
		if string(t.name) != "si" {
			return text.take(s, t, b.limits.Characters)
		}
		if t.kind == opens {
			text.reset()
			return nil
		}
		bytesLeft -= text.Len()
		if len(b.texts.list) >= b.limits.Texts || bytesLeft < 0 {
			return errs.New(errs.TooLarge, "xlsx.too_many_texts", b.limits.Texts)
		}
		if font := text.font(); font != "" {
			b.texts.fonts[len(b.texts.list)] = font
		}
		b.texts.list = append(b.texts.list, shelf.keep(text.plain()))
		return nil
	})
}

// arena keeps many short texts in few pieces of memory.
type arena struct{ strings.Builder }

const arenaPiece = 64 << 10

func (a *arena) keep(text []byte) string {
	if a.Len()+len(text) > a.Cap() {
		a.Reset()
		a.Grow(max(len(text), arenaPiece))
	}
	start := a.Len()
	a.Write(text)
	return a.String()[start:]
}

// richText joins the runs of a text and leaves out the reading aids above
// East Asian ones.
type richText struct {
	bytes.Buffer
	inText, inAid bool

	// runFont is the font of the present run, longest the longest run's.
	runFont, longestFont string
	runLength, longest   int
}

func (r *richText) reset() {
	r.Reset()
	*r = richText{Buffer: r.Buffer}
}

func (r *richText) take(s *scanner, t *tag, characters int) error {
	switch string(t.name) {
	case "t":
		r.inText = t.kind == opens
	case "rPh":
		r.inAid = t.kind == opens
	case "r":
		r.endRun()
	case "rFont":
		if t.kind == opens {
			name, err := s.attrText(t, "val")
			r.runFont = name
			return err
		}
	case "":
		if r.inText && !r.inAid {
			r.Write(t.text)
			r.runLength += len(t.text)
		}
		if r.Len() > utf8.UTFMax*characters {
			return errs.New(errs.TooLarge, "xlsx.text_too_long", characters)
		}
	}
	return nil
}

func (r *richText) endRun() {
	if r.runLength > r.longest {
		r.longest, r.longestFont = r.runLength, r.runFont
	}
	r.runFont, r.runLength = "", 0
}

// font is the font of the longest run, "" when the cell's own is meant.
func (r *richText) font() string {
	r.endRun()
	return r.longestFont
}

func (r *richText) plain() []byte { return unescape(r.Bytes()) }

// unescape puts back the characters that Excel writes as _x000D_ because XML
// has no place for them; control characters other than line feeds are dropped.
// Bytes that are no UTF-8 become U+FFFD.
func unescape(s []byte) []byte {
	if !utf8.Valid(s) {
		s = bytes.ToValidUTF8(s, []byte("\uFFFD"))
	}
	if !bytes.Contains(s, []byte("_x")) {
		return s
	}
	var out []byte
	for len(s) > 0 {
		if len(s) >= 7 && s[0] == '_' && s[1] == 'x' && s[6] == '_' {
			if n, err := strconv.ParseUint(string(s[2:6]), 16, 16); err == nil {
				if r := rune(n); r >= ' ' || r == '\n' || r == '\t' {
					out = utf8.AppendRune(out, r)
				}
				s = s[7:]
				continue
			}
		}
		out, s = append(out, s[0]), s[1:]
	}
	return out
}
