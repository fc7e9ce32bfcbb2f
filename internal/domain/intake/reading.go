package intake

import (
	"fmt"
	"strings"

	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/text"
)

// Fault is something wrong in a row, or something that people should know of it.
type Fault struct {
	Field   string       `json:"field,omitempty"`
	Message errs.Message `json:"message"`
}

// row is a row of the register while it is read: its texts by field, and what
// is wrong with them.
type row struct {
	number int
	texts  map[string]string
	orders map[string]Order
	whole  bool // a part of a day is no day
	faults []Fault
	notes  []Fault
}

func (r *row) wrong(field, key string, args ...any) {
	for _, f := range r.faults {
		if f.Field == field {
			return // the first word on a cell is enough
		}
	}
	r.faults = append(r.faults, fault(field, key, args))
}

// fault is kept as JSON and read by people: what fills its message is text.
func fault(field, key string, args []any) Fault {
	texts := make([]any, len(args))
	for i, arg := range args {
		if day, ok := arg.(clock.Date); ok {
			texts[i] = day.Vietnamese()
		} else {
			texts[i] = fmt.Sprint(arg)
		}
	}
	return Fault{field, errs.Message{Key: key, Args: texts}}
}

func (r *row) note(field, key string, args ...any) {
	r.notes = append(r.notes, fault(field, key, args))
}

// invalid takes over the wrong fields of an error; one of another kind comes
// back.
func (r *row) invalid(err error) error {
	e, ok := errs.As(err)
	switch {
	case !ok || e.Kind == errs.Internal || e.Kind == errs.Unavailable:
		return err
	case len(e.Fields) == 0:
		r.wrong("", e.Message.Key, e.Message.Args...)
	}
	for _, name := range e.FieldNames() {
		r.wrong(name, e.Fields[name].Key, e.Fields[name].Args...)
	}
	return nil
}

// day reads the day of a field. What is none, and what may not count as one, is
// a fault; a day that was completed is a note.
func (r *row) day(field string, latest clock.Date) clock.Date {
	written := r.texts[field]
	day, how, ok := readDay(written, r.orders[field], latest)
	switch {
	case !ok:
		r.wrong(field, "intake.error.day", written)
		return clock.Date{}
	case how != Whole && r.whole:
		r.wrong(field, "intake.error.part_of_day", written)
		return clock.Date{}
	case how == YearOnly:
		r.note(field, "intake.note.year_only", written, day)
	case how == MonthOnly:
		r.note(field, "intake.note.month_only", written, day)
	}
	return day
}

// reading turns lines into rows.
type reading struct {
	kind     Kind
	settings Settings
	table    table
	orders   map[string]Order
	// section and group are the names in the rows over those that follow.
	section, group string
	// Skipped are rows that hold no record.
	skipped []Skipped
}

// Skipped is a row that was taken for no record, and for what it was taken.
type Skipped struct {
	Row  int    `json:"row"`
	Text string `json:"text"`
	Why  string `json:"why"`
}

// skippedMost bounds how many of them people see.
const skippedMost = 200

func newReading(kind Kind, s Settings, heading []string) *reading {
	r := &reading{kind: kind, settings: s, table: newTable(s.Columns, heading), orders: map[string]Order{}}
	for i, name := range s.Columns {
		if r.orders[name] = DayFirst; i < len(s.Orders) {
			r.orders[name] = s.Orders[i]
		}
	}
	return r
}

var sorts = map[sort]string{
	again: "again", counted: "counted", total: "total", section: "section", foot: "foot", stray: "stray",
}

// row reads a line; ok is false for one that is no record.
func (r *reading) row(l line) (*row, bool) {
	what := r.table.sort(l)
	if what != record {
		if what == section {
			r.enter(sectionName(l))
		}
		r.skip(l, sorts[what])
		return nil, false
	}
	texts := make(map[string]string, len(r.settings.Columns)+2)
	for i, name := range r.settings.Columns {
		if cell := at(l.cells, i); name != "" && cell != "" {
			texts[name] = cell
		}
	}
	if texts["unit"] == "" {
		texts["unit"] = r.section
	}
	if texts["group"] == "" && r.kind == Members {
		texts["group"] = r.group
	}
	return &row{number: l.number, texts: texts, orders: r.orders, whole: r.settings.Whole}, true
}

// enter notes under which name the rows that follow stand.
func (r *reading) enter(name string) {
	switch {
	case isGroupName(name):
		r.group = name
	case unitWords.MatchString(text.Fold(name)):
		r.section, r.group = name, ""
	}
}

func (r *reading) skip(l line, why string) {
	words := strings.Join(strings.Fields(strings.Join(l.cells, " ")), " ")
	if words != "" && len(r.skipped) < skippedMost {
		r.skipped = append(r.skipped, Skipped{l.number, words, why})
	}
}
