package document_test

import (
	"os"
	"testing"

	"chibo/internal/document"
)

func TestLook(t *testing.T) {
	dir := os.Getenv("LOOK")
	m := whole(t)
	for _, kind := range document.Kinds {
		o := document.Order{Kind: kind, ID: int64(m.meeting)}
		switch kind {
		case document.KindResolution:
			o.ID = int64(m.resolution)
		case document.KindTasks:
			o.ID = int64(m.CellA.ID)
		case document.KindVersion:
			continue
		}
		d, err := m.compose(m.SecretaryA, o)
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		for _, f := range document.Formats {
			file, err := document.Write(d, f)
			if err != nil {
				t.Errorf("%s: %v", kind, err)
				continue
			}
			if dir != "" {
				os.WriteFile(dir+"/"+file.Name, file.Body, 0o644)
			}
		}
	}
}
