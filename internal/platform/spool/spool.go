// Package spool answers requests with what is written while they wait: at the
// pace of the disk by whoever writes, at the pace of the network to whoever
// reads, and through a file, so that no memory is taken and neither waits for the
// other.
//
// It knows bytes and connections, and nothing of what is in them.
package spool

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"
)

// ErrBroken: the answer ended in its middle. Whoever serves the request panics
// with http.ErrAbortHandler, once the failure is in the log: the connection then
// breaks, and what was sent does not look whole.
var ErrBroken = errors.New("the answer ended in its middle")

const (
	// held is how much is written before the first byte is sent: a failure until
	// then can still be answered as one.
	held = 64 << 10
	// chunk is sent at a time, patience is how long the network may take for it.
	// There is no limit to the time that the whole answer takes.
	chunk    = 256 << 10
	patience = time.Minute
)

// Serve answers with what write writes. The file is empty and nobody else's; it
// is closed. The context of write ends when the reader leaves, or takes nothing
// for a minute. A failure of write is given back: as it is while nothing was sent,
// otherwise with ErrBroken, and so is a reader who left.
func Serve(w http.ResponseWriter, r *http.Request, file *os.File, write func(ctx context.Context, out io.Writer) error) error {
	defer file.Close()
	ctx, leave := context.WithCancel(r.Context())
	defer leave()
	s := newSpool(file)
	sent := make(chan error, 1)
	go func() {
		err := s.send(w)
		if err != nil {
			leave()
		}
		sent <- err
	}()
	failure, left := s.fill(ctx, write, sent)
	if left != nil && (failure == nil || errors.Is(failure, context.Canceled)) {
		failure = left
	}
	if s.begun && failure != nil {
		return fmt.Errorf("%w: %w", ErrBroken, failure)
	}
	return failure
}

// spool is a file that one goroutine writes and another reads behind it.
type spool struct {
	file  *os.File
	begun bool // something was sent; for the sender, until it has ended

	mu    sync.Mutex
	more  *sync.Cond
	size  int64
	ended bool
	whole bool
}

func newSpool(file *os.File) *spool {
	s := &spool{file: file}
	s.more = sync.NewCond(&s.mu)
	return s
}

// Write puts bytes behind those that are there.
func (s *spool) Write(p []byte) (int, error) {
	n, err := s.file.WriteAt(p, s.size)
	s.mu.Lock()
	s.size += int64(n)
	s.mu.Unlock()
	s.more.Signal()
	return n, err
}

// fill has the bytes written, and the sender come to its end, also when write
// panics.
func (s *spool) fill(ctx context.Context, write func(context.Context, io.Writer) error, sent <-chan error) (failure, left error) {
	whole := false
	defer func() {
		s.mu.Lock()
		s.ended, s.whole = true, whole
		s.mu.Unlock()
		s.more.Signal()
		left = <-sent
	}()
	out := bufio.NewWriterSize(s, held)
	if failure = write(ctx, out); failure == nil {
		failure = out.Flush()
	}
	whole = failure == nil
	return failure, nil
}

// next waits until there are so many bytes, or all.
func (s *spool) next(least int64) (size int64, ended, whole bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.size < least && !s.ended {
		s.more.Wait()
	}
	return s.size, s.ended, s.whole
}

// send hands on what is there, as it comes. What has failed before anything was
// sent is left to the caller.
func (s *spool) send(w http.ResponseWriter) error {
	size, ended, whole := s.next(held)
	if ended && !whole {
		return nil
	}
	s.begun = true
	if ended {
		w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	}
	line := http.NewResponseController(w)
	buf := make([]byte, chunk)
	for at := int64(0); ; {
		n := min(size-at, chunk)
		if _, err := s.file.ReadAt(buf[:n], at); err != nil {
			return err
		}
		if err := hurried(line, w, buf[:n]); err != nil {
			return err
		}
		at += n
		if size, ended, whole = s.next(at + 1); ended && (at == size || !whole) {
			return nil
		}
	}
}

// hurried sends bytes to somebody who takes them before long.
func hurried(line *http.ResponseController, w io.Writer, p []byte) error {
	if err := line.SetWriteDeadline(time.Now().Add(patience)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if _, err := w.Write(p); err != nil {
		return err
	}
	if err := line.SetWriteDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return nil
}
