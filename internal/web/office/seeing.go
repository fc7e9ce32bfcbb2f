package office

import (
	"strconv"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/overview"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/chart"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// seeingView is a unit of any size: the month in a sentence, its figures, and
// their pictures.
type seeingView struct {
	Picker   picker
	Sentence string
	Stats    ui.Stats
	// Aspects lead to the heat table and the map of another side.
	Aspects  []ui.Tab
	Heat     ui.HeatTable
	HeatFile fileLinks
	// Places is the map of those below, or their tiles.
	Places   []pictureView
	Pictures []pictureView
	Watch    watchView
	Report   string
	// Table is the workbook of the cells, "" where they are too many.
	Table string
	Empty *ui.EmptyState
}

// pictureView is a chart with the table of its figures, and its files.
type pictureView struct {
	Title, SVG string
	Note       string
	Table      chart.Table
	Files      fileLinks
}

// fileLinks are where a picture can be had as a file.
type fileLinks struct{ SVG, PNG, Excel string }

// watchView is the list of cells that deserve attention.
type watchView struct {
	Lead string
	// Kinds count the cells by sign, where there are too many to name.
	Kinds []ui.ProgressBar
	Items []ui.Item
	// All leads to the whole list, where it is longer.
	All   ui.Link
	Empty string
}

// seeing shows a unit of any size. Where its cells are few, each is shown, and
// what its records say.
func seeing(r *page.Request, v overview.View, s overview.Span) seeingView {
	path, t := unitPath(v.Unit.ID), v.Cells
	shown := seeingView{Picker: pick(r, path, s), Report: "/statistics/" + v.Unit.ID.String() + "?month=" + string(s.Until)}
	if v.Last().Cells == 0 && t == nil {
		shown.Empty = noCells(r)
		return shown
	}
	charts := charter{r, v, s, aspectOf(r)}
	if t != nil {
		shown.Sentence, shown.Stats, shown.Heat = sentence(r, t.Summary), stats(r, t.Summary), heat(r, *t)
		shown.Watch, shown.Table = watchOfTable(r, *t, s), path+"/table.xlsx"+query(s)
	} else {
		shown.Sentence, shown.Stats, shown.Heat = bigSentence(r, v), bigStats(r, v), charts.heatTable()
		shown.Aspects = charts.aspects()
		shown.Watch = watchOf(r, v.Unit.ID, v.Watch, s)
		for _, name := range charts.places() {
			shown.Places = append(shown.Places, charts.picture(name))
		}
	}
	shown.HeatFile = charts.files("heat")
	for _, name := range charts.names() {
		shown.Pictures = append(shown.Pictures, charts.picture(name))
	}
	return shown
}

func noCells(r *page.Request) *ui.EmptyState {
	return &ui.EmptyState{
		Title: r.T("overview.empty"), Text: r.T("overview.empty_help"),
		Action: ui.Link{Text: r.T("overview.empty_units"), Href: "/units"},
	}
}

// aspectOf is the side that the reader chose.
func aspectOf(r *page.Request) overview.Aspect {
	for _, a := range overview.Aspects {
		if string(a) == r.Form.Get("show") {
			return a
		}
	}
	return overview.Aspects[0]
}

// bigSentence says where the month stands.
func bigSentence(r *page.Request, v overview.View) string {
	s := v.Last()
	text := r.T("seeing.sentence.held", "month", monthNumber(s), "held", s.Held, "cells", s.Cells)
	switch {
	case s.Unheld() == 0:
		text = r.T("seeing.sentence.all_held", "month", monthNumber(s), "cells", s.Cells)
	case s.Over:
		text += " " + r.T("seeing.sentence.unheld", "cells", s.Unheld())
	}
	if s.Scored > 0 {
		text += " " + r.T("overview.sentence."+scoreTrend(v), "average", tenths(r, s.Average()), "change", tenths(r, scoreChange(v)))
	}
	switch w := v.Watch; {
	case w.Cells > 0 && w.Planned > 0:
		text += " " + r.T("seeing.sentence.watched_planned", "cells", w.Cells, "planned", w.Planned)
	case w.Cells > 0:
		text += " " + r.T("seeing.sentence.watched", "cells", w.Cells)
	}
	return text
}

func monthNumber(s overview.State) string { return strconv.Itoa(int(s.Month.First().Month())) }

func scoreTrend(v overview.View) string {
	before, known := v.Before()
	return trend(overview.Summary{Compared: known && before.Scored > 0, Change: v.Last().Average() - before.Average()})
}

func scoreChange(v overview.View) int {
	before, _ := v.Before()
	change := v.Last().Average() - before.Average()
	return max(change, -change)
}

func bigStats(r *page.Request, v overview.View) ui.Stats {
	ctx, s := r.Context(), v.Last()
	tasks := r.T("overview.stat.of_tasks", s.TasksOnTime, s.TasksDue)
	if s.TasksDue == 0 {
		tasks = r.T("overview.stat.no_tasks")
	}
	timely, cells := overview.InTime.Of(s)
	return ui.Stats{Items: []ui.Stat{
		{Label: r.T("seeing.aspect.in_time"), Figure: i18n.Share(ctx, timely, cells), Note: r.T("seeing.stat.of_cells", timely, cells)},
		{Label: r.T("overview.stat.attendance"), Figure: i18n.Share(ctx, s.Present, s.Entitled), Note: r.T("overview.stat.of_members", s.Present, s.Entitled)},
		{Label: r.T("overview.stat.tasks"), Figure: i18n.Share(ctx, s.TasksOnTime, s.TasksDue), Note: tasks},
		{Label: r.T("seeing.stat.overdue"), Figure: i18n.Number(ctx, v.Overdue), Note: r.T("seeing.stat.overdue_note", "month", monthNumber(overview.State{Month: min(s.Month.Add(1), meeting.MonthOf(r.Today()))}))},
		{Label: r.T("seeing.stat.resolutions"), Figure: i18n.Number(ctx, s.Resolutions), Note: r.T("seeing.stat.adopted")},
		{Label: r.T("seeing.stat.members"), Figure: i18n.Number(ctx, v.Members.Members), Note: r.T("seeing.stat.official", v.Members.Official)},
	}}
}

// watchOf is the list that was kept.
func watchOf(r *page.Request, of orgtree.ID, w overview.WatchList, s overview.Span) watchView {
	shown := watchView{Empty: r.T("overview.no_concerns")}
	if w.Cells > len(w.Heaviest) {
		shown.All = ui.Link{Text: r.T("seeing.watch.all", "cells", w.Cells), Href: unitPath(of) + "/watched"}
	}
	if w.Pending {
		shown.Empty = r.T("seeing.watch.pending")
	}
	if w.Cells > 0 {
		shown.Lead = r.T("seeing.watch.lead", "cells", w.Cells, "planned", w.Planned)
	}
	for _, kind := range overview.SignKinds {
		if n := w.Signs[kind]; n > 0 {
			shown.Kinds = append(shown.Kinds, ui.ProgressBar{
				Label: r.T("seeing.sign."+string(kind), "n", kind.Least()), Text: i18n.Number(r.Context(), n),
				Value: float64(n), Max: float64(w.Cells), Tone: ui.Warn,
			})
		}
	}
	for _, cell := range w.Heaviest {
		shown.Items = append(shown.Items, watchItem(r, cell, cell.Above+": ", s))
	}
	return shown
}

// watchOfTable is the list of a table, whose records have just been read.
func watchOfTable(r *page.Request, t overview.Table, s overview.Span) watchView {
	shown := watchView{Empty: r.T("overview.no_concerns")}
	for _, c := range t.Concerns {
		shown.Items = append(shown.Items, watchItem(r, overview.Watched{Concern: c, Plan: t.Plans[c.Cell.ID].ID, Due: t.Plans[c.Cell.ID].Due}, "", s))
	}
	return shown
}

// watchItem is a cell on the list; where says below which unit it stands.
func watchItem(r *page.Request, w overview.Watched, where string, s overview.Span) ui.Item {
	item := ui.Item{Title: w.Cell.Name, Note: where + reasons(r, w.Concern), Href: unitPath(w.Cell.ID) + query(s)}
	switch {
	case w.Plan == 0:
	case r.Today().After(w.Due):
		item.Chip = ui.Chip{Text: r.T("seeing.watch.plan_late", "due", w.Due), Tone: ui.Bad}
	default:
		item.Chip = ui.Chip{Text: r.T("seeing.watch.plan", "due", w.Due), Tone: ui.Info}
	}
	return item
}
