package document

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/minutes"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/paper"
)

// Minutes is the newest version of a meeting's minutes that the actor may read,
// in the form of rules 22.5. A meeting of which they may read none is
// errs.NotFound.
func Minutes(tx *db.Tx, by access.Actor, of meeting.ID) (paper.Document, error) {
	m, found, err := minutes.Current(tx, by, of)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "document.error.no_minutes")
	}
	if err != nil {
		return paper.Document{}, err
	}
	return minutesPaper(tx, m)
}

// MinutesVersion is one version of minutes. Who reads it may have it.
func MinutesVersion(tx *db.Tx, by access.Actor, of minutes.ID) (paper.Document, error) {
	m, err := minutes.Find(tx, by, of)
	if err != nil {
		return paper.Document{}, err
	}
	return minutesPaper(tx, m)
}

func minutesPaper(tx *db.Tx, m minutes.Minutes) (paper.Document, error) {
	r := recorded{Content: m.Content}
	day := clock.DateOf(r.Opened)
	var err error
	if r.office, err = officeFor(tx, r.meeting(), day); err != nil {
		return paper.Document{}, err
	}
	if r.Kind != meeting.Group && r.body == cell {
		// The minutes keep the names that the bodies had on that day.
		r.superior, r.issuer = r.Above, r.Body
	}
	number := r.unnumbered("minutes")
	head := r.letterhead(number, day, day.Year())
	if m.State != minutes.Sealed {
		head = r.letterhead(number, day, day.Year(), r.draft())
	}
	blocks := []paper.Block{head, paper.Title{Name: "Biên bản", Abstract: r.meetingName(r.meeting())}}
	blocks = append(blocks, r.opening()...)
	blocks = append(blocks, r.chapters()...)
	blocks = append(blocks, r.ending()...)
	blocks = append(blocks, r.minutesSignatures(r.MinuteTaker.Name, r.Chair.Name))
	blocks = append(blocks, seal(m)...)
	return r.paper("Biên bản họp", day, cmp.Or(m.ApprovedAt, m.DraftedAt), blocks...), nil
}

// recorded is minutes on their way to paper.
type recorded struct {
	office
	minutes.Content
}

// meeting is the meeting as the minutes keep it.
func (r recorded) meeting() meeting.Meeting {
	return meeting.Meeting{
		ID: r.Meeting, Unit: r.Unit, Kind: r.Kind, Month: r.Month, Starts: r.Opened, Mode: r.Mode, Place: r.Place, Topic: r.Topic,
	}
}

func (r recorded) opening() []paper.Block {
	at := where(r.meeting())
	if r.Mode != meeting.Online {
		at = "tại " + cmp.Or(at, "trụ sở")
	}
	blocks := []paper.Block{paper.P(fmt.Sprintf("Hồi %s, %s, %s tổ chức %s.",
		r.moment(r.Opened), lower(at), r.issuer, lower(r.meetingName(r.meeting()))))}
	if r.Topic != "" {
		blocks = append(blocks, entry("Chuyên đề:", sentence(r.Topic)))
	}
	if r.ModeReason != "" {
		blocks = append(blocks, entry("Lý do họp trực tuyến:", sentence(r.ModeReason)))
	}
	return blocks
}

func (r recorded) chapters() []paper.Block {
	return chapters(1, []part{
		{"Thành phần tham dự", r.attendance()},
		{"Nội dung, chương trình", r.programme()},
		{"Diễn biến", r.course()},
		{chapterConclusions, r.conclusions()},
		{chapterTasks, assignments(duties(r.NewTasks, r.duty))},
		{chapterScore, r.score()},
		{"Bổ sung, đính chính", r.additions()},
	})
}

