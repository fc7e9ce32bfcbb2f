package chart_test

import (
	"bytes"
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chibo/internal/platform/chart"
	"chibo/internal/platform/xlsx"
)

var update = flag.Bool("update", false, "write the golden pictures anew")

func count(n int) chart.Figure {
	return chart.Figure{Kind: chart.Count, Value: float64(n), Text: fmt.Sprint(n)}
}

func share(tenths int) chart.Figure {
	return chart.Figure{Kind: chart.Share, Value: float64(tenths) / 1000, Text: fmt.Sprintf("%d,%d %%", tenths/10, tenths%10)}
}

func word(s string) chart.Figure { return chart.Figure{Text: s} }

func percent(v float64) string { return fmt.Sprintf("%.0f %%", v*100) }

// square is a land of two provinces with a common border, and an island.
const square = `{"type":"Topology","transform":{"scale":[1,1],"translate":[100,10]},
	"arcs":[[[0,0],[0,4]],[[0,4],[-2,0],[0,-4],[2,0]],[[0,0],[2,0],[0,4],[-2,0]],[[5,1],[0.01,0],[0,0.01],[-0.01,-0.01]]],
	"objects":{"provinces":{"type":"GeometryCollection","geometries":[
		{"type":"Polygon","properties":{"code":"01","name":"Tây"},"arcs":[[0,1]]},
		{"type":"MultiPolygon","properties":{"code":"02","name":"Đông"},"arcs":[[[2,-1]],[[3]]]}]}}}`

func land(t *testing.T) []chart.Region {
	t.Helper()
	regions, err := chart.ReadTopoJSON([]byte(square), "provinces", .1)
	if err != nil {
		t.Fatal(err)
	}
	return regions
}

// pictures is one of each kind, with what is hard about it.
func pictures(t *testing.T) map[string]chart.Chart {
	months := []string{"9", "10", "11"}
	legend := []chart.Key{{chart.Best, "từ 95 %"}, {chart.Low, "dưới 80 %"}, {chart.Missing, "chưa họp"}}
	return map[string]chart.Chart{
		"heat": chart.Heat{
			Head: chart.Head{ID: "heat", Title: "Chất lượng sinh hoạt <theo> chi bộ & tháng", Desc: "Hai chi bộ trong ba tháng.", Note: "Số liệu đến 21/11/2026"}, Corner: "Chi bộ",
			Columns: months, Legend: "Số là điểm; viền đứt: chưa họp.",
			Rows: []chart.HeatRow{
				{"Chi bộ thôn Đông", []chart.HeatCell{{count(94), chart.Best}, {count(68), chart.Fair}, {count(48), chart.Low}}},
				{"Chi bộ Trường Trung học cơ sở Nguyễn Bỉnh Khiêm", []chart.HeatCell{{count(88), chart.Good}, {word("chưa"), chart.Missing}, {word("–"), chart.Plain}}},
			},
		},
		"lines": chart.Lines{
			Head: chart.Head{ID: "lines", Title: "Từng tháng", Desc: "Hai đường."}, Corner: "Tháng", Periods: months, Tick: percent, Max: 1,
			Series: []chart.Series{{"Đúng hạn", []chart.Figure{share(912), word("–"), share(950)}}, {"Dự họp", []chart.Figure{share(700), share(812), share(900)}}},
		},
		"bars": chart.Bars{
			Head: chart.Head{ID: "bars", Title: "Tuổi", Desc: "Ba nhóm."}, Corner: "Tuổi", Column: "Đảng viên",
			Bars: []chart.Bar{{"18–30", count(12), chart.Plain}, {"31–40", count(0), chart.Low}, {"dưới 5", word("dưới 5"), chart.Plain}},
		},
		"stack": chart.Stack{
			Head: chart.Head{ID: "stack", Title: "Xếp loại", Desc: "Một tháng."}, Corner: "Tháng", Parts: []string{"Tốt", "Khá", "Trung bình"},
			Rows: []chart.Row{{"11/2026", []chart.Figure{count(20), count(5), count(0)}}},
		},
		"spark": chart.Spark{
			Head: chart.Head{ID: "spark", Title: "Điểm", Desc: "Ba tháng."}, Corner: "Tháng", Periods: months, Figures: []chart.Figure{count(80), count(90), word("–")}, Max: 100,
		},
		"map": chart.Map{
			Head: chart.Head{ID: "map", Title: "Đã họp theo tỉnh", Desc: "Hai tỉnh."}, Corner: "Tỉnh", Column: "Đã họp", Regions: land(t), Legend: legend,
			Areas: []chart.Area{{"01", "Tây", share(960), chart.Best}, {"02", "Đông", share(700), chart.Low}},
			Names: []chart.Name{{Lon: 104.5, Lat: 12, Text: "Đảo"}},
		},
		"tiles": chart.Tiles{
			Head: chart.Head{ID: "tiles", Title: "Các xã", Desc: "Ba xã."}, Corner: "Xã", Column: "Đã họp", Legend: legend,
			Tiles: []chart.Area{{"1", "Ba Đình", share(960), chart.Best}, {"2", "Thượng Đình Hạ Long Trung", share(700), chart.Low}, {"3", "Côn Đảo", word("chưa"), chart.Missing}},
		},
	}
}

