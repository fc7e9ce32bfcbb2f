package api_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"chibo/internal/api"
	"chibo/internal/domain/token"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/limit"
	"chibo/internal/testkit"
	"chibo/internal/testkit/visit"
	"chibo/internal/web/page"
)

// program sends requests with a token.
type program struct {
	t      *testing.T
	site   *visit.Site
	secret token.Secret
}

func newProgram(t *testing.T, site *visit.Site, who access.PersonID, writes bool) program {
	t.Helper()
	p := program{t: t, site: site}
	site.K.Update(func(tx *db.Tx) (err error) {
		p.secret, _, err = token.Create(tx, site.Org.As(tx, who), token.New{Owner: who, Name: "thử", Writes: writes, Days: 30})
		return err
	})
	return p
}

// reply is what came back.
type reply struct {
	status int
	header http.Header
	body   map[string]any
	text   string
}

func (p program) send(method, path, body string, header ...string) reply {
	p.t.Helper()
	request, err := http.NewRequestWithContext(p.t.Context(), method, p.site.Base+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	if p.secret != "" {
		request.Header.Set("Authorization", "Bearer "+string(p.secret))
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	r := reply{status: response.StatusCode, header: response.Header, text: string(text)}
	_ = json.Unmarshal(text, &r.body) // what is no JSON has no fields
	return r
}

func (p program) want(r reply, status int, parts ...string) {
	p.t.Helper()
	if r.status != status {
		p.t.Errorf("status %d, want %d: %s", r.status, status, r.text)
	}
	for _, part := range parts {
		if !strings.Contains(r.text, part) {
			p.t.Errorf("the answer lacks %q: %s", part, r.text)
		}
	}
}

func plan(site *visit.Site, place string) string {
	return `{"unit":"` + site.Org.CellA.ID.String() + `","kind":"regular","starts":"2026-12-03T19:00:00+07:00","minutes":120,"day_reason":"mưa lũ","place":"` + place + `"}`
}

const path = "/api/v1/meetings"

// TestARequestThatComesAgain is answered as the first time and does nothing
// more; another one under its key is refused.
func TestARequestThatComesAgain(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		site := visit.On(k, handler)
		p := newProgram(t, site, site.Org.SecretaryA, true)
		first := p.send(http.MethodPost, path, plan(site, "Nhà văn hóa"), "Idempotency-Key", "k1")
		p.want(first, http.StatusCreated)
		if again := p.send(http.MethodPost, path, plan(site, "Nhà văn hóa"), "Idempotency-Key", "k1"); again.text != first.text || again.status != first.status || again.header.Get("ETag") != `"1"` {
			t.Errorf("answered %d %s\nafter %s", again.status, again.text, first.text)
		}
		p.want(p.send(http.MethodPost, path, plan(site, "Trường học"), "Idempotency-Key", "k1"), http.StatusUnprocessableEntity, "Idempotency-Key")
		p.want(p.send(http.MethodPost, path, plan(site, "Nhà văn hóa"), "Idempotency-Key", "k2"), http.StatusConflict, "problem-conflict")
		p.want(newProgram(t, site, site.Org.DeputyA, true).send(http.MethodPost, path, plan(site, "Nhà văn hóa"), "Idempotency-Key", "k1"), http.StatusConflict)
		k.View(func(tx *db.Tx) error {
			kept, err := db.All(tx, db.Column[string], `SELECT answer FROM api_reply`)
			if len(kept) != 1 || strings.Contains(kept[0], "văn hóa") {
				t.Errorf("kept %q", kept)
			}
			return err
		})
		k.SetNow(k.Now().Add(25 * time.Hour))
		k.Update(api.Sweep)
		p.want(p.send(http.MethodPost, path, plan(site, "Nhà văn hóa"), "Idempotency-Key", "k1"), http.StatusConflict)
	})
}

