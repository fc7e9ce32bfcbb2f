// Package admin is the pages of whoever keeps the program: the first start,
// the settings, and how the program is.
package admin

import (
	"slices"

	"chibo/internal/web/page"
)

// Routes are the pages of this area.
func Routes() []page.Route {
	return slices.Concat(setupRoutes(), []page.Route{
		page.Show("/admin", showHealth),
		page.Act("/admin/jobs/{job}/again", tryAgain, showHealth),
		page.Act("/admin/jobs/{job}/drop", drop, showHealth),
		page.Show("/admin/settings", showSettings),
	})
}
