package journal_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
)

// book is a journal under test, at one commune with two cells.
type book struct {
	*testkit.Kit
	commune, a, b orgtree.Unit
	ids           []journal.EntryID
}

func newBook(k *testkit.Kit) *book {
	o := &book{Kit: k}
	k.Update(func(tx *db.Tx) (err error) {
		add := func(parent orgtree.ID, code, cell string) (u orgtree.Unit) {
			if err == nil {
				u, err = orgtree.Add(tx, orgtree.Unit{Parent: parent, Code: code, Name: code, CellType: cell, Founded: k.Today()}, "")
			}
			return u
		}
		o.commune = add(0, "X", "")
		o.a, o.b = add(o.commune.ID, "A", "village"), add(o.commune.ID, "B", "village")
		return err
	})
	return o
}

func (o *book) write(unit orgtree.ID, number int) {
	o.T.Helper()
	o.Update(func(tx *db.Tx) error {
		return journal.Write(tx, access.Console(), journal.Change{
			Unit: unit, Verb: "test.Count", Noun: "number", ID: int64(number),
			Before: number, After: map[string]string{"số": fmt.Sprint(number + 1)},
		})
	})
	o.View(func(tx *db.Tx) error {
		list, err := journal.History(tx, "number", int64(number))
		if err == nil {
			o.ids = append(o.ids, list[len(list)-1].ID)
		}
		return err
	})
}

// writeMany writes entries in as many calls as there are sizes, in one
// transaction.
func (o *book) writeMany(sizes ...int) {
	o.T.Helper()
	var ids []journal.EntryID
	o.Update(func(tx *db.Tx) error {
		ids = nil
		drafter := journal.NewDrafter(tx, access.Console())
		for _, size := range sizes {
			drafts := make([]journal.Draft, size)
			for i := range drafts {
				d, err := drafter.Draft(journal.Change{Unit: o.b.ID, Verb: "test.Many", Noun: "number", ID: int64(len(o.ids) + len(ids)), After: own{i}})
				if err != nil {
					return err
				}
				drafts[i] = d
				ids = append(ids, d.ID)
			}
			if err := journal.WriteAll(tx, access.Console(), drafts); err != nil {
				return err
			}
		}
		return nil
	})
	o.ids = append(o.ids, ids...)
}

// own is a record that writes its own JSON.
type own struct{ n int }

func (o own) AppendJSON(to []byte) []byte { return fmt.Appendf(to, `{"n":%d}`, o.n) }

func (o *book) place() (placed int) {
	o.T.Helper()
	o.Update(func(tx *db.Tx) (err error) {
		placed, err = place(tx, 1000)
		return err
	})
	return placed
}

func place(tx *db.Tx, most int) (int, error) {
	p, err := journal.Arrange(tx, most)
	if err != nil {
		return 0, err
	}
	return p.Len(), journal.Place(tx, p)
}

func (o *book) sign() (r journal.Root, grown bool) {
	o.T.Helper()
	o.Update(func(tx *db.Tx) (err error) {
		r, grown, err = journal.Sign(tx)
		return err
	})
	return r, grown
}

func (o *book) verify(witness string) error {
	return o.DB.View(o.T.Context(), func(tx *db.Tx) error {
		return journal.Verify(tx, strings.NewReader(witness), nil)
	})
}

func (o *book) roots(since int64) (list []journal.Root) {
	o.T.Helper()
	o.View(func(tx *db.Tx) (err error) {
		list, err = journal.Roots(tx, since)
		return err
	})
	return list
}

func (o *book) witness() string {
	o.T.Helper()
	var file bytes.Buffer
	if err := journal.AppendWitness(&file, o.roots(0)); err != nil {
		o.T.Fatal(err)
	}
	return file.String()
}

