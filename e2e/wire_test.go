package e2e

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

type cdpCommand[P, R any] = cdp.Command[P, R]

// wire is what goes between a browser and the house, and what the browser has
// to say about it.
type wire struct {
	mu   sync.Mutex
	sent int
	open map[network.RequestID]bool
	// coming are pages that were asked for and do not stand on the screen yet;
	// loading is one that stands there and lacks its parts.
	coming  map[network.RequestID]bool
	loading bool
	status  int64
	said    []string
}

func newWire() *wire {
	return &wire{open: map[network.RequestID]bool{}, coming: map[network.RequestID]bool{}}
}

// hear is called by the browser for everything that happens.
func (w *wire) hear(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(e.Request.URL, "http") {
			return
		}
		switch e.Type {
		case network.ResourceTypeDocument:
			w.sent++
			w.coming[e.RequestID] = true
		case network.ResourceTypeXHR, network.ResourceTypeFetch:
			w.sent++
			w.open[e.RequestID] = true
		}
	case *network.EventResponseReceived:
		if e.Type == network.ResourceTypeDocument {
			w.status = e.Response.Status
			if isFile(e.Response) {
				delete(w.coming, e.RequestID)
			}
		}
	case *network.EventLoadingFinished:
		delete(w.open, e.RequestID)
	case *network.EventLoadingFailed:
		delete(w.open, e.RequestID)
		delete(w.coming, e.RequestID)
	case *page.EventFrameNavigated:
		delete(w.coming, network.RequestID(e.Frame.LoaderID))
		clear(w.open)
		w.loading = true
	case *page.EventLoadEventFired:
		w.loading = false
	case *runtime.EventExceptionThrown:
		w.said = append(w.said, fmt.Sprintf("exception: %s", thrown(e)))
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" {
			w.said = append(w.said, fmt.Sprintf("console: %s", arguments(e)))
		}
	case *log.EventEntryAdded:
		// A page that refuses is shown with its status; the tests look at that.
		if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork {
			w.said = append(w.said, fmt.Sprintf("%s: %s (%s)", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	}
}

// isFile reports whether the answer is saved instead of shown.
func isFile(r *network.Response) bool {
	for name, value := range r.Headers {
		if text, ok := value.(string); ok && strings.EqualFold(name, "Content-Disposition") {
			return strings.HasPrefix(text, "attachment")
		}
	}
	return false
}

func thrown(e *runtime.EventExceptionThrown) string {
	if e.ExceptionDetails.Exception != nil {
		return e.ExceptionDetails.Text + " " + e.ExceptionDetails.Exception.Description
	}
	return e.ExceptionDetails.Text
}

func arguments(e *runtime.EventConsoleAPICalled) string {
	var words []string
	for _, a := range e.Args {
		words = append(words, string(a.Value)+a.Description)
	}
	return strings.Join(words, " ")
}

// complaints are errors on the console and violations of the content policy
// since it was asked last.
func (w *wire) complaints() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	said := w.said
	w.said = nil
	return said
}

func (w *wire) last() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.status
}

func (w *wire) progress() (sent int, rest bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.sent, len(w.open) == 0 && len(w.coming) == 0 && !w.loading
}

// glance is how long to look whether something is sent by what need not send.
const glance = 50 * time.Millisecond

// await acts and waits until everything that it caused has come. What leads
// somewhere has to send something.
func (w *wire) await(v *visitor, leads bool, act func()) {
	v.t.Helper()
	before, _ := w.progress()
	act()
	limit := time.Now().Add(glance)
	v.wait(func() bool {
		sent, _ := w.progress()
		return sent > before || !leads && time.Now().After(limit)
	})
	if sent, _ := w.progress(); leads && sent == before {
		v.t.Fatalf("nothing was sent from %s", v.path())
	}
	if !v.wait(func() bool { _, rest := w.progress(); return rest }) {
		v.t.Fatalf("%s does not come to rest", v.path())
	}
}
