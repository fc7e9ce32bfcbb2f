package intake_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chibo/internal/domain/intake"
	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/xlsx"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

// kept is a table that remembers what it took.
type kept struct {
	rows  [][]string
	whole bool
}

func (t *kept) Add(row []string) error {
	t.rows = append(t.rows, slices.Clone(row))
	return nil
}

func (t *kept) Close() error {
	t.whole = true
	return nil
}

// column is what stands under the head.
func (t *kept) column(head string) (list []string) {
	i := slices.Index(t.rows[0], head)
	for _, row := range t.rows[1:] {
		list = append(list, row[i])
	}
	return list
}

// carriedOut begins an export as the person and gives what came out of it.
func carriedOut(k *testkit.Kit, o *org.Org, person access.PersonID, begin func(*db.Tx, access.Actor) (intake.Exporting, error)) (*kept, error) {
	var e intake.Exporting
	if err := k.Try(func(tx *db.Tx) (err error) {
		e, err = begin(tx, o.As(tx, person))
		return err
	}); err != nil {
		return nil, err
	}
	t := &kept{}
	return t, e.Write(context.Background(), k.DB, t)
}

func TestWhoMayExportWhat(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		members := func(at orgtree.Unit) func(*db.Tx, access.Actor) (intake.Exporting, error) {
			return func(tx *db.Tx, by access.Actor) (intake.Exporting, error) {
				return intake.ExportMembers(tx, by, member.Filter{Unit: at.ID})
			}
		}
		units := func(at orgtree.Unit) func(*db.Tx, access.Actor) (intake.Exporting, error) {
			return func(tx *db.Tx, by access.Actor) (intake.Exporting, error) {
				return intake.ExportUnits(tx, by, at.ID, k.Today())
			}
		}
		posts := func(at orgtree.Unit) func(*db.Tx, access.Actor) (intake.Exporting, error) {
			return func(tx *db.Tx, by access.Actor) (intake.Exporting, error) {
				return intake.ExportPosts(tx, by, at.ID, k.Today())
			}
		}
		for _, row := range []struct {
			who    string
			person access.PersonID
			begin  func(*db.Tx, access.Actor) (intake.Exporting, error)
			kind   errs.Kind
			rows   int
		}{
			{"the secretary of the cell, its members", o.SecretaryA, members(o.CellA), testkit.OK, 27},
			{"the secretary of the other cell", o.SecretaryB, members(o.CellA), errs.NotFound, 0},
			{"a member", o.MemberA, members(o.CellA), errs.Denied, 0},
			{"the office, the members of both cells", o.Office, members(o.Commune), testkit.OK, 32},
			{"somebody without a role", o.Nobody, members(o.Commune), errs.NotFound, 0},
			{"the office, the tree", o.Office, units(o.Commune), testkit.OK, 3},
			{"a member, the cell", o.MemberA, units(o.CellA), testkit.OK, 1},
			{"a member, another commune", o.MemberA, units(o.OtherCommune), errs.NotFound, 0},
			{"the secretary of the cell, its posts", o.SecretaryA, posts(o.CellA), testkit.OK, 3},
			{"a member, the posts", o.MemberA, posts(o.CellA), errs.Denied, 0},
		} {
			out, err := carriedOut(k, o, row.person, row.begin)
			testkit.Want(t, err, row.kind)
			if err == nil && (len(out.rows) != 1+row.rows || !out.whole) {
				t.Errorf("%s: %d rows below the head, want %d", row.who, len(out.rows)-1, row.rows)
			}
		}
	})
}

func TestExportIsInTheJournalBeforeItIsRead(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		exports := func() (n int) {
			k.View(func(tx *db.Tx) error {
				entries, err := journal.History(tx, "unit", int64(o.CellA.ID))
				for _, e := range entries {
					if e.Verb == "member.Export" {
						n++
					}
				}
				return err
			})
			return n
		}
		var e intake.Exporting
		k.Update(func(tx *db.Tx) (err error) {
			e, err = intake.ExportMembers(tx, o.As(tx, o.SecretaryA), member.Filter{Unit: o.CellA.ID})
			return err
		})
		if n := exports(); n != 1 {
			t.Errorf("the journal knows %d exports before the first row", n)
		}
		broken := errors.New("the disk is full")
		if err := e.Write(context.Background(), k.DB, failing{broken}); !errors.Is(err, broken) {
			t.Errorf("gave %v", err)
		}
		if n := exports(); n != 1 {
			t.Errorf("the journal knows %d exports after one that failed", n)
		}
	})
}

// failing is a table that takes nothing but its head.
type failing struct{ err error }

func (f failing) Add(row []string) error {
	if row[0] == intake.Template(intake.Members)[0] {
		return nil
	}
	return f.err
}

func (f failing) Close() error { panic("a table that failed was called whole") }

