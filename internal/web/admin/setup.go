package admin

import (
	"net"
	"net/url"
	"slices"

	"chibo/internal/domain/founding"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/errs"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

const setupPath = "/setup"

func setupRoutes() []page.Route {
	return []page.Route{
		{Pattern: "GET " + setupPath, Show: showSetup, Public: true},
		{Pattern: "POST " + setupPath, Show: showSetup, Do: begin, Public: true},
	}
}

// setupView is the form of the first start.
type setupView struct {
	Form  ui.FormProps
	Code  string // as typed, or as the printed address brought it
	Asks  bool   // for the code
	Kinds []ui.Option
	Kind  string
}

// showSetup serves once: afterwards there is no such page.
func showSetup(r *page.Request) (page.Answer, error) {
	if err := refuseBegun(r); err != nil {
		return nil, err
	}
	words, _, err := unit.Words(r.Tx, orgtree.Unit{})
	if err != nil {
		return nil, err
	}
	v := setupView{
		Form: ui.FormProps{Action: setupPath, Errors: r.Errors(), Forgetful: true},
		Code: r.Form.Get("code"), Asks: !fromThisMachine(r), Kind: r.Value("kind", "commune_party"),
	}
	for _, k := range words.OrgKinds {
		twice := slices.ContainsFunc(v.Kinds, func(o ui.Option) bool { return o.Label == k.Label })
		if !k.Group && !twice {
			v.Kinds = append(v.Kinds, ui.Option{Value: k.ID, Label: k.Label})
		}
	}
	frame, err := r.Frame(r.T("admin.setup.title"))
	if err != nil {
		return nil, err
	}
	frame.Narrow, frame.Lead, frame.Flash = true, r.T("admin.setup.lead"), ui.Flash{}
	return page.HTML(setupPage(r, frame, v)), nil
}

func refuseBegun(r *page.Request) error {
	empty, err := founding.Empty(r.Tx)
	if err == nil && !empty {
		err = errs.New(errs.NotFound, "errs.not_found")
	}
	return err
}

// begin founds the organisation on behalf of whoever commands the machine, and
// leads its administrator on to the choice of a password.
func begin(r *page.Request) (page.Answer, error) {
	if err := refuseBegun(r); err != nil {
		return nil, err
	}
	if !fromThisMachine(r) && !founding.Right(r.Tx, r.Form.Get("code")) {
		return nil, errs.Field("code", "admin.error.setup_code")
	}
	in := r.Input()
	s := founding.Start{
		Kind: in.Line("kind"), Name: in.Line("name"), Founded: in.Date("founded"),
		Decision: in.Line("decision"), Administrator: in.Line("administrator"),
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	var err error
	if s.Place, err = unit.PlaceTyped(in.Line("place")); err != nil {
		return nil, err
	}
	slip, err := founding.Begin(r.Tx, access.Console(), s)
	if err != nil {
		return nil, err
	}
	return page.SeeOther("/invite/"+url.PathEscape(slip.Code), ""), nil
}

// fromThisMachine reports a browser on the machine itself, with no proxy in
// between: behind one, everybody seems to be here.
func fromThisMachine(r *page.Request) bool {
	for _, header := range []string{"X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via"} {
		if r.Header.Get(header) != "" {
			return false
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	return err == nil && net.ParseIP(host).IsLoopback()
}
