package intake

import (
	"strconv"
	"strings"
	"unicode"

	"chibo/internal/domain/member"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/text"
)

// person is a member as a row describes one: what the register takes, and the
// names of the cell and the party group, which are looked up.
type person struct {
	member.New
	unit, group string
}

// people reads rows of a register of members.
type people struct {
	// today bounds all days, grown the births.
	today, grown clock.Date
	// capitals: the sheet writes all names in capitals, and means none by it.
	capitals bool
}

// read turns the texts of a row into a member.
func (p people) read(r *row) person {
	var n person
	n.unit, n.group = r.texts["unit"], r.texts["group"]
	n.From = r.day("from", p.today)
	n.BirthName, n.Name = p.names(r)
	n.Sex, n.Birth = sexAndBirth(r, p.grown)
	n.Card, n.CVNumber = card(r.texts["card"]), r.texts["cv_number"]
	n.Admitted, n.Ceremony, n.Recognised = r.day("admitted", p.today), r.day("ceremony", p.today), r.day("recognised", p.today)
	n.Inactive = months(r)
	n.Status = status(r, n.Recognised)
	for name, into := range n.CV.Lines() {
		*into = r.texts[name]
	}
	n.CV.Schooling = schooling(n.CV.Schooling)
	n.CV.Phone = phone(n.CV.Phone)
	n.CV.UnionJoined = r.day("union_joined", p.today)
	return n
}

// names joins a name that stands in two columns.
func (p people) names(r *row) (birth, used string) {
	birth, used = r.texts["birth_name"], r.texts["name"]
	if given := r.texts["given_name"]; given != "" {
		family := r.texts["family_name"]
		if family == "" {
			family = birth
		}
		birth = text.Line(family + " " + given)
	}
	if p.capitals {
		birth, used = capitalised(birth), capitalised(used)
	}
	return birth, used
}

// capitalised writes each word with one capital.
func capitalised(name string) string {
	words := strings.Fields(strings.ToLower(name))
	for i, word := range words {
		runes := []rune(word)
		runes[0] = unicode.ToUpper(runes[0])
		words[i] = string(runes)
	}
	return strings.Join(words, " ")
}

// sexAndBirth reads both, which many registers write as one: the day of birth
// stands in the column of the sex.
func sexAndBirth(r *row, latest clock.Date) (sex member.Sex, birth clock.Date) {
	birth = r.day("birth", latest)
	if written := r.texts["sex"]; written != "" {
		male, ok := sexOf(written)
		switch {
		case isMark(written): // the column asks for one of the sexes only
			r.wrong("sex", "intake.error.sex_mark")
		case !ok:
			r.wrong("sex", "intake.error.sex", written)
		default:
			sex = sexFor(male)
		}
	}
	man, woman := r.texts["male"] != "", r.texts["female"] != ""
	if r.texts["birth_male"] != "" {
		man, birth = true, r.day("birth_male", latest)
	}
	if r.texts["birth_female"] != "" {
		woman, birth = true, r.day("birth_female", latest)
	}
	switch {
	case man && woman:
		r.wrong("sex", "intake.error.both_sexes")
	case man || woman:
		sex = sexFor(man)
	case sex == "" && r.oneBox():
		// One box only, "Nữ": without a mark it is the other sex.
		sex = sexFor(!r.has("male"))
	}
	return sex, birth
}

func sexFor(male bool) member.Sex {
	if male {
		return member.Male
	}
	return member.Female
}

// oneBox reports that the sheet has a box for one of the sexes, and nothing
// else that tells.
func (r *row) oneBox() bool {
	return r.has("male") != r.has("female") && !r.has("sex")
}

// has reports whether a column is read into the field, filled in this row or not.
func (r *row) has(field string) bool { _, ok := r.orders[field]; return ok }

// card is the number without what stands between its digits.
func card(written string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" .-", r) {
			return -1
		}
		return r
	}, written)
}

func months(r *row) int {
	written := r.texts["inactive"]
	if written == "" {
		return 0
	}
	n, err := strconv.Atoi(written)
	if err != nil {
		r.wrong("inactive", "errs.number")
	}
	return n
}

// status takes the word, or where there is none the day of recognition.
func status(r *row, recognised clock.Date) member.Status {
	switch text.Fold(r.texts["status"]) {
	case "chinh thuc", "dang vien chinh thuc", "ct", "dvct", "official":
		return member.Official
	case "du bi", "dang vien du bi", "db", "dvdb", "probationary":
		return member.Probationary
	case "":
		if recognised.IsZero() && r.texts["recognised"] == "" {
			return member.Probationary
		}
		return member.Official
	}
	r.wrong("status", "member.error.status")
	return member.Probationary
}

// schooling undoes what Excel makes of 12/12: the 12th of December.
func schooling(written string) string {
	day, month, ok := strings.Cut(written, "/")
	month, year, dated := strings.Cut(month, "/")
	if !ok || !dated || len(year) != 4 {
		return written
	}
	d, err1 := strconv.Atoi(day)
	m, err2 := strconv.Atoi(month)
	if err1 != nil || err2 != nil || m != 10 && m != 12 || d > m {
		return written
	}
	return strconv.Itoa(d) + "/" + strconv.Itoa(m)
}

// phone puts back the zero that Excel takes off a number.
func phone(written string) string {
	digits := card(written)
	if len(digits) == 9 && digits[0] != '0' && strings.Trim(digits, "0123456789") == "" {
		return "0" + digits
	}
	return written
}