// behind runs SQL behind the program's back. E0, E1 … stand for the ids.
func (o *book) behind(statements ...string) {
	o.T.Helper()
	for _, statement := range statements {
		for i := len(o.ids) - 1; i >= 0; i-- {
			statement = strings.ReplaceAll(statement, fmt.Sprintf("E%d", i), fmt.Sprint(int64(o.ids[i])))
		}
		if _, err := o.DB.Pool().Exec(statement); err != nil {
			o.T.Fatalf("%s: %v", statement, err)
		}
	}
}

const placedEntries, signedFirst = 20, 12

// written is a journal of 20 placed entries, signed at 12 and at 20, and two
// that wait for their place.
func written(k *testkit.Kit) *book {
	o := newBook(k)
	for i := range placedEntries + 2 {
		switch i {
		case signedFirst, placedEntries:
			o.place()
			o.sign()
		}
		o.write(o.a.ID, i)
	}
	return o
}

func TestTamperingIsNamed(t *testing.T) {
	const none, lost = -1, -2 // no entry; an entry that waits, without position
	insert := `INSERT INTO journal (id, position, at, person_id, unit_id, verb, noun, noun_id, digest, seal, salt, content)
		SELECT id + 2000, %s, at, person_id, unit_id, verb, noun, noun_id, digest, seal, salt, content FROM journal WHERE id = E5`
	tests := []struct {
		name     string
		sql      []string
		position int64
		entry    int // index of the id; none, or lost for an inserted row
		what     journal.What
	}{
		{"verb changed", []string{`UPDATE journal SET verb = 'test.Other' WHERE id = E7`}, 7, 7, journal.Altered},
		{"person changed", []string{`UPDATE journal SET person_id = 1 WHERE id = E0`}, 0, 0, journal.Altered},
		{"time changed", []string{`UPDATE journal SET at = at + 1 WHERE id = E19`}, 19, 19, journal.Altered},
		{"text moved from one field to the next", []string{`UPDATE journal SET verb = 'test.Coun', noun = 'tnumber' WHERE id = E3`}, 3, 3, journal.Altered},
		{"digest changed", []string{`UPDATE journal SET digest = 'x' WHERE id = E4`}, 4, 4, journal.Altered},
		{"seal changed", []string{`UPDATE journal SET seal = 'x' WHERE id = E4`}, 4, 4, journal.Inserted},
		{"two altered", []string{`UPDATE journal SET noun_id = 99 WHERE id IN (E9, E6)`}, 6, 6, journal.Altered},
		{"body changed", []string{`UPDATE journal SET content = '{"after":1}' WHERE id = E8`}, 8, 8, journal.BodyChanged},
		{"salt changed", []string{`UPDATE journal SET salt = salt || ' ' WHERE id = E8`}, 8, 8, journal.BodyChanged},
		{"body emptied, salt left", []string{`UPDATE journal SET content = '' WHERE id = E8`}, 8, 8, journal.BodyChanged},
		{"body removed", []string{`UPDATE journal SET salt = '', content = '' WHERE id = E8`}, 8, 8, journal.BodyRemoved},
		{"removed", []string{`DELETE FROM journal WHERE id = E8`}, 8, none, journal.Removed},
		{"first removed", []string{`DELETE FROM journal WHERE id = E0`}, 0, none, journal.Removed},
		{"last removed", []string{`DELETE FROM journal WHERE id = E19`}, 19, none, journal.Removed},
		{"last removed with its hashes", []string{
			`DELETE FROM journal WHERE id = E19`,
			fmt.Sprintf(`DELETE FROM journal_hash WHERE position >= %d`, tlog.StoredHashCount(19)),
		}, 19, none, journal.Removed},
		{"tail cut with hashes and roots: only the witness knows", []string{
			`DELETE FROM journal WHERE id >= E12`,
			fmt.Sprintf(`DELETE FROM journal_hash WHERE position >= %d`, tlog.StoredHashCount(12)),
			`DELETE FROM journal_root WHERE size > 12`,
		}, 12, none, journal.Removed},
		{"removed, and the others moved up", []string{
			`DELETE FROM journal WHERE id = E8`,
			`UPDATE journal SET position = position + 1000 WHERE position > 8`, `UPDATE journal SET position = position - 1001 WHERE position > 1000`,
		}, 8, 9, journal.Removed},
		{"taken out of the tree", []string{`UPDATE journal SET position = NULL WHERE id = E8`}, 8, 8, journal.Reordered},
		{"put before the tree", []string{`UPDATE journal SET position = -7 WHERE id = E8`}, 8, 8, journal.Reordered},
		{"two changed places", []string{
			`UPDATE journal SET position = 100 WHERE id = E5`, `UPDATE journal SET position = 5 WHERE id = E9`, `UPDATE journal SET position = 9 WHERE id = E5`,
		}, 5, 9, journal.Reordered},
		{"inserted, and the others moved on", []string{
			`UPDATE journal SET position = position + 1000 WHERE position >= 6`, `UPDATE journal SET position = position - 999 WHERE position > 1000`,
			fmt.Sprintf(insert, "6"),
		}, 6, lost, journal.Inserted},
		{"inserted at the end", []string{fmt.Sprintf(insert, "20")}, 20, lost, journal.Inserted},
		{"inserted and not placed", []string{fmt.Sprintf(insert, "NULL")}, -1, lost, journal.Inserted},
		{"waiting entry altered", []string{`UPDATE journal SET verb = 'x' WHERE id = E20`}, -1, 20, journal.Inserted},
		{"waiting body changed", []string{`UPDATE journal SET content = '' WHERE id = E21`}, -1, 21, journal.BodyChanged},
		{"waiting entry placed by hand", []string{`UPDATE journal SET position = 20 WHERE id = E20`}, 20, 20, journal.TreeChanged},
		{"leaf hash overwritten", []string{fmt.Sprintf(`UPDATE journal_hash SET hash = 'x' WHERE position = %d`, tlog.StoredHashIndex(0, 11))}, 11, 11, journal.TreeChanged},
		{"inner hash overwritten", []string{fmt.Sprintf(`UPDATE journal_hash SET hash = (SELECT hash FROM journal_hash WHERE position = 0) WHERE position = %d`, tlog.StoredHashIndex(2, 1))}, 7, 7, journal.TreeChanged},
		{"hash removed", []string{fmt.Sprintf(`DELETE FROM journal_hash WHERE position = %d`, tlog.StoredHashIndex(1, 2))}, 5, 5, journal.TreeChanged},
		{"root without our signature", []string{`UPDATE journal_root SET note = 'x' WHERE size = 12`}, 11, 11, journal.RootChanged},
		{"root of another tree", []string{`UPDATE journal_root SET note = (SELECT max(note) FROM journal_root WHERE size = 20) WHERE size = 12`}, 11, 11, journal.RootChanged},
		{"empty bodies and no tree at all", []string{`DELETE FROM journal_hash`}, 0, 0, journal.TreeChanged},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
				o := written(k)
				witness := o.witness()
				if err := o.verify(witness); err != nil {
					t.Fatalf("before: %v", err)
				}
				o.behind(c.sql...)
				want := journal.Damage{Position: c.position, What: c.what}
				switch {
				case c.entry >= 0:
					want.Entry = o.ids[c.entry]
				case c.entry == lost:
					want.Entry = o.ids[5] + 2000
				}
				var got journal.Damage
				if err := o.verify(witness); !errors.As(err, &got) || got != want {
					t.Errorf("got %v, want %v", err, want)
				}
			})
		})
	}
}

