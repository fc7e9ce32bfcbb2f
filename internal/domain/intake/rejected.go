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
	reasons := map[int]string{}
	for row, faults := range p.Reasons() {
		words := make([]string, len(faults))
		for i, f := range faults {
			words[i] = f.Words(p.job.Kind, say)
		}
		reasons[row] = strings.Join(words, " ")
	}
	if len(reasons) == 0 {
		return errs.New(errs.Conflict, "intake.error.nothing_rejected")
	}
	p.withSections(reasons)
	s := p.job.Settings
	return p.book.WriteRejected(out, xlsx.Rejected{
		Sheet: s.Sheet, Head: s.Last, Reasons: reasons, ReasonHead: say("intake.report.reason"),
		Convert: func(text string) string {
			if s.Encoding == "" || s.Encoding == Plain {
				return text
			}
			return oldfont.Convert(s.Encoding, text)
		},
	})
}

// withSections adds the rows over those that go back, up to the next one.
func (p Plan) withSections(reasons map[int]string) {
	var sections []int
	for _, s := range p.Report.Skipped {
		if s.Why == sorts[section] {
			sections = append(sections, s.Row)
		}
	}
	for row := range reasons {
		if after, _ := slices.BinarySearch(sections, row); after > 0 {
			reasons[sections[after-1]] = ""
		}
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
