package document_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chibo/internal/document"
	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/platform/paper"
	"chibo/internal/testkit"
	"chibo/locales"
)

var update = flag.Bool("update", false, "write the golden files anew")

// order is what to ask for to get a paper of the month.
func (m *month) order(kind document.Kind) document.Order {
	o := document.Order{Kind: kind, ID: int64(m.meeting)}
	switch kind {
	case document.KindResolution:
		o.ID = int64(m.resolution)
	case document.KindTasks:
		o.ID = int64(m.CellA.ID)
	case document.KindVersion:
		o.ID = int64(m.minutes(m.SecretaryA).ID)
	}
	return o
}

func (m *month) paper(kind document.Kind) paper.Document {
	m.Helper()
	d, err := m.compose(m.SecretaryA, m.order(kind))
	if err != nil {
		m.Fatalf("%s: %v", kind, err)
	}
	return d
}

func write(t testing.TB, d paper.Document, as document.Format) document.File {
	t.Helper()
	f, err := document.Write(d, as)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// lines are the paragraphs of the main part of a Word file.
func lines(t testing.TB, body []byte) []string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	part, err := archive.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	var line strings.Builder
	decoder := xml.NewDecoder(part)
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.CharData:
			line.Write(token)
		case xml.StartElement:
			if token.Name.Local == "br" {
				line.WriteString(" / ")
			}
		case xml.EndElement:
			if token.Name.Local == "p" {
				if line.Len() > 0 {
					list = append(list, line.String())
				}
				line.Reset()
			}
		}
	}
}

// digest differs from run to run, because what is sealed holds ids.
var digest = regexp.MustCompile(`([0-9a-f]{8} ){7}[0-9a-f]{8}`)

func (m *month) golden(t *testing.T, name string, d paper.Document) {
	t.Helper()
	text := strings.Join(lines(t, write(t, d, document.Docx).Body), "\n") + "\n"
	text = digest.ReplaceAllString(text, "DIGEST")
	file := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(text, "\n")); diff != "" {
		t.Errorf("%s (run with -update when the change is meant):\n%s", file, diff)
	}
}

// TestGolden follows the papers of a month and compares the words of each with
// what a person has read and looked at in print.
func TestGolden(t *testing.T) {
	m := newMonth(t)
	m.lastTasks()
	m.plan()
	m.golden(t, "notice_draft", m.paper(document.KindNotice))
	m.announce()
	m.golden(t, "notice", m.paper(document.KindNotice))
	m.golden(t, "notice_sheet", m.paper(document.KindNoticeSheet))
	m.golden(t, "agenda", m.paper(document.KindAgenda))
	m.golden(t, "roll_blank", m.paper(document.KindRoll))
	m.draft()
	m.golden(t, "resolution_draft", m.paper(document.KindResolution))
	m.open()
	m.discuss()
	m.vote()
	m.golden(t, "roll", m.paper(document.KindRoll))
	m.golden(t, "score_draft", m.paper(document.KindScore))
	m.end()
	m.golden(t, "minutes_draft", m.paper(document.KindMinutes))
	m.golden(t, "score", m.paper(document.KindScore))
	m.approve()
	m.issue()
	m.golden(t, "minutes", m.paper(document.KindMinutes))
	m.golden(t, "resolution", m.paper(document.KindResolution))
	m.golden(t, "tasks", m.paper(document.KindTasks))
	m.amend("Ghi thiếu ý kiến của một đồng chí")
	m.golden(t, "minutes_second", m.paper(document.KindMinutes))
}

var (
	tags = regexp.MustCompile(`<[^>]*>`)
	word = regexp.MustCompile(`\S+`)
)

// words are the words of a paper, sorted: columns may be read in either order.
func words(text string) []string {
	list := word.FindAllString(text, -1)
	slices.Sort(list)
	return list
}