// Whoever rewrites the tree around an altered entry cannot make its seal.
func TestTreeRewrittenAroundAnAlteredEntry(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := newBook(k)
		for i := range 4 {
			o.write(o.a.ID, i)
		}
		o.behind(`UPDATE journal SET verb = 'x' WHERE id = E2`)
		var damage journal.Damage
		if err := o.Try(func(tx *db.Tx) error {
			_, err := place(tx, 10)
			return err
		}); !errors.As(err, &damage) || damage.Entry != o.ids[2] {
			t.Errorf("placing a forged entry: %v", err)
		}
		o.behind(`UPDATE journal SET verb = 'test.Count' WHERE id = E2`)
		o.place()
		o.sign()
		var e journal.Entry
		o.View(func(tx *db.Tx) error {
			list, err := journal.History(tx, "number", 2)
			e = list[0]
			return err
		})
		e.Verb = "x"
		o.behind(`UPDATE journal SET verb = 'x' WHERE id = E2`,
			fmt.Sprintf(`UPDATE journal_hash SET hash = '%s' WHERE position = %d`, e.Hash(), tlog.StoredHashIndex(0, 2)))
		if err := o.verify(""); !errors.As(err, &damage) || damage != (journal.Damage{Position: 2, Entry: o.ids[2], What: journal.Inserted}) {
			t.Errorf("got %v", err)
		}
	})
}

