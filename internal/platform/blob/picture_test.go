package blob_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"testing"

	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
)

// quarters is a picture whose four corners differ, 32 wide and 16 high: red and
// green above, blue and white below.
func quarters() image.Image {
	p := image.NewRGBA(image.Rect(0, 0, 32, 16))
	for y := range 16 {
		for x := range 32 {
			c := [2][2]color.RGBA{
				{{R: 255, A: 255}, {G: 255, A: 255}},
				{{B: 255, A: 255}, {R: 255, G: 255, B: 255, A: 255}},
			}[y/8][x/16]
			p.Set(x, y, c)
		}
	}
	return p
}

// photo is a JPEG file that notes a turn and a place.
func photo(t testing.TB, turn uint16) []byte {
	t.Helper()
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, quarters(), &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	tiff := []byte("MM\x00\x2a\x00\x00\x00\x08\x00\x01")
	tiff = binary.BigEndian.AppendUint16(tiff, 0x0112)
	tiff = append(tiff, 0, 3, 0, 0, 0, 1)
	tiff = binary.BigEndian.AppendUint16(tiff, turn)
	tiff = append(tiff, 0, 0)
	exif := append(append([]byte("Exif\x00\x00"), tiff...), "GPS 21.0285N 105.8542E"...)
	part := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(exif)+2))
	part = append(part, exif...)
	whole := append(append([]byte{0xff, 0xd8}, part...), plain.Bytes()[2:]...)
	return append(whole, "behind the picture: 21.0285N"...)
}

func stored(t testing.TB, name string, content []byte) []byte {
	t.Helper()
	s, _ := store(t)
	f, err := s.Put(name, bytes.NewReader(content), megabyte)
	if err != nil {
		t.Fatal(err)
	}
	file, err := s.Open(f.Hash)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	kept, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

func TestAPhotoLosesItsPlaceAndIsTurnedUpright(t *testing.T) {
	// The corners as one sees them, row by row, for each turn of Exif.
	for turn, corners := range map[uint16]string{
		1: "rg bw", 2: "gr wb", 3: "wb gr", 4: "bw rg",
		5: "rb gw", 6: "br wg", 7: "wg br", 8: "gw rb",
		9: "rg bw",
	} {
		kept := stored(t, "ảnh.jpg", photo(t, turn))
		if bytes.Contains(kept, []byte("21.0285N")) || bytes.Contains(kept, []byte("Exif")) {
			t.Errorf("turn %d: the place is still in the photo", turn)
		}
		p, err := jpeg.Decode(bytes.NewReader(kept))
		if err != nil {
			t.Fatal(err)
		}
		if got := cornersOf(p); got != corners {
			t.Errorf("turn %d shows %q, want %q", turn, got, corners)
		}
	}
}

func cornersOf(p image.Image) string {
	b := p.Bounds()
	at := func(x, y int) string {
		r, g, b, _ := p.At(x, y).RGBA()
		switch {
		case r > 0x8000 && g > 0x8000 && b > 0x8000:
			return "w"
		case r > 0x8000:
			return "r"
		case g > 0x8000:
			return "g"
		default:
			return "b"
		}
	}
	left, right, top, bottom := 3, b.Dx()-4, 3, b.Dy()-4
	return at(left, top) + at(right, top) + " " + at(left, bottom) + at(right, bottom)
}

func TestAScreenshotLosesItsNotes(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, quarters()); err != nil {
		t.Fatal(err)
	}
	noted := insertChunk(b.Bytes(), "tEXt", "Location\x0021.0285N")
	if _, err := png.Decode(bytes.NewReader(noted)); err != nil {
		t.Fatal(err)
	}
	kept := stored(t, "màn hình.png", noted)
	if bytes.Contains(kept, []byte("21.0285N")) {
		t.Error("the note is still in the picture")
	}
	p, err := png.Decode(bytes.NewReader(kept))
	if err != nil {
		t.Fatal(err)
	}
	if got := cornersOf(p); got != "rg bw" {
		t.Errorf("shows %q", got)
	}
}

// insertChunk puts a chunk behind the header of a PNG file.
func insertChunk(file []byte, kind, content string) []byte {
	const header = 8 + 25
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(content)))
	chunk = append(append(chunk, kind...), content...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	return append(append(bytes.Clone(file[:header]), chunk...), file[header:]...)
}

func TestPicturesThatAreRefused(t *testing.T) {
	huge := func() []byte {
		head := append([]byte("IHDR"), 0, 1, 0, 0, 0, 1, 0, 0, 8, 2, 0, 0, 0) // 65,536 × 65,536
		file := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), head...)
		return binary.BigEndian.AppendUint32(file, crc32.ChecksumIEEE(head))
	}()
	whole := photo(t, 1)
	for _, row := range []struct {
		what    string
		name    string
		content []byte
		key     string
	}{
		{"a bomb", "a.png", huge, "errs.file_pixels"},
		{"a cut photo", "a.jpg", whole[:len(whole)/2], "errs.file_image"},
		{"only a head", "a.jpg", []byte("\xff\xd8\xff\xe0"), "errs.file_image"},
		{"a jpg called png", "a.png", whole, "errs.file_mismatch"},
	} {
		s, dir := store(t)
		_, err := s.Put(row.name, bytes.NewReader(row.content), megabyte)
		testkit.Want(t, err, errs.Invalid)
		if e, ok := errs.As(err); !ok || e.Fields["file"].Key != row.key {
			t.Errorf("%s: %v, want %s", row.what, err, row.key)
		}
		if left := leftovers(t, dir); len(left) > 0 {
			t.Errorf("%s: left behind: %v", row.what, left)
		}
	}
}

func FuzzPicture(f *testing.F) {
	f.Add("a.jpg", photo(f, 6))
	f.Add("a.png", []byte("\x89PNG\r\n\x1a\n"))
	s, _ := store(f)
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		_, err := s.Put(name, bytes.NewReader(content), megabyte)
		if err != nil && !errs.Is(err, errs.Invalid) {
			t.Errorf("kind %v: %v", errs.KindOf(err), err)
		}
	})
}
