package spool_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"chibo/internal/platform/spool"
)

// serve starts a server that answers with what write writes, and gives what Serve
// gave back.
func serve(t *testing.T, write func(ctx context.Context, out io.Writer) error) (url string, ended <-chan error) {
	t.Helper()
	failures := make(chan error, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file, err := os.Create(filepath.Join(t.TempDir(), "spool"))
		if err != nil {
			t.Error(err)
			return
		}
		err = spool.Serve(w, r, file, write)
		failures <- err
		switch {
		case errors.Is(err, spool.ErrBroken):
			panic(http.ErrAbortHandler)
		case err != nil:
			http.Error(w, err.Error(), http.StatusTeapot)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, failures
}

var errTorn = errors.New("torn")

func pieces(n int) (whole []byte, write func(context.Context, io.Writer) error) {
	for i := range n {
		whole = append(whole, bytes.Repeat([]byte{byte(i)}, 10_000)...)
	}
	return whole, func(_ context.Context, out io.Writer) error {
		for part := range slices.Chunk(whole, 777) {
			if _, err := out.Write(part); err != nil {
				return err
			}
		}
		return nil
	}
}

func TestWhatIsWrittenIsSent(t *testing.T) {
	for _, n := range []int{0, 1, 6, 7, 27, 500} {
		whole, write := pieces(n)
		url, ended := serve(t, write)
		answer, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(answer.Body)
		if err != nil || !bytes.Equal(got, whole) || answer.StatusCode != http.StatusOK {
			t.Errorf("%d pieces: %d of %d bytes, %v, status %d", n, len(got), len(whole), err, answer.StatusCode)
		}
		if err := <-ended; err != nil {
			t.Errorf("%d pieces: %v", n, err)
		}
	}
}

func TestFailureBeforeAnythingWasSentIsAnswered(t *testing.T) {
	url, ended := serve(t, func(_ context.Context, out io.Writer) error {
		_, _ = out.Write([]byte("the first words"))
		return errTorn
	})
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	if said, _ := io.ReadAll(answer.Body); answer.StatusCode != http.StatusTeapot || string(said) != "torn\n" {
		t.Errorf("status %d, %q", answer.StatusCode, said)
	}
	if err := <-ended; !errors.Is(err, errTorn) || errors.Is(err, spool.ErrBroken) {
		t.Errorf("gave %v", err)
	}
}

func TestFailureInTheMiddleBreaksTheAnswer(t *testing.T) {
	reads := make(chan struct{})
	url, ended := serve(t, func(_ context.Context, out io.Writer) error {
		if _, err := out.Write(make([]byte, 300_000)); err != nil {
			return err
		}
		<-reads
		return errTorn
	})
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	close(reads) // the first bytes have come
	if got, err := io.ReadAll(answer.Body); err == nil {
		t.Errorf("%d bytes look whole", len(got))
	}
	if err := <-ended; !errors.Is(err, errTorn) || !errors.Is(err, spool.ErrBroken) {
		t.Errorf("gave %v", err)
	}
}

// TestWriterDoesNotWaitForTheReader: all is written while nobody reads.
func TestWriterDoesNotWaitForTheReader(t *testing.T) {
	const size = 32 << 20 // more than all buffers on the way
	written := make(chan struct{})
	url, ended := serve(t, func(_ context.Context, out io.Writer) error {
		defer close(written)
		for range size >> 20 {
			if _, err := out.Write(make([]byte, 1<<20)); err != nil {
				return err
			}
		}
		return nil
	})
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	<-written
	if n, err := io.Copy(io.Discard, answer.Body); err != nil || n != size {
		t.Errorf("%d bytes, %v", n, err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestReaderWhoLeavesEndsTheWriting: the writer learns it by its context.
func TestReaderWhoLeavesEndsTheWriting(t *testing.T) {
	url, ended := serve(t, func(ctx context.Context, out io.Writer) error {
		if _, err := out.Write(make([]byte, 300_000)); err != nil {
			return err
		}
		<-ctx.Done()
		return ctx.Err()
	})
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if err := <-ended; !errors.Is(err, context.Canceled) || !errors.Is(err, spool.ErrBroken) {
		t.Errorf("gave %v", err)
	}
}

// stalled is a connection that takes no more bytes after the first, and minds its
// deadline.
type stalled struct {
	http.ResponseWriter
	taken    bool
	deadline time.Time
}

func (s *stalled) SetWriteDeadline(at time.Time) error {
	s.deadline = at
	return nil
}

func (s *stalled) Write(p []byte) (int, error) {
	if s.deadline.IsZero() {
		return 0, errors.New("it would wait for ever")
	}
	if s.taken {
		return 0, os.ErrDeadlineExceeded
	}
	s.taken = true
	return len(p), nil
}

// TestEachPieceHasItsTime: a connection that stands still ends the answer, one
// that goes on has as long as it takes.
func TestEachPieceHasItsTime(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "spool"))
	if err != nil {
		t.Fatal(err)
	}
	w := &stalled{ResponseWriter: httptest.NewRecorder()}
	err = spool.Serve(w, httptest.NewRequest(http.MethodGet, "/", nil), file, func(ctx context.Context, out io.Writer) error {
		for {
			if _, err := out.Write(make([]byte, 100_000)); err != nil || ctx.Err() != nil {
				return ctx.Err()
			}
		}
	})
	if !errors.Is(err, os.ErrDeadlineExceeded) || !errors.Is(err, spool.ErrBroken) {
		t.Errorf("gave %v", err)
	}
}

func TestPanicGoesOn(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "spool"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if recover() != "lost" {
			t.Error("the panic was lost")
		}
	}()
	_ = spool.Serve(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil), file, func(context.Context, io.Writer) error { panic("lost") })
}
