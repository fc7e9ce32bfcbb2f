package e2e

import (
	"bytes"
	"regexp"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// TestPrint puts pages on paper, both ways: by the browser's own menu, and by
// the page that is made for it.
func TestPrint(t *testing.T) {
	h := open(t)
	head, above := h.visit(t, desk).signIn(secretary), h.visit(t, desk).signIn(office)
	held := head.heldMeeting()
	for _, test := range []struct {
		by   *visitor
		path string
	}{
		{head, "/"},
		{head, "/meetings"},
		{head, held},
		{head, held + "/room"},
		{head, held + "/resolution"},
		{head, held + "/minutes"},
		{head, held + "/score"},
		{head, "/tasks"},
		{head, "/members"},
		{above, "/overview"},
		{above, "/meetings"},
		{above, "/units"},
	} {
		t.Run(test.path, func(t *testing.T) {
			v := test.by.in(t)
			v.open(test.path)
			v.onPaper()
			v.open(test.path + "?print=1").onPaper()
		})
	}
}

// heldMeeting is the page of a meeting that was held and reported.
func (v *visitor) heldMeeting() string {
	v.t.Helper()
	_, body := v.fetch("/meetings")
	for _, link := range links(body) {
		if !regexp.MustCompile(`^/meetings/[0-9a-z]{13}$`).MatchString(link) {
			continue
		}
		if _, page := v.fetch(link); bytes.Contains([]byte(page), []byte("Cấp trên đã tiếp nhận")) {
			return link
		}
	}
	v.t.Fatal("the demo has no meeting that was reported")
	return ""
}

// around is what stands on a screen and has no use on paper.
const around = `[...document.querySelectorAll("header.bar, .main-nav, nav:not(.stepper) a, button, .no-print")].filter(e => e.checkVisibility()).map(e => e.outerHTML.slice(0, 80))`

// onPaper wants the page to have content and nothing to press, and gives what
// can be read there.
func (v *visitor) onPaper() string {
	v.t.Helper()
	print := chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4))
	if paper := ask(v, print); !bytes.HasPrefix(paper, []byte("%PDF-")) || len(paper) < 5_000 {
		v.t.Errorf("%s gives %d bytes of paper", v.path(), len(paper))
	}
	call(v, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	for _, part := range ask(v, chromedp.Evaluate[[]string](around)) {
		v.t.Errorf("%s is printed with %s", v.path(), part)
	}
	text := v.text()
	if len(text) < 60 {
		v.t.Errorf("%s is nearly empty on paper: %q", v.path(), text)
	}
	call(v, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{})
	return text
}
