package meetings

import (
	"io"
	"strings"
	"time"

	"chibo/internal/kernel/attachment"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// sendFile answers with a stored file. What a browser shows without harm it
// shows, everything else it saves.
func sendFile(r *page.Request, f attachment.Attachment) (page.Answer, error) {
	stored, err := r.Site.Files.Open(f.Hash)
	if err != nil {
		return nil, err
	}
	defer stored.Close()
	body, err := io.ReadAll(stored)
	shown := f.Media == "application/pdf" || strings.HasPrefix(f.Media, "image/")
	return page.File{Name: f.Name, Media: f.Media, Body: body, Inline: shown}, err
}

func dayOf(t time.Time) clock.Date { return clock.DateOf(t) }

// itemKinds are the kinds of item in the pack of the meeting's day.
func itemKinds(v visit) ([]ui.Option, error) {
	agenda, err := rule[rulepack.Agenda](v.Request, v.At, v.M.Day(), "agenda")
	var list []ui.Option
	for _, k := range agenda.ItemKinds {
		list = append(list, ui.Option{Value: k.ID, Label: k.Label})
	}
	return list, err
}
