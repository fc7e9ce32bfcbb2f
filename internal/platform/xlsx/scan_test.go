package xlsx

import (
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"

	"chibo/internal/platform/errs"
)

// told is what a scanner says of a part, one line a tag; pieces of text are
// joined.
func told(from io.Reader) (string, error) {
	var out strings.Builder
	var text strings.Builder
	s := newScanner(from, "part")
	for {
		t, err := s.next()
		if err == nil && t.kind == words {
			text.Write(t.text)
			continue
		}
		if text.Len() > 0 {
			fmt.Fprintf(&out, "%q\n", text.String())
			text.Reset()
		}
		if err == io.EOF {
			return out.String(), nil
		}
		if err != nil {
			return out.String(), err
		}
		if t.kind == closes {
			fmt.Fprintf(&out, "/%s\n", t.name)
			continue
		}
		fmt.Fprintf(&out, "%s", t.name)
		for rest := t.attrs; ; {
			key, value, after, ok := cutAttr(rest)
			if !ok {
				break
			}
			plain, err := s.plain(value)
			if err != nil {
				return out.String(), err
			}
			fmt.Fprintf(&out, " %s=%q", key[strings.IndexByte(string(key), ':')+1:], plain)
			rest = after
		}
		out.WriteByte('\n')
	}
}

// toldByXML says the same with the standard library; ok is false for what it
// does not take, and for what the scanner refuses on purpose.
func toldByXML(content string) (string, bool) {
	var out, text strings.Builder
	d := xml.NewDecoder(strings.NewReader(content))
	for {
		token, err := d.RawToken()
		if data, is := token.(xml.CharData); is {
			text.Write(data)
			continue
		}
		if text.Len() > 0 {
			fmt.Fprintf(&out, "%q\n", text.String())
			text.Reset()
		}
		if err == io.EOF {
			return out.String(), true
		}
		if err != nil {
			return "", false
		}
		switch token := token.(type) {
		case xml.Directive:
			return "", false
		case xml.EndElement:
			fmt.Fprintf(&out, "/%s\n", token.Name.Local)
		case xml.StartElement:
			fmt.Fprintf(&out, "%s", token.Name.Local)
			for _, a := range token.Attr {
				fmt.Fprintf(&out, " %s=%q", a.Name.Local, a.Value)
			}
			out.WriteByte('\n')
		}
	}
}

var xmlSeeds = []string{
	`<?xml version="1.0" encoding="UTF-8"?><x:sst xmlns:x="urn:a"><x:si><x:t xml:space='preserve'> a&amp;b&#x1ECD;&#10;</x:t></x:si><si/></x:sst>`,
	"<a b='>' c=\"'&lt;\"  d = \"x\"\n/>text\r\nmore\rend<![CDATA[<raw>&]]><!-- - <c> --><d></d>",
	`<a>&copy;</a>`, `<!DOCTYPE x [<!ENTITY a "b">]><a>&a;</a>`, `<a`, `<a b="`, `</>`, `<>`, `a & b`, `<![CDATA[`, `<!--`, `<?`, `&#0;`, `&#x110000;`,
	"\uFEFF<a/>", "<a>" + strings.Repeat("dài ", 20_000) + "&amp;</a>",
}

func TestScannerReadsAsTheStandardLibrary(t *testing.T) {
	taken := 0
	for _, content := range xmlSeeds {
		want, ok := toldByXML(content)
		for name, from := range map[string]io.Reader{"at once": strings.NewReader(content), "byte by byte": iotest.OneByteReader(strings.NewReader(content)), "with the end": iotest.DataErrReader(strings.NewReader(content))} {
			got, err := told(from)
			if ok && (err != nil || got != want) {
				t.Errorf("%.60q %s: told %.200s (%v), want %.200s", content, name, got, err, want)
			}
		}
		if ok {
			taken++
		}
	}
	if taken < 4 {
		t.Errorf("the standard library takes %d of the samples", taken)
	}
}

func TestScannerRefuses(t *testing.T) {
	for content, key := range map[string]string{
		`<a>&copy;</a>`:   "xlsx.entities",
		`<!DOCTYPE a><a>`: "xlsx.entities",
		`<a>&#0;</a>`:     "xlsx.entities",
		`<a>a & b</a>`:    "xlsx.broken",
		`<a`:              "xlsx.broken",
		`<a>b<!--`:        "xlsx.broken",
		`<![CDATA[`:       "xlsx.broken",
		`<>`:              "xlsx.broken",
		"<a " + strings.Repeat("b", maxToken+scanBuffer): "xlsx.broken",
	} {
		_, err := told(strings.NewReader(content))
		if e, ok := errs.As(err); !ok || e.Message.Key != key {
			t.Errorf("%.40q: %v, want %s", content, err, key)
		}
	}
	if _, err := told(iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("<a/>")))); err != iotest.ErrTimeout {
		t.Errorf("a reader that fails: %v", err)
	}
}

// odd is XML that no program writes: numbers with many zeros before them, names
// that begin or end with a colon.
var odd = regexp.MustCompile(`&[^;]{11}|[</\s]:|:[/>=\s]`)

func FuzzScanner(f *testing.F) {
	for _, content := range xmlSeeds[:len(xmlSeeds)-1] {
		f.Add(content)
	}
	f.Fuzz(func(t *testing.T, content string) {
		got, err := told(strings.NewReader(content))
		slow, slowErr := told(iotest.OneByteReader(strings.NewReader(content)))
		if (err == nil) != (slowErr == nil) || err == nil && got != slow {
			t.Fatalf("read at once %q (%v), byte by byte %q (%v)", got, err, slow, slowErr)
		}
		if want, ok := toldByXML(content); ok && (err != nil || got != want) && !odd.MatchString(content) {
			t.Fatalf("told %q (%v), want %q", got, err, want)
		}
	})
}
