package help_test

import (
	"testing"

	"chibo/internal/testkit/visit"
	"chibo/internal/web/guide"
	"chibo/internal/web/help"
)

func TestPages(t *testing.T) {
	s := visit.New(t, visit.Routes(help.Routes()...))
	s.Stranger().Get("/help").Want(200, "Hướng dẫn", "Thư ký cuộc họp", "Tìm").Lacks("[help.", "Của đồng chí", "Lọc", "không bắt buộc")
	s.As(s.Org.SecretaryA).Get("/help?q=nghi+quyet").Want(200, "Nghị quyết và giao nhiệm vụ", "Của đồng chí")
	s.Stranger().Get("/help?q=khongcogi").Want(200, "Không tìm thấy")
	for _, g := range guide.In("vi") {
		s.Stranger().Get("/help/"+g.ID).Want(200, g.Title, g.Tasks[0].Title).Lacks("**")
		s.Stranger().Get("/help/"+g.ID+"?print=1").Want(200, g.Tasks[0].Title)
	}
	s.Stranger().Get("/help/khong-co").Want(404)
}
