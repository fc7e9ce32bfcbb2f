package document

import (
	"strings"
	"testing"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/minutes"
	"chibo/internal/platform/paper"
)

// TestAVoteStandsOnce: one on an item of the agenda below it, one on none at
// the end, also where people spoke to no item.
func TestAVoteStandsOnce(t *testing.T) {
	r := recorded{Content: minutes.Content{
		Course: []minutes.Passage{
			{Kind: itemVote, Title: "Nội dung cần biểu quyết"},
			{Opinions: []minutes.Speech{{Speaker: "Phạm Văn Bình", Text: "Đề nghị sớm làm đường."}}},
		},
		Votes: []minutes.Vote{
			{Title: "Khen thưởng đội sản xuất", Item: "Nội dung cần biểu quyết", Form: meeting.Hand, Base: 20, Yes: 20, Passed: true},
			{Title: "Thông qua nghị quyết", Form: meeting.Hand, Base: 20, Yes: 19, Passed: true},
		},
	}}
	var text strings.Builder
	for _, b := range r.course() {
		if p, ok := b.(paper.Paragraph); ok {
			for _, run := range p.Runs {
				text.WriteString(run.Text)
			}
		}
		if h, ok := b.(paper.Heading); ok {
			text.WriteString(h.Text)
		}
		text.WriteString("\n")
	}
	for _, title := range []string{"Khen thưởng đội sản xuất", "Thông qua nghị quyết", "Đề nghị sớm làm đường"} {
		if n := strings.Count(text.String(), title); n != 1 {
			t.Errorf("%q stands %d times:\n%s", title, n, text.String())
		}
	}
}
