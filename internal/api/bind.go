package api

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"chibo/internal/platform/errs"
)

// input is how what an operation takes is read from a request, and how the
// document tells of it: both from the type that the operation declares. Huma's
// own Register does the same and is compiled anew for every type, which for our
// operations was a fifth of the program; here the type is a value.
type input struct {
	shape    reflect.Type
	params   []param
	body     []int
	schema   *huma.Schema
	registry huma.Registry
}

// param is a field that comes from the address.
type param struct {
	field     []int
	in, name  string
	required  bool
	otherwise string
	schema    *huma.Schema
}

const (
	// bodyMost is how large a body of JSON may be.
	bodyMost = 1 << 20
	// bodyLongest is how long a caller may take to send it.
	bodyLongest = 5 * time.Second
	jsonMedia   = "application/json"
)

// inputOf reads the declaration of an input.
func inputOf(registry huma.Registry, shape reflect.Type, id string) *input {
	in := &input{shape: shape, registry: registry}
	for _, f := range reflect.VisibleFields(shape) {
		p := param{field: f.Index, in: "path", name: f.Tag.Get("path"), required: true}
		if p.name == "" {
			p.in, p.name, p.required = "query", f.Tag.Get("query"), f.Tag.Get("required") == "true"
		}
		if p.name == "" {
			continue
		}
		p.otherwise = f.Tag.Get("default")
		p.schema = huma.SchemaFromField(registry, f, "")
		in.params = append(in.params, p)
	}
	if f, ok := shape.FieldByName("Body"); ok {
		in.body = f.Index
		in.schema = huma.SchemaFromField(registry, f, id+"Request")
		in.schema.PrecomputeMessages()
	}
	return in
}

// describe adds to the document what the operation takes.
func (in *input) describe(op *huma.Operation) {
	for _, p := range in.params {
		shown := &huma.Param{Name: p.name, In: p.in, Description: p.schema.Description, Required: p.required, Schema: p.schema}
		if p.in == "query" {
			shown.Explode = new(bool)
		}
		op.Parameters = append(op.Parameters, shown)
	}
	if in.body != nil {
		op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{jsonMedia: {Schema: in.schema}}}
	}
}

// read makes the input of a request: a pointer to the declared type.
func (in *input) read(w http.ResponseWriter, r *http.Request) (any, error) {
	made := reflect.New(in.shape)
	var wrong huma.ValidateResult
	in.readAddress(r, made.Elem(), &wrong)
	if in.body != nil {
		if err := in.readBody(w, r, made.Elem().FieldByIndex(in.body), &wrong); err != nil {
			return nil, err
		}
	}
	return made.Interface(), faults(wrong.Errors)
}

func (in *input) readAddress(r *http.Request, into reflect.Value, wrong *huma.ValidateResult) {
	query, known := r.URL.Query(), map[string]bool{}
	for _, p := range in.params {
		known[p.name] = true
		text := query.Get(p.name)
		if p.in == "path" {
			text = r.PathValue(p.name)
		}
		if text == "" {
			text = p.otherwise
		}
		at := place(p.in + "." + p.name)
		switch {
		case text != "":
			if value, err := parse(into.FieldByIndex(p.field), text); err != nil {
				wrong.Add(at, text, err.Error())
			} else {
				huma.Validate(in.registry, p.schema, at, huma.ModeWriteToServer, value, wrong)
			}
		case p.required:
			wrong.Add(at, "", "required "+p.in+" parameter is missing")
		}
	}
	for name := range query {
		if !known[name] {
			wrong.Add(place("query."+name), "", "unknown query parameter")
		}
	}
}

func place(of string) *huma.PathBuffer { return huma.NewPathBuffer([]byte(of), len(of)) }

// parse sets a field from its text and gives what the schema is asked about.
func parse(field reflect.Value, text string) (value any, err error) {
	if own, ok := field.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return text, own.UnmarshalText([]byte(text))
	}
	switch field.Kind() {
	case reflect.String:
		field.SetString(text)
		return text, nil
	case reflect.Bool:
		yes, err := strconv.ParseBool(text)
		field.SetBool(yes)
		return yes, err
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, errors.New("invalid integer")
		}
		field.SetInt(n)
		return n, nil
	case reflect.Slice:
		words := strings.Split(text, ",")
		field.Set(reflect.ValueOf(words))
		return words, nil
	}
	panic("api: no address carries a " + field.Type().String())
}

// readBody reads the JSON of a request twice: to hold it to the schema, and
// into its field.
func (in *input) readBody(w http.ResponseWriter, r *http.Request, into reflect.Value, wrong *huma.ValidateResult) error {
	if media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); media != "" && media != jsonMedia {
		return refusal{http.StatusUnsupportedMediaType}
	}
	_ = huma.SetReadDeadline(w, time.Now().Add(bodyLongest)) // a connection without deadlines has the server's
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyMost))
	if err != nil {
		return bodyFailure(err)
	}
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		return refusal{http.StatusBadRequest}
	}
	before := len(wrong.Errors)
	huma.Validate(in.registry, in.schema, place("body"), huma.ModeWriteToServer, value, wrong)
	if err := json.Unmarshal(text, into.Addr().Interface()); err != nil && len(wrong.Errors) == before {
		wrong.Add(place("body"), nil, err.Error())
	}
	return nil
}

// bodyFailure is why a body did not come.
func bodyFailure(err error) error {
	var large *http.MaxBytesError
	var network net.Error
	switch {
	case errors.As(err, &large):
		return errs.New(errs.TooLarge, "errs.too_large")
	case errors.As(err, &network) && network.Timeout():
		return refusal{http.StatusRequestTimeout}
	}
	return fmt.Errorf("reading the request: %w", err)
}
