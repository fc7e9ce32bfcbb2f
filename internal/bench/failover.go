package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"sync"
	"time"
)

// failover keeps a load on a server whose database is a cluster, and has its
// primary killed again and again. The server stays up, waits and goes on;
// afterwards every mark that it acknowledged is asked for.
func failover(ctx context.Context, s Setting, r *Result) error {
	if s.Database == "" || s.Failover == "" {
		return errors.New("failover needs the address of a cluster and the command that kills its primary; bench/ha/run gives both")
	}
	cells, err := s.fill(ctx, size{cells: connections, members: 20})
	if err != nil {
		return err
	}
	sv, _, err := s.start(ctx)
	if err != nil {
		return err
	}
	known := &ledger{last: map[place]string{}}
	pulse := &pulse{}
	loading, stop := context.WithCancel(ctx)
	var all sync.WaitGroup
	for worker := range connections {
		all.Go(func() { sv.insist(loading, cells, worker, known, pulse) })
	}
	waits, err := s.failOver(ctx, pulse)
	stop()
	all.Wait()
	if err := errors.Join(err, sv.stop()); err != nil {
		return err
	}
	lost, err := s.lost(ctx, known)
	if err != nil {
		return err
	}
	slices.Sort(waits)
	r.Figures["kills"] = float64(len(waits))
	r.Figures["acknowledged"] = float64(known.acknowledged)
	r.Figures["refused"] = float64(pulse.refused)
	r.Figures["median_silence_s"] = waits[len(waits)/2].Seconds()
	r.Figures["longest_silence_s"] = waits[len(waits)-1].Seconds()
	r.most("lost", float64(lost), 0)
	return s.checkClean(ctx, r)
}

// failOver kills the primary s.Kills times and says how long nothing was
// acknowledged each time. The command returns when the cluster is whole again.
func (s Setting) failOver(ctx context.Context, p *pulse) (waits []time.Duration, err error) {
	for i := range s.Kills {
		p.rest()
		if err := pause(ctx, 3*time.Second); err != nil {
			return waits, err
		}
		kill := exec.CommandContext(ctx, s.Failover)
		kill.Stdout, kill.Stderr = s.Say, os.Stderr
		if err := kill.Run(); err != nil {
			return waits, fmt.Errorf("kill %d: %w", i+1, err)
		}
		if err := pause(ctx, 2*time.Second); err != nil {
			return waits, err
		}
		silence := p.rest()
		waits = append(waits, silence)
		fmt.Fprintf(s.Say, "%d of %d failovers: nothing acknowledged for %.1f s\n", i+1, s.Kills, silence.Seconds())
	}
	return waits, nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// pulse knows the longest silence between two acknowledgements.
type pulse struct {
	sync.Mutex
	last    time.Time
	longest time.Duration
	refused int
}

func (p *pulse) beat() {
	p.Lock()
	defer p.Unlock()
	p.longest = max(p.longest, time.Since(p.last))
	p.last = time.Now()
}

func (p *pulse) refuse() {
	p.Lock()
	defer p.Unlock()
	p.refused++
}

// rest gives the longest silence since the last rest, one that still lasts included.
func (p *pulse) rest() time.Duration {
	p.Lock()
	defer p.Unlock()
	longest := max(p.longest, time.Since(p.last))
	p.longest, p.last = 0, time.Now()
	return longest
}

// insist marks one person after another; what is refused is asked again a little
// later, as a person would.
func (s *server) insist(ctx context.Context, cells []cell, worker int, known *ledger, p *pulse) {
	mark := single(cells, known.note)
	for round := 0; ctx.Err() == nil; {
		l, err := s.dial(ctx)
		if err != nil {
			_ = pause(ctx, 50*time.Millisecond)
			continue
		}
		for ; ctx.Err() == nil; round++ {
			if err = l.SetDeadline(time.Now().Add(time.Minute)); err == nil {
				_, err = mark(l, worker, round)
			}
			if err != nil {
				p.refuse()
				break
			}
			p.beat()
		}
		_ = l.Close()
		_ = pause(ctx, 50*time.Millisecond)
	}
}
