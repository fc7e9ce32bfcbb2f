package intake_test

import (
	"slices"
	"strings"
	"testing"

	"chibo/internal/domain/account"
	"chibo/internal/domain/intake"
	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

// two are two newcomers, the second in a party group that is new, and one whom
// the register knows without a phone.
const two = "Họ và tên,Giới tính,Ngày sinh,Ngày vào Đảng,Ngày chính thức,Điện thoại,Tổ đảng\n" +
	"Ngô Văn Mới,Nam,3/2/1980,19/5/2005,19/5/2006,0912345678,\n" +
	"Ngô Thị Hoa,Nữ,4/2/1980,19/5/2005,19/5/2006,,Tổ đảng 9\n" +
	"Mai Thị Xuân,Nữ,14/2/2003,20/12/2025,,0987654321,\n"

// imported is an import that was applied for cell A.
func imported(k *testkit.Kit, o *org.Org) intake.Import {
	k.T.Helper()
	f := open(k.T, intake.Members, []byte(two))
	f.settings.Twins = intake.Same
	j := f.job(intake.Members, o.CellA.ID)
	return apply(k, f, j, checked(k, f.book, j))
}

func TestUndoAsIfItHadNeverBeen(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		before := everybody(k)
		i := imported(k, o)
		if n := len(everybody(k)); n != len(before)+2 {
			t.Fatalf("%d people, want two more than %d", n, len(before))
		}
		phone := func() (p string) {
			k.Update(func(tx *db.Tx) error {
				f, err := member.Open(tx, access.Console(), o.ProbationaryA, "")
				p = f.CV.Phone
				return err
			})
			return p
		}
		if phone() != "0987654321" {
			t.Errorf("the phone is %q: whoever is known was not updated", phone())
		}
		k.Update(func(tx *db.Tx) error {
			i, err := intake.Find(tx, access.Console(), i.ID)
			if err != nil {
				return err
			}
			if i.Report.Updated != 1 {
				t.Errorf("report %+v", i.Report)
			}
			return intake.Undo(tx, access.Console(), i.ID, i.Version)
		})
		if !slices.Equal(everybody(k), before) {
			t.Error("the people are others than before")
		}
		if phone() != "" {
			t.Errorf("the phone is %q, want none again", phone())
		}
		k.View(func(tx *db.Tx) error {
			history, err := journal.History(tx, "intake", int64(i.ID))
			if len(history) != 2 || history[0].Verb != "intake.Apply" || history[1].Verb != "intake.Undo" {
				t.Errorf("the journal says %v", history)
			}
			return err
		})
	})
}

func TestWhoMayUndoAndWhatBars(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		i := imported(k, o)
		undo := func(tx *db.Tx, by access.Actor) error {
			i, err := intake.Find(tx, access.Console(), i.ID)
			if err != nil {
				return err
			}
			return intake.Undo(tx, by, i.ID, i.Version)
		}
		for _, row := range []struct {
			name string
			who  access.PersonID
			want errs.Kind
		}{
			{"the office", o.Office, testkit.OK},
			{"a member", o.MemberA, errs.NotFound},
			{"the secretary of the next cell", o.SecretaryB, errs.NotFound},
			{"the administrator", o.Admin, errs.NotFound},
		} {
			err := k.Try(func(tx *db.Tx) error {
				if err := undo(tx, o.As(tx, row.who)); err != nil {
					return err
				}
				return errs.New(errs.Unavailable, "test.rolled_back")
			})
			if errs.Is(err, errs.Unavailable) {
				err = nil
			}
			t.Run(row.name, func(t *testing.T) { testkit.Want(t, err, row.want) })
		}
		var newcomer member.ID
		k.View(func(tx *db.Tx) error {
			return member.Identities(tx, access.Console(), o.CellA, func(m member.Identity) error {
				if m.BirthName == "Ngô Văn Mới" {
					newcomer = m.ID
				}
				return nil
			})
		})
		k.Update(func(tx *db.Tx) error {
			_, err := account.Invite(tx, access.Console(), newcomer)
			return err
		})
		k.View(func(tx *db.Tx) error {
			found, err := intake.Dependents(tx, access.Console(), i.ID)
			if len(found) == 0 || found[0].What != "account" || found[0].Count != 1 {
				t.Errorf("what depends: %v, want the account", found)
			}
			return err
		})
		testkit.Want(t, k.Try(func(tx *db.Tx) error { return undo(tx, access.Console()) }), errs.Conflict)
		k.Update(func(tx *db.Tx) error {
			merges, err := intake.Merges(tx, access.Console(), i.ID)
			if err != nil || len(merges) != 1 || merges[0].Person != o.ProbationaryA {
				t.Errorf("merges %v, %v", merges, err)
				return err
			}
			return intake.TakeBackMerge(tx, access.Console(), i.ID, merges[0].Row)
		})
		testkit.Want(t, k.Try(func(tx *db.Tx) error { return intake.TakeBackMerge(tx, access.Console(), i.ID, 4) }), errs.Conflict)
	})
}

