package results_test

import (
	"net/http"
	"regexp"
	"testing"

	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
)

// TestACorrectedVoteIsSeen counts a vote anew after the resolution was adopted
// by it: the page says so, and a further edition puts it right.
func TestACorrectedVoteIsSeen(t *testing.T) {
	s := planned(t)
	s.open()
	s.adopt()
	secretary, member := s.As(s.Org.SecretaryA), s.As(s.Org.MemberA)
	at := s.base + "/resolution"
	secretary.Get(at).Want(http.StatusOK, "22/24", "Sửa nghị quyết thành bản mới").Lacks("đã được đính chính sau khi thông qua")
	member.Get(at).Want(http.StatusOK).Lacks("Sửa nghị quyết thành bản mới")
	s.recount(20)
	page := secretary.Get(at).Want(http.StatusOK, "Kết quả biểu quyết đã được đính chính sau khi thông qua", "20 trên 24", "22/24")
	amend := regexp.MustCompile(`/resolutions/\w+/amend`).FindString(page.Body)
	version := hidden(t, page.Body, amend, "version")
	now := regexp.MustCompile(`name="vote"[^>]* value="(\w+)"`).FindStringSubmatch(page.Body)[1]
	secretary.Post(amend, "version", version, "vote", now).Want(http.StatusUnprocessableEntity, "chưa điền ô này")
	member.Post(amend, "version", version, "vote", now, "reason", "đính chính").Want(http.StatusForbidden)
	secretary.Post(amend, "version", "99", "vote", now, "reason", "đính chính").Want(http.StatusConflict, "đính chính")
	secretary.Post(amend, "version", version, "vote", now, "reason", "Theo số phiếu đã đính chính").LeadsTo(at)
	page = secretary.Get(at).Want(http.StatusOK, "20/24", "Bản thứ 2", "Các bản của nghị quyết", "Theo số phiếu đã đính chính").Lacks("đã được đính chính sau khi thông qua")
	first := regexp.MustCompile(`/paper/resolution\?of=\w+\.1`).FindString(page.Body)
	secretary.Get(s.base+first).Want(http.StatusOK, "22/24").Lacks("20/24")

	s.recount(3)
	secretary.Get(at).Want(http.StatusOK, "nghị quyết không đủ phiếu", "3 trên 24")
}

// recount records the vote in force anew.
func (s *stage) recount(yes int) {
	s.Helper()
	s.must(s.taker, func(tx *db.Tx, by access.Actor) error {
		votes, err := meeting.Votes(tx, by, s.meeting)
		if err != nil {
			return err
		}
		for _, v := range votes {
			if !v.Superseded() {
				_, err = meeting.CorrectVote(tx, by, v.ID, meeting.Tally{Yes: yes, No: 23 - yes}, nil, "đếm nhầm một hàng ghế")
			}
		}
		return err
	})
}
