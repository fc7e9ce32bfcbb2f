package xlsx

import (
	"bytes"
	"io"

	"chibo/internal/platform/errs"
)

// oleMark begins the container of old Office files, in which a workbook that
// is locked by a password lies too.
var oleMark = []byte{0xD0, 0xCF, 0x11, 0xE0}

// lockedMark names the stream that holds a locked workbook.
var lockedMark = []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")

// refuseOLE tells a locked workbook from an old one (.xls).
func refuseOLE(r io.Reader) error {
	buf := make([]byte, 64<<10)
	kept := 0
	for {
		n, err := r.Read(buf[kept:])
		if bytes.Contains(buf[:kept+n], lockedMark) {
			return errs.New(errs.Invalid, "xlsx.locked")
		}
		if err == io.EOF {
			return errs.New(errs.Invalid, "xlsx.old")
		}
		if err != nil {
			return errs.Wrap(err, errs.Unavailable, "xlsx.unreadable")
		}
		tail := min(len(lockedMark)-1, kept+n)
		kept = copy(buf, buf[kept+n-tail:kept+n])
	}
}

// foreign reports whether a file begins as one that is no table: a web page
// under the name of a workbook, a PDF, a text for printing.
func foreign(start []byte) bool {
	start = bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(start, []byte(byteOrderMark)), " \t\r\n"))
	for _, mark := range []string{"<", "%pdf", "{\\rtf"} {
		if bytes.HasPrefix(start, []byte(mark)) {
			return true
		}
	}
	return false
}
