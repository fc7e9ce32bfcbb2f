package pdf_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"chibo/internal/platform/paper"
	"chibo/internal/platform/paper/papertest"
	"chibo/internal/platform/pdf"
)

func write(t testing.TB, d paper.Document) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := pdf.Write(&out, d); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestSameBytes(t *testing.T) {
	undated := papertest.Resolution()
	undated.Created = time.Time{}
	for _, d := range []paper.Document{papertest.Resolution(), papertest.Slips(), undated} {
		first := write(t, d)
		for range 3 {
			if !bytes.Equal(first, write(t, d)) {
				t.Errorf("%q: the same document gave other bytes", d.Title)
			}
		}
	}
}

// TestManyAtATime writes from many goroutines that share the fonts.
func TestManyAtATime(t *testing.T) {
	want := write(t, papertest.Minutes())
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if got := write(t, papertest.Minutes()); !bytes.Equal(got, want) {
				t.Error("other bytes beside other writers")
			}
		})
	}
	group.Wait()
}

// TestTextIsExtracted copies the text from the pages as a reader would.
func TestTextIsExtracted(t *testing.T) {
	needs(t, "pdftotext")
	file := filepath.Join(t.TempDir(), "resolution.pdf")
	save(t, file, pdf.Write, papertest.Resolution())
	out, err := exec.Command("pdftotext", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(string(out)), " ")
	for _, want := range []string{
		"ĐẢNG CỘNG SẢN VIỆT NAM", "Số 05-NQ/CB", "Mỏ Cày, ngày 05 tháng 02 năm 2026", "NGHỊ QUYẾT", "----", // pdftotext drops a hyphen that ends a line

		"quỹ “Đền ơn đáp nghĩa” (7.350.000 đồng);", "đ) Phân công đảng viên trẻ giúp người cao tuổi sử dụng dịch vụ công trực tuyến",
		"- Lưu Chi bộ.", "T/M CHI BỘ", "Nguyễn Văn Thuận",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not among the text of the pages", want)
		}
	}
}

// TestGeometry holds the page of rules 26.1: nothing stands outside the
// margins but the number, which begins on page 2, centred.
func TestGeometry(t *testing.T) {
	needs(t, "pdftotext")
	const slack = 0.3 // boxes are rounded
	for name, document := range documents {
		t.Run(name, func(t *testing.T) {
			d := document()
			file := filepath.Join(t.TempDir(), "d.pdf")
			save(t, file, pdf.Write, d)
			f := d.Format
			left, right := f.Margins.Left*millimetre, (f.WidthMM-f.Margins.Right)*millimetre
			top, bottom := f.Margins.Top*millimetre, (f.HeightMM-f.Margins.Bottom)*millimetre
			numbers := map[int]string{}
			pages := 0
			for _, w := range wordsOf(t, file) {
				pages = max(pages, w.page)
				if w.y < top {
					numbers[w.page] += w.text
					if middle := (w.x + w.right) / 2; middle < (left+right)/2-slack || middle > (left+right)/2+slack {
						t.Errorf("the number of page %d stands at %.1f, not in the middle", w.page, middle)
					}
					continue
				}
				if w.x < left-slack || w.right > right+slack || w.y > bottom+0.3*f.BodyPt {
					t.Errorf("page %d: %q stands in a margin (%.1f to %.1f, %.1f)", w.page, w.text, w.x, w.right, w.y)
				}
			}
			if numbers[1] != "" || numbers[2] != "2" || pages < 3 || numbers[3] != "3" {
				t.Errorf("page numbers %v", numbers)
			}
		})
	}
}

// TestHeadReturns looks for the head of a long table on each of its pages.
func TestHeadReturns(t *testing.T) {
	needs(t, "pdftotext")
	file := filepath.Join(t.TempDir(), "slips.pdf")
	save(t, file, pdf.Write, papertest.Slips())
	heads := map[int]bool{}
	for _, w := range wordsOf(t, file) {
		if w.text == "Muộn" {
			heads[w.page] = true
		}
	}
	if !heads[3] || !heads[4] || !heads[5] || len(heads) != 3 {
		t.Errorf("the head stands on pages %v, want 3, 4 and 5", heads)
	}
}