func TestCutTreeIsNotBuiltUpon(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := written(k)
		o.behind(`DELETE FROM journal WHERE id = E19`)
		var damage journal.Damage
		if err := o.Try(func(tx *db.Tx) error {
			_, err := place(tx, 10)
			return err
		}); !errors.As(err, &damage) || damage.What != journal.Removed {
			t.Errorf("placing: %v", err)
		}
		o.behind(fmt.Sprintf(`DELETE FROM journal_hash WHERE position >= %d`, tlog.StoredHashCount(19)))
		o.place()
		if err := o.Try(func(tx *db.Tx) error {
			_, _, err := journal.Sign(tx)
			return err
		}); !errors.As(err, &damage) || damage.What != journal.RootChanged {
			t.Errorf("signing: %v", err)
		}
	})
}

// A placement that was arranged before others came in is not written over them.
func TestPlacementOfAnotherTreeIsRefused(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := newBook(k)
		o.write(o.a.ID, 0)
		var early journal.Placement
		o.View(func(tx *db.Tx) (err error) {
			early, err = journal.Arrange(tx, 10)
			return err
		})
		o.write(o.a.ID, 1)
		for _, want := range []errs.Kind{testkit.OK, errs.Conflict} {
			testkit.Want(t, o.Try(func(tx *db.Tx) error { return journal.Place(tx, early) }), want)
		}
		o.place()
		o.sign()
		o.write(o.a.ID, 2)
		var late journal.Placement
		o.View(func(tx *db.Tx) (err error) {
			late, err = journal.Arrange(tx, 10)
			return err
		})
		o.behind(`DELETE FROM journal WHERE id = E2`)
		testkit.Want(t, o.Try(func(tx *db.Tx) error { return journal.Place(tx, late) }), errs.Conflict)
		if err := o.verify(o.witness()); err != nil {
			t.Error(err)
		}
	})
}

func TestPlaceFollowsTheCommitNotTheID(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := newBook(k)
		waits(t, o, false)
		for i := range 3 {
			o.write(o.a.ID, i)
		}
		waits(t, o, true)
		// The first entry's transaction commits last: it is not there yet.
		o.behind(`CREATE TABLE later AS SELECT * FROM journal WHERE id = E0`,
			`DELETE FROM journal WHERE id = E0`)
		if n := o.place(); n != 2 {
			t.Fatalf("placed %d", n)
		}
		o.behind(`INSERT INTO journal SELECT * FROM later`)
		if n := o.place(); n != 1 {
			t.Fatalf("placed %d", n)
		}
		waits(t, o, false)
		if err := o.verify(""); err != nil {
			t.Error(err)
		}
		o.View(func(tx *db.Tx) error {
			list, err := journal.Since(tx, access.Console(), -1, 10)
			var order []journal.EntryID
			for _, e := range list {
				order = append(order, e.ID)
			}
			if want := []journal.EntryID{o.ids[1], o.ids[2], o.ids[0]}; !slices.Equal(order, want) {
				t.Errorf("order %v, want %v", order, want)
			}
			return err
		})
	})
}

