package static

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func built(t *testing.T) set {
	t.Helper()
	s, err := read(fstest.MapFS{
		"dist/manifest.json":       {Data: []byte(`{"app.css":"app-AAAA2222.css","a.woff2":"a-BBBB3333.woff2"}`)},
		"dist/app-AAAA2222.css":    {Data: []byte("body{}")},
		"dist/app-AAAA2222.css.gz": {Data: []byte("packed")},
		"dist/a-BBBB3333.woff2":    {Data: []byte("font")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAssetsAreServedForEver(t *testing.T) {
	for _, test := range []struct {
		name, path, accept string
		status             int
		body, encoding     string
	}{
		{"packed", "/static/app-AAAA2222.css", "br, gzip", 200, "packed", "gzip"},
		{"plain to who does not take gzip", "/static/app-AAAA2222.css", "", 200, "body{}", ""},
		{"plain to who refuses gzip", "/static/app-AAAA2222.css", "gzip; q=0", 200, "body{}", ""},
		{"a font as it is", "/static/a-BBBB3333.woff2", "gzip", 200, "font", ""},
		{"not by its plain name", "/static/app.css", "gzip", 404, "no such asset\n", ""},
		{"not the manifest", "/static/manifest.json", "gzip", 404, "no such asset\n", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", test.path, nil)
			r.Header.Set("Accept-Encoding", test.accept)
			w := httptest.NewRecorder()
			built(t).ServeHTTP(w, r)
			body, _ := io.ReadAll(w.Body)
			if w.Code != test.status || string(body) != test.body || w.Header().Get("Content-Encoding") != test.encoding {
				t.Errorf("%d %q %q", w.Code, body, w.Header().Get("Content-Encoding"))
			}
			immutable := strings.Contains(w.Header().Get("Cache-Control"), "immutable")
			if immutable != (test.status == 200) {
				t.Errorf("Cache-Control %q", w.Header().Get("Cache-Control"))
			}
		})
	}
}

func TestABrowserThatHasTheAssetIsNotSentItAgain(t *testing.T) {
	r := httptest.NewRequest("GET", "/static/a-BBBB3333.woff2", nil)
	r.Header.Set("If-None-Match", `"a-BBBB3333.woff2"`)
	w := httptest.NewRecorder()
	built(t).ServeHTTP(w, r)
	if w.Code != http.StatusNotModified {
		t.Errorf("status %d", w.Code)
	}
}

func TestWithoutABuildItSaysWhatIsMissing(t *testing.T) {
	s, err := read(fstest.MapFS{"dist/.gitkeep": {}})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("GET", "/static/app.css", nil))
	if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "make assets") {
		t.Errorf("%d %q", w.Code, w.Body)
	}
}

func TestABrokenBuildIsRefused(t *testing.T) {
	for name, files := range map[string]fstest.MapFS{
		"a file that is not there": {"dist/manifest.json": {Data: []byte(`{"app.css":"app-AAAA2222.css"}`)}},
		"an unknown kind":          {"dist/manifest.json": {Data: []byte(`{"x.exe":"x-AAAA2222.exe"}`)}},
		"a torn manifest":          {"dist/manifest.json": {Data: []byte(`{"app.css":`)}},
	} {
		if _, err := read(files); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}
