// Package member keeps the register of members: who they are (form 2-KNĐ),
// where they belong, in which state of membership they are and what lies over
// it for a time (rules 2.6), and what their party age is (rules 9).
//
// A person without a party card may be kept too, so that a role can be given.
// The package knows no sign-in and no meetings.
package member

import (
	"fmt"

	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
)

// ID names a person.
type ID = access.PersonID

// Status is a state of membership (rules 2.6).
type Status string

const (
	// Outside is whoever holds a role without being a member.
	Outside            Status = ""
	Probationary       Status = "probationary"
	Official           Status = "official"
	StruckOff          Status = "struck_off"
	Expelled           Status = "expelled"
	LeftOnRequest      Status = "left_on_request"
	AdmissionCancelled Status = "admission_cancelled"
	Deceased           Status = "deceased"
	// Merged is a record that turned out to be of somebody who has another one.
	Merged Status = "merged"
)

// Active reports whether the person is a member now.
func (s Status) Active() bool { return s == Probationary || s == Official }

// Sex is as in the birth certificate.
type Sex string

const (
	Male   Sex = "male"
	Female Sex = "female"
)

// Member is who somebody is and where they belong.
type Member struct {
	ID     ID
	Unit   orgtree.ID
	Group  unit.GroupID // zero for none
	Status Status
	// Left is the first day on which the person was no member any more.
	Left    clock.Date
	Version int64
	Core
}

// Core is what is asked of everybody.
type Core struct {
	BirthName string // as on the birth certificate
	Name      string // in use; the same if nobody said otherwise
	Sex       Sex
	Birth     clock.Date
	Card      string // number of the member card
	CVNumber  string // số lý lịch (rules 11.3)
	// Admitted is the day of the admission decision, Ceremony "ngày vào Đảng",
	// Recognised "ngày chính thức": three different days (rules 9).
	Admitted, Ceremony, Recognised clock.Date
	// Inactive counts the months without activity, which party age leaves out.
	Inactive int
}

// CV is the rest of form 2-KNĐ that the register keeps.
type CV struct {
	OtherNames        string
	Birthplace        string
	Home              string // quê quán
	Residence         string
	Ethnic            string
	Religion          string
	Occupation        string
	Schooling         string // giáo dục phổ thông
	Expertise         string // chuyên môn, nghiệp vụ
	Degree            string // học vị
	AcademicTitle     string // học hàm
	Theory            string // lý luận chính trị
	Languages         string
	Computing         string
	MinorityLanguages string
	UnionJoined       clock.Date // vào Đoàn
	UnionPlace        string
	Phone             string
}

// source is how the role of membership is found again.
func source(person ID) string { return fmt.Sprintf("member:%d", int64(person)) }

// AdmittedOn is the day from which party age counts: the decision, or where
// none is extant the day on the card (HD06 5.3).
func (c Core) AdmittedOn() clock.Date {
	if c.Admitted.IsZero() {
		return c.Ceremony
	}
	return c.Admitted
}

// PartyAge counts full months of party age on the day (rules 9). Who was not
// recognised official by then has none.
func (c Core) PartyAge(day clock.Date) (months int, ok bool) {
	if c.Recognised.IsZero() || day.Before(c.Recognised) || c.AdmittedOn().IsZero() {
		return 0, false
	}
	return max(0, day.MonthsSince(c.AdmittedOn())-c.Inactive), true
}

// Age is the full years of life on the day; 0 for an unknown birth date.
func (c Core) Age(day clock.Date) int {
	if c.Birth.IsZero() {
		return 0
	}
	return max(0, day.MonthsSince(c.Birth)/12)
}

// StatusChange is a step of membership: from which day, by which document.
type StatusChange struct {
	Status   Status
	From     clock.Date
	Document string
	Reason   string
}

// Place is the cell in which somebody was, from From to the day before To.
type Place struct {
	Unit     orgtree.ID
	From, To clock.Date
	Document string
}
