package layout_test

import (
	"math"
	"strings"
	"testing"

	"chibo/internal/platform/paper"
	"chibo/internal/platform/paper/layout"
	"chibo/internal/platform/paper/papertest"
)

func of(blocks ...paper.Block) layout.Sheet {
	return layout.Of(paper.Document{Format: papertest.Format(), Blocks: blocks})
}

func text(p layout.Par) string {
	var b strings.Builder
	for _, r := range p.Runs {
		b.WriteString(r.Text)
	}
	return b.String()
}

// shape writes pieces in short: P a paragraph, s a space, G3 a grid of three
// rows, I a picture; + is kept with what follows, ! begins a page.
func shape(s layout.Sheet) string {
	var list []string
	for _, item := range s.Items {
		switch item := item.(type) {
		case *layout.Par:
			name := "P"
			if item.Style.ID == "Space" {
				name = "s"
			}
			if item.Picture != nil {
				name = "I"
			}
			if item.NewPage {
				name = "!" + name
			}
			if item.KeepNext {
				name += "+"
			}
			list = append(list, name)
		case *layout.Grid:
			name := "G"
			for _, row := range item.Rows {
				if row.KeepNext {
					name += "+"
				} else {
					name += "-"
				}
			}
			list = append(list, name)
		}
	}
	return strings.Join(list, " ")
}

