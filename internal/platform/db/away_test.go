package db_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/testkit"
)

// door stands between the program and its server, and can be shut, as when a
// primary dies and another is not yet elected.
type door struct {
	net.Listener
	server string

	mu    sync.Mutex
	shut  bool
	slam  []byte // the door shuts behind the message that holds it
	lines map[net.Conn]bool
}

func (d *door) serve() {
	for {
		client, err := d.Accept()
		if err != nil {
			return
		}
		go d.join(client)
	}
}

func (d *door) join(client net.Conn) {
	server, err := net.Dial("tcp", d.server)
	if err != nil || !d.let(client, server) {
		_ = client.Close()
		return
	}
	go func() { _, _ = io.Copy(client, server) }()
	buffer := make([]byte, 64<<10)
	for {
		n, err := client.Read(buffer)
		if err != nil {
			_ = server.Close()
			return
		}
		if d.slams(buffer[:n], server) {
			d.close()
		}
		_, _ = server.Write(buffer[:n])
	}
}

// slams reports whether the door shuts behind the message. The server still gets
// it, and nobody its answer.
func (d *door) slams(message []byte, server net.Conn) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.slam == nil || !bytes.Contains(bytes.ToLower(message), d.slam) {
		return false
	}
	delete(d.lines, server)
	return true
}

func (d *door) let(lines ...net.Conn) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, line := range lines {
		d.lines[line] = !d.shut
	}
	return !d.shut
}

// close cuts every line and lets nobody in.
func (d *door) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shut, d.slam = true, nil
	for line := range d.lines {
		_ = line.Close()
	}
	clear(d.lines)
}

func (d *door) open() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shut = false
}

// behindADoor is a database with a table, reached through a door.
func behindADoor(t *testing.T) (*db.DB, *door, string) {
	t.Helper()
	server := os.Getenv("CHIBO_TEST_POSTGRES")
	if server == "" {
		t.Skip("CHIBO_TEST_POSTGRES is not set; make test sets it")
	}
	address, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := &door{Listener: listener, server: address.Host, lines: map[net.Conn]bool{}}
	t.Cleanup(func() { _ = listener.Close() })
	go d.serve()
	address.Host = listener.Addr().String()
	base, err := db.Open(context.Background(), address.String(), db.Options{Connections: 4})
	if err != nil {
		t.Fatal(err)
	}
	table := fmt.Sprintf("away_%d", id.New[thing]())
	if _, err := base.Pool().Exec("CREATE TABLE " + table + " (id BIGINT)"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		d.open()
		_, err := base.Pool().Exec("DROP TABLE " + table)
		if err := errors.Join(err, base.Close()); err != nil {
			t.Error(err)
		}
	})
	return base, d, table
}

// A server that goes away before the commit is waited for, and nothing is done
// twice.
func TestAServerThatFailsOverIsWaitedFor(t *testing.T) {
	base, door, table := behindADoor(t)
	runs := 0
	err := base.Update(context.Background(), func(tx *db.Tx) error {
		if runs++; runs == 1 {
			door.close()
			time.AfterFunc(300*time.Millisecond, door.open)
		}
		_, err := tx.Exec("INSERT INTO " + table + " VALUES (1)")
		return err
	})
	if err != nil || runs < 2 {
		t.Fatalf("after %d runs: %v", runs, err)
	}
	if n := rowsOf(t, base, table); n != 1 {
		t.Errorf("%d rows, want 1", n)
	}
}

// A server without room for one more is waited for: a long transaction ends, and
// there is room again. So is one that prefers others, however often: on a meeting
// day hundreds of cells close at once.
func TestAServerWithoutRoomIsWaitedFor(t *testing.T) {
	for code, refusals := range map[string]int{"53200": 2, "53300": 2, "40001": 14} {
		base, _, table := behindADoor(t)
		runs := 0
		err := base.Update(context.Background(), func(tx *db.Tx) error {
			if _, err := tx.Exec("INSERT INTO " + table + " VALUES (1)"); err != nil {
				return err
			}
			if runs++; runs > refusals {
				return nil
			}
			_, err := tx.Exec("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '" + code + "'; END $$")
			return err
		})
		if err != nil || runs != refusals+1 {
			t.Errorf("%s: after %d runs: %v", code, runs, err)
		}
		if n := rowsOf(t, base, table); n != 1 {
			t.Errorf("%s: %d rows, want 1", code, n)
		}
	}
}

