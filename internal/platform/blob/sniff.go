package blob

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path"
	"strings"
	"unicode/utf8"

	"chibo/internal/platform/errs"
)

// Media types that a store takes.
//
// Not taken, on purpose: .doc, .xls and .ppt, which may hide macros or a
// password; webp and heic, which the standard library cannot strip of what they
// say about a place (browsers send jpg instead); sound and video, for what was
// said at a meeting is not recorded (rules 27) and villages have no bandwidth.
const (
	PDF  = "application/pdf"
	DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	ODT  = "application/vnd.oasis.opendocument.text"
	ODS  = "application/vnd.oasis.opendocument.spreadsheet"
	ODP  = "application/vnd.oasis.opendocument.presentation"
	JPEG = "image/jpeg"
	PNG  = "image/png"
	Text = "text/plain; charset=utf-8"
)

var byExtension = map[string]string{
	".pdf": PDF, ".docx": DOCX, ".xlsx": XLSX, ".pptx": PPTX, ".odt": ODT, ".ods": ODS, ".odp": ODP,
	".jpg": JPEG, ".jpeg": JPEG, ".png": PNG, ".txt": Text,
}

// Accept is what a file field offers to choose from.
const Accept = ".pdf,.docx,.xlsx,.pptx,.odt,.ods,.odp,.jpg,.jpeg,.png,.txt"

func isPicture(media string) bool { return media == JPEG || media == PNG }

// Sniff is the media type of the file, on which its name and its bytes agree.
// A kind that is not taken, or a disagreement, is errs.Invalid on the field
// "file".
func Sniff(name string, content io.ReadSeeker) (string, error) {
	media, taken := byExtension[strings.ToLower(path.Ext(name))]
	head, err := peek(content)
	if err != nil {
		return "", classify(err)
	}
	switch {
	case bytes.HasPrefix(head, oleMark):
		return "", errs.Field("file", "errs.file_old_office")
	case !taken:
		return "", errs.Field("file", "errs.file_kind")
	}
	var fits bool
	switch media {
	case PDF:
		fits = bytes.HasPrefix(head, []byte("%PDF-"))
	case JPEG:
		fits = bytes.HasPrefix(head, []byte("\xff\xd8\xff"))
	case PNG:
		fits = bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n"))
	case Text:
		fits, err = isText(content)
	default:
		fits, err = isOffice(media, content)
	}
	if err != nil {
		return "", classify(err)
	}
	if !fits {
		return "", errs.Field("file", "errs.file_mismatch")
	}
	return media, nil
}

// oleMark begins the Office formats of before 2007, and the newer ones when
// they are encrypted.
var oleMark = []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

func peek(content io.ReadSeeker) ([]byte, error) {
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	head := make([]byte, 512)
	n, err := io.ReadFull(content, head)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = nil
	}
	return head[:n], err
}

// isText reports whether the whole file is UTF-8 without control characters
// other than line ends and tabs.
func isText(content io.ReadSeeker) (bool, error) {
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return false, err
	}
	buffer := make([]byte, 0, 32<<10)
	for {
		n, err := content.Read(buffer[len(buffer):cap(buffer)])
		buffer = buffer[:len(buffer)+n]
		rest, ok := textPrefix(buffer)
		if !ok {
			return false, nil
		}
		if err == io.EOF {
			return len(rest) == 0, nil
		}
		if err != nil {
			return false, err
		}
		buffer = buffer[:copy(buffer[:cap(buffer)], rest)]
	}
}

// textPrefix reads over text and gives back a letter that is not complete yet.
func textPrefix(b []byte) (rest []byte, ok bool) {
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			return b, !utf8.FullRune(b)
		}
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\f' || r == 0x7f {
			return nil, false
		}
		b = b[size:]
	}
	return nil, true
}

// mainPart is the file without which an Office document is not what it says.
var mainPart = map[string]string{DOCX: "word/document.xml", XLSX: "xl/workbook.xml", PPTX: "ppt/presentation.xml"}

const (
	entriesMost     = 20_000
	contentTypeMost = 1 << 20
)

// isOffice reports whether the archive is a document of the type. One that
// carries a program is errs.Invalid.
func isOffice(media string, content io.ReadSeeker) (bool, error) {
	archive, ok := openArchive(content)
	if !ok {
		return false, nil
	}
	declared, fits := "", false
	for _, entry := range archive.File {
		if carriesProgram(entry.Name) {
			return false, errs.Field("file", "errs.file_macros")
		}
		if entry.Name == "[Content_Types].xml" || entry.Name == "mimetype" {
			text, err := readEntry(entry)
			if err != nil {
				return false, nil // a broken archive is not a document
			}
			declared += text
		}
		fits = fits || entry.Name == mainPart[media]
	}
	if strings.Contains(declared, "macroEnabled") || strings.Contains(declared, "vbaProject") {
		return false, errs.Field("file", "errs.file_macros")
	}
	if _, microsoft := mainPart[media]; microsoft {
		return fits && declared != "", nil
	}
	return strings.TrimSpace(declared) == media, nil
}

func openArchive(content io.ReadSeeker) (*zip.Reader, bool) {
	size, err := content.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, false
	}
	archive, err := zip.NewReader(readerAt(content), size)
	return archive, err == nil && len(archive.File) <= entriesMost
}

// readerAt gives the file itself where it can, as it always does in a store.
func readerAt(content io.ReadSeeker) io.ReaderAt {
	if f, ok := content.(*os.File); ok {
		return f
	}
	return seeking{content}
}

type seeking struct{ io.ReadSeeker }

func (s seeking) ReadAt(p []byte, offset int64) (int, error) {
	if _, err := s.Seek(offset, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(s, p)
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	return n, err
}

// carriesProgram reports the parts in which Office and OpenDocument keep
// macros, controls and embedded programs.
func carriesProgram(entry string) bool {
	entry = strings.ToLower(entry)
	return strings.HasSuffix(entry, "vbaproject.bin") || strings.HasSuffix(entry, "vbadata.xml") ||
		strings.HasPrefix(entry, "basic/") || strings.HasPrefix(entry, "scripts/") ||
		strings.Contains(entry, "/activex/") || strings.HasPrefix(entry, "xl/macrosheets/") ||
		strings.HasSuffix(entry, ".exe") || strings.HasSuffix(entry, ".dll") || strings.HasSuffix(entry, ".js")
}

func readEntry(entry *zip.File) (string, error) {
	r, err := entry.Open()
	if err != nil {
		return "", err
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, contentTypeMost))
	return string(text), err
}