func TestWhatStaysTogether(t *testing.T) {
	rows := paper.Table{Columns: []paper.Column{{}}, Head: []paper.Row{paper.Cells("TT")}, Rows: []paper.Row{paper.Cells("1"), paper.Cells("2")}}
	sign := paper.Closing{Signature: paper.Signature{Name: "A"}}
	for _, c := range []struct {
		name   string
		blocks []paper.Block
		want   string
	}{
		{"heading", []paper.Block{paper.Heading{Level: 1}, paper.P("a")}, "P+ P"},
		{"title", []paper.Block{paper.Title{Name: "a", Abstract: "b"}, paper.P("a")}, "P+ P+ P+ s+ P"},
		{"letterhead", []paper.Block{paper.Letterhead{Issuer: "a"}, paper.P("a")}, "G++ s+ P"},
		{"table", []paper.Block{rows, paper.P("a")}, "G+-- s P"},
		{"signature after text", []paper.Block{paper.P("a"), paper.P("b"), sign}, "P P+ s+ G- s"},
		{"signature after a table", []paper.Block{rows, sign}, "G+-+ s+ s+ G- s"},
		{"signature on a page of its own", []paper.Block{paper.P("a"), paper.PageBreak{}, sign}, "P !s+ G- s"},
		{"page break before a table", []paper.Block{paper.P("a"), paper.PageBreak{}, rows}, "P !s G+-- s"},
		{"page break at the begin and end", []paper.Block{paper.PageBreak{}, paper.P("a"), paper.PageBreak{}}, "P"},
		{"together", []paper.Block{paper.KeepTogether{Blocks: []paper.Block{paper.P("a"), rows, paper.P("b"), rows}}, paper.P("c")}, "P+ G+++ s+ P+ G++- s P"},
		{"nothing together", []paper.Block{paper.KeepTogether{}}, ""},
		{"empty table", []paper.Block{paper.Table{Columns: []paper.Column{{}}}}, ""},
	} {
		if got := shape(of(c.blocks...)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestLetterhead(t *testing.T) {
	sheet := of(paper.Letterhead{
		Superior: "Đảng bộ xã Mỏ Cày", Issuer: "Chi bộ thôn Đông Hạ", Number: "Số 05-NQ/CB",
		Motto: "Đảng Cộng sản Việt Nam", PlaceDate: "Thành phố Hồ Chí Minh, ngày 05 tháng 02 năm 2026",
	})
	grid := sheet.Items[0].(*layout.Grid)
	var cells []string
	for _, row := range grid.Rows {
		for _, cell := range row.Cells {
			var lines []string
			for _, p := range cell.Pars {
				lines = append(lines, text(p))
			}
			cells = append(cells, strings.Join(lines, "|"))
		}
	}
	want := []string{"ĐẢNG BỘ XÃ MỎ CÀY|CHI BỘ THÔN ĐÔNG HẠ|*", "ĐẢNG CỘNG SẢN VIỆT NAM|", "Số 05-NQ/CB", "Thành phố Hồ Chí Minh,\nngày 05 tháng 02 năm 2026"}
	if got := strings.Join(cells, "; "); got != strings.Join(want, "; ") {
		t.Errorf("cells %q", got)
	}
	rule := grid.Rows[0].Cells[1].Pars[1]
	column := grid.WidthsMM[1] - 2*grid.PadMM
	if length := column - 2*rule.SideMM; !rule.Rule || math.Abs(length-72.7) > 0.5 {
		t.Errorf("the line under the motto is %.1f mm long, the motto 72.7", length)
	}
}

func TestShortPlaceStaysOnOneLine(t *testing.T) {
	sheet := of(paper.Letterhead{PlaceDate: "Hà Nội, ngày 05 tháng 02 năm 2026"})
	grid := sheet.Items[0].(*layout.Grid)
	if got := text(grid.Rows[1].Cells[1].Pars[0]); strings.Contains(got, "\n") {
		t.Errorf("%q was broken", got)
	}
}

// TestHeadOverSeveralRows fills the columns below a tall cell.
func TestHeadOverSeveralRows(t *testing.T) {
	sheet := of(paper.Table{
		Columns: make([]paper.Column, 5),
		Head: []paper.Row{
			{{Runs: paper.Text("A"), Span: 2, Down: 2}, {Runs: paper.Text("B")}, {Runs: paper.Text("C"), Down: 2}},
			{{Runs: paper.Text("D")}},
		},
	})
	var rows []string
	for _, row := range sheet.Items[0].(*layout.Grid).Rows {
		var cells []string
		width := 0
		for _, c := range row.Cells {
			name := text(c.Pars[0])
			if c.Covered {
				name = "↑"
			}
			cells = append(cells, name)
			width += c.Span
		}
		if width != 5 {
			t.Errorf("a row covers %d columns", width)
		}
		rows = append(rows, strings.Join(cells, ","))
	}
	if got := strings.Join(rows, " / "); got != "A,B,C, / ↑,D,↑," {
		t.Errorf("rows %q", got)
	}
}

// TestFirstSigningLineIsBold: "T/M CHI BỘ" over a plain post, or a bold post
// that stands alone.
func TestFirstSigningLineIsBold(t *testing.T) {
	for _, c := range []struct {
		signature paper.Signature
		want      string
	}{
		{paper.Signature{For: []string{"T/M Chi bộ"}, Post: "Bí thư", Name: "A"}, "Authority Post Space Signer"},
		{paper.Signature{Post: "Người ghi biên bản", Hint: "(ký)", Name: "A"}, "Authority Hint Space Signer"},
	} {
		sheet := of(paper.SignaturePair{Left: c.signature})
		var ids []string
		for _, p := range sheet.Items[1].(*layout.Grid).Rows[0].Cells[0].Pars {
			ids = append(ids, p.Style.ID)
		}
		if got := strings.Join(ids, " "); got != c.want {
			t.Errorf("styles %q, want %q", got, c.want)
		}
	}
}

func TestCapitalsOfLooseAccents(t *testing.T) {
	sheet := of(paper.Title{Name: "nghi\u0323 quye\u0302\u0301t"})
	if got := text(*sheet.Items[0].(*layout.Par)); got != "NGHỊ QUYẾT" {
		t.Errorf("title %q", got)
	}
}

// TestEveryStyleIsListed: Word would fall back on Normal for one that is not.
func TestEveryStyleIsListed(t *testing.T) {
	listed := map[*layout.Style]bool{}
	sheet := layout.Of(papertest.Minutes())
	for _, s := range sheet.Styles.All() {
		listed[s] = true
	}
	ids := map[string]bool{}
	for s := range listed {
		ids[s.ID] = true
	}
	if len(ids) != len(listed) {
		t.Error("two styles share an id")
	}
	check := func(p *layout.Par) {
		if !ids[p.Style.ID] {
			t.Errorf("style %s is not listed", p.Style.ID)
		}
		if p.Align == paper.AlignDefault {
			t.Errorf("%q has no alignment", text(*p))
		}
	}
	for _, item := range sheet.Items {
		switch item := item.(type) {
		case *layout.Par:
			check(item)
		case *layout.Grid:
			for _, row := range item.Rows {
				for _, cell := range row.Cells {
					for i := range cell.Pars {
						check(&cell.Pars[i])
					}
				}
			}
		}
	}
}
