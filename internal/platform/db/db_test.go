package db_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/testkit"
)

type thing struct{}

func each(t *testing.T, test func(t *testing.T, k *testkit.Kit)) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		for _, statement := range []string{
			`CREATE TABLE item (id BIGINT PRIMARY KEY, name TEXT UNIQUE, at BIGINT, day TEXT, big BOOLEAN)`,
			`CREATE TABLE part (item_id BIGINT NOT NULL REFERENCES item (id))`,
		} {
			if _, err := k.DB.Pool().Exec(statement); err != nil {
				t.Fatal(err)
			}
		}
		test(t, k)
	})
}

func insert(tx *db.Tx, n int64) error {
	_, err := tx.Exec(`INSERT INTO item (id) VALUES ($1)`, n)
	return err
}

func count(k *testkit.Kit) (n int) {
	k.T.Helper()
	k.View(func(tx *db.Tx) (err error) {
		n, err = db.One(tx, db.Column[int], `SELECT count(*) FROM item`)
		return err
	})
	return n
}

// Many writers, some of whom fail in every way there is: what was acknowledged
// is there, with its AfterCommit run once, and nothing else is.
func TestAcknowledgedIsStoredAndNothingElse(t *testing.T) {
	errRefused := errors.New("refused")
	each(t, func(t *testing.T, k *testkit.Kit) {
		const writers, rounds = 24, 15
		var mu sync.Mutex
		acknowledged, announced := map[int64]bool{}, map[int64]int{}
		write := func(n int64, fate int) {
			err := k.DB.Update(t.Context(), func(tx *db.Tx) error {
				tx.AfterCommit(func() {
					mu.Lock()
					announced[n]++
					mu.Unlock()
				})
				if fate == 1 {
					return errRefused
				}
				if err := insert(tx, n); err != nil {
					return err
				}
				switch fate {
				case 2:
					return errRefused
				case 3:
					panic("planted")
				case 4:
					runtime.Goexit()
				case 5:
					return insert(tx, n)
				}
				return nil
			})
			if wantFailure := fate >= 1 && fate <= 5; wantFailure != (err != nil) {
				t.Errorf("fate %d ended with %v", fate, err)
			}
			mu.Lock()
			acknowledged[n] = err == nil
			mu.Unlock()
		}
		var group sync.WaitGroup
		for w := range writers {
			for r := range rounds {
				group.Go(func() {
					defer func() { _ = recover() }()
					write(int64(w*rounds+r), rand.IntN(12))
				})
			}
		}
		group.Wait()
		stored := map[int64]bool{}
		k.View(func(tx *db.Tx) error {
			return db.Each(tx, db.Column[int64], func(n int64) error {
				stored[n] = true
				return nil
			}, `SELECT id FROM item`)
		})
		for n := range int64(writers * rounds) {
			want := map[bool]int{true: 1}[acknowledged[n]]
			if stored[n] != acknowledged[n] || announced[n] != want {
				t.Errorf("%d: acknowledged %v, stored %v, AfterCommit %d times", n, acknowledged[n], stored[n], announced[n])
			}
		}
	})
}

// Rows that are half alike come out as they went in.
func TestInsertOfManyRows(t *testing.T) {
	type row struct {
		id   int64
		name any
		at   time.Time
		day  clock.Date
		big  bool
	}
	day, at := clock.NewDate(2026, 11, 22), time.UnixMilli(1_700_000_000_000)
	rows := []row{
		{1, "một", at, day, true},
		{2, nil, time.Time{}, clock.Date{}, true},
		{3, nil, at, day, false},
		{4, "", at, day, false},
		{5, "năm", at.Add(time.Hour), day.AddDays(1), true},
		{6, nil, at, clock.Date{}, true},
	}
	each(t, func(t *testing.T, k *testkit.Kit) {
		k.Update(func(tx *db.Tx) error {
			n, err := tx.Insert("item", []string{"id", "name", "at", "day", "big"}, func(yield func([]any, error) bool) {
				for _, r := range rows {
					if !yield([]any{r.id, r.name, r.at, r.day, r.big}, nil) {
						return
					}
				}
			})
			if n != int64(len(rows)) {
				t.Errorf("%d rows went in", n)
			}
			return err
		})
		k.View(func(tx *db.Tx) error {
			got, err := db.All(tx, func(found db.Row) (r row, err error) {
				var name *string
				err = found.Scan(&r.id, &name, db.Instant(&r.at), &r.day, &r.big)
				if name != nil {
					r.name = *name
				}
				return r, err
			}, `SELECT id, name, at, day, big FROM item ORDER BY id`)
			if err == nil && !slices.Equal(got, rows) {
				t.Errorf("got  %v\nwant %v", got, rows)
			}
			return err
		})
	})
}

