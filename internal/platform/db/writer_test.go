package db

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"chibo/internal/platform/errs"
)

var (
	background = context.Background()
	errRefused = errors.New("refused")
)

func openFile(t testing.TB) *DB {
	t.Helper()
	d, err := Open(background, filepath.Join(t.TempDir(), "test.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	define(t, d, `CREATE TABLE item (name TEXT PRIMARY KEY, size BIGINT)`)
	return d
}

func define(t testing.TB, d *DB, statement string) {
	t.Helper()
	if _, err := d.Pool().Exec(statement); err != nil {
		t.Fatal(err)
	}
}

func insert(tx *Tx, name string) error {
	_, err := tx.Exec(`INSERT INTO item (name) VALUES ($1)`, name)
	return err
}

func names(t testing.TB, d *DB) (list []string) {
	t.Helper()
	if err := d.View(background, func(tx *Tx) (err error) {
		list, err = All(tx, Column[string], `SELECT name FROM item ORDER BY name`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return list
}

// caller is one of several transactions that shall share a commit.
type caller struct {
	name  string
	fn    func(tx *Tx) error
	ended string // "", the text of an error, "panic" or "exit"
	after int    // calls of AfterCommit
	runs  int
}

func (c *caller) call(d *DB) {
	c.ended = "exit"
	defer func() {
		if recover() != nil {
			c.ended = "panic"
		}
	}()
	err := d.Update(background, func(tx *Tx) error {
		c.runs++
		tx.AfterCommit(func() { c.after++ })
		return c.fn(tx)
	})
	if c.ended = ""; err != nil {
		c.ended = err.Error()
	}
}

// together holds the writer until all callers wait in its queue, one after the
// other in the order of the list.
func together(d *DB, callers ...*caller) {
	w := d.engine.(*sqliteEngine).writer
	held, release := make(chan struct{}), make(chan struct{})
	var group sync.WaitGroup
	hold := sync.OnceFunc(func() { close(held); <-release })
	group.Go(func() {
		_ = d.Update(background, func(*Tx) error {
			hold()
			return nil
		})
	})
	<-held
	for i, c := range callers {
		group.Go(func() { c.call(d) })
		for len(w.queue) <= i {
			runtime.Gosched()
		}
	}
	close(release)
	group.Wait()
}

func good(name string) *caller {
	return &caller{name: name, fn: func(tx *Tx) error { return insert(tx, name) }}
}

func bad(name, ended string, end func() error) *caller {
	return &caller{name: name, ended: ended, fn: func(tx *Tx) error {
		if err := insert(tx, name); err != nil {
			return err
		}
		return end()
	}}
}

func TestFailuresInAGroupDisturbNobody(t *testing.T) {
	d := openFile(t)
	late := good("g")
	callers := []*caller{
		good("a"),
		bad("b", "refused", func() error { return errRefused }),
		good("c"),
		bad("d", "panic", func() error { panic("planted") }),
		{name: "e", ended: "refused", fn: func(*Tx) error { return errRefused }},
		bad("f", "exit", func() error { runtime.Goexit(); return nil }),
		late,
		{name: "h", ended: "refused", fn: func(tx *Tx) error {
			// A query that writes counts as writing.
			_, err := One(tx, Column[string], `INSERT INTO item (name) VALUES ($1) RETURNING name`, "h")
			return errors.Join(err, errRefused)
		}},
		good("i"),
	}
	var want, ended []string
	for _, c := range callers {
		ended = append(ended, c.ended)
		if c.ended == "" {
			want = append(want, c.name)
		}
	}
	together(d, callers...)
	for i, c := range callers {
		if c.ended != ended[i] {
			t.Errorf("%s ended with %q, want %q", c.name, c.ended, ended[i])
		}
		if wantAfter := len(ended[i]) == 0; c.after != map[bool]int{true: 1}[wantAfter] {
			t.Errorf("%s: AfterCommit ran %d times", c.name, c.after)
		}
		if c.runs > 2 {
			t.Errorf("%s ran %d times: more than one redo", c.name, c.runs)
		}
	}
	if got := names(t, d); !slices.Equal(got, want) {
		t.Errorf("stored %v, want %v", got, want)
	}
	if callers[0].runs != 2 || late.runs != 1 {
		t.Errorf("runs of the first %d, of a late one %d, want 2 and 1", callers[0].runs, late.runs)
	}
}

// A function that succeeds at first and fails when it is repeated must not
// take those behind it along.
func TestFailureInARedoLosesNothing(t *testing.T) {
	for _, end := range []struct {
		name string
		fn   func() error
	}{
		{"refused", func() error { return errRefused }},
		{"panic", func() error { panic("planted") }},
		{"exit", func() error { runtime.Goexit(); return nil }},
	} {
		t.Run(end.name, func(t *testing.T) {
			d := openFile(t)
			fickle := &caller{name: "b"}
			fickle.fn = func(tx *Tx) error {
				if err := insert(tx, "b"); err != nil || fickle.runs == 1 {
					return err
				}
				return end.fn()
			}
			together(d, good("a"), fickle, good("c"), bad("d", "refused", func() error { return errRefused }), good("e"))
			if got := names(t, d); !slices.Equal(got, []string{"a", "c", "e"}) {
				t.Errorf("stored %v", got)
			}
			if fickle.ended != end.name || fickle.after != 0 {
				t.Errorf("the fickle one ended with %q and %d calls of AfterCommit", fickle.ended, fickle.after)
			}
		})
	}
}

// What failed because of a neighbour's work that was undone is tried again.
func TestFailureOverUndoneWorkIsTriedAgain(t *testing.T) {
	d := openFile(t)
	fickle := &caller{}
	fickle.fn = func(tx *Tx) error {
		if fickle.runs == 2 {
			_ = insert(tx, "x")
			return errRefused
		}
		return insert(tx, "taken")
	}
	second := good("taken")
	together(d, fickle, second, bad("z", "refused", func() error { return errRefused }))
	if second.ended != "" || !slices.Equal(names(t, d), []string{"taken"}) {
		t.Errorf("ended with %q, stored %v", second.ended, names(t, d))
	}
}

func TestConstraintBrokenAtTheCommit(t *testing.T) {
	d := openFile(t)
	define(t, d, `CREATE TABLE part (of TEXT REFERENCES item (name) DEFERRABLE INITIALLY DEFERRED)`)
	orphan := &caller{fn: func(tx *Tx) error {
		_, err := tx.Exec(`INSERT INTO part (of) VALUES ($1)`, "nothing")
		return err
	}}
	a, b := good("a"), good("b")
	together(d, a, orphan, b)
	if a.ended != "" || b.ended != "" || !strings.HasPrefix(orphan.ended, "conflict") {
		t.Errorf("ended with %q, %q, %q", a.ended, orphan.ended, b.ended)
	}
	if a.after != 1 || orphan.after != 0 || b.after != 1 {
		t.Errorf("AfterCommit ran %d, %d, %d times", a.after, orphan.after, b.after)
	}
	if got := names(t, d); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("stored %v", got)
	}
}

func TestFullDisk(t *testing.T) {
	d := openFile(t)
	huge := func(name string, swallow bool) *caller {
		return &caller{name: name, fn: func(tx *Tx) error {
			if _, err := One(tx, Column[int64], `PRAGMA max_page_count = 40`); err != nil {
				return err
			}
			_, err := tx.Exec(`INSERT INTO item (name) VALUES ($1)`, name+strings.Repeat("x", 1<<20))
			if swallow {
				_ = insert(tx, "after a failure")
				return nil
			}
			return err
		}}
	}
	callers := []*caller{good("a"), huge("b", false), good("c"), huge("d", true), good("e")}
	together(d, callers...)
	for _, c := range callers {
		full := strings.HasPrefix(c.ended, "unavailable: errs.disk_full")
		if want := c.name == "b" || c.name == "d"; full != want || !want && c.ended != "" {
			t.Errorf("%s ended with %q", c.name, c.ended)
		}
	}
	if got := names(t, d); !slices.Equal(got, []string{"a", "c", "e"}) {
		t.Errorf("stored %v", got)
	}
	last := good("f")
	if last.call(d); last.ended != "" {
		t.Errorf("the next transaction: %s", last.ended)
	}
}

func TestCallerWhoWaitsNoLonger(t *testing.T) {
	d := openFile(t)
	w := d.engine.(*sqliteEngine).writer
	held, release := make(chan struct{}), make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		_ = d.Update(background, func(tx *Tx) error {
			close(held)
			<-release
			return insert(tx, "first")
		})
	})
	<-held
	ctx, cancel := context.WithCancel(background)
	// More than the queue holds: some wait in it, some to enter it.
	const callers = groupMost + 30
	failures := make(chan error, callers)
	for range callers {
		go func() { failures <- d.Update(ctx, func(tx *Tx) error { return insert(tx, "late") }) }()
	}
	for len(w.queue) < groupMost {
		runtime.Gosched()
	}
	cancel()
	for range callers { // all leave while the writer is still held
		if err := <-failures; !errors.Is(err, context.Canceled) {
			t.Errorf("a caller whose context ended got %v", err)
		}
	}
	close(release)
	group.Wait()
	good("last").call(d)
	if got := names(t, d); !slices.Equal(got, []string{"first", "last"}) {
		t.Errorf("stored %v", got)
	}
}

func TestContextThatEndsMidwayDoesNotSplitTheAnswerFromTheEffect(t *testing.T) {
	d := openFile(t)
	ctx, cancel := context.WithCancel(background)
	err := d.Update(ctx, func(tx *Tx) error {
		cancel()
		return insert(tx, "a")
	})
	if stored := len(names(t, d)) == 1; stored != (err == nil) {
		t.Errorf("stored: %v, answer: %v", stored, err)
	}
}

func TestCloseServesThoseWhoWait(t *testing.T) {
	d := openFile(t)
	w := d.engine.(*sqliteEngine).writer
	held, release := make(chan struct{}), make(chan struct{})
	var group sync.WaitGroup
	var answer error
	group.Go(func() {
		_ = d.Update(background, func(*Tx) error {
			close(held)
			<-release
			return nil
		})
	})
	<-held
	group.Go(func() { answer = d.Update(background, func(tx *Tx) error { return insert(tx, "waiting") }) })
	for len(w.queue) == 0 {
		runtime.Gosched()
	}
	closed := make(chan error)
	go func() { closed <- d.Close() }()
	<-d.engine.(*sqliteEngine).closing
	close(release)
	group.Wait()
	if err := errors.Join(answer, <-closed); err != nil {
		t.Error(err)
	}
	for name, use := range map[string]func(context.Context, func(*Tx) error) error{"View": d.View, "Update": d.Update} {
		if err := use(background, func(*Tx) error { return nil }); !errs.Is(err, errs.Unavailable) {
			t.Errorf("%s after Close: %v", name, err)
		}
	}
}

// The schema may change under prepared statements, through Pool, while the
// writer holds its connection.
func TestPreparedStatementsSeeANewSchema(t *testing.T) {
	d := openFile(t)
	good("a").call(d)
	read := func(into ...any) {
		t.Helper()
		for _, use := range []func(context.Context, func(*Tx) error) error{d.Update, d.View} {
			if err := use(background, func(tx *Tx) error {
				_, err := One(tx, func(row Row) (bool, error) { return true, row.Scan(into...) }, `SELECT * FROM item`)
				return err
			}); err != nil {
				t.Error(err)
			}
		}
	}
	var name, colour string
	var size *int
	read(&name, &size)
	define(t, d, `ALTER TABLE item ADD COLUMN colour TEXT NOT NULL DEFAULT 'red'`)
	if read(&name, &size, &colour); colour != "red" {
		t.Errorf("the new column is %q", colour)
	}
}

func TestManyDifferentStatements(t *testing.T) {
	d := openFile(t)
	if err := d.Update(background, func(tx *Tx) error {
		for i := range statementsMost + 20 {
			if got, err := One(tx, Column[int], fmt.Sprintf(`SELECT %d`, i)); err != nil || got != i {
				return fmt.Errorf("statement %d: %d, %w", i, got, err)
			}
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

func TestDatabaseThatMayOnlyBeRead(t *testing.T) {
	d := openFile(t)
	if err := d.Update(background, func(tx *Tx) error {
		_, err := All(tx, Column[int], `PRAGMA query_only = 1`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	err := d.Update(background, func(tx *Tx) error { return insert(tx, "a") })
	if e, ok := errs.As(err); !ok || e.Kind != errs.Unavailable || e.Message.Key != "errs.read_only" {
		t.Errorf("writing: %v", err)
	}
	if _, err := Open(background, filepath.Join(t.TempDir(), "no", "such", "folder.db"), Options{}); !errs.Is(err, errs.Unavailable) {
		t.Errorf("opening in a folder that is not there: %v", err)
	}
}
