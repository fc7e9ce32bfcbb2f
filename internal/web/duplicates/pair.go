package duplicates

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"chibo/internal/domain/account"
	"chibo/internal/domain/duplicate"
	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/holding"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// pairView is two records side by side, with what a merge would do.
type pairView struct {
	Finding         duplicate.Finding
	Path, Why       string
	Swap            string // leads to the same page with the other record kept
	KeptID, GoneID  string
	Hidden          []ui.Hidden
	Errors          ui.Errors
	Fields          []fieldView
	Obstacles       []ui.Item
	Remarks         []string
	Moves           []ui.Item
	Stays           []ui.Item
	Places          []ui.Item
	Reason          ui.TextField
	Decision        ui.TextField
	Note            ui.TextField
	SignIn          string
	Merges          []mergeView
	Open, Apart, Ok bool
}

// fieldView is a row of the comparison.
type fieldView struct {
	Name, Label, Kept, Other string
	Differs, Taken           bool
}

// mergeView is a merge of the two that stands, or was taken back.
type mergeView struct{ Text, Back string }

const lineMost = 200

// order is how the form says the records are to be merged. The record of the
// smaller number is kept unless somebody says otherwise: it is the older one.
func order(r *page.Request, f duplicate.Finding) duplicate.Order {
	in := r.Input()
	o := duplicate.Order{Kept: f.One, Gone: f.Other, Reason: in.Line("reason"), Decision: in.Line("decision")}
	if in.Line("keep") == "other" {
		o.Kept, o.Gone = o.Gone, o.Kept
	}
	if in.Has("chosen") {
		o.Take = append([]string{}, r.Form["take"]...)
	}
	o.KeptVersion, _ = strconv.ParseInt(in.Line("kept_version"), 10, 64)
	o.GoneVersion, _ = strconv.ParseInt(in.Line("gone_version"), 10, 64)
	return o
}

// load is the finding that the path names, or stands for one where two records
// were chosen without: who may merge them is asked when they are compared.
func load(r *page.Request) (duplicate.Finding, error) {
	if r.PathValue("other") != "" {
		return chosen(r)
	}
	finding, err := page.PathID[duplicate.Finding](r, "id")
	if err != nil {
		return duplicate.Finding{}, err
	}
	return duplicate.Get(r.Tx, r.By, finding)
}

func showPair(r *page.Request) (page.Answer, error) {
	f, err := load(r)
	if err != nil {
		return nil, err
	}
	o := order(r, f)
	dry, err := duplicate.Preview(r.Tx, r.By, o)
	if err != nil {
		return nil, err
	}
	at, err := orgtree.Find(r.Tx, dry.Kept.Unit)
	if err != nil {
		return nil, err
	}
	words, _, err := unit.Words(r.Tx, at)
	if err != nil {
		return nil, err
	}
	v := view{r, words, dry}.pair(f, o)
	if v.Merges, err = merges(r, f); err != nil {
		return nil, err
	}
	if f.ID == 0 { // no finding that says so
		v.Open = !slices.ContainsFunc(v.Merges, func(m mergeView) bool { return m.Back != "" })
	}
	frame, err := r.Frame(dry.Kept.Name)
	if err != nil {
		return nil, err
	}
	frame.Lead, frame.Crumbs = v.Why, []ui.Link{crumb(r)}
	if f.ID == 0 {
		frame.Crumbs = []ui.Link{{Text: dry.Kept.Name, Href: "/members/" + dry.Kept.ID.String()}}
	}
	if len(v.Errors) > 0 {
		frame.Flash = ui.Flash{} // the summary above the fields says it
	}
	return page.HTML(pairPage(frame, v)), nil
}

// view words a dry run.
type view struct {
	*page.Request
	words rulepack.States
	dry   duplicate.DryRun
}

