package tally

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// Batch is what Fold will write: the rows that change with the next entries of
// the journal and with the moves that came with them.
type Batch struct {
	from        cursor
	position    int64
	entries     int
	rows        []Row
	corrections []correction
	moves       []move
}

// Empty reports whether there is nothing to fold.
func (b Batch) Empty() bool { return b.entries == 0 && len(b.moves) == 0 }

// Entries is how many entries of the journal the batch counts.
func (b Batch) Entries() int { return b.entries }

type cursor struct {
	position, version int64
}

// correction is by how much a closed month changed on a day.
type correction struct {
	place
	day clock.Date
	Figures
}

// move is a unit whose figures still lie under former parents.
type move struct {
	unit    orgtree.ID
	stays   []stay
	at      time.Time
	version int64
}

// Begun reports whether the journal is followed. If not, Recount begins it.
func Begun(tx *db.Tx) (bool, error) {
	_, begun, err := readCursor(tx)
	return begun, err
}

func readCursor(tx *db.Tx) (cursor, bool, error) {
	return db.Maybe(tx, func(row db.Row) (c cursor, err error) {
		return c, row.Scan(&c.position, &c.version)
	}, `SELECT position, version FROM tally_cursor WHERE id = 1`)
}

// Arrange counts at most max placed entries that are not counted yet, and takes
// moved units along. It writes nothing: it may run in a View, so that writers do
// not wait. Before the records were counted once (Begun), it finds nothing.
func Arrange(tx *db.Tx, max int) (Batch, error) {
	from, begun, err := readCursor(tx)
	if err != nil || !begun {
		return Batch{}, err
	}
	b := Batch{from: from, position: from.position}
	if b.moves, err = pendingMoves(tx); err != nil {
		return Batch{}, err
	}
	added, err := journal.Additions(tx, from.position, max)
	if err != nil {
		return Batch{}, err
	}
	if b.entries = len(added); b.Empty() {
		return b, nil
	}
	changes := folding{tx: tx, tree: tree{}, days: map[clock.Date]*Counts{}}
	if err := changes.tree.before(tx, b.moves); err != nil {
		return Batch{}, err
	}
	if err := changes.count(added); err != nil {
		return Batch{}, err
	}
	if err := changes.move(b.moves); err != nil {
		return Batch{}, err
	}
	if b.entries > 0 {
		b.position = added[b.entries-1].Position
	}
	return b, b.add(tx, changes.days)
}

func pendingMoves(tx *db.Tx) ([]move, error) {
	return db.All(tx, func(row db.Row) (m move, err error) {
		var packed string
		if err := row.Scan(&m.unit, &packed, db.Instant(&m.at), &m.version); err != nil {
			return m, err
		}
		var parents []orgtree.Parenthood
		err = json.Unmarshal([]byte(packed), &parents)
		m.stays = staysOf(parents)
		return m, err
	}, `SELECT unit_id, parents, at, version FROM tally_move ORDER BY unit_id`)
}

// folding gathers changes of rows by the day on which each was entered, in the
// tree as the figures have followed it.
type folding struct {
	tx   *db.Tx
	tree tree
	days map[clock.Date]*Counts
}

func (f *folding) on(day clock.Date) *Counts {
	if f.days[day] == nil {
		f.days[day] = &Counts{}
	}
	return f.days[day]
}

// count spreads what the entries add.
func (f *folding) count(added []journal.Addition) error {
	own := map[clock.Date]*Counts{}
	for _, a := range added {
		if a.Figures == "" {
			continue
		}
		day := clock.DateOf(a.At)
		if own[day] == nil {
			own[day] = &Counts{}
		}
		if err := own[day].unpack(a.Figures); err != nil {
			return err
		}
	}
	for day, counts := range own {
		if err := f.spread(counts, day); err != nil {
			return err
		}
	}
	return nil
}

func (f *folding) spread(own *Counts, day clock.Date) error {
	units := make([]orgtree.ID, 0, len(own.at))
	for at := range own.at {
		units = append(units, at.unit)
	}
	if err := f.tree.load(f.tx, units); err != nil {
		return err
	}
	for at, figures := range own.at {
		f.tree.spread(f.on(day), at, figures, 1)
	}
	return nil
}

// move takes the rows of moved units from those above them to those that the
// tree of today has there. All are taken down before the first is hung up: one
// by one, a unit could come to hang below itself.
func (f *folding) move(moves []move) error {
	for _, m := range moves {
		if err := f.rehang(m, func() error {
			f.tree[m.unit] = nil
			return nil
		}); err != nil {
			return err
		}
	}
	for _, m := range moves {
		if err := f.rehang(m, func() error {
			delete(f.tree, m.unit)
			return f.tree.load(f.tx, []orgtree.ID{m.unit})
		}); err != nil {
			return err
		}
	}
	return nil
}

// rehang takes a unit's rows from those above it to those above it after the
// change of the tree.
func (f *folding) rehang(m move, change func() error) error {
	rows, err := f.rowsOf(m.unit)
	if err != nil {
		return err
	}
	into := f.on(clock.DateOf(m.at))
	for month, figures := range rows {
		f.tree.spread(into, place{m.unit, month}, figures, -1)
	}
	if err := change(); err != nil {
		return err
	}
	for month, figures := range rows {
		f.tree.spread(into, place{m.unit, month}, figures, 1)
	}
	return nil
}

