package places_test

import (
	"strings"
	"testing"

	"chibo/internal/domain/unit/places"
	"chibo/internal/platform/chart"
)

func TestTheMapHasEveryProvinceAndTheIslands(t *testing.T) {
	codes, islands := map[string]bool{}, map[string]int{}
	for _, region := range places.Outlines() {
		codes[region.Code] = true
		for _, ring := range region.Rings {
			if len(ring) < 3 {
				t.Errorf("%s has an outline of %d points", region.Name, len(ring))
			}
			if ring[0].Lon > 111 {
				islands[region.Code]++
			}
		}
	}
	for _, p := range places.Provinces() {
		if !codes[p.Code] {
			t.Errorf("%s is not on the map", p.Full)
		}
	}
	if len(codes) != 34 || islands["48"] < 10 || islands["56"] < 80 {
		t.Errorf("%d provinces; islands: Hoàng Sa %d, Trường Sa %d", len(codes), islands["48"], islands["56"])
	}
}

func TestTheMapIsSmallOnAPage(t *testing.T) {
	var areas []chart.Area
	for i, p := range places.Provinces() {
		areas = append(areas, chart.Area{Code: p.Code, Label: p.Name, Level: chart.Level(i % 6)})
	}
	svg := chart.Inline(chart.Map{
		Head: chart.Head{ID: "map", Title: "Bản đồ", Desc: "34 tỉnh."}, Regions: places.Outlines(), Areas: areas, Names: places.Archipelagos(),
	})
	if len(svg) > 24_000 || !strings.Contains(svg, "Quần đảo Hoàng Sa") || !strings.Contains(svg, "Quần đảo Trường Sa") {
		t.Errorf("the map has %d bytes", len(svg))
	}
}
