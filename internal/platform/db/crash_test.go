package db_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"chibo/internal/platform/db"
)

const victim = "CHIBO_TEST_VICTIM"

func TestMain(m *testing.M) {
	if path := os.Getenv(victim); path != "" {
		writeUntilKilled(path)
	}
	os.Exit(m.Run())
}

// writeUntilKilled stores numbers from several goroutines and prints each one
// that was acknowledged.
func writeUntilKilled(path string) {
	ctx := context.Background()
	d, err := db.Open(ctx, path, db.Options{})
	if err != nil {
		panic(err)
	}
	first, _ := strconv.ParseInt(os.Getenv(victim+"_FROM"), 10, 64)
	var last atomic.Int64
	last.Store(first)
	for range 8 {
		go func() {
			for {
				n := last.Add(1)
				if err := d.Update(ctx, func(tx *db.Tx) error { return insert(tx, n) }); err != nil {
					panic(err)
				}
				// One write call of a short line reaches the pipe whole.
				fmt.Fprintf(os.Stdout, "%d\n", n)
			}
		}()
	}
	select {}
}

// A process that is killed at any moment loses nothing that it acknowledged,
// and leaves a sound file.
func TestKillLosesNothing(t *testing.T) {
	path := t.TempDir() + "/crash.db"
	d := reopen(t, path)
	if err := d.Update(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`CREATE TABLE item (id BIGINT PRIMARY KEY)`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	acknowledged := map[int64]bool{}
	for round := range 10 {
		kill(t, path, int64(round+1)*1_000_000, acknowledged)
		checkAfterKill(t, path, acknowledged)
	}
	t.Logf("%d acknowledged writes over 10 kills", len(acknowledged))
}

func kill(t *testing.T, path string, from int64, acknowledged map[int64]bool) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^$")
	child.Env = append(os.Environ(), victim+"="+path, fmt.Sprintf("%s_FROM=%d", victim, from))
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	lines.Scan() // it writes: the time to live begins
	read := 0
	for deadline := time.AfterFunc(time.Duration(rand.IntN(60))*time.Millisecond, func() { _ = child.Process.Kill() }); ; {
		n, err := strconv.ParseInt(lines.Text(), 10, 64)
		if err != nil {
			t.Fatalf("the child printed %q", lines.Text())
		}
		acknowledged[n] = true
		read++
		if !lines.Scan() {
			deadline.Stop()
			break
		}
	}
	if err := child.Wait(); err == nil || read == 0 {
		t.Fatalf("the child ended by itself: %v", err)
	}
}

func checkAfterKill(t *testing.T, path string, acknowledged map[int64]bool) {
	t.Helper()
	d := reopen(t, path)
	stored := map[int64]bool{}
	if err := d.View(t.Context(), func(tx *db.Tx) error {
		sound, err := db.One(tx, db.Column[string], `PRAGMA integrity_check`)
		if err != nil || sound != "ok" {
			return fmt.Errorf("integrity: %s %w", sound, err)
		}
		return db.Each(tx, db.Column[int64], func(n int64) error {
			stored[n] = true
			return nil
		}, `SELECT id FROM item`)
	}); err != nil {
		t.Fatal(err)
	}
	for n := range acknowledged {
		if !stored[n] {
			t.Errorf("%d was acknowledged and is lost", n)
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}

func reopen(t *testing.T, path string) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), path, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}
