package demo

import (
	"fmt"
	"strings"

	"chibo/internal/demo/fiction"
	"chibo/internal/domain/meeting"
)

// paperMost is far above what the demo writes.
const paperMost = 1 << 20

// store puts a text file into the store. The same bytes lie there once.
func (s *scene) store(name, content string) (meeting.Document, error) {
	f, err := s.files.Put(name, strings.NewReader(content), paperMost)
	return meeting.Document{Name: f.Name, Media: f.Media, Hash: f.Hash, Size: f.Size}, err
}

// material is what the level above sends to all cells for the month.
func (w *ward) material(m meeting.Month) (name, content string) {
	d := fiction.Throw(w.seed, "material", m)
	var b strings.Builder
	fmt.Fprintf(&b, "TÀI LIỆU SINH HOẠT CHI BỘ THÁNG %s\n\n", m.Vietnamese())
	fmt.Fprintf(&b, "I. TRỌNG TÂM CỦA THÁNG\n- %s.\n\nII. THÔNG TIN THỜI SỰ\n", capital(occasion(m)))
	for _, line := range fiction.Some(d, information, 3) {
		fmt.Fprintf(&b, "- %s\n", line)
	}
	b.WriteString("\nIII. GỢI Ý THẢO LUẬN\n")
	for _, line := range fiction.Some(d, plans, 2) {
		fmt.Fprintf(&b, "- %s\n", line)
	}
	return fmt.Sprintf("Tài liệu sinh hoạt chi bộ tháng %02d-%d.txt", m.First().Month(), m.Year()), b.String()
}

// report is the draft of what the secretary will report.
func (h *house) report(m meeting.Month, t monthText) (name, content string) {
	body := fmt.Sprintf("%s\nDỰ THẢO BÁO CÁO THÁNG %s\n\nI. KẾT QUẢ\n%s\n%s\n\nHạn chế: %s\n\nII. PHƯƠNG HƯỚNG\n%s\n",
		strings.ToUpper(h.name), m.Vietnamese(), t.politics, t.duties, t.limits, t.direction)
	return fmt.Sprintf("Dự thảo báo cáo tháng %02d-%d.txt", m.First().Month(), m.Year()), body
}

// evidence is what somebody hands in with a finished task.
func evidence(title, result string) (name, content string) {
	return "Kết quả thực hiện.txt", "Nhiệm vụ: " + title + "\n" + result + "\n"
}

// monthText is what a cell writes about its month.
type monthText struct {
	information, ideology                       string
	politics, duties, praise, limits, direction string
}

// text is what the cell writes for the month. A copying cell has written the
// same for half a year.
func (h *house) text(m meeting.Month) monthText {
	key := any(m)
	if h.copies(m) {
		key = "the same"
	}
	d := h.dice("text", key)
	t := monthText{information: fiction.One(d, information), ideology: fiction.One(d, ideology)}
	t.politics = bullets(fiction.Some(d, politics, d.Between(1, 2)))
	t.duties = bullets(fiction.Some(d, h.milieu.Duties, d.Between(2, 3)))
	t.limits = fiction.One(d, limits)
	t.praise = "Biểu dương các đồng chí hoàn thành nhiệm vụ trước thời hạn; nhắc nhở các đồng chí báo cáo chậm."
	direction := append(fiction.Some(d, plans, 1), fiction.Some(d, h.milieu.Plans, 2)...)
	if h.copies(m) {
		t.direction = bullets(direction)
		return t
	}
	t.direction = bullets(append(direction, capital(occasion(m))+"."))
	return t
}

// copyingMonths is for how long the copying cell has said the same.
const copyingMonths = 6

func (h *house) copies(m meeting.Month) bool {
	return h.manner.Trait == fiction.Copying && h.director.ward.story.before(m) < copyingMonths
}

// occasion is what the calendar brings in the month.
func occasion(m meeting.Month) string { return occasions[m.First().Month()-1] }

func bullets(lines []string) string { return "- " + strings.Join(lines, "\n- ") }

func capital(s string) string {
	r := []rune(s)
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}