// A job reads what everybody writes. A writer who has read what another changed
// meanwhile would then begin anew, and again and again on a busy day; for a
// guarded job it need not.
func TestNobodyBeginsAnewForAGuardedJob(t *testing.T) {
	base, _, table := behindADoor(t)
	ctx := context.Background()
	for _, side := range []string{"_own", "_other"} {
		if _, err := base.Pool().Exec("CREATE TABLE " + table + side + " (id BIGINT PRIMARY KEY)"); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _, _ = base.Pool().Exec("DROP TABLE " + table + side) })
	}
	insert := func(into string) func(*db.Tx) error {
		return func(tx *db.Tx) error {
			_, err := tx.Exec("INSERT INTO " + into + " VALUES (1)")
			return err
		}
	}
	runs := 0
	if err := base.UpdateGuarded(ctx, func(job *db.Tx) error {
		if _, err := db.One(job, db.Column[int], "SELECT count(*) FROM "+table); err != nil {
			return err
		}
		if err := base.Update(ctx, func(writer *db.Tx) error {
			runs++
			if _, err := db.One(writer, db.Column[int], "SELECT count(*) FROM "+table+"_other"); err != nil {
				return err
			}
			if runs == 1 {
				if err := base.Update(ctx, insert(table+"_other")); err != nil {
					return err
				}
			}
			return insert(table)(writer)
		}); err != nil {
			return err
		}
		return insert(table + "_own")(job)
	}); err != nil {
		t.Fatal(err)
	}
	if runs != 1 {
		t.Errorf("the writer ran %d times", runs)
	}
}

func TestReadingWaitsToo(t *testing.T) {
	base, door, table := behindADoor(t)
	door.close()
	time.AfterFunc(300*time.Millisecond, door.open)
	if n := rowsOf(t, base, table); n != 0 {
		t.Errorf("%d rows, want 0", n)
	}
}

// When the line breaks on the commit, nobody knows; then fn must not run again,
// and the user is told to look.
func TestACommitWithoutAnAnswerIsNotRepeated(t *testing.T) {
	base, door, table := behindADoor(t)
	door.mu.Lock()
	door.slam = []byte("commit")
	door.mu.Unlock()
	runs := 0
	err := base.Update(context.Background(), func(tx *db.Tx) error {
		runs++
		_, err := tx.Exec("INSERT INTO " + table + " VALUES (1)")
		return err
	})
	testkit.Want(t, err, errs.Unavailable)
	if e, ok := errs.As(err); !ok || e.Message.Key != "errs.unsure" || runs != 1 {
		t.Errorf("%d runs: %v", runs, err)
	}
}

func rowsOf(t *testing.T, base *db.DB, table string) (n int) {
	t.Helper()
	err := base.View(context.Background(), func(tx *db.Tx) (err error) {
		n, err = db.One(tx, db.Column[int], "SELECT count(*) FROM "+table)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Reading what may be old asks the replica, and the primary while the replica is
// away; writing never asks it.
func TestReadsThatMayBeStaleGoToTheReplica(t *testing.T) {
	_, door, table := behindADoor(t)
	server := os.Getenv("CHIBO_TEST_POSTGRES")
	replica, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	replica.Host = door.Addr().String()
	replica.RawQuery += "&application_name=replica"
	both, err := db.Open(context.Background(), server, db.Options{Connections: 2, Replica: replica.String()})
	if err != nil {
		t.Fatal(err)
	}
	defer both.Close()
	asked := func(view func(context.Context, func(*db.Tx) error) error) (name string) {
		if err := view(context.Background(), func(tx *db.Tx) (err error) {
			name, err = db.One(tx, db.Column[string], "SELECT current_setting('application_name') FROM (SELECT count(*) FROM "+table+") t")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return name
	}
	if asked(both.ViewStale) != "replica" || asked(both.View) != "" || asked(both.Update) != "" {
		t.Error("the replica was asked where it should not be, or not where it should")
	}
	door.close()
	if asked(both.ViewStale) != "" {
		t.Error("without its replica the program did not ask the primary")
	}
}
