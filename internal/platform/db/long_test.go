package db_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"chibo/internal/platform/db"
	"chibo/internal/testkit"
)

// fill puts n rows of about 1 KB into the table.
func fill(t *testing.T, k *testkit.Kit, n int) {
	t.Helper()
	if _, err := k.DB.Pool().Exec(`CREATE TABLE sheet (id BIGINT PRIMARY KEY, content TEXT NOT NULL)`); err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("Nguyễn Thị Ngọc Ánh ", 40)
	k.Update(func(tx *db.Tx) error {
		_, err := tx.Insert("sheet", []string{"id", "content"}, func(yield func([]any, error) bool) {
			for i := range n {
				if !yield([]any{int64(i), fmt.Sprint(i, long)}, nil) {
					return
				}
			}
		})
		return err
	})
}

// inUse is what the heap holds once the garbage is gone.
func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestRowsAreNotGathered reads 40 MB and looks at the heap in the middle: no
// engine holds more than a small part of them.
func TestRowsAreNotGathered(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		const rows, most = 40_000, 8 << 20
		fill(t, k, rows)
		read := 0
		var before, peak uint64
		if err := k.DB.ViewLong(context.Background(), func(tx *db.Tx) error {
			before = inUse()
			return db.Each(tx, db.Column[string], func(string) error {
				if read++; read%10_000 == 0 {
					peak = max(peak, inUse())
				}
				return nil
			}, `SELECT content FROM sheet ORDER BY id`)
		}); err != nil {
			t.Fatal(err)
		}
		if read != rows {
			t.Errorf("%d rows", read)
		}
		if peak > before+most {
			t.Errorf("the heap grew from %d to %d KB", before>>10, peak>>10)
		}
	})
}

// TestLongReadRunsOnce: a failure that View would try again ends a long read.
func TestLongReadRunsOnce(t *testing.T) {
	each(t, func(t *testing.T, k *testkit.Kit) {
		runs := 0
		err := k.DB.ViewLong(context.Background(), func(tx *db.Tx) error {
			runs++
			if _, err := tx.Exec(`INSERT INTO item (id) VALUES (1)`); err == nil {
				t.Error("a long read wrote")
			}
			return &pgconn.PgError{Code: "40001"}
		})
		if err == nil || runs != 1 {
			t.Errorf("ran %d times: %v", runs, err)
		}
	})
}

// TestFewLongReadsAtATime: the third waits until one of two has ended, short
// reads do not, and whoever no longer waits leaves.
func TestFewLongReadsAtATime(t *testing.T) {
	each(t, func(t *testing.T, k *testkit.Kit) {
		begun, end, ended := make(chan struct{}), make(chan struct{}), make(chan error)
		long := func() {
			ended <- k.DB.ViewLong(context.Background(), func(*db.Tx) error {
				begun <- struct{}{}
				<-end
				return nil
			})
		}
		go long()
		go long()
		<-begun
		<-begun
		ctx, leave := context.WithCancel(context.Background())
		go func() { ended <- k.DB.ViewLong(ctx, func(*db.Tx) error { return errors.New("nobody waits for it") }) }()
		if n := count(k); n != 0 {
			t.Errorf("%d items", n)
		}
		leave()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("who left was told %v", err)
		}
		go long()
		end <- struct{}{}
		if err := <-ended; err != nil {
			t.Error(err)
		}
		<-begun // the next has its turn
		end <- struct{}{}
		end <- struct{}{}
		for range 2 {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
	})
}
