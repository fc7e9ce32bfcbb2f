package outward

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"chibo/internal/platform/job"
)

func TestWhichAnswersAreTriedAgain(t *testing.T) {
	for status, want := range map[int]struct{ fails, final bool }{
		200: {false, false}, 204: {false, false},
		301: {true, true}, 400: {true, true}, 401: {true, true}, 404: {true, true}, 410: {true, true}, 413: {true, true},
		408: {true, false}, 425: {true, false}, 429: {true, false}, 500: {true, false}, 503: {true, false},
	} {
		err := Judge(&http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(""))})
		if (err != nil) != want.fails || job.IsFinal(err) != want.final {
			t.Errorf("%d: %v", status, err)
		}
		if got := Status(0); err != nil && (!errors.As(err, &got) || int(got) != status) {
			t.Errorf("%d is told as %v", status, err)
		}
	}
}