func waits(t *testing.T, o *book, want bool) {
	t.Helper()
	o.View(func(tx *db.Tx) error {
		p, err := journal.Arrange(tx, 1)
		if got := p.Len() > 0; got != want {
			t.Errorf("entries wait: %v", got)
		}
		return err
	})
}

// Many entries at once have their places at once where nobody else can give any.
func TestManyEntriesAreOneHistory(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := newBook(k)
		o.write(o.a.ID, 0)
		var early journal.Placement
		o.View(func(tx *db.Tx) (err error) {
			early, err = journal.Arrange(tx, 10)
			return err
		})
		o.writeMany(7, 1, 300)
		want := map[db.Dialect]int{db.SQLite: 1, db.Postgres: 309}[k.DB.Dialect()]
		refused := map[db.Dialect]errs.Kind{db.SQLite: errs.Conflict, db.Postgres: testkit.OK}[k.DB.Dialect()]
		testkit.Want(t, o.Try(func(tx *db.Tx) error { return journal.Place(tx, early) }), refused)
		if refused == testkit.OK {
			want--
		}
		if n := o.place(); n != want {
			t.Errorf("%d waited for a place, want %d", n, want)
		}
		o.sign()
		if err := o.verify(o.witness()); err != nil {
			t.Error(err)
		}
		o.View(func(tx *db.Tx) error {
			list, err := journal.History(tx, "number", 8)
			if err != nil || len(list) != 1 || string(list[0].After) != `{"n":0}` || list[0].Position < 0 {
				t.Errorf("history %+v, %v", list, err)
			}
			return err
		})
	})
}

// A tree that is damaged is not built upon, and stops nobody's work.
func TestManyEntriesBesideADamagedTree(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := written(k)
		o.behind(`DELETE FROM journal_hash WHERE position = 5`, `DELETE FROM journal WHERE position = 19`)
		o.writeMany(3)
		waits := 0
		o.View(func(tx *db.Tx) (err error) {
			waits, err = db.One(tx, db.Column[int], `SELECT count(*) FROM journal WHERE position IS NULL AND verb = 'test.Many'`)
			return err
		})
		if waits != 3 {
			t.Errorf("%d wait", waits)
		}
		var damage journal.Damage
		if err := o.verify(o.witness()); !errors.As(err, &damage) {
			t.Errorf("verified: %v", err)
		}
	})
}

func TestDraftsOfAnotherAreRefused(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := newBook(k)
		testkit.Want(t, o.Try(func(tx *db.Tx) error {
			d, err := journal.NewDrafter(tx, access.Console()).Draft(journal.Change{Unit: o.a.ID, Verb: "test.Many", Noun: "number"})
			if err != nil {
				return err
			}
			return journal.WriteAll(tx, access.Actor{Person: 4}, []journal.Draft{d})
		}), errs.Internal)
	})
}