// large makes so many cells below a commune with so many people each, past the
// verbs.
func large(k *testkit.Kit, cells, people int) (top orgtree.Unit) {
	k.Update(func(tx *db.Tx) (err error) {
		if top, err = unit.Found(tx, access.Console(), unit.New{
			Founded: org.Founded, Decision: "Quyết định 01-QĐ/TU",
			Fields: unit.Fields{Code: "XA", Name: "Đảng bộ xã An Bình", Kind: "commune_party"},
		}); err != nil {
			return err
		}
		ids := make([]orgtree.ID, cells)
		for i := range ids {
			u, err := orgtree.Add(tx, orgtree.Unit{
				Parent: top.ID, Code: fmt.Sprintf("CB-%03d", i), Name: fmt.Sprintf("Chi bộ thôn %d", i), Kind: "village_cell", Level: "cell",
				CellType: "village", Founded: org.Founded,
			}, "Quyết định 02-QĐ/ĐU")
			if err != nil {
				return err
			}
			ids[i] = u.ID
		}
		return insertPeople(tx, ids, people)
	})
	return top
}

func insertPeople(tx *db.Tx, cells []orgtree.ID, people int) error {
	rows := func(row func(n int64, cell orgtree.ID) []any) func(func([]any, error) bool) {
		return func(yield func([]any, error) bool) {
			for n := range int64(len(cells) * people) {
				if !yield(row(n+1, cells[n%int64(len(cells))]), nil) {
					return
				}
			}
		}
	}
	for _, into := range []struct {
		table   string
		columns []string
		row     func(n int64, cell orgtree.ID) []any
	}{
		{"person", []string{"id", "unit_id", "status", "birth_name", "name", "folded", "name_key", "sex", "birth"}, func(n int64, cell orgtree.ID) []any {
			name := fmt.Sprintf("Nguyễn Thị Ngọc Ánh %06d", n)
			return []any{n, cell, "official", name, name, name, fmt.Sprintf("%06d", n), "female", "1980-05-06"}
		}},
		{"person_file", []string{"person_id", "home", "residence", "occupation"}, func(n int64, _ orgtree.ID) []any {
			return []any{n, "Xã An Bình, huyện Cao Lãnh, tỉnh Đồng Tháp", fmt.Sprintf("Thôn %d, xã An Bình", n), "Làm ruộng"}
		}},
		{"person_unit", []string{"id", "person_id", "unit_id", "from_day"}, func(n int64, cell orgtree.ID) []any {
			return []any{n, n, cell, "2025-07-01"}
		}},
	} {
		if _, err := tx.Insert(into.table, into.columns, rows(into.row)); err != nil {
			return err
		}
	}
	return nil
}

// TestLotsMissNobody exports more units than are read at once: everybody comes
// out once, cell after cell, by name.
func TestLotsMissNobody(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		const cells, people = 401, 3
		top := large(k, cells, people)
		var want []string
		for cell := range cells {
			for n := range people {
				want = append(want, fmt.Sprintf("CB-%03d %06d", cell, n*cells+cell+1))
			}
		}
		out := exportAll(k, top)
		var got []string
		names := out.column("Họ và tên khai sinh")
		for i, code := range out.column("Mã chi bộ") {
			got = append(got, code+" "+names[i][len(names[i])-6:])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func exportAll(k *testkit.Kit, top orgtree.Unit) *kept {
	out := &kept{}
	if err := begun(k, top).Write(context.Background(), k.DB, out); err != nil {
		k.T.Fatal(err)
	}
	return out
}

func begun(k *testkit.Kit, top orgtree.Unit) (e intake.Exporting) {
	k.Update(func(tx *db.Tx) (err error) {
		e, err = intake.ExportMembers(tx, access.Console(), member.Filter{Unit: top.ID})
		return err
	})
	return e
}

// watched looks at the heap on the way.
type watched struct {
	*xlsx.Stream
	rows int
	peak uint64
}

func (w *watched) Add(row []string) error {
	if w.rows++; w.rows%10_000 == 0 {
		w.peak = max(w.peak, heapInUse())
	}
	return w.Stream.Add(row)
}

func heapInUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestMemoryStaysBounded exports 50,000 people, whose rows take some 40 MB: the
// heap never holds more than a part of them.
func TestMemoryStaysBounded(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		const most = 10 << 20
		top := large(k, 250, 200)
		before := heapInUse()
		book, err := xlsx.NewStream(io.Discard, "A")
		if err != nil {
			t.Fatal(err)
		}
		out := &watched{Stream: book}
		if err := begun(k, top).Write(context.Background(), k.DB, out); err != nil {
			t.Fatal(err)
		}
		if out.rows != 1+50_000 {
			t.Errorf("%d rows", out.rows)
		}
		if out.peak > before+most {
			t.Errorf("the heap grew from %d to %d KB", before>>10, out.peak>>10)
		}
	})
}