// What went in before the row that failed goes out again, also where others
// share the commit.
func TestInsertLeavesNothingWhenItFails(t *testing.T) {
	errRefused := errors.New("refused")
	each(t, func(t *testing.T, k *testkit.Kit) {
		for name, fails := range map[string]func(tx *db.Tx, yield func([]any, error) bool){
			"a double":               func(_ *db.Tx, yield func([]any, error) bool) { yield([]any{int64(1)}, nil) },
			"the rows end badly":     func(_ *db.Tx, yield func([]any, error) bool) { yield(nil, errRefused) },
			"too many values":        func(_ *db.Tx, yield func([]any, error) bool) { yield([]any{int64(2), "b"}, nil) },
			"a statement among them": func(tx *db.Tx, yield func([]any, error) bool) { yield(nil, insert(tx, 3)) },
		} {
			err := k.DB.Update(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Insert("item", []string{"id"}, func(yield func([]any, error) bool) {
					if yield([]any{int64(1)}, nil) {
						fails(tx, yield)
					}
				})
				return err
			})
			if n := count(k); err == nil || n != 0 {
				t.Errorf("%s: %v, %d rows stayed", name, err, n)
			}
		}
	})
}

func TestAfterCommitSeesWhatWasCommitted(t *testing.T) {
	each(t, func(t *testing.T, k *testkit.Kit) {
		seen := 0
		k.Update(func(tx *db.Tx) error {
			tx.AfterCommit(func() { seen = count(k) })
			return insert(tx, 1)
		})
		if seen != 1 {
			t.Errorf("AfterCommit saw %d rows", seen)
		}
	})
}

func TestReadModifyWriteOfOneRowLosesNothing(t *testing.T) {
	readModifyWrite(t, (*db.DB).Update)
}

func TestGuardedReadModifyWriteOfOneRowLosesNothing(t *testing.T) {
	readModifyWrite(t, (*db.DB).UpdateGuarded)
}

