package member

import (
	"encoding/json"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"chibo/internal/platform/clock"
)

// sparse are the fields of a CV as encoding/json leaves out what is empty.
type sparse struct {
	OtherNames        string     `json:",omitempty"`
	Birthplace        string     `json:",omitempty"`
	Home              string     `json:",omitempty"`
	Residence         string     `json:",omitempty"`
	Ethnic            string     `json:",omitempty"`
	Religion          string     `json:",omitempty"`
	Occupation        string     `json:",omitempty"`
	Schooling         string     `json:",omitempty"`
	Expertise         string     `json:",omitempty"`
	Degree            string     `json:",omitempty"`
	AcademicTitle     string     `json:",omitempty"`
	Theory            string     `json:",omitempty"`
	Languages         string     `json:",omitempty"`
	Computing         string     `json:",omitempty"`
	MinorityLanguages string     `json:",omitempty"`
	UnionJoined       clock.Date `json:",omitzero"`
	UnionPlace        string     `json:",omitempty"`
	Phone             string     `json:",omitempty"`
}

// A field that is added to a member or a CV is missed here until it is written.
func TestNewcomersAreJournalledAsEncodingJSONWould(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		i := imported{Document: rapid.String().Draw(t, "document")}
		fill(t, reflect.ValueOf(&i.Member).Elem())
		fill(t, reflect.ValueOf(&i.CV).Elem())
		want, err := json.Marshal(struct {
			Member   Member
			CV       sparse
			Document string `json:",omitempty"`
		}{i.Member, sparse(i.CV), i.Document})
		if err != nil {
			t.Fatal(err)
		}
		if got := i.AppendJSON(nil); string(got) != string(want) {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
	})
}

// fill gives each field some value, or none.
func fill(t *rapid.T, into reflect.Value) {
	for n := range into.NumField() {
		field := into.Field(n)
		switch {
		case field.Type() == reflect.TypeFor[clock.Date]():
			if days := rapid.IntRange(0, 60_000).Draw(t, "day"); days > 0 {
				field.Set(reflect.ValueOf(clock.NewDate(1900, 1, 1).AddDays(days)))
			}
		case field.Kind() == reflect.String:
			field.SetString(rapid.OneOf(rapid.String(), rapid.Just("Nguyễn \"A\" <b> & \xff\u2028")).Draw(t, "text"))
		case field.CanInt():
			field.SetInt(int64(rapid.IntRange(0, 1<<40).Draw(t, "number")))
		case field.Kind() == reflect.Struct:
			fill(t, field)
		default:
			t.Fatalf("a field of %v", field.Type())
		}
	}
}
