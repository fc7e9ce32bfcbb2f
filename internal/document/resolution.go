package document

import (
	"cmp"
	"fmt"
	"strings"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/resolution"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/paper"
)

// Resolution is a resolution in the form of rules 22.6, a draft marked as such.
// Who reads the resolution may have it.
func Resolution(tx *db.Tx, by access.Actor, of resolution.ID) (paper.Document, error) {
	r, content, err := resolution.Read(tx, by, of)
	if err != nil {
		return paper.Document{}, err
	}
	return resolutionPaper(tx, by, r, content)
}

// ResolutionEdition is an edition that a later one may have taken the place of.
// Who reads the resolution may have it.
func ResolutionEdition(tx *db.Tx, by access.Actor, of resolution.ID, edition int) (paper.Document, error) {
	r, content, err := resolution.ReadEdition(tx, by, of, edition)
	if err != nil {
		return paper.Document{}, err
	}
	return resolutionPaper(tx, by, r, content)
}

func resolutionPaper(tx *db.Tx, by access.Actor, r resolution.Resolution, content resolution.Text) (paper.Document, error) {
	m, err := meeting.Find(tx, by, r.Meeting)
	if err != nil {
		return paper.Document{}, err
	}
	o, err := officeFor(tx, m, cmp.Or(r.Day, m.Day()))
	if err != nil {
		return paper.Document{}, err
	}
	p := resolving{office: o, Resolution: r, content: content, meeting: m}
	blocks := []paper.Block{p.head(), paper.Title{Name: "Nghị quyết", Abstract: r.Title}}
	if r.Edition > 1 {
		blocks = append(blocks, paper.P(fmt.Sprintf("(Bản thứ %d, thay bản trước. Lý do: %s)", r.Edition, sentence(lower(r.Reason)))))
	}
	blocks = append(blocks, p.opening()...)
	blocks = append(blocks, p.parts()...)
	blocks = append(blocks, p.ballot()...)
	blocks = append(blocks, paper.Closing{
		Recipients: o.recipients(o.toReport(), "Các đồng chí đảng viên"), Signature: p.signature(),
	})
	d := o.paper("Nghị quyết", cmp.Or(r.Day, m.Day()), r.Created, blocks...)
	d.Subject = after("Số ", r.Symbol)
	return d, nil
}

// resolving is a resolution on its way to paper.
type resolving struct {
	office
	resolution.Resolution
	content resolution.Text
	meeting meeting.Meeting
}

func (p resolving) head() paper.Letterhead {
	if p.State != resolution.Issued {
		year := p.meeting.Day().Year()
		if p.State == resolution.Adopted {
			return p.letterhead(p.unnumbered("resolution"), clock.Date{}, year)
		}
		return p.letterhead(p.unnumbered("resolution"), clock.Date{}, year, p.draft())
	}
	p.place = p.Place
	number, err := p.format.Number(p.Number, "resolution", p.body)
	if err != nil {
		number = "Số " + p.Symbol
	}
	return p.letterhead(number, p.Day, p.Day.Year())
}

// signature is that of the issuing, or the one that it will bear.
func (p resolving) signature() paper.Signature {
	if p.State == resolution.Issued {
		return paper.Signature{For: []string{p.Signing}, Post: p.SignerTitle, Name: p.SignerName}
	}
	return p.office.signature()
}

// opening is the figures of the meeting (rules 22.6).
func (p resolving) opening() []paper.Block {
	f, name := p.content.Opening, lower(p.meetingName(p.meeting))
	if p.meeting.OpenedAt.IsZero() {
		return []paper.Block{paper.P(p.issuer + " dự kiến thông qua nghị quyết tại buổi " + name + ".")}
	}
	held := fmt.Sprintf("%s, tại %s, %s tổ chức %s.", upper(p.date(clock.DateOf(p.meeting.OpenedAt))), p.placeOf(), p.issuer, name)
	if f == nil {
		return []paper.Block{paper.P(held), paper.P(p.issuer + " thống nhất ban hành nghị quyết với các nội dung sau:")}
	}
	return []paper.Block{
		paper.P(held),
		paper.P(fmt.Sprintf("Tổng số đảng viên: %s đồng chí; có mặt: %s đồng chí; vắng có lý do: %s đồng chí; vắng không lý do: %s đồng chí; được miễn sinh hoạt: %s đồng chí.",
			count(f.Total), count(f.Present), count(f.Excused), count(f.Absent), count(f.Exempt))),
		paper.P(p.length() + "Chủ trì: đồng chí " + f.Chair + ". Thư ký: đồng chí " + f.Secretary + "."),
		paper.P("Sau khi thảo luận, " + lower(p.issuer) + " thống nhất nghị quyết như sau:"),
	}
}

