package guide_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"chibo/internal/web/guide"
)

func TestEveryGuideIsWhole(t *testing.T) {
	for _, language := range []string{"vi", "en"} {
		t.Run(language, func(t *testing.T) { areWhole(t, guide.In(language)) })
	}
}

func areWhole(t *testing.T, guides []guide.Guide) {
	ids := map[string]bool{}
	for _, g := range guides {
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

// TestTranslationsHoldTheSameTasks keeps addresses and pages the same in both
// languages: somebody who changes the language stays where they are.
func TestTranslationsHoldTheSameTasks(t *testing.T) {
	ours, theirs := guide.In("vi"), guide.In("en")
	if len(ours) != len(theirs) {
		t.Fatalf("%d guides in Vietnamese, %d in English", len(ours), len(theirs))
	}
	for i, g := range ours {
		if got, want := bones(theirs[i]), bones(g); !reflect.DeepEqual(got, want) {
			t.Errorf("English has\n%+v, Vietnamese\n%+v", got, want)
		}
		if theirs[i].Title == g.Title {
			t.Errorf("%s is not translated", g.ID)
		}
	}
}

// bones is a guide without its words; of those it keeps only how many there are.
func bones(g guide.Guide) guide.Guide {
	g.Title, g.Lead = "", ""
	g.Tasks = slices.Clone(g.Tasks)
	for i := range g.Tasks {
		task := &g.Tasks[i]
		task.Title, task.Steps, task.Notes = "", make([]string, len(task.Steps)), make([]string, len(task.Notes))
	}
	return g
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
		{"office", "/", "/help/van-phong#bat-dau"},
		{"administrator", "/", "/help/quan-tri#buoc-dau"},
		{"secretary", "/", "/help/bi-thu#ban-viec"},
		{"secretary", "/overview/0abc", "/help/bi-thu#theo-doi-cap-duoi"},
		{"office", "/overview/reports", "/help/van-phong#tiep-nhan"},
		{"office", "/overview/0abc/consolidation", "/help/van-phong#cung-co"},
		{"deputy", "/consolidation/0abc", "/help/bi-thu#cung-co"},
		{"office", "/statistics/0abc", "/help/van-phong#bao-cao-thong-ke"},
		{"inspector", "/statistics/0abc", "/help/kiem-tra#bao-cao-thong-ke"},
		{"office", "/reorganisations/new", "/help/van-phong#sap-xep"},
		{"office", "/reorganisations/0abc/people", "/help/van-phong#xep-noi-sinh-hoat"},
		{"office", "/reorganisations/0abc/back", "/help/van-phong#thuc-hien-sap-xep"},
		{"secretary", "/reorganisations/0abc/apply", "/help/bi-thu#sap-xep"},
		{"office", "/import/posts", "/help/van-phong#nhap-chuc-vu"},
		{"administrator", "/import/posts", "/help/van-phong#nhap-chuc-vu"},
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
