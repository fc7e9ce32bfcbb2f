package people

import (
	"context"
	"io"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"chibo/internal/domain/intake"
	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/blob"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/platform/xlsx"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// memberList is what the page of a list of members shows.
type memberList struct {
	At orgtree.Unit
	// Wide: so much lies below that names are found by their beginnings, and by the
	// given name alone.
	Wide   bool
	Words  rulepack.States
	Counts []ui.Stat
	// First are the fields of the filter always in sight, More the others.
	First, More []templ.Component
	Filtered    bool // by one of More
	Table       ui.Table
	Refused     string // why nothing was sought
	Pager       ui.Pager
	Start       string // the first page, from a later one
	// What the reader may do here; "" for what not.
	Register, Official, Import, Slips, Export, Duplicates string
}

// statusLeft stands in the filter for every state in which membership has ended.
const statusLeft = "left"

func showMembers(r *page.Request) (page.Answer, error) {
	at, err := scopeOf(r, access.MemberRead)
	if err != nil {
		return nil, err
	}
	v := memberList{At: at}
	var branch orgtree.Scope
	branch.AddBranch(at.Path)
	if v.Wide, err = branch.Wide(r.Tx); err != nil {
		return nil, err
	}
	if v.Words, _, err = unit.Words(r.Tx, at); err != nil {
		return nil, err
	}
	if v.Counts, err = countMembers(r, at, v.Wide); err != nil {
		return nil, err
	}
	in := r.Input()
	filter := filterOf(in, v.Words, at)
	list, err := member.List(r.Tx, r.By, filter)
	if errs.Is(err, errs.Denied) {
		v.Refused, err = r.T("people.page.filter_denied"), nil
	}
	if err != nil {
		return nil, err
	}
	if err := v.fill(r, filter, list); err != nil {
		return nil, err
	}
	frame, err := r.Frame(r.T("people.page.members_title", "unit", at.Name))
	if err != nil {
		return nil, err
	}
	return page.HTML(membersPage(frame, v)), nil
}

// scopeOf is the unit that the query names, or the one the reader works for.
func scopeOf(r *page.Request, act access.Action) (orgtree.Unit, error) {
	at := page.ID[orgtree.Unit](r.Input(), "unit")
	if at == 0 && r.Form.Get("unit") != "" {
		return orgtree.Unit{}, errs.New(errs.NotFound, "errs.not_found")
	}
	if at == 0 {
		home, _, err := r.Home()
		if err != nil {
			return orgtree.Unit{}, err
		}
		at = home.ID
	}
	return access.Require(r.Tx, r.By, act, at)
}

func filterOf(in *page.Input, words rulepack.States, at orgtree.Unit) member.Filter {
	f := member.Filter{
		Unit: at.ID, Words: in.Line("q"), Group: page.ID[unit.Group](in, "group"), Overlay: in.Line("overlay"),
		Sex: member.Sex(in.Line("sex")), AgeFrom: in.Int("age_from"), AgeTo: in.Int("age_to"),
		After: in.Line("after"), Count: true,
	}
	switch status := in.Line("status"); status {
	case "":
	case outside:
		f.Statuses = []member.Status{member.Outside}
	case statusLeft:
		for _, s := range words.Member {
			if s.Terminal {
				f.Statuses = append(f.Statuses, member.Status(s.ID))
			}
		}
	default:
		f.Statuses = []member.Status{member.Status(status)}
	}
	return f
}

// countMembers counts the present members of the unit by state, by the figures
// where so many have to be looked at. Those who are exempt stand in no figure, and
// are counted where that is quick.
func countMembers(r *page.Request, at orgtree.Unit, wide bool) ([]ui.Stat, error) {
	var kept unit.Strength
	if wide {
		var err error
		if kept, err = member.Strength(r.Tx, at); err != nil {
			return nil, err
		}
	}
	var stats []ui.Stat
	for _, c := range []struct {
		label string
		query url.Values
		f     member.Filter
		kept  int
	}{
		{"people.page.count_all", nil, member.Filter{}, kept.All()},
		{"people.page.count_official", url.Values{"status": {string(member.Official)}}, member.Filter{Statuses: []member.Status{member.Official}}, kept.Official},
		{"people.page.count_probationary", url.Values{"status": {string(member.Probationary)}}, member.Filter{Statuses: []member.Status{member.Probationary}}, kept.Probationary},
		{"people.page.count_exempt", url.Values{"overlay": {"exempt"}}, member.Filter{Overlay: "exempt"}, -1},
	} {
		switch {
		case wide && c.kept < 0:
			continue
		case !wide:
			c.f.Unit, c.f.Count, c.f.Limit = at.ID, true, 1
			counted, err := member.List(r.Tx, r.By, c.f)
			if err != nil {
				return nil, err
			}
			c.kept = counted.Total
		}
		query := url.Values{"unit": {at.ID.String()}}
		for name, value := range c.query {
			query[name] = value
		}
		stats = append(stats, ui.Stat{Label: r.T(c.label), Figure: i18n.Number(r.Context(), c.kept), Href: "/members?" + query.Encode()})
	}
	return stats, nil
}

func (v *memberList) fill(r *page.Request, filter member.Filter, list member.Page) error {
	if err := v.filters(r, filter); err != nil {
		return err
	}
	v.Table = memberTable(r, v.At, v.Words, list.People)
	if list.Partly {
		v.Table.Empty.Text = r.T("people.page.members_none_wide")
	}
	v.pages(r, filter, list)
	query := url.Values{"unit": {v.At.ID.String()}}
	if r.By.Can(access.MemberManage, v.At) {
		v.Import = "/import/members?" + query.Encode()
		if v.At.IsCell() {
			v.Register = "/members/new?" + query.Encode()
		}
	}
	if r.By.Can(access.Invite, v.At) && v.At.IsCell() {
		v.Slips = "/slips?" + query.Encode()
	}
	if r.By.Can(access.Invite, v.At) && !v.At.IsCell() {
		v.Official = "/members/new?" + query.Encode()
	}
	if r.By.Can(access.MemberMerge, v.At) {
		v.Duplicates = "/duplicates"
	}
	if r.By.Can(access.MemberExport, v.At) {
		kept := withoutPaging(r.Form)
		kept.Set("unit", v.At.ID.String())
		v.Export = "/members/export?" + kept.Encode()
	}
	return nil
}

func withoutPaging(form url.Values) url.Values {
	kept := url.Values{}
	for name, values := range form {
		if name != "after" && name != "print" && values[0] != "" {
			kept[name] = values
		}
	}
	return kept
}

func (v *memberList) pages(r *page.Request, filter member.Filter, list member.Page) {
	kept := withoutPaging(r.Form)
	if filter.After != "" {
		v.Start = "/members?" + kept.Encode()
	}
	if list.Next != "" {
		kept.Set("after", list.Next)
		v.Pager.Next = "/members?" + kept.Encode()
	}
	if list.Total > 0 {
		total := i18n.Number(r.Context(), list.Total)
		if list.More {
			total = r.T("people.page.more_than", "number", total)
		}
		v.Pager.Note = r.T("people.page.shown", "shown", len(list.People), "total", total)
	}
}

func (v *memberList) filters(r *page.Request, filter member.Filter) error {
	f := fields{r, "people.filter."}
	units, err := unitOptions(r, v.At)
	if err != nil {
		return err
	}
	name := ui.TextField{Name: "q", Label: f.label("q"), Value: r.Form.Get("q"), Required: true, MaxLength: nameMost}
	if v.Wide {
		name.Help = r.T("people.filter.q_wide")
	}
	v.First = []templ.Component{name}
	if len(units) > 1 {
		v.First = append(v.First, chosen(f, "unit", units, v.At.ID.String(), ""))
	}
	statuses := []ui.Option{}
	for _, s := range v.Words.Member {
		if !s.Terminal {
			statuses = append(statuses, ui.Option{Value: s.ID, Label: s.Label})
		}
	}
	statuses = append(statuses, ui.Option{Value: statusLeft, Label: r.T("people.filter.left")})
	if !v.At.IsCell() {
		statuses = append(statuses, ui.Option{Value: outside, Label: r.T("people.page.outside")})
	}
	private := r.By.Can(access.MemberFile, v.At)
	var overlays []ui.Option
	for _, o := range v.Words.Overlays {
		if private || !o.Sensitive {
			overlays = append(overlays, ui.Option{Value: o.ID, Label: o.Label})
		}
	}
	any := r.T("people.filter.any")
	v.More = []templ.Component{
		chosen(f, "status", statuses, r.Form.Get("status"), r.T("people.filter.present")),
		chosen(f, "overlay", overlays, filter.Overlay, any),
		chosen(f, "sex", sexes(r), string(filter.Sex), any),
	}
	if v.At.IsCell() {
		groups, err := groupOptions(r, v.At.ID)
		if err != nil {
			return err
		}
		if len(groups) > 0 {
			v.More = append(v.More, chosen(f, "group", groups, filter.Group.String(), any))
		}
	}
	if private {
		v.More = append(v.More,
			ui.NumberField{Name: "age_from", Label: f.label("age_from"), Value: r.Form.Get("age_from"), Required: true},
			ui.NumberField{Name: "age_to", Label: f.label("age_to"), Value: r.Form.Get("age_to"), Required: true})
	}
	for _, name := range []string{"status", "overlay", "sex", "group", "age_from", "age_to"} {
		v.Filtered = v.Filtered || r.Form.Get(name) != ""
	}
	return nil
}

// chosen is a choice in a filter: nothing there has to be filled in, so none
// says "optional".
func chosen(f fields, name string, options []ui.Option, value, empty string) templ.Component {
	return ui.SelectField{Name: name, Label: f.label(name), Options: options, Value: value, Empty: empty, Required: true}
}

func sexes(r *page.Request) []ui.Option {
	return []ui.Option{
		{Value: string(member.Male), Label: r.T("member.sex.male")},
		{Value: string(member.Female), Label: r.T("member.sex.female")},
	}
}

// unitOptions lead up, to the unit itself, and down.
func unitOptions(r *page.Request, at orgtree.Unit) ([]ui.Option, error) {
	above, err := unit.Above(r.Tx, r.By, at.ID)
	if err != nil {
		return nil, err
	}
	below, err := unit.Children(r.Tx, r.By, at.ID)
	if err != nil {
		return nil, err
	}
	var options []ui.Option
	for _, u := range append(above, below...) {
		if r.By.Can(access.MemberRead, u) {
			options = append(options, ui.Option{Value: u.ID.String(), Label: u.Name})
		}
	}
	return options, nil
}

func groupOptions(r *page.Request, cell orgtree.ID) ([]ui.Option, error) {
	groups, err := unit.Groups(r.Tx, r.By, cell)
	options := make([]ui.Option, len(groups))
	for i, g := range groups {
		options[i] = ui.Option{Value: g.ID.String(), Label: g.Name}
	}
	return options, err
}

func memberTable(r *page.Request, at orgtree.Unit, words rulepack.States, people []member.Listed) ui.Table {
	ctx := r.Context()
	t := ui.Table{
		Caption: r.T("people.page.members_title", "unit", at.Name),
		Columns: []ui.Column{{Title: r.T("people.page.name")}, {Title: r.T("people.page.status")}},
		Empty:   ui.EmptyState{Title: r.T("people.page.members_none"), Text: r.T("people.page.members_none_text"), Action: ui.Link{Text: r.T("people.page.members_all"), Href: membersPath(at.ID)}},
	}
	open := slices.ContainsFunc(people, func(p member.Listed) bool { return p.Open })
	if !at.IsCell() {
		t.Columns = append(t.Columns, ui.Column{Title: r.T("people.page.cell")})
	}
	if open {
		t.Columns = append(t.Columns, ui.Column{Title: r.T("member.column.birth"), Number: true}, ui.Column{Title: r.T("member.column.ceremony"), Number: true}, ui.Column{Title: r.T("people.page.party_age"), Number: true})
	}
	for _, p := range people {
		row := ui.Row{Href: memberPath(p.ID), Cells: []templ.Component{ui.Text(p.Name), statusCell(ctx, words, p.Brief)}}
		if !at.IsCell() {
			row.Cells = append(row.Cells, ui.Text(p.UnitName))
		}
		if open {
			row.Cells = append(row.Cells, ui.Text(p.Core.Birth.Vietnamese()), ui.Text(p.Core.Ceremony.Vietnamese()), ui.Text(partyAge(r, p.Core)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func statusCell(ctx context.Context, words rulepack.States, b member.Brief) templ.Component {
	list := statusChips(ctx, words, b)
	switch b.Status { // in a list of members the short word does
	case member.Official:
		list[0].Text = i18n.T(ctx, "people.page.count_official")
	case member.Probationary:
		list[0].Text = i18n.T(ctx, "people.page.count_probationary")
	}
	return chips(list)
}

func statusChips(ctx context.Context, words rulepack.States, b member.Brief) []ui.Chip {
	list := []ui.Chip{{Text: statusLabel(ctx, words, b.Status), Tone: statusTone(b.Status)}}
	for _, kind := range b.Overlays {
		list = append(list, ui.Chip{Text: overlayLabel(words, kind), Tone: ui.Warn})
	}
	return list
}

func partyAge(r *page.Request, c member.Core) string {
	n, ok := c.PartyAge(r.Today())
	if !ok {
		return "–"
	}
	return months(r.Context(), n)
}

// exportMembers gives the list, as filtered, as a spreadsheet that can be read
// again; it is read while it is sent.
func exportMembers(r *page.Request) (page.Answer, error) {
	at, err := scopeOf(r, access.MemberExport)
	if err != nil {
		return nil, err
	}
	words, _, err := unit.Words(r.Tx, at)
	if err != nil {
		return nil, err
	}
	leaving, err := intake.ExportMembers(r.Tx, r.By, filterOf(r.Input(), words, at))
	if err != nil {
		return nil, err
	}
	name, sheet := r.T("people.page.export_file", "unit", at.Code, "day", r.Today().String()), r.T("people.page.export_sheet")
	return r.Stream(name, blob.XLSX, func(ctx context.Context, out io.Writer) error {
		book, err := xlsx.NewStream(out, sheet)
		if err != nil {
			return err
		}
		return leaving.Write(ctx, r.Site.DB, book)
	}), nil
}
