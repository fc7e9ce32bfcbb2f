// Package planted enters made-up people a second time, as clerks do: with a
// letter wrong, without accents, with day and month exchanged, with another
// card, in another unit. Between them stand people who only look alike: twins
// and namesakes. What the search for duplicates is worth is measured on them.
//
// Everything follows from a seed.
package planted

import (
	"strings"
	"time"

	"chibo/internal/demo/fiction"
	"chibo/internal/domain/duplicate"
	"chibo/internal/domain/likeness"
	"chibo/internal/domain/member"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/text"
)

// Case is what went wrong when somebody was entered a second time, or why two
// only look alike.
type Case string

const (
	Again     Case = "again"      // name and birth as before
	Letter    Case = "letter"     // one letter of the name
	Accents   Case = "accents"    // the name without accents
	Swapped   Case = "swapped"    // day and month of birth exchanged
	Digit     Case = "digit"      // one digit of the birth
	TwoErrors Case = "two_errors" // a letter of the name and a digit of the birth

	Twin     Case = "twin"     // born on one day at one place, and two
	Namesake Case = "namesake" // of one name and one birth, and two
)

// cases of people who were entered twice, with their shares.
var cases = []fiction.Share[Case]{share(30, Again), share(20, Letter), share(15, Accents), share(10, Swapped), share(15, Digit), share(10, TwoErrors)}

func share[T any](part int, value T) fiction.Share[T] {
	return fiction.Share[T]{Part: part, Value: value}
}

// Entered are the cases of people who were entered twice.
func Entered() (list []Case) {
	for _, c := range cases {
		list = append(list, c.Value)
	}
	return list
}

// Pair is two numbers of the register, the smaller first.
type Pair struct{ One, Other member.ID }

// Trial is what a search has to find among the people of a register, and what
// it has to leave alone.
type Trial struct {
	// People are added to the register.
	People []duplicate.Candidate
	// Same are those who were entered twice, Traps those who only look alike.
	Same, Traps map[Pair]Case
}

// Among plants a second record of each of the people, and for every fourth of
// them somebody who only looks like them; numbers are given from first on.
func Among(seed uint64, people []duplicate.Candidate, first member.ID) Trial {
	t := Trial{Same: map[Pair]Case{}, Traps: map[Pair]Case{}}
	next := first
	add := func(c duplicate.Candidate, of member.ID, what Case, into map[Pair]Case) {
		c.ID = next
		next++
		into[Pair{min(of, c.ID), max(of, c.ID)}] = what
		t.People = append(t.People, c)
	}
	for i, of := range people {
		p := planter{fiction.Throw(seed, "planted", i)}
		second, what := p.again(of)
		add(second, of.ID, what, t.Same)
		switch i % 8 {
		case 0:
			add(p.twin(of), of.ID, Twin, t.Traps)
		case 4:
			add(p.namesake(of), of.ID, Namesake, t.Traps)
		}
	}
	return t
}

// Register is a made-up register of people who all are different.
func Register(seed uint64, size int) []duplicate.Candidate {
	list := make([]duplicate.Candidate, size)
	for i := range list {
		d := fiction.Throw(seed, "register", i)
		sex := fiction.One(d, []member.Sex{member.Male, member.Male, member.Female})
		p := planter{d}
		birth := clock.NewDate(1940, 1, 1).AddDays(d.IntN(22_000))
		list[i] = duplicate.Candidate{ID: member.ID(i + 1), Record: likeness.Record{
			Person:   named(fiction.Kinh.Name(d, sex), birth, p.card()),
			Sex:      string(sex),
			Ceremony: birth.AddMonths(12 * d.Between(20, 40)).AddDays(d.IntN(300)),
			Home:     p.home(), Phone: p.phone(),
		}}
	}
	return list
}

func named(name string, birth clock.Date, card string) likeness.Person {
	return likeness.Person{Name: text.Fold(name), Written: name, Birth: birth, Card: card}
}

type planter struct{ fiction.Dice }

