package chart

import "math"

// Map is figures of regions on their map.
type Map struct {
	Head
	Corner, Column string
	Regions        []Region
	// Areas are the figures in the order of the table; a region without one is
	// drawn empty.
	Areas  []Area
	Legend []Key
	// Names are written on the map, for what is too small to be seen.
	Names []Name
}

// Area is the figure of a region.
type Area struct {
	Code, Label string
	Figure
	Level Level
}

// Key says what a level means.
type Key struct {
	Level Level
	Text  string
}

// Name is a word at a place of the earth.
type Name struct {
	Lon, Lat float64
	Text     string
}

// Table is a row for each area.
func (m Map) Table() Table {
	t := Table{Corner: m.Corner, Columns: []string{m.Column}}
	for _, a := range m.Areas {
		t.Rows = append(t.Rows, Row{a.Label, []Figure{a.Figure}})
	}
	return t
}

func (m Map) draw(width float64) *drawing {
	d := &drawing{width: width}
	frame := frameOf(m.Regions, width)
	levels := map[string]Level{}
	for _, a := range m.Areas {
		levels[a.Code] = a.Level
	}
	for _, region := range m.Regions {
		f, _ := levelFill(levels[region.Code], true)
		d.path(path{rings: frame.rings(region), closed: true, fill: f, stroke: stroke{soft, .7, 0}})
	}
	for _, n := range m.Names {
		at := frame.place(n.Lon, n.Lat)
		d.text(label{x: at.x, y: at.y, size: 12, anchor: middle, colour: soft, text: n.Text})
	}
	// The land lies in the west, so that the sea has room for the legend.
	d.height = frame.height
	y := 6.0
	for _, k := range m.Legend {
		f, _ := levelFill(k.Level, true)
		y = d.keys([]key{{f, stroke{edge, .6, 0}, k.Text}}, width*.56, y, width*.44)
	}
	return d
}

// frame lays degrees on the paper.
type frame struct {
	west, north   float64
	scale, shrink float64 // shrink is how much shorter a degree of longitude is
	height        float64
}

func frameOf(regions []Region, width float64) frame {
	west, east, south, north := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, r := range regions {
		for _, ring := range r.Rings {
			for _, at := range ring {
				west, east = min(west, at.Lon), max(east, at.Lon)
				south, north = min(south, at.Lat), max(north, at.Lat)
			}
		}
	}
	if west > east {
		return frame{scale: 1, shrink: 1}
	}
	shrink := math.Cos((south + north) / 2 * math.Pi / 180)
	scale := (width - 2) / ((east - west) * shrink)
	return frame{west, north, scale, shrink, (north-south)*scale + 2}
}

func (f frame) place(lon, lat float64) point {
	return point{1 + (lon-f.west)*f.shrink*f.scale, 1 + (f.north-lat)*f.scale}
}

// rings are the outlines of a region; an island too small to be seen becomes a
// dot, because none may be missing.
func (f frame) rings(r Region) [][]point {
	const least = 2.2
	list := make([][]point, 0, len(r.Rings))
	for _, ring := range r.Rings {
		drawn := make([]point, 0, len(ring))
		for _, at := range ring {
			drawn = append(drawn, f.place(at.Lon, at.Lat))
		}
		if centre, size := spread(drawn); size < least {
			drawn = regular(centre.x, centre.y, least/2, 4, 0)
		}
		list = append(list, drawn)
	}
	return list
}

// spread is the middle of some points and the greater side of their box.
func spread(points []point) (centre point, size float64) {
	low, high := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for _, p := range points {
		low, high = point{min(low.x, p.x), min(low.y, p.y)}, point{max(high.x, p.x), max(high.y, p.y)}
	}
	return point{(low.x + high.x) / 2, (low.y + high.y) / 2}, max(high.x-low.x, high.y-low.y)
}

// Tiles are the figures of many small areas, a tile for each.
type Tiles struct {
	Head
	Corner, Column string
	Tiles          []Area
	Legend         []Key
}

// Table is a row for each tile.
func (t Tiles) Table() Table { return Map{Corner: t.Corner, Column: t.Column, Areas: t.Tiles}.Table() }

func (t Tiles) draw(width float64) *drawing {
	const wanted, height, gap, size = 104.0, 48.0, 4.0, 12.0
	d := &drawing{width: width}
	across := max(int(width/wanted), 1)
	side := width / float64(across)
	var keys []key
	for _, k := range t.Legend {
		f, s := levelFill(k.Level, false)
		keys = append(keys, key{f, s, k.Text})
	}
	top := d.keys(keys, 0, 0, width) + 4
	for i, tile := range t.Tiles {
		x, y := side*float64(i%across), top+height*float64(i/across)
		f, s := levelFill(tile.Level, false)
		d.box(box{x: x + gap/2, y: y + gap/2, w: side - gap, h: height - gap, round: 6, fill: f, stroke: s})
		d.text(label{x: x + side/2, y: y + 20, size: size, anchor: middle, text: shorten(tile.Label, size, false, side-gap-4)})
		d.text(label{x: x + side/2, y: y + 37, size: size + 1, bold: true, anchor: middle, text: shorten(tile.Text, size+1, true, side-gap-4)})
	}
	d.height = top + height*math.Ceil(float64(len(t.Tiles))/float64(across))
	return d
}