func TestErase(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := written(k)
		person := func(n int64, role access.Role, unit orgtree.ID) access.PersonID {
			o.Update(func(tx *db.Tx) error {
				return access.Give(tx, access.Grant{Person: access.PersonID(n), Unit: unit, Role: role, From: k.Today()})
			})
			return access.PersonID(n)
		}
		office, secretary := person(1, access.Office, o.commune.ID), person(2, access.Secretary, o.a.ID)
		other := person(3, access.Secretary, o.b.ID)
		for _, c := range []struct {
			who              string
			by               access.PersonID
			entry            journal.EntryID
			reason, decision string
			kind             errs.Kind
		}{
			{"secretary of another cell", other, o.ids[3], "theo đơn", "12-QĐ/ĐU", errs.NotFound},
			{"secretary of the cell", secretary, o.ids[3], "theo đơn", "12-QĐ/ĐU", errs.Denied},
			{"office, no such entry", office, 77, "theo đơn", "12-QĐ/ĐU", errs.NotFound},
			{"office, no reason", office, o.ids[3], " ", "12-QĐ/ĐU", errs.Invalid},
			{"office, no decision", office, o.ids[3], "theo đơn", "", errs.Invalid},
			{"office, too long", office, o.ids[3], strings.Repeat("a", 201), "12-QĐ/ĐU", errs.Invalid},
			{"office", office, o.ids[3], "theo đơn", "12-QĐ/ĐU", testkit.OK},
			{"office again", office, o.ids[3], "theo đơn", "12-QĐ/ĐU", errs.Conflict},
			{"office, an entry that waits", office, o.ids[21], "theo đơn", "12-QĐ/ĐU", testkit.OK},
		} {
			t.Log(c.who)
			testkit.Want(t, o.Try(func(tx *db.Tx) error {
				by, err := access.Act(tx, c.by)
				if err != nil {
					return err
				}
				return journal.Erase(tx, by, c.entry, c.reason, c.decision)
			}), c.kind)
		}
		if err := o.verify(o.witness()); err != nil {
			t.Errorf("erased bodies broke the proof: %v", err)
		}
		o.place()
		o.sign()
		if err := o.verify(o.witness()); err != nil {
			t.Errorf("erased bodies broke the proof: %v", err)
		}
		o.View(func(tx *db.Tx) error {
			list, err := journal.History(tx, "number", 3)
			if len(list) != 1 || list[0].Before != nil || list[0].After != nil {
				t.Errorf("after erasing: %+v", list)
			}
			told, historyErr := journal.History(tx, "journal", int64(o.ids[3]))
			if len(told) != 1 || told[0].By != office || !strings.Contains(string(told[0].After), "12-QĐ/ĐU") {
				t.Errorf("the erasure is told as %+v", told)
			}
			return errors.Join(err, historyErr)
		})
		// To slip another body in for an erased one is noticed.
		o.behind(`UPDATE journal SET salt = 'x', content = '{}' WHERE id = E3`)
		var damage journal.Damage
		if err := o.verify(""); !errors.As(err, &damage) || damage != (journal.Damage{Position: 3, Entry: o.ids[3], What: journal.BodyChanged}) {
			t.Errorf("got %v", err)
		}
	})
}

func TestSinceIsCutByScope(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := newBook(k)
		for i := range 9 {
			o.write([]orgtree.ID{o.a.ID, o.b.ID, o.commune.ID}[i%3], i)
		}
		o.place()
		o.write(o.a.ID, 9) // waits for its place
		o.Update(func(tx *db.Tx) error {
			for n, g := range []access.Grant{
				{Role: access.Secretary, Unit: o.a.ID},
				{Role: access.Office, Unit: o.commune.ID},
				{Role: access.Member, Unit: o.a.ID},
				{Role: access.Inspector, Unit: o.b.ID},
			} {
				g.Person, g.From = access.PersonID(n+1), k.Today()
				if err := access.Give(tx, g); err != nil {
					return err
				}
			}
			return nil
		})
		for _, c := range []struct {
			who       string
			by        access.PersonID
			after     int64
			limit     int
			positions []int64
		}{
			{"secretary of A", 1, -1, 10, []int64{0, 3, 6}},
			{"secretary of A, next page", 1, 0, 1, []int64{3}},
			{"office above", 2, -1, 10, []int64{0, 1, 2, 3, 4, 5, 6, 7, 8}},
			{"member of A", 3, -1, 10, nil},
			{"inspector of B", 4, 1, 10, []int64{4, 7}},
			{"nobody", 5, -1, 10, nil},
		} {
			k.View(func(tx *db.Tx) error {
				by, err := access.Act(tx, c.by)
				if err != nil {
					return err
				}
				list, err := journal.Since(tx, by, c.after, c.limit)
				var got []int64
				for _, e := range list {
					got = append(got, e.Position)
				}
				if !slices.Equal(got, c.positions) {
					t.Errorf("%s: %v, want %v", c.who, got, c.positions)
				}
				return err
			})
		}
	})
}

