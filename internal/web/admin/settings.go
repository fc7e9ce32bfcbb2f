package admin

import (
	"chibo/internal/domain/upkeep"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// showSettings lists what the program was started with, and what each does. It
// is changed where the program is started: a page that could change the address
// of the mail server would be worth breaking into.
func showSettings(r *page.Request) (page.Answer, error) {
	if _, err := upkeep.Require(r.Tx, r.By); err != nil {
		return nil, err
	}
	frame, err := r.Frame(r.T("admin.settings.title"))
	if err != nil {
		return nil, err
	}
	frame.Lead = r.T("admin.settings.lead")
	t := ui.Table{
		Caption: frame.Title,
		Columns: []ui.Column{
			{Title: r.T("admin.settings.does")}, {Title: r.T("admin.settings.value")}, {Title: r.T("admin.settings.set_by")},
		},
	}
	for _, s := range r.Site.Settings {
		value := s.Value
		if value == "" {
			value = r.T("admin.settings.unset")
		}
		cells := ui.Cells(r.T("admin.setting."+s.Name), value, "--"+s.Name+" · "+s.Environment)
		if s.Changed {
			cells[1] = ui.Chip{Text: value, Tone: ui.Info}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	return page.HTML(settingsPage(frame, t)), nil
}
