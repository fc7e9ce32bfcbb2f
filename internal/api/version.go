package api

import (
	"net/http"
	"reflect"
	"strconv"
	"strings"
)

// conditions holds the request to what the operation needs before anything is
// looked at: the version of what it changes.
func (r *request) conditions(op operation) error {
	if !op.versioned {
		return nil
	}
	given := r.Header.Get("If-Match")
	if given == "" {
		return refusal{http.StatusPreconditionRequired}
	}
	version, err := strconv.ParseInt(strings.Trim(given, `"`), 10, 64)
	if err != nil || version <= 0 {
		return refusal{http.StatusPreconditionFailed}
	}
	r.version = version
	return nil
}

// etag is the version of what is shown, if that has one.
func etag(shown any) string {
	v := reflect.ValueOf(shown)
	if v.Kind() != reflect.Struct {
		return ""
	}
	field := v.FieldByName("Version")
	if !field.IsValid() || field.Kind() != reflect.Int64 || field.Int() == 0 {
		return ""
	}
	return strconv.Quote(strconv.FormatInt(field.Int(), 10))
}