// TestVersions: a change names the version that was read.
func TestVersions(t *testing.T) {
	site := visit.New(t, handler)
	p := newProgram(t, site, site.Org.SecretaryA, true)
	made := p.send(http.MethodPost, path, plan(site, "Nhà văn hóa"))
	id := made.body["id"].(string)
	p.want(p.send(http.MethodPost, path+"/"+id+"/announce", ""), http.StatusPreconditionRequired, "version-needed")
	p.want(p.send(http.MethodPost, path+"/"+id+"/announce", "", "If-Match", `"7"`), http.StatusPreconditionFailed, "problem-stale")
	rehearsed := p.send(http.MethodPost, path+"/"+id+"/announce", "", "If-Match", made.header.Get("ETag"), "Dry-Run", "true")
	p.want(rehearsed, http.StatusOK, `"state":"announced"`)
	p.want(p.send(http.MethodGet, path+"/"+id, ""), http.StatusOK, `"state":"planned"`)
	announced := p.send(http.MethodPost, path+"/"+id+"/announce", "", "If-Match", made.header.Get("ETag"))
	p.want(announced, http.StatusOK)
	if announced.header.Get("ETag") == made.header.Get("ETag") {
		t.Error("the version did not change")
	}
}

// TestProblems: what is wrong is said in words, beside the field.
func TestProblems(t *testing.T) {
	site := visit.New(t, handler)
	p := newProgram(t, site, site.Org.SecretaryA, true)
	reader := newProgram(t, site, site.Org.SecretaryA, false)
	id := site.Org.CellA.ID.String()
	for _, c := range []struct {
		what, method, path, body string
		by                       program
		status                   int
		parts                    []string
	}{
		{"a required field", http.MethodPost, path, `{"unit":"` + id + `","kind":"regular"}`, p, 422, []string{`"field":"starts"`, "chưa điền"}},
		{"an unknown field", http.MethodPost, path, strings.Replace(plan(site, "x"), "{", `{"color":"red",`, 1), p, 422, []string{`"field":"color"`}},
		{"a wrong kind", http.MethodPost, path, strings.Replace(plan(site, "x"), "regular", "party", 1), p, 422, []string{`"field":"kind"`}},
		{"a wrong instant", http.MethodPost, path, strings.Replace(plan(site, "x"), "2026-12-03T19:00:00+07:00", "3/12/2026", 1), p, 422, []string{`"field":"starts"`, "2026-11-21"}},
		{"a malformed id", http.MethodPost, path, strings.Replace(plan(site, "x"), id, "abc", 1), p, 422, []string{`"field":"unit"`}},
		{"what the verb refuses", http.MethodPost, path, plan(site, strings.Repeat("x", 300)), p, 422, []string{`"field":"place"`}},
		{"no JSON", http.MethodPost, path, `{"unit":`, p, 400, []string{"problem-malformed"}},
		{"no body", http.MethodPost, path, "", p, 400, []string{"problem-malformed"}},
		{"too much", http.MethodPost, path, `{"place":"` + strings.Repeat("x", 2<<20) + `"}`, p, 413, []string{"problem-too-large"}},
		{"an unknown parameter", http.MethodGet, path + "?color=red", "", p, 422, []string{`"field":"color"`}},
		{"a broken cursor", http.MethodGet, path + "?after=***", "", p, 422, []string{`"field":"after"`}},
		{"a page too large", http.MethodGet, path + "?limit=201", "", p, 422, []string{`"field":"limit"`}},
		{"an id that names nothing", http.MethodGet, path + "/abc", "", p, 404, []string{"problem-not-found"}},
		{"an address that names nothing", http.MethodGet, "/api/v1/cats", "", p, 404, []string{"problem-not-found"}},
		{"a token that only reads", http.MethodPost, path, plan(site, "x"), reader, 403, []string{"chỉ được đọc"}},
		{"nobody", http.MethodGet, path, "", program{t: t, site: site}, 401, []string{"problem-unauthenticated"}},
		{"a token of nobody", http.MethodGet, path, "", program{t: t, site: site, secret: "chibo_x"}, 401, []string{"problem-unauthenticated"}},
	} {
		t.Run(c.what, func(t *testing.T) {
			c.by.t = t
			r := c.by.send(c.method, c.path, c.body, "X-Request-ID", "the-name")
			c.by.want(r, c.status, append(c.parts, `"request_id":"the-name"`)...)
			if media := r.header.Get("Content-Type"); media != "application/problem+json" {
				t.Errorf("media type %q", media)
			}
		})
	}
	english := p.send(http.MethodPost, path, `{"kind":"regular"}`, "Accept-Language", "en")
	if english.header.Get("Content-Language") != "en" || strings.Contains(english.text, "no such field") {
		t.Errorf("in English: %s", english.text)
	}
	foreign := p.send(http.MethodPost, path, plan(site, "x"), "Sec-Fetch-Site", "cross-site")
	p.want(foreign, http.StatusForbidden, "problem-denied")
}

