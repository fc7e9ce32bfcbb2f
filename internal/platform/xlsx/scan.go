package xlsx

import (
	"bytes"
	"io"
	"strconv"
	"unicode/utf8"

	"chibo/internal/platform/errs"
)

// scanner reads the tags of one part. It knows the XML that spreadsheets are
// made of and no more: a document type and entities of one's own, with which
// a few lines become gigabytes, are refused. It does not match ends with
// beginnings; what is read out of the tags must.
//
// encoding/xml does the same and is ten times slower, which a register of
// 100,000 rows shows.
type scanner struct {
	from     io.Reader
	part     string
	buf      []byte
	pos, end int
	ended    error // why from gives no more

	tag     tag // the present one
	scratch []byte
}

// kind tells tags apart.
type kind uint8

const (
	opens kind = iota
	closes
	words
)

// tag is a begin, an end or a piece of text. It is valid until the next.
type tag struct {
	kind kind
	// prefix and name are the two parts of x:row.
	prefix, name []byte
	// attrs are the attributes as they stand in the file.
	attrs []byte
	// text has its entities read.
	text []byte
	// raw is the tag or text as it stands in the file. The end of a tag that
	// closes itself has none.
	raw []byte
	// empty: the tag closes itself; its end follows.
	empty bool
}

const (
	scanBuffer = 64 << 10
	// maxToken bounds one tag, and one section of CDATA.
	maxToken = 1 << 20
	// longestEntity is the length of &#x0010FFFF;
	longestEntity = 12
)

func newScanner(from io.Reader, part string) *scanner {
	return &scanner{from: from, part: part, buf: make([]byte, scanBuffer)}
}

func (s *scanner) broken() error { return errs.New(errs.Invalid, "xlsx.broken", s.part) }

// next is the next tag or piece of text, io.EOF after the last.
func (s *scanner) next() (*tag, error) {
	if s.tag.empty {
		s.tag = tag{kind: closes, name: s.tag.name}
		return &s.tag, nil
	}
	for {
		if s.pos == s.end {
			if err := s.more(); err != nil {
				return nil, err
			}
		}
		if s.buf[s.pos] != '<' {
			return &s.tag, s.readText()
		}
		if found, err := s.readMarkup(); found || err != nil {
			return &s.tag, err
		}
	}
}

