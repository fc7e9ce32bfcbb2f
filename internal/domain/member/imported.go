package member

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// imported is the snapshot of somebody who came with many others. Registers leave
// most of form 2-KNĐ open: without what is empty an entry of the journal is a
// third shorter, and reads the same.
type imported struct {
	Member   Member
	CV       CV
	Document string
}

// AppendJSON makes imported a journal.Appender.
func (i imported) AppendJSON(to []byte) []byte {
	o := object{to: append(to, `{"Member":`...)}
	o.member(i.Member)
	o.to = append(o.to, `,"CV":`...)
	o.cv(i.CV)
	o.next = true
	o.some("Document", i.Document)
	return append(o.to, '}')
}

func (o *object) member(m Member) {
	o.begin()
	o.text("ID", m.ID.String())
	o.text("Unit", m.Unit.String())
	o.text("Group", m.Group.String())
	o.text("Status", string(m.Status))
	o.text("Left", m.Left.String())
	o.number("Version", m.Version)
	o.text("BirthName", m.BirthName)
	o.text("Name", m.Name)
	o.text("Sex", string(m.Sex))
	o.text("Birth", m.Birth.String())
	o.text("Card", m.Card)
	o.text("CVNumber", m.CVNumber)
	o.text("Admitted", m.Admitted.String())
	o.text("Ceremony", m.Ceremony.String())
	o.text("Recognised", m.Recognised.String())
	o.number("Inactive", int64(m.Inactive))
	o.end()
}

func (o *object) cv(v CV) {
	o.begin()
	o.some("OtherNames", v.OtherNames)
	o.some("Birthplace", v.Birthplace)
	o.some("Home", v.Home)
	o.some("Residence", v.Residence)
	o.some("Ethnic", v.Ethnic)
	o.some("Religion", v.Religion)
	o.some("Occupation", v.Occupation)
	o.some("Schooling", v.Schooling)
	o.some("Expertise", v.Expertise)
	o.some("Degree", v.Degree)
	o.some("AcademicTitle", v.AcademicTitle)
	o.some("Theory", v.Theory)
	o.some("Languages", v.Languages)
	o.some("Computing", v.Computing)
	o.some("MinorityLanguages", v.MinorityLanguages)
	o.some("UnionJoined", v.UnionJoined.String())
	o.some("UnionPlace", v.UnionPlace)
	o.some("Phone", v.Phone)
	o.end()
}

// object is JSON while it is written.
type object struct {
	to   []byte
	next bool // a field stands before
}

func (o *object) begin() { o.to, o.next = append(o.to, '{'), false }
func (o *object) end()   { o.to = append(o.to, '}') }

func (o *object) name(field string) {
	if o.next {
		o.to = append(o.to, ',')
	}
	o.next = true
	o.to = append(append(append(o.to, '"'), field...), `":`...)
}

func (o *object) number(field string, n int64) {
	o.name(field)
	o.to = strconv.AppendInt(o.to, n, 10)
}

func (o *object) text(field, s string) {
	o.name(field)
	o.to = appendText(o.to, s)
}

// some leaves out what is empty.
func (o *object) some(field, s string) {
	if s != "" {
		o.text(field, s)
	}
}

// appendText leaves to encoding/json what must be written otherwise than it is.
func appendText(to []byte, s string) []byte {
	if strings.ContainsFunc(s, escaped) {
		quoted, _ := json.Marshal(s) // a text never fails
		return append(to, quoted...)
	}
	return append(append(append(to, '"'), s...), '"')
}

func escaped(r rune) bool {
	switch r {
	case '"', '\\', '<', '>', '&', '\u2028', '\u2029', utf8.RuneError:
		return true
	}
	return r < ' '
}
