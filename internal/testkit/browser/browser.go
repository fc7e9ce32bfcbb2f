// Package browser opens pages in Chromium and finds what shuts people out of
// them. It knows nothing of what the pages are about.
//
// CHIBO_TEST_BROWSER names the program; `make test` sets it.
package browser

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

var shots = flag.String("shots", "", "folder for a picture of every page")

// Screen is the size of a screen.
type Screen struct {
	Name          string
	Width, Height int64
}

// Screens are the two at which every page is looked at: that of a phone, and
// that of a desk.
var Screens = []Screen{{"phone", 360, 640}, {"desk", 1280, 800}}

// Browser is one that speaks only to this machine.
type Browser struct {
	testing.TB
	ctx context.Context
	axe string
}

// longest is how long one test may keep a browser.
const longest = 5 * time.Minute

// Start starts a browser, which ends with the test. Without one the test is
// skipped.
func Start(t testing.TB) Browser {
	t.Helper()
	program := os.Getenv("CHIBO_TEST_BROWSER")
	if program == "" {
		t.Skip("CHIBO_TEST_BROWSER is not set; make test sets it")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("hide-scrollbars", true),
	)
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, longest)
	t.Cleanup(cancel)
	axe, err := os.ReadFile(axePath())
	if err != nil {
		t.Fatal(err)
	}
	return Browser{t, ctx, string(axe)}
}

// axePath is where the build puts axe, seen from this file: tests run in the
// folders of their packages.
func axePath() string {
	_, here, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(here), "../../../frontend/node_modules/axe-core/axe.min.js")
}

// In is the browser in a part of its test.
func (b Browser) In(t testing.TB) Browser {
	b.TB = t
	return b
}

// SignIn gives the browser the cookie of a session; an empty token is nobody's.
func (b Browser) SignIn(base, token string) {
	b.Helper()
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, network.SetCookie, network.SetCookieParams{Name: "chibo", Value: token, URL: base})
		return err
	}))
}

// Open opens an address on a screen.
func (b Browser) Open(s Screen, address string) {
	b.Helper()
	b.do(chromedp.EmulateViewport(s.Width, s.Height), chromedp.Navigate(address))
}

// Run runs a script in the page.
func (b Browser) Run(script string) {
	b.Helper()
	Read[any](b, script+";null")
}

// Press runs a script that leads to another page, and waits for that.
func (b Browser) Press(script string) {
	b.Helper()
	if _, err := chromedp.RunResponse(b.ctx, func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		return chromedp.Evaluate[chromedp.Void](script)(ctx, target)
	}); err != nil {
		b.Fatal(err)
	}
}

// Read is the value of an expression in the page, or of what it promises.
func Read[T any](b Browser, expression string) T {
	b.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatal(err)
	}
	return value
}

// Await waits until a condition holds in the page, for five seconds at most,
// and reports whether it did.
func (b Browser) Await(condition string) bool {
	b.Helper()
	return Read[bool](b, `new Promise(resolve => {
		const end = performance.now() + 5000;
		const look = () => (`+condition+`) ? resolve(true) : performance.now() > end ? resolve(false) : setTimeout(look, 20);
		look();
	})`)
}

const (
	// axeFaults lists what axe finds against WCAG 2.2 AA, a line each.
	axeFaults = `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"]})
		.then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.target + ": " + n.failureSummary.replace(/\s+/g, " "))))`
	// sideways lists what makes a page wider than the screen.
	sideways = `document.documentElement.scrollWidth <= innerWidth ? [] :
		[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth).map(e => e.outerHTML.slice(0, 90))`
)

// Look takes a picture of the page if -shots asks for it, and reports what
// shuts anybody out. The bar at the bottom covers what can be scrolled from
// under it; axe takes that for covered, so the screen is made as high as the
// page.
func (b Browser) Look(s Screen, name string) {
	b.Helper()
	high := Read[int64](b, `document.documentElement.scrollHeight`)
	b.do(chromedp.EmulateViewport(s.Width, max(high, s.Height)))
	b.picture(s.Name + "-" + name)
	b.Run(b.axe)
	for _, fault := range Read[[]string](b, axeFaults) {
		b.Errorf("%s on a %s: %s", name, s.Name, fault)
	}
	for _, part := range Read[[]string](b, sideways) {
		b.Errorf("%s on a %s is wider than the screen: %s", name, s.Name, part)
	}
}

func (b Browser) picture(name string) {
	b.Helper()
	if *shots == "" {
		return
	}
	data, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(*shots, name+".png"), data, 0o644)
	}
	if err != nil {
		b.Fatal(err)
	}
}

func (b Browser) do(actions ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.Fatal(err)
	}
}
