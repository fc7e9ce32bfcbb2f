package org_test

import (
	"testing"

	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

func TestTheOrganisationIsWhatItSays(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		k.View(func(tx *db.Tx) error {
			roll, err := member.Roster(tx, o.CellA.ID, k.Today())
			if err != nil {
				return err
			}
			var official, probationary, exempt int
			for _, r := range roll {
				switch {
				case r.Exempt:
					exempt++
				case r.Status == member.Official:
					official++
				case r.Status == member.Probationary:
					probationary++
				}
			}
			if official != 24 || probationary != 2 || exempt != 1 {
				t.Errorf("cell A has %d official, %d probationary, %d exempt", official, probationary, exempt)
			}
			if !o.As(tx, o.SecretaryA).Can(access.MeetingRun, o.CellA) || o.As(tx, o.SecretaryA).Can(access.MeetingRun, o.CellB) {
				t.Error("the secretary of A runs meetings of A and of no other cell")
			}
			if !o.As(tx, o.Office).Can(access.MemberManage, o.CellB) || o.As(tx, o.Office).Can(access.UnitRead, o.CellC) {
				t.Error("the office manages its own commune alone")
			}
			if grants := o.As(tx, o.Nobody).Grants(); len(grants) != 0 {
				t.Errorf("nobody holds %v", grants)
			}
			names, err := member.Names(tx, o.MembersA)
			if len(names) != 27 {
				t.Errorf("%d names, want 27", len(names))
			}
			return err
		})
	})
}