func (w view) pair(f duplicate.Finding, o duplicate.Order) pairView {
	v := pairView{
		Finding: f, Path: address(f), Why: why(w.Request, f), KeptID: o.Kept.String(), GoneID: o.Gone.String(), Errors: w.Errors(),
		Swap: address(f) + "?keep=other", SignIn: w.signIn(), Ok: !w.dry.Blocked(),
		Open: f.State == duplicate.Open, Apart: f.State == duplicate.Apart,
	}
	keep := "one"
	if o.Kept == f.Other {
		v.Swap, keep = address(f), "other"
	}
	v.Hidden = []ui.Hidden{
		{Name: "keep", Value: keep},
		{Name: "chosen", Value: "1"},
		{Name: "kept_version", Value: strconv.FormatInt(w.dry.Kept.Version, 10)},
		{Name: "gone_version", Value: strconv.FormatInt(w.dry.Gone.Version, 10)},
	}
	for _, each := range w.dry.Fields {
		if row := w.field(each); row.Kept != "" || row.Other != "" {
			v.Fields = append(v.Fields, row)
		}
	}
	for _, obstacle := range w.dry.Obstacles {
		v.Obstacles = append(v.Obstacles, ui.Item{Title: w.message(obstacle.Message), Note: w.dry.Units[obstacle.Unit]})
	}
	for _, remark := range w.dry.Remarks {
		v.Remarks = append(v.Remarks, w.message(remark))
	}
	w.lists(&v)
	v.Reason = w.line("reason", true)
	v.Decision = w.line("decision", false)
	v.Note = w.line("note", false)
	return v
}

func (w view) line(name string, required bool) ui.TextField {
	f := ui.TextField{
		Name: name, Label: w.T("duplicate.page.field_" + name), Value: w.Value(name, ""), Error: w.Errors().For(name), Required: required, MaxLength: lineMost,
	}
	if key := "duplicate.page.field_" + name + "_help"; i18n.From(w.Context()).Has(key) {
		f.Help = w.T(key)
	}
	return f
}

// lists are what moves, what stays, and the times in cells.
func (w view) lists(v *pairView) {
	for _, m := range w.dry.Moves {
		var said []string
		for _, h := range m.Held {
			if text := w.held(m.What, h); text != "" {
				said = append(said, text)
			}
		}
		v.Moves = append(v.Moves, ui.Item{Title: w.T("duplicate.what." + m.What), Note: strings.Join(said, "; "), Side: strconv.Itoa(len(m.Held))})
	}
	for _, s := range w.dry.Stays {
		v.Stays = append(v.Stays, ui.Item{Title: w.T("duplicate.stays." + s.What), Side: strconv.Itoa(s.Count)})
	}
	for _, p := range w.dry.Places {
		from, to := i18n.Date(w.Context(), p.From), w.T("duplicate.page.today")
		if !p.To.IsZero() {
			to = i18n.Date(w.Context(), p.To.AddDays(-1))
		}
		i := ui.Item{Title: w.dry.Units[p.Unit], Note: w.T("duplicate.page.span", "from", from, "to", to)}
		switch {
		case p.FallsAway:
			i.Chip = ui.Chip{Text: w.T("duplicate.page.falls_away"), Tone: ui.Warn}
		case p.FromOther:
			i.Chip = ui.Chip{Text: w.T("duplicate.page.comes_over"), Tone: ui.Info}
		}
		v.Places = append(v.Places, i)
	}
}

// held is what people call one thing that goes over.
func (w view) held(what string, h holding.Held) string {
	label := h.Label
	switch what {
	case "post":
		if post, known := w.words.Post(label); known {
			label = post.Label
		}
	case "overlay":
		if overlay, known := w.words.Overlay(label); known {
			label = overlay.Label
		}
	case "right", "notice":
		return "" // named for the program, not for people
	}
	if name := w.dry.Units[orgtree.ID(h.Unit)]; name != "" {
		label += " (" + name + ")"
	}
	return label
}

// message is something that stands in the way; what it names by an id of the
// pack is named in words.
func (w view) message(m errs.Message) string {
	args := append([]any{}, m.Args...)
	for i, arg := range args {
		id, _ := arg.(string)
		if post, known := w.words.Post(id); known {
			args[i] = post.Label
		} else if overlay, known := w.words.Overlay(id); known {
			args[i] = overlay.Label
		}
	}
	return w.T(m.Key, args...)
}

func (w view) signIn() string {
	if w.dry.SignIn == account.NothingToJoin {
		return w.T("duplicate.sign_in.none")
	}
	return w.T("duplicate.sign_in." + string(w.dry.SignIn))
}

func (w view) field(f duplicate.Field) fieldView {
	row := fieldView{Name: f.Name, Kept: f.Kept, Other: f.Other, Differs: f.Differs(), Taken: f.Taken}
	switch f.Name {
	case duplicate.FieldUnit:
		row.Label, row.Kept, row.Other = w.T("duplicate.page.field_unit"), w.dry.Units[w.dry.Kept.Unit], w.dry.Units[w.dry.Gone.Unit]
	case duplicate.FieldMembership:
		row.Label, row.Kept, row.Other = w.T("duplicate.page.field_membership"), w.membership(w.dry.Kept), w.membership(w.dry.Gone)
	case "sex":
		row.Label, row.Kept, row.Other = w.T("intake.column.members_sex"), w.sex(w.dry.Kept.Sex), w.sex(w.dry.Gone.Sex)
	default:
		row.Label = w.T("intake.column.members_" + f.Name)
	}
	return row
}

