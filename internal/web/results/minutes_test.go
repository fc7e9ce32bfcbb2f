package results_test

import (
	"net/http"
	"testing"

	"chibo/internal/domain/minutes"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
)

// newest is the last version of the minutes.
func (s *stage) newest() (m minutes.Minutes) {
	s.Helper()
	s.K.View(func(tx *db.Tx) (err error) {
		m, _, err = minutes.Current(tx, access.Console(), s.meeting)
		return err
	})
	return m
}

func TestMinutesAreWrittenCorrectedSealedAndAmended(t *testing.T) {
	s := held(t)
	at := s.base + "/minutes"
	taker, chair, member := s.As(s.taker), s.As(s.Org.SecretaryA), s.As(s.Org.MemberA)
	member.Get(at).Want(http.StatusOK, "Chưa có biên bản để xem").Lacks("Lập biên bản</button>")
	taker.Get(at).Want(http.StatusOK, "Lập biên bản</button>")
	taker.Post(at).LeadsTo(at)
	taker.Get(at).Want(http.StatusOK, "Bản 1 · Dự thảo", "BIÊN BẢN", "Phần tự viết", "Cập nhật từ sổ ghi").Lacks("Thông qua và niêm phong")

	m := s.newest()
	taker.Post(at+"/text", "version", "99", "dues", "Đã nộp đủ.").Want(http.StatusConflict, "Người khác vừa sửa", "Đã nộp đủ.")
	taker.Post(at+"/text", "version", itoa(int(m.Version)), "dues", "Đã nộp đủ.", "conclusions", "Nhất trí toàn bộ.").LeadsTo(at)
	taker.Post(at+"/renew", "version", itoa(int(s.newest().Version))).LeadsTo(at)
	taker.Get(at).Want(http.StatusOK, "Đã nộp đủ.", "Nhất trí toàn bộ.")

	member.Post(at+"/corrections", "minutes", m.ID.String(), "text", "").Want(http.StatusUnprocessableEntity, "Đồng chí chưa điền ô này.")
	member.Post(at+"/corrections", "minutes", m.ID.String(), "text", "Tôi phát biểu về đường thôn.").LeadsTo(at)
	chair.Post(at+"/approve", "version", itoa(int(s.newest().Version))).Want(http.StatusConflict, "Còn 1 ý kiến đề nghị sửa")
	var correction minutes.Correction
	s.K.View(func(tx *db.Tx) error {
		list, err := minutes.Corrections(tx, access.Console(), m.ID)
		correction = list[0]
		return err
	})
	answer := at + "/corrections/" + correction.ID.String()
	member.Post(answer, "version", "1", "answer", "accepted").Want(http.StatusForbidden)
	taker.Post(answer, "version", "1", "answer", "refused", "reason", "").Want(http.StatusUnprocessableEntity, "Đồng chí chưa điền ô này.", "Tôi phát biểu về đường thôn.")
	taker.Post(answer, "version", "1", "answer", "accepted", "reason", "Đã bổ sung").LeadsTo(at)
	member.Get(at).Want(http.StatusOK, "Đã tiếp thu", "Trả lời: Đã bổ sung", "Đề nghị sửa biên bản").Lacks("Lưu biên bản", "Thông qua và niêm phong", "/amend")

	chair.Get(at).Want(http.StatusOK, "Thông qua và niêm phong biên bản")
	taker.Post(at+"/approve", "version", itoa(int(s.newest().Version))).Want(http.StatusForbidden)
	chair.Post(at+"/approve", "version", itoa(int(s.newest().Version))).LeadsTo(at)
	first := s.newest()
	chair.Get(at).Want(http.StatusOK, "Bản 1 · Đã thông qua", "Dấu niêm phong", first.Digest[:4]+" "+first.Digest[4:8], "Kiểm tra dấu niêm phong", "Lập bản đính chính").Lacks("Lưu biên bản")
	chair.Get(at+"/"+first.ID.String()+"?check=1").Want(http.StatusOK, "Dấu niêm phong nguyên vẹn")

	chair.Post(at+"/amend", "reason", "").Want(http.StatusUnprocessableEntity, "Đồng chí chưa điền ô này.")
	chair.Post(at+"/amend", "reason", "Ghi nhầm số tiền").LeadsTo(at)
	chair.Get(at).Want(http.StatusOK, "Bản 2 · Dự thảo", "Ghi nhầm số tiền", "Các bản của biên bản").Lacks("Cập nhật từ sổ ghi")
	chair.Get(at+"/"+first.ID.String()).Want(http.StatusOK, "Bản 1 · Đã thông qua").Lacks("Lưu biên bản", "Lập bản đính chính</button>")
	chair.Get(at + "/123").Want(http.StatusNotFound)
}

func TestABrokenSealIsSaid(t *testing.T) {
	s := sealed(t)
	m := s.newest()
	s.K.Update(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE minutes SET content = replace(content, 'Nhất trí', 'Không nhất trí') WHERE id = $1`, m.ID)
		return err
	})
	s.As(s.Org.SecretaryA).Get(s.base+"/minutes/"+m.ID.String()+"?check=1").Want(http.StatusOK, "Dấu niêm phong không khớp", "báo ngay")
}

func TestWhoReadsMinutes(t *testing.T) {
	s := sealed(t)
	at := s.base + "/minutes"
	for _, test := range []struct {
		name   string
		who    access.PersonID
		status int
		text   string
	}{
		{"a member who was there", s.Org.MemberA, http.StatusOK, "BIÊN BẢN"},
		{"a member who was not, before it is published", s.Org.MembersA[9], http.StatusOK, "Chưa có biên bản để xem"},
		{"the office", s.Org.Office, http.StatusOK, "BIÊN BẢN"},
		{"another cell", s.Org.SecretaryB, http.StatusNotFound, ""},
		{"another commune", s.Org.SecretaryC, http.StatusNotFound, ""},
	} {
		t.Run(test.name, func(t *testing.T) { s.As(test.who).Get(at).Want(test.status, test.text) })
	}
	s.As(s.Org.Office).Get(at).Lacks("Đề nghị sửa biên bản", "Lập bản đính chính")
	s.Stranger().Get(at).LeadsTo("/sign-in?to=%2Fmeetings%2F" + s.meeting.String() + "%2Fminutes")
}
