package e2e

import (
	"html"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// TestEveryPageIsForEverybody follows every link from the desk of each person,
// and looks at each kind of page on a phone and on a desk.
func TestEveryPageIsForEverybody(t *testing.T) {
	h := open(t)
	// Two at a time, as many as the smallest machine has processors.
	seats := make(chan struct{}, 2)
	var all sync.WaitGroup
	for _, a := range accounts(t) {
		all.Go(func() {
			seats <- struct{}{}
			defer func() { <-seats }()
			t.Run(a.post, func(t *testing.T) { h.crawl(t, a) })
		})
	}
	all.Wait()
}

// crawl opens one page of each kind that the person can come to. All have to
// answer; those that have no like so far are looked at in the browser.
func (h *house) crawl(t *testing.T, a account) {
	v := h.visit(t, desk).signIn(a.post)
	type step struct{ path, from string }
	known := map[string]bool{pattern("/"): true}
	pages, looked := 0, 0
	for waiting := []step{{"/", ""}}; len(waiting) > 0; waiting = waiting[1:] {
		at := waiting[0]
		status, body := v.fetch(at.path)
		if status != http.StatusOK {
			t.Errorf("%s, which %s leads to, answers %d", at.path, at.from, status)
			continue
		}
		if body == "" {
			continue
		}
		pages++
		if newParts(at.path, body) {
			looked++
			v.open(at.path).inspect(phone, desk)
		}
		for _, link := range links(body) {
			if kind := pattern(link); !known[kind] {
				known[kind] = true
				waiting = append(waiting, step{link, at.path})
			}
		}
	}
	if pages < 10 {
		t.Errorf("only %d kinds of pages: the links were not followed", pages)
	}
	t.Logf("%d kinds of pages, %d looked at, %d addresses", pages, looked, len(known))
}

var anchor = regexp.MustCompile(`<a [^>]*href="(/[^"#]*)`)

// links are the addresses of this house that the page names.
func links(body string) []string {
	var list []string
	for _, found := range anchor.FindAllStringSubmatch(body, -1) {
		list = append(list, html.UnescapeString(found[1]))
	}
	return list
}

// fetch asks for the address in the visitor's name. The body is "" for a file
// that is not a page.
func (v *visitor) fetch(path string) (status int, body string) {
	v.t.Helper()
	request, err := http.NewRequestWithContext(v.ctx, http.MethodGet, v.base+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.send(request)
}

// read is the status of an answer and, if it is a page, its body.
func read(t *testing.T, answer *http.Response) (status int, body string) {
	t.Helper()
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") {
		return answer.StatusCode, ""
	}
	return answer.StatusCode, string(content)
}
