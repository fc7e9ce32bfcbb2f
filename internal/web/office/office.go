// Package office is the pages that look over the work of others: the desk that
// everybody opens first, and what committees see of the cells below them.
//
// It turns what package overview found into words and figures. What deserves a
// place there, and who may see it, is decided there.
package office

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"chibo/internal/platform/errs"
	"chibo/internal/web/page"
)

// Routes are the pages of this area.
func Routes() []page.Route {
	return slices.Concat(consolidationRoutes(), page.Stale(figurePages()...), []page.Route{
		page.Show("/{$}", showDesk),
		page.Show("/overview/reports", showReports),
		page.Show("/attendee", showFollowed),
	})
}

// figurePages are those that read much and change nothing. Reports that wait are
// none of them: one that was just answered must be gone.
func figurePages() []page.Route {
	return []page.Route{
		page.Show("/overview", showHome),
		page.Show("/overview/{unit}", showUnit),
		page.Show("/overview/{unit}/watched", showWatched),
		page.Show("/overview/{unit}/table.xlsx", exportTable),
		page.Show("/overview/{unit}/charts/{file}", showChart),
		page.Show("/statistics/{unit}", showStatistics),
		page.Show("/statistics/{unit}/{file}", sendStatistics),
	}
}

// words is a message in the reader's language, "" for none.
func words(r *page.Request, m errs.Message) string {
	if m.Key == "" {
		return ""
	}
	return r.T(m.Key, m.Args...)
}

// capital begins a text with a capital letter, for words that stand alone.
func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}