// again is the person as somebody enters them a second time.
func (p planter) again(who duplicate.Candidate) (duplicate.Candidate, Case) {
	c, what := who, fiction.ByShare(p.Dice, cases)
	if what == Swapped && (who.Birth.Day() > 12 || who.Birth.Day() == int(who.Birth.Month())) {
		what = Digit
	}
	name, birth := who.Written, who.Birth
	switch what {
	case Letter:
		name = p.slip(name)
	case Accents:
		name = text.Plain(name)
	case Swapped:
		birth = clock.NewDate(birth.Year(), time.Month(birth.Day()), int(birth.Month()))
	case Digit:
		birth = p.otherDigit(birth)
	case TwoErrors:
		name, birth = p.slip(name), p.otherDigit(birth)
	}
	c.Person = named(name, birth, p.otherCard(who.Card))
	c.Ceremony = fiction.ByShare(p.Dice, []fiction.Share[clock.Date]{share(85, who.Ceremony), share(10, p.otherDigit(who.Ceremony)), share(5, who.Ceremony.AddDays(p.Between(7, 400)))})
	c.Home = fiction.ByShare(p.Dice, []fiction.Share[string]{share(70, who.Home), share(20, half(who.Home)), share(5, ""), share(5, p.home())})
	if p.Chance(50) {
		c.Phone = ""
	}
	return c, what
}

// twin has the family, the birth and the home of the person.
func (p planter) twin(of duplicate.Candidate) duplicate.Candidate {
	c := of
	words := strings.Fields(of.Written)
	given := fiction.Kinh.Name(p.Dice, member.Sex(of.Sex))
	words[len(words)-1] = given[strings.LastIndexByte(given, ' ')+1:]
	if p.Chance(30) { // Hùng and Hưng, Lan and Loan
		words = strings.Fields(p.slip(of.Written))
	}
	c.Person = named(strings.Join(words, " "), of.Birth, p.cardLike(of.Card))
	c.Ceremony, c.Phone = of.Ceremony.AddDays(p.Between(30, 2000)), p.phone()
	return c
}

// namesake has the name and the birth of the person and is somebody else.
func (p planter) namesake(of duplicate.Candidate) duplicate.Candidate {
	c := of
	c.Card, c.Home, c.Phone = p.cardLike(of.Card), p.home(), p.phone()
	c.Ceremony = of.Ceremony.AddDays(p.Between(-1500, 1500) | 1)
	return c
}

// slip makes one typing error in a name: a letter too many, missing, another
// one, or two exchanged.
func (p planter) slip(name string) string {
	letters := []rune(name)
	for {
		at := 1 + p.IntN(len(letters)-2)
		wrong := append([]rune(nil), letters...)
		other := rune('a' + p.IntN(26))
		switch p.IntN(4) {
		case 0:
			wrong = append(wrong[:at], append([]rune{other}, letters[at:]...)...)
		case 1:
			wrong = append(wrong[:at], letters[at+1:]...)
		case 2:
			wrong[at] = other
		case 3:
			wrong[at], wrong[at+1] = wrong[at+1], wrong[at]
		}
		if typed := string(wrong); letters[at] != ' ' && letters[at+1] != ' ' && text.Fold(typed) != text.Fold(name) {
			return typed
		}
	}
}

// otherDigit is a day with one digit of it typed wrong that still is a day.
func (p planter) otherDigit(day clock.Date) clock.Date {
	for {
		digits := []byte(day.String())
		at := 2 + p.IntN(len(digits)-2)
		if digits[at] == '-' {
			continue
		}
		digits[at] = byte('0' + p.IntN(10))
		if other, err := clock.ParseDate(string(digits)); err == nil && other != day {
			return other
		}
	}
}

// otherCard is what the second record has for a card: two records cannot have
// the same.
func (p planter) otherCard(card string) string {
	switch n := p.IntN(10); {
	case n < 4 || card == "":
		return ""
	case n < 6:
		return p.card() // the new form, of twelve digits
	case n < 8:
		return p.cardLike(card)
	}
	digits := []byte(card)
	at := p.IntN(len(digits))
	digits[at] = '0' + (digits[at]-'0'+byte(p.Between(1, 9)))%10
	return string(digits)
}

func (p planter) card() string { return p.digits(12) }

// cardLike is a card of the same form.
func (p planter) cardLike(card string) string { return p.digits(len(card)) }

func (p planter) phone() string { return "09" + p.digits(8) }

func (p planter) digits(n int) string {
	var b strings.Builder
	for range n {
		b.WriteByte(byte('0' + p.IntN(10)))
	}
	return b.String()
}

// home is one of some ten thousand communes.
func (p planter) home() string { return "xa so " + p.digits(2) + " huyen so " + p.digits(2) }

// half is a home of which only the larger part was written.
func half(home string) string {
	words := strings.Fields(home)
	return strings.Join(words[len(words)/2:], " ")
}
