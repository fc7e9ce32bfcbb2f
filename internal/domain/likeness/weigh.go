package likeness

import (
	"math"
	"strings"

	"chibo/internal/platform/clock"
	"chibo/internal/platform/text"
)

// Record is a person as the register has them, with what bears out what name
// and birth say, or speaks against it.
type Record struct {
	Person
	Sex      string
	Ceremony clock.Date // "ngày vào Đảng"
	Home     string     // folded
	Phone    string     // digits
}

// Reason is one thing that speaks for two records being of one person, or
// against it.
type Reason string

const (
	AccentsDiffer  Reason = "accents"        // only the accents of the names differ
	CardZeros      Reason = "card_zeros"     // one card, written with zeros before it or without
	CardNear       Reason = "card_near"      // the cards are a typing error apart
	CardDiffers    Reason = "card_differs"   // two cards of one form
	CeremonySame   Reason = "ceremony"       // one day of joining the Party
	CeremonyNear   Reason = "ceremony_near"  // these days are a typing error apart
	CeremonyOther  Reason = "ceremony_other" // they are not
	HomeSame       Reason = "home"           // one native place
	HomeOther      Reason = "home_other"     // two
	PhoneSame      Reason = "phone"          // one telephone number
	SexesDiffer    Reason = "sex"            // a man and a woman
	ManyOfThatName Reason = "common_name"    // so many bear the name that it says little
)

// Reasons are all but the kinds, in the order in which they are told.
var Reasons = []Reason{
	CardZeros, CardNear, CeremonySame, CeremonyNear, HomeSame, PhoneSame, AccentsDiffer,
	CardDiffers, CeremonyOther, HomeOther, SexesDiffer, ManyOfThatName,
}

// Verdict is what the comparison of two records comes to.
type Verdict struct {
	Kind    Kind
	Reasons []Reason
	// Score is how likely it is, of 100, that the records are of one person.
	Score int
}

// Likely is the score from which on people are asked.
const Likely = 50

// What is taken to be so in a register. The odds of two records being of one
// person are how often people are entered twice with such a slip, over how many
// strangers would agree so by chance.
const (
	// twice is the share of people who are in the register a second time.
	twice = 0.01
	// births are days of birth that people are spread over.
	births = 20_000
	// nearBirths are days that differ from one in a single digit.
	nearBirths = 25
	// nearNames: a name with a slip in it is one of so many.
	nearNames = 5
	// many bear a name that says little.
	many = 1000
)

// how often a person who is entered twice is entered with such a difference.
var slipRates = map[Kind]float64{SamePerson: 0.6, SwappedDay: 0.1, SlipInBirth: 0.1, SlipInName: 0.1}

// How much more often, or less, each reason is found between two records of one
// person than between two strangers who agree in the rest.
var weights = map[Reason]float64{
	AccentsDiffer: 0.2,
	CardZeros:     1e6, CardNear: 30, CardDiffers: 0.1,
	CeremonySame: 200, CeremonyNear: 20, CeremonyOther: 0.05,
	HomeSame: 20, HomeOther: 0.2,
	PhoneSame: 300, SexesDiffer: 0.03,
}

// Weigh tells how likely it is that two records of the register are of one
// person, and why. namesakes are how many in the register bear the name, the
// rarer of the two where the names differ: what a slip makes of a name hardly
// anybody is called.
func Weigh(a, b Record, namesakes int) (Verdict, bool) {
	v := Verdict{}
	odds := 0.0
	if v.Kind, odds = kindOdds(a.Person, b.Person, namesakes); odds == 0 {
		return Verdict{}, false
	}
	for _, r := range []Reason{cards(a, b), ceremonies(a, b), homes(a, b), phones(a, b), accents(a, b), sexes(a, b)} {
		if r != "" {
			v.Reasons = append(v.Reasons, r)
			odds *= weights[r]
		}
	}
	if namesakes >= many {
		v.Reasons = append(v.Reasons, ManyOfThatName)
	}
	v.Score = min(99, int(math.Round(100*odds/(1+odds)))) // people alone are sure
	return v, v.Score >= Likely
}

// Promising reports whether the two could be Likely if the file of each, which
// was not read yet, bore it out.
func Promising(a, b Record, namesakes int) bool {
	a.Home, b.Home = "?", "?" // the best of what the file may say
	_, likely := Weigh(a, b, namesakes)
	return likely
}

// NeedsCeremony reports whether two of the name whose births differ so are
// Promising only if they joined the Party on one day: whoever looks for pairs
// need not look at the others.
func NeedsCeremony(kind Kind, namesakes int) bool {
	return oddsOf(kind, namesakes)*weights[HomeSame] < 1
}

func kindOdds(a, b Person, namesakes int) (Kind, float64) {
	// Cards that differ are weighed, like all else; they may have been changed.
	a.Card, b.Card = "", ""
	kind, alike := Of(a, b)
	if !alike {
		return "", 0
	}
	return kind, oddsOf(kind, namesakes)
}

func oddsOf(kind Kind, namesakes int) float64 {
	strangers := float64(max(namesakes-1, 1)) / births
	switch kind {
	case SlipInBirth:
		strangers *= nearBirths
	case SlipInName:
		strangers *= nearNames
	}
	return twice * slipRates[kind] / strangers
}

func cards(a, b Record) Reason {
	s, t := strings.TrimLeft(a.Card, "0"), strings.TrimLeft(b.Card, "0")
	switch {
	case s == "" || t == "":
	case s == t:
		return CardZeros
	case Slips(s, t, 1) <= 1:
		return CardNear
	case len(a.Card) == len(b.Card):
		return CardDiffers
	}
	return ""
}

func ceremonies(a, b Record) Reason {
	switch s, t := a.Ceremony, b.Ceremony; {
	case s.IsZero() || t.IsZero():
		return ""
	case s == t:
		return CeremonySame
	case Swapped(s, t) || OneDigit(s, t):
		return CeremonyNear
	}
	return CeremonyOther
}

// homes compares native places. One that tells more than the other says
// nothing.
func homes(a, b Record) Reason {
	switch {
	case a.Home == "" || b.Home == "":
		return ""
	case a.Home == b.Home:
		return HomeSame
	case strings.Contains(a.Home, b.Home) || strings.Contains(b.Home, a.Home) || OneSlip(a.Home, b.Home):
		return ""
	}
	return HomeOther
}

const phoneDigits = 9

func phones(a, b Record) Reason {
	if len(a.Phone) >= phoneDigits && a.Phone == b.Phone {
		return PhoneSame
	}
	return ""
}

// accents tells names that differ by their accents alone, unless one was written
// without any.
func accents(a, b Record) Reason {
	if a.Name != b.Name || a.Written == b.Written || bare(a.Written) || bare(b.Written) ||
		strings.EqualFold(a.Written, b.Written) {
		return ""
	}
	return AccentsDiffer
}

func bare(name string) bool { return text.Plain(name) == name }

func sexes(a, b Record) Reason {
	if a.Sex != "" && b.Sex != "" && a.Sex != b.Sex {
		return SexesDiffer
	}
	return ""
}