// rowsOf are the rows of a unit with the changes gathered so far.
func (f *folding) rowsOf(unit orgtree.ID) (map[clock.Month]Figures, error) {
	rows := map[clock.Month]Figures{}
	err := db.Each(f.tx, scanRow, func(r Row) error {
		rows[r.Month] = r.Figures
		return nil
	}, `SELECT unit_id, month, figures FROM tally WHERE unit_id = $1`, unit)
	for _, counts := range f.days {
		for at, figures := range counts.at {
			if at.unit == unit {
				rows[at.month] = rows[at.month].Plus(figures)
			}
		}
	}
	return rows, err
}

// add makes the changes into rows as they will be, and notes those of months
// that were closed on their day.
func (b *Batch) add(tx *db.Tx, days map[clock.Date]*Counts) error {
	var all Counts
	for _, counts := range days {
		for at, figures := range counts.at {
			all.add(at, figures, 1)
		}
	}
	stored, err := storedAt(tx, all.places())
	if err != nil {
		return err
	}
	for _, at := range all.places() {
		b.rows = append(b.rows, Row{at.unit, at.month, stored[at].Plus(all.at[at])})
	}
	return b.correct(tx, days)
}

func (b *Batch) correct(tx *db.Tx, days map[clock.Date]*Counts) error {
	closing, err := closingDay(tx)
	if err != nil {
		return err
	}
	for _, day := range slices.SortedFunc(maps.Keys(days), clock.Date.Compare) {
		for _, at := range days[day].places() {
			if day.Before(closing(at.month)) {
				continue
			}
			noted, _, err := db.Maybe(tx, db.Column[Figures], `SELECT figures FROM tally_correction
				WHERE unit_id = $1 AND month = $2 AND day = $3`, at.unit, at.month, day)
			if err != nil {
				return err
			}
			b.corrections = append(b.corrections, correction{at, day, noted.Plus(days[day].at[at])})
		}
	}
	return nil
}

// closingDay tells from which day on a month is closed.
func closingDay(tx *db.Tx) (func(clock.Month) clock.Date, error) {
	day, err := rulepack.Of(tx).Int("figures.close", rulepack.DayOfMonth, "", clock.DateOf(tx.Now))
	closings := map[clock.Month]clock.Date{}
	return func(month clock.Month) clock.Date {
		closing, known := closings[month]
		if !known {
			closing = month.Add(1).First().AddDays(day - 1)
			closings[month] = closing
		}
		return closing
	}, err
}

// storedAt are the rows of the places, which are asked for month by month.
func storedAt(tx *db.Tx, places []place) (map[place]Figures, error) {
	units := map[clock.Month][]orgtree.ID{}
	for _, at := range places {
		units[at.month] = append(units[at.month], at.unit)
	}
	stored := make(map[place]Figures, len(places))
	for month, list := range units {
		if err := inLots(list, func(lot []any) error {
			return db.Each(tx, scanRow, func(r Row) error {
				stored[place{r.Unit, r.Month}] = r.Figures
				return nil
			}, `SELECT unit_id, month, figures FROM tally WHERE unit_id IN (`+lotMarks+`) AND month = $`+lotNext, append(lot, month)...)
		}); err != nil {
			return nil, err
		}
	}
	return stored, nil
}

// Fold writes the batch and moves on behind its entries. Whoever folded since it
// was arranged, or moved one of its units again, makes it errs.Conflict: so
// each entry is counted once, whatever ends a program in between.
func Fold(tx *db.Tx, b Batch) error {
	if err := tx.Change(`UPDATE tally_cursor SET position = $1, version = version + 1 WHERE id = 1 AND version = $2`,
		b.position, b.from.version); err != nil {
		return err
	}
	for _, m := range b.moves {
		if err := tx.Change(`DELETE FROM tally_move WHERE unit_id = $1 AND version = $2`, m.unit, m.version); err != nil {
			return err
		}
	}
	if err := writeRows(tx, b.rows); err != nil {
		return err
	}
	for _, c := range b.corrections {
		if _, err := tx.Exec(`INSERT INTO tally_correction (unit_id, month, day, figures) VALUES ($1, $2, $3, $4)
			ON CONFLICT (unit_id, month, day) DO UPDATE SET figures = excluded.figures`, c.unit, c.month, c.day, c.String()); err != nil {
			return err
		}
	}
	return nil
}

func writeRows(tx *db.Tx, rows []Row) error {
	for _, size := range []int{32, 4, 1} {
		for ; len(rows) >= size; rows = rows[size:] {
			values, args := make([]string, size), make([]any, 0, 3*size)
			for i, r := range rows[:size] {
				values[i] = "(" + marks(3*i+1, 3) + ")"
				args = append(args, r.Unit, r.Month, r.String())
			}
			if _, err := tx.Exec(`INSERT INTO tally (unit_id, month, figures) VALUES `+strings.Join(values, ", ")+
				` ON CONFLICT (unit_id, month) DO UPDATE SET figures = excluded.figures`, args...); err != nil {
				return err
			}
		}
	}
	return nil
}
