// Package blob keeps files on disk under the hash of their bytes, and lets in
// only kinds of files that are safe to hand to others.
//
// It knows bytes and names of files, not the records that they belong to; that
// is kernel/attachment.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"

	"chibo/internal/platform/errs"
)

// Store is a folder of files. Files lie two folders deep, by the first four
// digits of their hash, so that no folder grows large.
type Store struct {
	dir string
	// publishing keeps a sweep from removing what a Put of the same bytes finds.
	publishing sync.Mutex
	// decoding bounds the memory of pictures: one at a time.
	decoding chan struct{}
}

// File is what Put took.
type File struct {
	Name  string
	Media string
	Hash  string
	Size  int64
}

const incoming = "incoming"

// NewStore opens the folder, and makes it if need be. A folder that cannot be
// written is errs.Unavailable.
func NewStore(dir string) (*Store, error) {
	if err := os.MkdirAll(filepath.Join(dir, incoming), 0o700); err != nil {
		return nil, classify(err)
	}
	return &Store{dir: dir, decoding: make(chan struct{}, 1)}, nil
}

// Named is the name under which Put takes a file: a table with commas is a text
// to the store.
func Named(given string) string {
	if strings.EqualFold(filepath.Ext(given), ".csv") {
		return given + ".txt"
	}
	return given
}

// Put takes a file of at most limit bytes and returns once it is durable. What
// is taken may differ from what was sent: pictures lose what says where and
// with what they were taken. A name or content that is not allowed is
// errs.Invalid on the field "file", more bytes than limit errs.TooLarge, a
// disk that takes no more errs.Unavailable.
func (s *Store) Put(name string, r io.Reader, limit int64) (File, error) {
	name, err := Name(name)
	if err != nil {
		return File{}, err
	}
	sent, err := s.receive(r, limit)
	if err != nil {
		return File{}, err
	}
	defer discard(sent)
	media, err := Sniff(name, sent)
	if err != nil {
		return File{}, err
	}
	kept := sent
	if isPicture(media) {
		if kept, err = s.redraw(media, sent); err != nil {
			return File{}, err
		}
		defer discard(kept)
	}
	return s.keep(File{Name: name, Media: media}, kept)
}

// receive writes what was sent to a temporary file.
func (s *Store) receive(r io.Reader, limit int64) (*os.File, error) {
	f, err := os.CreateTemp(filepath.Join(s.dir, incoming), "put-*")
	if err != nil {
		return nil, classify(err)
	}
	n, err := io.Copy(f, io.LimitReader(r, limit+1))
	switch {
	case err != nil:
		err = classify(err)
	case n > limit:
		err = errs.New(errs.TooLarge, "errs.file_too_large", limit>>20)
	case n == 0:
		err = errs.Field("file", "errs.file_empty")
	}
	if err != nil {
		discard(f)
		return nil, err
	}
	return f, nil
}

// Keep takes back a file that a store once kept, under the same hash. Bytes
// that have another hash are errs.Invalid.
func (s *Store) Keep(hash string, r io.Reader) error {
	f, err := s.receive(r, math.MaxInt64-1)
	if err != nil {
		return err
	}
	defer discard(f)
	found, _, err := digest(f)
	if err != nil {
		return classify(err)
	}
	if found != hash {
		return errs.Wrap(fmt.Errorf("the bytes of file %s have the hash %s", hash, found), errs.Invalid, "errs.file_damaged")
	}
	_, err = s.keep(File{}, f)
	return err
}

// Scratch is an empty file beside those that are stored, for what passes through.
// It has no name where the system allows that, and is gone with its closing;
// elsewhere it is swept. A disk that takes no more is errs.Unavailable.
func (s *Store) Scratch() (*os.File, error) {
	f, err := os.CreateTemp(filepath.Join(s.dir, incoming), "scratch-*")
	if err != nil {
		return nil, classify(err)
	}
	_ = os.Remove(f.Name())
	return f, nil
}

// discard removes a temporary file. That it was moved to its place is not an
// error, and one that stays is swept.
func discard(f *os.File) {
	_ = f.Close()
	_ = os.Remove(f.Name())
}

// keep moves the temporary file to the place that its hash names.
func (s *Store) keep(file File, f *os.File) (File, error) {
	hash, size, err := digest(f)
	if err != nil {
		return File{}, classify(err)
	}
	file.Hash, file.Size = hash, size
	if err := f.Sync(); err != nil {
		return File{}, classify(err)
	}
	return file, classify(s.publish(f.Name(), hash))
}

func digest(f *os.File) (hash string, size int64, err error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", 0, err
	}
	sum := sha256.New()
	size, err = io.Copy(sum, f)
	return hex.EncodeToString(sum.Sum(nil)), size, err
}

