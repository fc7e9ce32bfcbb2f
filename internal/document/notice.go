package document

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/paper"
)

// called is a meeting with its agenda and the office that calls it.
type called struct {
	meeting.Meeting
	office
	agenda    []meeting.Item
	followers []access.PersonID // of the committee above
}

// callOf reads a meeting to which people are called. Who sees the meeting may.
func callOf(tx *db.Tx, by access.Actor, of meeting.ID) (called, error) {
	m, err := meeting.Find(tx, by, of)
	if err != nil {
		return called{}, err
	}
	c := called{Meeting: m}
	if c.agenda, err = meeting.Agenda(tx, by, of); err != nil {
		return called{}, err
	}
	if c.followers, err = followers(tx, m); err != nil {
		return called{}, err
	}
	people := slices.Clone(c.followers)
	for _, i := range c.agenda {
		people = append(people, i.Presenter)
	}
	c.office, err = officeFor(tx, m, m.Day(), people...)
	return c, err
}

// followers attend the cell's meetings for the committee above.
func followers(tx *db.Tx, m meeting.Meeting) ([]access.PersonID, error) {
	if m.Kind == meeting.Committee || m.Kind == meeting.Group {
		return nil, nil
	}
	held, err := access.Holders(tx, m.Unit, access.Attendee, m.Day())
	people := make([]access.PersonID, len(held))
	for i, g := range held {
		people[i] = g.Person
	}
	return people, err
}

// Notice is the notice of a meeting: when, where, who, about what and who
// presents it. Who sees the meeting may have it; one that is not announced yet
// is marked as a draft.
func Notice(tx *db.Tx, by access.Actor, of meeting.ID) (paper.Document, error) {
	c, err := callOf(tx, by, of)
	if err != nil {
		return paper.Document{}, err
	}
	files, err := meeting.Documents(tx, by, of)
	if err != nil {
		return paper.Document{}, err
	}
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f.Name, path.Ext(f.Name)))
	}
	blocks := []paper.Block{
		c.noticeHead(),
		paper.Title{Name: "Thông báo", Abstract: c.meetingName(c.Meeting)},
		paper.P(c.issuer + " thông báo " + session(c.Kind) + " như sau:"),
	}
	blocks = append(blocks, numbered(c.particulars(names))...)
	blocks = append(blocks,
		paper.P("Đề nghị các đồng chí dự đầy đủ, đúng giờ. Đồng chí nào không dự được, đề nghị báo cáo lý do với đồng chí chủ trì trước giờ họp."),
		paper.Closing{Recipients: c.recipients(c.invited(), c.followedBy()), Signature: c.signature()})
	return c.paper("Thông báo họp", c.Day(), c.made(), blocks...), nil
}

func (c called) noticeHead() paper.Letterhead {
	number := c.unnumbered("notice")
	if c.AnnouncedAt.IsZero() {
		return c.letterhead(number, clock.Date{}, c.Day().Year(), c.draft())
	}
	day := clock.DateOf(c.AnnouncedAt)
	return c.letterhead(number, day, day.Year())
}

// made is when the notice came to be.
func (c called) made() time.Time {
	if c.AnnouncedAt.IsZero() {
		return c.Starts
	}
	return c.AnnouncedAt
}

// particular is a numbered entry of a notice, followed by its list.
type particular struct {
	name, value string
	items       []string
}

// particulars are what a notice says, without what there is not.
func (c called) particulars(files []string) []particular {
	list := []particular{
		{name: "Thời gian", value: fmt.Sprintf("%s, %s, %s (%d phút).", hour(c.Starts), weekdays[c.Day().Weekday()], c.date(c.Day()), c.Minutes)},
		{name: placeLabel(c.Mode), value: sentence(where(c.Meeting))},
		{name: "Thành phần", value: sentence(strings.Join(slices.DeleteFunc([]string{c.invited(), lower(c.followedBy())}, empty), "; "))},
		{name: "Chủ trì", value: upper(sentence(c.comrade(c.Chair)))},
		{name: "Chuyên đề", value: sentence(c.Topic)},
		{name: "Nội dung", items: c.subjects()},
	}
	if len(files) == 1 {
		list = append(list, particular{name: "Tài liệu", value: sentence(files[0])})
	} else {
		list = append(list, particular{name: "Tài liệu", items: files})
	}
	return slices.DeleteFunc(list, func(p particular) bool { return p.value == "" && len(p.items) == 0 })
}

