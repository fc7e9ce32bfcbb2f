package score

import (
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// Find is the confirmed sheet of a meeting. Who reads scores at the unit may;
// members once the meeting is published (errs.Denied before). A meeting without
// a confirmed sheet is errs.NotFound.
func Find(tx *db.Tx, by access.Actor, of meeting.ID) (Sheet, error) {
	s, err := load(tx, by, access.ScoreRead, of)
	if err != nil {
		return Sheet{}, err
	}
	if s.PublishedAt.IsZero() && !watches(by, s.at, of) {
		return Sheet{}, errs.New(errs.Denied, "score.error.not_published")
	}
	sheet, found, err := find(tx, of)
	if err != nil {
		return Sheet{}, err
	}
	if !found {
		return Sheet{}, errs.New(errs.NotFound, "score.error.none")
	}
	return s.dress(sheet), nil
}

// Figure is a confirmed sheet as tables of many units show it.
type Figure struct {
	Meeting meeting.ID
	Unit    orgtree.ID
	Month   meeting.Month
	Totals
	// Gaps counts the lines whose claim differs from the evidence.
	Gaps int
}

const figureColumns = `s.meeting_id, s.unit_id, s.month, s.claimed, s.evidence, s.proven, s.proven_most, s.reachable, s.whole,
	s.class, s.class_label, s.evidence_class, s.evidence_label,
	(SELECT count(*) FROM score_line l WHERE l.meeting_id = s.meeting_id
		AND l.claimed <> CASE WHEN NOT l.counted THEN 0 WHEN l.decided THEN l.proposed ELSE l.claimed END)`

func scanFigure(row db.Row) (f Figure, err error) {
	return f, row.Scan(&f.Meeting, &f.Unit, &f.Month, &f.Claimed, &f.Evidence, &f.Proven, &f.ProvenMost, &f.Reachable, &f.Whole,
		&f.Class.ID, &f.Class.Label, &f.EvidenceClass.ID, &f.EvidenceClass.Label, &f.Gaps)
}

// Of are the confirmed sheets of the units in a scope, from one month to
// another, both included, by unit and month: in one question, for the tables of
// the levels above. It gives those that the actor oversees, and no others.
func Of(tx *db.Tx, by access.Actor, within orgtree.Scope, from, to meeting.Month) ([]Figure, error) {
	oversees, err := by.Scope(tx, access.OverviewRead)
	if err != nil {
		return nil, err
	}
	args := []any{from, to}
	inside, more := within.Where("s.unit_id", len(args)+1)
	args = append(args, more...)
	readable, more := oversees.Where("s.unit_id", len(args)+1)
	args = append(args, more...)
	return db.All(tx, scanFigure, `SELECT `+figureColumns+` FROM score s WHERE s.month >= $1 AND s.month <= $2
		AND `+inside+` AND `+readable+` ORDER BY s.unit_id, s.month`, args...)
}

// YearFigures are a unit's sheets of a year and their average, which the yearly
// evaluation uses (rules 23). Months without a sheet are not in the average.
type YearFigures struct {
	Unit   orgtree.ID
	Year   int
	Months []Figure
	// Claimed and Evidence are averages in tenths of a point, rounded down.
	Claimed, Evidence int
	// Class and EvidenceClass are those of the averages; none without a sheet.
	Class, EvidenceClass Class
}

// Year is what a unit scored in a year. Who reads scores there may; the sheets
// of meetings that the actor may not read yet are left out.
func Year(tx *db.Tx, by access.Actor, of orgtree.ID, year int) (YearFigures, error) {
	at, err := access.Require(tx, by, access.ScoreRead, of)
	if err != nil {
		return YearFigures{}, err
	}
	january := meeting.MonthOf(clock.NewDate(year, 1, 1))
	all, err := db.All(tx, scanFigure, `SELECT `+figureColumns+` FROM score s WHERE s.unit_id = $1 AND s.month >= $2 AND s.month <= $3 ORDER BY s.month`,
		of, january, january.Add(11))
	if err != nil {
		return YearFigures{}, err
	}
	y := YearFigures{Unit: of, Year: year}
	for _, f := range all {
		readable, err := reads(tx, by, at, f.Meeting)
		if err != nil {
			return YearFigures{}, err
		}
		if readable {
			y.Months = append(y.Months, f)
		}
	}
	return y, y.average(tx, at)
}

// reads reports whether the actor may read the sheet of the meeting.
func reads(tx *db.Tx, by access.Actor, at orgtree.Unit, of meeting.ID) (bool, error) {
	m, err := meeting.Find(tx, by, of)
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	return !m.PublishedAt.IsZero() || watches(by, at, of), err
}

// average is judged by the sheet of the year's last scored month. An average
// below a class's first point does not reach the class.
func (y *YearFigures) average(tx *db.Tx, at orgtree.Unit) error {
	n := len(y.Months)
	if n == 0 {
		return nil
	}
	claimed, evidence := 0, 0
	for _, f := range y.Months {
		claimed += f.Claimed
		evidence += f.Evidence
	}
	last := y.Months[n-1].Month.First()
	rules, _, err := rulepack.Rule[rulepack.ScoreSheet](rulepack.Of(tx), "scoresheet", unit.Province(at), last)
	if err != nil {
		return err
	}
	y.Claimed, y.Evidence = 10*claimed/n, 10*evidence/n
	y.Class, y.EvidenceClass = classOf(rules, claimed/n), classOf(rules, evidence/n)
	return nil
}
