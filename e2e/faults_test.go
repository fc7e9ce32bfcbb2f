package e2e

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/chromedp"
)

// axeFaults lists what axe finds against WCAG 2.2 AA, a line each.
const axeFaults = `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"]})
	.then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.target + ": " + n.failureSummary.replace(/\s+/g, " "))))`

// smallTargets lists what is to be pressed and is less than 44 pixels high.
// Links within a sentence, and in cells that are large themselves, may be.
const smallTargets = `[...document.querySelectorAll("button, a.btn, summary, select, textarea, input:not([type=hidden]), .main-nav a, .items a, .tabs a, .pager a, .crumbs a")]
	.filter(e => e.checkVisibility() && e.tabIndex >= 0 && !e.closest(".unseen"))
	.map(e => [e, e.matches(".cover") ? e.closest("li, td, th, tr") ?? e : e.closest("label") ?? e])
	.filter(([e, box]) => box.getBoundingClientRect().height < 43.5)
	.map(([e, box]) => "too small to press: " + e.outerHTML.slice(0, 120) + " " + Math.round(box.getBoundingClientRect().height))`

// sideways lists what makes a page wider than the screen.
const sideways = `document.documentElement.scrollWidth <= innerWidth ? [] :
	[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 0.5)
	.map(e => "wider than the screen: " + e.outerHTML.slice(0, 120)).slice(0, 5)`

var readAxe = sync.OnceValues(func() (string, error) {
	code, err := os.ReadFile("../frontend/node_modules/axe-core/axe.min.js")
	return string(code), err
})

// inspected are the parts of the pages that were looked at, by their kind: a
// page with no part that was not looked at has no fault that was not found.
var inspected struct {
	sync.Mutex
	parts map[string]map[string]bool
}

// inspect looks for what keeps somebody from using the page, on each screen.
func (v *visitor) inspect(screens ...screen) {
	v.t.Helper()
	code, err := readAxe()
	if err != nil {
		v.t.Fatal(err)
	}
	ask(v, chromedp.Evaluate[any](code+";null"))
	for _, s := range screens {
		v.do(s.emulate())
		// The bar at the bottom covers what can be scrolled from under it; axe
		// takes that for covered. A screen as high as the page has none.
		tall := s
		tall.height = max(s.height, ask(v, chromedp.Evaluate[int64](`document.documentElement.scrollHeight`)))
		v.do(tall.emulate())
		faults := slices.Concat(
			ask(v, chromedp.Evaluate[[]string](axeFaults, chromedp.EvalAwaitPromise)),
			ask(v, chromedp.Evaluate[[]string](smallTargets)),
			ask(v, chromedp.Evaluate[[]string](sideways)),
		)
		for _, fault := range faults {
			v.t.Errorf("%s at %d pixels: %s", v.path(), s.width, fault)
		}
		v.do(s.emulate())
	}
}

var (
	ids = regexp.MustCompile(`[0-9a-hjkmnp-tv-z]{13}`)
	// A page is made of tags with their classes; what else a tag says is of one
	// record, not of the kind of page.
	tags = regexp.MustCompile(`<([a-z][a-z0-9]*)(?:[^>]*? class="([^"]*)")?`)
)

// newParts reports whether the page has a part that pages of its kind had not
// so far, and remembers its parts.
func newParts(path, body string) (found bool) {
	inspected.Lock()
	defer inspected.Unlock()
	if inspected.parts == nil {
		inspected.parts = map[string]map[string]bool{}
	}
	kind := pattern(path)
	if inspected.parts[kind] == nil {
		inspected.parts[kind] = map[string]bool{}
	}
	for _, tag := range tags.FindAllStringSubmatch(body, -1) {
		part := tag[1] + "." + tag[2]
		found = found || !inspected.parts[kind][part]
		inspected.parts[kind][part] = true
	}
	return found
}

// pattern is the address of a kind of page: without the ids of records and
// without what queries ask for.
func pattern(address string) string {
	path, query, _ := strings.Cut(address, "?")
	path, _, _ = strings.Cut(path, "#")
	path = ids.ReplaceAllString(path, "{id}")
	var names []string
	for part := range strings.SplitSeq(query, "&") {
		if name, _, _ := strings.Cut(part, "="); name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if len(names) > 0 {
		path += "?" + strings.Join(names, "&")
	}
	return path
}
