// Package people are the pages about persons and organisations: members, units,
// and what comes from spreadsheets.
//
// It turns forms into arguments of verbs and records into words; what is
// allowed and what is right is decided by the domain.
package people

import (
	"slices"

	"chibo/internal/web/page"
)

// Routes are all pages of this area.
func Routes() []page.Route {
	return slices.Concat(
		ownRoutes(),
		memberRoutes(), stepRoutes(),
		unitRoutes(), postRoutes(), groupRoutes(),
	)
}