func (r recorded) attendance() []paper.Block {
	a := r.Attendance
	blocks := []paper.Block{
		entry("1. Chủ trì:", r.titled(r.Chair)),
		entry("2. Thư ký:", r.titled(r.MinuteTaker)),
		entry("3. Đảng viên:", fmt.Sprintf("tổng số %s đồng chí (chính thức %s, dự bị %s); được miễn sinh hoạt %s.",
			count(a.Members), count(a.Official), count(a.Probationary), count(a.Exempt))),
		paper.Dashes("Có mặt: " + r.present()),
	}
	blocks = append(blocks, absences("Vắng có lý do", a.Excused)...)
	blocks = append(blocks, absences("Vắng không lý do", a.Absent)...)
	if len(a.ExemptAbsent) > 0 {
		blocks = append(blocks, absences("Được miễn sinh hoạt, không dự", a.ExemptAbsent)...)
	}
	if len(a.Guests) == 0 {
		return append(blocks, entry("4. Đại biểu:", lower(nothing)))
	}
	var guests []string
	for _, g := range a.Guests {
		guests = append(guests, "Đồng chí "+g.Name+after(", ", g.Office))
	}
	return append(blocks, entry("4. Đại biểu:", count(len(guests))+" đồng chí:"), paper.Dashes(punctuated(guests)...))
}

// titled is a person with the post that the minutes keep.
func (r recorded) titled(p minutes.Person) string {
	title := r.titles[p.ID]
	if p.Post == "" {
		title = ""
	}
	return "đồng chí " + p.Name + after(", ", title) + "."
}

// present is who was there, split up as step 7 of rules 22.2 asks.
func (r recorded) present() string {
	a := r.Attendance
	s := fmt.Sprintf("%s/%s đồng chí", count(a.Present), count(a.Entitled))
	if share := percent(a.Present, a.Entitled); share != "" {
		s += ", đạt " + share
	}
	var kinds []string
	for _, k := range []struct {
		name string
		n    int
	}{
		{"chính thức", a.PresentOfficial},
		{"dự bị", a.PresentProbationary},
		{"được miễn sinh hoạt", a.PresentExempt},
		{"sinh hoạt tạm thời", a.PresentTemporary},
	} {
		if k.n > 0 {
			kinds = append(kinds, k.name+" "+count(k.n))
		}
	}
	if len(kinds) > 0 {
		s += " (" + strings.Join(kinds, ", ") + ")"
	}
	if a.PresentOnline > 0 {
		s += "; dự trực tuyến " + count(a.PresentOnline)
	}
	if a.Late > 0 {
		s += "; đến sau giờ khai mạc " + count(a.Late)
	}
	return s + "."
}

func absences(name string, list []minutes.Absence) []paper.Block {
	if len(list) == 0 {
		return []paper.Block{paper.Dashes(name + ": " + lower(nothing))}
	}
	people := make([]string, len(list))
	for i, a := range list {
		people[i] = a.Name
		if a.Reason != "" {
			people[i] += " (" + lower(a.Reason) + ")"
		}
	}
	joint := ": "
	if len(list) > 1 {
		joint = ", gồm: "
	}
	return []paper.Block{paper.Dashes(name + " " + count(len(list)) + " đồng chí" + joint + strings.Join(people, "; ") + ".")}
}

// programme is the agenda in one paragraph: the course below takes it up item
// by item.
func (r recorded) programme() []paper.Block {
	if len(r.Agenda) == 0 {
		return nil
	}
	titles := make([]string, len(r.Agenda))
	for i, p := range r.Agenda {
		titles[i] = fmt.Sprintf("(%d) %s", i+1, p.Title)
	}
	return []paper.Block{paper.P(upper(gathering(r.Kind)) + " thống nhất chương trình gồm: " + strings.Join(titles, "; ") + ".")}
}

// Kinds of item that have something of their own in the minutes.
const (
	itemMinuteTaker = "minute_taker"
	itemDues        = "dues"
	itemLastTasks   = "last_tasks"
	itemCriticism   = "criticism"
	itemVote        = "vote"
	itemTasks       = "tasks"
	itemConclusion  = "conclusion"
	itemScore       = "score"
)

// Chapters that take up what an item of the agenda came to.
const (
	chapterConclusions = "Kết luận"
	chapterTasks       = "Phân công nhiệm vụ"
	chapterScore       = "Tự đánh giá chất lượng sinh hoạt"
)

