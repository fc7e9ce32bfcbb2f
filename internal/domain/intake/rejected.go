package intake

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"chibo/internal/platform/db"
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

// SentBack are the rows of an import that are not written, with the reasons.
type SentBack struct {
	Import
	reasons map[int][]Fault
}

// SentBack are all rows of the import that are sent back. The caller has found
// the import.
func (i Import) SentBack(tx *db.Tx) (SentBack, error) {
	back := SentBack{i, map[int][]Fault{}}
	return back, eachRejected(tx, i.ID, func(r rejectedRow) { back.reasons[r.Row] = r.Faults })
}

// Write is WriteRejected of the import's plan.
func (s SentBack) Write(book Book, out io.Writer, say Say) error {
	return book.writeRejected(out, s.Kind, s.Settings, s.reasons, s.Report.Skipped, say)
}

// rejectedRow is a row that is sent back, as the database keeps it.
type rejectedRow struct {
	Row    int     `json:"row"`
	Faults []Fault `json:"faults"`
}

// rejectedAtOnce rows are kept in one part.
const rejectedAtOnce = 1000

// saveRejected keeps why rows are sent back in the place of what was kept before.
func saveRejected(tx *db.Tx, imp ID, reasons map[int][]Fault) error {
	if err := forgetRejected(tx, imp); err != nil {
		return err
	}
	part := 0
	for rows := range slices.Chunk(slices.Sorted(maps.Keys(reasons)), rejectedAtOnce) {
		list := make([]rejectedRow, len(rows))
		for i, row := range rows {
			list[i] = rejectedRow{row, reasons[row]}
		}
		content, err := json.Marshal(list)
		if err != nil {
			return fmt.Errorf("rejected rows: %w", err)
		}
		if _, err := tx.Exec(`INSERT INTO intake_rejected (intake_id, part, faults) VALUES ($1, $2, $3)`, imp, part, string(content)); err != nil {
			return err
		}
		part++
	}
	return nil
}

func eachRejected(tx *db.Tx, imp ID, fn func(rejectedRow)) error {
	return db.Each(tx, db.Column[string], func(content string) error {
		var list []rejectedRow
		if err := json.Unmarshal([]byte(content), &list); err != nil {
			return fmt.Errorf("rejected rows: %w", err)
		}
		for _, r := range list {
			fn(r)
		}
		return nil
	}, `SELECT faults FROM intake_rejected WHERE intake_id = $1 ORDER BY part`, imp)
}

func forgetRejected(tx *db.Tx, imp ID) error {
	_, err := tx.Exec(`DELETE FROM intake_rejected WHERE intake_id = $1`, imp)
	return err
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
