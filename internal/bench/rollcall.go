package bench

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/id"
)

const (
	connections = 32
	measureFor  = 10 * time.Second
)

// rollcall marks one member at a time, over HTTP, from many connections that
// share the two cores with the server.
func rollcall(ctx context.Context, s Setting, r *Result) error {
	cells, err := s.fill(ctx, size{cells: 64, members: 30})
	if err != nil {
		return err
	}
	sv, _, err := s.start(ctx)
	if err != nil {
		return err
	}
	if _, err := load(ctx, sv, cells, 2*time.Second, nil); err != nil {
		return err
	}
	n, spent, err := sv.spend(func() (int64, error) { return load(ctx, sv, cells, measureFor, nil) })
	if err != nil {
		return err
	}
	limit := 8000.0
	if s.Database != "" {
		limit = 3000
	}
	r.least("entries_per_s", float64(n)/measureFor.Seconds(), limit)
	r.Figures["server_cpu_us"] = float64(spent.server.Microseconds()) / float64(n)
	r.Figures["generator_cpu_us"] = float64(spent.generator.Microseconds()) / float64(n)
	if err := sv.stop(); err != nil {
		return err
	}
	return s.bare(ctx, r)
}

// load marks members on all connections for a while and counts the answers;
// acknowledged, if set, is told of each. A connection has its own cells, so
// that it knows what it last wrote.
func load(ctx context.Context, sv *server, cells []cell, lasting time.Duration, acknowledged func(mark)) (int64, error) {
	ctx, stop := context.WithTimeout(ctx, lasting)
	defer stop()
	var n atomic.Int64
	var failure atomic.Pointer[error]
	var all sync.WaitGroup
	for worker := range connections {
		all.Go(func() {
			if err := sv.work(ctx, cells, worker, func(m mark) {
				n.Add(1)
				if acknowledged != nil {
					acknowledged(m)
				}
			}); err != nil {
				failure.CompareAndSwap(nil, &err)
			}
		})
	}
	all.Wait()
	if err := failure.Load(); err != nil {
		return n.Load(), *err
	}
	return n.Load(), nil
}

// work sends the marks of one connection until ctx ends.
func (s *server) work(ctx context.Context, cells []cell, worker int, acknowledged func(mark)) error {
	l, err := s.dial(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	for round := worker; ctx.Err() == nil; round += connections {
		m := markOf(cells, worker, round)
		if err := l.send(m); err != nil {
			return err
		}
		acknowledged(m)
	}
	return nil
}

// mark is one roll-call entry. Its reason differs each time, so that every one
// is a change that must be written.
type mark struct {
	cell   *cell
	person access.PersonID
	reason string
}

var sequence atomic.Int64

func markOf(cells []cell, worker, round int) mark {
	own := len(cells) / connections
	c := &cells[worker*own+(round/connections)%own]
	return mark{c, c.members[(round/connections/own)%len(c.members)], fmt.Sprintf("bận việc %d", sequence.Add(1))}
}

// line is one connection that sends marks as a browser without script does. It
// is thinner than http.Client, which would take as much of the cores as the
// server that is measured.
type line struct {
	net.Conn
	answers *bufio.Reader
}

func (s *server) dial(ctx context.Context) (*line, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		return nil, err
	}
	until, _ := ctx.Deadline()
	return &line{conn, bufio.NewReader(conn)}, conn.SetDeadline(until.Add(readyWithin))
}

// send posts the mark and waits for the answer.
func (l *line) send(m mark) error {
	form := "person=" + m.person.String() + "&mark=excused&reason=" + url.QueryEscape(m.reason)
	if _, err := fmt.Fprintf(l, "POST /meetings/%s/roll HTTP/1.1\r\nHost: bench\r\nContent-Type: application/x-www-form-urlencoded\r\n"+
		"Content-Length: %d\r\nCookie: chibo=%s\r\n\r\n%s", m.cell.meeting, len(form), m.cell.token, form); err != nil {
		return err
	}
	answer, err := http.ReadResponse(l.answers, nil)
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusSeeOther {
		return fmt.Errorf("the mark was answered with %s", answer.Status)
	}
	return nil
}

// bare does with the driver alone what a mark writes: one update and two
// inserts in a transaction of their own, from as many goroutines.
func (s Setting) bare(ctx context.Context, r *Result) error {
	d, err := db.Open(ctx, s.bareAddress(), db.Options{})
	if err != nil {
		return err
	}
	defer d.Close()
	if _, err := d.Pool().ExecContext(ctx, `CREATE TABLE IF NOT EXISTS bare (id BIGINT PRIMARY KEY, a BIGINT, b TEXT, c TEXT)`); err != nil {
		return err
	}
	var n atomic.Int64
	ctx, stop := context.WithTimeout(ctx, measureFor/2)
	defer stop()
	var all sync.WaitGroup
	for range connections {
		all.Go(func() {
			for ctx.Err() == nil && s.writeBare(ctx, d) == nil {
				n.Add(1)
			}
		})
	}
	all.Wait()
	r.Figures["bare_driver_per_s"] = float64(n.Load()) / (measureFor / 2).Seconds()
	return nil
}

func (s Setting) bareAddress() string {
	if s.Database != "" {
		return s.Database
	}
	return s.Folder + "/bare.db"
}

// writeBare commits on its own, without the groups of package db.
func (s Setting) writeBare(ctx context.Context, d *db.DB) error {
	tx, err := d.Pool().BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for range 3 {
		if _, err := tx.ExecContext(ctx, `INSERT INTO bare (id, a, b, c) VALUES ($1, $2, $3, $4)`, int64(id.New[mark]()), 1, "bận việc", "excused"); err != nil {
			return err
		}
	}
	return tx.Commit()
}
