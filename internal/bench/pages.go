package bench

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"time"

	"chibo/internal/domain/account"
)

const visits = 200

// pages asks for the pages of a secretary, one after another, and weighs what
// a browser that was never here must load for the first of them.
func pages(ctx context.Context, s Setting, r *Result) error {
	cells, err := s.fill(ctx, size{cells: 27, members: 30})
	if err != nil {
		return err
	}
	sv, _, err := s.start(ctx)
	if err != nil {
		return err
	}
	c := cells[0]
	for name, path := range map[string]string{
		"desk":    "/",
		"members": "/members",
		"meeting": "/meetings/" + c.meeting.String(),
		"room":    "/meetings/" + c.meeting.String() + "/room",
	} {
		took, err := sv.visit(c.token, path)
		if err != nil {
			return err
		}
		r.most(name+"_ms_p50", milliseconds(took), 5)
	}
	weight, err := sv.firstLoad(c.token, "/meetings/"+c.meeting.String()+"/room")
	if err != nil {
		return err
	}
	r.most("first_load_kb", float64(weight)/1024, 60)
	return sv.stop()
}

// visit is the median time of the page, transfer over loopback included.
func (s *server) visit(as account.Token, path string) (time.Duration, error) {
	var took []time.Duration
	for range visits {
		began := time.Now()
		if _, _, err := s.get(as, path); err != nil {
			return 0, err
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return took[len(took)/2], nil
}

// get asks as a browser does and gives the content and its weight on the wire.
func (s *server) get(as account.Token, path string) (content []byte, weight int, err error) {
	request, err := http.NewRequest("GET", s.url+path, nil)
	if err != nil {
		return nil, 0, err
	}
	request.Header.Set("Accept-Encoding", "gzip")
	request.AddCookie(&http.Cookie{Name: "chibo", Value: string(as)})
	answer, err := s.client.Do(request)
	if err != nil {
		return nil, 0, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, 0, fmt.Errorf("%s was answered with %s", path, answer.Status)
	}
	wire := &counter{Reader: answer.Body}
	var body io.Reader = wire
	if answer.Header.Get("Content-Encoding") == "gzip" {
		if body, err = gzip.NewReader(wire); err != nil {
			return nil, 0, err
		}
	}
	content, err = io.ReadAll(body)
	return content, wire.n, err
}

// counter counts what is read through it.
type counter struct {
	io.Reader
	n int
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += n
	return n, err
}

// asset finds the style sheets, scripts and fonts that a page names itself.
var asset = regexp.MustCompile(`(?:href|src)="(/static/[^"]+)"`)

// firstLoad is the weight of a page and of everything it names.
func (s *server) firstLoad(as account.Token, path string) (int, error) {
	page, total, err := s.get(as, path)
	if err != nil {
		return 0, err
	}
	seen := map[string]bool{}
	for _, match := range asset.FindAllSubmatch(page, -1) {
		name := string(match[1])
		if seen[name] {
			continue
		}
		seen[name] = true
		_, weight, err := s.get(as, name)
		if err != nil {
			return 0, err
		}
		total += weight
	}
	return total, nil
}
