package api

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

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
	upload   int64
	register func(s *Server, api huma.API, op operation)
}

// call is one request inside its transaction.
type call struct {
	*request
	tx *db.Tx
	by access.Actor
}

// nothing is the answer of an operation that only tells that it was done.
type nothing struct{}

// read is an operation that only looks.
func read[In, Out any](pattern, verb string, r right, do func(call, *In) (Out, error)) operation {
	op := operation{verb: verb, right: r, status: http.StatusOK, register: register(do)}
	op.method, op.path, _ = strings.Cut(pattern, " ")
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
	op.status = http.StatusCreated
	return op
}

// change is a write to a record in the version that the header If-Match names.
func change[In, Out any](pattern, verb string, r right, do func(call, *In) (Out, error)) operation {
	op := write(pattern, verb, r, do)
	op.versioned = true
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

// answer is a body with what its headers say. It is one type for all operations:
// huma compiles its machinery anew for every pair of input and output, which
// for some two hundred operations is a quarter of the program.
type answer struct {
	ETag string `header:"ETag" doc:"The version of what is shown; If-Match takes it."`
	Body any
}

// register binds the operation to its address and describes it.
func register[In, Out any](do func(call, *In) (Out, error)) func(*Server, huma.API, operation) {
	in, out := reflect.TypeFor[In](), reflect.TypeFor[Out]()
	untyped := func(in *In) func(call) (any, error) {
		return func(c call) (any, error) { return do(c, in) }
	}
	if out == reflect.TypeFor[nothing]() {
		return func(_ *Server, api huma.API, op operation) {
			op.status = http.StatusNoContent
			huma.Register(api, op.described(api, in), func(ctx context.Context, in *In) (*nothing, error) {
				_, err := run(requestOf(ctx), op, out, untyped(in))
				return nil, err
			})
		}
	}
	return func(_ *Server, api huma.API, op operation) {
		described := op.described(api, in, out)
		described.Responses[strconv.Itoa(op.status)] = &huma.Response{Content: map[string]*huma.MediaType{
			"application/json": {Schema: api.OpenAPI().Components.Schemas.Schema(out, true, op.id()+"Response")},
		}}
		huma.Register(api, described, func(ctx context.Context, in *In) (*answer, error) {
			shown, err := run(requestOf(ctx), op, out, untyped(in))
			if err != nil {
				return nil, err
			}
			return &answer{ETag: etag(shown), Body: shown}, nil
		})
	}
}

// errDry takes a rehearsal back.
var errDry = errors.New("rehearsed")

// run does the operation in its transaction as whoever asks. A failure comes
// back as the problem that is shown.
func run(r *request, op operation, shape reflect.Type, do func(call) (any, error)) (out any, err error) {
	if err := r.conditions(op); err != nil {
		return out, r.problem(err)
	}
	if err := r.receive(op); err != nil {
		return out, r.problem(err)
	}
	transaction := r.server.DB.View
	if op.writes {
		transaction = r.server.DB.Update
	}
	err = transaction(r.Context(), func(tx *db.Tx) error {
		c, err := r.enter(tx, op)
		if err != nil {
			return err
		}
		if out, err = once(c, op, shape, do); err == nil && r.rehearsing(op) {
			return errDry
		}
		return err
	})
	if err != nil && !errors.Is(err, errDry) {
		return out, r.problem(err)
	}
	return out, nil
}