// TestPages: a list is read page by page, each meeting once.
func TestPages(t *testing.T) {
	w := newWorld(testkit.SQLite(t))
	p := newProgram(t, w.Site, w.SecretaryA, false)
	seen := map[string]bool{}
	next := path + "?limit=2"
	for range 20 {
		r := p.send(http.MethodGet, next, "")
		p.want(r, http.StatusOK)
		for _, m := range r.body["items"].([]any) {
			id := m.(map[string]any)["id"].(string)
			if seen[id] {
				t.Errorf("%s comes twice", id)
			}
			seen[id] = true
		}
		after, more := r.body["next"].(string)
		if !more {
			break
		}
		next = path + "?limit=2&after=" + after
	}
	if len(seen) < 8 {
		t.Errorf("%d meetings, want all of cell A", len(seen))
	}
}

// TestLimits: who asks too much waits, and is told how long.
func TestLimits(t *testing.T) {
	site := visit.New(t, func(s *page.Site) http.Handler {
		return api.Handler(api.Server{DB: s.DB, Files: s.Files, Catalogue: s.Catalogue, Log: s.Log, Rate: limit.Rate{PerMinute: 60, Burst: 2}})
	})
	p := newProgram(t, site, site.Org.SecretaryA, false)
	p.want(p.send(http.MethodGet, path, ""), http.StatusOK)
	r := p.send(http.MethodGet, path, "")
	if p.want(r, http.StatusOK); r.header.Get("RateLimit-Remaining") != "0" || r.header.Get("RateLimit-Limit") != "2" {
		t.Errorf("headers %v", r.header)
	}
	over := p.send(http.MethodGet, path, "")
	if p.want(over, http.StatusTooManyRequests, "problem-too-many"); over.header.Get("Retry-After") != "1" {
		t.Errorf("retry after %q", over.header.Get("Retry-After"))
	}
	p.want(newProgram(t, site, site.Org.DeputyA, false).send(http.MethodGet, path, ""), http.StatusOK)
	site.K.SetNow(site.K.Now().Add(time.Second))
	p.want(p.send(http.MethodGet, path, ""), http.StatusOK)
}

// TestReference: the page shows every operation and needs nothing from elsewhere.
func TestReference(t *testing.T) {
	w := newWorld(testkit.SQLite(t))
	p := program{t: t, site: w.Site}
	shown := p.send(http.MethodGet, "/api", "")
	for _, op := range w.document().operations(t) {
		if !strings.Contains(shown.text, `id="`+op.id+`"`) {
			t.Errorf("%s is not on the page", op.id)
		}
	}
	if strings.Contains(shown.text, "http://") || strings.Contains(shown.text, "https://") || strings.Contains(shown.text, "<script") {
		t.Error("the page fetches from elsewhere, or has a script")
	}
	if policy := shown.header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'") {
		t.Errorf("policy %q", policy)
	}
	p.want(p.send(http.MethodGet, "/api/reference.css", ""), http.StatusOK)
}