func readModifyWrite(t *testing.T, update func(*db.DB, context.Context, func(*db.Tx) error) error) {
	each(t, func(t *testing.T, k *testkit.Kit) {
		const writers, rounds = 20, 10
		k.Update(func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO item (id, at) VALUES (1, 0)`)
			return err
		})
		var group sync.WaitGroup
		for range writers {
			group.Go(func() {
				for range rounds {
					if err := update(k.DB, t.Context(), func(tx *db.Tx) error {
						n, err := db.One(tx, db.Column[int64], `SELECT at FROM item WHERE id = 1`)
						if err != nil {
							return err
						}
						return tx.Change(`UPDATE item SET at = $1 WHERE id = 1`, n+1)
					}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
		k.View(func(tx *db.Tx) error {
			n, err := db.One(tx, db.Column[int64], `SELECT at FROM item WHERE id = 1`)
			if n != writers*rounds {
				t.Errorf("counted %d, want %d", n, writers*rounds)
			}
			return err
		})
	})
}

// What is said to be done later is done in its turn, and if it fails, so does the
// transaction.
func TestLater(t *testing.T) {
	later := func(tx *db.Tx, n int64) error { return tx.Later(`INSERT INTO item (id) VALUES ($1)`, n) }
	each(t, func(t *testing.T, k *testkit.Kit) {
		k.Update(func(tx *db.Tx) error {
			if err := later(tx, 1); err != nil {
				return err
			}
			n, err := db.One(tx, db.Column[int], `SELECT count(*) FROM item`)
			if n != 1 {
				t.Errorf("the next statement saw %d rows", n)
			}
			return errors.Join(err, later(tx, 2))
		})
		k.Update(func(tx *db.Tx) error {
			if err := later(tx, 3); err != nil {
				return err
			}
			_, err := tx.Insert("item", []string{"id"}, func(yield func([]any, error) bool) { yield([]any{int64(4)}, nil) })
			return err
		})
		if n := count(k); n != 4 {
			t.Errorf("%d rows, want 4", n)
		}
		if err := k.Try(func(tx *db.Tx) error {
			_ = insert(tx, 5)
			_ = later(tx, 1)
			return nil
		}); !errs.Is(err, errs.Conflict) {
			t.Errorf("a key that is taken: %v", err)
		}
		if err := k.DB.View(t.Context(), func(tx *db.Tx) error { return later(tx, 6) }); err == nil {
			t.Error("a view wrote")
		}
		if n := count(k); n != 4 {
			t.Errorf("%d rows, want 4", n)
		}
	})
}

func TestViewIsASnapshot(t *testing.T) {
	each(t, func(t *testing.T, k *testkit.Kit) {
		k.View(func(tx *db.Tx) error {
			before, err := db.One(tx, db.Column[int], `SELECT count(*) FROM item`)
			if err != nil {
				return err
			}
			k.Update(func(tx *db.Tx) error { return insert(tx, 1) })
			after, err := db.One(tx, db.Column[int], `SELECT count(*) FROM item`)
			if before != 0 || after != 0 {
				t.Errorf("the view saw %d rows, then %d", before, after)
			}
			return err
		})
		if n := count(k); n != 1 {
			t.Errorf("a later view saw %d rows", n)
		}
	})
}

func TestViewCannotWrite(t *testing.T) {
	each(t, func(t *testing.T, k *testkit.Kit) {
		for name, write := range map[string]func(*db.Tx) error{
			"Exec": func(tx *db.Tx) error { return insert(tx, 1) },
			"query": func(tx *db.Tx) error {
				_, err := db.One(tx, db.Column[int64], `INSERT INTO item (id) VALUES (1) RETURNING id`)
				return err
			},
		} {
			if err := k.DB.View(t.Context(), write); err == nil {
				t.Errorf("%s wrote in a view", name)
			}
		}
		if n := count(k); n != 0 {
			t.Errorf("%d rows were written", n)
		}
	})
}

func TestTransactionInsideATransaction(t *testing.T) {
	each(t, func(t *testing.T, k *testkit.Kit) {
		nothing := func(*db.Tx) error { return nil }
		for outer, open := range map[string]func(context.Context, func(*db.Tx) error) error{"View": k.DB.View, "Update": k.DB.Update} {
			if err := open(t.Context(), func(tx *db.Tx) error {
				if k.DB.View(tx.Context(), nothing) == nil || k.DB.Update(tx.Context(), nothing) == nil {
					t.Errorf("%s let another transaction in", outer)
				}
				return nil
			}); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestContextThatHasEnded(t *testing.T) {
	each(t, func(t *testing.T, k *testkit.Kit) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		for name, open := range map[string]func(context.Context, func(*db.Tx) error) error{"View": k.DB.View, "Update": k.DB.Update} {
			err := open(ctx, func(*db.Tx) error {
				t.Errorf("%s ran", name)
				return nil
			})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", name, err)
			}
		}
		// A reader who goes away ends a query that would take for ever.
		ctx, cancel = context.WithCancel(t.Context())
		err := k.DB.View(ctx, func(tx *db.Tx) error {
			return db.Each(tx, db.Column[int64], func(n int64) error {
				if n == 1000 {
					cancel()
				}
				return nil
			}, `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) SELECT i FROM n`)
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("endless query: %v", err)
		}
		if n := count(k); n != 0 {
			t.Errorf("%d rows", n)
		}
	})
}

func TestFailedStatementFailsTheTransaction(t *testing.T) {
	each(t, func(t *testing.T, k *testkit.Kit) {
		err := k.DB.Update(t.Context(), func(tx *db.Tx) error {
			if err := insert(tx, 1); err != nil {
				return err
			}
			_ = insert(tx, 1)
			if err := insert(tx, 2); err == nil {
				t.Error("a statement ran after one that failed")
			}
			return nil
		})
		testkit.Want(t, err, errs.Conflict)
		if n := count(k); n != 0 {
			t.Errorf("%d rows", n)
		}
	})
}

func TestStatementAmongTheRowsOfAnother(t *testing.T) {
	each(t, func(t *testing.T, k *testkit.Kit) {
		k.Update(func(tx *db.Tx) error { return errors.Join(insert(tx, 1), insert(tx, 2)) })
		err := k.DB.View(t.Context(), func(tx *db.Tx) error {
			return db.Each(tx, db.Column[int64], func(int64) error {
				_, err := db.One(tx, db.Column[int], `SELECT count(*) FROM part`)
				return err
			}, `SELECT id FROM item`)
		})
		if err == nil {
			t.Error("a statement ran among the rows of another")
		}
	})
}

func TestKindsOfFailures(t *testing.T) {
	each(t, func(t *testing.T, k *testkit.Kit) {
		k.Update(func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO item (id, name) VALUES (1, 'a')`)
			if err == nil {
				_, err = tx.Exec(`INSERT INTO part (item_id) VALUES (1)`)
			}
			return err
		})
		for _, c := range []struct {
			what, statement string
			kind            errs.Kind
			key             string
		}{
			{"second primary key", `INSERT INTO item (id) VALUES (1)`, errs.Conflict, "errs.duplicate"},
			{"second unique name", `INSERT INTO item (id, name) VALUES (2, 'a')`, errs.Conflict, "errs.duplicate"},
			{"no such item", `INSERT INTO part (item_id) VALUES (7)`, errs.Conflict, "errs.in_use"},
			{"item in use", `DELETE FROM item`, errs.Conflict, "errs.in_use"},
			{"missing value", `INSERT INTO part (item_id) VALUES (NULL)`, errs.Internal, ""},
			{"no such table", `DELETE FROM nothing`, errs.Internal, ""},
			{"no statement", `HELLO`, errs.Internal, ""},
		} {
			err := k.DB.Update(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(c.statement)
				return err
			})
			testkit.Want(t, err, c.kind)
			if e, _ := errs.As(err); e != nil && e.Message.Key != c.key {
				t.Errorf("%s: key %q, want %q", c.what, e.Message.Key, c.key)
			}
			if err != nil && !strings.Contains(err.Error(), c.statement) {
				t.Errorf("%s: the log would not show the statement: %v", c.what, err)
			}
		}
		_, err := db.Open(t.Context(), "postgres://nobody@127.0.0.1:1/none", db.Options{})
		testkit.Want(t, err, errs.Unavailable)
	})
}

