package api

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"chibo/internal/platform/errs"
)

// Problem is a failure as RFC 9457 writes it, in the caller's language.
type Problem struct {
	Type   string  `json:"type" doc:"Which problem it is: an address that explains it, the same whatever the language."`
	Title  string  `json:"title"`
	Status int     `json:"status"`
	Detail string  `json:"detail" doc:"What happened and what to do, for people."`
	Errors []Fault `json:"errors,omitempty" nullable:"false"`
	// RequestID finds the request in the log.
	RequestID string `json:"request_id"`

	header http.Header
}

// Fault is what is wrong with one field.
type Fault struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

const problemMedia = "application/problem+json"

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

// general is what is said of a kind of failure where nothing more is known.
var general = map[errs.Kind]string{
	errs.Internal: "errs.internal", errs.Invalid: "errs.invalid", errs.Unauthenticated: "errs.unauthenticated",
	errs.Denied: "errs.denied", errs.NotFound: "errs.not_found", errs.Conflict: "errs.duplicate",
	errs.TooMany: "errs.too_many", errs.TooLarge: "errs.too_large", errs.Unavailable: "errs.unavailable",
}

// spoken are the statuses that only HTTP knows, with the name of their problem.
var spoken = map[int]string{
	http.StatusBadRequest:           "malformed",
	http.StatusRequestTimeout:       "slow",
	http.StatusPreconditionFailed:   "stale",
	http.StatusUnsupportedMediaType: "media",
	http.StatusPreconditionRequired: "version-needed",
}

// refusal is a failure of HTTP itself.
type refusal struct{ status int }

func (e refusal) Error() string { return http.StatusText(e.status) }

// problem is the failure as the caller may know of it. It is kept for the log.
func (r *request) problem(failure error) *Problem {
	r.failure = failure
	if e, ok := failure.(refusal); ok {
		return r.refused(e.status)
	}
	e, ok := errs.As(failure)
	if !ok {
		e = &errs.Error{Kind: errs.Internal, Message: errs.Message{Key: "errs.internal"}}
	}
	if e.Message.Key == "errs.stale" && r.version != 0 {
		return r.refused(http.StatusPreconditionFailed)
	}
	p := r.problemOf(statuses[e.Kind], e.Kind.String(), r.t("frame.failed."+e.Kind.String()), r.t(e.Message.Key, e.Message.Args...))
	for _, name := range e.FieldNames() {
		p.Errors = append(p.Errors, Fault{name, r.t(e.Fields[name].Key, e.Fields[name].Args...)})
	}
	return p
}

func (r *request) refused(status int) *Problem {
	name := spoken[status]
	key := "api.problem." + strings.ReplaceAll(name, "-", "_")
	return r.problemOf(status, name, r.t(key), r.t(key+".detail"))
}

func (r *request) problemOf(status int, name, title, detail string) *Problem {
	p := &Problem{Type: "/api#problem-" + name, Title: title, Status: status, Detail: detail, RequestID: r.id, header: http.Header{}}
	if status == http.StatusUnauthorized {
		p.header.Set("WWW-Authenticate", `Bearer realm="chibo"`)
	}
	return p
}

// allProblems are the problems that there are, for the page about the API.
func (r *request) allProblems() (list []Problem) {
	for kind, status := range statuses {
		list = append(list, *r.problemOf(status, kind.String(), r.t("frame.failed."+kind.String()), r.t(general[kind])))
	}
	for status := range spoken {
		list = append(list, *r.refused(status))
	}
	slices.SortFunc(list, func(a, b Problem) int { return cmp.Or(a.Status-b.Status, strings.Compare(a.Type, b.Type)) })
	return list
}

// write answers with the problem where no operation runs.
func (p *Problem) write(w http.ResponseWriter) {
	for name, values := range p.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", problemMedia)
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // whoever left is told nothing more
}

// missing answers an address that names nothing.
func (r *request) missing(w http.ResponseWriter) {
	r.problem(errs.New(errs.NotFound, "errs.not_found")).write(w)
}

// foreign answers a page of another site that uses the reader's session.
func (r *request) foreign(w http.ResponseWriter) {
	r.problem(errs.New(errs.Denied, "api.foreign")).write(w)
}

// faults are the wrong places of a request, each by the name of its field.
func faults(given []error) error {
	var wrong errs.Fields
	for _, e := range given {
		field, key := reading(e.(*huma.ErrorDetail))
		wrong.Add(field, key)
	}
	return wrong.Err()
}

// reading is the field that huma complains of and the message for it.
func reading(d *huma.ErrorDetail) (field, key string) {
	_, field, _ = strings.Cut(d.Location, ".")
	message := d.Message
	var property string
	switch {
	case strings.HasPrefix(message, "expected required property "):
		property = strings.Fields(message)[3]
		key = "errs.required"
	case strings.HasSuffix(message, "parameter is missing"):
		key = "errs.required"
	case strings.HasPrefix(message, "unexpected property"), strings.HasPrefix(message, "unknown query"):
		key = "api.unknown_field"
	case strings.Contains(message, "date"):
		key = "api.date"
	case strings.Contains(message, "integer"), strings.Contains(message, "number"):
		key = "errs.number"
	case strings.HasPrefix(message, "expected value to be one of"):
		key = "errs.choice"
	default:
		key = "api.shape"
	}
	if property != "" {
		field = strings.TrimPrefix(field+"."+property, ".")
	}
	return field, key
}

// responses are the problems that the operation can answer with.
func (op operation) responses(schema *huma.Schema) map[string]*huma.Response {
	statuses := []int{
		http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity,
		http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable,
	}
	if op.writes {
		statuses = append(statuses, http.StatusConflict, http.StatusRequestEntityTooLarge)
	}
	if op.versioned {
		statuses = append(statuses, http.StatusPreconditionFailed, http.StatusPreconditionRequired)
	}
	all := map[string]*huma.Response{}
	for _, status := range statuses {
		all[strconv.Itoa(status)] = &huma.Response{
			Description: http.StatusText(status), Content: map[string]*huma.MediaType{problemMedia: {Schema: schema}},
		}
	}
	return all
}
