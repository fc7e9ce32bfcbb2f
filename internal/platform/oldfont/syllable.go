package oldfont

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// faults are what somebody who reads Vietnamese stumbles over in a composed
// text: words with foreign letters that are no syllable, signs inside words.
func faults(text string) int {
	wrong := 0
	strays := look(text, func(word string) {
		if !isSyllable(word) || !wellCased(word) {
			wrong++
		}
	})
	return wrong + strays
}

// familiarity counts the words that registers are full of.
func familiarity(text string) int {
	n := 0
	look(text, func(word string) {
		if familiar[strings.ToLower(word)] {
			n++
		}
	})
	return n
}

// look shows the words that have letters other than those of English, since
// the others look the same in every encoding. It counts the signs at words.
func look(text string, show func(word string)) (strays int) {
	start, end, foreign := -1, 0, false
	finish := func() {
		if start >= 0 && foreign {
			show(text[start:end])
		}
		start, foreign = -1, false
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		switch {
		case unicode.IsLetter(r) || unicode.IsMark(r):
			if start < 0 {
				start = i - size
			}
			end = i
			foreign = foreign || r >= utf8.RuneSelf
		case isStray(r):
			if start >= 0 || startsWithLetter(text[i:]) {
				strays++
			}
			finish()
		default:
			finish()
		}
	}
	finish()
	return strays
}

// isStray: the upper half of the Western code page has signs where old
// encodings have letters.
func isStray(r rune) bool {
	return r >= 0x80 && r < 0x100 && r != '\u00A0' || r == '\uFFFD'
}

func startsWithLetter(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsLetter(r)
}

// wellCased: small, capital, or one capital and then small letters.
func wellCased(word string) bool {
	upper, lower := 0, 0
	for i, r := range word {
		switch {
		case unicode.IsUpper(r):
			if lower > 0 {
				return false
			}
			upper++
		case i > 0 && upper > 1:
			return false
		default:
			lower++
		}
	}
	return true
}

type tone uint8

const (
	noTone tone = iota
	graveTone
	acuteTone
	tildeTone
	hookTone
	dotTone
)

// letter is a Vietnamese letter taken apart.
type letter struct {
	base rune // a ă â … y
	tone tone
}

const vowels = "aàáãảạăằắẵẳặâầấẫẩậeèéẽẻẹêềếễểệiìíĩỉịoòóõỏọôồốỗổộơờớỡởợuùúũủụưừứữửựyỳýỹỷỵ"

// letters are the small letters with a mark or a tone, taken apart.
var letters = func() map[rune]letter {
	m := map[rune]letter{'đ': {base: 'đ'}}
	var base rune
	for i, r := range []rune(vowels) {
		if i%6 == 0 {
			base = r
		}
		m[r] = letter{base, tone(i % 6)}
	}
	return m
}()

func isVietnamese(r rune) bool {
	_, ok := letters[unicode.ToLower(r)]
	return ok
}

// isSyllable reports whether a word is built like a Vietnamese syllable:
// an onset, a rime, one tone; a rime that ends in a stop is acute or dotted.
func isSyllable(word string) bool {
	bare := make([]byte, 0, 16)
	found := noTone
	for _, r := range word {
		r = unicode.ToLower(r)
		l, ok := letters[r]
		if !ok {
			if r < 'a' || r > 'z' {
				return false
			}
			l.base = r
		}
		if l.tone != noTone {
			if found != noTone {
				return false
			}
			found = l.tone
		}
		bare = utf8.AppendRune(bare, l.base)
	}
	for n := 0; n <= min(3, len(bare)); n++ {
		if onsets[string(bare[:n])] && rimes[string(bare[n:])] {
			return !endsInStop(bare[n:]) || found == acuteTone || found == dotTone
		}
	}
	return false
}

func endsInStop(rime []byte) bool {
	last := rime[len(rime)-1]
	return last == 'p' || last == 't' || last == 'c' || len(rime) > 2 && string(rime[len(rime)-2:]) == "ch"
}

var onsets = words(" b c ch d g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x đ")

var rimes = words("a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây " +
	"e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu " +
	"i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu " +
	"o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot " +
	"ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt " +
	"u ua uân uâng uât uây uc uê uêch uên uênh uêu ui um un ung uơ uôc uôi uôm uôn uông uôt up ut uy uya uych uyên uyêt uynh uyt uyu " +
	"ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu " +
	"y yên yêt yêm yêng yêu ynh yt ych")

// familiar are words of names and registers that have more than the letters of
// English. They break a tie: "Lê Chí Công", read as TCVN3, is made of
// syllables too.
var familiar = words("nguyễn trần lê phạm hoàng huỳnh vũ võ đặng bùi đỗ hồ ngô dương lý đoàn đào đinh trịnh trương lâm phùng mạc tạ hà chu cù thái tăng lưu lương đàm quách kiều cao tô vương triệu nông lò quàng giàng sùng thào vàng " +
	"văn thị hữu đức công minh chí quốc đình xuân thu thúy thanh ngọc hồng hương hường huệ hằng hạnh hiền hiếu hòa hoà huy hùng hưng khánh kiên lan liên linh loan long lợi mạnh mỹ nam nga ngân nghĩa nguyệt nhân nhung oanh phong phú phúc phương quân quang quý quỳnh sơn sỹ tài tâm tân thắng thảo thành thế thiện thịnh thọ thủy thuận thư tiến tín toàn trang trí trung trường tú tuấn tuyết tùng tường uyên vân việt vinh yến ánh ái án ấn bảo bích bình châu chiến cúc cường dũng duyên duy điệp định giáp hải hậu học khôi kỳ lộc lực mận mùi năm nhàn nữ phượng sáu sự tám thơm thêm tình út vấn vượng " +
	"chi bộ đảng ủy viên xã phường thôn ấp tổ dân phố bí thư phó cấp ủy họ và tên ngày tháng năm sinh quê quán chính thức dự bị giới tính chức vụ ghi chú trình độ số thẻ kết nạp nơi ở địa chỉ nghề nghiệp hưu tộc kinh tỉnh huyện thành")

func words(list string) map[string]bool {
	m := map[string]bool{}
	for _, word := range strings.Split(list, " ") {
		m[word] = true
	}
	return m
}
