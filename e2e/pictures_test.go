package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestPictures takes the pictures that README.md shows, when -shots names a
// folder for them.
func TestPictures(t *testing.T) {
	if *shots == "" {
		t.Skip("-shots names no folder")
	}
	const most = 150_000 // bytes: a README is read on phones too
	h := open(t)
	head, above := h.visit(t, phone).signIn(secretary), h.visit(t, desk).signIn(office)
	held := head.heldMeeting()
	for _, p := range []struct {
		by         *visitor
		path, name string
	}{
		{head, "/", "desk-phone"}, {head, held + "/room", "room-phone"}, {head, held + "/score", "score-phone"}, {above, "/overview", "overview-desk"},
	} {
		p.by.open(p.path)
		picture := ask(p.by, chromedp.CaptureScreenshot())
		if len(picture) > most {
			t.Errorf("%s has %d bytes", p.name, len(picture))
		}
		if err := os.WriteFile(filepath.Join(*shots, p.name+".png"), picture, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
