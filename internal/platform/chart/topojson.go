package chart

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
)

// Region is an area of the earth: its outlines, islands among them.
type Region struct {
	Code, Name string
	Rings      [][]Place
}

// Place is a place on the earth in degrees.
type Place struct{ Lon, Lat float64 }

// topology is a file in the TopoJSON format with quantised arcs: lines that
// neighbours share are there once.
type topology struct {
	Transform struct{ Scale, Translate [2]float64 }
	Arcs      [][][2]float64
	Objects   map[string]struct {
		Geometries []struct {
			Type       string
			Properties struct{ Code, Name string }
			Arcs       json.RawMessage
		}
	}
}

// ReadTopoJSON reads the regions of an object. Lines are made simpler by leaving
// out points that lie nearer than tolerance, in degrees, to the line without
// them; what neighbours share stays the same for both, so that no gap opens.
func ReadTopoJSON(data []byte, object string, tolerance float64) ([]Region, error) {
	var t topology
	if err := json.Unmarshal(data, &t); err != nil {
		return nil, fmt.Errorf("topojson: %w", err)
	}
	arcs := t.places(tolerance)
	var regions []Region
	for _, g := range t.Objects[object].Geometries {
		polygons, err := polygonsOf(g.Type, g.Arcs)
		if err != nil {
			return nil, fmt.Errorf("topojson: region %s: %w", g.Properties.Code, err)
		}
		r := Region{Code: g.Properties.Code, Name: g.Properties.Name}
		for _, polygon := range polygons {
			for _, ring := range polygon {
				outline, err := join(arcs, ring)
				if err != nil {
					return nil, fmt.Errorf("topojson: region %s: %w", r.Code, err)
				}
				r.Rings = append(r.Rings, outline)
			}
		}
		regions = append(regions, r)
	}
	if len(regions) == 0 {
		return nil, fmt.Errorf("topojson: no regions in %q", object)
	}
	return regions, nil
}

func polygonsOf(kind string, arcs json.RawMessage) (list [][][]int, err error) {
	switch kind {
	case "Polygon":
		var one [][]int
		err = json.Unmarshal(arcs, &one)
		return [][][]int{one}, err
	case "MultiPolygon":
		return list, json.Unmarshal(arcs, &list)
	}
	return nil, fmt.Errorf("geometry %q is no area", kind)
}

// places turns the steps of arcs into places and makes them simpler.
func (t topology) places(tolerance float64) [][]Place {
	arcs := make([][]Place, len(t.Arcs))
	for i, steps := range t.Arcs {
		var x, y float64
		line := make([]Place, len(steps))
		for j, step := range steps {
			x, y = x+step[0], y+step[1]
			line[j] = Place{x*t.Transform.Scale[0] + t.Transform.Translate[0], y*t.Transform.Scale[1] + t.Transform.Translate[1]}
		}
		arcs[i] = simpler(line, tolerance)
	}
	return arcs
}

// join puts the arcs of a ring one after the other; a negative number is the
// arc ~n read backwards.
func join(arcs [][]Place, ring []int) ([]Place, error) {
	var outline []Place
	for _, n := range ring {
		i := n
		if n < 0 {
			i = ^n
		}
		if i >= len(arcs) {
			return nil, fmt.Errorf("there is no arc %d", i)
		}
		line := arcs[i]
		if n < 0 {
			line = slices.Clone(line)
			slices.Reverse(line)
		}
		if len(outline) > 0 && len(line) > 0 {
			line = line[1:] // the last point of the arc before
		}
		outline = append(outline, line...)
	}
	return outline, nil
}

// simpler leaves out what lies near the line without it (Douglas and Peucker).
// An arc that closes on itself is first cut at its farthest point, or nothing
// would be left of it.
func simpler(line []Place, tolerance float64) []Place {
	if len(line) < 3 {
		return line
	}
	first, last := line[0], line[len(line)-1]
	farthest, distance := 0, 0.0
	for i, p := range line[1 : len(line)-1] {
		if d := p.from(first, last); d > distance {
			farthest, distance = i+1, d
		}
	}
	if distance <= tolerance && first != last {
		return []Place{first, last}
	}
	if distance == 0 {
		return line
	}
	before, after := simpler(line[:farthest+1], tolerance), simpler(line[farthest:], tolerance)
	return append(slices.Clone(before), after[1:]...)
}

// from is the distance of a place from the line through two others.
func (p Place) from(a, b Place) float64 {
	dx, dy := b.Lon-a.Lon, b.Lat-a.Lat
	length := math.Hypot(dx, dy)
	if length == 0 {
		return math.Hypot(p.Lon-a.Lon, p.Lat-a.Lat)
	}
	return math.Abs(dx*(a.Lat-p.Lat)-dy*(a.Lon-p.Lon)) / length
}
