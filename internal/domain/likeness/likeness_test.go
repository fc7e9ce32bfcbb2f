package likeness_test

import (
	"slices"
	"testing"

	"chibo/internal/domain/likeness"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/text"
)

var born = clock.NewDate(1970, 5, 9)

func person(name string, birth clock.Date, card string) likeness.Person {
	return likeness.Person{Name: text.Fold(name), Written: name, Birth: birth, Card: card}
}

func TestOf(t *testing.T) {
	an := person("Nguyễn Văn An", born, "001055000001")
	for _, row := range []struct {
		name  string
		other likeness.Person
		want  likeness.Kind
	}{
		{"one card", person("Nguyễn Văn Ân", clock.NewDate(1970, 1, 1), "001055000001"), likeness.SameCard},
		{"the card of a stranger", person("Trần Thị Bích", clock.NewDate(1980, 1, 1), "001055000001"), ""},
		{"name and birth", person("Nguyen Van An", born, ""), likeness.SamePerson},
		{"name and birth, another card, written alike", person("Nguyễn Văn An", born, "777777777777"), likeness.SamePerson},
		{"name and birth, another card, other accents", person("Nguyễn Vân An", born, "777777777777"), ""},
		{"day and month", person("Nguyễn Văn An", clock.NewDate(1970, 9, 5), ""), likeness.SwappedDay},
		{"a digit of the birth", person("Nguyễn Văn An", clock.NewDate(1971, 5, 9), ""), likeness.SlipInBirth},
		{"two digits of the birth", person("Nguyễn Văn An", clock.NewDate(1981, 5, 9), ""), ""},
		{"a letter of the name", person("Nguyễn Văn Anh", born, ""), likeness.SlipInName},
		{"a letter of the name, another card", person("Nguyễn Văn Anh", born, "777777777777"), ""},
		{"no birth", person("Nguyễn Văn An", clock.Date{}, ""), ""},
	} {
		for _, pair := range [][2]likeness.Person{{an, row.other}, {row.other, an}} {
			kind, alike := likeness.Of(pair[0], pair[1])
			if !alike {
				kind = ""
			}
			if kind != row.want {
				t.Errorf("%s: %q, want %q", row.name, kind, row.want)
			}
		}
	}
}

func TestWeigh(t *testing.T) {
	an := likeness.Record{
		Person: person("Nguyễn Văn An", born, "001055000001"), Sex: "male", Ceremony: clock.NewDate(1995, 2, 3), Home: "xa phu hoa", Phone: "0912345678",
	}
	change := func(fn func(*likeness.Record)) likeness.Record {
		other := an
		other.Card = ""
		fn(&other)
		return other
	}
	for _, row := range []struct {
		name      string
		other     likeness.Record
		namesakes int
		likely    bool
		reasons   []likeness.Reason
	}{
		{"all alike", change(func(*likeness.Record) {}), 2, true, []likeness.Reason{likeness.CeremonySame, likeness.HomeSame, likeness.PhoneSame}},
		{"a new card, of a name that thousands bear", change(func(r *likeness.Record) { r.Card, r.Phone = "070055123456", "" }), 4000, true, []likeness.Reason{
			likeness.CardDiffers, likeness.CeremonySame, likeness.HomeSame, likeness.ManyOfThatName,
		}},
		{"name and birth alone, a rare name", change(func(r *likeness.Record) { r.Ceremony, r.Home, r.Phone = clock.Date{}, "", "" }), 2, true, nil},
		{"name and birth alone, a name of thousands", change(func(r *likeness.Record) { r.Ceremony, r.Home, r.Phone = clock.Date{}, "", "" }), 4000, false, nil},
		{"a namesake", change(func(r *likeness.Record) {
			r.Card, r.Ceremony, r.Home, r.Phone = "070055123456", clock.NewDate(1999, 9, 2), "xa tan lap", "0987654321"
		}), 50, false, nil},
		{"a brother and a sister of one name", change(func(r *likeness.Record) {
			r.Card, r.Sex, r.Ceremony, r.Phone = "070055123456", "female", clock.NewDate(1998, 5, 19), ""
		}), 10, false, nil},
		{"without accents", change(func(r *likeness.Record) { r.Written, r.Home = "Nguyen Van An", "" }), 300, true, []likeness.Reason{likeness.CeremonySame, likeness.PhoneSame}},
		{"one card with zeros", change(func(r *likeness.Record) {
			r.Card, r.Ceremony, r.Home, r.Phone = "1055000001", clock.NewDate(1999, 9, 2), "xa tan lap", ""
		}), 4000, true, []likeness.Reason{likeness.CardZeros, likeness.CeremonyOther, likeness.HomeOther, likeness.ManyOfThatName}},
		{"nothing alike", change(func(r *likeness.Record) { r.Person = person("Lê Thị Bưởi", born, "") }), 2, false, nil},
	} {
		v, likely := likeness.Weigh(an, row.other, row.namesakes)
		if likely != row.likely {
			t.Errorf("%s: %d of 100 for %v", row.name, v.Score, v.Reasons)
		}
		if row.likely && !slices.Equal(v.Reasons, row.reasons) {
			t.Errorf("%s: reasons %v, want %v", row.name, v.Reasons, row.reasons)
		}
		if again, _ := likeness.Weigh(row.other, an, row.namesakes); again.Score != v.Score {
			t.Errorf("%s: %d the other way round, want %d", row.name, again.Score, v.Score)
		}
		if row.likely && !likeness.Promising(an, row.other, row.namesakes) {
			t.Errorf("%s: would never have been looked at", row.name)
		}
	}
}
