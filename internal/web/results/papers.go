package results

import (
	"strconv"
	"strings"

	"chibo/internal/document"
	"chibo/internal/domain/minutes"
	"chibo/internal/domain/resolution"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/platform/paper"
	"chibo/internal/platform/paperhtml"
	"chibo/internal/web/course"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// kinds are the papers of a meeting by their names in addresses.
var kinds = map[string]document.Kind{
	"notice": document.KindNotice, "notice-sheet": document.KindNoticeSheet, "agenda": document.KindAgenda, "roll": document.KindRoll,
	"resolution": document.KindResolution, "minutes": document.KindMinutes, "score": document.KindScore, "tasks": document.KindTasks,
}

// files are the formats in which a paper can be taken away.
var files = []document.Format{document.Docx, document.PDF}

// paperRoutes names every file by itself: other documents of a meeting lie in
// the same folder, by their ids.
func paperRoutes() []page.Route {
	routes := []page.Route{
		page.Show("/meetings/{id}/paper/{kind}", on(showPaper)),
		page.Show("/meetings/{id}/paper/{kind}/format.css", on(paperFormat)),
	}
	for name := range kinds {
		for _, f := range files {
			routes = append(routes, page.Show("/meetings/{id}/documents/"+name+"."+string(f), on(download(name, f))))
		}
	}
	return routes
}

// order is what the address asks for; of chooses one of several resolutions,
// behind a point its edition, or one of the versions of minutes; "" is the
// first.
func (v visit) order(name, of string) (document.Order, error) {
	kind, known := kinds[name]
	if !known {
		return document.Order{}, errs.New(errs.NotFound, "errs.not_found")
	}
	switch {
	case kind == document.KindNoticeSheet:
		return document.Order{Kind: kind, ID: int64(v.M.ID), Unreached: of == "unreached"}, nil
	case kind == document.KindTasks:
		return document.Order{Kind: kind, ID: int64(v.At.ID)}, nil
	case kind == document.KindMinutes && of != "":
		return chosen[minutes.Minutes](document.KindVersion, of)
	case kind == document.KindResolution && of != "":
		of, edition, _ := strings.Cut(of, ".")
		o, err := chosen[resolution.Resolution](kind, of)
		o.Edition, _ = strconv.Atoi(edition)
		return o, err
	case kind == document.KindResolution:
		r, found, err := v.mainResolution()
		if err == nil && !found {
			err = errs.New(errs.NotFound, "errs.not_found")
		}
		return document.Order{Kind: kind, ID: int64(r.ID)}, err
	}
	return document.Order{Kind: kind, ID: int64(v.M.ID)}, nil
}

func chosen[T any](kind document.Kind, of string) (document.Order, error) {
	record, err := id.Parse[T](of)
	if err != nil {
		return document.Order{}, errs.Wrap(err, errs.NotFound, "errs.not_found")
	}
	return document.Order{Kind: kind, ID: int64(record)}, nil
}

func (v visit) compose(name, of string) (paper.Document, error) {
	o, err := v.order(name, of)
	if err != nil {
		return paper.Document{}, err
	}
	return document.Compose(v.Tx, v.By, o)
}

// asked is the part of the address that chooses one of several.
func (v visit) asked() string { return v.URL.Query().Get("of") }

// download composes in the transaction and writes the file after it.
func download(name string, as document.Format) func(visit) (page.Answer, error) {
	return func(v visit) (page.Answer, error) {
		d, err := v.compose(name, v.asked())
		if err != nil {
			return nil, err
		}
		return page.Later(func() (page.Answer, error) {
			f, err := document.Write(d, as)
			return page.File{Name: f.Name, Media: f.Media, Body: f.Body}, err
		}), nil
	}
}

// paperFormat is the style sheet of a paper: margins, type and page numbers
// follow the format pack of its day.
func paperFormat(v visit) (page.Answer, error) {
	d, err := v.compose(v.PathValue("kind"), v.asked())
	if err != nil {
		return nil, err
	}
	css := paperhtml.CSS + paperhtml.PageCSS(d.Format)
	return page.File{Name: "format.css", Media: "text/css; charset=utf-8", Body: []byte(css), Inline: true}, nil
}

// sheet is a paper to be read on a page, with the address of its format; none
// is a paper that the reader may not have or that there is not yet.
type sheet struct{ HTML, Format string }

func (v visit) sheet(name, of string) (sheet, error) {
	d, err := v.compose(name, of)
	if err != nil {
		return course.OrNone(sheet{}, err)
	}
	f, err := document.Write(d, document.HTML)
	return sheet{HTML: string(f.Body), Format: v.Path("/paper/" + name + "/format.css" + query(of))}, err
}

func query(of string) string {
	if of == "" {
		return ""
	}
	return "?of=" + of
}

// offered is a paper with its files.
type offered struct {
	Title, Read string
	Files       []ui.Link
}

func (v visit) offer(name, of string) offered {
	kind := kinds[name]
	o := offered{Title: v.T("document.kind." + string(kind)), Read: v.Path("/paper/" + name + query(of))}
	for _, f := range files {
		o.Files = append(o.Files, ui.Link{Text: v.T("results.file." + string(f)), Href: v.Path("/documents/" + name + "." + string(f) + query(of))})
	}
	return o
}

// papers are the papers of the meeting that the reader may have now, in the
// order of its way.
func (v visit) papers() ([]offered, error) {
	var list []offered
	for _, p := range []struct {
		name  string
		there func() (bool, error)
	}{
		{"notice", v.announced},
		{"agenda", v.announced},
		{"notice-sheet", v.signable},
		{"roll", v.rolled},
		{"resolution", v.resolved},
		{"minutes", v.written},
		{"score", v.scored},
		{"tasks", v.tasked},
	} {
		there, err := p.there()
		if err != nil {
			return nil, err
		}
		if there {
			list = append(list, v.offer(p.name, ""))
		}
	}
	return list, nil
}

func (v visit) announced() (bool, error) { return v.Inside() || !v.M.AnnouncedAt.IsZero(), nil }

func (v visit) signable() (bool, error) { return v.Inside() && !v.M.AnnouncedAt.IsZero(), nil }

func (v visit) rolled() (bool, error) {
	return v.Opened() && (v.Inside() || !v.M.PublishedAt.IsZero()), nil
}

func (v visit) resolved() (bool, error) {
	_, found, err := v.mainResolution()
	return found, err
}

func (v visit) written() (bool, error) {
	_, found, err := minutes.Current(v.Tx, v.By, v.M.ID)
	return found, err
}

func (v visit) scored() (bool, error) {
	s, err := v.scoreSheet()
	return !s.LookedAt.IsZero(), err
}

func (v visit) tasked() (bool, error) { return v.Can(access.TaskRead), nil }

// paperView is a paper on a page of its own, to be read and printed.
type paperView struct {
	Sheet sheet
	Files []ui.Link
}

func showPaper(v visit) (page.Answer, error) {
	name := v.PathValue("kind")
	d, err := v.compose(name, v.asked())
	if err != nil {
		return nil, err
	}
	o := v.offer(name, v.asked())
	p, err := v.Below(o.Title)
	if err != nil {
		return nil, err
	}
	format := v.Path("/paper/" + name + "/format.css" + query(v.asked()))
	return page.Later(func() (page.Answer, error) {
		f, err := document.Write(d, document.HTML)
		return page.HTML(paperPage(p, paperView{Sheet: sheet{string(f.Body), format}, Files: o.Files})), err
	}), nil
}
