package people

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

func unitRoutes() []page.Route {
	return slices.Concat(
		[]page.Route{page.Show("/units", showUnits), page.Show("/units/{id}", showUnit)},
		page.Form("/units/{id}/new", showFound, found),
		page.Form("/units/{id}/edit", showChange, change),
		page.Form("/units/{id}/move", showMoveUnit, moveUnit),
		page.Form("/units/{id}/undo-move", showUndo, undoMove),
		page.Form("/units/{id}/end", showEnd, endUnit),
		page.Form("/units/{id}/term", showTerm, beginTerm),
	)
}

// unitTree is what the page of the tree shows.
type unitTree struct {
	Roots  []orgtree.Node
	Words  rulepack.States
	Day    clock.Date
	Picker templ.Component
	At     orgtree.ID // below which only is shown; zero for all that the reader may read
	Past   bool
	Import string
	// Plans: the reader may read plans of reorganisation.
	Plans bool
}

func showUnits(r *page.Request) (page.Answer, error) {
	day, err := dayOf(r)
	if err != nil {
		return nil, err
	}
	v := unitTree{Day: day, Past: day != r.Today(), At: page.ID[orgtree.Unit](r.Input(), "unit")}
	v.Picker = ui.DateField{Name: "day", Label: r.T("people.page.as_of"), Value: r.Form.Get("day"), Day: day, Required: true}
	if err := v.grow(r); err != nil {
		return nil, err
	}
	home, _, err := r.Home()
	if err != nil {
		return nil, err
	}
	if v.Words, _, err = unit.Words(r.Tx, home); err != nil {
		return nil, err
	}
	if r.By.Can(access.UnitManage, home) {
		v.Import = "/import/units?unit=" + home.ID.String()
	}
	v.Plans = r.By.Can(access.ReorganisationRead, home) && !home.IsCell()
	frame, err := r.Frame(r.T("people.page.units_title"))
	if err != nil {
		return nil, err
	}
	frame.Lead = v.lead(r)
	if frame.Crumbs, err = v.crumbs(r); err != nil {
		return nil, err
	}
	return page.HTML(unitsPage(frame, v)), nil
}

// grow reads the tree below the unit that the query names, or all trees of the
// reader.
func (v *unitTree) grow(r *page.Request) error {
	roots := tops(r.By)
	if v.At != 0 {
		roots = []orgtree.ID{v.At}
	} else if r.Form.Get("unit") != "" {
		return errs.New(errs.NotFound, "errs.not_found")
	}
	for _, top := range roots {
		node, err := unit.Tree(r.Tx, r.By, top, v.Day)
		if errs.Is(err, errs.NotFound) && (v.At == 0 || v.Past) {
			continue // it did not exist yet
		}
		if err != nil {
			return err
		}
		v.Roots = append(v.Roots, node)
	}
	return nil
}

// lead says of which day the tree is, and that it opens step by step where it
// does.
func (v *unitTree) lead(r *page.Request) (said string) {
	if v.Past {
		said = r.T("people.page.units_past", "day", i18n.Date(r.Context(), v.Day))
	}
	if slices.ContainsFunc(v.Roots, cut) {
		said = strings.TrimSpace(said + " " + r.T("people.page.units_near"))
	}
	return said
}

func cut(n orgtree.Node) bool { return n.More || slices.ContainsFunc(n.Children, cut) }

// crumbs lead from a part of the tree to what stood above it on the day.
func (v *unitTree) crumbs(r *page.Request) (links []ui.Link, err error) {
	if v.At == 0 || len(v.Roots) == 0 {
		return nil, nil
	}
	for above := v.Roots[0].Parent; above != 0; {
		u, err := orgtree.At(r.Tx, above, v.Day)
		if errs.Is(err, errs.NotFound) || err == nil && !r.By.Can(access.UnitRead, u) {
			break
		}
		if err != nil {
			return nil, err
		}
		links, above = append(links, ui.Link{Text: u.Name, Href: v.href(u.ID)}), u.Parent
	}
	links = append(links, ui.Link{Text: r.T("people.page.units_title"), Href: v.href(0)})
	slices.Reverse(links)
	return links, nil
}

// href is the page of the tree below a unit, or of all, on the same day.
func (v unitTree) href(at orgtree.ID) string {
	query := url.Values{}
	if at != 0 {
		query.Set("unit", at.String())
	}
	if v.Past {
		query.Set("day", v.Day.Vietnamese())
	}
	if len(query) == 0 {
		return "/units"
	}
	return "/units?" + query.Encode()
}

// dayOf is the day that the query asks for, today if it asks for none.
func dayOf(r *page.Request) (clock.Date, error) {
	in := r.Input()
	day := in.Date("day")
	if r.Method != "GET" || day.IsZero() {
		day = r.Today()
	}
	return day, in.Err()
}

