package api

import (
	"crypto/sha256"
	"math"
	"net/http"
	"strconv"
	"time"

	"chibo/internal/platform/errs"
	"chibo/internal/platform/limit"
)

// Rate is how much one caller may ask for where nothing else is set.
var Rate = limit.Rate{PerMinute: 600, Burst: 120}

// limited counts the request against whoever sends it and says what is left.
func (r *request) limited(h http.Header) error {
	caller := r.credential()
	if caller == "" {
		caller = "address " + r.address()
	}
	v := r.server.callers.Take(sha256.Sum256([]byte(caller)))
	h.Set("RateLimit-Limit", strconv.Itoa(v.Limit))
	h.Set("RateLimit-Remaining", strconv.Itoa(v.Remaining))
	h.Set("RateLimit-Reset", seconds(v.Full))
	if v.OK {
		return nil
	}
	h.Set("Retry-After", seconds(v.Wait))
	return errs.New(errs.TooMany, "token.error.too_fast", int(math.Ceil(v.Wait.Seconds())))
}

func seconds(d time.Duration) string { return strconv.Itoa(int(math.Ceil(d.Seconds()))) }
