package people

import (
	"slices"

	"github.com/a-h/templ"

	"chibo/internal/domain/member"
	"chibo/internal/domain/reorganisation"
	"chibo/internal/domain/unit"
	"chibo/internal/domain/unit/places"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// unitForm is a form about a unit, as far as all are alike.
func unitForm(r *page.Request, u orgtree.Unit, name string) form {
	return form{
		Title: r.T("people.page.unit_"+name+"_title", "unit", u.Name), Crumbs: []ui.Link{unitsCrumb(r), unitCrumb(u)},
		Version: u.Version, Submit: r.T("people.page.unit_" + name + "_submit"), Back: unitPath(u.ID),
	}
}

// manages is the unit that the path names, if the reader may act there.
func manages(r *page.Request, act access.Action) (orgtree.Unit, rulepack.States, error) {
	u, words, err := unitOf(r)
	if err != nil {
		return orgtree.Unit{}, rulepack.States{}, err
	}
	if !r.By.Can(act, u) {
		return orgtree.Unit{}, rulepack.States{}, r.By.Refuse(act, u, 0)
	}
	return u, words, nil
}

func unitFields(f fields, words rulepack.States, u orgtree.Unit, parentKind string) []templ.Component {
	none := f.r.T("people.page.nothing")
	areas := ui.ChecksField{Name: "areas", Label: f.label("areas"), Options: named(words.AreaAttributes), Values: u.Areas, Error: f.r.Errors().For("areas")}
	if f.r.Returned() {
		areas.Values = f.r.Form["areas"]
	}
	return []templ.Component{
		f.line("name", u.Name, true), f.line("code", u.Code, true),
		f.choice("kind", kindsUnder(words, parentKind), u.Kind, f.r.T("people.page.choose"), true),
		f.choice("cell_type", named(words.CellTypes), u.CellType, none, false),
		f.choice("block", named(words.Blocks), u.Block, none, false), areas,
		ui.TextField{
			Name: "place", Label: f.label("place"), Help: f.r.T("people.field.place_help"), Error: f.r.Errors().For("place"),
			Value: f.r.Value("place", placeTyped(u.Place)), MaxLength: lineMost,
		},
		f.line("address", u.Address, false),
	}
}

// kindsUnder are the kinds that may stand below a parent of the kind.
func kindsUnder(words rulepack.States, parent string) (options []ui.Option) {
	for _, k := range words.OrgKinds {
		if k.Group {
			continue
		}
		fits := len(k.Under) == 0 && parent != ""
		for _, under := range k.Under {
			fits = fits || under == parent
		}
		// What one name stands for is offered once.
		fits = (fits || parent == "") && !slices.ContainsFunc(options, func(o ui.Option) bool { return o.Label == k.Label })
		if fits {
			options = append(options, ui.Option{Value: k.ID, Label: k.Label})
		}
	}
	return options
}

// placeTyped is a place as it can be typed again: its name, and its code
// because names repeat.
func placeTyped(code string) string {
	if p, ok := places.Find(code); ok {
		return p.Full + " (" + code + ")"
	}
	return code
}

func readUnit(in *page.Input, areas []string) (unit.Fields, error) {
	place, err := unit.PlaceTyped(in.Line("place"))
	return unit.Fields{
		Code: in.Line("code"), Name: in.Line("name"), Kind: in.Line("kind"), CellType: in.Line("cell_type"),
		Block: in.Line("block"), Areas: areas, Place: place, Address: in.Line("address"),
	}, err
}

func showFound(r *page.Request) (page.Answer, error) {
	u, words, err := manages(r, access.UnitManage)
	if err != nil {
		return nil, err
	}
	f, view := fields{r, "unit.column."}, unitForm(r, u, "found")
	view.Creates, view.Version = true, 0
	view.Fields = append(unitFields(f, words, orgtree.Unit{Place: u.Place}, u.Kind), f.date("founded", r.Today(), true), f.line("decision", "", false))
	return view.answer(r)
}

func found(r *page.Request) (page.Answer, error) {
	parent, err := page.PathID[orgtree.Unit](r, "id")
	if err != nil {
		return nil, err
	}
	in := r.Input()
	said, err := readUnit(in, r.Form["areas"])
	if err != nil {
		return nil, err
	}
	n := unit.New{Parent: parent, Fields: said, Founded: in.Date("founded"), Decision: in.Line("decision")}
	if err := in.Err(); err != nil {
		return nil, err
	}
	u, err := unit.Found(r.Tx, r.By, n)
	if err != nil {
		return nil, err
	}
	return page.SeeOther(unitPath(u.ID), "people.page.done_founded"), nil
}

func showChange(r *page.Request) (page.Answer, error) {
	u, words, err := manages(r, access.UnitManage)
	if err != nil {
		return nil, err
	}
	above := ""
	if u.Parent != 0 {
		parent, err := orgtree.Find(r.Tx, u.Parent)
		if err != nil {
			return nil, err
		}
		above = parent.Kind
	}
	view := unitForm(r, u, "change")
	view.Fields = unitFields(fields{r, "unit.column."}, words, u, above)
	return view.answer(r)
}

func change(r *page.Request) (page.Answer, error) {
	at, err := page.PathID[orgtree.Unit](r, "id")
	if err != nil {
		return nil, err
	}
	in := r.Input()
	said, err := readUnit(in, r.Form["areas"])
	if err != nil {
		return nil, err
	}
	if err := unit.Change(r.Tx, r.By, at, in.Version(), said); err != nil {
		return nil, err
	}
	return page.SeeOther(unitPath(at), "people.page.done_saved"), nil
}

// showMoveUnit asks where to; once it knows, it says what moves before anything
// does.
func showMoveUnit(r *page.Request) (page.Answer, error) {
	u, _, err := manages(r, access.UnitManage)
	if err != nil {
		return nil, err
	}
	f, view := fields{r, "people.unit_move."}, unitForm(r, u, "move")
	view.Lead = r.T("people.page.unit_move_lead")
	if view.Effects, err = moveEffects(r, u); err != nil {
		return nil, err
	}
	to, _, err := f.unit("to", place{Act: access.UnitManage, Sort: orgtree.OnlyParties, Outside: u.Path, But: u.Parent})
	if err != nil {
		return nil, err
	}
	view.Fields = []templ.Component{to, f.date("day", r.Today(), true), f.line("decision", "", true)}
	return view.answer(r)
}

// moveEffects says in plain words what a move takes along.
func moveEffects(r *page.Request, u orgtree.Unit) ([]string, error) {
	below, err := orgtree.Count(r.Tx, u)
	if err != nil {
		return nil, err
	}
	strength, err := member.Strength(r.Tx, u)
	if err != nil {
		return nil, err
	}
	along := r.T("people.page.unit_move_effect_members", "members", strength.All())
	if below > 0 {
		along = r.T("people.page.unit_move_effect_below", "units", below, "members", strength.All())
	}
	parent, err := orgtree.Find(r.Tx, u.Parent)
	return []string{
		r.T("people.page.unit_move_effect_now", "unit", u.Name, "parent", parent.Name), along,
		r.T("people.page.unit_move_effect_rights", "parent", parent.Name),
		r.T("people.page.unit_move_effect_past"),
	}, err
}

func moveUnit(r *page.Request) (page.Answer, error) {
	at, err := page.PathID[orgtree.Unit](r, "id")
	if err != nil {
		return nil, err
	}
	in := r.Input()
	m := unit.Move{To: page.ID[orgtree.Unit](in, "to"), Day: in.Date("day"), Decision: in.Line("decision")}
	if err := in.Err(); err != nil {
		return nil, err
	}
	if m.To == 0 {
		return nil, errs.Field("to", "errs.choice")
	}
	if err := unit.MoveTo(r.Tx, r.By, at, in.Version(), m); err != nil {
		return nil, err
	}
	return page.SeeOther(unitPath(at), "people.page.done_moved"), nil
}

func showUndo(r *page.Request) (page.Answer, error) {
	u, _, err := manages(r, access.UnitManage)
	if err != nil {
		return nil, err
	}
	past, err := unit.Past(r.Tx, r.By, u.ID)
	if err != nil {
		return nil, err
	}
	if len(past) < 2 {
		return nil, errs.New(errs.Conflict, "unit.error.never_moved")
	}
	last, before := past[len(past)-1], past[len(past)-2]
	parent, err := orgtree.Find(r.Tx, before.Parent)
	if err != nil {
		return nil, err
	}
	view := unitForm(r, u, "undo")
	view.Lead = r.T("people.page.unit_undo_lead", "unit", u.Name, "parent", parent.Name)
	view.Effects = []string{r.T("people.page.unit_undo_effect", "day", i18n.Date(r.Context(), last.From), "decision", last.Decision)}
	view.Danger = true
	return view.answer(r)
}

func undoMove(r *page.Request) (page.Answer, error) {
	at, err := page.PathID[orgtree.Unit](r, "id")
	if err != nil {
		return nil, err
	}
	if err := unit.UndoMove(r.Tx, r.By, at, r.Input().Version()); err != nil {
		return nil, err
	}
	return page.SeeOther(unitPath(at), "people.page.done_undone"), nil
}

func showEnd(r *page.Request) (page.Answer, error) {
	u, _, err := manages(r, access.UnitManage)
	if err != nil {
		return nil, err
	}
	f, view := fields{r, "people.field."}, unitForm(r, u, "end")
	view.Lead, view.Danger = r.T("people.page.unit_end_lead"), true
	view.Fields = []templ.Component{f.date("day", r.Today(), true), f.line("decision", "", true)}
	return view.answer(r)
}

func endUnit(r *page.Request) (page.Answer, error) {
	at, err := page.PathID[orgtree.Unit](r, "id")
	if err != nil {
		return nil, err
	}
	in := r.Input()
	day, decision := in.Date("day"), in.Line("decision")
	if err := in.Err(); err != nil {
		return nil, err
	}
	if err := reorganisation.End(r.Tx, r.By, at, in.Version(), day, decision); err != nil {
		return nil, err
	}
	return page.SeeOther("/units", "people.page.done_ended"), nil
}

func showTerm(r *page.Request) (page.Answer, error) {
	u, _, err := manages(r, access.PostManage)
	if err != nil {
		return nil, err
	}
	f, view := fields{r, "people.field."}, unitForm(r, u, "term")
	view.Lead, view.Creates, view.Version = r.T("people.page.unit_term_lead"), true, 0
	view.Fields = []templ.Component{f.line("name", "", true), f.date("from", r.Today(), true), f.line("decision", "", false)}
	return view.answer(r)
}

func beginTerm(r *page.Request) (page.Answer, error) {
	at, err := page.PathID[orgtree.Unit](r, "id")
	if err != nil {
		return nil, err
	}
	in := r.Input()
	t := unit.Term{Name: in.Line("name"), From: in.Date("from"), Decision: in.Line("decision")}
	if err := in.Err(); err != nil {
		return nil, err
	}
	if err := unit.BeginTerm(r.Tx, r.By, at, t); err != nil {
		return nil, err
	}
	return page.SeeOther(unitPath(at), "people.page.done_saved"), nil
}
