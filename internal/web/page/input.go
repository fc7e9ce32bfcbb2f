package page

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/platform/text"
	"chibo/internal/web/ui"
)

// Looks reports that a button of the form only wants something looked up for it,
// see ui.FindField: the page is shown again, and nothing is done.
func (r *Request) Looks() bool { return r.Method == http.MethodPost && r.Form.Has(ui.Look) }

// Returned reports that a form comes back with what was typed in it: because it
// was refused, or because something was looked up for it.
func (r *Request) Returned() bool { return r.Problem != nil || r.Looks() }

// Value is what stands in a field: what was typed when the form comes back,
// otherwise what is stored.
func (r *Request) Value(field, stored string) string {
	if r.Returned() && r.Form.Has(field) {
		return r.Form.Get(field)
	}
	return stored
}

// Checked is Value for a box that is ticked or not.
func (r *Request) Checked(field string, stored bool) bool {
	if r.Returned() {
		return r.Form.Has(field)
	}
	return stored
}

// Version is that of the record which the form was filled from. It stays when
// the form comes back: whoever was slower reloads and sees the other's change.
func (r *Request) Version(stored int64) int64 {
	if sent := r.Input().Version(); r.Returned() && sent != 0 {
		return sent
	}
	return stored
}

// Errors are the wrong fields of the refused form.
func (r *Request) Errors() ui.Errors { return ui.ErrorsOf(r.Context(), r.Problem) }

// Input reads fields and gathers those that cannot be read. What a field may
// hold is the verb's to judge; Input only turns letters into values.
type Input struct {
	r     *Request
	wrong errs.Fields
}

// Input starts reading the form.
func (r *Request) Input() *Input { return &Input{r: r} }

// Err is nil when every field could be read.
func (in *Input) Err() error { return in.wrong.Err() }

// Line is a text of one line.
func (in *Input) Line(field string) string { return text.Line(in.r.Form.Get(field)) }

// Block is a text of several lines.
func (in *Input) Block(field string) string { return text.Block(in.r.Form.Get(field)) }

// Has reports a ticked box.
func (in *Input) Has(field string) bool { return in.r.Form.Get(field) != "" }

// Int is a whole number; an empty field is 0. Points between thousands are
// allowed, as people write them.
func (in *Input) Int(field string) int {
	raw := strings.ReplaceAll(in.Line(field), ".", "")
	if raw == "" {
		return 0
	}
	n, err := strconv.Atoi(raw)
	in.wrong.Check(err == nil, field, "errs.number")
	return n
}

// Version is the hidden version of the record that was shown.
func (in *Input) Version() int64 {
	n, _ := strconv.ParseInt(in.r.Form.Get("version"), 10, 64)
	return n
}

// Date is a day, typed as 21/11/2026 or sent by the browser as 2026-11-21;
// an empty field is no date.
func (in *Input) Date(field string) clock.Date {
	d, err := clock.ReadDate(in.Line(field))
	in.wrong.Check(err == nil, field, "errs.date")
	return d
}

// Instant is the day of one field at the time of another.
func (in *Input) Instant(day, hour string) time.Time {
	d := in.Date(day)
	raw := in.Line(hour)
	if d.IsZero() || raw == "" {
		return time.Time{}
	}
	t, err := time.Parse("15:04", strings.Replace(strings.ToLower(raw), "h", ":", 1))
	if err != nil {
		in.wrong.Add(hour, "errs.time")
		return time.Time{}
	}
	return d.At(t.Hour(), t.Minute())
}

// ID reads the id in a field; none, or one that is malformed, is 0, which no
// record has.
func ID[T any](in *Input, field string) id.Of[T] {
	n, _ := id.Parse[T](in.r.Form.Get(field))
	return n
}

// PathID reads the id in the path. A malformed one names nothing.
func PathID[T any](r *Request, name string) (id.Of[T], error) {
	n, err := id.Parse[T](r.PathValue(name))
	if err != nil {
		return 0, errs.Wrap(err, errs.NotFound, "errs.not_found")
	}
	return n, nil
}
