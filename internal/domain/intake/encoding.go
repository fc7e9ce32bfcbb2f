package intake

import (
	"slices"

	"chibo/internal/platform/oldfont"
	"chibo/internal/platform/xlsx"
)

// Encoding is the way in which the texts of a sheet write Vietnamese that are
// set in no telling font. "" is Unicode; with Plain fonts do not count either.
type Encoding = oldfont.Encoding

// Plain leaves every text as it is.
const Plain = oldfont.Unicode

// Encodings are those that people choose from.
var Encodings = []Encoding{"", oldfont.TCVN3, oldfont.TCVN3Capitals, oldfont.VNI, oldfont.Windows1258, oldfont.UTF8Twice, Plain}

// Conversion is a text before and after it was converted.
type Conversion struct {
	Encoding Encoding `json:"encoding"`
	Before   string   `json:"before"`
	After    string   `json:"after"`
}

func knownEncoding(e Encoding) bool { return slices.Contains(Encodings, e) }

// encodingOf is the encoding of a cell: its font counts before its letters.
func (s Settings) encodingOf(c xlsx.Cell) Encoding {
	if s.Encoding == Plain || c.Font == "" {
		return s.Encoding
	}
	if e := oldfont.Of(c.Font); e != oldfont.Unicode {
		return e
	}
	return s.Encoding
}

// text is the cell in Unicode.
func (s Settings) text(c xlsx.Cell) string {
	if e := s.encodingOf(c); e != "" && e != Plain && c.Kind == xlsx.TextCell {
		return oldfont.Convert(e, c.Text)
	}
	return c.Text
}

// guessEncoding tells the encoding of cells by their fonts and letters.
func guessEncoding(cells []xlsx.Cell) Encoding {
	var texts, fonts []string
	for _, c := range cells {
		if c.Kind == xlsx.TextCell {
			texts, fonts = append(texts, c.Text), append(fonts, c.Font)
		}
	}
	if e := oldfont.Detect(texts, fonts); e != oldfont.Unicode {
		return e
	}
	return ""
}
