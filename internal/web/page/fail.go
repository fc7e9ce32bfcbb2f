package page

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// statuses is the one table from what went wrong to what HTTP calls it.
var statuses = map[errs.Kind]int{
	errs.Internal:        http.StatusInternalServerError,
	errs.Invalid:         http.StatusUnprocessableEntity,
	errs.Unauthenticated: http.StatusUnauthorized,
	errs.Denied:          http.StatusForbidden,
	errs.NotFound:        http.StatusNotFound,
	errs.Conflict:        http.StatusConflict,
	errs.TooMany:         http.StatusTooManyRequests,
	errs.TooLarge:        http.StatusRequestEntityTooLarge,
	errs.Unavailable:     http.StatusServiceUnavailable,
}

// fail shows the failure: on the form that was sent, where that can help, and
// on a page of its own otherwise. It gives back the failure for the log.
func (s *Site) fail(w *recorder, r *Request, route Route, failure error) error {
	if errors.Is(failure, context.Canceled) {
		return failure
	}
	r.header.Del("Set-Cookie") // what the refused action meant to set
	var elsewhere detour
	if errors.As(failure, &elsewhere) {
		return s.leave(w, r, elsewhere.to, failure)
	}
	problem := classified(failure)
	status := statuses[problem.Kind]
	if problem.Kind == errs.Unauthenticated && !route.Public {
		return s.askToSignIn(w, r, failure)
	}
	if answer := s.again(r, route, problem); answer != nil {
		if err := render(w, r.Request, status, *answer); err == nil {
			return failure
		}
	}
	if err := render(w, r.Request, status, html{failurePage(r, problem)}); err != nil {
		http.Error(w, http.StatusText(status), status)
		return errors.Join(failure, err)
	}
	return failure
}

// classified is the failure as people may know of it: one without a kind tells
// no more than that.
func classified(failure error) *errs.Error {
	if problem, ok := errs.As(failure); ok {
		return problem
	}
	return &errs.Error{Kind: errs.Internal, Message: errs.Message{Key: "errs.internal"}, Cause: failure}
}

// again is the page of the refused action, with what was typed. It is nil
// when that page cannot be shown to this person.
func (s *Site) again(r *Request, route Route, problem *errs.Error) *html {
	if route.Do == nil || route.Show == nil || problem.Kind == errs.NotFound {
		return nil
	}
	r.Problem = problem
	answer, err := s.show(r, route)
	if err != nil {
		return nil
	}
	if page, ok := answer.(html); ok {
		return &page
	}
	return nil
}

// askToSignIn keeps what was sent: the sign-in page carries it, and sends it
// on afterwards. A part of a page that htmx asked for sends the whole browser.
func (s *Site) askToSignIn(w *recorder, r *Request, failure error) error {
	if r.HTMX() {
		return s.leave(w, r, signInPath, failure)
	}
	if r.Method != http.MethodPost {
		return s.leave(w, r, signInPath+"?"+url.Values{"to": {r.URL.RequestURI()}}.Encode(), failure)
	}
	held := hold(r)
	err := s.DB.View(r.Context(), func(tx *db.Tx) error {
		r.Tx = tx
		view, err := r.signInView("", held)
		if err != nil {
			return err
		}
		return render(w, r.Request, http.StatusUnauthorized, html{signInPage(r, view)})
	})
	return errors.Join(failure, err)
}

// leave sends the browser to another page, also when it had asked for a part
// of one.
func (s *Site) leave(w *recorder, r *Request, to string, failure error) error {
	if r.HTMX() {
		w.Header().Set("HX-Redirect", to)
		w.WriteHeader(http.StatusUnauthorized)
		return failure
	}
	http.Redirect(w, r.Request, to, http.StatusSeeOther)
	return failure
}
