package office

import (
	"strconv"

	"chibo/internal/domain/overview"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// deskView is what the desk shows.
type deskView struct {
	Next    *ui.NextAction
	Items   []ui.Item
	Empty   *ui.EmptyState
	Figures *figuresView
	Follows bool // cells for the committee above
}

// figuresView is the month at the side of the desk.
type figuresView struct {
	Title string
	Bars  []ui.ProgressBar
	Spark *ui.Sparkline
	More  ui.Link
	Empty string
}

func showDesk(r *page.Request) (page.Answer, error) {
	home, _, err := r.Home()
	if err != nil {
		return nil, err
	}
	d, err := overview.OnDesk(r.Tx, r.By, home)
	if err != nil {
		return nil, err
	}
	v := deskView{Items: deskItems(r, d.Items), Follows: follows(r)}
	if d.Next != nil {
		v.Next = nextAction(r, *d.Next)
	}
	if v.Next == nil && len(v.Items) == 0 {
		v.Empty = emptyDesk(r, home)
	}
	if d.Figures != nil {
		v.Figures = figures(r, *d.Figures)
	}
	frame, err := r.Frame(r.T("desk.title"))
	frame.QuietTitle = true
	return page.HTML(deskPage(frame, v)), err
}

func nextAction(r *page.Request, i overview.Item) *ui.NextAction {
	return &ui.NextAction{
		Chip: dueChip(r, i), Title: words(r, i.Title), Text: words(r, i.Note),
		Action: ui.Link{Text: r.T("desk.button." + string(i.Kind)), Href: i.Link},
	}
}

func deskItems(r *page.Request, items []overview.Item) []ui.Item {
	var list []ui.Item
	for _, i := range items {
		list = append(list, ui.Item{Title: words(r, i.Title), Note: words(r, i.Note), Href: i.Link, Chip: dueChip(r, i)})
	}
	return list
}

// dueChip says how near the day of an item is; one without a day says what to
// do there.
func dueChip(r *page.Request, i overview.Item) ui.Chip {
	today := r.Today()
	if urgency := i.Urgency(today); urgency != overview.None {
		return ui.Chip{Text: capital(i18n.Deadline(r.Context(), today, i.Due)), Tone: urgencyTones[urgency]}
	}
	if i.Kind == overview.Notices {
		return ui.Chip{Text: r.T("desk.chip.new"), Tone: ui.Info}
	}
	if i.Own {
		return ui.Chip{Text: r.T("desk.chip.waiting"), Tone: ui.Warn}
	}
	return ui.Chip{Text: r.T("desk.chip.look")}
}

var urgencyTones = map[overview.Urgency]ui.Tone{
	overview.Late: ui.Bad, overview.Soon: ui.Warn, overview.Later: ui.Info,
}

func emptyDesk(r *page.Request, home orgtree.Unit) *ui.EmptyState {
	if home.ID == 0 {
		return &ui.EmptyState{
			Title: r.T("desk.empty.nobody"), Text: r.T("desk.empty.nobody_help"),
			Action: ui.Link{Text: r.T("frame.account"), Href: "/account"},
		}
	}
	empty := &ui.EmptyState{Title: r.T("desk.empty.title"), Text: r.T("desk.empty.text")}
	if r.By.Can(access.MeetingRead, home) {
		empty.Action = ui.Link{Text: r.T("desk.empty.meetings"), Href: "/meetings"}
	}
	return empty
}

func figures(r *page.Request, f overview.Figures) *figuresView {
	v := &figuresView{Title: r.T("desk.month", strconv.Itoa(int(f.Month.First().Month())))}
	if f.Above != nil {
		v.Bars, v.More = summaryBars(r, *f.Above), ui.Link{Text: r.T("desk.more.overview"), Href: "/overview"}
		return v
	}
	if last, ok := f.Last(); ok {
		v.Bars = append(v.Bars, ui.ProgressBar{
			Label: r.T("desk.figure.score", strconv.Itoa(int(last.Month.First().Month()))), Text: r.T("desk.figure.points", last.Claimed, last.Class),
			Value: float64(last.Claimed), Max: float64(last.Reachable), Tone: shareTone(last.Claimed, last.Reachable),
		})
	}
	v.addTasks(r, f.Tasks)
	if len(f.Scores) > 1 {
		v.Spark = &ui.Sparkline{Title: r.T("desk.figure.scores", len(f.Scores)), Points: points(f.Scores)}
	}
	if len(v.Bars) == 0 {
		v.Empty = r.T("desk.figure.none")
	}
	return v
}

func (v *figuresView) addTasks(r *page.Request, t overview.Tasks) {
	if t.TasksDue == 0 {
		return
	}
	v.Bars = append(v.Bars, ui.ProgressBar{
		Label: r.T("desk.figure.tasks"), Text: r.T("desk.figure.of", t.TasksOnTime, t.TasksDue),
		Value: float64(t.TasksOnTime), Max: float64(t.TasksDue), Tone: shareTone(t.TasksOnTime, t.TasksDue),
	})
}

func summaryBars(r *page.Request, s overview.Summary) []ui.ProgressBar {
	v := figuresView{Bars: []ui.ProgressBar{{
		Label: r.T("desk.figure.held"), Text: r.T("desk.figure.of", s.Held, s.Cells),
		Value: float64(s.Held), Max: float64(max(1, s.Cells)), Tone: shareTone(s.Held, s.Cells),
	}}}
	if s.Scored > 0 {
		v.Bars = append(v.Bars, ui.ProgressBar{
			Label: r.T("desk.figure.average"), Text: i18n.Decimal(r.Context(), float64(s.Average)/10, 1),
			Value: float64(s.Average), Max: 1000, Tone: shareTone(s.Average, 1000),
		})
	}
	v.addTasks(r, s.Tasks)
	return v.Bars
}

// shareTone colours a bar; the figure beside it says the same.
func shareTone(part, whole int) ui.Tone {
	switch {
	case 10*part >= 9*whole:
		return ui.Good
	case 10*part >= 5*whole:
		return ui.Warn
	}
	return ui.Bad
}

func points(scores []overview.Score) []ui.Point {
	var list []ui.Point
	for _, s := range scores {
		list = append(list, ui.Point{Label: s.Month.Vietnamese(), Value: float64(s.Claimed), Text: strconv.Itoa(s.Claimed)})
	}
	return list
}