// TestLongRowIsTornNotLost sets a cell of three pages.
func TestLongRowIsTornNotLost(t *testing.T) {
	needs(t, "pdftotext")
	const words = 2500
	d := paper.Document{Format: papertest.Format(), Blocks: []paper.Block{paper.Table{
		Columns: []paper.Column{{WidthMM: 20}, {}},
		Head:    []paper.Row{paper.Cells("TT", "Ý kiến")},
		Rows:    []paper.Row{paper.Cells("1", strings.Repeat("nhất_trí ", words)), paper.Cells("2", "hết")},
	}}}
	file := filepath.Join(t.TempDir(), "long.pdf")
	save(t, file, pdf.Write, d)
	count, last := 0, word{}
	for _, w := range wordsOf(t, file) {
		if w.text == "nhất_trí" {
			count++
		}
		if limit := (297 - 20) * millimetre; w.y > limit+0.3*14 {
			t.Fatalf("page %d: %q stands in the margin", w.page, w.text)
		}
		last = w
	}
	if count != words || last.text != "hết" || last.page < 3 {
		t.Errorf("%d of %d words; the last is %q on page %d", count, words, last.text, last.page)
	}
}

func TestAnyPicture(t *testing.T) {
	deep := image.NewNRGBA64(image.Rect(0, 0, 30, 20))
	clear := image.NewNRGBA(image.Rect(5, 5, 15, 15)) // fully transparent
	deep.Set(3, 3, color.RGBA{200, 0, 0, 255})
	for name, m := range map[string]image.Image{"16 bits": deep, "transparent": clear, "palette": image.NewPaletted(image.Rect(0, 0, 9, 9), color.Palette{color.White, color.Black})} {
		var data bytes.Buffer
		if err := png.Encode(&data, m); err != nil {
			t.Fatal(err)
		}
		d := paper.Document{Format: papertest.Format(), Blocks: []paper.Block{paper.Image{PNG: data.Bytes(), WidthMM: 500}}}
		if out := write(t, d); !bytes.Contains(out, []byte("/Subtype /Image")) {
			t.Errorf("%s: no picture in the file", name)
		}
		cut := paper.Document{Format: papertest.Format(), Blocks: []paper.Block{paper.Image{PNG: data.Bytes()[:data.Len()-20], WidthMM: 50}}}
		if err := pdf.Write(io.Discard, cut); err == nil {
			t.Errorf("%s: half a picture was written", name)
		}
	}
}

func TestWriteRefusesABrokenDocument(t *testing.T) {
	if err := pdf.Write(io.Discard, paper.Document{}); err == nil {
		t.Error("a document without a format was written")
	}
}

type brokenDisk struct{}

func (brokenDisk) Write([]byte) (int, error) { return 0, errDisk }

var errDisk = errors.New("disk full")

func TestWriteReportsTheWriter(t *testing.T) {
	if err := pdf.Write(brokenDisk{}, papertest.Resolution()); !errors.Is(err, errDisk) {
		t.Errorf("got %v", err)
	}
}

// FuzzWrite sets any text in every place of a page.
func FuzzWrite(f *testing.F) {
	for _, seed := range []string{"Đảng ủy", "a\x00\xff\ufffe", "😀漢字Ж", strings.Repeat("dài", 300), "a\n\n\nb\n", "\u00ad\u200b", `(\)`, " - - - "} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d := paper.Document{Format: papertest.Format(), Title: s, Subject: s, Author: s, Blocks: []paper.Block{
			paper.Letterhead{Superior: s, Issuer: s, Number: s, Motto: s, PlaceDate: s},
			paper.Paragraph{Runs: []paper.Run{{Text: s, Underline: true}, {Text: s, Bold: true, Italic: true}}},
			paper.Table{Columns: []paper.Column{{WidthMM: 8}, {}}, Head: []paper.Row{paper.Cells(s, s)}, Rows: []paper.Row{paper.Cells(s, s)}},
			paper.Closing{Recipients: paper.Recipients{Lines: []string{s}}, Signature: paper.Signature{Post: s, Name: s}},
		}}
		if err := pdf.Write(io.Discard, d); err != nil {
			t.Error(err)
		}
	})
}

// BenchmarkPDF writes minutes of six pages, reading the fonts each time; the
// budget is 200 ms (design 6).
func BenchmarkPDF(b *testing.B) {
	d := papertest.Minutes()
	b.ReportAllocs()
	for b.Loop() {
		if err := pdf.Write(io.Discard, d); err != nil {
			b.Fatal(err)
		}
	}
}
