package e2e

import (
	"strings"
	"testing"
)

// TestRollCallByQRCode has a member come in by the code that stands on the
// wall, on a phone of their own, after mishearing it once.
func TestRollCallByQRCode(t *testing.T) {
	h := open(t)
	m := &month{house: h, t: t, secretary: h.visit(t, desk).signIn(secretary)}
	m.prepare()
	m.announce()
	m.begin()
	m.secretary.press("Mã tự điểm danh").see("Đọc mã này")
	code := m.find(`\d{3} \d{3}`)
	if !m.secretary.sees("Mã QR để tự điểm danh") {
		t.Error("there is no picture to scan")
	}

	member := h.visit(t, phone).signIn(ordinary).open(m.page)
	member.press("Điểm danh có mặt").fill("Mã điểm danh", other(code)).press("Tôi có mặt").see("Mã chưa đúng.")
	member.fill("Mã điểm danh", code).press("Tôi có mặt").see("Đồng chí đã điểm danh lúc")
	m.secretary.press("Về điểm danh").see("1 / ", "Tự điểm danh lúc")

	m.secretary.press("Mã tự điểm danh").press("Đổi mã mới").see("Đã đổi mã.").lacks(code)
	late := h.visit(t, phone).signIn(deputy).open(strings.Replace(m.page, "/meetings/", "/checkin/", 1))
	late.fill("Mã điểm danh", code).press("Tôi có mặt").see("Mã chưa đúng.")
}

// other is a code that is not this one.
func other(code string) string {
	last := code[len(code)-1:]
	if last == "9" {
		return strings.TrimSuffix(code, last) + "0"
	}
	return strings.TrimSuffix(code, last) + "9"
}