func (p resolving) placeOf() string {
	return cmp.Or(where(p.meeting), "trụ sở")
}

// length is how long the meeting took. A resolution is adopted before its
// meeting ends, so the text that was adopted cannot know.
func (p resolving) length() string {
	m := p.meeting
	if m.ClosedAt.IsZero() {
		return ""
	}
	return fmt.Sprintf("Thời lượng: %d phút (từ %s đến %s). ", int(m.Lasted().Minutes()), hour(m.OpenedAt), hour(m.ClosedAt))
}

// part is a chapter of a resolution. One without blocks is left out, and those
// behind it are numbered on.
type part struct {
	name   string
	blocks []paper.Block
}

func (p resolving) parts() []paper.Block {
	var list []part
	if p.Kind == resolution.Monthly {
		list = append(list, part{"Đánh giá kết quả thực hiện nhiệm vụ " + monthFigures(p.From.AddMonths(-1)), p.review()})
	} else {
		list = append(list, part{"Tình hình", prose(p.content.Section(resolution.Situation))})
	}
	list = append(list,
		part{strings.TrimSpace("Phương hướng, nhiệm vụ " + p.period()), prose(p.content.Section(resolution.Direction))},
		part{"Phân công thực hiện", assignments(given(p.content.Tasks))},
		part{"Tự đánh giá chất lượng sinh hoạt", prose(p.content.Section(resolution.Quality))})
	return chapters(1, list)
}

// chapters sets parts with Roman numbers and capitals at the first level, Arabic
// numbers below.
func chapters(level int, parts []part) []paper.Block {
	var blocks []paper.Block
	n := 0
	for _, part := range parts {
		if len(part.blocks) == 0 {
			continue
		}
		n++
		heading := paper.Heading{Level: level, Number: paper.Roman(n) + ".", Text: strings.ToUpper(part.name)}
		if level > 1 {
			heading.Number, heading.Text = fmt.Sprintf("%d.", n), part.name
		}
		blocks = append(blocks, heading)
		blocks = append(blocks, part.blocks...)
	}
	return blocks
}

// period is the month that a monthly resolution leads, "" of other kinds.
func (p resolving) period() string {
	if p.Kind != resolution.Monthly {
		return ""
	}
	return monthFigures(p.From)
}

// review is chapter I. Praise and last tasks are always looked for there, so
// that there were none is said.
func (p resolving) review() []paper.Block {
	last := pastTable(past(p.content.Past))
	if len(last) == 0 {
		last = []paper.Block{paper.P("Không có nhiệm vụ đến hạn của kỳ trước.")}
	}
	return chapters(2, []part{
		{"Công tác chính trị, tư tưởng", prose(p.content.Section(resolution.Politics))},
		{"Thực hiện nhiệm vụ chính trị", prose(p.content.Section(resolution.Duties))},
		{"Kết quả thực hiện nhiệm vụ theo nghị quyết kỳ trước", last},
		{"Biểu dương, nhắc nhở", proseOr(p.content.Section(resolution.Praise), nothing)},
		{"Hạn chế, nguyên nhân", prose(p.content.Section(resolution.Limits))},
	})
}

// monthFigures is a month as a heading has it: short enough for one line.
func monthFigures(d clock.Date) string {
	return "tháng " + meeting.MonthOf(d).Vietnamese()
}

// ballot is the line of the vote.
func (p resolving) ballot() []paper.Block {
	b := p.content.Ballot
	if b == nil {
		return nil
	}
	return []paper.Block{paper.P(fmt.Sprintf("Nghị quyết được %s thông qua với %s/%s đảng viên có quyền biểu quyết tán thành, đạt %s.",
		lower(p.issuer), count(b.Yes), count(b.Base), percent(b.Yes, b.Base)))}
}
