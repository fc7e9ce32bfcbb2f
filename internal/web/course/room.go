package course

import (
	"chibo/internal/domain/meeting"
	"chibo/internal/web/ui"
)

// Part is a page of the meeting room.
type Part string

const (
	Roll     Part = "roll"
	Tasks    Part = "tasks"
	Talk     Part = "talk"
	Votes    Part = "votes"
	Conclude Part = "resolution"
	Close    Part = "close"
)

// parts are the pages of the room, in the order in which a meeting goes through
// them.
var parts = []struct {
	part Part
	path string
}{
	{Roll, "/room"},
	{Tasks, "/room/tasks"},
	{Talk, "/room/agenda"},
	{Votes, "/room/votes"},
	{Conclude, "/resolution"},
	{Close, "/room/close"},
}

// Room leads from one page of the room to the others.
func (v Visit) Room(current Part) ui.Tabs {
	t := ui.Tabs{Label: v.T("room.room.parts")}
	for _, p := range parts {
		if p.part == Conclude && !v.M.Kind.Monthly() || p.part == Close && v.M.State != meeting.InSession {
			continue
		}
		t.Items = append(t.Items, ui.Tab{Text: v.T("room.tab." + string(p.part)), Href: v.Path(p.path), Current: p.part == current})
	}
	return t
}
