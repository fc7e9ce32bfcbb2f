package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strings"

	"chibo/internal/domain/account"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
)

// operation is one thing that the API can do.
type operation struct {
	method, path string
	// verb is package.Verb of the domain, which also names the operation.
	verb  string
	right right
	// writes runs it in a transaction that may write.
	writes bool
	// status answers success.
	status int
	// versioned operations change a record that has a version.
	versioned bool
	// upload is how large a file may come as the body; 0 takes none.
	upload int64
	// in and out are the types of what goes in and what comes out.
	in, out reflect.Type
	// part tells operations of one verb from each other.
	part string
	// prepare does what is slow before the transaction.
	prepare func(r *request, in any) (any, error)
	// media are the forms in which a file may come out; none is JSON.
	media []string
	do    func(call, any) (any, error)
}

// call is one request inside its transaction.
type call struct {
	*request
	tx *db.Tx
	by access.Actor
	// session is that of the browser; a token has none.
	session account.Session
}

// nothing is the answer of an operation that only tells that it was done.
type nothing struct{}

// read is an operation that only looks.
func read[In, Out any](pattern, verb string, r right, do func(call, *In) (Out, error)) operation {
	op := operation{verb: verb, right: r, status: http.StatusOK, in: reflect.TypeFor[In](), out: reflect.TypeFor[Out]()}
	op.do = func(c call, in any) (any, error) { return do(c, in.(*In)) }
	op.method, op.path, _ = strings.Cut(pattern, " ")
	if op.out == reflect.TypeFor[nothing]() {
		op.status = http.StatusNoContent
	}
	return op
}

// recorded is a read that is itself written down.
func recorded[In, Out any](pattern, verb string, r right, do func(call, *In) (Out, error)) operation {
	op := read(pattern, verb, r, do)
	op.writes = true
	return op
}

// write is an operation that changes something.
func write[In, Out any](pattern, verb string, r right, do func(call, *In) (Out, error)) operation {
	return recorded(pattern, verb, r, do)
}

// create is a write that makes a new record.
func create[In, Out any](pattern, verb string, r right, do func(call, *In) (Out, error)) operation {
	op := write(pattern, verb, r, do)
	if op.status == http.StatusOK {
		op.status = http.StatusCreated
	}
	return op
}

// change is a write to a record in the version that the header If-Match names.
func change[In, Out any](pattern, verb string, r right, do func(call, *In) (Out, error)) operation {
	op := write(pattern, verb, r, do)
	op.versioned = true
	return op
}

// of names which of several operations of one verb it is.
func (op operation) of(part string) operation {
	op.part = part
	return op
}

// preparedBy has something slow done before the transaction, for whoever is
// signed in; the verb asks for the right.
func (op operation) preparedBy(prepare func(r *request, in any) (any, error)) operation {
	op.prepare = prepare
	return op
}

// done turns the failure of a verb into an answer that has nothing to say.
func done(err error) (nothing, error) { return nothing{}, err }

// list is what a collection answers.
type list[T any] struct {
	Items []T `json:"items" nullable:"false"`
	// Next is the cursor of the following page.
	Next string `json:"next,omitempty" doc:"The query parameter \"after\" of the next page; absent on the last."`
}

// as turns what a verb gives into what the API shows.
func as[A, B any](show func(A) B) func(A, error) (B, error) {
	return func(given A, err error) (shown B, _ error) {
		if err != nil {
			return shown, err
		}
		return show(given), nil
	}
}

// each is as for a verb that gives a whole list.
func each[A, B any](show func(A) B) func([]A, error) (list[B], error) {
	return as(func(given []A) list[B] { return list[B]{Items: all(show, given)} })
}

func all[A, B any](show func(A) B, given []A) []B {
	shown := make([]B, len(given))
	for i, one := range given {
		shown[i] = show(one)
	}
	return shown
}

// serve answers requests of the operation.
func (s *Server) serve(op operation, in *input) http.HandlerFunc {
	return func(w http.ResponseWriter, given *http.Request) {
		r := requestOf(given.Context())
		shown, err := r.answer(w, op, in)
		if err != nil {
			r.problem(err).write(w)
			return
		}
		r.send(w, op, shown)
	}
}

func (r *request) send(w http.ResponseWriter, op operation, shown any) {
	if f, ok := shown.(sent); ok {
		r.sendFile(w, f)
		return
	}
	if tag := etag(shown); tag != "" {
		w.Header().Set("ETag", tag)
	}
	if op.status == http.StatusNoContent {
		w.WriteHeader(op.status)
		return
	}
	w.Header().Set("Content-Type", jsonMedia)
	w.WriteHeader(op.status)
	text := json.NewEncoder(w)
	text.SetEscapeHTML(false)
	_ = text.Encode(shown) // whoever left is told nothing more
}

// answer is what the operation gives for the request.
func (r *request) answer(w http.ResponseWriter, op operation, in *input) (any, error) {
	given, err := in.read(w, r.Request)
	if err != nil {
		return nil, err
	}
	return r.run(op, given)
}

// errDry takes a rehearsal back.
var errDry = errors.New("rehearsed")

// run does the operation in its transaction as whoever asks.
func (r *request) run(op operation, in any) (out any, err error) {
	if err := r.conditions(op); err != nil {
		return nil, err
	}
	if err := r.receive(op); err != nil {
		return nil, err
	}
	if op.prepare != nil {
		if r.prepared, err = op.prepare(r, in); err != nil {
			return nil, err
		}
	}
	transaction := r.server.DB.View
	if op.writes {
		transaction = r.server.DB.Update
	}
	err = transaction(r.Context(), func(tx *db.Tx) error {
		c, err := r.enter(tx)
		if err == nil && op.right.InPerson {
			err = access.InPerson(c.by)
		}
		if err != nil {
			return err
		}
		if out, err = once(c, op, in); err == nil && r.rehearsing(op) {
			return errDry
		}
		return err
	})
	if err != nil && !errors.Is(err, errDry) {
		return nil, err
	}
	return out, nil
}