// publish makes the file visible under its hash, whole or not at all. The same
// bytes that lie there already are replaced by the new file, whose age begins
// now, so that no sweep takes it before the record that it is for is saved.
func (s *Store) publish(temporary, hash string) error {
	s.publishing.Lock()
	defer s.publishing.Unlock()
	place := s.place(hash)
	folder := filepath.Dir(place)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	if err := os.Rename(temporary, place); err != nil {
		return err
	}
	return syncFolders(folder, filepath.Dir(folder), s.dir)
}

func syncFolders(folders ...string) error {
	for _, folder := range folders {
		f, err := os.Open(folder)
		if err != nil {
			return err
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) place(hash string) string {
	return filepath.Join(s.dir, hash[:2], hash[2:4], hash)
}

var hashForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Open gives the file with the hash for reading; the caller closes it. A file
// that is not there is errs.NotFound.
func (s *Store) Open(hash string) (*os.File, error) {
	if !hashForm.MatchString(hash) {
		return nil, errs.New(errs.NotFound, "errs.file_missing")
	}
	f, err := os.Open(s.place(hash))
	return f, classify(err)
}

// Check reads every file, calls fn with each hash, and with what is wrong if
// the bytes are no longer those that the name says.
func (s *Store) Check(ctx context.Context, fn func(hash string, damage error) error) error {
	return s.walk(ctx, func(path string, _ fs.FileInfo) error {
		name := filepath.Base(path)
		f, err := os.Open(path)
		if err != nil {
			return fn(name, err)
		}
		hash, _, err := digest(f)
		_ = f.Close()
		if err == nil && hash != name {
			err = fmt.Errorf("the bytes of file %s have the hash %s", name, hash)
		}
		return fn(name, err)
	})
}

const (
	sweepAge   = 24 * time.Hour
	sweepBatch = 200
)

// Sweep removes files that held does not name and says how many. It leaves
// those of the last day: the record that they are for may not be saved yet.
func (s *Store) Sweep(ctx context.Context, now time.Time, held func(hashes []string) (map[string]bool, error)) (int, error) {
	removed := 0
	var batch []string
	flush := func() error {
		keep, err := held(batch)
		if err != nil {
			return err
		}
		for _, hash := range batch {
			if keep[hash] {
				continue
			}
			gone, err := s.remove(hash, now)
			if err != nil {
				return err
			}
			if gone {
				removed++
			}
		}
		batch = batch[:0]
		return nil
	}
	err := s.walk(ctx, func(path string, info fs.FileInfo) error {
		if now.Sub(info.ModTime()) < sweepAge {
			return nil
		}
		batch = append(batch, filepath.Base(path))
		if len(batch) < sweepBatch {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	return removed, errors.Join(err, s.sweepIncoming(now))
}

// remove deletes the file, unless it was put again meanwhile.
func (s *Store) remove(hash string, now time.Time) (bool, error) {
	s.publishing.Lock()
	defer s.publishing.Unlock()
	place := s.place(hash)
	info, err := os.Stat(place)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil || now.Sub(info.ModTime()) < sweepAge {
		return false, classify(err)
	}
	return true, classify(os.Remove(place))
}

// sweepIncoming removes what a process left behind that died during a Put.
func (s *Store) sweepIncoming(now time.Time) error {
	folder := filepath.Join(s.dir, incoming)
	left, err := os.ReadDir(folder)
	if err != nil {
		return classify(err)
	}
	for _, entry := range left {
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) || err == nil && now.Sub(info.ModTime()) < sweepAge {
			continue
		}
		if err == nil {
			err = os.Remove(filepath.Join(folder, entry.Name()))
		}
		if err != nil {
			return classify(err)
		}
	}
	return nil
}

// walk calls fn with every file of the store, in the order of their hashes.
func (s *Store) walk(ctx context.Context, fn func(path string, info fs.FileInfo) error) error {
	return classify(filepath.WalkDir(s.dir, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case entry.IsDir() && entry.Name() == incoming:
			return filepath.SkipDir
		case entry.IsDir() || !hashForm.MatchString(entry.Name()):
			return nil
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		return fn(path, info)
	}))
}

// classify gives an error of the file system its kind.
func classify(err error) error {
	if _, classified := errs.As(err); classified {
		return err
	}
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return errs.Wrap(err, errs.Unavailable, "errs.disk_full")
	case errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrPermission):
		return errs.Wrap(err, errs.Unavailable, "errs.read_only")
	case errors.Is(err, fs.ErrNotExist):
		return errs.Wrap(err, errs.NotFound, "errs.file_missing")
	}
	return err
}
