// Package duplicate finds records of the register that are of one person, across
// units, and makes them one when people decide so.
//
// A search compares the whole register by the rules of package likeness and
// keeps what it finds as findings. Nothing is merged by itself: whoever has the
// office over both persons says that they are two, or merges the records after
// seeing exactly what would go where, and can take that back while nothing
// depends on it. What was adopted or closed keeps the old number.
package duplicate

import (
	"strconv"
	"strings"
	"time"

	"chibo/internal/domain/likeness"
	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
)

// ID names a finding.
type ID = id.Of[Finding]

// Noun is what the journal and links call a finding.
const Noun = "duplicate"

// State is what people have said to a finding.
type State string

const (
	Open   State = "open"
	Apart  State = "apart" // two different people
	Merged State = "merged"
)

// States are all there are.
var States = []State{Open, Apart, Merged}

// Finding is two records that may be of one person; One is the smaller number.
type Finding struct {
	ID         ID
	One, Other member.ID
	State      State
	likeness.Verdict
	Found     time.Time
	Decided   time.Time // zero while it is open
	DecidedBy access.PersonID
	Note      string
	Version   int64
}

// Side is one of the two in a list.
type Side struct {
	ID       member.ID
	Name     string
	Birth    clock.Date
	Card     string
	Status   member.Status
	Unit     orgtree.ID
	UnitName string
}

// Listed is a finding with who the two are.
type Listed struct {
	Finding
	First, Second Side
}

// Filter says which findings a list should show.
type Filter struct {
	State State // Open if it is empty
	// Person leaves the findings about somebody.
	Person member.ID
	// After is Page.Next of the page before; Limit is at most 200, 0 is 50.
	After string
	Limit int
}

// Page is a part of a list, the likeliest first.
type Page struct {
	Findings []Listed
	Next     string // "" on the last page
}

const (
	usualPage = 50
	largePage = 200
)

// cursor is behind which finding a page begins.
type cursor struct {
	score int
	id    ID
}

func (c cursor) String() string { return strconv.Itoa(c.score) + "/" + c.id.String() }

func parseCursor(s string) (c cursor, err error) {
	if s == "" {
		return c, nil
	}
	score, last, _ := strings.Cut(s, "/")
	c.score, err = strconv.Atoi(score)
	if err == nil {
		c.id, err = id.Parse[Finding](last)
	}
	if err != nil {
		return c, errs.Field("after", "errs.range")
	}
	return c, nil
}
