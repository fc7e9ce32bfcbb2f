package journal

import (
	"bufio"
	"errors"
	"io"
	"strings"
)

// A witness is a list of signed roots that is kept outside the database, each
// a few lines of text. Whoever cuts the end off the journal, its hashes and its
// roots must cut the witness too, and every copy of it.

// AppendWitness writes the roots at the end of a witness.
func AppendWitness(w io.Writer, roots []Root) error {
	for _, r := range roots {
		// An empty line on both sides tells a whole root from one that a crash
		// cut off.
		if _, err := io.WriteString(w, "\n"+r.Note+"\n"); err != nil {
			return err
		}
	}
	return nil
}

// witnessEnd is more than the last whole root and half a one after it need.
const witnessEnd = 4 << 10

// Witnessed is the size of the last tree that the witness knows: where Roots
// has to go on. It reads no more than the end, for a witness grows for years.
func Witnessed(r io.ReadSeeker, verifierKey string) (size int64, err error) {
	length, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, err
	}
	from, err := r.Seek(max(0, length-witnessEnd), io.SeekStart)
	if err != nil {
		return 0, err
	}
	list := readWitness(r, verifierKey)
	for amid := from > 0; ; amid = false {
		root, err := list.next()
		switch {
		case errors.Is(err, io.EOF):
			return size, nil
		case err != nil && !amid: // the first one may be cut where the end begins
			return 0, err
		}
		size = max(size, root.Size)
	}
}

type witness struct {
	lines *bufio.Scanner
	key   string
}

func readWitness(r io.Reader, verifierKey string) *witness {
	if r == nil {
		r = strings.NewReader("")
	}
	return &witness{bufio.NewScanner(r), verifierKey}
}

// next is the next whole root, or io.EOF. Half a root, left by a crash, is
// passed over.
func (w *witness) next() (Root, error) {
	var signed strings.Builder
	complete := false
	for w.lines.Scan() {
		line := w.lines.Text()
		switch {
		case line == origin:
			signed.Reset()
		case line == "" && complete:
			return Open(signed.String(), w.key)
		}
		signed.WriteString(line + "\n")
		complete = strings.HasPrefix(line, "— ")
	}
	if err := w.lines.Err(); err != nil {
		return Root{}, err
	}
	return Root{}, io.EOF
}
