package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"chibo/internal/testkit/browser"
)

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

// smallTargets lists what is to be pressed and is less than 44 pixels high.
// Links within a sentence, and in cells that are large themselves, may be.
const smallTargets = `[...document.querySelectorAll("button, a.btn, summary, select, textarea, input:not([type=hidden]), .main-nav a, .items a, .tabs a, .pager a, .crumbs a")]
	.filter(e => e.checkVisibility() && e.tabIndex >= 0 && !e.closest(".unseen"))
	.map(e => [e, e.matches(".cover") ? e.closest("li") : e.closest("label") ?? e])
	.filter(([e, box]) => box.getBoundingClientRect().height < 43.5)
	.map(([e, box]) => e.outerHTML.slice(0, 90) + " " + box.getBoundingClientRect().height)`

func TestPagesAreForEverybody(t *testing.T) {
	b := browser.Start(t)
	base := serve(t)
	for _, look := range []struct {
		browser.Screen
		size string
	}{
		{browser.Screens[0], "normal"},
		{browser.Screens[0], "larger"},
		{browser.Screens[1], "normal"},
	} {
		for path := range pages {
			t.Run(look.Name+"-"+look.size+path, func(t *testing.T) {
				b := b.In(t)
				b.Open(look.Screen, base+path+"?size="+look.size)
				b.Look(look.Screen, look.size+strings.ReplaceAll(path, "/", "-"))
				for _, target := range browser.Read[[]string](b, smallTargets) {
					t.Errorf("too small to press: %s", target)
				}
			})
		}
	}
}

// TestWhatIsTypedSurvives types into a form, comes back to it as after a dead
// battery, and finds the text; after the server accepted it, it is gone.
func TestWhatIsTypedSurvives(t *testing.T) {
	b := browser.Start(t)
	base := serve(t)
	visit := func(path string) {
		t.Helper()
		b.Open(browser.Screens[0], base+path)
	}
	reason := func() string {
		t.Helper()
		return browser.Read[string](b, `document.querySelector("#f-reason").value`)
	}
	const text = "Viết nhầm kỳ sinh hoạt"
	visit("/confirm")
	typing := fmt.Sprintf(`(() => { const f = document.querySelector("#f-reason"); f.value = %q; f.dispatchEvent(new Event("input", {bubbles: true})); })()`, text)
	b.Run(typing)
	visit("/")
	visit("/confirm")
	if got := reason(); got != text {
		t.Fatalf("after coming back the field has %q", got)
	}
	b.Press(`document.querySelector(".btn.danger").click()`)
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
