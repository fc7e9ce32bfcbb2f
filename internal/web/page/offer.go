package page

import (
	"strings"

	"chibo/internal/domain/unit"
	"chibo/internal/web/ui"
)

// Offer is the field with the units that were found for it, and whether there
// are more.
func (r *Request) Offer(f ui.FindField, found []unit.Match, more bool) ui.FindField {
	for _, m := range found {
		f.Options = append(f.Options, ui.Option{Value: m.ID.String(), Label: m.Name, Help: strings.Join(m.Above, " · ")})
	}
	switch {
	case more:
		f.Note = r.T("ui.find_more")
	case r.Returned() && f.Words != "" && len(found) == 0:
		f.Note = r.T("ui.find_none")
	}
	return f
}
