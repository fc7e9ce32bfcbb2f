package intake

import (
	"bytes"

	"chibo/internal/domain/intake"
	"chibo/internal/platform/blob"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// sending is the page on which a spreadsheet is chosen.
type sending struct {
	Lead, Action, Template, Unit string
	Errors                       ui.Errors
	Before                       ui.ItemList
	Once                         ui.Hidden
}

func showSend(kind intake.Kind) page.Page {
	return func(r *page.Request) (page.Answer, error) {
		at, err := home(r, kind)
		if err != nil {
			return nil, err
		}
		before, err := intake.At(r.Tx, r.By, at.ID)
		if err != nil {
			return nil, err
		}
		v := sending{
			Action: "/import/" + string(kind), Template: "/import/" + string(kind) + "/template",
			Unit: at.ID.String(), Errors: r.Errors(), Once: page.Once(r),
		}
		for _, i := range before {
			if i.Kind == kind {
				v.Before.Items = append(v.Before.Items, ui.Item{
					Title: i.Name, Href: path(i), Note: i18n.Instant(r.Context(), i.Sent), Chip: stateChip(r, i),
				})
			}
		}
		frame, err := r.Frame(r.T("intake.page.title_" + string(kind)))
		if err != nil {
			return nil, err
		}
		frame.Lead = r.T("intake.page.lead_"+string(kind), "unit", at.Name)
		if len(v.Errors) > 0 {
			frame.Flash = ui.Flash{}
		}
		return page.HTML(sendPage(frame, v)), nil
	}
}

func stateChip(r *page.Request, i intake.Import) ui.Chip {
	tone := map[intake.State]ui.Tone{intake.Applied: ui.Good, intake.Checked: ui.Warn, intake.Sent: ui.Warn}[i.State]
	return ui.Chip{Text: r.T("intake.page.state_" + string(i.State)), Tone: tone}
}

// surveyed is what the sheet looked like before any transaction.
type surveyed struct {
	file     blob.File
	outline  intake.Outline
	settings intake.Settings
}

// survey looks at the file that was sent; a file that may not be read is a fault
// of its field.
func survey(kind intake.Kind) func(*page.Request) error {
	return func(r *page.Request) error {
		files := r.Uploads["file"]
		if len(files) == 0 {
			return errs.Field("file", "intake.error.no_file")
		}
		s := surveyed{file: files[0]}
		err := intake.InFile(r.Site.Files, s.file.Hash, func(book intake.Book) (err error) {
			s.outline, s.settings, err = book.Survey(kind, -1)
			return err
		})
		r.Prepared = s
		return ofField(err)
	}
}

// ofField puts what is wrong with a file beside the field that it came from.
func ofField(err error) error {
	e, ok := errs.As(err)
	if !ok || e.Kind != errs.Invalid && e.Kind != errs.TooLarge || len(e.Fields) > 0 {
		return err
	}
	return errs.Field("file", e.Message.Key, e.Message.Args...)
}

func send(kind intake.Kind) page.Page {
	return func(r *page.Request) (page.Answer, error) {
		at, err := home(r, kind)
		if err != nil {
			return nil, err
		}
		s := r.Prepared.(surveyed)
		i, err := intake.Send(r.Tx, r.By, intake.New{
			Unit: at.ID, Kind: kind, Name: intake.Given(s.file.Name), Hash: s.file.Hash, Size: s.file.Size, Outline: s.outline, Settings: s.settings,
		})
		if err != nil {
			return nil, err
		}
		return page.SeeOther(path(i), ""), nil
	}
}

// template gives a spreadsheet with the head row and one made-up example.
func template(kind intake.Kind) page.Page {
	return func(r *page.Request) (page.Answer, error) {
		var out bytes.Buffer
		err := intake.WriteTemplate(&out, kind, r.T)
		return page.File{Name: r.T("intake.page.template_" + string(kind)), Media: blob.XLSX, Body: out.Bytes()}, err
	}
}