func empty(s string) bool { return s == "" }

func numbered(list []particular) []paper.Block {
	var blocks []paper.Block
	for i, p := range list {
		head := entry(fmt.Sprintf("%d. %s:", i+1, p.name), p.value)
		head.KeepNext = len(p.items) > 0
		blocks = append(blocks, head)
		if len(p.items) > 0 {
			blocks = append(blocks, paper.Lettered(punctuated(p.items)...))
		}
	}
	return blocks
}

// punctuated ends each item of a list with a semicolon and the last with a
// full stop.
func punctuated(items []string) []string {
	list := make([]string, len(items))
	for i, s := range items {
		list[i] = strings.TrimRight(s, ".;, ") + ";"
	}
	last := len(list) - 1
	list[last] = strings.TrimSuffix(list[last], ";") + "."
	return list
}

func (c called) invited() string {
	switch {
	case c.Kind == meeting.Group:
		return "Các đồng chí đảng viên trong tổ đảng"
	case c.Kind == meeting.Committee && c.body == cell:
		return "Các đồng chí trong chi ủy"
	case c.Kind == meeting.Committee:
		return "Các đồng chí trong Ban Chấp hành"
	}
	return "Các đồng chí đảng viên trong chi bộ"
}

// followedBy are those who come for the committee above.
func (c called) followedBy() string {
	var names []string
	for _, p := range c.followers {
		if name := c.names[p]; name != "" {
			names = append(names, "đồng chí "+name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "Cấp ủy viên cấp trên theo dõi chi bộ: " + strings.Join(names, ", ")
}

// formal are the items that every meeting has and no notice names.
var formal = []string{"opening", "minute_taker", "rollcall", "dues", "programme", "discussion", "tasks", "conclusion", "score", "minutes_reading"}

// subjects are what the meeting is about, with who presents it.
func (c called) subjects() []string {
	var list []string
	for _, i := range c.agenda {
		if slices.Contains(formal, i.Kind) || i.Optional && i.Minutes == 0 && i.Note == "" {
			continue
		}
		s := i.Title
		if i.Note != "" {
			s += ": " + lower(strings.TrimRight(i.Note, "."))
		}
		if name := c.names[i.Presenter]; name != "" && i.Presenter != c.Chair {
			s += " (đồng chí " + name + " chuẩn bị)"
		}
		list = append(list, strings.Join(strings.Fields(s), " "))
	}
	return list
}

// NoticeSheet is a sheet on which everybody who is to be told of the meeting
// signs, one line each; unreached cuts it to those whom no channel reached yet.
// The rights are those of meeting.Delivery; a meeting that is not announced yet,
// or of which everybody was told, is errs.Conflict.
func NoticeSheet(tx *db.Tx, by access.Actor, of meeting.ID, unreached bool) (paper.Document, error) {
	c, err := callOf(tx, by, of)
	if err != nil {
		return paper.Document{}, err
	}
	told, err := meeting.Delivery(tx, by, of)
	if err != nil {
		return paper.Document{}, err
	}
	if len(told) == 0 {
		return paper.Document{}, errs.New(errs.Conflict, "document.error.not_announced")
	}
	title := "Danh sách ký nhận thông báo"
	if unreached {
		title = "Danh sách đồng chí chưa có kênh nhận thông báo"
		told = slices.DeleteFunc(told, func(t meeting.Told) bool { return t.Channel != meeting.NotTold })
		if len(told) == 0 {
			return paper.Document{}, errs.New(errs.Conflict, "document.error.all_reached")
		}
	}
	table := paper.Table{
		Columns: []paper.Column{{WidthMM: 12, Align: paper.AlignCenter}, {Share: 3}, {WidthMM: 40}, {Share: 3}},
		Head:    []paper.Row{paper.Cells("TT", "Họ và tên", "Ký nhận", "Ghi chú")},
	}
	for i, t := range told {
		table.Rows = append(table.Rows, paper.Cells(strconv.Itoa(i+1), t.Name, room, c.delivered(t)))
	}
	day := clock.DateOf(c.AnnouncedAt)
	return c.paper(title, c.Day(), c.made(),
		c.letterhead("", day, day.Year()),
		paper.Title{Name: title, Abstract: c.meetingName(c.Meeting)},
		entry("Thời gian:", sentence(c.moment(c.Starts))),
		entry(placeLabel(c.Mode)+":", sentence(where(c.Meeting))),
		table,
		paper.Closing{Signature: paper.Signature{Post: "Người thông báo", Hint: "(ký, ghi rõ họ tên)"}},
	), nil
}

// delivered is how a person was told, for those who need not sign.
func (c called) delivered(t meeting.Told) string {
	var notes []string
	if t.Above {
		notes = append(notes, "Cấp ủy viên cấp trên")
	}
	how := map[meeting.Channel]string{meeting.InApp: "Đã báo trên hệ thống", meeting.Sheet: "Đã nhận thông báo", meeting.Word: "Đã báo trực tiếp"}[t.Channel]
	if how != "" {
		notes = append(notes, how+" ngày "+clock.DateOf(t.At).Vietnamese())
	}
	return strings.Join(notes, "; ")
}

// Agenda is the programme of a meeting by the clock. Who sees the meeting may
// have it.
func Agenda(tx *db.Tx, by access.Actor, of meeting.ID) (paper.Document, error) {
	c, err := callOf(tx, by, of)
	if err != nil {
		return paper.Document{}, err
	}
	table := paper.Table{
		Columns: []paper.Column{{WidthMM: 12, Align: paper.AlignCenter}, {WidthMM: 30, Align: paper.AlignCenter}, {Share: 5}, {Share: 3}},
		Head:    []paper.Row{paper.Cells("TT", "Thời gian", "Nội dung", "Người thực hiện")},
	}
	at := c.Starts
	for n, i := range c.agenda {
		table.Rows = append(table.Rows, paper.Cells(strconv.Itoa(n+1), span(at, i.Minutes), matter(i), c.presenter(i)))
		at = at.Add(time.Duration(i.Minutes) * time.Minute)
	}
	head := c.letterhead("", clock.Date{}, c.Day().Year())
	if day := clock.DateOf(c.AnnouncedAt); !c.AnnouncedAt.IsZero() {
		head = c.letterhead("", day, day.Year())
	}
	blocks := []paper.Block{
		head,
		paper.Title{Name: "Chương trình", Abstract: c.meetingName(c.Meeting)},
		entry("Thời gian:", sentence(c.moment(c.Starts))),
		entry(placeLabel(c.Mode)+":", sentence(where(c.Meeting))),
	}
	if c.Topic != "" {
		blocks = append(blocks, entry("Chuyên đề:", sentence(c.Topic)))
	}
	blocks = append(blocks, table, paper.Closing{Signature: c.signature()})
	return c.paper("Chương trình họp", c.Day(), c.made(), blocks...), nil
}

// span is from when to when an item is planned; one without a time of its own
// has none.
func span(from time.Time, minutes int) string {
	if minutes == 0 {
		return ""
	}
	const clockTime = "15:04"
	from = from.In(clock.Zone)
	return from.Format(clockTime) + " - " + from.Add(time.Duration(minutes)*time.Minute).Format(clockTime)
}

// matter is an item with its note and its headings.
func matter(i meeting.Item) string {
	lines := []string{i.Title}
	for line := range strings.Lines(i.Note) {
		lines = append(lines, strings.TrimSpace(line))
	}
	for _, h := range i.Headings {
		lines = append(lines, "- "+h.Text)
	}
	return strings.Join(lines, "\n")
}

// roles are what the packs call those who present items nobody was named for.
var roles = map[string]string{
	"chair": "Chủ trì", "secretary": "Bí thư", "deputy": "Phó bí thư", "minute_taker": "Thư ký",
	"dues_collector": "Người thu đảng phí", "committee_member": "Chi ủy viên", "member": "Đảng viên được phân công",
}

func (c called) presenter(i meeting.Item) string {
	return cmp.Or(c.names[i.Presenter], roles[i.Who])
}
