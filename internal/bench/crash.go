package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"time"

	"chibo/internal/app"
	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
)

// crash kills the server under load, again and again, and afterwards asks the
// database for every mark that had been acknowledged.
func crash(ctx context.Context, s Setting, r *Result) error {
	cells, err := s.fill(ctx, size{cells: connections, members: 20})
	if err != nil {
		return err
	}
	known := &ledger{last: map[place]string{}}
	for i := range s.Kills {
		if err := s.loadAndKill(ctx, cells, known); err != nil {
			return fmt.Errorf("kill %d: %w", i+1, err)
		}
		fmt.Fprintf(s.Say, "%d of %d kills, %d marks acknowledged\n", i+1, s.Kills, known.acknowledged)
	}
	lost, err := s.lost(ctx, known)
	if err != nil {
		return err
	}
	r.Figures["kills"] = float64(s.Kills)
	r.Figures["acknowledged"] = float64(known.acknowledged)
	r.most("lost", float64(lost), 0)
	return s.checkClean(ctx, r)
}

// place is where a mark lies: every new one there replaces the last.
type place struct {
	cell   *cell
	person access.PersonID
}

// ledger is what the server acknowledged.
type ledger struct {
	sync.Mutex
	last         map[place]string
	acknowledged int
}

func (l *ledger) note(m mark) {
	l.Lock()
	defer l.Unlock()
	l.last[place{m.cell, m.person}] = m.reason
	l.acknowledged++
}

func (s Setting) loadAndKill(ctx context.Context, cells []cell, known *ledger) error {
	sv, _, err := s.start(ctx)
	if err != nil {
		return err
	}
	killed := make(chan error, 1)
	go func() {
		time.Sleep(100*time.Millisecond + rand.N(400*time.Millisecond))
		killed <- sv.kill()
	}()
	// Requests fail when the server dies; what counts is what it acknowledged.
	_, _ = load(ctx, sv, 2*time.Second, single(cells, known.note))
	return <-killed
}

// lost counts acknowledged marks that are not in the database. A mark that was
// written and not acknowledged may have replaced the last acknowledged one, so
// a place is lost only if what lies there is older than that.
func (s Setting) lost(ctx context.Context, known *ledger) (lost int, err error) {
	a, err := app.Open(ctx, app.Config{Data: s.Folder, Database: s.Database})
	if err != nil {
		return 0, err
	}
	defer a.Close()
	err = a.DB.View(ctx, func(tx *db.Tx) error {
		stored, err := known.stored(tx)
		for at, reason := range known.last {
			if number(stored[at]) < number(reason) {
				lost++
			}
		}
		return err
	})
	return lost, err
}

// stored reads what lies at the places of the ledger.
func (l *ledger) stored(tx *db.Tx) (map[place]string, error) {
	found := map[place]string{}
	rolls := map[*cell]bool{}
	for at := range l.last {
		if rolls[at.cell] {
			continue
		}
		rolls[at.cell] = true
		roll, err := meeting.Roll(tx, access.Console(), at.cell.meeting)
		if err != nil {
			return nil, err
		}
		for _, e := range roll {
			found[place{at.cell, e.Person}] = e.Reason
		}
	}
	return found, nil
}

// number is the running number in the reason of a mark.
func number(reason string) (n int) {
	_, _ = fmt.Sscanf(reason, "bận việc %d", &n)
	return n
}

// checkClean has the program check itself.
func (s Setting) checkClean(ctx context.Context, r *Result) error {
	args := []string{"check", "--data", s.Folder}
	if s.Database != "" {
		args = append(args, "--db", s.Database)
	}
	check := exec.CommandContext(ctx, s.Program, args...)
	check.Stdout, check.Stderr = s.Say, os.Stderr
	damaged := 0.0
	if err := check.Run(); err != nil {
		damaged = 1
	}
	r.most("check_failed", damaged, 0)
	return nil
}
