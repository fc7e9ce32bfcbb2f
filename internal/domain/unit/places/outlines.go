package places

import (
	_ "embed"
	"fmt"
	"slices"
	"sync"

	"chibo/internal/platform/chart"
)

// outlines is derived from the same source as units, under the same licence; the
// archipelagos Hoàng Sa and Trường Sa are in it.
//
//go:embed vn-provinces-2026.topo.json
var outlines []byte

// detail is how far, in degrees, a drawn coast may lie from the file's: less than
// a dot of a picture as wide as a page.
const detail = 0.02

var regions = sync.OnceValue(func() []chart.Region {
	list, err := chart.ReadTopoJSON(outlines, "provinces", detail)
	if err != nil {
		panic(fmt.Sprintf("the map inside the program is broken: %v", err))
	}
	return list
})

// Outlines are the provinces as areas of a map, by their codes.
func Outlines() []chart.Region { return slices.Clone(regions()) }

// Archipelagos are the names written at the islands that are too small to be seen.
func Archipelagos() []chart.Name {
	return []chart.Name{
		{Lon: 112.3, Lat: 15.25, Text: "Quần đảo Hoàng Sa"},
		{Lon: 114.6, Lat: 11.85, Text: "Quần đảo Trường Sa"},
	}
}
