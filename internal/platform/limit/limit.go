// Package limit bounds how often somebody may ask: a bucket for each, which
// every request takes from and which fills at a steady pace.
//
// It lives in memory: with several processes each counts for itself, and a start
// forgives. It knows neither who asks nor what for.
package limit

import (
	"math"
	"sync"
	"time"

	"chibo/internal/platform/clock"
)

// Rate is how much a bucket holds and how fast it fills.
type Rate struct {
	// PerMinute flows in, Burst is what can be taken at once.
	PerMinute, Burst int
}

// Buckets hold one bucket for each key.
type Buckets[K comparable] struct {
	rate Rate
	now  clock.Now

	mu   sync.Mutex
	used map[K]bucket
	most int // how many there may be before full ones are dropped
}

// bucket is what was left at a time. One that is not kept is full.
type bucket struct {
	left float64
	at   time.Time
}

// New are full buckets. A rate that lets nothing through lets everything
// through: zero is no limit.
func New[K comparable](rate Rate, now clock.Now) *Buckets[K] {
	return &Buckets[K]{rate: rate, now: now, used: map[K]bucket{}, most: fewest}
}

// fewest buckets are kept without looking whether they have filled.
const fewest = 1024

// Verdict is what came of a request, as the headers of an answer say it.
type Verdict struct {
	OK bool
	// Limit is how much can be taken at once, Remaining what is left.
	Limit, Remaining int
	// Full is how long it takes until the bucket is full again, Wait until the
	// next request is let through; zero if it would be now.
	Full, Wait time.Duration
}

// Take takes one from the bucket of the key, if there is one left.
func (b *Buckets[K]) Take(key K) Verdict {
	if b.rate.PerMinute <= 0 || b.rate.Burst <= 0 {
		return Verdict{OK: true}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	have := b.level(key, now)
	ok := have >= 1
	if ok {
		have--
	}
	b.used[key] = bucket{have, now}
	b.tidy(now)
	return Verdict{
		OK: ok, Limit: b.rate.Burst, Remaining: int(have),
		Full: b.until(float64(b.rate.Burst) - have), Wait: b.until(1 - have),
	}
}

// level is what the bucket holds now. A clock that was set back fills nothing.
func (b *Buckets[K]) level(key K, now time.Time) float64 {
	full := float64(b.rate.Burst)
	was, known := b.used[key]
	if !known {
		return full
	}
	return min(full, was.left+max(0, now.Sub(was.at).Minutes())*float64(b.rate.PerMinute))
}

// until is how long it takes for so much to flow in.
func (b *Buckets[K]) until(missing float64) time.Duration {
	return time.Duration(math.Ceil(max(0, missing) / float64(b.rate.PerMinute) * float64(time.Minute)))
}

// tidy drops buckets that are full again whenever there are twice as many as
// were left the last time, so that dropping costs little for each request.
func (b *Buckets[K]) tidy(now time.Time) {
	if len(b.used) < b.most {
		return
	}
	for key := range b.used {
		if b.level(key, now) >= float64(b.rate.Burst) {
			delete(b.used, key)
		}
	}
	b.most = max(fewest, 2*len(b.used))
}
