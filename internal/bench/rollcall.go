package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"chibo/internal/domain/account"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/id"
)

const (
	connections   = 32
	measureFor    = 10 * time.Second
	wholeRollsFor = 5 * time.Second
)

// rollcall marks one member at a time, over HTTP, from many connections that
// share the cores with the server; then whole rolls, each in one request.
func rollcall(ctx context.Context, s Setting, r *Result) error {
	cells, err := s.fill(ctx, size{cells: 64, members: 30})
	if err != nil {
		return err
	}
	sv, _, err := s.start(ctx)
	if err != nil {
		return err
	}
	limit := 8000.0
	if s.Database != "" {
		limit = 3000
	}
	if err := r.measure(ctx, sv, "", measureFor, limit, single(cells, func(mark) {})); err != nil {
		return err
	}
	if err := r.measure(ctx, sv, "whole_roll_", wholeRollsFor, 30_000, wholeRoll(cells)); err != nil {
		return err
	}
	if err := sv.stop(); err != nil {
		return err
	}
	return s.bare(ctx, r)
}

// measure notes how many entries a second were acknowledged, and what one of
// them cost each side.
func (r *Result) measure(ctx context.Context, sv *server, name string, lasting time.Duration, limit float64, do step) error {
	if _, err := load(ctx, sv, lasting/5, do); err != nil {
		return err
	}
	n, spent, err := sv.spend(func() (int64, error) { return load(ctx, sv, lasting, do) })
	if err != nil {
		return err
	}
	r.least(name+"entries_per_s", float64(n)/lasting.Seconds(), limit)
	r.Figures[name+"server_cpu_us"] = float64(spent.server.Microseconds()) / float64(n)
	r.Figures[name+"generator_cpu_us"] = float64(spent.generator.Microseconds()) / float64(n)
	return nil
}

// step sends one request of the round-th turn of a connection, and says how many
// entries were acknowledged.
type step func(l *line, worker, round int) (int, error)

// load keeps all connections busy for a while and counts what was acknowledged.
func load(ctx context.Context, sv *server, lasting time.Duration, do step) (int64, error) {
	ctx, stop := context.WithTimeout(ctx, lasting)
	defer stop()
	var n atomic.Int64
	var failure atomic.Pointer[error]
	var all sync.WaitGroup
	for worker := range connections {
		all.Go(func() {
			if err := sv.work(ctx, worker, do, &n); err != nil {
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

// work keeps one connection busy until ctx ends.
func (s *server) work(ctx context.Context, worker int, do step, n *atomic.Int64) error {
	l, err := s.dial(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	for round := 0; ctx.Err() == nil; round++ {
		done, err := do(l, worker, round)
		if err != nil {
			return err
		}
		n.Add(int64(done))
	}
	return nil
}

// single marks one person, as the page of the roll does; acknowledged is told of
// each. A connection has its own cells, so that it knows what it last wrote.
func single(cells []cell, acknowledged func(mark)) step {
	return func(l *line, worker, round int) (int, error) {
		m := markOf(cells, worker, round)
		form := "person=" + m.person.String() + "&mark=excused&reason=" + url.QueryEscape(m.reason)
		err := l.post("/meetings/"+m.cell.meeting.String()+"/roll", "application/x-www-form-urlencoded", m.cell.token, form, http.StatusSeeOther)
		if err == nil {
			acknowledged(m)
		}
		return 1, err
	}
}

// wholeRoll marks everybody of a cell in one request, as a device does that was
// without a network. The rate limit of the API is by caller: in turn, the
// secretaries stay below it.
func wholeRoll(cells []cell) step {
	type called struct {
		Person access.PersonID `json:"person"`
		Mark   string          `json:"mark"`
		Reason string          `json:"reason"`
	}
	return func(l *line, worker, round int) (int, error) {
		c := cellOf(cells, worker, round)
		reason := fmt.Sprintf("bận việc %d", sequence.Add(1))
		var calls []called
		for _, p := range c.members {
			calls = append(calls, called{p, "excused", reason})
		}
		body, err := json.Marshal(map[string]any{"calls": calls})
		if err != nil {
			return 0, err
		}
		return len(calls), l.post("/api/v1/meetings/"+c.meeting.String()+"/roll", "application/json", c.token, string(body), http.StatusOK)
	}
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
	c, own := cellOf(cells, worker, round), len(cells)/connections
	return mark{c, c.members[(round/own)%len(c.members)], fmt.Sprintf("bận việc %d", sequence.Add(1))}
}

// cellOf takes a connection's own cells in turn.
func cellOf(cells []cell, worker, round int) *cell {
	own := len(cells) / connections
	return &cells[worker*own+round%own]
}

// line is one connection that is kept alive. It is thinner than http.Client,
// which would take as much of the cores as the server that is measured.
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

// post sends the body as somebody who is signed in.
func (l *line) post(path, media string, as account.Token, body string, want int) error {
	_, err := l.send("POST", path, "Content-Type: "+media+"\r\nCookie: chibo="+string(as)+"\r\n", body, want)
	return err
}

// send sends a request and waits for the answer.
func (l *line) send(method, path, headers, body string, want int) (said []byte, err error) {
	if _, err := fmt.Fprintf(l, "%s %s HTTP/1.1\r\nHost: bench\r\nContent-Length: %d\r\n%s\r\n%s",
		method, path, len(body), headers, body); err != nil {
		return nil, err
	}
	answer, err := http.ReadResponse(l.answers, nil)
	if err != nil {
		return nil, err
	}
	said, err = io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != want {
		err = fmt.Errorf("%s was answered with %s: %s", path, answer.Status, said)
	}
	return said, err
}

// bare does with the driver alone what a mark writes: one update and two
// inserts in a transaction of their own, from as many goroutines.
func (s Setting) bare(ctx context.Context, r *Result) (err error) {
	d, err := db.Open(ctx, s.bareAddress(), db.Options{})
	if err != nil {
		return err
	}
	defer d.Close()
	if _, err := d.Pool().ExecContext(ctx, `CREATE TABLE bare (id BIGINT PRIMARY KEY, a BIGINT, b TEXT, c TEXT)`); err != nil {
		return err
	}
	defer func() {
		_, gone := d.Pool().ExecContext(ctx, `DROP TABLE bare`)
		err = errors.Join(err, gone)
	}()
	var n atomic.Int64
	during, stop := context.WithTimeout(ctx, measureFor/2)
	defer stop()
	var all sync.WaitGroup
	for range connections {
		all.Go(func() {
			for during.Err() == nil && s.writeBare(during, d) == nil {
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