// tops are the units whose trees together are all that the reader may read.
func tops(by access.Actor) (list []orgtree.ID) {
	var paths []orgtree.Path
	for _, g := range by.Grants() {
		if g.Subject == 0 && by.Can(access.UnitRead, orgtree.Unit{ID: g.Unit, Path: g.Path}) {
			paths = append(paths, g.Path)
		}
	}
	for _, g := range by.Grants() {
		covered := slices.ContainsFunc(paths, func(p orgtree.Path) bool { return p != g.Path && p.Contains(g.Path) })
		if slices.Contains(paths, g.Path) && !covered && !slices.Contains(list, g.Unit) {
			list = append(list, g.Unit)
		}
	}
	return list
}

// unitView is the page of a unit.
type unitView struct {
	Unit     orgtree.Unit
	Words    rulepack.States
	Facts    []ui.Definition
	Warnings []string
	Posts    ui.Table
	PostsDay templ.Component
	Vacant   []ui.Item
	Groups   []ui.Item
	Below    []ui.Item
	Moves    []ui.Event
	// What the reader may do; "" for what not.
	Found, Change, Move, Undo, End, Appoint, Official, Slips, Term, NewGroup string
	ImportPosts                                                              string
	Members                                                                  string
}

func showUnit(r *page.Request) (page.Answer, error) {
	u, words, err := unitOf(r)
	if err != nil {
		return nil, err
	}
	strength, err := member.Strength(r.Tx, u)
	if err != nil {
		return nil, err
	}
	v := unitView{Unit: u, Words: words}
	if r.By.Can(access.MemberRead, u) {
		v.Members = membersPath(u.ID)
	}
	for _, fill := range []func(*page.Request, unit.Strength) error{v.facts, v.watch, v.posts, v.groups, v.below, v.moves} {
		if err := fill(r, strength); err != nil {
			return nil, err
		}
	}
	v.actions(r)
	frame, err := r.Frame(u.Name)
	if err != nil {
		return nil, err
	}
	above, err := unit.Above(r.Tx, r.By, u.ID)
	if err != nil {
		return nil, err
	}
	frame.Crumbs = []ui.Link{unitsCrumb(r)}
	for _, a := range above {
		if a.ID != u.ID {
			frame.Crumbs = append(frame.Crumbs, unitCrumb(a))
		}
	}
	return page.HTML(unitPageOf(frame, v)), nil
}

// unitOf is the unit that the path names, with the vocabulary in force there.
func unitOf(r *page.Request) (orgtree.Unit, rulepack.States, error) {
	at, err := page.PathID[orgtree.Unit](r, "id")
	if err != nil {
		return orgtree.Unit{}, rulepack.States{}, err
	}
	u, err := unit.Find(r.Tx, r.By, at)
	if err != nil {
		return orgtree.Unit{}, rulepack.States{}, err
	}
	words, _, err := unit.Words(r.Tx, u)
	return u, words, err
}

func (v *unitView) facts(r *page.Request, s unit.Strength) error {
	fact := func(name, text string) {
		if text != "" {
			v.Facts = append(v.Facts, ui.Definition{Term: r.T("unit.column." + name), Text: text})
		}
	}
	u := v.Unit
	if v.Members != "" {
		v.Facts = append(v.Facts, ui.Definition{Term: r.T("people.page.strength"), Text: r.T("people.page.strength_text", "official", s.Official, "probationary", s.Probationary)})
	}
	fact("code", u.Code)
	fact("kind", kindLabel(v.Words, u.Kind))
	if u.CellType != "" {
		fact("cell_type", labelOf(v.Words.CellTypes, u.CellType))
	}
	if u.Block != "" {
		fact("block", labelOf(v.Words.Blocks, u.Block))
	}
	areas := ""
	for _, a := range u.Areas {
		if areas != "" {
			areas += "; "
		}
		areas += labelOf(v.Words.AreaAttributes, a)
	}
	fact("areas", areas)
	fact("place", unit.PlaceName(u.Place))
	fact("address", u.Address)
	fact("founded", u.Founded.Vietnamese())
	term, err := unit.TermOn(r.Tx, u.ID, r.Today())
	if err == nil && term.Name != "" {
		v.Facts = append(v.Facts, ui.Definition{Term: r.T("people.page.term"), Text: term.Name})
	}
	if !u.Ended.IsZero() {
		v.Facts = append(v.Facts, ui.Definition{Term: r.T("people.page.ended"), Text: u.Ended.Vietnamese()})
	}
	return err
}

// watch are the warnings and vacancies, for whoever watches over the unit.
func (v *unitView) watch(r *page.Request, s unit.Strength) error {
	if !v.Unit.Ended.IsZero() {
		return nil
	}
	vacant, err := unit.Vacancies(r.Tx, r.By, v.Unit.ID, s)
	if err != nil {
		return err
	}
	for _, x := range vacant {
		v.Vacant = append(v.Vacant, ui.Item{
			Title: postLabel(v.Words, x.Kind), Note: r.T("people.page.vacant_since", "day", i18n.Date(r.Context(), x.Since)),
			Chip: ui.Chip{Text: r.T("people.page.vacant"), Tone: ui.Warn},
		})
	}
	if !r.By.Can(access.OverviewRead, v.Unit) {
		return nil
	}
	warnings, err := unit.Warnings(r.Tx, v.Unit, s)
	for _, w := range warnings {
		v.Warnings = append(v.Warnings, r.T(w.Key, w.Args...))
	}
	return err
}

