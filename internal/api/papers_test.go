package api_test

import (
	"net/http"
	"strings"
	"testing"

	"chibo/internal/testkit"
)

// TestPapersAreFiles: each format comes with its media type, its beginning and
// a name.
func TestPapersAreFiles(t *testing.T) {
	w := newWorld(testkit.SQLite(t))
	p := newProgram(t, w.Site, w.SecretaryA, false)
	at := "/api/v1/meetings/" + w.recorded.String() + "/papers/minutes"
	for _, c := range []struct{ query, media, begin, name string }{
		{"", "application/pdf", "%PDF", ".pdf"},
		{"?format=pdf", "application/pdf", "%PDF", ".pdf"},
		{"?format=docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "PK", ".docx"},
	} {
		r := p.send(http.MethodGet, at+c.query, "")
		p.want(r, http.StatusOK)
		if r.header.Get("Content-Type") != c.media || !strings.HasPrefix(r.text, c.begin) || !strings.Contains(r.header.Get("Content-Disposition"), c.name) {
			t.Errorf("%s: %s, %q, begins %q", c.query, r.header.Get("Content-Type"), r.header.Get("Content-Disposition"), r.text[:min(10, len(r.text))])
		}
	}
	p.want(p.send(http.MethodGet, at+"?format=html", ""), http.StatusUnprocessableEntity, `"field":"format"`)
	p.want(p.send(http.MethodGet, "/api/v1/meetings/"+w.planned.String()+"/papers/minutes", ""), http.StatusNotFound, "problem-not-found")
}
