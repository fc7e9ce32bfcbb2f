package results_test

import (
	"archive/zip"
	"bytes"
	"net/http"
	"strings"
	"testing"

	"chibo/internal/domain/meeting"
	"chibo/internal/platform/clock"
	"chibo/internal/testkit/visit"
	"chibo/internal/web/results"
)

func TestResultsGoUpAndComeBack(t *testing.T) {
	s := sealed(t)
	at := s.base + "/report"
	secretary, office := s.As(s.Org.SecretaryA), s.As(s.Org.Office)
	secretary.Get(at).Want(http.StatusOK, "Hạn đăng tải kết quả", "Đăng tải cho đảng viên", "Bản 1").Lacks("Gửi báo cáo</button>", "Tiếp nhận</button>")
	secretary.Post(s.base+"/report").Want(http.StatusConflict, "Kết quả chưa được đăng tải")
	office.Get(at).Want(http.StatusOK).Lacks("Đăng tải cho đảng viên", "Tiếp nhận</button>")
	s.As(s.Org.MemberA).Get(at).Want(http.StatusForbidden)
	s.As(s.Org.MemberA).Post(s.base + "/publish").Want(http.StatusForbidden)

	secretary.Post(s.base + "/publish").LeadsTo(at)
	secretary.Get(at).Want(http.StatusOK, "Gửi báo cáo</button>", "Chưa xác nhận phiếu đánh giá").Lacks("Đăng tải cho đảng viên")
	secretary.Post(s.base+"/score", s.claims()...).LeadsTo(s.base + "/score")
	secretary.Post(s.base + "/report").LeadsTo(at)
	secretary.Get(at).Want(http.StatusOK, "đang chờ tiếp nhận").Lacks("Gửi báo cáo</button>", "Tiếp nhận</button>")
	secretary.Post(s.base+"/score", with(s.claims(), "version", "1")...).Want(http.StatusConflict, "đã báo cáo cấp trên")

	office.Get(at).Want(http.StatusOK, "Tiếp nhận</button>", "Trả lại để bổ sung", "theo số liệu")
	office.Post(s.base+"/send-back", "reason", "").Want(http.StatusUnprocessableEntity, "Đồng chí chưa điền ô này.")
	office.Post(s.base+"/send-back", "reason", "Thiếu số liệu đảng phí").LeadsTo(at)
	secretary.Get(at).Want(http.StatusOK, "Cấp trên trả lại báo cáo", "Thiếu số liệu đảng phí", "Gửi báo cáo</button>")
	secretary.Post(s.base + "/acknowledge").Want(http.StatusForbidden)
	secretary.Post(s.base + "/report").LeadsTo(at)
	office.Post(s.base + "/acknowledge").LeadsTo(at)
	office.Get(at).Want(http.StatusOK, "Cấp trên đã tiếp nhận").Lacks("Tiếp nhận</button>")
	office.Post(s.base+"/acknowledge").Want(http.StatusConflict, "Không có báo cáo nào đang chờ")
}

func TestLatePublishingIsShownAndPossible(t *testing.T) {
	s := sealed(t)
	s.K.SetNow(clock.NewDate(2026, 11, 20).At(8, 0))
	secretary := s.As(s.Org.SecretaryA)
	secretary.Get(s.base+"/report").Want(http.StatusOK, "Đã quá hạn đăng tải")
	secretary.Post(s.base + "/publish").LeadsTo(s.base + "/report")
	secretary.Get(s.base+"/report").Want(http.StatusOK, "sau hạn")
}

// media are the types of the files by their endings.
var media = map[string]string{
	"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "pdf": "application/pdf",
}

