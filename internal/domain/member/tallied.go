package member

import (
	"slices"
	"strings"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/text"
)

// What is counted of members, at each cell while they belong to it: how many,
// and how they are composed (rules 25.1). What the register knows of somebody
// today holds for all their months.
var (
	TallyOfficial     = tally.Measure{ID: 1000, Key: "members.official"}
	TallyProbationary = tally.Measure{ID: 1001, Key: "members.probationary"}
	TallySexes        = tally.Measure{ID: 1002, Key: "members.sex", Size: 3, Names: []string{string(Male), string(Female)}}
	// TallyExpertise is by the highest level of training, TallyTheory by that of
	// political theory, TallySchooling by that of general school.
	TallyExpertise = tally.Measure{ID: 1010, Key: "members.expertise", Size: 10, Names: []string{
		"elementary", "intermediate", "college", "university", "master", "doctor",
	}}
	TallyTheory    = tally.Measure{ID: 1020, Key: "members.theory", Size: 10, Names: []string{"elementary", "intermediate", "advanced"}}
	TallySchooling = tally.Measure{ID: 1030, Key: "members.schooling", Size: 10, Names: []string{"primary", "lower_secondary", "upper_secondary"}}
	// TallyEthnic is by ethnic group, TallyBirths by year of birth: see BirthYear.
	TallyEthnic = tally.Measure{ID: 1040, Key: "members.ethnic", Size: 60, Names: ethnicGroups}
	TallyBirths = tally.Measure{ID: 1100, Key: "members.birth", Size: 200}
)

// Tallied counts members for the figures.
var Tallied = tally.Source{
	Measures: []tally.Measure{
		TallyOfficial, TallyProbationary, TallySexes, TallyExpertise, TallyTheory, TallySchooling, TallyEthnic, TallyBirths,
	},
	Count: recount,
}

const beforeBirths = 1899

// BirthYear is the year that an index of TallyBirths stands for; 0 is unknown.
func BirthYear(index int) int {
	if index == 0 {
		return 0
	}
	return beforeBirths + index
}

// ethnicGroups are the 54 of the country, in the order of the official list.
var ethnicGroups = []string{
	"Kinh", "Tày", "Thái", "Hoa", "Khmer", "Mường", "Nùng", "Mông", "Dao", "Gia Rai", "Ngái", "Ê Đê", "Ba Na", "Xơ Đăng", "Sán Chay",
	"Cơ Ho", "Chăm", "Sán Dìu", "Hrê", "Mnông", "Ra Glai", "Xtiêng", "Bru - Vân Kiều", "Thổ", "Giáy", "Cơ Tu", "Gié Triêng", "Mạ",
	"Khơ Mú", "Co", "Tà Ôi", "Chơ Ro", "Kháng", "Xinh Mun", "Hà Nhì", "Chu Ru", "Lào", "La Chí", "La Ha", "Phù Lá", "La Hủ", "Lự",
	"Lô Lô", "Chứt", "Mảng", "Pà Thẻn", "Cơ Lao", "Cống", "Bố Y", "Si La", "Pu Péo", "Brâu", "Ơ Đu", "Rơ Măm",
}

// ethnicByFold finds a group however its name is written; some have a second.
var ethnicByFold = func() map[string]string {
	byFold := map[string]string{
		"viet": "Kinh", "h mong": "Mông", "hmong": "Mông", "meo": "Mông", "ede": "Ê Đê", "bana": "Ba Na", "jrai": "Gia Rai", "gia lai": "Gia Rai",
		"khome": "Khmer", "kho me": "Khmer", "cao lan": "Sán Chay", "van kieu": "Bru - Vân Kiều", "bru": "Bru - Vân Kiều", "raglai": "Ra Glai",
		"so dang": "Xơ Đăng", "m nong": "Mnông", "stieng": "Xtiêng", "k ho": "Cơ Ho", "koho": "Cơ Ho", "co tu": "Cơ Tu", "hre": "Hrê",
	}
	for _, name := range ethnicGroups {
		byFold[text.Fold(name)] = name
	}
	return byFold
}()

// level is one that a text names if one of the words stands in it; each has a
// space before and behind it.
type level struct {
	name  string
	words []string
}

func levelNamed(name string, words ...string) level {
	for i, word := range words {
		words[i] = " " + word + " "
	}
	return level{name, words}
}

// The levels of training, the highest first: "Thạc sĩ, cử nhân" is the first
// that it names.
var (
	expertiseLevels = []level{
		levelNamed("doctor", "tien si"),
		levelNamed("master", "thac si", "bac si chuyen khoa"),
		levelNamed("university", "dai hoc", "cu nhan", "ky su", "bac si", "duoc si", "kien truc su"),
		levelNamed("college", "cao dang"),
		levelNamed("intermediate", "trung cap", "trung hoc chuyen nghiep"),
		levelNamed("elementary", "so cap", "cong nhan ky thuat"),
	}
	theoryLevels = []level{
		levelNamed("advanced", "cao cap", "cu nhan"),
		levelNamed("intermediate", "trung cap"),
		levelNamed("elementary", "so cap"),
	}
	schoolLevels = []level{
		levelNamed("upper_secondary", "12 12", "11 12", "10 12", "10 10", "9 10", "8 10", "trung hoc pho thong", "thpt", "cap iii", "cap 3"),
		levelNamed("lower_secondary", "9 12", "8 12", "7 12", "6 12", "7 10", "6 10", "5 10", "trung hoc co so", "thcs", "cap ii", "cap 2"),
		levelNamed("primary", "5 12", "4 12", "3 12", "2 12", "1 12", "4 10", "3 10", "2 10", "1 10", "tieu hoc", "cap i", "cap 1"),
	}
)

