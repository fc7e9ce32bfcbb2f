package office

import (
	"fmt"
	"slices"
	"strings"

	"chibo/internal/domain/overview"
	"chibo/internal/domain/unit/places"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/blob"
	"chibo/internal/platform/chart"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/platform/text"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// charter makes the pictures of a view in the reader's words.
type charter struct {
	r      *page.Request
	v      overview.View
	s      overview.Span
	aspect overview.Aspect
}

// places is the picture of where those below lie.
func (c charter) places() []string {
	switch {
	case c.mapped():
		return []string{"map"}
	case len(c.v.Below) > 1:
		return []string{"tiles"}
	}
	return nil
}

// names are the pictures of the unit itself.
func (c charter) names() []string {
	list := []string{"trend", "resolutions"}
	if slices.ContainsFunc(c.v.Own, func(s overview.State) bool { return s.Scored > 0 }) {
		list = append(list, "classes")
	}
	for _, side := range c.v.Members.Sides {
		list = append(list, side.Name)
	}
	return list
}

// mapped reports whether the units below are provinces of the map.
func (c charter) mapped() bool {
	return len(c.v.Below) > 0 && slices.ContainsFunc(c.v.Below, func(b overview.Branch) bool {
		p, found := places.Find(b.Unit.Place)
		return found && p.Province == ""
	})
}

// chart is the picture with the name.
func (c charter) chart(name string) (chart.Chart, bool) {
	switch name {
	case "heat":
		return c.heat(), true
	case "map":
		return c.atlas(), c.mapped()
	case "tiles":
		return c.tiles(), len(c.v.Below) > 0
	case "trend":
		return c.trend(), true
	case "resolutions":
		return c.resolutions(), true
	case "classes":
		return c.classes(), true
	}
	for _, side := range c.v.Members.Sides {
		if side.Name == name {
			return c.side(side), true
		}
	}
	return nil, false
}

func (c charter) picture(name string) pictureView {
	drawn, _ := c.chart(name)
	return pictureView{
		Title: c.title(name), SVG: chart.Inline(drawn), Table: drawn.Table(), Files: c.files(name), Note: c.note(name),
	}
}

func (c charter) files(name string) fileLinks {
	base, after := unitPath(c.v.Unit.ID)+"/charts/"+name, query(c.s)+"&show="+string(c.aspect)
	return fileLinks{base + ".svg" + after, base + ".png" + after, base + ".xlsx" + after}
}

func (c charter) title(name string) string {
	switch name {
	case "heat", "map", "tiles":
		return c.r.T("seeing.aspect." + string(c.aspect))
	}
	return c.r.T("seeing.chart." + name)
}

// note says what a composition leaves out.
func (c charter) note(name string) string {
	for _, side := range c.v.Members.Sides {
		if side.Name == name && side.Joined > 0 {
			return c.r.T("seeing.side.joined_note")
		}
	}
	return ""
}

// head is the head of a picture; in a file it also says whose figures it shows.
func (c charter) head(name, desc string) chart.Head {
	return chart.Head{
		ID: "chart-" + name, Title: c.title(name) + " – " + c.v.Unit.Name, Desc: desc,
		Note: c.r.T("seeing.chart.as_of", "month", c.s.Until.Vietnamese(), "day", c.r.Today()),
	}
}

func (c charter) periods() (list []string) {
	for i, m := range c.v.Months {
		list = append(list, columnName(m, i == 0))
	}
	return list
}

// figure is a side of a state as it is read: in percent, or in points.
func (c charter) figure(s overview.State) chart.Figure {
	part, whole := c.aspect.Of(s)
	if whole == 0 {
		return chart.Figure{Text: "–"}
	}
	share := float64(part) / float64(whole)
	if c.aspect == overview.Scores {
		return chart.Figure{Kind: chart.Score, Value: 100 * share, Text: tenths(c.r, s.Average())}
	}
	return c.share(part, whole)
}

func (c charter) share(part, whole int) chart.Figure {
	if whole == 0 {
		return chart.Figure{Text: "–"}
	}
	return chart.Figure{Kind: chart.Share, Value: float64(part) / float64(whole), Text: together(i18n.Share(c.r.Context(), part, whole))}
}

// bands are from which percent on a figure has a level. They are there to find
// the ends of a table; no rule of the Party is in them.
var bands = []struct {
	from  float64
	level chart.Level
	heat  ui.HeatLevel
}{{.95, chart.Best, ui.HeatBest}, {.85, chart.Good, ui.HeatGood}, {.7, chart.Fair, ui.HeatFair}, {0, chart.Low, ui.HeatLow}}

// level is that of a state. While the days of the meeting have not passed, few
// meetings are nothing bad.
func (c charter) level(s overview.State) (chart.Level, ui.HeatLevel) {
	part, whole := c.aspect.Of(s)
	if whole == 0 || !s.Over && (c.aspect == overview.Meetings || c.aspect == overview.InTime) {
		return chart.Plain, ui.HeatNone
	}
	for _, band := range bands {
		if float64(part) >= band.from*float64(whole) {
			return band.level, band.heat
		}
	}
	return chart.Low, ui.HeatLow
}

func (c charter) legend() []chart.Key {
	return []chart.Key{
		{Level: chart.Best, Text: c.r.T("seeing.band.best")},
		{Level: chart.Good, Text: c.r.T("seeing.band.good")},
		{Level: chart.Fair, Text: c.r.T("seeing.band.fair")},
		{Level: chart.Low, Text: c.r.T("seeing.band.low")},
		{Level: chart.Plain, Text: c.r.T("seeing.band.none")},
	}
}

func (c charter) desc() string {
	return c.r.T("seeing.chart.desc_units", "aspect", c.title("heat"), "units", len(c.v.Below), "month", c.s.Until.Vietnamese())
}

func (c charter) heat() chart.Heat {
	h := chart.Heat{Head: c.head("heat", c.desc()), Corner: c.r.T("seeing.corner"), Columns: c.periods(), Legend: c.r.T("seeing.band.legend")}
	for _, b := range c.v.Below {
		row := chart.HeatRow{Label: b.Unit.Name}
		for _, s := range b.Months {
			level, _ := c.level(s)
			row.Cells = append(row.Cells, chart.HeatCell{Figure: c.figure(s), Level: level})
		}
		h.Rows = append(h.Rows, row)
	}
	return h
}

// heatTable is the heat table as part of the page, where each row leads on.
func (c charter) heatTable() ui.HeatTable {
	h := ui.HeatTable{Title: c.title("heat"), Corner: c.r.T("seeing.corner"), Columns: c.periods(), Legend: c.r.T("seeing.band.legend")}
	for _, b := range c.v.Below {
		row := ui.HeatRow{Label: b.Unit.Name, Href: unitPath(b.Unit.ID) + query(c.s) + "&show=" + string(c.aspect)}
		for _, s := range b.Months {
			_, level := c.level(s)
			row.Cells = append(row.Cells, ui.HeatCell{Text: c.short(s), Level: level})
		}
		h.Rows = append(h.Rows, row)
	}
	return h
}

// short is a figure for a narrow cell: whole percent, cut as all shares are.
func (c charter) short(s overview.State) string {
	part, whole := c.aspect.Of(s)
	if whole == 0 {
		return "–"
	}
	return fmt.Sprint(100 * part / whole)
}

func (c charter) aspects() (list []ui.Tab) {
	for _, a := range overview.Aspects {
		list = append(list, ui.Tab{
			Text: c.r.T("seeing.aspect." + string(a)), Href: unitPath(c.v.Unit.ID) + query(c.s) + "&show=" + string(a), Current: a == c.aspect,
		})
	}
	return list
}

func (c charter) areas(code func(orgtree.Unit) string) (list []chart.Area) {
	for _, b := range c.v.Below {
		level, _ := c.level(b.Last())
		list = append(list, chart.Area{Code: code(b.Unit), Label: b.Unit.Name, Figure: c.figure(b.Last()), Level: level})
	}
	return list
}

func (c charter) atlas() chart.Map {
	return chart.Map{
		Head: c.head("map", c.desc()), Corner: c.r.T("seeing.corner"), Column: c.title("map"), Legend: c.legend(),
		Regions: places.Outlines(), Names: places.Archipelagos(), Areas: c.areas(func(u orgtree.Unit) string { return u.Place }),
	}
}

func (c charter) tiles() chart.Tiles {
	tiles := c.areas(func(u orgtree.Unit) string { return u.ID.String() })
	for i := range tiles {
		tiles[i].Label = placeName(c.v.Below[i].Unit)
	}
	return chart.Tiles{Head: c.head("tiles", c.desc()), Corner: c.r.T("seeing.corner"), Column: c.title("tiles"), Legend: c.legend(), Tiles: tiles}
}

// placeName is the short name of where a unit lies, for a narrow tile.
func placeName(u orgtree.Unit) string {
	if p, found := places.Find(u.Place); found {
		return p.Name
	}
	return u.Name
}

func (c charter) trend() chart.Lines {
	l := chart.Lines{
		Head: c.head("trend", c.r.T("seeing.chart.desc_trend", "months", len(c.v.Months))), Corner: c.r.T("overview.column.month"), Periods: c.periods(),
		Max: 1, Tick: func(v float64) string { return fmt.Sprintf("%.0f\u00a0%%", 100*v) },
	}
	for _, a := range []overview.Aspect{overview.InTime, overview.Attendance, overview.TasksDone} {
		series := chart.Series{Name: c.r.T("seeing.aspect." + string(a))}
		for _, s := range c.v.Own {
			part, whole := a.Of(s)
			series.Figures = append(series.Figures, c.share(part, whole))
		}
		l.Series = append(l.Series, series)
	}
	return l
}

func (c charter) count(n int) chart.Figure {
	return chart.Figure{Kind: chart.Count, Value: float64(n), Text: i18n.Number(c.r.Context(), n)}
}

func (c charter) resolutions() chart.Lines {
	adopted, themes := chart.Series{Name: c.r.T("seeing.stat.resolutions")}, chart.Series{Name: c.r.T("seeing.stat.themes")}
	for _, s := range c.v.Own {
		adopted.Figures, themes.Figures = append(adopted.Figures, c.count(s.Resolutions)), append(themes.Figures, c.count(s.Themes))
	}
	return chart.Lines{
		Head: c.head("resolutions", c.r.T("seeing.chart.desc_trend", "months", len(c.v.Months))), Corner: c.r.T("overview.column.month"), Periods: c.periods(),
		Series: []chart.Series{adopted, themes}, Tick: func(v float64) string { return i18n.Number(c.r.Context(), int(v)) },
	}
}

func (c charter) classes() chart.Stack {
	s := chart.Stack{Head: c.head("classes", c.r.T("seeing.chart.desc_trend", "months", len(c.v.Months))), Corner: c.r.T("overview.column.month")}
	for _, id := range overview.ClassIDs {
		s.Parts = append(s.Parts, c.r.T("seeing.class."+id))
	}
	for _, state := range c.v.Own {
		if state.Scored == 0 {
			continue
		}
		row := chart.Row{Label: state.Month.Vietnamese()}
		for _, n := range state.Classes {
			row.Figures = append(row.Figures, c.count(n))
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

// sideMost is how many groups of a side are drawn; the register knows 54 ethnic
// groups.
const sideMost = 8

func (c charter) side(side overview.Side) chart.Bars {
	b := chart.Bars{
		Head: c.head(side.Name, c.r.T("seeing.chart.desc_side", "side", c.title(side.Name), "members", c.v.Members.Members)), Corner: c.title(side.Name),
		Column: c.r.T("seeing.stat.members"),
	}
	others := side.Rest
	for i, g := range side.Groups {
		if i >= sideMost {
			others += g.N
			continue
		}
		b.Bars = append(b.Bars, chart.Bar{Label: c.group(side.Name, g.Name), Figure: c.members(g.N)})
	}
	if others > 0 {
		b.Bars = append(b.Bars, chart.Bar{Label: c.r.T("seeing.side.rest"), Figure: c.members(others)})
	}
	return b
}

func (c charter) group(side, name string) string {
	if side == "ethnic" && name != "unknown" {
		return name
	}
	return c.r.T("seeing.group." + name)
}

func (c charter) members(n int) chart.Figure {
	f := c.count(n)
	f.Text += " · " + together(i18n.Share(c.r.Context(), n, c.v.Members.Members))
	return f
}

// showChart is a picture as a file: NAME.svg, NAME.png or NAME.xlsx.
func showChart(r *page.Request) (page.Answer, error) {
	of, err := page.PathID[orgtree.Unit](r, "unit")
	if err != nil {
		return nil, err
	}
	s, err := span(r)
	if err != nil {
		return nil, err
	}
	v, err := overview.See(r.Tx, r.By, of, s)
	if err != nil {
		return nil, err
	}
	name, kind, _ := strings.Cut(r.PathValue("file"), ".")
	drawn, found := charter{r, v, s, aspectOf(r)}.chart(name)
	if !found {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	file := page.File{Name: name + "-" + strings.ReplaceAll(text.Fold(v.Unit.Name), " ", "-") + "-" + string(s.Until) + "." + kind}
	switch kind {
	case "svg":
		file.Media, file.Body = "image/svg+xml", chart.SVG(drawn)
	case "png":
		file.Media = "image/png"
		file.Body, err = chart.PNG(drawn)
	case "xlsx":
		file.Media = blob.XLSX
		file.Body, err = chart.Workbook(drawn)
	default:
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	return file, err
}
