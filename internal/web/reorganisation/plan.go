package reorganisation

import (
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"chibo/internal/domain/member"
	"chibo/internal/domain/reorganisation"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// planView is what the page of a plan shows.
type planView struct {
	visit
	Facts    []ui.Definition
	Steps    []line
	Posts    []line // that the decision gives
	Blocking []ui.Item
	Known    []ui.Item
	Figures  ui.Table
	Lists    []effect
	// Ready: a draft that nothing stands in the way of.
	Ready, Scatters bool
}

// line is something written into the plan, with how to take it out.
type line struct {
	Text, Note, Remove string
}

// effect is a list of what the plan does.
type effect struct {
	Title string
	Note  string
	Table ui.Table
	Open  bool
}

func showPlan(r *page.Request) (page.Answer, error) {
	v, err := open(r)
	if err != nil {
		return nil, err
	}
	view := planView{visit: v}
	view.Facts = v.facts()
	words, err := v.words()
	if err != nil {
		return nil, err
	}
	if err := view.written(words); err != nil {
		return nil, err
	}
	if v.State == reorganisation.Drafted {
		err = view.rehearsed(words)
	} else {
		err = view.done()
	}
	if err != nil {
		return nil, err
	}
	frame, err := r.Frame(v.Title)
	if err != nil {
		return nil, err
	}
	frame.Crumbs = v.crumbs()[:1]
	return page.HTML(planPage(frame, view)), nil
}

func (v visit) facts() []ui.Definition {
	list := []ui.Definition{
		{Term: v.T("reorganisation.page.state"), Content: stateChip(v.Request, v.State)},
		{Term: v.T("reorganisation.field.unit_deciding"), Text: v.issuer()},
		{Term: v.T("reorganisation.field.number"), Text: v.Number},
		{Term: v.T("reorganisation.field.decided"), Text: v.Decided.Vietnamese()},
		{Term: v.T("reorganisation.field.effective"), Text: v.Effective.Vietnamese()},
	}
	if v.Reason != "" {
		list = append(list, ui.Definition{Term: v.T("reorganisation.field.reason"), Text: v.Reason})
	}
	if v.State == reorganisation.TakenBack {
		list = append(list, ui.Definition{Term: v.T("reorganisation.field.back_reason"), Text: v.BackReason})
	}
	return list
}

func (v visit) issuer() string {
	if v.Issuer != "" {
		return v.Issuer
	}
	return v.Names[v.Unit]
}

// written are the steps and posts of the plan.
func (v *planView) written(words rulepack.States) error {
	draft := v.State == reorganisation.Drafted && v.May
	for _, s := range v.Draft.Steps {
		l := line{Text: v.sentence(s, words), Note: v.stepNote(s)}
		if draft {
			l.Remove = path(v.ID) + "/steps/" + s.ID.String() + "/remove"
		}
		v.Steps, v.Scatters = append(v.Steps, l), v.Scatters || s.Scatters()
	}
	var people []member.ID
	for _, n := range v.Nominations {
		people = append(people, n.Person)
	}
	names, err := member.Names(v.Tx, people)
	for _, n := range v.Nominations {
		post, _ := words.Post(n.Post)
		l := line{Text: names[n.Person], Note: post.Label + ", " + v.Names[n.Unit]}
		if draft {
			l.Remove = path(v.ID) + "/posts/" + n.ID.String() + "/remove"
		}
		v.Posts = append(v.Posts, l)
	}
	return err
}

// sentence says what a step does.
func (v visit) sentence(s reorganisation.Step, words rulepack.States) string {
	key, name := "reorganisation.page.says."+string(s.Kind), v.Names[s.Unit]
	if s.Kind == reorganisation.Merge && v.founds(s.To) {
		key += "_new"
	}
	if s.Kind == reorganisation.Split && s.Stays {
		key += "_stays"
	}
	if s.Kind == reorganisation.Restyle {
		return v.T(key, "unit", name, "changes", v.changes(s, words))
	}
	return v.T(key, "unit", name, "to", v.Names[s.To])
}

func (v visit) founds(u orgtree.ID) bool {
	for _, s := range v.Draft.Steps {
		if s.Kind == reorganisation.Found && s.Unit == u {
			return true
		}
	}
	return false
}

func (v visit) changes(s reorganisation.Step, words rulepack.States) (text string) {
	add := func(key, value string) {
		if value != "" {
			if text != "" {
				text += "; "
			}
			text += v.T("reorganisation.page.changes."+key, "value", value)
		}
	}
	add("name", s.Fields.Name)
	kind, _ := words.OrgKind(s.Fields.Kind)
	add("kind", kind.Label)
	add("level", labelOf(words.Levels, s.Fields.Level))
	return text
}

func labelOf(list []rulepack.Named, id string) string {
	for _, n := range list {
		if n.ID == id {
			return n.Label
		}
	}
	return id
}

func (v visit) stepNote(s reorganisation.Step) string {
	switch {
	case s.Acceptance != "":
		return v.T("reorganisation.page.accepted_by", "number", s.Acceptance, "day", s.Accepted.Vietnamese())
	case s.Scatters() && s.Kind != reorganisation.Merge && s.To != 0:
		return v.T("reorganisation.page.rest_to", "to", v.Names[s.To])
	case s.HandMeetings:
		return v.T("reorganisation.page.meetings_handed")
	}
	return ""
}

// rehearsed fills the dry run.
func (v *planView) rehearsed(words rulepack.States) error {
	dry, err := reorganisation.Preview(v.Tx, v.By, v.ID)
	if err != nil {
		return err
	}
	for _, f := range dry.Findings {
		item := ui.Item{Title: v.T(f.Key, f.Args...), Note: f.Name}
		if f.Clause != "" {
			item.Chips = []ui.Chip{{Text: f.Clause}}
		}
		if f.Name != "" {
			item.Title, item.Note = f.Name, v.T(f.Key, f.Args...)
		}
		if f.Blocking {
			v.Blocking = append(v.Blocking, item)
		} else {
			v.Known = append(v.Known, item)
		}
	}
	v.Ready = v.May && !dry.Blocked()
	v.Figures = v.figures(dry, words)
	v.people(dry)
	v.records(dry, words)
	return nil
}

func (v *planView) figures(dry reorganisation.DryRun, words rulepack.States) ui.Table {
	t := ui.Table{Caption: v.T("reorganisation.page.figures"), Columns: []ui.Column{
		{Title: v.T("reorganisation.page.what")}, {Title: v.T("reorganisation.page.before"), Number: true}, {Title: v.T("reorganisation.page.after"), Number: true},
	}}
	row := func(name string, before, after int) {
		t.Rows = append(t.Rows, ui.Row{Cells: ui.Cells(name, i18n.Number(v.Context(), before), i18n.Number(v.Context(), after))})
	}
	row(v.T("reorganisation.page.units"), dry.Before.Units, dry.After.Units)
	row(v.T("reorganisation.page.cells"), dry.Before.Cells, dry.After.Cells)
	row(v.T("reorganisation.page.members"), dry.Before.Members(), dry.After.Members())
	after := map[string]reorganisation.LevelFigures{}
	for _, l := range dry.After.Levels {
		after[l.Level] = l
	}
	for _, l := range dry.Before.Levels {
		row(labelOf(words.Levels, l.Level), l.Units, after[l.Level].Units)
		delete(after, l.Level)
	}
	for _, l := range dry.After.Levels {
		if _, fresh := after[l.Level]; fresh {
			row(labelOf(words.Levels, l.Level), 0, l.Units)
		}
	}
	return t
}

// shownOpen is how long a list may be to be shown at once.
const shownOpen = 12

func (v *planView) list(key string, n int, columns []string, rows []ui.Row, note string) {
	if len(rows) == 0 {
		return
	}
	t := ui.Table{Caption: v.T("reorganisation.page.list." + key), Rows: rows}
	for _, c := range columns {
		t.Columns = append(t.Columns, ui.Column{Title: v.T("reorganisation.page.column." + c)})
	}
	v.Lists = append(v.Lists, effect{
		Title: v.T("reorganisation.page.list."+key) + " (" + strconv.Itoa(n) + ")", Note: note, Table: t, Open: len(rows) <= shownOpen || v.Printing(),
	})
}

// people are those who go elsewhere.
func (v *planView) people(dry reorganisation.DryRun) {
	var rows []ui.Row
	for _, p := range dry.People {
		if p.To == p.Unit {
			continue
		}
		to := templ.Component(ui.Text(dry.Units[p.To]))
		if dry.Units[p.To] == "" {
			to = ui.Chip{Text: v.T("reorganisation.page.nowhere"), Tone: ui.Bad}
		}
		rows = append(rows, ui.Row{Cells: []templ.Component{ui.Text(p.Name), ui.Text(dry.Units[p.Unit]), to}})
	}
	note := ""
	if dry.Along > 0 {
		note = v.T("reorganisation.page.along", "count", dry.Along)
	}
	if len(rows) == 0 && note != "" {
		v.Lists = append(v.Lists, effect{Title: v.T("reorganisation.page.list.people") + " (0)", Note: note, Open: true})
	}
	v.list("people", len(rows), []string{"name", "from", "to"}, rows, note)
}

// records are posts, tasks, meetings, drafts, guests and rights.
func (v *planView) records(dry reorganisation.DryRun, words rulepack.States) {
	var posts, tasks, meetings, drafts, guests, rights []ui.Row
	for _, p := range dry.Posts {
		post, _ := words.Post(p.Post)
		posts = append(posts, ui.Row{Cells: ui.Cells(dry.Persons[p.Person], post.Label, dry.Units[p.Unit])})
	}
	for _, t := range dry.Tasks {
		tasks = append(tasks, ui.Row{Cells: ui.Cells(t.Title, dry.Persons[t.Owner], dry.Units[t.From], dry.Units[t.To]), Href: "/tasks/" + t.ID.String()})
	}
	for _, m := range dry.Meetings {
		what := v.T("reorganisation.page.meeting_stays")
		switch {
		case m.To != 0:
			what = v.T("reorganisation.page.meeting_handed", "to", dry.Units[m.To])
		case m.State.Upcoming():
			what = v.T("reorganisation.page.meeting_cancelled")
		}
		meetings = append(meetings, ui.Row{Cells: ui.Cells(v.T("meeting.kind."+string(m.Kind)), m.Day.Vietnamese(), dry.Units[m.Unit], what)})
	}
	for _, d := range dry.Drafts {
		drafts = append(drafts, ui.Row{Cells: ui.Cells(d.Title, dry.Units[d.Unit])})
	}
	for _, g := range dry.Guests {
		what := v.T("reorganisation.page.guest_home", "day", v.Effective.Vietnamese())
		if g.To != 0 {
			what = v.T("reorganisation.page.guest_moved", "to", dry.Units[g.To])
		}
		guests = append(guests, ui.Row{Cells: ui.Cells(dry.Persons[g.Person], dry.Units[g.Unit], what)})
	}
	for _, e := range dry.Rights {
		rights = append(rights, ui.Row{Cells: ui.Cells(dry.Persons[e.Person], labelOf(words.Roles, string(e.Role)), dry.Units[e.Unit])})
	}
	v.list("posts", len(posts), []string{"name", "post", "unit"}, posts, "")
	v.list("tasks", len(tasks), []string{"task", "owner", "from", "to"}, tasks, "")
	v.list("meetings", len(meetings), []string{"meeting", "day", "unit", "becomes"}, meetings, "")
	v.list("drafts", len(drafts), []string{"draft", "unit"}, drafts, "")
	v.list("guests", len(guests), []string{"name", "unit", "becomes"}, guests, "")
	v.list("rights", len(rights), []string{"name", "role", "unit"}, rights, "")
}

// done are those whom a plan took along that was carried out.
func (v *planView) done() error {
	transfers, err := reorganisation.Transfers(v.Tx, v.By, v.ID)
	var rows []ui.Row
	for _, t := range transfers {
		rows = append(rows, ui.Row{Cells: ui.Cells(t.Name, v.Names[t.From], v.Names[t.To])})
	}
	v.list("people", len(rows), []string{"name", "from", "to"}, rows, "")
	return err
}

// unitPeople are the people of a unit who are to be given a place.
type unitPeople struct {
	Unit    orgtree.ID
	Name    string
	Table   ui.Table
	To      templ.Component
	Waiting int
}

func showPeople(r *page.Request) (page.Answer, error) {
	v, err := decide(r)
	if err != nil {
		return nil, err
	}
	dry, err := reorganisation.Preview(r.Tx, r.By, v.ID)
	if err != nil {
		return nil, err
	}
	targets, err := v.choices()
	if err != nil {
		return nil, err
	}
	var units []unitPeople
	for _, p := range dry.People {
		if n := len(units); n == 0 || units[n-1].Unit != p.Unit {
			of, err := targets.people(p.Unit, dry)
			if err != nil {
				return nil, err
			}
			units = append(units, of)
		}
		u := &units[len(units)-1]
		place := ui.Chip{Text: v.T("reorganisation.page.nowhere"), Tone: ui.Bad}
		switch name := dry.Units[p.To]; {
		case name == "":
			u.Waiting++
		case p.To == p.Unit:
			place = ui.Chip{Text: v.T("reorganisation.page.stays")}
		default:
			place = ui.Chip{Text: name, Tone: ui.Good}
		}
		u.Table.Rows = append(u.Table.Rows, ui.Row{Cells: []templ.Component{pick(p.ID.String(), p.Name, v.status(p), v.ticked(p.ID)), place}})
	}
	frame, err := r.Frame(r.T("reorganisation.page.people_title"))
	if err != nil {
		return nil, err
	}
	frame.Crumbs, frame.Lead = v.crumbs(), r.T("reorganisation.page.people_lead")
	return page.HTML(peoplePage(frame, v, units)), nil
}

func (v visit) status(p reorganisation.Resident) string {
	if p.Status.Active() {
		return v.T("reorganisation.page.status." + string(p.Status))
	}
	return v.T("reorganisation.page.status.outside")
}

// ticked: people stay chosen while the place for them is found.
func (v visit) ticked(p member.ID) bool {
	return v.Returned() && slices.Contains(v.Form["person"], p.String())
}

// people are those of a unit with the question where they go.
func (c choices) people(of orgtree.ID, dry reorganisation.DryRun) (unitPeople, error) {
	to, err := c.destination(of, dry)
	return unitPeople{
		Unit: of, Name: dry.Units[of], To: to,
		Table: ui.Table{Caption: dry.Units[of], Columns: []ui.Column{{Title: c.T("reorganisation.page.column.name")}, {Title: c.T("reorganisation.page.column.to")}}},
	}, err
}

// destination asks for one of the cells that go on.
func (c choices) destination(of orgtree.ID, dry reorganisation.DryRun) (templ.Component, error) {
	f, at := fields{c.Request}, "to-"+of.String()
	goesOn := func(u orgtree.Unit) bool { return u.IsCell() && !dry.Ends(u.ID) }
	nobody := ui.Option{Value: noPlace, Label: c.T("reorganisation.page.no_own")}
	if !c.wide {
		cells := slices.DeleteFunc(slices.Clone(c.all), func(u orgtree.Unit) bool { return !goesOn(u) })
		return ui.SelectField{
			Name: "to", ID: at, Label: f.label("destination"), Error: c.Errors().For("to"), Required: true,
			Options: append(unitOptions(cells), nobody), Empty: c.T("reorganisation.page.choose"),
		}, nil
	}
	field := ui.FindField{Name: "to", ID: at, Label: f.label("destination"), Help: c.T("ui.find_help"), Error: c.Errors().For("to"), Required: true}
	if c.Returned() && c.Form.Get("of") == of.String() { // one of many forms
		field.Words, field.Value = c.Form.Get(ui.WordsOf("to")), c.Form.Get("to")
	}
	list, more, err := reorganisation.SeekTargets(c.Tx, c.By, c.ID, orgtree.Sought{Words: field.Words, Sort: orgtree.OnlyCells})
	list = slices.DeleteFunc(list, func(m unit.Match) bool { return !goesOn(m.Unit) })
	field = c.Offer(field, list, more)
	field.Options = append(field.Options, nobody)
	return field, err
}

// noPlace takes the place from people that they were given.
const noPlace = "none"

func send(r *page.Request) (page.Answer, error) {
	return act(r, "/people", "reorganisation.page.done_sent", func(in *page.Input, plan reorganisation.ID) error {
		var to orgtree.ID
		switch in.Line("to") {
		case noPlace:
		case "":
			return errs.Field("to", "errs.required")
		default:
			to = page.ID[orgtree.Unit](in, "to")
		}
		people, err := chosen(r, in, plan)
		if err != nil {
			return err
		}
		if err := in.Err(); err != nil {
			return err
		}
		return reorganisation.Send(r.Tx, r.By, plan, in.Version(), people, to)
	})
}

// chosen are the people who were ticked, or all of a unit who have no place yet.
func chosen(r *page.Request, in *page.Input, plan reorganisation.ID) ([]member.ID, error) {
	var people []member.ID
	if of := page.ID[orgtree.Unit](in, "waiting_of"); of != 0 {
		dry, err := reorganisation.Preview(r.Tx, r.By, plan)
		for _, p := range dry.People {
			if p.Unit == of && dry.Units[p.To] == "" {
				people = append(people, p.ID)
			}
		}
		return people, err
	}
	for _, typed := range r.Form["person"] {
		person, err := parsePerson(typed)
		if err != nil {
			return nil, err
		}
		people = append(people, person)
	}
	return people, nil
}

func discard(r *page.Request) (page.Answer, error) {
	plan, err := page.PathID[reorganisation.Plan](r, "id")
	if err != nil {
		return nil, err
	}
	if err := reorganisation.Discard(r.Tx, r.By, plan, r.Input().Version()); err != nil {
		return nil, err
	}
	return page.SeeOther("/reorganisations", "reorganisation.page.done_discarded"), nil
}

// showApply asks once more, with what will happen.
func showApply(r *page.Request) (page.Answer, error) {
	v, err := decide(r)
	if err != nil {
		return nil, err
	}
	dry, err := reorganisation.Preview(r.Tx, r.By, v.ID)
	if err != nil {
		return nil, err
	}
	c := r.Context()
	return form{
		Title: r.T("reorganisation.page.apply_title"), Lead: r.T("reorganisation.page.apply_lead", "number", v.Number, "day", v.Effective.Vietnamese()),
		Crumbs: v.crumbs(), Version: v.Version, Effects: []string{
			r.T("reorganisation.page.apply_steps", "count", len(dry.Steps)),
			r.T("reorganisation.page.apply_people", "count", dry.Moving(), "along", dry.Along),
			r.T("reorganisation.page.apply_members", "before", i18n.Number(c, dry.Before.Members()), "after", i18n.Number(c, dry.After.Members())),
			r.T("reorganisation.page.apply_records", "posts", len(dry.Posts), "tasks", len(dry.Tasks), "meetings", len(dry.Meetings)),
			r.T("reorganisation.page.apply_told"),
		},
		Submit: r.T("reorganisation.page.apply"), Kind: ui.Primary, Back: path(v.ID),
	}.answer(r)
}

func apply(r *page.Request) (page.Answer, error) {
	return act(r, "", "reorganisation.page.done_applied", func(in *page.Input, plan reorganisation.ID) error {
		return reorganisation.Apply(r.Tx, r.By, plan, in.Version())
	})
}

func showBack(r *page.Request) (page.Answer, error) {
	v, err := decide(r)
	if err != nil {
		return nil, err
	}
	return form{
		Title: r.T("reorganisation.page.back_title"), Lead: r.T("reorganisation.page.back_lead"), Crumbs: v.crumbs(), Version: v.Version,
		Fields: []templ.Component{ui.TextField{
			Name: "reason", Label: r.T("reorganisation.field.back_reason"), Error: r.Errors().For("reason"), Value: r.Value("reason", ""), Required: true, MaxLength: lineMost,
		}},
		Submit: r.T("reorganisation.page.take_back"), Kind: ui.Danger, Back: path(v.ID),
	}.answer(r)
}

func takeBack(r *page.Request) (page.Answer, error) {
	return act(r, "", "reorganisation.page.done_back", func(in *page.Input, plan reorganisation.ID) error {
		return reorganisation.TakeBack(r.Tx, r.By, plan, in.Version(), in.Line("reason"))
	})
}

// drafting: the reader may still write into the plan.
func (v planView) drafting() bool { return v.May && v.State == reorganisation.Drafted }

// addKind: adding a step is the main action until the plan can be carried out.
func (v planView) addKind() ui.ButtonKind {
	if v.Ready {
		return ui.Quiet
	}
	return ui.Primary
}