// course is every item with what belongs to it, numbered as on the agenda. What
// found no item stands at the end under its own name, so that nothing recorded
// is lost.
func (r recorded) course() []paper.Block {
	var blocks []paper.Block
	n := 0
	add := func(name, rest string, below []paper.Block) {
		n++
		number := strconv.Itoa(n) + "."
		if len(below) == 0 {
			blocks = append(blocks, paper.P(number+" "+strings.TrimRight(name, ".")+rest+"."))
			return
		}
		blocks = append(blocks, paper.Heading{Level: 2, Number: number, Text: name})
		blocks = append(blocks, below...)
	}
	placed := map[string]bool{}
	for _, p := range r.Course {
		if chapter := r.elsewhere(p); chapter != "" {
			add(p.Title, ": ghi tại phần “"+chapter+"”", nil)
			continue
		}
		add(cmp.Or(p.Title, "Ý kiến khác"), after(": ", r.shortly(p)), r.own(p, placed))
	}
	for _, own := range []struct{ kind, name string }{
		{itemLastTasks, "Kết quả thực hiện nhiệm vụ kỳ trước"},
		{itemDues, "Tình hình nộp đảng phí"},
		{itemCriticism, "Tự phê bình và phê bình; biểu dương, nhắc nhở"},
	} {
		if below := r.special(own.kind); !placed[own.kind] && len(below) > 0 {
			add(own.name, "", below)
		}
	}
	if below := r.looseVotes(); len(below) > 0 {
		add("Biểu quyết", "", below)
	}
	return blocks
}

// elsewhere is the chapter in which stands what the item came to.
func (r recorded) elsewhere(p minutes.Passage) string {
	switch {
	case p.Skipped != "":
	case p.Kind == itemConclusion && r.Text.Conclusions != "":
		return chapterConclusions
	case len(p.Opinions) > 0 || p.Note != "":
	case p.Kind == itemTasks && len(r.NewTasks) > 0:
		return chapterTasks
	case p.Kind == itemScore && r.Score != nil:
		return chapterScore
	}
	return ""
}

// shortly is what the line of an item says of which nothing was noted.
func (r recorded) shortly(p minutes.Passage) string {
	switch {
	case p.Kind == itemMinuteTaker && r.MinuteTaker.Name != "":
		return "đồng chí " + r.MinuteTaker.Name // who was appointed, not who proposed it
	case p.Kind == itemVote:
		return "không có"
	case p.Presenter != "":
		return "đồng chí " + p.Presenter
	}
	return ""
}

func (r recorded) onAgenda(title string) bool {
	return slices.ContainsFunc(r.Course, func(p minutes.Passage) bool { return p.Title == title && p.Title != "" })
}

// own is what was noted at an item.
func (r recorded) own(p minutes.Passage, placed map[string]bool) []paper.Block {
	if p.Skipped != "" {
		return []paper.Block{paper.P("Không tiến hành. Lý do: " + sentence(lower(p.Skipped)))}
	}
	special := !placed[p.Kind]
	placed[p.Kind] = true
	if p.Kind == itemDues && special && r.Text.Dues != "" {
		return append(r.special(itemDues), r.votes(p.Title)...)
	}
	blocks := presented(p)
	if special {
		blocks = append(blocks, r.special(p.Kind)...)
	}
	for _, s := range p.Opinions {
		blocks = append(blocks, speech(s)...)
	}
	return append(blocks, r.votes(p.Title)...)
}

// presented is who presented the item, what it was about this time, and which
// of its headings were dealt with.
func presented(p minutes.Passage) []paper.Block {
	blocks := prose(sentence(p.Note))
	if p.Presenter != "" && len(blocks) > 0 {
		blocks = append([]paper.Block{paper.P("Đồng chí " + p.Presenter + " trình bày:")}, blocks...)
	}
	if len(p.Headings) > 0 {
		blocks = append(blocks, paper.P("Các nội dung đã xem xét:"), paper.Dashes(punctuated(p.Headings)...))
	}
	return blocks
}

// speech is what one person said, the name before the first line.
func speech(s minutes.Speech) []paper.Block {
	who := "Đồng chí " + s.Speaker
	if s.Guest {
		who += " (đại biểu)"
	}
	blocks := prose(s.Text)
	if p, ok := blocks[0].(paper.Paragraph); ok {
		blocks[0] = entry(who+":", p.Runs[0].Text)
		return blocks
	}
	return append([]paper.Block{entry(who+":", "")}, blocks...)
}