func TestPapersAreFilesOfTheirKind(t *testing.T) {
	s := sealed(t)
	secretary := s.As(s.Org.SecretaryA)
	for _, name := range []string{"notice", "notice-sheet", "agenda", "roll", "resolution", "minutes", "score", "tasks"} {
		for ending, kind := range media {
			a := secretary.Get(s.base + "/documents/" + name + "." + ending).Want(http.StatusOK)
			if got := a.Header.Get("Content-Type"); got != kind {
				t.Errorf("%s.%s is sent as %q", name, ending, got)
			}
			if got := a.Header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment; filename=") || !strings.HasSuffix(got, "."+ending) {
				t.Errorf("%s.%s is called %q", name, ending, got)
			}
			if ending == "pdf" && !strings.HasPrefix(a.Body, "%PDF-") {
				t.Errorf("%s.pdf does not begin as a PDF", name)
			}
		}
		docx := secretary.Get(s.base + "/documents/" + name + ".docx").Body
		if _, err := zip.NewReader(bytes.NewReader([]byte(docx)), int64(len(docx))); err != nil {
			t.Errorf("%s.docx: %v", name, err)
		}
		secretary.Get(s.base+"/paper/"+name).Want(http.StatusOK, `<article class="paper"`, "/paper/"+name+"/format.css")
		css := secretary.Get(s.base+"/paper/"+name+"/format.css").Want(http.StatusOK, "@page", ".paper-table")
		if got := css.Header.Get("Content-Type"); got != "text/css; charset=utf-8" {
			t.Errorf("the style sheet of %s is sent as %q", name, got)
		}
	}
	secretary.Get(s.base + "/documents/secrets.docx").Want(http.StatusNotFound)
	secretary.Get(s.base + "/paper/secrets").Want(http.StatusNotFound)
	secretary.Get(s.base + "/documents/minutes.docx?of=12").Want(http.StatusNotFound)
	secretary.Get(s.base + "/documents/minutes.pdf?of=" + s.newest().ID.String()).Want(http.StatusOK)
}

func TestPapersAreCutByRights(t *testing.T) {
	s := sealed(t)
	absent, member, office := s.As(s.Org.MembersA[9]), s.As(s.Org.MemberA), s.As(s.Org.Office)
	absent.Get(s.base + "/documents/minutes.docx").Want(http.StatusNotFound)
	absent.Get(s.base + "/documents/roll.docx").Want(http.StatusForbidden)
	absent.Get(s.base + "/documents/score.docx").Want(http.StatusForbidden)
	absent.Get(s.base+"/resolution").Want(http.StatusOK, "/documents/resolution.docx").Lacks("/documents/minutes.docx", "/documents/roll.docx", "/documents/score.docx", "/documents/notice-sheet.docx")
	member.Get(s.base + "/documents/minutes.docx").Want(http.StatusOK)
	office.Get(s.base+"/resolution").Want(http.StatusOK, "/documents/minutes.docx", "/documents/roll.docx")
	for _, who := range []*visit.Visitor{s.As(s.Org.SecretaryB), s.As(s.Org.SecretaryC), s.As(s.Org.Admin)} {
		for _, path := range []string{"/documents/minutes.docx", "/documents/notice.pdf", "/documents/tasks.docx", "/paper/resolution", "/paper/minutes/format.css", "/resolution", "/score", "/report"} {
			who.Get(s.base + path).Want(http.StatusNotFound)
		}
	}
}

// TestEveryOfferedPaperCanBeHad follows the links of the list of papers, for
// each reader at each step: what cannot be had must not be offered.
func TestEveryOfferedPaperCanBeHad(t *testing.T) {
	for name, begin := range map[string]func(*testing.T) *stage{"planned": planned, "held": held, "sealed": sealed} {
		t.Run(name, func(t *testing.T) {
			s := begin(t)
			for _, person := range []string{"secretary", "committee", "taker", "member", "absent", "office"} {
				who := s.As(s.people()[person])
				for _, page := range []string{"/resolution", "/minutes", "/score", "/report"} {
					for _, path := range offers(who.Get(s.base + page).Body) {
						if a := who.Get(path); a.Status != http.StatusOK {
							t.Errorf("%s is offered %s and gets %d", person, path, a.Status)
						}
					}
				}
			}
		})
	}
}

func TestAMeetingWithoutASheet(t *testing.T) {
	s := &stage{T: t, Site: visit.New(t, visit.Routes(results.Routes()...))}
	s.begin(meeting.Thematic)
	secretary := s.As(s.Org.SecretaryA)
	secretary.Get(s.base+"/resolution").Want(http.StatusOK, "không ra nghị quyết tháng").Lacks(">Chấm điểm</a>")
	secretary.Get(s.base+"/score").Want(http.StatusOK, "Cuộc họp này không chấm điểm")
	secretary.Get(s.base+"/minutes").Want(http.StatusOK, "Biên bản được lập khi cuộc họp đã bắt đầu.")
	secretary.Post(s.base+"/resolution").Want(http.StatusConflict, "Nghị quyết tháng chỉ lập cho")
}