func (v *unitView) posts(r *page.Request, _ unit.Strength) error {
	day, err := dayOf(r)
	if err != nil {
		return err
	}
	posts, err := unit.Posts(r.Tx, r.By, v.Unit.ID, day)
	if err != nil {
		return err
	}
	ids := make([]member.ID, len(posts))
	for i, p := range posts {
		ids[i] = p.Person
	}
	names, err := member.Names(r.Tx, ids)
	if err != nil {
		return err
	}
	v.PostsDay = ui.DateField{Name: "day", Label: r.T("people.page.as_of"), Value: r.Form.Get("day"), Day: day, Required: true}
	v.Posts = ui.Table{
		Caption: r.T("people.page.posts"),
		Columns: []ui.Column{{Title: r.T("people.page.name")}, {Title: r.T("people.page.post")}, {Title: r.T("people.page.time")}, {Title: r.T("people.page.post_state")}},
		Empty:   ui.EmptyState{Title: r.T("people.page.posts_none")},
	}
	manages := r.By.Can(access.PostManage, v.Unit)
	for _, p := range posts {
		row := ui.Row{Cells: ui.Cells(names[p.Person], postLabel(v.Words, p.Kind), span(r.Context(), p.From, p.To), r.T("unit.post_state."+string(p.State)))}
		switch {
		case manages && p.Held(r.Today()):
			row.Href = unitPath(v.Unit.ID) + "/posts/" + p.ID.String()
		case r.By.Can(access.MemberRead, v.Unit):
			row.Href = memberPath(p.Person)
		}
		v.Posts.Rows = append(v.Posts.Rows, row)
	}
	return nil
}

func (v *unitView) groups(r *page.Request, _ unit.Strength) error {
	if !v.Unit.IsCell() {
		return nil
	}
	groups, err := unit.Groups(r.Tx, r.By, v.Unit.ID)
	if err != nil {
		return err
	}
	for _, g := range groups {
		names, err := member.Names(r.Tx, []member.ID{g.Leader})
		if err != nil {
			return err
		}
		item := ui.Item{Title: g.Name, Note: r.T("people.page.group_leader", "name", cmp.Or(names[g.Leader], r.T("people.page.nothing")))}
		switch {
		case r.By.Can(access.PostManage, v.Unit):
			item.Href = unitPath(v.Unit.ID) + "/groups/" + g.ID.String()
		case v.Members != "":
			item.Href = v.Members + "&group=" + g.ID.String()
		}
		v.Groups = append(v.Groups, item)
	}
	return nil
}

func (v *unitView) below(r *page.Request, _ unit.Strength) error {
	children, err := unit.Children(r.Tx, r.By, v.Unit.ID)
	for _, c := range children {
		v.Below = append(v.Below, ui.Item{Title: c.Name, Note: kindLabel(v.Words, c.Kind), Href: unitPath(c.ID)})
	}
	return err
}

func (v *unitView) moves(r *page.Request, _ unit.Strength) error {
	past, err := unit.Past(r.Tx, r.By, v.Unit.ID)
	if err != nil {
		return err
	}
	for i, p := range past {
		e := ui.Event{When: i18n.Date(r.Context(), p.From), Text: p.Decision, Future: p.From.After(r.Today()), Title: r.T("people.page.founded_root")}
		if p.Parent != 0 {
			parent, err := orgtree.Find(r.Tx, p.Parent)
			if err != nil {
				return err
			}
			key := "people.page.moved_under"
			if i == 0 {
				key = "people.page.founded_under"
			}
			e.Title = r.T(key, "unit", parent.Name)
		}
		v.Moves = append(v.Moves, e)
	}
	if len(past) > 1 && r.By.Can(access.UnitManage, v.Unit) {
		v.Undo = unitPath(v.Unit.ID) + "/undo-move"
	}
	return nil
}

func (v *unitView) actions(r *page.Request) {
	if !v.Unit.Ended.IsZero() {
		return
	}
	base := unitPath(v.Unit.ID)
	if r.By.Can(access.UnitManage, v.Unit) {
		v.Change, v.End = base+"/edit", base+"/end"
		if !v.Unit.IsCell() {
			v.Found = base + "/new"
		}
		if v.Unit.Parent != 0 {
			v.Move = base + "/move"
		}
	}
	if r.By.Can(access.Invite, v.Unit) {
		v.Slips = "/slips?unit=" + v.Unit.ID.String()
		if !v.Unit.IsCell() {
			v.Official = "/members/new?unit=" + v.Unit.ID.String()
		}
	}
	if r.By.Can(access.PostManage, v.Unit) {
		v.Appoint, v.Term = base+"/appoint", base+"/term"
		v.ImportPosts = "/import/posts?unit=" + v.Unit.ID.String()
		if v.Unit.IsCell() {
			v.NewGroup = base + "/groups/new"
		}
	}
}
