package intake

import (
	"io"
	"slices"
	"strings"

	"chibo/internal/platform/errs"
	"chibo/internal/platform/oldfont"
	"chibo/internal/platform/xlsx"
)

// Say puts a message into words.
type Say func(key string, args ...any) string

// Words are what is wrong in one place: the column and the reason.
func (f Fault) Words(kind Kind, say Say) string {
	reason := say(f.Message.Key, f.Message.Args...)
	if f.Field == "" {
		return reason
	}
	return say("intake.report.field", say(columnKey(kind, f.Field)), reason)
}

// WriteRejected writes a copy of the spreadsheet that holds only the rows that
// are not written, with the reason in a last column. Rows that name the cell of
// those below them go along. Without such a row it is errs.Conflict.
func (p Plan) WriteRejected(out io.Writer, say Say) error {
	return p.book.writeRejected(out, p.job.Kind, p.job.Settings, p.Reasons(), p.Report.Skipped, say)
}

// WriteRejected is that of a plan, as the import remembers it: of very many rows
// the first.
func (i Import) WriteRejected(book Book, out io.Writer, say Say) error {
	reasons := map[int][]Fault{}
	for _, f := range i.Report.Findings {
		if len(f.Faults) > 0 {
			reasons[f.Row] = f.Faults
		}
	}
	return book.writeRejected(out, i.Kind, i.Settings, reasons, i.Report.Skipped, say)
}

func (b Book) writeRejected(out io.Writer, kind Kind, s Settings, faults map[int][]Fault, skipped []Skipped, say Say) error {
	if len(faults) == 0 {
		return errs.New(errs.Conflict, "intake.error.nothing_rejected")
	}
	reasons := map[int]string{}
	for row, list := range faults {
		words := make([]string, len(list))
		for i, f := range list {
			words[i] = f.Words(kind, say)
		}
		reasons[row] = strings.Join(words, " ")
	}
	addSections(reasons, skipped)
	return b.Book.WriteRejected(out, xlsx.Rejected{
		Sheet: s.Sheet, Head: s.Last, Reasons: reasons, ReasonHead: say("intake.report.reason"),
		Convert: func(text string) string {
			if s.Encoding == "" || s.Encoding == Plain {
				return text
			}
			return oldfont.Convert(s.Encoding, text)
		},
	})
}

// addSections adds the rows over those that go back, up to the next one.
func addSections(reasons map[int]string, skipped []Skipped) {
	var sections []int
	for _, s := range skipped {
		if s.Why == sorts[section] {
			sections = append(sections, s.Row)
		}
	}
	over := map[int]bool{}
	for row := range reasons {
		if after, _ := slices.BinarySearch(sections, row); after > 0 {
			over[sections[after-1]] = true
		}
	}
	for row := range over {
		reasons[row] = ""
	}
}

// Encoding is the old encoding that texts of the sheet were converted from;
// Unicode if none was.
func (o Outline) Encoding(s Settings) Encoding {
	if len(o.Conversions) > 0 {
		return o.Conversions[0].Encoding
	}
	if s.Encoding == "" {
		return Plain
	}
	return s.Encoding
}
