// Command gallery shows every part of package ui on pages like those of
// chibo, with invented people, for whoever works on the looks. The program
// does not contain it.
package main

import (
	"flag"
	"log"
	"net/http"

	"github.com/a-h/templ"

	"chibo/internal/platform/i18n"
	"chibo/internal/web/static"
	"chibo/internal/web/ui"
	"chibo/locales"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8099", "where to serve")
	flag.Parse()
	handler, err := newHandler()
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("gallery on http://%s/", *addr)
	log.Fatal(http.ListenAndServe(*addr, handler))
}

// policy is as strict as the one of the program: a part that needs more shows
// here first.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'"

// pages are the pages by their paths.
var pages = map[string]func(ui.Page) templ.Component{
	"/":        desk,
	"/roll":    roll,
	"/score":   score,
	"/commune": commune,
	"/members": members,
	"/member":  member,
	"/form":    form,
	"/confirm": confirm,
	"/signin":  signIn,
	"/many":    manyEntries,
}

func newHandler() (http.Handler, error) {
	if err := static.Ready(); err != nil {
		return nil, err
	}
	catalogue, err := locales.Load()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET "+static.Prefix, static.Handler())
	mux.HandleFunc("POST "+ui.DisplayPath, ui.SetDisplay)
	for path, page := range pages {
		if path == "/" {
			path = "/{$}"
		}
		mux.Handle(path, show(catalogue, page))
	}
	return mux, nil
}

func show(catalogue *i18n.Catalogue, page func(ui.Page) templ.Component) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		ctx := i18n.With(r.Context(), catalogue.Language(ui.LanguageOf(r)))
		size := ui.SizeOf(r)
		if s := r.URL.Query().Get("size"); s != "" {
			size = ui.Size(s)
		}
		p := ui.Page{Size: size, Path: r.URL.Path, Print: r.URL.Query().Get("print") == "1"}
		if err := page(p).Render(ctx, w); err != nil {
			log.Print(err)
		}
	})
}
