package intake_test

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"chibo/internal/domain/intake"
	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

// opened is a sheet with what was guessed about it.
type opened struct {
	book     intake.Book
	outline  intake.Outline
	settings intake.Settings
}

func open(t testing.TB, kind intake.Kind, file []byte) opened {
	t.Helper()
	book, err := intake.Open(bytes.NewReader(file), int64(len(file)))
	check(t, err)
	o, s, err := book.Survey(kind, -1)
	check(t, err)
	return opened{book, o, s}
}

func (o opened) job(kind intake.Kind, at orgtree.ID) intake.Job {
	return intake.Job{Kind: kind, Unit: at, Settings: o.settings, Heading: o.outline.Heading}
}

func unitOf(k *testkit.Kit, code string) (u orgtree.Unit) {
	k.T.Helper()
	k.View(func(tx *db.Tx) (err error) {
		u, _, err = orgtree.FindCode(tx, code)
		return err
	})
	if u.ID == 0 {
		k.T.Fatalf("there is no unit %s", code)
	}
	return u
}

func checked(k *testkit.Kit, book intake.Book, j intake.Job) (p intake.Plan) {
	k.T.Helper()
	k.View(func(tx *db.Tx) (err error) {
		p, err = intake.Check(tx, access.Console(), book, j)
		return err
	})
	return p
}

// TestShapes reads each register and writes what is right of it.
func TestShapes(t *testing.T) {
	for _, s := range shapes {
		t.Run(s.name, func(t *testing.T) {
			testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
				org.New(k)
				o := open(t, intake.Members, s.file(t))
				j := o.job(intake.Members, unitOf(k, s.at).ID)
				p := checked(k, o.book, j)
				back := slices.Sorted(maps.Keys(p.Reasons()))
				if p.Report.Rows != s.rows || p.Report.OK != s.ok || !slices.Equal(back, s.back) {
					t.Errorf("%d rows, %d right, sent back %v; want %d, %d, %v\ncolumns %v\nreasons %v\nskipped %v",
						p.Report.Rows, p.Report.OK, back, s.rows, s.ok, s.back, o.settings.Columns, p.Reasons(), p.Report.Skipped)
				}
				if got := written(k, o, j, p); !slices.Equal(got, s.people) {
					t.Errorf("written\n %s\nwant\n %s", strings.Join(got, "\n "), strings.Join(s.people, "\n "))
				}
			})
		})
	}
}

// written applies the plan and tells whom it made.
func written(k *testkit.Kit, o opened, j intake.Job, p intake.Plan) (people []string) {
	k.T.Helper()
	before := everybody(k)
	apply(k, o, j, p)
	k.Update(func(tx *db.Tx) error {
		for _, person := range everybodyIn(tx) {
			if slices.Contains(before, person) {
				continue
			}
			f, err := member.Open(tx, access.Console(), person, "")
			if err != nil {
				return err
			}
			words := fmt.Sprintf("%s %s %s %s %s %s %s %s", f.BirthName, f.Sex, f.Birth, f.Status, f.CV.Schooling, f.CV.Expertise, f.CV.Theory, f.CV.Phone)
			people = append(people, strings.Join(strings.Fields(words), " "))
		}
		return nil
	})
	return people
}

// apply applies the sheet, which must come out as its preview said.
func apply(k *testkit.Kit, o opened, j intake.Job, preview intake.Plan) intake.Import {
	k.T.Helper()
	i, p, err := intake.SendAndApply(k.T.Context(), k.DB, access.Console(), intake.New{
		Unit: j.Unit, Kind: j.Kind, Name: "Danh sách.xlsx", Hash: strings.Repeat("0", 64), Size: 1, Outline: o.outline, Settings: o.settings,
	}, o.book, j)
	check(k.T, err)
	if !reflect.DeepEqual(p.Report, preview.Report) {
		k.T.Errorf("applied\n%+v, want as in the preview\n%+v", p.Report, preview.Report)
	}
	return i
}

func everybody(k *testkit.Kit) (ids []member.ID) {
	k.View(func(tx *db.Tx) error {
		ids = everybodyIn(tx)
		return nil
	})
	return ids
}

func everybodyIn(tx *db.Tx) (ids []member.ID) {
	roots, err := orgtree.Roots(tx)
	if err != nil {
		panic(err)
	}
	for _, root := range roots {
		if err := member.Identities(tx, access.Console(), root, func(i member.Identity) error {
			ids = append(ids, i.ID)
			return nil
		}); err != nil {
			panic(err)
		}
	}
	slices.Sort(ids)
	return ids
}
