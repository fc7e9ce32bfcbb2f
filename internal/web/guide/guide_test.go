package guide_test

import (
	"strings"
	"testing"

	"chibo/internal/web/guide"
)

func TestEveryGuideIsWhole(t *testing.T) {
	ids := map[string]bool{}
	for _, g := range guide.In("vi") {
		if g.ID == "" || g.Title == "" || g.Lead == "" || len(g.Tasks) == 0 || ids[g.ID] {
			t.Errorf("guide %q is not whole, or is there twice", g.ID)
		}
		ids[g.ID] = true
		tasks := map[string]bool{}
		for _, task := range g.Tasks {
			if task.ID == "" || task.Title == "" || len(task.Steps) == 0 || tasks[task.ID] {
				t.Errorf("%s: task %q is not whole, or is there twice", g.ID, task.ID)
			}
			tasks[task.ID] = true
			for _, sentence := range append(task.Steps, task.Notes...) {
				if strings.Count(sentence, "**")%2 != 0 || !strings.HasSuffix(sentence, ".") {
					t.Errorf("%s/%s: %q", g.ID, task.ID, sentence)
				}
			}
		}
	}
}

func TestFor(t *testing.T) {
	for _, c := range []struct{ role, page, want string }{
		{"secretary", "/meetings/0abc/prepare", "/help/bi-thu#chuan-bi"},
		{"member", "/meetings/0abc/prepare", "/help/bi-thu#chuan-bi"},
		{"secretary", "/tasks", "/help/bi-thu#nhiem-vu"},
		{"member", "/tasks", "/help/dang-vien#nhiem-vu"},
		{"member", "/tasks/0abc", "/help/dang-vien#nhiem-vu"},
		{"office", "/overview", "/help/van-phong#theo-doi"},
		{"inspector", "/overview", "/help/kiem-tra#doi-chieu"},
		{"", "/sign-in", "/help/dang-vien#vao-he-thong"},
		{"member", "/no/such/page", ""},
	} {
		if got := guide.For("vi", c.role, c.page); got != c.want {
			t.Errorf("%s on %s: %q, want %q", c.role, c.page, got, c.want)
		}
	}
}

func TestSearch(t *testing.T) {
	for words, first := range map[string]string{
		"diem danh": "diem-danh", "Biên bản": "ket-thuc", "bao cao nhiem vu": "nhiem-vu", "bieu quyet": "bieu-quyet",
	} {
		hits := guide.Search("vi", words)
		if len(hits) == 0 || hits[0].Task.ID != first {
			t.Errorf("%q finds %+v first", words, hits)
		}
	}
	if hits := guide.Search("vi", "  "); hits != nil {
		t.Error("nothing finds something")
	}
}