// special is what a kind of item has beside what was said at it.
func (r recorded) special(kind string) []paper.Block {
	switch kind {
	case itemLastTasks:
		return pastTable(duties(r.LastTasks, r.duty))
	case itemDues:
		return prose(r.Text.Dues)
	case itemCriticism:
		return r.remarks()
	}
	return nil
}

// duty is a task as it stood on the day of the meeting.
func (r recorded) duty(t minutes.Task) duty {
	d := duty{
		title: t.Title, who: t.Who, due: t.Due, state: t.State, outcome: t.Outcome, onTime: t.OnTime, percent: t.Percent, result: t.Result, judgement: t.Judgement,
		Amount: task.Amount{Measure: t.Measure, Planned: t.Planned, Carried: t.Carried, Done: t.Done},
	}
	if t.State != task.Assessed && t.State != task.Reported {
		d.overdue = max(0, clock.DateOf(r.Opened).Sub(t.Due))
	}
	return d
}

// remarks are praise and criticism in figures: their words are for those
// entitled to them, and not for all who read minutes (S-44).
func (r recorded) remarks() []paper.Block {
	var counted []string
	for _, k := range []struct {
		name string
		n    int
	}{
		{"biểu dương", r.Remarks.Praise},
		{"nhắc nhở", r.Remarks.Reminder},
		{"phê bình", r.Remarks.Criticism},
		{"tự phê bình", r.Remarks.SelfCriticism},
	} {
		if k.n > 0 {
			counted = append(counted, k.name+" "+count(k.n)+" lượt")
		}
	}
	blocks := prose(r.Text.Remarks)
	if len(counted) > 0 {
		blocks = append(blocks, paper.P(upper(strings.Join(counted, "; "))+" (nội dung lưu riêng)."))
	}
	return blocks
}

// votes are those on an item of the agenda.
func (r recorded) votes(item string) []paper.Block {
	return r.ballots(func(v minutes.Vote) bool { return v.Item == item && r.onAgenda(item) })
}

// looseVotes are those that belong to no item of the agenda.
func (r recorded) looseVotes() []paper.Block {
	return r.ballots(func(v minutes.Vote) bool { return !r.onAgenda(v.Item) })
}

func (r recorded) ballots(wanted func(minutes.Vote) bool) []paper.Block {
	var blocks []paper.Block
	for _, v := range r.Votes {
		if wanted(v) {
			blocks = append(blocks, ballot(v)...)
		}
	}
	return blocks
}

var forms = map[meeting.Form]string{meeting.Hand: "giơ tay", meeting.Card: "giơ thẻ đảng viên", meeting.SecretBallot: "bỏ phiếu kín"}

// ballot is a vote with the base it was counted against, itemised (rules 2.3).
func ballot(v minutes.Vote) []paper.Block {
	var s strings.Builder
	fmt.Fprintf(&s, "%s; hình thức %s. ", strings.TrimRight(v.Title, "."), forms[v.Form])
	if len(v.Deductions) > 0 {
		var taken []string
		for _, d := range v.Deductions {
			taken = append(taken, fmt.Sprintf("%s: %s", lower(d.Label), count(d.Count)))
		}
		fmt.Fprintf(&s, "Tổng số %s, không tính %s; ", count(v.Listed), strings.Join(taken, ", "))
		fmt.Fprintf(&s, "số người làm căn cứ tính %s; có mặt biểu quyết %s. ", count(v.Base), count(v.Voters))
	} else {
		fmt.Fprintf(&s, "Số người làm căn cứ tính %s; có mặt biểu quyết %s. ", count(v.Base), count(v.Voters))
	}
	if v.Form == meeting.SecretBallot {
		fmt.Fprintf(&s, "Phát ra %s phiếu, thu về %s phiếu, không hợp lệ %s phiếu%s. ", count(v.Issued), count(v.Collected), count(v.Invalid), after("; kiểm phiếu: ", v.Tellers))
	}
	fmt.Fprintf(&s, "Tán thành %s/%s, đạt %s; không tán thành %s; ý kiến khác %s. ", count(v.Yes), count(v.Base), cmp.Or(percent(v.Yes, v.Base), "0 %"), count(v.No), count(v.Other))
	result := "không thông qua"
	if v.Passed {
		result = "thông qua"
	}
	fmt.Fprintf(&s, "Kết quả: %s (yêu cầu %s).", result, lower(v.Share))
	blocks := []paper.Block{entry("Biểu quyết:", s.String())}
	for _, m := range v.Minority {
		blocks = append(blocks, paper.P("Ý kiến bảo lưu của đồng chí "+m.Speaker+": "+sentence(m.Text)))
	}
	if v.Correction != "" {
		blocks = append(blocks, paper.P("Kết quả trên đã được đính chính. Lý do: "+sentence(lower(v.Correction))))
	}
	return blocks
}

