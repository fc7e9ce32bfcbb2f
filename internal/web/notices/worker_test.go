package notices_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"chibo/internal/testkit/browser"
	"chibo/internal/web/static"
)

// TestTheWorkerShowsWhatIsPushed hands the service worker a note as the browser
// does when one comes, and reads what it shows.
func TestTheWorkerShowsWhatIsPushed(t *testing.T) {
	b := browser.Start(t)
	mux := http.NewServeMux()
	mux.Handle("GET /worker.js", static.Fixed("worker.js"))
	mux.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<!DOCTYPE html><title>x</title>"))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	base := server.URL
	b.AllowNotes(base)
	b.Open(browser.Screens[0], base+"/")
	b.Run(`navigator.serviceWorker.register("/worker.js")`)
	if !b.Await(`navigator.serviceWorker.controller`) {
		t.Fatal("the worker does not begin")
	}
	// The browser may lose a note that comes while the worker is just beginning,
	// as it may lose any; the same note again shows once.
	var shown []string
	for try := 0; try < 20 && len(shown) == 0; try++ {
		b.Push(base, `{"title":"Mời họp","body":"Chi bộ thôn Đông · 19:30","link":"/notices/1","tag":"letter-1"}`)
		b.Push(base, `{"title":"Mời họp","body":"Chi bộ thôn Đông · 19:30","link":"/notices/1","tag":"letter-1"}`)
		shown = browser.Read[[]string](b, `navigator.serviceWorker.ready.then(async w => {
			await new Promise(r => setTimeout(r, 250));
			return (await w.getNotifications()).map(n => [n.title, n.body, n.tag, n.data].join("|"));
		})`)
	}
	if len(shown) != 1 || shown[0] != "Mời họp|Chi bộ thôn Đông · 19:30|letter-1|/notices/1" {
		t.Errorf("shown: %q", shown)
	}
}
