package intake

import (
	"slices"
	"strconv"

	"chibo/internal/domain/intake"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// twinsShown is how many pairs stand on one page.
const twinsShown = 10

// twinsView is the page on which people decide who is whom.
type twinsView struct {
	Path       string
	Version    int64
	Errors     ui.Errors
	From       string
	Pairs      []pairView
	All        ui.ChoiceField
	Next, Prev string
}

// pairView is a row beside somebody known.
type pairView struct {
	Title, Why        string
	RowHead, TwinHead string
	Choice            ui.ChoiceField
	Fields            []fieldView
	// Updates is the name of the boxes for fields that are taken over.
	Updates string
}

// fieldView is a field of both.
type fieldView struct {
	intake.Compared
	Label string
}

func showTwins(r *page.Request) (page.Answer, error) {
	i, err := load(r)
	if err != nil {
		return nil, err
	}
	if i.State != intake.Checked {
		return page.SeeOther(path(i), ""), nil
	}
	from := max(0, r.Input().Int("from"))
	v := twinsView{Path: path(i), Version: i.Version, Errors: r.Errors(), From: strconv.Itoa(from)}
	var more bool
	if err := intake.InFile(r.Site.Files, i.Hash, func(book intake.Book) error {
		var pairs []intake.Pair
		pairs, more, err = intake.Compare(r.Tx, r.By, book, i, from, twinsShown)
		for _, p := range pairs {
			v.Pairs = append(v.Pairs, pairOf(r, p))
		}
		return err
	}); err != nil {
		return nil, err
	}
	v.All = ui.ChoiceField{
		Name: "all", Label: r.T("intake.page.twins_all"), Help: r.T("intake.page.twins_all_help"), Stacked: true, Required: true,
		Value: choiceValue(i.Settings.Twins), Options: choices(r, true),
	}
	if more {
		v.Next = path(i) + "/twins?from=" + strconv.Itoa(from+twinsShown)
	}
	if from > 0 {
		v.Prev = path(i) + "/twins?from=" + strconv.Itoa(max(0, from-twinsShown))
	}
	frame, err := frameFor(r, i, r.T("intake.page.twins_title"))
	if err != nil {
		return nil, err
	}
	frame.Crumbs = append(frame.Crumbs, ui.Link{Text: r.T("intake.page.preview_title"), Href: path(i)})
	return page.HTML(twinsPage(frame, v)), nil
}

const undecided = "ask"

func choiceValue(c intake.Choice) string {
	if c == intake.Undecided {
		return undecided
	}
	return string(c)
}

func choiceOf(value string) intake.Choice {
	if value == undecided {
		return intake.Undecided
	}
	return intake.Choice(value)
}

// choices are what can be done with a row; only somebody in the register can be
// updated.
func choices(r *page.Request, registered bool) []ui.Option {
	list := []ui.Option{{Value: undecided, Label: r.T("intake.page.choice_ask")}}
	if registered {
		list = append(list, ui.Option{Value: string(intake.Same), Label: r.T("intake.page.choice_same")})
	}
	return append(list,
		ui.Option{Value: string(intake.Other), Label: r.T("intake.page.choice_other")},
		ui.Option{Value: string(intake.LeaveOut), Label: r.T("intake.page.choice_leave")},
	)
}

func pairOf(r *page.Request, p intake.Pair) pairView {
	row := strconv.Itoa(p.Row)
	v := pairView{
		Title: p.Name, Why: r.T("intake.why." + string(p.Twin.Why)), Updates: "update-" + row,
		RowHead: r.T("intake.page.row_of_sheet", "row", row), TwinHead: r.T("intake.page.in_register"),
	}
	if p.Twin.Person == 0 {
		v.TwinHead = r.T("intake.page.row_of_sheet", "row", strconv.Itoa(p.Twin.Row))
	}
	v.Choice = ui.ChoiceField{
		Name: "row-" + row, Label: r.T("intake.page.choice", "name", p.Name, "row", row), Stacked: true, Required: true,
		Value: r.Value("row-"+row, choiceValue(p.Decision.Choice)), Options: choices(r, p.Twin.Person != 0),
	}
	for _, c := range p.Fields {
		v.Fields = append(v.Fields, fieldView{c, r.T("intake.column.members_" + c.Name)})
	}
	return v
}

func decideTwins(r *page.Request) (page.Answer, error) {
	i, err := load(r)
	if err != nil {
		return nil, err
	}
	in := r.Input()
	decisions := map[int]intake.Decision{}
	for _, f := range i.Report.Findings {
		row := strconv.Itoa(f.Row)
		if f.Twin == nil || !in.Has("row-"+row) {
			continue
		}
		decisions[f.Row] = intake.Decision{Choice: choiceOf(in.Line("row-" + row)), Fields: slices.Clone(r.Form["update-"+row])}
	}
	if err := intake.Decide(r.Tx, r.By, i.ID, in.Version(), decisions, choiceOf(in.Line("all")), nil); err != nil {
		return nil, err
	}
	return page.SeeOther(path(i), ""), nil
}
