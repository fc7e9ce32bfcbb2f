package blob

import (
	"bufio"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"

	"chibo/internal/platform/errs"
)

const (
	// pixelsMost bounds the memory of one picture; phones send 12 million.
	pixelsMost  = 40_000_000
	jpegQuality = 88
)

// redraw writes the picture anew, so that nothing is left of it but what one
// sees: a photo carries the place, the time and the device, and files hide
// behind pictures. The turn that a camera notes is applied.
func (s *Store) redraw(media string, sent *os.File) (*os.File, error) {
	s.decoding <- struct{}{}
	defer func() { <-s.decoding }()
	picture, err := decode(media, sent)
	if err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Join(s.dir, incoming), "picture-*")
	if err != nil {
		return nil, classify(err)
	}
	w := bufio.NewWriter(f)
	if media == JPEG {
		err = jpeg.Encode(w, picture, &jpeg.Options{Quality: jpegQuality})
	} else {
		err = png.Encode(w, picture)
	}
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		discard(f)
		return nil, classify(err)
	}
	return f, nil
}

// decode reads the picture as one sees it.
func decode(media string, content io.ReadSeeker) (image.Image, error) {
	readConfig, read := png.DecodeConfig, png.Decode
	if media == JPEG {
		readConfig, read = jpeg.DecodeConfig, jpeg.Decode
	}
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return nil, classify(err)
	}
	config, err := readConfig(bufio.NewReader(content))
	if err != nil {
		return nil, errs.Field("file", "errs.file_image")
	}
	if config.Width < 1 || config.Height < 1 || config.Width > pixelsMost/config.Height {
		return nil, errs.Field("file", "errs.file_pixels", pixelsMost/1_000_000)
	}
	turn := upright
	if media == JPEG {
		if turn, err = orientation(content); err != nil {
			return nil, classify(err)
		}
	}
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return nil, classify(err)
	}
	picture, err := read(bufio.NewReader(content))
	if err != nil {
		return nil, errs.Field("file", "errs.file_image")
	}
	if turn == upright {
		return picture, nil
	}
	return turned{picture, turn}, nil
}

// turned is a picture seen through the turn of Exif's orientation, 2 to 8.
type turned struct {
	image.Image
	turn int
}

const upright = 1

// Turns from 5 on swap width and height.
func (p turned) swaps() bool { return p.turn >= 5 }

func (p turned) Bounds() image.Rectangle {
	b := p.Image.Bounds()
	if p.swaps() {
		return image.Rect(0, 0, b.Dy(), b.Dx())
	}
	return image.Rect(0, 0, b.Dx(), b.Dy())
}

func (p turned) At(x, y int) color.Color {
	b := p.Image.Bounds()
	if p.swaps() {
		x, y = y, x
	}
	if p.turn == 2 || p.turn == 3 || p.turn == 7 || p.turn == 8 {
		x = b.Dx() - 1 - x
	}
	if p.turn == 3 || p.turn == 4 || p.turn == 6 || p.turn == 7 {
		y = b.Dy() - 1 - y
	}
	return p.Image.At(b.Min.X+x, b.Min.Y+y)
}

// orientation finds the turn in the Exif part of a JPEG file: upright where
// there is none or it cannot be read.
func orientation(content io.ReadSeeker) (int, error) {
	if _, err := content.Seek(2, io.SeekStart); err != nil {
		return 0, err
	}
	r := bufio.NewReader(content)
	for {
		var head [4]byte
		if _, err := io.ReadFull(r, head[:]); err != nil || head[0] != 0xff {
			return upright, nil
		}
		size := int(binary.BigEndian.Uint16(head[2:])) - 2
		if size < 0 || head[1] == startOfScan {
			return upright, nil
		}
		part := make([]byte, size)
		if _, err := io.ReadFull(r, part); err != nil {
			return upright, nil
		}
		if head[1] == app1 && len(part) > 14 && string(part[:6]) == "Exif\x00\x00" {
			return exifTurn(part[6:]), nil
		}
	}
}

const (
	startOfScan    = 0xda
	app1           = 0xe1
	tagOrientation = 0x0112
)

// exifTurn reads the orientation of a TIFF header and its first directory.
func exifTurn(tiff []byte) int {
	var order binary.ByteOrder
	switch string(tiff[:2]) {
	case "II":
		order = binary.LittleEndian
	case "MM":
		order = binary.BigEndian
	default:
		return upright
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return upright
	}
	entries := uint64(order.Uint16(tiff[at:]))
	for i := range entries {
		entry := at + 2 + 12*i
		if entry+12 > uint64(len(tiff)) {
			return upright
		}
		if order.Uint16(tiff[entry:]) != tagOrientation {
			continue
		}
		if turn := int(order.Uint16(tiff[entry+8:])); turn >= upright && turn <= 8 {
			return turn
		}
		return upright
	}
	return upright
}
