package errs_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"chibo/internal/platform/errs"
)

var kinds = []errs.Kind{
	errs.Internal, errs.Invalid, errs.Unauthenticated, errs.Denied, errs.NotFound,
	errs.Conflict, errs.TooMany, errs.TooLarge, errs.Unavailable,
}

func TestKindsAreToldApart(t *testing.T) {
	seen := map[string]errs.Kind{}
	for _, kind := range kinds {
		if other, taken := seen[kind.String()]; taken {
			t.Errorf("kinds %d and %d are both called %q", kind, other, kind)
		}
		seen[kind.String()] = kind
		err := fmt.Errorf("deep: %w", errors.Join(io.EOF, errs.New(kind, "key", 1)))
		for _, other := range kinds {
			if errs.Is(err, other) != (other == kind) {
				t.Errorf("Is(%v, %v) = %v", kind, other, errs.Is(err, other))
			}
		}
		if errs.Is(nil, kind) {
			t.Errorf("no error is of kind %v", kind)
		}
	}
	if got := errs.Kind(77).String(); got != "kind(77)" {
		t.Errorf("unknown kind is called %q", got)
	}
	if got := errs.KindOf(io.EOF); got != errs.Internal {
		t.Errorf("an error that nobody classified is %v", got)
	}
}

func TestWrap(t *testing.T) {
	if err := errs.Wrap(nil, errs.Denied, "key"); err != nil {
		t.Errorf("wrapping nothing gave %v", err)
	}
	err := errs.Wrap(io.EOF, errs.Unavailable, "errs.away", "db")
	if !errors.Is(err, io.EOF) || errs.KindOf(err) != errs.Unavailable {
		t.Errorf("the cause is lost: %v", err)
	}
	if got, want := err.Error(), "unavailable: errs.away db: EOF"; got != want {
		t.Errorf("reads %q, want %q", got, want)
	}
	// The outermost kind counts: whoever wraps knows better.
	if kind := errs.KindOf(errs.Wrap(err, errs.Conflict, "key")); kind != errs.Conflict {
		t.Errorf("kind %v", kind)
	}
}

func TestFields(t *testing.T) {
	var f errs.Fields
	if err := f.Err(); err != nil {
		t.Errorf("no wrong field gave %v", err)
	}
	f.Check(true, "right", "errs.required")
	if err := f.Err(); err != nil {
		t.Errorf("a right field gave %v", err)
	}
	f.Add("place", "errs.required")
	f.Add("place", "errs.too_long", 200)
	f.Check(false, "date", "errs.date")
	err := f.Err()
	f.Add("later", "errs.required")
	e, ok := errs.As(fmt.Errorf("form: %w", err))
	if !ok || e.Kind != errs.Invalid || e.Message.Key != "errs.invalid" {
		t.Fatalf("got %v", err)
	}
	if names := e.FieldNames(); !slices.Equal(names, []string{"date", "place"}) {
		t.Errorf("wrong fields %v", names)
	}
	if got := e.Fields["place"]; got.Key != "errs.required" || len(got.Args) != 0 {
		t.Errorf("the first message does not stay: %v", got)
	}
	if got, want := err.Error(), "invalid: errs.invalid; date: errs.date; place: errs.required"; got != want {
		t.Errorf("reads %q, want %q", got, want)
	}
	if e, ok := errs.As(errs.Field("name", "errs.too_long", 100)); !ok || e.Fields["name"].Args[0] != 100 {
		t.Error("Field loses its arguments")
	}
}
