package results_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"chibo/internal/domain/resolution"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
)

var mainAction = regexp.MustCompile(`class="btn primary"(?:[^>]* href="([^"]*)")?[^>]*>([^<]*)<`)

// onlyMain is the one main action of a page and where it leads; it is "" for
// one that sends its form.
func (s *stage) onlyMain(path string) (text, href string) {
	s.Helper()
	found := mainAction.FindAllStringSubmatch(s.As(s.Org.SecretaryA).Get(path).Want(http.StatusOK).Body, -1)
	if len(found) != 1 {
		s.Fatalf("%s has %d main actions: %q", path, len(found), found)
	}
	return strings.TrimSpace(found[0][2]), found[0][1]
}

func (s *stage) wantMain(path, text, href string) {
	s.Helper()
	if gotText, gotHref := s.onlyMain(path); gotText != text || gotHref != href {
		s.Errorf("%s leads on with %q to %q, want %q to %q", path, gotText, gotHref, text, href)
	}
}

// TestEachStepLeadsOn follows the month from its resolution to its report:
// every page has one main action, and one on which nothing is left to do leads
// to the next.
func TestEachStepLeadsOn(t *testing.T) {
	s := planned(t)
	s.open()
	page := func(name string) string { return s.base + name }
	s.wantMain(page("/resolution"), "Soạn dự thảo nghị quyết", "")
	s.adopt()
	s.wantMain(page("/resolution"), "Sang phần kết thúc", page("/room/close"))
	s.As(s.Org.SecretaryA).Get(page("/resolution")).Want(http.StatusOK, `href="`+page("/room/close")+`"`, `href="`+page("/room/votes")+`"`, "Ban hành")
	s.As(s.Org.MemberA).Get(page("/resolution")).Want(http.StatusOK).Lacks("/room/close")

	s.close()
	s.wantMain(page("/resolution"), "Mở biên bản", page("/minutes"))
	s.wantMain(page("/minutes"), "Lập biên bản", "")
	s.seal()
	s.wantMain(page("/minutes"), "Mở nghị quyết", page("/resolution"))
	s.wantMain(page("/resolution"), "Ban hành", "")
	s.issue()
	s.wantMain(page("/resolution"), "Mở phần đăng tải", page("/report"))
	s.wantMain(page("/report"), "Đăng tải cho đảng viên", "")
	secretary := s.As(s.Org.SecretaryA)
	secretary.Post(page("/publish")).LeadsTo(page("/report"))
	s.wantMain(page("/report"), "Mở phiếu đánh giá", page("/score"))
	secretary.Get(page("/report")).Want(http.StatusOK, "Gửi báo cáo</button>")
	secretary.Post(page("/score"), s.claims()...).LeadsTo(page("/score"))
	s.wantMain(page("/score"), "Mở phần báo cáo", page("/report"))
	s.wantMain(page("/report"), "Gửi báo cáo", "")
}

// issue gives the resolution its number.
func (s *stage) issue() {
	s.Helper()
	s.must(s.Org.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		list, err := resolution.OfMeeting(tx, by, s.meeting)
		if err != nil {
			return err
		}
		return resolution.Issue(tx, by, list[0].ID, list[0].Version, resolution.Signing{Place: "Thôn Đông"})
	})
}