// TestWritersSayTheSame compares the words of the three kinds of file.
func TestWritersSayTheSame(t *testing.T) {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not installed")
	}
	m := whole(t)
	for _, kind := range document.Kinds {
		t.Run(string(kind), func(t *testing.T) {
			d := m.paper(kind)
			// On one long page there are no page numbers and no heads of tables
			// that come again.
			d.Format.PageNumber.From, d.Format.HeightMM = 0, 1000
			docx := words(strings.ReplaceAll(strings.Join(lines(t, write(t, d, document.Docx).Body), "\n"), " / ", " "))
			html := string(write(t, d, document.HTML).Body)
			html = strings.NewReplacer("&#34;", `"`, "&amp;", "&", "&lt;", "<", "&gt;", ">").Replace(tags.ReplaceAllString(html, " "))
			if diff := cmp.Diff(docx, words(html)); diff != "" {
				t.Errorf("HTML and Word differ:\n%s", diff)
			}
			if diff := cmp.Diff(docx, words(m.pdfText(t, d))); diff != "" {
				t.Errorf("PDF and Word differ:\n%s", diff)
			}
		})
	}
}

func (m *month) pdfText(t *testing.T, d paper.Document) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(file, write(t, d, document.PDF).Body, 0o644); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command("pdftotext", "-layout", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestPDFText looks for the lines that an office looks for.
func TestPDFText(t *testing.T) {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not installed")
	}
	m := whole(t)
	for kind, want := range map[document.Kind][]string{
		document.KindResolution: {"ĐẢNG CỘNG SẢN VIỆT NAM", "Số 01-NQ/CB", "An Bình, ngày 04 tháng 11 năm 2026", "NGHỊ QUYẾT", "T/M CHI BỘ", "- Lưu Chi bộ."},
		document.KindMinutes:    {"BIÊN BẢN", "CHI BỘ THÔN ĐÔNG", "NGƯỜI GHI BIÊN BẢN", "CHỦ TRÌ HỘI NGHỊ", "Có mặt: 23/26 đồng chí, đạt 88,4 %"},
		document.KindScore:      {"PHIẾU ĐÁNH GIÁ CHẤT LƯỢNG SINH HOẠT CHI BỘ", "Tổng điểm"},
	} {
		text := m.pdfText(t, m.paper(kind))
		for _, line := range want {
			if !strings.Contains(text, line) {
				t.Errorf("%s: %q is missing", kind, line)
			}
		}
	}
}

func TestFiles(t *testing.T) {
	m := whole(t)
	for kind, want := range map[document.Kind]string{
		document.KindMinutes:    "bien-ban-hop-chi-bo-thon-dong-2026-11-03.docx",
		document.KindResolution: "nghi-quyet-chi-bo-thon-dong-2026-11-04.docx",
		document.KindNotice:     "thong-bao-hop-chi-bo-thon-dong-2026-11-03.docx",
	} {
		if f := write(t, m.paper(kind), document.Docx); f.Name != want {
			t.Errorf("%s: %s", kind, f.Name)
		}
	}
	d := m.paper(document.KindMinutes)
	d.Title = "Biên bản họp Chi bộ " + strings.Repeat("thôn Đông Hạ ", 20) + "2026-11-03"
	f := write(t, d, document.PDF)
	if len(f.Name) > 105 || !strings.HasSuffix(f.Name, "-2026-11-03.pdf") || strings.Contains(f.Name, "--") {
		t.Errorf("a long name became %s", f.Name)
	}
	if !bytes.Equal(write(t, d, document.Docx).Body, write(t, d, document.Docx).Body) {
		t.Error("the same paper gave other bytes")
	}
	_, err := document.Write(d, "exe")
	testkit.Want(t, err, errs.NotFound)
	_, err = m.compose(m.SecretaryA, document.Order{Kind: "tsv", ID: 1})
	testkit.Want(t, err, errs.NotFound)
}