// conclusions are the chair's words, the votes of that item, and what was
// adopted.
func (r recorded) conclusions() []paper.Block {
	blocks := prose(r.Text.Conclusions)
	for _, p := range r.Course {
		if r.elsewhere(p) == chapterConclusions {
			blocks = append(blocks, r.votes(p.Title)...)
		}
	}
	if v := r.Resolution; v != nil {
		number := after("số ", v.Symbol)
		if number != "" {
			number += " "
		}
		blocks = append(blocks, paper.P(upper(gathering(r.Kind))+" thông qua Nghị quyết "+number+"“"+v.Title+"”."))
	}
	return blocks
}

func (r recorded) score() []paper.Block {
	s := r.Score
	if s == nil {
		return nil
	}
	t := paper.Table{
		Columns: []paper.Column{{WidthMM: 12, Align: paper.AlignCenter}, {Share: 1}, {WidthMM: 24, Align: paper.AlignCenter}, {WidthMM: 24, Align: paper.AlignCenter}},
		Head:    []paper.Row{paper.Cells("TT", "Tiêu chí", "Điểm\ntối đa", "Tự\nchấm")},
	}
	for _, c := range s.Criteria {
		t.Rows = append(t.Rows, paper.Cells(c.ID, c.Label, strconv.Itoa(c.Max), strconv.Itoa(c.Points)))
	}
	t.Rows = append(t.Rows, strong("", "Tổng điểm", strconv.Itoa(s.Reachable), strconv.Itoa(s.Claimed)))
	return []paper.Block{
		paper.P(fmt.Sprintf("%s tự chấm %d/%d điểm, xếp loại %s.", upper(gathering(r.Kind)), s.Claimed, s.Reachable, s.Class)), t,
	}
}

// additions are what was put right, with the reason for a later version.
func (r recorded) additions() []paper.Block {
	blocks := prose(r.Text.Additions)
	if r.Number > 1 {
		blocks = append([]paper.Block{paper.P(fmt.Sprintf("Biên bản này thay bản số %d. Lý do: %s", r.Number-1, sentence(lower(r.Reason))))}, blocks...)
	}
	return blocks
}

// ending says when the meeting ended and the minutes were approved.
func (r recorded) ending() []paper.Block {
	var s []string
	switch {
	case r.Ended.IsZero():
	case clock.DateOf(r.Ended) == clock.DateOf(r.Opened):
		s = append(s, upper(session(r.Kind))+" kết thúc hồi "+hour(r.Ended)+" cùng ngày.")
	default:
		s = append(s, upper(session(r.Kind))+" kết thúc hồi "+r.moment(r.Ended)+".")
	}
	if a := r.Approval; a != nil {
		s = append(s, "Biên bản được thông qua hồi "+r.moment(a.At)+".")
	}
	if len(s) == 0 {
		return nil
	}
	return []paper.Block{paper.P(strings.Join(s, " "))}
}

// seal is the small print by which a printed version can be checked against the
// record.
func seal(m minutes.Minutes) []paper.Block {
	if m.State != minutes.Sealed {
		return nil
	}
	var groups []string
	for part := range slices.Chunk([]byte(m.Digest), 8) {
		groups = append(groups, string(part))
	}
	words := fmt.Sprintf("Bản số %d. Mã kiểm tra (SHA-256): %s.", m.Number, strings.Join(groups, " "))
	return []paper.Block{paper.Table{
		Plain: true, Columns: []paper.Column{{Align: paper.AlignLeft}},
		Rows: []paper.Row{{{Runs: paper.Emphasis(words)}}},
	}}
}
