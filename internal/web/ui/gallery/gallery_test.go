package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

var shots = flag.String("shots", "", "folder for a picture of every page")

// serve starts the gallery. Without built assets there is nothing to measure.
func serve(t *testing.T) string {
	t.Helper()
	handler, err := newHandler()
	if err != nil {
		t.Skip(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

func get(t *testing.T, address string) []byte {
	t.Helper()
	request, err := http.NewRequest("GET", address, nil)
	if err != nil {
		t.Fatal(err)
	}
	// Asked for by name, gzip stays as it came over the wire.
	request.Header.Set("Accept-Encoding", "gzip")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", address, answer.Status)
	}
	return body
}

var assetAddress = regexp.MustCompile(`/static/[^"')]+`)

// TestFirstLoadKeepsItsBudget adds up what a browser that never was here loads
// for a page: the page itself, compressed, and each asset that it or its style
// sheet names. Design section 6: at most 60 KB.
func TestFirstLoadKeepsItsBudget(t *testing.T) {
	const budget = 60_000
	base := serve(t)
	for path := range pages {
		html := get(t, base+path)
		total := gzipped(t, html)
		named := assetAddress.FindAllString(string(html), -1)
		for _, address := range named {
			if strings.HasSuffix(address, ".css") {
				named = append(named, assetAddress.FindAllString(unzipped(t, get(t, base+address)), -1)...)
			}
		}
		slices.Sort(named)
		for _, address := range slices.Compact(named) {
			total += len(get(t, base+address))
		}
		t.Logf("%-10s %5d bytes", path, total)
		if total > budget {
			t.Errorf("%s: the first load takes %d bytes, more than %d", path, total, budget)
		}
	}
}

func gzipped(t *testing.T, content []byte) int {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}

func unzipped(t *testing.T, content []byte) string {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}

// startBrowser starts a browser that speaks only to this machine.
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	program := os.Getenv("CHIBO_TEST_BROWSER")
	if program == "" {
		t.Skip("CHIBO_TEST_BROWSER is not set; make test sets it")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(program),
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("hide-scrollbars", true),
	)
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 4*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func run[T any](t *testing.T, ctx context.Context, action chromedp.Action[T]) T {
	t.Helper()
	value, err := chromedp.Run(ctx, action)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// axeFaults lists what axe finds against WCAG 2.2 AA, a line each.
const axeFaults = `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
	.then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.target + ": " + n.failureSummary.replace(/\s+/g, " "))))`

// smallTargets lists what is to be pressed and is less than 44 pixels high.
// Links within a sentence, and in cells that are large themselves, may be.
const smallTargets = `[...document.querySelectorAll("button, a.btn, summary, select, textarea, input:not([type=hidden]), .main-nav a, .items a, .tabs a, .pager a, .crumbs a")]
	.filter(e => e.checkVisibility() && e.tabIndex >= 0 && !e.closest(".unseen"))
	.map(e => [e, e.matches(".cover") ? e.closest("li") : e.closest("label") ?? e])
	.filter(([e, box]) => box.getBoundingClientRect().height < 43.5)
	.map(([e, box]) => e.outerHTML.slice(0, 90) + " " + box.getBoundingClientRect().height)`

// sideways lists what makes a page wider than the screen.
const sideways = `document.documentElement.scrollWidth <= innerWidth ? [] :
	[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth).map(e => e.outerHTML.slice(0, 90))`

func TestPagesAreForEverybody(t *testing.T) {
	ctx := startBrowser(t)
	base := serve(t)
	axe, err := os.ReadFile("../../../../frontend/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, screen := range []struct {
		name          string
		width, height int64
		size          string
	}{
		{"phone", 360, 640, "normal"},
		{"phone-larger", 360, 640, "larger"},
		{"desk", 1280, 800, "normal"},
	} {
		for path := range pages {
			t.Run(screen.name+path, func(t *testing.T) {
				if err := chromedp.Do(ctx, chromedp.EmulateViewport(screen.width, screen.height), chromedp.Navigate(base+path+"?size="+screen.size)); err != nil {
					t.Fatal(err)
				}
				// The bar at the bottom covers what can be scrolled from under it;
				// axe takes that for covered. A screen as high as the page has none.
				height := run(t, ctx, chromedp.Evaluate[int64](`document.documentElement.scrollHeight`))
				if err := chromedp.Do(ctx, chromedp.EmulateViewport(screen.width, max(height, screen.height))); err != nil {
					t.Fatal(err)
				}
				picture(t, ctx, screen.name+strings.ReplaceAll(path, "/", "-"))
				run(t, ctx, chromedp.Evaluate[any](string(axe)+";null"))
				for _, fault := range run(t, ctx, chromedp.Evaluate[[]string](axeFaults, chromedp.EvalAwaitPromise)) {
					t.Error(fault)
				}
				for _, target := range run(t, ctx, chromedp.Evaluate[[]string](smallTargets)) {
					t.Errorf("too small to press: %s", target)
				}
				for _, part := range run(t, ctx, chromedp.Evaluate[[]string](sideways)) {
					t.Errorf("wider than the screen: %s", part)
				}
			})
		}
	}
}

func picture(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	if *shots == "" {
		return
	}
	data := run(t, ctx, chromedp.FullScreenshot(100))
	if err := os.WriteFile(filepath.Join(*shots, name+".png"), data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestWhatIsTypedSurvives types into a form, comes back to it as after a dead
// battery, and finds the text; after the server accepted it, it is gone.
func TestWhatIsTypedSurvives(t *testing.T) {
	ctx := startBrowser(t)
	base := serve(t)
	visit := func(path string) {
		t.Helper()
		if err := chromedp.Do(ctx, chromedp.Navigate(base+path)); err != nil {
			t.Fatal(err)
		}
	}
	reason := func() string {
		t.Helper()
		return run(t, ctx, chromedp.Evaluate[string](`document.querySelector("#f-reason").value`))
	}
	const text = "Viết nhầm kỳ sinh hoạt"
	visit("/confirm")
	typing := fmt.Sprintf(`(() => { const f = document.querySelector("#f-reason"); f.value = %q; f.dispatchEvent(new Event("input", {bubbles: true})); })()`, text)
	run(t, ctx, chromedp.Evaluate[any](typing))
	visit("/")
	visit("/confirm")
	if got := reason(); got != text {
		t.Fatalf("after coming back the field has %q", got)
	}
	if _, err := chromedp.RunResponse(ctx, func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		return chromedp.Evaluate[chromedp.Void](`document.querySelector(".btn.danger").click()`)(ctx, target)
	}); err != nil {
		t.Fatal(err)
	}
	visit("/score")
	visit("/confirm")
	if got := reason(); got != "" {
		t.Errorf("after it was accepted the field still has %q", got)
	}
}

// TestTypeSizeIsKept presses the largest size and finds it on the next page.
func TestTypeSizeIsKept(t *testing.T) {
	base := serve(t)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, test := range []struct{ size, back, location, cookie string }{
		{"larger", "/members", "/members", "chibo_size=larger"},
		{"huge", "/members", "/members", ""},
		{"large", "//evil.example/", "/", "chibo_size=large"},
		{"large", `/\evil.example`, "/", "chibo_size=large"},
		{"large", "https://evil.example/", "/", "chibo_size=large"},
	} {
		answer, err := client.PostForm(base+"/display", map[string][]string{"size": {test.size}, "back": {test.back}})
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if got := answer.Header.Get("Location"); got != test.location {
			t.Errorf("%+v: sent to %q", test, got)
		}
		if got := answer.Header.Get("Set-Cookie"); !strings.HasPrefix(got, test.cookie) || (test.cookie == "") != (got == "") {
			t.Errorf("%+v: cookie %q", test, got)
		}
	}
}