// TestWhoGetsWhichPaper: a paper is read by those who read the record.
func TestWhoGetsWhichPaper(t *testing.T) {
	m := whole(t) // not published yet
	people := []access.PersonID{m.SecretaryA, m.CommitteeA, m.MemberA, m.MembersA[7], m.Office, m.Inspector, m.Admin, m.MemberB, m.Nobody}
	for _, row := range []struct {
		kind document.Kind
		want string // of the people above
	}{
		// MemberA was present, MembersA[7] was not.
		{document.KindNotice, "ok ok ok ok ok ok hidden hidden hidden"},
		{document.KindNoticeSheet, "ok ok no no ok ok hidden hidden hidden"},
		{document.KindAgenda, "ok ok ok ok ok ok hidden hidden hidden"},
		{document.KindRoll, "ok ok no no ok ok hidden hidden hidden"},
		{document.KindResolution, "ok ok ok ok ok ok hidden hidden hidden"},
		{document.KindMinutes, "ok ok ok hidden ok ok hidden hidden hidden"},
		{document.KindVersion, "ok ok ok hidden ok ok hidden hidden hidden"},
		{document.KindScore, "ok ok no no ok ok hidden hidden hidden"},
		{document.KindTasks, "ok ok ok ok ok ok hidden hidden hidden"},
	} {
		o := m.order(row.kind)
		var have []string
		for _, who := range people {
			_, err := m.compose(who, o)
			switch {
			case err == nil:
				have = append(have, "ok")
			case errs.Is(err, errs.Denied):
				have = append(have, "no")
			case errs.Is(err, errs.NotFound):
				have = append(have, "hidden")
			default:
				t.Fatalf("%s: %v", row.kind, err)
			}
		}
		if got := strings.Join(have, " "); got != row.want {
			t.Errorf("%s: %s, want %s", row.kind, got, row.want)
		}
	}
}

// TestTheSameForEverybody: who prints a paper does not change what it says.
func TestTheSameForEverybody(t *testing.T) {
	m := whole(t)
	for _, kind := range []document.Kind{document.KindNotice, document.KindResolution, document.KindMinutes} {
		mine := lines(t, write(t, m.paper(kind), document.Docx).Body)
		d, err := m.compose(m.MemberA, m.order(kind))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(mine, lines(t, write(t, d, document.Docx).Body)); diff != "" {
			t.Errorf("%s is another for a member:\n%s", kind, diff)
		}
	}
}

func TestTooEarly(t *testing.T) {
	m := newMonth(t)
	m.plan()
	for kind, want := range map[document.Kind]errs.Kind{
		document.KindNoticeSheet: errs.Conflict,
		document.KindRoll:        errs.Conflict,
		document.KindMinutes:     errs.NotFound,
		document.KindTasks:       testkit.OK,
	} {
		_, err := m.compose(m.SecretaryA, m.order(kind))
		testkit.Want(t, err, want)
	}
	if text := m.text(document.KindTasks); !strings.Contains(text, "Không có nhiệm vụ") {
		t.Errorf("an empty list says nothing: %s", text)
	}
}

func (m *month) text(kind document.Kind) string {
	return strings.Join(lines(m, write(m, m.paper(kind), document.Docx).Body), "\n")
}

// TestEmptyParts: no heading stands over nothing, and what an office looks for
// is said not to be there.
func TestEmptyParts(t *testing.T) {
	m := newMonth(t)
	m.plan()
	m.announce()
	m.emptyDraft()
	text := m.text(document.KindResolution)
	for _, want := range []string{"Dự thảo", "Số ……-NQ/CB", "1. Kết quả thực hiện nhiệm vụ theo nghị quyết kỳ trước\nKhông có nhiệm vụ", "2. Biểu dương, nhắc nhở\nKhông có."} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	for _, never := range []string{"chính trị, tư tưởng", "Hạn chế", "PHƯƠNG HƯỚNG", "PHÂN CÔNG", "TỰ ĐÁNH GIÁ"} {
		if strings.Contains(text, never) {
			t.Errorf("%q stands over nothing in\n%s", never, text)
		}
	}
	m.open()
	m.SetNow(meetingDay.At(20, 0))
	m.beginMinutes()
	text = m.text(document.KindMinutes)
	for _, never := range []string{"KẾT LUẬN", "PHÂN CÔNG", "TỰ ĐÁNH GIÁ", "ĐÍNH CHÍNH", "kết thúc", "Mã kiểm tra"} {
		if strings.Contains(text, never) {
			t.Errorf("%q stands over nothing in\n%s", never, text)
		}
	}
}