func TestAStagedSheetIsSeenByWhoSentItAlone(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		f := open(t, intake.Members, []byte(two))
		var i intake.Import
		send := func(tx *db.Tx, by access.Actor) (err error) {
			i, err = intake.Send(tx, by, intake.New{
				Unit: o.CellA.ID, Kind: intake.Members, Name: "a.csv", Hash: strings.Repeat("0", 64), Size: 1, Outline: f.outline, Settings: f.settings,
			})
			return err
		}
		for name, row := range map[string]struct {
			who  access.PersonID
			want errs.Kind
		}{
			"a member": {o.MemberA, errs.Denied}, "the next cell": {o.SecretaryB, errs.NotFound}, "nobody": {o.Nobody, errs.NotFound},
		} {
			err := k.Try(func(tx *db.Tx) error { return send(tx, o.As(tx, row.who)) })
			t.Run(name, func(t *testing.T) { testkit.Want(t, err, row.want) })
		}
		k.Update(func(tx *db.Tx) error { return send(tx, o.As(tx, o.SecretaryA)) })
		k.View(func(tx *db.Tx) error {
			_, err := intake.Find(tx, o.As(tx, o.SecretaryA), i.ID)
			testkit.Want(t, err, testkit.OK)
			_, err = intake.Find(tx, o.As(tx, o.Office), i.ID)
			testkit.Want(t, err, errs.NotFound)
			return nil
		})
		k.SetNow(k.Now().AddDate(0, 0, 8))
		k.Update(intake.Sweep)
		k.View(func(tx *db.Tx) error {
			_, err := intake.Find(tx, access.Console(), i.ID)
			testkit.Want(t, err, errs.NotFound)
			kept, err := intake.Held(tx, []string{strings.Repeat("0", 64)})
			if len(kept) != 0 {
				t.Error("the file of a sheet that expired is held")
			}
			return err
		})
	})
}

// FuzzSurvey reads any text as a table: whatever stands in it, it is refused or
// read, and the rows that are sent back are rows of it.
func FuzzSurvey(f *testing.F) {
	f.Add(two)
	f.Add("STT;Họ và tên\n(1);(2)\n1;Ngô Văn Mới\nTổng cộng;1")
	f.Add("a,b\n,,,\n\"")
	f.Fuzz(func(t *testing.T, content string) {
		book, err := intake.Open(strings.NewReader(content), int64(len(content)))
		if err != nil {
			return
		}
		o, s, err := book.Survey(intake.Members, -1)
		if err != nil {
			return
		}
		if s.First < 1 || s.Last < s.First || len(s.Columns) != len(o.Heading) {
			t.Errorf("settings %+v for the head %v", s, o.Heading)
		}
		if _, _, err := book.Reread(intake.Members, s); err != nil {
			t.Errorf("what was guessed cannot be read again: %v", err)
		}
	})
}
