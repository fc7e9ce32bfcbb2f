// Package docx writes a paper.Document as a Word file (Office Open XML).
//
// It knows WordprocessingML; where things stand is decided by paper/layout.
// The same document gives the same bytes.
package docx

import (
	"archive/zip"
	"fmt"
	"io"
	"time"

	"chibo/internal/platform/paper"
	"chibo/internal/platform/paper/layout"
)

// Write writes the document to w. It fails on a document that does not pass
// its Check, and when w does.
func Write(w io.Writer, d paper.Document) error {
	if err := d.Check(); err != nil {
		return fmt.Errorf("docx: %w", err)
	}
	b := &builder{sheet: layout.Of(d)}
	document := b.document()
	parts := []part{
		{"[Content_Types].xml", contentTypes(len(b.pictures) > 0, d.Format)},
		{"_rels/.rels", packageRelations},
		{"docProps/core.xml", coreProperties(d)},
		{"docProps/app.xml", appProperties},
		{"word/document.xml", document},
		{"word/_rels/document.xml.rels", b.relations()},
		{"word/styles.xml", stylesPart(b.sheet)},
		{"word/settings.xml", settingsPart},
		{"word/fontTable.xml", fontTable(d.Format)},
	}
	if numbered(d.Format) {
		parts = append(parts, part{"word/header1.xml", header(b.sheet, true)}, part{"word/header2.xml", header(b.sheet, false)})
	}
	for i, p := range b.pictures {
		parts = append(parts, part{"word/" + pictureName(i), p.PNG})
	}
	return writeZip(w, parts)
}

type part struct {
	name string
	data []byte
}

// epoch is the time of every entry: the oldest that a zip file can tell.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

func writeZip(w io.Writer, parts []part) error {
	archive := zip.NewWriter(w)
	for _, p := range parts {
		entry, err := archive.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate, Modified: epoch})
		if err != nil {
			return fmt.Errorf("docx: %s: %w", p.name, err)
		}
		if _, err := entry.Write(p.data); err != nil {
			return fmt.Errorf("docx: %s: %w", p.name, err)
		}
	}
	if err := archive.Close(); err != nil {
		return fmt.Errorf("docx: %w", err)
	}
	return nil
}

func numbered(f paper.Format) bool { return f.PageNumber.From > 0 }

func pictureName(i int) string { return fmt.Sprintf("media/image%d.png", i+1) }
