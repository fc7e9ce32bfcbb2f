package ui

import (
	"math"
	"strconv"
	"strings"
)

// ProgressBar is a share of a whole with its words: "Nhiệm vụ đúng hạn 14/17".
type ProgressBar struct {
	Label string
	// Text is the figure as read, for example "91 · Tốt".
	Text  string
	Value float64
	// Max is 100 unless set.
	Max  float64
	Tone Tone
}

// Tally is the bar that stays at the top while one works down a list: a large
// figure, what it is of, and a chip that says what it means.
type Tally struct {
	Figure string
	Of     string
	Chip   Chip
	// Value and Max draw a bar; a Max of 0 draws none.
	Value, Max float64
	Tone       Tone
	// Notes are further chips, for example "Lưu trên máy này, chưa gửi 3 việc".
	Notes []Chip
	ID    string
}

// Stats is a row of figures.
type Stats struct{ Items []Stat }

// Stat is one figure with its name, and what it was before or means.
type Stat struct {
	Label  string
	Figure string
	Note   string
	Href   string
}

// Point is a figure of a period. Missing is a gap, not a zero.
type Point struct {
	Label   string
	Value   float64
	Missing bool
	// Text is the figure as read.
	Text string
}

// Sparkline is the course of a figure, without axes; the table under it has
// the figures.
type Sparkline struct {
	Title  string
	Points []Point
	// Min and Max bound the drawing; equal bounds take those of the points.
	Min, Max float64
	Tone     Tone
}

// BarChart is a table whose figures are also drawn as bars from zero.
type BarChart struct {
	Title string
	// LabelHead and ValueHead are the heads of its two columns.
	LabelHead, ValueHead string
	Bars                 []Bar
	// Max is the length of a full bar; 0 takes the longest.
	Max float64
}

// Bar is one row of a BarChart. Text is the figure as read.
type Bar struct {
	Label string
	Value float64
	Text  string
	Href  string
	Tone  Tone
}

// HeatTable shows units by periods; each cell carries its figure or word, the
// ground only helps to find it.
type HeatTable struct {
	Title string
	// Corner is the head of the first column, for example "Chi bộ".
	Corner  string
	Columns []string
	Rows    []HeatRow
	// Legend explains figures and signs in one sentence.
	Legend string
}

// HeatRow is one unit.
type HeatRow struct {
	Label string
	Href  string
	Cells []HeatCell
}

// HeatCell is one unit in one period. Note is read out and shown on hover.
type HeatCell struct {
	Text  string
	Level HeatLevel
	Note  string
	Href  string
}

// HeatLevel is the ground of a cell.
type HeatLevel string

const (
	HeatNone    HeatLevel = ""
	HeatLow     HeatLevel = "g0"
	HeatFair    HeatLevel = "g1"
	HeatGood    HeatLevel = "g2"
	HeatBest    HeatLevel = "g3"
	HeatMissing HeatLevel = "gn"
)

// The drawing of a sparkline, in its own units.
const (
	sparkWidth  = 240.0
	sparkHeight = 48.0
	sparkMargin = 5.0
)

func (s Sparkline) bounds() (low, high float64) {
	if s.Min != s.Max {
		return s.Min, s.Max
	}
	low, high = math.Inf(1), math.Inf(-1)
	for _, p := range s.Points {
		if !p.Missing {
			low, high = min(low, p.Value), max(high, p.Value)
		}
	}
	return low, high
}

// position is where point i is drawn.
func (s Sparkline) position(i int) (x, y float64) {
	low, high := s.bounds()
	x = sparkWidth / 2
	if len(s.Points) > 1 {
		x = sparkMargin + float64(i)*(sparkWidth-2*sparkMargin)/float64(len(s.Points)-1)
	}
	y = sparkHeight / 2
	if high > low {
		share := (s.Points[i].Value - low) / (high - low)
		y = sparkHeight - sparkMargin - min(max(share, 0), 1)*(sparkHeight-2*sparkMargin)
	}
	return x, y
}

// path is the line through the points, broken where one is missing.
func (s Sparkline) path() string {
	var b strings.Builder
	pen := "M"
	for i, p := range s.Points {
		if p.Missing {
			pen = "M"
			continue
		}
		x, y := s.position(i)
		b.WriteString(pen + coordinate(x) + " " + coordinate(y))
		pen = "L"
	}
	return b.String()
}

// last is the index of the last point that is not missing, or -1.
func (s Sparkline) last() int {
	for i := len(s.Points) - 1; i >= 0; i-- {
		if !s.Points[i].Missing {
			return i
		}
	}
	return -1
}

func coordinate(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }

func (c BarChart) max() float64 {
	if c.Max > 0 {
		return c.Max
	}
	longest := 0.0
	for _, bar := range c.Bars {
		longest = max(longest, bar.Value)
	}
	return longest
}

// percentOf is value in percent of whole, between 0 and 100, for a drawing.
func percentOf(value, whole float64) string {
	if whole <= 0 {
		return "0%"
	}
	return coordinate(min(max(value/whole, 0), 1)*100) + "%"
}

func (p ProgressBar) max() float64 {
	if p.Max == 0 {
		return 100
	}
	return p.Max
}