func TestPlaceholdersAreNumbered(t *testing.T) {
	each(t, func(t *testing.T, k *testkit.Kit) {
		k.View(func(tx *db.Tx) error {
			got, err := db.One(tx, db.Column[string], `SELECT CAST($2 AS TEXT) || '-' || CAST($1 AS TEXT) || '-' || CAST($2 AS TEXT)`, "one", "two")
			if got != "two-one-two" {
				t.Errorf("got %q", got)
			}
			return err
		})
	})
}

func TestNothingIsStoredAsNull(t *testing.T) {
	each(t, func(t *testing.T, k *testkit.Kit) {
		at, day, other := k.Now(), clock.MustDate("2026-11-03"), id.Of[thing](9)
		k.Update(func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO item (id, at, day, big) VALUES ($1, $2, $3, $4)`, 1, time.Time{}, clock.Date{}, true)
			if err == nil {
				_, err = tx.Exec(`INSERT INTO item (id, at, day, big) VALUES ($1, $2, $3, $4)`, 2, at, day, false)
			}
			return err
		})
		type row struct {
			at  time.Time
			day clock.Date
			big bool
		}
		scan := func(r db.Row) (got row, err error) {
			return got, r.Scan(db.Instant(&got.at), &got.day, &got.big)
		}
		k.View(func(tx *db.Tx) error {
			nulls, err := db.One(tx, db.Column[int], `SELECT count(*) FROM item WHERE at IS NULL AND day IS NULL`)
			if err != nil || nulls != 1 {
				t.Errorf("%d rows hold NULL, %v", nulls, err)
			}
			rows, err := db.All(tx, scan, `SELECT at, day, big FROM item ORDER BY id`)
			if err != nil {
				return err
			}
			if want := (row{big: true}); rows[0] != want {
				t.Errorf("first row %+v", rows[0])
			}
			if !rows[1].at.Equal(at) || rows[1].day != day || rows[1].big {
				t.Errorf("second row %+v", rows[1])
			}
			// A statement must not change its caller's arguments.
			args := []any{other, id.Of[thing](0), at}
			if _, err := db.All(tx, db.Column[int64], `SELECT id FROM item WHERE id = $1 OR id = $2 OR at = $3`, args...); err != nil {
				return err
			}
			if args[0] != any(other) || args[2] != any(at) {
				t.Errorf("arguments became %v", args)
			}
			none, err := db.One(tx, db.Column[*int64], `SELECT CAST($1 AS BIGINT)`, id.Of[thing](0))
			if none != nil {
				t.Errorf("no id is stored as %d", *none)
			}
			return err
		})
	})
}

func TestChangeOfNothingIsAConflict(t *testing.T) {
	each(t, func(t *testing.T, k *testkit.Kit) {
		testkit.Want(t, k.Try(func(tx *db.Tx) error {
			return tx.Change(`UPDATE item SET name = 'x' WHERE id = $1`, 5)
		}), errs.Conflict)
		testkit.Want(t, k.DB.View(t.Context(), func(tx *db.Tx) error {
			_, err := db.One(tx, db.Column[int64], `SELECT id FROM item`)
			return err
		}), errs.NotFound)
	})
}

func TestFileWithoutPermission(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere")
	}
	path := t.TempDir() + "/closed.db"
	if err := os.WriteFile(path, nil, 0o400); err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(t.Context(), path, db.Options{})
	if err == nil {
		err = errors.Join(d.Update(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`CREATE TABLE item (id BIGINT)`)
			return err
		}), d.Close())
	}
	testkit.Want(t, err, errs.Unavailable)
}

func ExampleDB_Update() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "chibo-example-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	d, err := db.Open(ctx, dir+"/example.db", db.Options{})
	if err != nil {
		panic(err)
	}
	defer d.Close()
	err = d.Update(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(`CREATE TABLE cell (name TEXT)`); err != nil {
			return err
		}
		_, err := tx.Exec(`INSERT INTO cell (name) VALUES ($1)`, "Thôn Đoài")
		tx.AfterCommit(func() { fmt.Println("stored") })
		return err
	})
	fmt.Println(err)
	// Output:
	// stored
	// <nil>
}
