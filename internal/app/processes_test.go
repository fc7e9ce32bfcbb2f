package app

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"chibo/internal/domain/account"
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/job"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
	"chibo/internal/testkit/visit"
)

// The variables that make this binary a process that serves.
const (
	asServer  = "CHIBO_TEST_SERVES"
	onAddress = "CHIBO_TEST_SERVES_ON"
)

const serving = 3

func TestMain(m *testing.M) {
	if data := os.Getenv(asServer); data != "" {
		if err := serveForTest(Config{Data: data, Database: os.Getenv(onAddress), Addr: "127.0.0.1:0"}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// serveForTest is chibo serve, with two kinds of jobs that leave a trace.
func serveForTest(c Config) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	a, err := Open(ctx, c)
	if err != nil {
		return err
	}
	var jobs sync.WaitGroup
	jobs.Go(func() {
		job.NewRunner(a.DB, map[string]job.Handler{
			"trace.inside": job.InTx(trace),
			"trace.outside": job.Outside(func(ctx context.Context, n int) (func(*db.Tx) error, error) {
				if err := a.DB.Update(ctx, func(tx *db.Tx) error { return trace(tx, n) }); err != nil {
					return nil, err
				}
				return nil, a.untilAllTakePart(ctx)
			}),
		}, a.jobSettings(0)).Run(ctx)
	})
	err = a.Serve(ctx, os.Stdout)
	jobs.Wait()
	return errors.Join(err, a.Close())
}

func trace(tx *db.Tx, n int) error {
	_, err := tx.Exec(`INSERT INTO trace (n, process) VALUES ($1, $2)`, n, os.Getpid())
	return err
}

// untilAllTakePart holds a worker until each process has done a job, so that
// none of them does all.
func (a *App) untilAllTakePart(ctx context.Context) error {
	for {
		var taking int
		if err := a.DB.View(ctx, func(tx *db.Tx) (err error) {
			taking, err = db.One(tx, db.Column[int], `SELECT count(DISTINCT process) FROM trace`)
			return err
		}); err != nil || taking == serving {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// process is a chibo that serves.
type process struct {
	*exec.Cmd
	base string
	said bytes.Buffer
}

// startProcesses starts some at once, on one database and one folder, and waits
// until all listen.
func startProcesses(t *testing.T, n int, data, address string) (list []*process) {
	t.Helper()
	for range n {
		p := &process{Cmd: exec.Command(os.Args[0])}
		p.Env = append(os.Environ(), asServer+"="+data, onAddress+"="+address)
		p.Stderr = &p.said
		out, err := p.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { p.end(t) })
		list = append(list, p)
		lines := bufio.NewReader(out)
		defer func() { // when all have been started
			line, _ := lines.ReadString('\n')
			p.base = strings.TrimSpace(strings.TrimPrefix(line, "chibo: "))
			if !strings.HasPrefix(p.base, "http://") {
				t.Errorf("a process said %q", line)
			}
			go func() { _, _ = io.Copy(io.Discard, lines) }()
		}()
	}
	return list
}

// end asks the process to end, and shows what went wrong in it.
func (p *process) end(t *testing.T) {
	failure := errors.Join(p.Process.Signal(syscall.SIGTERM), p.Wait())
	if failure != nil {
		t.Error(failure)
	}
	for line := range strings.Lines(p.said.String()) {
		if strings.Contains(line, "level=ERROR") || failure != nil {
			t.Error("a process said ", line)
		}
	}
}

// together is three processes, an opened chibo beside them, and an organisation.
type together struct {
	*App
	*org.Org
	t         *testing.T
	kit       *testkit.Kit
	processes []*process
	site      *visit.Site // for its tokens
}

func serveTogether(t *testing.T) *together {
	address, data := testkit.EmptyPostgres(t), t.TempDir()
	processes := startProcesses(t, serving, data, address)
	if t.Failed() {
		t.FailNow()
	}
	a, err := Open(t.Context(), Config{Data: data, Database: address})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	kit := &testkit.Kit{T: t, DB: a.DB}
	kit.SetNow(time.Now())
	return &together{App: a, Org: org.New(kit), t: t, kit: kit, processes: processes, site: visit.Bare(kit, visit.Routes())}
}

// ask opens a page of each process as whoever has the token.
func (s *together) ask(token account.Token, path string, want int) {
	s.t.Helper()
	for i, p := range s.processes {
		if got := s.send(p, token, http.MethodGet, path, nil); got != want {
			s.t.Errorf("process %d answered %s with %d, want %d", i, path, got, want)
		}
	}
}

func (s *together) send(p *process, token account.Token, method, path string, form url.Values) int {
	request, err := http.NewRequestWithContext(s.t.Context(), method, p.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.AddCookie(&http.Cookie{Name: "chibo", Value: string(token)})
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		s.t.Error(err)
		return 0
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode
}

// TestThreeProcessesOnOneDatabase: sessions and rights hold in all of them at
// once, a job is done by one of them, and the journal is one.
func TestThreeProcessesOnOneDatabase(t *testing.T) {
	s := serveTogether(t)
	s.shareSessions()
	s.shareRights()
	s.doJobsOnce()
	s.writeOneJournal()
}

func (s *together) shareSessions() {
	token, other := s.site.Token(s.SecretaryB), s.site.Token(s.MemberB)
	s.ask(token, "/account", http.StatusOK)
	s.ask("none", "/account", http.StatusSeeOther)
	if got := s.send(s.processes[1], token, http.MethodPost, "/sign-out", nil); got != http.StatusSeeOther {
		s.t.Errorf("signing out was answered with %d", got)
	}
	s.ask(token, "/account", http.StatusSeeOther)
	s.ask(other, "/account", http.StatusOK)
}

// shareRights changes what somebody may see, under three processes that have
// just shown it.
func (s *together) shareRights() {
	above, besides := s.site.Token(s.CommuneSecretary), s.site.Token(s.SecretaryC)
	cell := "/units/" + s.CellB.ID.String()
	s.ask(above, cell, http.StatusOK)
	s.ask(besides, cell, http.StatusNotFound)
	s.kit.Update(func(tx *db.Tx) error {
		now, err := orgtree.Find(tx, s.CellB.ID)
		if err != nil {
			return err
		}
		return unit.MoveTo(tx, access.Console(), now.ID, now.Version, unit.Move{
			To: s.OtherCommune.ID, Day: s.kit.Today(), Decision: "Quyết định 07-QĐ/TU",
		})
	})
	s.ask(above, cell, http.StatusNotFound)
	s.kit.Update(func(tx *db.Tx) error {
		return access.Give(tx, access.Grant{
			Person: s.SecretaryC, Unit: s.OtherCommune.ID, Role: access.Inspector, From: s.kit.Today(), Source: "test",
		})
	})
	s.ask(besides, cell, http.StatusOK)
	s.kit.Update(func(tx *db.Tx) error { return access.Withdraw(tx, "test", s.kit.Today()) })
	s.ask(besides, cell, http.StatusNotFound)
}

func (s *together) doJobsOnce() {
	const jobs = 200
	s.kit.Update(func(tx *db.Tx) error {
		if _, err := tx.Exec(`CREATE TABLE trace (n BIGINT, process BIGINT)`); err != nil {
			return err
		}
		for n := range jobs {
			kind := []string{"trace.inside", "trace.outside"}[n%2]
			if err := job.Enqueue(tx, kind, n, job.Options{}); err != nil {
				return err
			}
		}
		return nil
	})
	s.until("the jobs are done", func(tx *db.Tx) (bool, error) {
		queue, err := job.State(tx)
		return queue.Waiting == 0 && queue.Dead == 0, err
	})
	type count struct{ done, different, processes int }
	var got count
	s.kit.View(func(tx *db.Tx) (err error) {
		got, err = db.One(tx, func(row db.Row) (c count, err error) {
			return c, row.Scan(&c.done, &c.different, &c.processes)
		}, `SELECT count(*), count(DISTINCT n), count(DISTINCT process) FROM trace`)
		return err
	})
	if got.done != jobs || got.different != jobs || got.processes != serving {
		s.t.Errorf("%d jobs were done %d times, %d different ones, by %d processes", jobs, got.done, got.different, got.processes)
	}
}

// writeOneJournal calls a roll through all processes at the same time, while
// each of them places entries in the tree and tells the witness.
func (s *together) writeOneJournal() {
	token := s.site.Token(s.SecretaryA)
	path := "/meetings/" + s.openMeeting().String() + "/roll"
	var before int64
	s.kit.View(func(tx *db.Tx) (err error) { before, err = entries(tx); return err })
	var all sync.WaitGroup
	const rounds = 8
	for i, p := range s.processes {
		all.Go(func() {
			for round := range rounds {
				for _, person := range s.MembersA[i*8 : i*8+8] {
					form := url.Values{"person": {person.String()}, "mark": {"excused"}, "reason": {fmt.Sprint("bận việc ", round)}}
					if got := s.send(p, token, http.MethodPost, path, form); got != http.StatusSeeOther {
						s.t.Errorf("process %d answered a mark with %d: %s", i, got, p.said.String())
						return
					}
				}
			}
		})
	}
	all.Wait()
	s.until("every entry has its place", func(tx *db.Tx) (bool, error) {
		n, err := entries(tx)
		if err != nil || n < before+int64(rounds*8*len(s.processes)) {
			return false, errors.Join(err, missing(n, before))
		}
		size, err := journal.Size(tx)
		return size == n, err
	})
	s.until("the witness knows", func(tx *db.Tx) (bool, error) {
		size, err := journal.Size(tx)
		if err != nil {
			return false, err
		}
		known, err := s.witnessed()
		return known == size, err
	})
	witness, err := os.Open(s.Witness())
	if err != nil {
		s.t.Fatal(err)
	}
	defer witness.Close()
	s.kit.View(func(tx *db.Tx) error { return journal.Verify(tx, witness, nil) })
}

func (s *together) witnessed() (int64, error) {
	witness, err := os.Open(s.Witness())
	if err != nil {
		return 0, err
	}
	defer witness.Close()
	return journal.Witnessed(witness, journal.VerifierKey(s.DB))
}

func entries(tx *db.Tx) (int64, error) {
	return db.One(tx, db.Column[int64], `SELECT count(*) FROM journal`)
}

func missing(now, before int64) error {
	return fmt.Errorf("%d entries, %d before the roll call", now, before)
}

func (s *together) openMeeting() (id meeting.ID) {
	s.kit.Update(func(tx *db.Tx) error {
		by := s.As(tx, s.SecretaryA)
		m, err := meeting.Schedule(tx, by, meeting.Plan{
			Unit: s.CellA.ID, Kind: meeting.Extraordinary, Starts: tx.Now.Add(time.Hour), Place: "Nhà văn hóa thôn", DayReason: "Việc gấp", Topic: "Việc gấp",
		})
		if err != nil {
			return err
		}
		id = m.ID
		_, err = meeting.Open(tx, by, m.ID, m.Version, meeting.Opening{})
		return err
	})
	return id
}

// until asks again and again, for at most a minute.
func (s *together) until(what string, done func(tx *db.Tx) (bool, error)) {
	s.t.Helper()
	ctx, stop := context.WithTimeout(s.t.Context(), time.Minute)
	defer stop()
	for {
		var is bool
		if err := s.DB.View(ctx, func(tx *db.Tx) (err error) {
			is, err = done(tx)
			return err
		}); err != nil {
			s.t.Fatalf("until %s: %v", what, err)
		}
		if is {
			return
		}
		select {
		case <-ctx.Done():
			s.t.Fatalf("until %s: a minute passed", what)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
