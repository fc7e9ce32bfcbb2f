package reorganisation

import (
	"errors"
	"slices"

	"github.com/a-h/templ"

	"chibo/internal/domain/member"
	"chibo/internal/domain/reorganisation"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/platform/id"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// form is a page with one form.
type form struct {
	Title, Lead string
	Crumbs      []ui.Link
	Effects     []string
	Version     int64
	Hidden      []ui.Hidden
	Fields      []templ.Component
	Submit      string
	Kind        ui.ButtonKind
	Back        string
}

func (f form) answer(r *page.Request) (page.Answer, error) {
	frame, err := r.Frame(f.Title)
	if err != nil {
		return nil, err
	}
	frame.Crumbs, frame.Lead = f.Crumbs, f.Lead
	if len(r.Errors()) > 0 {
		frame.Flash = ui.Flash{} // the summary above the fields says it
	}
	props := ui.FormProps{Version: r.Version(f.Version), Errors: r.Errors(), Hidden: f.Hidden}
	return page.HTML(formPage(frame, props, f)), nil
}

// fields draws fields with the labels reorganisation.field.NAME.
type fields struct{ *page.Request }

func (f fields) label(name string) string { return f.T("reorganisation.field." + name) }

func (f fields) help(name string) string {
	if key := "reorganisation.field." + name + "_help"; i18n.From(f.Context()).Has(key) {
		return f.T(key)
	}
	return ""
}

const (
	lineMost  = 200
	blockMost = 2000
)

func (f fields) line(name, stored string, required bool) templ.Component {
	return ui.TextField{
		Name: name, Label: f.label(name), Help: f.help(name), Error: f.Errors().For(name),
		Value: f.Value(name, stored), Required: required, MaxLength: lineMost,
	}
}

func (f fields) block(name, stored string) templ.Component {
	return ui.TextArea{
		Name: name, Label: f.label(name), Help: f.help(name), Error: f.Errors().For(name),
		Value: f.Value(name, stored), MaxLength: blockMost,
	}
}

func (f fields) date(name string, stored clock.Date) templ.Component {
	if f.Returned() {
		stored = clock.Date{}
	}
	return ui.DateField{
		Name: name, Label: f.label(name), Help: f.help(name), Error: f.Errors().For(name), Value: f.Value(name, ""), Day: stored,
	}
}

func (f fields) choice(name string, options []ui.Option, empty string, required bool) templ.Component {
	return ui.SelectField{
		Name: name, Label: f.label(name), Help: f.help(name), Error: f.Errors().For(name),
		Options: options, Value: f.Value(name, ""), Empty: empty, Required: required,
	}
}

func (f fields) check(name string) templ.Component {
	return ui.CheckField{Name: name, Label: f.label(name), Help: f.help(name), Checked: f.Checked(name, false)}
}

func decisionFields(f fields, d reorganisation.Decision) []templ.Component {
	return []templ.Component{
		f.line("title", d.Title, true), f.line("number", d.Number, false), f.date("decided", d.Decided), f.date("effective", d.Effective),
		f.line("issuer", d.Issuer, false), f.block("reason", d.Reason),
	}
}

func readDecision(in *page.Input) reorganisation.Decision {
	return reorganisation.Decision{
		Title: in.Line("title"), Number: in.Line("number"), Decided: in.Date("decided"), Effective: in.Date("effective"),
		Issuer: in.Line("issuer"), Reason: in.Block("reason"),
	}
}

func showNew(r *page.Request) (page.Answer, error) {
	bodies, err := reorganisation.Bodies(r.Tx, r.By)
	if err != nil {
		return nil, err
	}
	if len(bodies) == 0 {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	f := fields{r}
	view := form{
		Title: r.T("reorganisation.page.new_title"), Lead: r.T("reorganisation.page.new_lead"), Submit: r.T("reorganisation.page.new_submit"),
		Crumbs: []ui.Link{{Text: r.T("reorganisation.page.list_title"), Href: "/reorganisations"}}, Back: "/reorganisations",
		Hidden: []ui.Hidden{page.Once(r)}, Kind: ui.Primary,
	}
	scope, err := r.By.Scope(r.Tx, access.ReorganisationDecide)
	if err != nil {
		return nil, err
	}
	wide, err := scope.Wide(r.Tx)
	if err != nil {
		return nil, err
	}
	switch {
	case wide:
		body, err := f.findBody(bodies)
		if err != nil {
			return nil, err
		}
		view.Fields = append(view.Fields, body)
	case len(bodies) == 1:
		view.Hidden = append(view.Hidden, ui.Hidden{Name: "unit", Value: bodies[0].ID.String()})
	default:
		view.Fields = append(view.Fields, f.choice("unit", unitOptions(bodies), r.T("reorganisation.page.choose"), true))
	}
	view.Fields = append(view.Fields, decisionFields(f, reorganisation.Decision{})...)
	return view.answer(r)
}

func begin(r *page.Request) (page.Answer, error) {
	in := r.Input()
	at, d := page.ID[orgtree.Unit](in, "unit"), readDecision(in)
	if err := in.Err(); err != nil {
		return nil, err
	}
	if at == 0 {
		return nil, errs.Field("unit", "errs.required")
	}
	p, err := reorganisation.Begin(r.Tx, r.By, at, d)
	if err != nil {
		return nil, err
	}
	return page.SeeOther(path(p.ID), "reorganisation.page.done_begun"), nil
}

func showEdit(r *page.Request) (page.Answer, error) {
	v, err := decide(r)
	if err != nil {
		return nil, err
	}
	return form{
		Title: r.T("reorganisation.page.edit_title"), Crumbs: v.crumbs(), Version: v.Version, Fields: decisionFields(fields{r}, v.Decision),
		Submit: r.T("reorganisation.page.save"), Kind: ui.Primary, Back: path(v.ID),
	}.answer(r)
}

func edit(r *page.Request) (page.Answer, error) {
	return act(r, "", "reorganisation.page.done_saved", func(in *page.Input, plan reorganisation.ID) error {
		d := readDecision(in)
		if err := in.Err(); err != nil {
			return err
		}
		return reorganisation.Edit(r.Tx, r.By, plan, in.Version(), d)
	})
}

// unitOptions lists units, each with where it lies if others are called alike.
func unitOptions(units []orgtree.Unit) []ui.Option {
	count, names := map[string]int{}, map[orgtree.ID]string{}
	for _, u := range units {
		count[u.Name]++
		names[u.ID] = u.Name
	}
	options := make([]ui.Option, len(units))
	for i, u := range units {
		options[i] = ui.Option{Value: u.ID.String(), Label: u.Name}
		if above := names[u.Parent]; count[u.Name] > 1 && above != "" {
			options[i].Label += " – " + above
		}
	}
	return options
}

// choices are the units that the steps of a plan may name.
type choices struct {
	visit
	// wide: there are too many for a list, so they are found by name.
	wide bool
	all  []orgtree.Unit
}

func (v visit) choices() (c choices, err error) {
	c.visit = v
	at, err := orgtree.Find(v.Tx, v.Unit)
	if err != nil {
		return c, err
	}
	var below orgtree.Scope
	below.AddBranch(at.Path)
	if c.wide, err = below.Wide(v.Tx); err != nil || c.wide {
		return c, err
	}
	c.all, err = reorganisation.Targets(v.Tx, v.By, v.ID)
	return c, err
}

// field asks for one of the units of the sort; empty is the text of none, for a
// field that may stay so.
func (c choices) field(name string, sort orgtree.Sort, empty string) (templ.Component, error) {
	f, required := fields{c.Request}, empty == ""
	if required {
		empty = c.T("reorganisation.page.choose")
	}
	if !c.wide {
		units := slices.DeleteFunc(slices.Clone(c.all), func(u orgtree.Unit) bool { return !sort.Includes(u) || c.isBody(u, sort) })
		return f.choice(name, unitOptions(units), empty, required), nil
	}
	found := f.found(name, f.Value(ui.WordsOf(name), ""))
	found.Required = required
	list, more, err := reorganisation.SeekTargets(c.Tx, c.By, c.ID, orgtree.Sought{Words: found.Words, Sort: sort})
	list = slices.DeleteFunc(list, func(m unit.Match) bool { return c.isBody(m.Unit, sort) })
	found = c.Offer(found, list, more)
	if !required {
		found.Options = append(found.Options, ui.Option{Label: empty})
	}
	return found, err
}

// isBody: a body decides over what lies below it, and not over itself, unless
// there is nothing above it.
func (c choices) isBody(u orgtree.Unit, sort orgtree.Sort) bool {
	return sort == orgtree.Any && u.ID == c.Unit && u.Parent != 0
}

// found is a field by which a unit is found; words were typed for it.
func (f fields) found(name, words string) ui.FindField {
	help := f.T("ui.find_help")
	if own := f.help(name); own != "" {
		help = own + " " + help
	}
	return ui.FindField{
		Name: name, Label: f.label(name), Help: help, Error: f.Errors().For(name), Words: words, Value: f.Value(name, ""), Required: true,
	}
}

// findBody asks which party decides, beginning with those for which the reader
// works.
func (f fields) findBody(own []orgtree.Unit) (templ.Component, error) {
	field := f.found("unit", f.Value(ui.WordsOf("unit"), ""))
	list, more, err := reorganisation.SeekBodies(f.Tx, f.By, field.Words)
	if field.Words == "" {
		for _, u := range own {
			list = append(list, unit.Match{Unit: u})
		}
	}
	return f.Offer(field, list, more), err
}

func (v visit) words() (rulepack.States, error) {
	at, err := orgtree.Find(v.Tx, v.Unit)
	if err != nil {
		return rulepack.States{}, err
	}
	words, _, err := unit.Words(v.Tx, at)
	return words, err
}

// showStep asks what to do first, then to which organisation.
func showStep(r *page.Request) (page.Answer, error) {
	v, err := decide(r)
	if err != nil {
		return nil, err
	}
	kind := reorganisation.Kind(r.Form.Get("kind"))
	if !slices.Contains(reorganisation.Kinds, kind) {
		return v.chooseKind()
	}
	view := form{
		Title: r.T("reorganisation.page.kind." + string(kind)), Lead: r.T("reorganisation.page.kind_help." + string(kind)), Crumbs: v.crumbs(),
		Version: v.Version, Hidden: []ui.Hidden{{Name: "kind", Value: string(kind)}},
		Submit: r.T("reorganisation.page.step_submit"), Kind: ui.Primary, Back: path(v.ID),
	}
	if view.Fields, err = v.stepFields(kind); err != nil {
		return nil, err
	}
	return view.answer(r)
}

func (v visit) chooseKind() (page.Answer, error) {
	frame, err := v.Frame(v.T("reorganisation.page.step_title"))
	if err != nil {
		return nil, err
	}
	frame.Crumbs = v.crumbs()
	var items []ui.Item
	for _, kind := range reorganisation.Kinds {
		items = append(items, ui.Item{
			Title: v.T("reorganisation.page.kind." + string(kind)), Note: v.T("reorganisation.page.kind_help." + string(kind)),
			Href: path(v.ID) + "/steps/new?kind=" + string(kind),
		})
	}
	return page.HTML(kindsPage(frame, items)), nil
}

func (v visit) stepFields(kind reorganisation.Kind) ([]templ.Component, error) {
	c, err := v.choices()
	if err != nil {
		return nil, err
	}
	words, err := v.words()
	if err != nil {
		return nil, err
	}
	f, failed := fields{v.Request}, error(nil)
	pick := func(name string, sort orgtree.Sort, empty string) templ.Component {
		field, err := c.field(name, sort, empty)
		failed = errors.Join(failed, err)
		return field
	}
	choose, keep, own := v.T("reorganisation.page.choose"), v.T("reorganisation.page.as_it_is"), v.T("reorganisation.page.each_own")
	cellType := f.choice("cell_type", named(words.CellTypes), v.T("reorganisation.page.no_cell"), false)
	var list []templ.Component
	switch kind {
	case reorganisation.Found:
		list = []templ.Component{
			pick("to_parent", orgtree.OnlyParties, ""), f.line("name", "", true), f.line("code", "", true),
			f.choice("unit_kind", kindOptions(words), choose, true), cellType,
		}
	case reorganisation.Handover:
		list = []templ.Component{pick("unit", orgtree.Any, ""), pick("to_parent", orgtree.OnlyParties, ""), f.line("acceptance", "", false), f.date("accepted", clock.Date{})}
	case reorganisation.Restyle:
		list = []templ.Component{
			pick("unit", orgtree.Any, ""), f.line("new_name", "", false), f.choice("unit_kind", kindOptions(words), keep, false),
			cellType, f.choice("level", named(words.Levels), keep, false),
		}
	case reorganisation.Split:
		list = []templ.Component{pick("unit", orgtree.OnlyCells, ""), f.check("stays"), pick("to_rest", orgtree.OnlyCells, own), f.check("hand_meetings")}
	case reorganisation.Merge:
		list = []templ.Component{pick("unit", orgtree.Any, ""), pick("to_into", orgtree.Any, ""), f.check("hand_meetings")}
	default:
		list = []templ.Component{pick("unit", orgtree.Any, ""), pick("to_rest", orgtree.Any, own), f.check("hand_meetings")}
	}
	return list, failed
}

func kindOptions(words rulepack.States) (options []ui.Option) {
	for _, k := range words.OrgKinds {
		if !k.Group {
			options = append(options, ui.Option{Value: k.ID, Label: k.Label})
		}
	}
	return options
}

func named(list []rulepack.Named) []ui.Option {
	options := make([]ui.Option, len(list))
	for i, n := range list {
		options[i] = ui.Option{Value: n.ID, Label: n.Label}
	}
	return options
}

func addStep(r *page.Request) (page.Answer, error) {
	return act(r, "", "reorganisation.page.done_step", func(in *page.Input, plan reorganisation.ID) error {
		s := reorganisation.Step{
			Kind: reorganisation.Kind(in.Line("kind")), Unit: page.ID[orgtree.Unit](in, "unit"),
			Stays: in.Has("stays"), HandMeetings: in.Has("hand_meetings"), Acceptance: in.Line("acceptance"), Accepted: in.Date("accepted"),
			Fields: unit.Fields{Code: in.Line("code"), Name: in.Line("name"), Kind: in.Line("unit_kind"), CellType: in.Line("cell_type"), Level: in.Line("level")},
		}
		if s.Kind == reorganisation.Restyle {
			s.Fields.Name = in.Line("new_name")
		}
		field := ""
		for _, name := range []string{"to_parent", "to_into", "to_rest"} {
			if _, asked := r.Form[name]; asked {
				s.To, field = page.ID[orgtree.Unit](in, name), name
			}
		}
		if err := in.Err(); err != nil {
			return err
		}
		_, err := reorganisation.AddStep(r.Tx, r.By, plan, in.Version(), s)
		return renamed(err, map[string]string{"to": field, "kind": "unit_kind"})
	})
}

// renamed puts messages beside the fields of the page.
func renamed(err error, names map[string]string) error {
	e, ok := errs.As(err)
	if !ok || e.Kind != errs.Invalid {
		return err
	}
	for from, to := range names {
		if m, wrong := e.Fields[from]; wrong && to != "" {
			delete(e.Fields, from)
			e.Fields[to] = m
		}
	}
	return e
}

func removeStep(r *page.Request) (page.Answer, error) {
	step, err := page.PathID[reorganisation.Step](r, "step")
	if err != nil {
		return nil, err
	}
	return act(r, "", "reorganisation.page.done_removed", func(in *page.Input, plan reorganisation.ID) error {
		return reorganisation.RemoveStep(r.Tx, r.By, plan, in.Version(), step)
	})
}

// showPost asks who is appointed to what.
func showPost(r *page.Request) (page.Answer, error) {
	v, err := decide(r)
	if err != nil {
		return nil, err
	}
	dry, err := reorganisation.Preview(r.Tx, r.By, v.ID)
	if err != nil {
		return nil, err
	}
	words, err := v.words()
	if err != nil {
		return nil, err
	}
	var units, posts, people []ui.Option
	for _, fate := range dry.Fates {
		if !fate.Ended {
			units = append(units, ui.Option{Value: fate.Now.ID.String(), Label: fate.Now.Name})
		}
	}
	for _, p := range words.Posts {
		if p.At != "group" {
			posts = append(posts, ui.Option{Value: p.ID, Label: p.Label})
		}
	}
	candidates, err := v.candidates(dry)
	if err != nil {
		return nil, err
	}
	for _, c := range candidates {
		people = append(people, ui.Option{Value: c.ID.String(), Label: c.Name + " – " + v.placeOf(c, dry)})
	}
	f, choose := fields{r}, r.T("reorganisation.page.choose")
	return form{
		Title: r.T("reorganisation.page.post_title"), Lead: r.T("reorganisation.page.post_lead"), Crumbs: v.crumbs(), Version: v.Version,
		Fields: []templ.Component{f.choice("unit", units, choose, true), f.choice("post", posts, choose, true), f.choice("person", people, choose, true)},
		Submit: r.T("reorganisation.page.post_submit"), Kind: ui.Primary, Back: path(v.ID),
	}.answer(r)
}

// candidates are those who move and the members of the cells that change.
func (v visit) candidates(dry reorganisation.DryRun) ([]reorganisation.Resident, error) {
	list := slices.Clone(dry.People)
	known := map[member.ID]bool{}
	for _, p := range list {
		known[p.ID] = true
	}
	for _, fate := range dry.Fates {
		if fate.Founded || fate.Ended || !fate.Now.IsCell() {
			continue
		}
		roll, err := member.Roster(v.Tx, fate.Now.ID, v.Today())
		if err != nil {
			return nil, err
		}
		for _, m := range roll {
			if !known[m.ID] && !m.Here {
				known[m.ID] = true
				list = append(list, reorganisation.Resident{ID: m.ID, Name: m.Name, NameKey: m.NameKey, Unit: fate.Now.ID, To: fate.Now.ID})
			}
		}
	}
	return list, nil
}

func (v visit) placeOf(p reorganisation.Resident, dry reorganisation.DryRun) string {
	if name := dry.Units[p.To]; name != "" {
		return name
	}
	return v.T("reorganisation.page.nowhere")
}

func nominate(r *page.Request) (page.Answer, error) {
	return act(r, "", "reorganisation.page.done_post", func(in *page.Input, plan reorganisation.ID) error {
		n := reorganisation.Nomination{Unit: page.ID[orgtree.Unit](in, "unit"), Person: page.ID[access.Person](in, "person"), Post: in.Line("post")}
		if err := in.Err(); err != nil {
			return err
		}
		return reorganisation.Nominate(r.Tx, r.By, plan, in.Version(), n)
	})
}

func unnominate(r *page.Request) (page.Answer, error) {
	post, err := page.PathID[reorganisation.Nomination](r, "post")
	if err != nil {
		return nil, err
	}
	return act(r, "", "reorganisation.page.done_removed", func(in *page.Input, plan reorganisation.ID) error {
		return reorganisation.Unnominate(r.Tx, r.By, plan, in.Version(), post)
	})
}

func parsePerson(typed string) (member.ID, error) {
	person, err := id.Parse[access.Person](typed)
	if err != nil {
		err = errs.Wrap(err, errs.NotFound, "errs.not_found")
	}
	return person, err
}
