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
	for range 2 { // the second is the first once more
		b.Push(base, `{"title":"Mời họp","body":"Chi bộ thôn Đông · 19:30","link":"/notices/1","tag":"letter-1"}`)
	}
	shown := browser.Read[[]string](b, `navigator.serviceWorker.ready.then(async w => {
		for (let i = 0; i < 50; i++) {
			const list = await w.getNotifications();
			if (list.length) return list.map(n => [n.title, n.body, n.tag, n.data].join("|"));
			await new Promise(r => setTimeout(r, 50));
		}
		return [];
	})`)
	if len(shown) != 1 || shown[0] != "Mời họp|Chi bộ thôn Đông · 19:30|letter-1|/notices/1" {
		t.Errorf("shown: %q", shown)
	}
}