func TestPicturesAreDrawnAsBefore(t *testing.T) {
	for name, c := range pictures(t) {
		for kind, got := range map[string]string{"file": string(chart.SVG(c)), "page": chart.Inline(c)} {
			file := filepath.Join("testdata", name+"."+kind+".svg")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s is not what it was; look at it and run with -update", file)
			}
		}
	}
}

func TestEveryPictureNamesItselfAndBringsNoStyle(t *testing.T) {
	for name, c := range pictures(t) {
		svg := chart.Inline(c)
		for _, must := range []string{`role="img"`, `aria-labelledby="` + name + `-title ` + name + `-desc"`, `<title id="` + name + `-title">`, `<desc id="` + name + `-desc">`} {
			if !strings.Contains(svg, must) {
				t.Errorf("%s lacks %s", name, must)
			}
		}
		for _, mustNot := range []string{"style", "<script", "NaN", "Inf", "href", "& tháng", "<theo>"} {
			if strings.Contains(svg, mustNot) {
				t.Errorf("%s has %q", name, mustNot)
			}
		}
	}
}

func TestEveryPictureHasItsTable(t *testing.T) {
	for name, c := range pictures(t) {
		table := c.Table()
		if len(table.Rows) == 0 {
			t.Errorf("%s has an empty table", name)
		}
		for _, row := range table.Rows {
			if len(row.Figures) != len(table.Columns) {
				t.Errorf("%s: %d figures below %d heads", name, len(row.Figures), len(table.Columns))
			}
		}
	}
}

func TestTheWorkbookHasTheFiguresAsNumbers(t *testing.T) {
	book, err := chart.Workbook(pictures(t)["lines"])
	if err != nil {
		t.Fatal(err)
	}
	read, err := xlsx.Open(bytes.NewReader(book), int64(len(book)), xlsx.UsualLimits())
	if err != nil {
		t.Fatal(err)
	}
	rows, err := xlsx.All(read.Rows(0))
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(rows)
	for _, want := range []string{"Từng tháng", "[Tháng Đúng hạn Dự họp]", "[10 – "} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %s", want, got)
		}
	}
}

// Dots are compared by what was painted where: the finest shades may differ
// from machine to machine.
func TestPNGShowsWhatTheSVGSays(t *testing.T) {
	for name, c := range pictures(t) {
		body, err := chart.PNG(c)
		if err != nil {
			t.Fatal(err)
		}
		if dir := os.Getenv("CHIBO_PICTURES"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, name+".png"), body, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		picture, err := png.Decode(bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if width := picture.Bounds().Dx(); width < 1500 || width > 1540 {
			t.Errorf("%s is %d dots wide", name, width)
		}
		shades := map[uint32]int{}
		for y := range picture.Bounds().Dy() {
			for x := range picture.Bounds().Dx() {
				r, g, b, _ := picture.At(x, y).RGBA()
				shades[r>>8<<16|g>>8<<8|b>>8]++
			}
		}
		if shades[0x221d18] < 200 || shades[0xffffff] < 2000 {
			t.Errorf("%s has %d dots of ink and %d of white", name, shades[0x221d18], shades[0xffffff])
		}
		for _, colour := range map[string][]uint32{"heat": {0x9fd4b4, 0xf6c9c3}, "lines": {0xa8121d, 0x1a5291}, "map": {0x4d9f70, 0x9c2a20}, "stack": {0x1f5c8f}}[name] {
			if shades[colour] < 100 {
				t.Errorf("%s shows %d dots of #%06x", name, shades[colour], colour)
			}
		}
	}
}

func TestNeighboursShareTheirBorder(t *testing.T) {
	regions := land(t)
	if len(regions) != 2 || len(regions[1].Rings) != 2 {
		t.Fatalf("read %+v", regions)
	}
	west, east := fmt.Sprint(regions[0].Rings[0]), fmt.Sprint(regions[1].Rings[0])
	for _, corner := range []string{"{100 10}", "{100 14}"} {
		if !strings.Contains(west, corner) || !strings.Contains(east, corner) {
			t.Errorf("%s is not on both borders: %s, %s", corner, west, east)
		}
	}
}

func TestABrokenMapIsRefused(t *testing.T) {
	for _, bad := range []string{
		``, `{}`, `{"arcs":[],"objects":{"provinces":{"geometries":[{"type":"Polygon","arcs":[[0]]}]}}}`,
		`{"objects":{"provinces":{"geometries":[{"type":"Point","arcs":[]}]}}}`,
	} {
		if regions, err := chart.ReadTopoJSON([]byte(bad), "provinces", 0); err == nil {
			t.Errorf("%q was read as %v", bad, regions)
		}
	}
}
