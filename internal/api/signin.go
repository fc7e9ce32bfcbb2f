package api

import (
	"context"
	"net/http"
	"strings"

	"chibo/internal/domain/account"
	"chibo/internal/domain/token"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

const (
	sessionCookie = "chibo"
	bearer        = "Bearer "
)

// enter finds out who asks, with the rights of this very moment.
func (r *request) enter(tx *db.Tx) (call, error) {
	if sent, ok := strings.CutPrefix(r.Header.Get("Authorization"), bearer); ok {
		return r.byToken(tx, sent)
	}
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return call{}, errs.New(errs.Unauthenticated, "errs.unauthenticated")
	}
	by, session, err := account.Resume(tx, account.Token(cookie.Value))
	if err != nil {
		return call{}, err
	}
	r.by = by.Person
	if session.Stale(tx.Now) {
		tx.AfterCommit(func() {
			r.touch(func(tx *db.Tx) error { return account.Touch(tx, by, session.ID, r.address()) })
		})
	}
	return call{r, tx, by, session}, nil
}

// byToken is a call with a token. One that only reads changes nothing, whatever
// its owner may.
func (r *request) byToken(tx *db.Tx, sent string) (call, error) {
	by, t, err := token.Authenticate(tx, sent)
	if err != nil {
		return call{}, err
	}
	r.by = by.Person
	if !t.Writes && r.Method != http.MethodGet && r.Method != http.MethodHead {
		return call{}, errs.New(errs.Denied, "errs.token_reads")
	}
	if t.Stale(tx.Now) {
		tx.AfterCommit(func() { r.touch(func(tx *db.Tx) error { return token.Touch(tx, by, t.ID, r.address()) }) })
	}
	return call{request: r, tx: tx, by: by}, nil
}

// touch writes when a token or session was last used, apart from the request:
// one that only shows does not write.
func (r *request) touch(write func(tx *db.Tx) error) {
	go func() {
		if err := r.server.DB.Update(context.WithoutCancel(r.Context()), write); err != nil {
			r.server.Log.Warn("the time of a last use was not written", "error", err)
		}
	}()
}

// credential is what the request proves its sender with; "" is nothing.
func (r *request) credential() string {
	if sent, ok := strings.CutPrefix(r.Header.Get("Authorization"), bearer); ok {
		return sent
	}
	if cookie, err := r.Cookie(sessionCookie); err == nil {
		return cookie.Value
	}
	return ""
}

// admitted holds the request to the limits, and sends strangers away before
// anything of it is read.
func (r *request) admitted(w http.ResponseWriter) bool {
	if !strings.HasPrefix(r.URL.Path, Root+"/") {
		return true
	}
	err := r.limited(w.Header())
	if err == nil && r.credential() == "" {
		err = errs.New(errs.Unauthenticated, "errs.unauthenticated")
	}
	if err != nil {
		r.problem(err).write(w)
	}
	return err == nil
}