func TestRootsAndProofs(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := written(k)
		if _, grown := o.sign(); grown {
			t.Error("signed a tree that had not grown")
		}
		roots := o.roots(0)
		if len(roots) != 2 || roots[0].Size != signedFirst || roots[1].Size != placedEntries {
			t.Fatalf("roots %+v", roots)
		}
		if later := o.roots(signedFirst); len(later) != 1 || later[0] != roots[1] {
			t.Errorf("roots since the first: %+v", later)
		}
		key := journal.VerifierKey(k.DB)
		if r, err := journal.Open(roots[1].Note, key); err != nil || r != roots[1] || !r.At.Equal(testkit.Start) {
			t.Errorf("opened as %+v, %v", r, err)
		}
		if _, err := journal.Open(strings.Replace(roots[1].Note, "20", "21", 1), key); err == nil {
			t.Error("a forged root was accepted")
		}
		k.View(func(tx *db.Tx) error {
			proof, err := journal.Consistency(tx, roots[0], roots[1])
			if err != nil {
				return err
			}
			if err := tlog.CheckTree(proof, roots[1].Size, roots[1].Hash, roots[0].Size, roots[0].Hash); err != nil {
				t.Error(err)
			}
			if err := tlog.CheckTree(proof, roots[1].Size, roots[1].Hash, roots[0].Size, roots[1].Hash); err == nil {
				t.Error("a false proof was accepted")
			}
			list, err := journal.History(tx, "number", 5)
			if err != nil {
				return err
			}
			inclusion, err := journal.Inclusion(tx, roots[1], list[0])
			if err != nil {
				return err
			}
			return tlog.CheckRecord(inclusion, roots[1].Size, roots[1].Hash, list[0].Position, list[0].Hash())
		})
		witness := o.witness()
		// A crash may leave any part of a root; the next is written behind it.
		first, second := witness[:len(witness)/2], witness[len(witness)/2:]
		for cut := range len(second) + 1 {
			size, err := journal.Witnessed(strings.NewReader(first+second[:cut]+second), key)
			if err != nil || size != placedEntries {
				t.Fatalf("cut after %d letters: witnessed %d, %v", cut, size, err)
			}
		}
		// Only the end of a long witness is read, wherever in a root it begins.
		long := strings.Repeat(witness, 80)
		for cut := range len(witness) {
			size, err := journal.Witnessed(strings.NewReader(long[cut:]), key)
			if err != nil || size != placedEntries {
				t.Fatalf("%d letters: witnessed %d, %v", len(long)-cut, size, err)
			}
		}
		if err := o.verify(strings.Replace(witness, "\n12\n", "\n13\n", 1)); err == nil {
			t.Error("a forged witness was accepted")
		}
	})
}

func TestVerifyOfManyPages(t *testing.T) {
	k := testkit.SQLite(t)
	o := newBook(k)
	k.Update(func(tx *db.Tx) error {
		for i := range 2500 {
			if err := journal.Write(tx, access.Console(), journal.Change{Unit: o.a.ID, Verb: "test.Count", Noun: "number", ID: int64(i)}); err != nil {
				return err
			}
		}
		return nil
	})
	for o.place() > 0 {
		o.sign()
	}
	var seen []int64
	k.View(func(tx *db.Tx) error {
		return journal.Verify(tx, strings.NewReader(o.witness()), func(done, total int64) {
			if total != 2500 {
				t.Errorf("total %d", total)
			}
			seen = append(seen, done)
		})
	})
	if !slices.IsSorted(seen) || seen[len(seen)-1] != 2500 || len(seen) < 3 {
		t.Errorf("progress %v", seen)
	}
}

