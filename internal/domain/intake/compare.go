package intake

import (
	"slices"

	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// Pair is a row beside whom it may be.
type Pair struct {
	Finding
	Decision Decision
	Fields   []Compared
}

// Compared is a field as the row has it, and as the register or the earlier row
// does.
type Compared struct {
	Name       string
	Row, Known string
	// Settable: the row says something else, and it may be taken over.
	Settable bool
	// Chosen: it is taken over as things stand.
	Chosen bool
}

// Compare puts some of the rows that may be somebody known beside them, from the
// finding at the place on. Whoever sent the sheet may, with the right to the
// files of those whom it shows; each such reading is recorded, so it needs a
// transaction that may write.
func Compare(tx *db.Tx, by access.Actor, book Book, i Import, from, most int) (pairs []Pair, more bool, err error) {
	decisions, err := Decisions(tx, by, i.ID)
	if err != nil {
		return nil, false, err
	}
	var twins []Finding
	for _, f := range i.Report.Findings {
		if f.Twin != nil {
			twins = append(twins, f)
		}
	}
	twins = twins[min(max(from, 0), len(twins)):]
	more = len(twins) > most
	twins = twins[:min(len(twins), most)]
	rows, err := book.people(tx, i, twins)
	if err != nil {
		return nil, false, err
	}
	for _, f := range twins {
		p, err := compared(tx, by, f, decisions[f.Row], rows)
		if err != nil {
			return nil, false, err
		}
		pairs = append(pairs, p)
	}
	return pairs, more, nil
}

// readPerson is a row that was read again, with its texts.
type readPerson struct {
	person
	texts map[string]string
}

// people reads some rows again, those of the findings and their twins.
func (b Book) people(tx *db.Tx, i Import, twins []Finding) (map[int]readPerson, error) {
	wanted := map[int]bool{}
	for _, f := range twins {
		wanted[f.Row], wanted[f.Twin.Row] = true, true
	}
	today := clock.DateOf(tx.Now)
	reader, r := people{today: today, grown: today}, newReading(i.Kind, i.Settings, i.Outline.Heading)
	found := map[int]readPerson{}
	for lines, err := range b.lines(i.Settings) {
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			if row, ok := r.row(l); ok && wanted[row.number] {
				found[row.number] = readPerson{reader.read(row), row.texts}
			}
		}
	}
	return found, nil
}

func compared(tx *db.Tx, by access.Actor, f Finding, d Decision, rows map[int]readPerson) (Pair, error) {
	row := rows[f.Row]
	mine := merged{row.Core, row.CV}
	known := merged{rows[f.Twin.Row].Core, rows[f.Twin.Row].CV}
	if f.Twin.Person != 0 {
		file, err := member.Open(tx, by, f.Twin.Person, "import")
		if err != nil {
			return Pair{}, err
		}
		known = merged{file.Core, file.CV}
	}
	p := Pair{Finding: f, Decision: d, Fields: []Compared{
		{Name: "birth_name", Row: mine.Core.BirthName, Known: known.Core.BirthName},
		{Name: "birth", Row: mine.Core.Birth.Vietnamese(), Known: known.Core.Birth.Vietnamese()},
		{Name: "sex", Row: sexWords[mine.Core.Sex], Known: sexWords[known.Core.Sex]},
	}}
	left, right := mine.fields(), known.fields()
	says := map[string]bool{}
	for _, name := range filled(row.texts) {
		says[name] = true
	}
	for _, name := range Fields(Members) {
		if _, is := left[name]; !is || left[name].empty() && right[name].empty() {
			continue
		}
		c := Compared{Name: name, Row: left[name].String(), Known: right[name].String()}
		c.Settable = f.Twin.Person != 0 && says[name] && c.Row != c.Known
		c.Chosen = c.Settable && (len(d.Fields) == 0 && right[name].empty() || slices.Contains(d.Fields, name))
		p.Fields = append(p.Fields, c)
	}
	return p, nil
}