// levelOf is the first level that the text names. Who is still learning for one
// does not have it.
func levelOf(levels []level, words string) string {
	words = " " + text.Fold(words) + " "
	if strings.HasPrefix(words, " dang hoc ") {
		return ""
	}
	for _, l := range levels {
		for _, word := range l.words {
			if strings.Contains(words, word) {
				return l.name
			}
		}
	}
	return ""
}

// life is what decides where somebody counts, and as what.
type life struct {
	sex    Sex
	birth  clock.Date
	cv     CV
	states []StatusChange
}

// measures are those of which the person is one, beside the state.
func (l life) measures() []tally.Measure {
	year := 0
	if !l.birth.IsZero() {
		year = l.birth.Year() - beforeBirths
	}
	return []tally.Measure{
		TallySexes.Of(string(l.sex)),
		TallyExpertise.Of(levelOf(expertiseLevels, l.cv.Degree+", "+l.cv.Expertise)),
		TallyTheory.Of(levelOf(theoryLevels, l.cv.Theory)),
		TallySchooling.Of(levelOf(schoolLevels, l.cv.Schooling)),
		TallyEthnic.Of(ethnicByFold[text.Fold(l.cv.Ethnic)]),
		TallyBirths.At(year),
	}
}

// tallied is what the person adds at a place, from each step of membership to the
// next, as long as the place lasts.
func (l life) tallied(p Place) (c tally.Counts) {
	var composed []tally.Measure
	for i, s := range l.states {
		from, to := s.From, p.To
		if from.Before(p.From) {
			from = p.From
		}
		if i+1 < len(l.states) && (to.IsZero() || l.states[i+1].From.Before(to)) {
			to = l.states[i+1].From
		}
		if !s.Status.Active() || !to.IsZero() && !from.Before(to) {
			continue
		}
		if composed == nil {
			composed = l.measures()
		}
		state := TallyOfficial
		if s.Status == Probationary {
			state = TallyProbationary
		}
		since, until := clock.MonthOf(from), clock.MonthOf(to)
		for _, m := range append(slices.Clip(composed), state) {
			c.Add(p.Unit, since, m, 1)
			if !to.IsZero() {
				c.Add(p.Unit, until, m, -1)
			}
		}
	}
	return c
}

// tallied is what a new person adds.
func (e entry) tallied() tally.Counts {
	return life{e.Sex, e.Birth, e.cv, e.states()}.tallied(Place{Unit: e.Unit, From: e.from})
}

// talliedOf is what a person adds as the register says it now.
func talliedOf(tx *db.Tx, person ID) (c tally.Counts, err error) {
	err = eachPlace(tx, `w.person_id = $1`, []any{person}, func(_ ID, at tally.Counts) { c.Include(at) })
	return c, err
}

// noteLife journals a change of a person who added lived to the figures before
// it.
func noteLife(tx *db.Tx, by access.Actor, lived tally.Counts, c journal.Change) error {
	now, err := talliedOf(tx, ID(c.ID))
	if err != nil {
		return err
	}
	c.Figures = now.Minus(lived).String()
	return journal.Write(tx, by, c)
}

// recount counts the people of some units from the register.
func recount(tx *db.Tx, units []orgtree.ID, into *tally.Counts) error {
	where, args := tally.In("w.unit_id", 1, units)
	return eachPlace(tx, where, args, func(_ ID, at tally.Counts) { into.Include(at) })
}

// eachPlace hands on what people add at each place that meets the condition.
func eachPlace(tx *db.Tx, where string, args []any, fn func(ID, tally.Counts)) error {
	type step struct {
		person ID
		StatusChange
	}
	states := map[ID][]StatusChange{}
	if err := db.Each(tx, func(row db.Row) (s step, err error) {
		return s, row.Scan(&s.person, &s.Status, &s.From)
	}, func(s step) error {
		states[s.person] = append(states[s.person], s.StatusChange)
		return nil
	}, `SELECT s.person_id, s.status, s.from_day FROM person_status s
		WHERE s.person_id IN (SELECT w.person_id FROM person_unit w WHERE `+where+`) ORDER BY s.person_id, s.from_day, s.id`, args...); err != nil {
		return err
	}
	type stay struct {
		person ID
		place  Place
		life
	}
	return db.Each(tx, func(row db.Row) (s stay, err error) {
		return s, row.Scan(&s.person, &s.place.Unit, &s.place.From, &s.place.To, &s.sex, &s.birth,
			db.Text(&s.cv.Ethnic), db.Text(&s.cv.Schooling), db.Text(&s.cv.Expertise), db.Text(&s.cv.Degree), db.Text(&s.cv.Theory))
	}, func(s stay) error {
		s.states = states[s.person]
		fn(s.person, s.tallied(s.place))
		return nil
	}, `SELECT w.person_id, w.unit_id, w.from_day, w.to_day, p.sex, p.birth, f.ethnic_group, f.schooling, f.expertise, f.degree, f.theory
		FROM person_unit w JOIN person p ON p.id = w.person_id LEFT JOIN person_file f ON f.person_id = p.id WHERE `+where, args...)
}