// Whatever is written, placed, signed and erased, in whatever order, verifies;
// every later root continues every earlier one; and one changed row is found.
func TestAnyHistoryVerifies(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := newBook(k)
		erased := map[int]bool{}
		rapid.Check(t, func(r *rapid.T) {
			for range rapid.IntRange(1, 12).Draw(r, "steps") {
				switch rapid.SampledFrom([]string{"write", "write", "write", "many", "place", "sign", "erase"}).Draw(r, "step") {
				case "write":
					o.write(o.b.ID, len(o.ids))
				case "many":
					o.writeMany(rapid.IntRange(1, 5).Draw(r, "entries"), rapid.IntRange(0, 3).Draw(r, "more"))
				case "place":
					o.Update(func(tx *db.Tx) error {
						_, err := place(tx, rapid.IntRange(1, 5).Draw(r, "max"))
						return err
					})
				case "sign":
					o.sign()
				case "erase":
					if len(o.ids) == 0 {
						continue
					}
					i := rapid.IntRange(0, len(o.ids)-1).Draw(r, "entry")
					err := o.Try(func(tx *db.Tx) error { return journal.Erase(tx, access.Console(), o.ids[i], "r", "d") })
					if erased[i] != (err != nil) {
						r.Fatalf("erasing entry %d: %v", i, err)
					}
					erased[i] = true
				}
			}
			if err := o.verify(o.witness()); err != nil {
				r.Fatal(err)
			}
			o.checkConsistency(r)
			if len(o.ids) > 0 {
				i := rapid.IntRange(0, len(o.ids)-1).Draw(r, "tampered")
				o.behind(fmt.Sprintf(`UPDATE journal SET noun_id = noun_id + 1 WHERE id = E%d`, i))
				var damage journal.Damage
				if err := o.verify(""); !errors.As(err, &damage) || damage.Entry != o.ids[i] {
					r.Fatalf("entry %d, %v, was altered: %v", i, o.ids[i], err)
				}
				o.behind(fmt.Sprintf(`UPDATE journal SET noun_id = noun_id - 1 WHERE id = E%d`, i))
			}
		})
	})
}

func (o *book) checkConsistency(r *rapid.T) {
	roots := o.roots(0)
	if len(roots) < 2 {
		return
	}
	i := rapid.IntRange(1, len(roots)-1).Draw(r, "later root")
	o.View(func(tx *db.Tx) error {
		proof, err := journal.Consistency(tx, roots[i-1], roots[i])
		if err != nil {
			return err
		}
		return tlog.CheckTree(proof, roots[i].Size, roots[i].Hash, roots[i-1].Size, roots[i-1].Hash)
	})
}

func TestReadingsAreRecorded(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := newBook(k)
		k.Update(func(tx *db.Tx) error {
			return errors.Join(
				journal.Saw(tx, access.Actor{Person: 4}, o.a.ID, "member", 9, "xác minh"),
				journal.Saw(tx, access.Console(), o.a.ID, "member", 9, "backup"))
		})
		k.View(func(tx *db.Tx) error {
			list, err := journal.Readings(tx, "member", 9)
			if len(list) != 1 || list[0].By != 4 || list[0].Reason != "xác minh" || !list[0].At.Equal(k.Now()) {
				t.Errorf("readings %+v", list)
			}
			return err
		})
	})
}

// TestChangeByTokenIsHeldToItsLimit: a verb that asked for no role fails where
// it is journalled, and takes back what it did.
func TestChangeByTokenIsHeldToItsLimit(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := newBook(k)
		owner := access.Actor{Person: 4}
		for _, c := range []struct {
			limit access.Limit
			kind  errs.Kind
		}{
			{access.Limit{}, testkit.OK},
			{access.Limit{Under: o.a.Path}, testkit.OK},
			{access.Limit{Under: o.b.Path}, errs.Denied},
			{access.Limit{ReadOnly: true}, errs.Denied},
		} {
			testkit.Want(t, k.Try(func(tx *db.Tx) error {
				return journal.Write(tx, owner.Within(c.limit), journal.Change{Unit: o.a.ID, Verb: "test.Write", Noun: "test", ID: 1})
			}), c.kind)
		}
	})
}
