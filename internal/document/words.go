package document

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"chibo/internal/domain/meeting"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/paper"
)

// nothing stands where an office expects to read that there is nothing.
const nothing = "Không có."

// date is "ngày 05 tháng 02 năm 2026", padded as the pack says (rules 26.2).
func (o *office) date(d clock.Date) string {
	_, date, _ := strings.Cut(o.format.PlaceDate("", d), ", ")
	return date
}

// month is "tháng 02 năm 2026".
func (o *office) month(d clock.Date) string {
	date := o.date(d)
	return date[strings.Index(date, "tháng"):]
}

// hour is "19 giờ 30".
func hour(t time.Time) string {
	t = t.In(clock.Zone)
	return fmt.Sprintf("%02d giờ %02d", t.Hour(), t.Minute())
}

// moment is "lúc 19 giờ 30, ngày 03 tháng 11 năm 2026".
func (o *office) moment(t time.Time) string { return hour(t) + ", " + o.date(clock.DateOf(t)) }

var weekdays = [...]string{"Chủ nhật", "thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy"}

// count is a number of people or things; offices put a 0 before a single
// figure, so that nobody adds one.
func count(n int) string {
	if n > 0 && n < 10 {
		return fmt.Sprintf("%02d", n)
	}
	return strconv.Itoa(n)
}

// percent is a share with one decimal, cut and never rounded up: 26 of 27 is
// not all of them.
func percent(part, whole int) string {
	if whole == 0 {
		return ""
	}
	permille := 1000 * part / whole
	if permille%10 == 0 {
		return strconv.Itoa(permille/10) + " %"
	}
	return fmt.Sprintf("%d,%d %%", permille/10, permille%10)
}

// upper and lower change the first letter.
func upper(s string) string { return first(s, unicode.ToUpper) }
func lower(s string) string { return first(s, unicode.ToLower) }

func first(s string, change func(rune) rune) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(change(r)) + s[size:]
}

// sentence ends a text with a full stop unless it ends with a stop.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".!?:;") {
		return s
	}
	return s + "."
}

// meetingName is what the meeting is called: "Sinh hoạt chi bộ thường kỳ tháng
// 11 năm 2026".
func (o *office) meetingName(m meeting.Meeting) string {
	month := o.month(m.Month.First())
	switch m.Kind {
	case meeting.Thematic:
		return "Sinh hoạt chuyên đề " + month
	case meeting.Combined:
		return "Sinh hoạt chi bộ thường kỳ và chuyên đề " + month
	case meeting.Committee:
		if o.body == committee {
			return "Hội nghị " + o.issuer + " " + month
		}
		return "Họp chi ủy " + month
	case meeting.Group:
		return "Sinh hoạt tổ đảng " + month
	case meeting.Extraordinary:
		return "Sinh hoạt chi bộ bất thường " + o.date(m.Day())
	}
	return "Sinh hoạt chi bộ thường kỳ " + month
}

// gathering is what the people who meet are called.
func gathering(kind meeting.Kind) string {
	switch kind {
	case meeting.Committee:
		return "hội nghị"
	case meeting.Group:
		return "tổ đảng"
	}
	return "chi bộ"
}

// session is what their meeting is called.
func session(kind meeting.Kind) string {
	if kind == meeting.Committee {
		return "hội nghị"
	}
	return "buổi sinh hoạt"
}

// where is the place of a meeting, or how people come together.
func where(m meeting.Meeting) string {
	switch m.Mode {
	case meeting.Online:
		return "Họp trực tuyến"
	case meeting.Mixed:
		return m.Place + ", kết hợp trực tuyến"
	}
	return m.Place
}

// placeLabel is what stands before it.
func placeLabel(mode meeting.Mode) string {
	if mode == meeting.Online {
		return "Hình thức"
	}
	return "Địa điểm"
}

// entry is a paragraph that begins with its name in bold: "1. Thời gian: …".
func entry(name, value string) paper.Paragraph {
	if value == "" {
		return paper.Paragraph{Runs: paper.Strong(name)}
	}
	return paper.Paragraph{Runs: []paper.Run{{Text: name + " ", Bold: true}, {Text: value}}}
}

// prose is a text of several lines as people typed it: lines that begin with a
// dash are a list, every other line is a paragraph.
func prose(body string) []paper.Block {
	var blocks []paper.Block
	for line := range strings.Lines(body) {
		line = strings.TrimSpace(line)
		item := strings.TrimSpace(strings.TrimLeft(line, "-–•*"))
		switch {
		case item == "":
		case item != line:
			blocks = append(blocks, paper.Dashes(item))
		default:
			blocks = append(blocks, paper.P(line))
		}
	}
	return blocks
}

// proseOr is a text, or what is said where there is none.
func proseOr(body, none string) []paper.Block {
	if blocks := prose(body); len(blocks) > 0 {
		return blocks
	}
	return []paper.Block{paper.P(none)}
}

// room makes a row high enough for a hand.
const room = "\n"
