package notices

import (
	"chibo/internal/domain/delivery"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

const gatewayPath = home + "/gateway"

func gatewayRoutes() []page.Route { return page.Form(gatewayPath, showGateway, changeGateway) }

// gatewayView is where text messages go.
type gatewayView struct {
	Tabs    ui.Tabs
	Form    ui.FormProps
	URL     ui.TextField
	Enabled ui.CheckField
	Renew   *ui.CheckField // nil while there is no secret
	Secret  string
}

func showGateway(r *page.Request) (page.Answer, error) {
	g, err := delivery.FindGateway(r.Tx, r.By)
	if err != nil {
		return nil, err
	}
	view := gatewayView{
		Tabs: adminTabs(r, gatewayPath), Secret: g.Secret, Form: ui.FormProps{Action: gatewayPath, Version: r.Version(g.Version), Errors: r.Errors()},
		URL: ui.TextField{
			Name: "url", Label: r.T("notice.gateway.url"), Help: r.T("notice.gateway.url_help"), Value: r.Value("url", g.URL), Required: true,
			MaxLength: 500, Autocomplete: "off", Error: r.Errors().For("url"),
		},
		Enabled: ui.CheckField{Name: "enabled", Label: r.T("notice.gateway.enabled"), Checked: r.Checked("enabled", g.Enabled)},
	}
	if g.Secret != "" {
		view.Renew = &ui.CheckField{Name: "renew", Label: r.T("notice.gateway.renew"), Checked: r.Checked("renew", false)}
	}
	frame, err := r.Frame(r.T("notice.gateway.title"))
	frame.Lead = r.T("notice.gateway.lead")
	return page.HTML(gatewayPage(frame, view)), err
}

func changeGateway(r *page.Request) (page.Answer, error) {
	in := r.Input()
	g := delivery.Gateway{URL: in.Line("url"), Enabled: in.Has("enabled"), Version: in.Version()}
	return page.SeeOther(gatewayPath, "notice.settings.saved"), delivery.ChangeGateway(r.Tx, r.By, g, in.Has("renew"))
}

// adminTabs lead between the administrator's pages.
func adminTabs(r *page.Request, current string) ui.Tabs {
	return ui.Tabs{Label: r.T("admin.tabs"), Items: []ui.Tab{
		{Text: r.T("admin.health.title"), Href: "/admin"},
		{Text: r.T("admin.settings.title"), Href: "/admin/settings"},
		{Text: r.T("notice.dead.title"), Href: undeliveredPath, Current: current == undeliveredPath},
		{Text: r.T("notice.gateway.title"), Href: gatewayPath, Current: current == gatewayPath},
	}}
}