// more reads on. What is not taken yet moves to the front of the buffer, which
// grows when it is full of it.
func (s *scanner) more() error {
	if s.ended != nil {
		return s.ended
	}
	if s.pos > 0 {
		s.end = copy(s.buf, s.buf[s.pos:s.end])
		s.pos = 0
	}
	if s.end == len(s.buf) {
		if len(s.buf) >= maxToken {
			return s.broken()
		}
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	for range 100 {
		n, err := s.from.Read(s.buf[s.end:])
		s.end += n
		s.ended = err
		if n > 0 {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}

// readText takes text up to the next tag, or as much of it as is read.
func (s *scanner) readText() error {
	for {
		rest := s.buf[s.pos:s.end]
		n := bytes.IndexByte(rest, '<')
		if n < 0 {
			n = len(rest)
			if s.ended == nil {
				n -= cutInTwo(rest)
			}
		}
		if n > 0 {
			s.pos += n
			text, err := s.plain(rest[:n])
			s.tag = tag{kind: words, text: text, raw: rest[:n]}
			return err
		}
		if err := s.more(); err != nil && err != io.EOF { // what is held back is the last
			return err
		}
	}
}

// cutInTwo is how many bytes at the end of a text may be the beginning of an
// entity or a line end.
func cutInTwo(text []byte) int {
	tail := text[max(0, len(text)-longestEntity):]
	if n := bytes.IndexByte(tail, '&'); n >= 0 {
		return len(tail) - n
	}
	if bytes.HasSuffix(tail, []byte("\r")) {
		return 1
	}
	return 0
}

// endOf is the error with which a walk over the part ends.
func (s *scanner) endOf(err error) error {
	if err == io.EOF {
		return nil
	}
	if _, classified := errs.As(err); classified || err == errStop {
		return err
	}
	return errs.Wrap(err, errs.Invalid, "xlsx.broken", s.part)
}

// brokenEnd is the error of a part that ends where it must not.
func (s *scanner) brokenEnd(err error) error {
	if err == io.EOF {
		return s.broken()
	}
	return err
}

// readMarkup takes what begins with '<'; found is false for comments and
// instructions, which say nothing.
func (s *scanner) readMarkup() (found bool, err error) {
	if s.end-s.pos > 1 && s.buf[s.pos+1] != '!' && s.buf[s.pos+1] != '?' { // nearly always
		return true, s.readTag()
	}
	switch {
	case s.begins("<!--"):
		return false, s.skipPast("-->")
	case s.begins("<![CDATA["):
		return true, s.readSection()
	case s.begins("<!"):
		return false, errs.New(errs.Invalid, "xlsx.entities")
	case s.begins("<?"):
		return false, s.skipPast("?>")
	}
	return true, s.readTag()
}

func (s *scanner) begins(with string) bool {
	for s.end-s.pos < len(with) {
		if !bytes.HasPrefix([]byte(with), s.buf[s.pos:s.end]) || s.more() != nil {
			return false
		}
	}
	return string(s.buf[s.pos:s.pos+len(with)]) == with
}

func (s *scanner) skipPast(end string) error {
	for {
		if n := bytes.Index(s.buf[s.pos:s.end], []byte(end)); n >= 0 {
			s.pos += n + len(end)
			return nil
		}
		s.pos = max(s.pos, s.end-len(end)+1)
		if err := s.more(); err != nil {
			return s.brokenEnd(err)
		}
	}
}

func (s *scanner) readSection() error {
	const begin, end = "<![CDATA[", "]]>"
	for {
		rest := s.buf[s.pos:s.end]
		if n := bytes.Index(rest, []byte(end)); n >= 0 {
			s.pos += n + len(end)
			s.tag = tag{kind: words, text: lineEnds(rest[len(begin):n]), raw: rest[:n+len(end)]}
			return nil
		}
		if err := s.more(); err != nil {
			return s.brokenEnd(err)
		}
	}
}

func (s *scanner) readTag() error {
	for {
		rest := s.buf[s.pos:s.end]
		if n := tagEnd(rest); n >= 0 {
			s.pos += n + 1
			return s.split(rest[:n+1])
		}
		if err := s.more(); err != nil {
			return s.brokenEnd(err)
		}
	}
}

// tagEnd finds the '>' that ends a tag; one inside quotes does not.
func tagEnd(b []byte) int {
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '>':
			return i
		case '"', '\'':
			n := bytes.IndexByte(b[i+1:], b[i])
			if n < 0 {
				return -1
			}
			i += n + 1
		}
	}
	return -1
}

// split takes a tag apart.
func (s *scanner) split(raw []byte) error {
	s.tag = tag{raw: raw}
	t := &s.tag
	inside := raw[1 : len(raw)-1]
	if n := len(inside); n > 0 && inside[0] == '/' {
		t.kind, inside = closes, inside[1:]
	} else if n > 0 && inside[n-1] == '/' {
		t.empty, inside = true, inside[:n-1]
	}
	n := 0
	for n < len(inside) && !isSpace(inside[n]) {
		n++
	}
	t.name, t.attrs = inside[:n], inside[n:]
	if i := bytes.IndexByte(t.name, ':'); i >= 0 {
		t.prefix, t.name = t.name[:i+1], t.name[i+1:]
	}
	if len(t.name) == 0 {
		return s.broken()
	}
	return nil
}

func trimmed(b []byte) []byte {
	for len(b) > 0 && isSpace(b[0]) {
		b = b[1:]
	}
	for len(b) > 0 && isSpace(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// attr is the value of an attribute by its local name, nil when there is none.
func (t *tag) attr(name string) []byte {
	rest := t.attrs
	for {
		key, value, after, ok := cutAttr(rest)
		if !ok {
			return nil
		}
		if i := bytes.IndexByte(key, ':'); i >= 0 {
			key = key[i+1:]
		}
		if string(key) == name {
			return value
		}
		rest = after
	}
}

// cutAttr takes the first attribute.
func cutAttr(attrs []byte) (key, value, after []byte, ok bool) {
	i := bytes.IndexByte(attrs, '=')
	if i < 0 {
		return nil, nil, nil, false
	}
	key, attrs = trimmed(attrs[:i]), attrs[i+1:]
	for len(attrs) > 0 && isSpace(attrs[0]) {
		attrs = attrs[1:]
	}
	if len(attrs) == 0 || attrs[0] != '"' && attrs[0] != '\'' {
		return nil, nil, nil, false
	}
	n := bytes.IndexByte(attrs[1:], attrs[0])
	if n < 0 {
		return nil, nil, nil, false
	}
	return key, attrs[1 : n+1], attrs[n+2:], true
}

// text is the value of an attribute in which there may be entities.
func (s *scanner) attrText(t *tag, name string) (string, error) {
	value, err := s.plain(t.attr(name))
	return string(value), err
}

// lineEnds makes line ends what XML has them be.
func lineEnds(text []byte) []byte {
	if bytes.IndexByte(text, '\r') < 0 {
		return text
	}
	return bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
}

// plain reads the entities of a text, and its line ends. What it
// gives is valid until the next call.
func (s *scanner) plain(raw []byte) ([]byte, error) {
	raw = lineEnds(raw)
	if bytes.IndexByte(raw, '&') < 0 {
		return raw, nil
	}
	out := s.scratch[:0]
	for {
		before, after, found := bytes.Cut(raw, []byte("&"))
		out = append(out, before...)
		if !found {
			s.scratch = out
			return out, nil
		}
		n := bytes.IndexByte(after[:min(len(after), longestEntity)], ';')
		if n < 0 {
			return nil, s.broken()
		}
		r, ok := entity(string(after[:n]))
		if !ok {
			return nil, errs.New(errs.Invalid, "xlsx.entities")
		}
		out, raw = utf8.AppendRune(out, r), after[n+1:]
	}
}

func entity(name string) (rune, bool) {
	switch name {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	digits, base := name[1:], 10
	if digits[0] == 'x' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	return rune(n), err == nil && n > 0 && n <= utf8.MaxRune
}
