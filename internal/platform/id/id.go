// Package id makes numbers that name things: unique without a central counter,
// growing with time, and typed by what they name.
package id

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	random "math/rand/v2"
	"sync"
	"time"
)

// Of names one T. It is a positive 63-bit number: 41 bits of milliseconds
// since 2025, 10 bits of the process, 12 bits of a sequence.
type Of[T any] int64

var epoch = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()

var alphabet = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

type source struct {
	sync.Mutex
	node, last, seq int64
}

var shared = sync.OnceValue(func() *source {
	var b [2]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err)
	}
	return &source{node: int64(binary.BigEndian.Uint16(b[:]) & 0x3ff)}
})

// next never goes back, even if the machine's clock does: it borrows from the
// coming millisecond when a sequence is used up.
func (s *source) next(ms int64) int64 {
	s.Lock()
	defer s.Unlock()
	if ms > s.last {
		// Two processes that drew the same number must meet on this one too, in
		// the same millisecond, to make the same id.
		s.last, s.seq = ms, random.Int64N(1<<11)
	} else if s.seq++; s.seq == 1<<12 {
		s.last, s.seq = s.last+1, 0
	}
	return s.last<<22 | s.node<<12 | s.seq
}

// New makes a fresh id.
func New[T any]() Of[T] { return Of[T](shared().next(time.Now().UnixMilli() - epoch)) }

// Parse reads what String wrote.
func Parse[T any](s string) (Of[T], error) {
	raw, err := alphabet.DecodeString(s)
	if err != nil || len(raw) != 8 {
		return 0, fmt.Errorf("id %q is malformed", s)
	}
	n := int64(binary.BigEndian.Uint64(raw))
	if n <= 0 {
		return 0, fmt.Errorf("id %q is out of range", s)
	}
	// The decoder lets line ends and a stray last bit pass; one thing has one
	// name.
	if i := Of[T](n); i.String() == s {
		return i, nil
	}
	return 0, fmt.Errorf("id %q is malformed", s)
}

// String is 13 letters and digits, sorted as the numbers are; "" for no id.
func (i Of[T]) String() string {
	if i == 0 {
		return ""
	}
	var raw [8]byte
	binary.BigEndian.PutUint64(raw[:], uint64(i))
	return alphabet.EncodeToString(raw[:])
}

func (i Of[T]) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

func (i *Of[T]) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*i = 0
		return nil
	}
	parsed, err := Parse[T](string(text))
	if err == nil {
		*i = parsed
	}
	return err
}

// Null reports "no id", which is stored as NULL.
func (i Of[T]) Null() bool { return i == 0 }

// Scan reads a stored id; NULL is no id.
func (i *Of[T]) Scan(stored any) error {
	switch v := stored.(type) {
	case nil:
		*i = 0
	case int64:
		i.ScanNumber(v)
	default:
		return fmt.Errorf("id from %T", stored)
	}
	return nil
}

// ScanNumber is Scan of what is not NULL.
func (i *Of[T]) ScanNumber(stored int64) { *i = Of[T](stored) }
