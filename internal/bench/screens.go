package bench

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"time"

	"chibo/internal/domain/account"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/blob"
	"chibo/internal/platform/db"
	"chibo/internal/platform/id"
	"chibo/internal/web"
	"chibo/internal/web/page"
	"chibo/locales"
)

// rendered is the program's own handler of pages on the database. Whoever's id
// stands in the cookie is taken to have signed in, so that no session is written.
func (s Setting) rendered(d *db.DB) (http.Handler, error) {
	catalogue, err := locales.Load()
	if err != nil {
		return nil, err
	}
	files, err := blob.NewStore(filepath.Join(s.Folder, "files"))
	if err != nil {
		return nil, err
	}
	return web.Handler(&page.Site{
		DB: d, Files: files, Catalogue: catalogue, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Enter: named,
	}), nil
}

// named is the person of the id with the roles of today. Their session was seen
// later than now, so that nobody writes when it was seen last.
func named(tx *db.Tx, token account.Token) (access.Actor, account.Session, error) {
	person, err := id.Parse[access.Person](string(token))
	if err != nil {
		return access.Actor{}, account.Session{}, err
	}
	by, err := access.Act(tx, person)
	return by, account.Session{Person: person, Started: tx.Now, Seen: tx.Now.Add(time.Hour), How: account.ByPassword}, err
}

// pages are the same questions as pages: those that open by a click on the
// navigation, and a name that somebody seeks.
func (p *public) pages(screens http.Handler) []question {
	show := func(name string, path func(who asker, die *rand.Rand) string) question {
		return question{name + "_page", 50, func(ctx context.Context, who asker, die *rand.Rand) (answer, error) {
			return visited(ctx, screens, who, path(who, die))
		}}
	}
	list := func(name, path string) question {
		return show(name, func(who asker, _ *rand.Rand) string { return path + who.at.ID.String() })
	}
	return []question{
		list("overview", "/overview/"),
		show("desk", func(asker, *rand.Rand) string { return "/" }),
		list("members", "/members?unit="),
		list("unit", "/units/"),
		show("units", func(asker, *rand.Rand) string { return "/units" }),
		list("meetings", "/meetings?unit="),
		list("tasks", "/tasks?view=cell&unit="),
		list("resolutions", "/resolutions?unit="),
		show("whole_name", func(who asker, die *rand.Rand) string {
			name := p.names.whole[die.IntN(len(p.names.whole))]
			return "/members?" + url.Values{"unit": {who.at.ID.String()}, "q": {name}}.Encode()
		}),
	}
}

// visited is a page as somebody's browser asks for it, packed as it goes over the
// wire.
func visited(ctx context.Context, screens http.Handler, who asker, path string) (answer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, path, nil)
	if err != nil {
		return answer{}, err
	}
	request.Header.Set("Accept-Encoding", "gzip")
	request.AddCookie(&http.Cookie{Name: "chibo", Value: who.person.String()})
	request.AddCookie(&http.Cookie{Name: "unit", Value: who.at.ID.String()}) // for which they work
	seen := &screen{header: http.Header{}, status: http.StatusOK}
	began := time.Now()
	screens.ServeHTTP(seen, request)
	a := answer{took: time.Since(began), wire: seen.body.Len()}
	if seen.status != http.StatusOK {
		return a, fmt.Errorf("%s was answered with %d", path, seen.status)
	}
	a.page, err = seen.unpacked()
	return a, err
}

// screen is where a page arrives.
type screen struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (s *screen) Header() http.Header         { return s.header }
func (s *screen) WriteHeader(status int)      { s.status = status }
func (s *screen) Write(p []byte) (int, error) { return s.body.Write(p) }

// unpacked is how many bytes the page has for the browser that shows it.
func (s *screen) unpacked() (int, error) {
	if s.header.Get("Content-Encoding") != "gzip" {
		return s.body.Len(), nil
	}
	from, err := gzip.NewReader(&s.body)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(io.Discard, from)
	return int(n), err
}
