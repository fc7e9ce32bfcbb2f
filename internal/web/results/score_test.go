package results_test

import (
	"net/http"
	"net/url"
	"testing"

	"chibo/internal/kernel/access"
)

func TestTheSheetIsFilledInAndConfirmed(t *testing.T) {
	s := sealed(t)
	at := s.base + "/score"
	secretary := s.As(s.Org.SecretaryA)
	secretary.Get(at).Want(http.StatusOK, "/ 95 điểm tháng này", "Theo sổ điểm danh", "25 trong 26 đảng viên", "Không có số liệu; chi ủy tự chấm.", "Xác nhận điểm", "chưa chấm",
		"Chấm khác và nêu lý do", "/members/"+s.Org.MembersA[9].String())

	refused := secretary.Post(at, with(s.claims(), "points.5.1", "", "points.2.rate", "3")...)
	refused.Want(http.StatusUnprocessableEntity, "Đồng chí chưa điền ô này.", "Số liệu cho thấy 4 điểm", `href="#f-reason.2.rate"`)
	secretary.Post(at, with(s.claims(), "points.2.rate", "9")...).Want(http.StatusUnprocessableEntity, "Số điểm này không có trong phiếu")
	secretary.Post(at, with(s.claims(), "points.1", "năm")...).Want(http.StatusUnprocessableEntity, "Cần ghi bằng chữ số")

	claims := with(s.claims(), "points.3.5", "2", "reason.3.5", "Đã phát bản giấy từ hôm trước")
	secretary.Post(at, claims...).LeadsTo(at)
	secretary.Get(at).Want(http.StatusOK, "Xác nhận lại điểm", "Số liệu 0, chấm cao hơn 2", "Đã phát bản giấy từ hôm trước", "Đồng chí").Lacks("chưa chấm")
	secretary.Post(at, claims...).Want(http.StatusConflict, "Người khác vừa sửa", "Đã phát bản giấy từ hôm trước")
	secretary.Post(at, with(claims, "version", "1", "points.5.1", "0")...).LeadsTo(at)
}

func TestTheTotalFollowsTheForm(t *testing.T) {
	s := sealed(t)
	form := url.Values{}
	claims := s.claims()
	for i := 0; i < len(claims); i += 2 {
		form.Set(claims[i], claims[i+1])
	}
	secretary := s.As(s.Org.SecretaryA)
	full := secretary.Get(s.base+"/score/total?"+form.Encode()).Want(http.StatusOK, `id="score-total"`).Lacks("chưa chấm", "<html")
	form.Set("points.5.1", "")
	form.Set("points.5.2", "0")
	less := secretary.Get(s.base+"/score/total?"+form.Encode()).Want(http.StatusOK, "Còn 1 dòng chưa chấm")
	if full.Body == less.Body {
		t.Error("the total does not change with the form")
	}
	s.As(s.Org.MemberA).Get(s.base + "/score/total").Want(http.StatusForbidden)
}

func TestWhoSeesTheSheet(t *testing.T) {
	s := sealed(t)
	at := s.base + "/score"
	s.As(s.Org.MemberA).Get(at).Want(http.StatusOK, "Chưa có phiếu đánh giá").Lacks("Xác nhận điểm")
	s.As(s.Org.MemberA).Post(at, s.claims()...).Want(http.StatusForbidden)
	secretary := s.As(s.Org.SecretaryA)
	secretary.Post(at, with(s.claims(), "points.3.5", "2", "reason.3.5", "Đã phát bản giấy")...).LeadsTo(at)
	secretary.Post(s.base + "/publish").LeadsTo(s.base + "/report")
	for _, test := range []struct {
		name   string
		who    access.PersonID
		status int
		text   string
	}{
		{"the office sees claim beside evidence", s.Org.Office, http.StatusOK, "Chấm 2, số liệu 0. Lý do: Đã phát bản giấy"},
		{"a committee member", s.Org.CommitteeA, http.StatusOK, "Theo số liệu"},
		{"a member, once it is published", s.Org.MemberA, http.StatusOK, "Chỗ chấm khác số liệu"},
		{"another cell", s.Org.SecretaryB, http.StatusNotFound, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s.As(test.who).Get(at).Want(test.status, test.text).Lacks("Xác nhận điểm", "Xác nhận lại điểm")
		})
	}
}
