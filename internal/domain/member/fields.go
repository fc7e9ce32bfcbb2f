package member

import (
	"iter"
	"strings"

	"chibo/internal/domain/unit"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/text"
)

// Longest texts, in letters, and digits of a card number (HD38 II.2.2a).
const (
	longestName = 100
	longestLine = 200
	cardDigits  = 12
)

// limits are what the checks measure against, read once for many rows.
type limits struct {
	today clock.Date
	// adult is the least age in years at admission.
	adult int
	// probation is its length in months.
	probation int
}

func limitsAt(tx *db.Tx, u orgtree.Unit) (limits, error) {
	l := limits{today: clock.DateOf(tx.Now)}
	rules, province := rulepack.Of(tx), unit.Province(u)
	var err error
	if l.adult, err = rules.Int("admission.age.min", rulepack.Year, province, l.today); err != nil {
		return l, err
	}
	l.probation, err = rules.Int("probation.length", rulepack.Month, province, l.today)
	return l, err
}

func (c Core) clean() Core {
	c.BirthName, c.Name = text.Line(c.BirthName), text.Line(c.Name)
	if c.Name == "" {
		c.Name = c.BirthName
	}
	c.Card = cardNumber(c.Card)
	c.CVNumber = text.Line(c.CVNumber)
	return c
}

// line is a text of a CV with the name of its field.
type line struct {
	field string
	text  *string
}

func (v *CV) lines() [17]line {
	return [...]line{
		{"other_names", &v.OtherNames},
		{"birthplace", &v.Birthplace},
		{"home", &v.Home},
		{"residence", &v.Residence},
		{"ethnic", &v.Ethnic},
		{"religion", &v.Religion},
		{"occupation", &v.Occupation},
		{"schooling", &v.Schooling},
		{"expertise", &v.Expertise},
		{"degree", &v.Degree},
		{"academic_title", &v.AcademicTitle},
		{"theory", &v.Theory},
		{"languages", &v.Languages},
		{"computing", &v.Computing},
		{"minority_languages", &v.MinorityLanguages},
		{"union_place", &v.UnionPlace},
		{"phone", &v.Phone},
	}
}

// Lines are the texts of a CV, by the names of their fields.
func (v *CV) Lines() iter.Seq2[string, *string] {
	return func(yield func(string, *string) bool) {
		for _, l := range v.lines() {
			if !yield(l.field, l.text) {
				return
			}
		}
	}
}

func (v CV) clean() CV {
	for _, l := range v.lines() {
		*l.text = text.Line(*l.text)
	}
	return v
}

func (v CV) check(wrong *errs.Fields, l limits) {
	for _, each := range v.lines() {
		atMost(wrong, each.field, *each.text, longestLine)
	}
	notFuture(wrong, "union_joined", v.UnionJoined, l.today)
}

// check says what is wrong with a person of the status, each field and the
// fields together.
func (c Core) check(wrong *errs.Fields, status Status, l limits) {
	need(wrong, "birth_name", c.BirthName, longestName)
	need(wrong, "name", c.Name, longestName)
	wrong.Check(c.Sex == "" || c.Sex == Male || c.Sex == Female, "sex", "member.error.sex")
	wrong.Check(c.Card == "" || (digits(c.Card) && len(c.Card) <= cardDigits), "card", "member.error.card", cardDigits)
	atMost(wrong, "cv_number", c.CVNumber, longestName)
	wrong.Check(c.Inactive >= 0 && c.Inactive < 12*100, "inactive", "errs.range", 0, 12*100-1)
	for _, each := range [...]struct {
		field string
		day   clock.Date
	}{{"birth", c.Birth}, {"admitted", c.Admitted}, {"ceremony", c.Ceremony}, {"recognised", c.Recognised}} {
		notFuture(wrong, each.field, each.day, l.today)
		wrong.Check(each.day.IsZero() || each.day.Year() >= 1900, each.field, "errs.date")
	}
	if status != Outside {
		c.checkMembership(wrong, status, l)
	}
}

func (c Core) checkMembership(wrong *errs.Fields, status Status, l limits) {
	wrong.Check(c.Sex != "", "sex", "errs.required")
	wrong.Check(!c.Birth.IsZero(), "birth", "errs.required")
	wrong.Check(!c.Ceremony.IsZero(), "ceremony", "errs.required")
	ordered(wrong, "ceremony", c.Admitted, c.Ceremony, "member.error.ceremony_before_decision")
	ordered(wrong, "recognised", c.Ceremony, c.Recognised, "member.error.recognised_before_ceremony")
	if admitted := c.AdmittedOn(); !admitted.IsZero() && !c.Birth.IsZero() {
		wrong.Check(c.Birth.AddMonths(12*l.adult).Compare(admitted) <= 0, "birth", "member.error.too_young", l.adult)
	}
	switch status {
	case Official:
		wrong.Check(!c.Recognised.IsZero(), "recognised", "errs.required")
	case Probationary:
		wrong.Check(c.Recognised.IsZero(), "recognised", "member.error.not_recognised")
		wrong.Check(c.Card == "", "card", "member.error.card_before_recognition") // QĐ294 6.1.1
	}
}

func ordered(wrong *errs.Fields, field string, first, second clock.Date, key string) {
	wrong.Check(first.IsZero() || second.IsZero() || !second.Before(first), field, key)
}

func notFuture(wrong *errs.Fields, field string, day, today clock.Date) {
	wrong.Check(!day.After(today), field, "member.error.future")
}

func digits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

func need(wrong *errs.Fields, field, value string, limit int) {
	wrong.Check(value != "", field, "errs.required")
	atMost(wrong, field, value, limit)
}

func atMost(wrong *errs.Fields, field, value string, limit int) {
	wrong.Check(text.Length(value) <= limit, field, "errs.too_long", limit)
}

// cardNumber is the number as it is kept, without the signs that divide it on
// paper.
func cardNumber(typed string) string {
	return dividers.Replace(text.Line(typed))
}

var dividers = strings.NewReplacer(" ", "", ".", "", "-", "")
