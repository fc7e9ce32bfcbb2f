package page_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzhttp"

	"chibo/internal/platform/errs"
	"chibo/internal/testkit/visit"
	"chibo/internal/web/page"
)

// TestStreamedFile: what is written comes whole and as a file, a failure before
// anything was sent is a page, and one in the middle breaks the answer, also where
// it is compressed on its way.
func TestStreamedFile(t *testing.T) {
	long := strings.Repeat("Nguyễn Thị Ngọc Ánh;", 20_000)
	asked := func(r *page.Request) (page.Answer, error) {
		what := r.PathValue("what")
		return r.Stream("đảng viên.csv", "text/csv; charset=utf-8", func(_ context.Context, out io.Writer) error {
			if what == "refused" {
				return errs.New(errs.Denied, "errs.denied")
			}
			if what == "torn" {
				for range 20 {
					if _, err := io.WriteString(out, long); err != nil {
						return err
					}
				}
				return errors.New("the database went away")
			}
			_, err := io.WriteString(out, long)
			return err
		}), nil
	}
	routes := visit.Routes(page.Show("/stream/{what}", asked))
	for name, handler := range map[string]func(*page.Site) http.Handler{
		"plain":      routes,
		"compressed": func(s *page.Site) http.Handler { return gzhttp.GzipHandler(routes(s)) },
	} {
		t.Run(name, func(t *testing.T) {
			s := visit.New(t, handler)
			v := s.As(s.Org.MemberA)
			get := func(what string) (*http.Response, string, error) {
				answer, err := v.Client.Get(s.Base + "/stream/" + what)
				if err != nil { // broken before the compressed head of it went out
					return &http.Response{}, "", err
				}
				defer answer.Body.Close()
				body, err := io.ReadAll(answer.Body)
				return answer, string(body), err
			}
			answer, body, err := get("whole")
			if err != nil || body != long || !strings.Contains(answer.Header.Get("Content-Disposition"), "attachment") {
				t.Errorf("%d of %d bytes as %q, %v", len(body), len(long), answer.Header, err)
			}
			// A failure that is quicker than the first byte may be a page too.
			if answer, body, err = get("torn"); err == nil && answer.StatusCode == http.StatusOK {
				t.Errorf("%d bytes look whole", len(body))
			}
			answer, body, err = get("refused")
			if err != nil || answer.StatusCode != http.StatusForbidden || answer.Header.Get("Content-Disposition") != "" || !strings.Contains(body, "<html") {
				t.Errorf("status %d, %q, %v", answer.StatusCode, fmt.Sprint(answer.Header), err)
			}
		})
	}
}
