package pdf_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"chibo/internal/platform/docx"
	"chibo/internal/platform/paper"
	"chibo/internal/platform/paper/face"
	"chibo/internal/platform/paper/papertest"
	"chibo/internal/platform/pdf"
)

var documents = map[string]func() paper.Document{
	"resolution": papertest.Resolution,
	"minutes":    papertest.Minutes,
	"slips":      papertest.Slips,
}

// needs skips a test where a program is not installed.
func needs(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Skipf("%s is not installed", program)
	}
}

func save(t *testing.T, file string, write func(io.Writer, paper.Document) error, d paper.Document) {
	t.Helper()
	var out bytes.Buffer
	if err := write(&out, d); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// word is a word on a page, with its box in points.
type word struct {
	page   int
	x, y   float64 // of the lower left corner
	right  float64
	height float64
	text   string
}

// wordsOf reads the words of a PDF file with their places.
func wordsOf(t *testing.T, file string) []word {
	t.Helper()
	out, err := exec.Command("pdftotext", "-bbox", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	var html struct {
		Pages []struct {
			Words []struct {
				XMin float64 `xml:"xMin,attr"`
				YMin float64 `xml:"yMin,attr"`
				XMax float64 `xml:"xMax,attr"`
				YMax float64 `xml:"yMax,attr"`
				Text string  `xml:",chardata"`
			} `xml:"word"`
		} `xml:"body>doc>page"`
	}
	if err := xml.Unmarshal(out, &html); err != nil {
		t.Fatal(err)
	}
	var list []word
	for i, page := range html.Pages {
		for _, w := range page.Words {
			list = append(list, word{i + 1, w.XMin, w.YMax, w.XMax, w.YMax - w.YMin, w.Text})
		}
	}
	if len(list) == 0 {
		t.Fatalf("no words in %s", file)
	}
	return list
}

// TestLibreOfficeSetsTheSamePages opens the Word files in LibreOffice and
// compares with our PDF: the same words on the same pages, each within a
// millimetre of its place.
func TestLibreOfficeSetsTheSamePages(t *testing.T) {
	needs(t, "soffice")
	needs(t, "pdftotext")
	folder := t.TempDir()
	for name, document := range documents {
		save(t, filepath.Join(folder, name+".docx"), docx.Write, document())
	}
	convert(t, folder)
	for name, document := range documents {
		t.Run(name, func(t *testing.T) {
			ours := filepath.Join(folder, "our-"+name+".pdf")
			save(t, ours, pdf.Write, document())
			compare(t, wordsOf(t, ours), wordsOf(t, filepath.Join(folder, name+".pdf")))
		})
	}
}

// convert turns every Word file of the folder into PDF. LibreOffice gets the
// fonts of this program: a system may have none with Vietnamese letters.
func convert(t *testing.T, folder string) {
	t.Helper()
	for _, style := range face.Styles {
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("serif%d.ttf", style)), style.TTF(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	config := filepath.Join(folder, "fonts.conf")
	const fonts = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>%s</dir><cachedir>%s</cachedir></fontconfig>`
	if err := os.WriteFile(config, fmt.Appendf(nil, fonts, folder, filepath.Join(folder, "cache")), 0o644); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.docx"))
	if err != nil {
		t.Fatal(err)
	}
	office := exec.CommandContext(t.Context(), "soffice", append([]string{
		"-env:UserInstallation=file://" + filepath.Join(folder, "profile"),
		"--headless", "--convert-to", "pdf", "--outdir", folder,
	}, files...)...)
	office.Env = append(os.Environ(), "FONTCONFIG_FILE="+config, "HOME="+folder)
	if out, err := office.CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, out)
	}
}

const millimetre = 72 / 25.4

func compare(t *testing.T, ours, theirs []word) {
	t.Helper()
	if a, b := sorted(ours), sorted(theirs); len(a) != len(b) {
		t.Fatalf("%d words, LibreOffice sets %d", len(a), len(b))
	} else {
		ours, theirs = a, b
	}
	// The two measure a box from different tables of the font, so heights are
	// compared after the usual difference for a size is taken off.
	usual := map[int][]float64{}
	for i := range ours {
		size := int(math.Round(ours[i].height * 2))
		usual[size] = append(usual[size], ours[i].y-theirs[i].y)
	}
	for _, list := range usual {
		slices.Sort(list)
	}
	for i, a := range ours {
		b := theirs[i]
		if a.text != b.text || a.page != b.page {
			t.Fatalf("page %d has %q where LibreOffice has %q on page %d", a.page, a.text, b.text, b.page)
		}
		list := usual[int(math.Round(a.height*2))]
		dx, dy := a.x-b.x, a.y-b.y-list[len(list)/2]
		if math.Abs(dx) > millimetre || math.Abs(dy) > millimetre {
			t.Errorf("page %d, %q: %.1f mm right and %.1f mm below LibreOffice's", a.page, a.text, dx/millimetre, dy/millimetre)
		}
	}
}

// sorted puts equal words of a page together, each by its place: the files
// may hold the two columns of a closing in either order.
func sorted(words []word) []word {
	slices.SortFunc(words, func(a, b word) int {
		if a.page != b.page {
			return a.page - b.page
		}
		if c := strings.Compare(a.text, b.text); c != 0 {
			return c
		}
		if math.Abs(a.y-b.y) > millimetre {
			return int(math.Copysign(1, a.y-b.y))
		}
		return int(math.Copysign(1, a.x-b.x))
	})
	return words
}