func (w view) sex(s member.Sex) string {
	if s == "" {
		return ""
	}
	return w.T("duplicate.page.sex_" + string(s))
}

// membership is a state with the days that belong to it.
func (w view) membership(f member.File) string {
	said := []string{w.T("duplicate.page.outside")}
	if state, known := w.words.MemberState(string(f.Status)); known {
		said[0] = state.Label
	}
	if !f.Ceremony.IsZero() {
		said = append(said, w.T("duplicate.page.ceremony", "day", i18n.Date(w.Context(), f.Ceremony)))
	}
	if !f.Recognised.IsZero() {
		said = append(said, w.T("duplicate.page.recognised", "day", i18n.Date(w.Context(), f.Recognised)))
	}
	if !f.Left.IsZero() {
		said = append(said, w.T("duplicate.page.left", "day", i18n.Date(w.Context(), f.Left)))
	}
	return strings.Join(said, ", ")
}

func merge(r *page.Request) (page.Answer, error) {
	f, err := load(r)
	if err != nil {
		return nil, err
	}
	if r.Input().Has("again") { // what was chosen is only looked at
		return showPair(r)
	}
	o := order(r, f)
	if _, err := duplicate.MergeRecords(r.Tx, r.By, o); err != nil {
		return nil, err
	}
	return page.SeeOther("/members/"+o.Kept.String(), "duplicate.page.done_merged"), nil
}

// merges are those of the two.
func merges(r *page.Request, f duplicate.Finding) (list []mergeView, err error) {
	all, err := duplicate.MergesOf(r.Tx, r.By, f.Other)
	for _, m := range all {
		if m.Kept != f.One && m.Gone != f.One {
			continue
		}
		v := mergeView{Text: r.T("duplicate.page.merged_at", "at", i18n.Instant(r.Context(), m.At), "reason", m.Reason), Back: backPath(m.ID)}
		if !m.BackAt.IsZero() {
			v = mergeView{Text: r.T("duplicate.page.back_at", "at", i18n.Instant(r.Context(), m.BackAt), "reason", m.BackReason)}
		}
		list = append(list, v)
	}
	return list, err
}

func backPath(merge duplicate.MergeID) string { return "/merges/" + merge.String() + "/back" }

// backView is the question whether a merge is to be taken back.
type backView struct {
	Depends []string
	Props   ui.FormProps
	Reason  templ.Component
	Back    string
}

func showBack(r *page.Request) (page.Answer, error) {
	merge, err := page.PathID[duplicate.Merge](r, "id")
	if err != nil {
		return nil, err
	}
	m, err := duplicate.FindMerge(r.Tx, r.By, merge)
	if err != nil {
		return nil, err
	}
	if !m.BackAt.IsZero() {
		return page.SeeOther("/members/"+m.Kept.String(), ""), nil
	}
	depends, err := duplicate.Depending(r.Tx, r.By, merge)
	if err != nil {
		return nil, err
	}
	v := backView{
		Props: ui.FormProps{Version: r.Version(m.Version), Errors: r.Errors()}, Back: "/members/" + m.Kept.String(),
		Reason: ui.TextField{Name: "reason", Label: r.T("duplicate.page.field_back_reason"), Value: r.Value("reason", ""), Error: r.Errors().For("reason"), Required: true, MaxLength: lineMost},
	}
	for _, d := range depends {
		v.Depends = append(v.Depends, r.T(d.Key, d.Args...))
	}
	frame, err := r.Frame(r.T("duplicate.page.back_title"))
	if err != nil {
		return nil, err
	}
	frame.Lead, frame.Crumbs = r.T("duplicate.page.back_lead", "reason", m.Reason), []ui.Link{crumb(r)}
	return page.HTML(backPage(frame, v)), nil
}

func takeBack(r *page.Request) (page.Answer, error) {
	merge, err := page.PathID[duplicate.Merge](r, "id")
	if err != nil {
		return nil, err
	}
	m, err := duplicate.FindMerge(r.Tx, r.By, merge)
	if err != nil {
		return nil, err
	}
	in := r.Input()
	if err := duplicate.TakeBack(r.Tx, r.By, merge, in.Version(), in.Line("reason")); err != nil {
		return nil, err
	}
	return page.SeeOther("/members/"+m.Kept.String(), "duplicate.page.done_back"), nil
}

// dash stands for nothing.
func dash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