// TestBodies: each body signs and numbers as the pack has it (rules 26.3).
func TestBodies(t *testing.T) {
	m := newMonth(t)
	for _, row := range []struct {
		name string
		plan meeting.Plan
		by   access.PersonID
		want []string
	}{
		{
			"cell",
			meeting.Plan{Unit: m.CellA.ID, Kind: meeting.Thematic, Topic: "Xây dựng nông thôn mới"},
			m.SecretaryA,
			[]string{"CHI BỘ THÔN ĐÔNG", "Số ……-TB/CB", "T/M CHI BỘ", "Sinh hoạt chuyên đề tháng 11 năm 2026", "Xây dựng nông thôn mới"},
		},
		{
			"committee of a cell",
			meeting.Plan{Unit: m.CellA.ID, Kind: meeting.Committee},
			m.SecretaryA,
			[]string{"CHI BỘ THÔN ĐÔNG", "Số ……-TB/CB", "T/M CHI ỦY", "Họp chi ủy tháng 11 năm 2026", "Các đồng chí trong chi ủy"},
		},
		{
			"party group",
			meeting.Plan{Unit: m.CellA.ID, Kind: meeting.Group, Group: m.GroupA2.ID},
			m.SecretaryA,
			[]string{"CHI BỘ THÔN ĐÔNG", "TỔ ĐẢNG 2", "TỔ TRƯỞNG", "Phạm Ngọc Dung", "Các đồng chí đảng viên trong tổ đảng"},
		},
		{
			"committee",
			meeting.Plan{Unit: m.Commune.ID, Kind: meeting.Committee},
			m.CommuneSecretary,
			[]string{"ĐẢNG ỦY XÃ AN BÌNH", "Số ……-TB/ĐU", "T/M ĐẢNG ỦY", "Hội nghị Đảng ủy xã An Bình tháng 11 năm 2026", "Đỗ Thị Quyên", "- Lưu Đảng ủy."},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.plan.Starts, row.plan.Minutes, row.plan.Place, row.plan.DayReason = clock.NewDate(2026, 11, 12).At(14, 0), 90, "Hội trường", "theo kế hoạch"
			d := m.noticeOf(row.by, row.plan)
			text := strings.Join(lines(t, write(t, d, document.Docx).Body), "\n")
			for _, want := range row.want {
				if !strings.Contains(text, want) {
					t.Errorf("%q is missing in\n%s", want, text)
				}
			}
			if d.Check() != nil {
				t.Error(d.Check())
			}
		})
	}
}

// TestNames: every kind and format has a name on screens.
func TestNames(t *testing.T) {
	catalogue, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	vietnamese := catalogue.Language(i18n.Fallback)
	for _, kind := range document.Kinds {
		if !vietnamese.Has("document.kind." + string(kind)) {
			t.Errorf("%s has no name", kind)
		}
	}
	for _, format := range document.Formats {
		if !vietnamese.Has("document.format." + string(format)) {
			t.Errorf("%s has no name", format)
		}
	}
}

// BenchmarkMinutesDocx is the budget of design section 6: minutes in 200 ms,
// from the records to the bytes.
func BenchmarkMinutesDocx(b *testing.B) {
	m := whole(b)
	for b.Loop() {
		write(b, m.paper(document.KindMinutes), document.Docx)
	}
}

// TestTheSheetOfWhomNoChannelReached lists nobody who was told.
func TestTheSheetOfWhomNoChannelReached(t *testing.T) {
	m := whole(t)
	o := m.order(document.KindNoticeSheet)
	o.Unreached = true
	told := func() (list []meeting.Told) {
		m.View(func(tx *db.Tx) (err error) {
			list, err = meeting.Delivery(tx, access.Console(), meeting.ID(o.ID))
			return err
		})
		return list
	}
	first := told()
	m.Update(func(tx *db.Tx) error {
		return meeting.Tell(tx, m.As(tx, m.SecretaryA), meeting.ID(o.ID), []access.PersonID{first[0].Person}, meeting.Word)
	})
	d, err := m.compose(m.SecretaryA, o)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(lines(t, write(t, d, document.Docx).Body), "\n")
	var rest []access.PersonID
	for _, one := range told() {
		untold := one.Channel == meeting.NotTold
		if untold {
			rest = append(rest, one.Person)
		}
		if strings.Contains(text, one.Name) != untold {
			t.Errorf("%s, told by %q: on the sheet %v", one.Name, one.Channel, !untold)
		}
	}
	if len(rest) == 0 || len(rest) == len(first) {
		t.Fatalf("%d of %d are not told", len(rest), len(first))
	}
	m.Update(func(tx *db.Tx) error {
		return meeting.Tell(tx, m.As(tx, m.SecretaryA), meeting.ID(o.ID), rest, meeting.Word)
	})
	_, err = m.compose(m.SecretaryA, o)
	testkit.Want(t, err, errs.Conflict)
}
