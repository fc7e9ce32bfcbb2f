package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// server is a chibo process under measurement.
type server struct {
	process *exec.Cmd
	url     string
	client  *http.Client
}

const readyWithin = 15 * time.Second

// start starts the server and gives the time until it answered /readyz.
func (s Setting) start(ctx context.Context) (*server, time.Duration, error) {
	args := []string{"serve", "--data", s.Data, "--addr", "127.0.0.1:0"}
	if s.Database != "" {
		args = append(args, "--db", s.Database)
	}
	process := exec.CommandContext(ctx, s.Program, args...)
	out, err := process.StdoutPipe()
	if err != nil {
		return nil, 0, err
	}
	began := time.Now()
	if err := process.Start(); err != nil {
		return nil, 0, err
	}
	*s.started = append(*s.started, process)
	url, err := addressIn(out)
	if err != nil {
		return nil, 0, err
	}
	go io.Copy(io.Discard, out)
	sv := &server{process: process, url: url, client: &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: 64},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	return sv, time.Since(began), sv.waitReady(began)
}

// addressIn reads the address that the server prints first.
func addressIn(out io.Reader) (string, error) {
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("the server ended before it listened: %w", err)
	}
	_, url, found := strings.Cut(strings.TrimSpace(line), "chibo: ")
	if !found {
		return "", fmt.Errorf("the server said %q", line)
	}
	return url, nil
}

func (s *server) waitReady(began time.Time) error {
	for {
		answer, err := s.client.Get(s.url + "/readyz")
		if err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		if time.Since(began) > readyWithin {
			return fmt.Errorf("not ready after %v: %w", readyWithin, err)
		}
		time.Sleep(time.Millisecond)
	}
}

// kill ends the process as a power cut does.
func (s *server) kill() error {
	if err := s.process.Process.Signal(syscall.SIGKILL); err != nil {
		return err
	}
	return s.gone()
}

// stop asks the process to end.
func (s *server) stop() error {
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return s.gone()
}

// gone waits for the end; that it was by a signal is what was wanted.
func (s *server) gone() error {
	err := s.process.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil
	}
	return err
}

// resident is the memory of the process in megabytes.
func (s *server) resident() (float64, error) { return statusOf(s.process.Process.Pid, "VmRSS") }

// cost is the time on the cores that a load took.
type cost struct{ server, generator time.Duration }

// spend does something n times and gives n with what that cost. On a machine
// with other work it says more than the time on the wall.
func (s *server) spend(do func() (int64, error)) (n int64, c cost, err error) {
	before, err := s.costs()
	if err != nil {
		return 0, c, err
	}
	if n, err = do(); err != nil {
		return n, c, err
	}
	c, err = s.costs()
	return n, cost{c.server - before.server, c.generator - before.generator}, err
}

// costs are those since both processes began.
func (s *server) costs() (c cost, err error) {
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		return c, err
	}
	c.generator = time.Duration(own.Utime.Nano() + own.Stime.Nano())
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.process.Process.Pid))
	if err != nil {
		return c, err
	}
	// Fields 14 and 15, user and system, in hundredths; the name may hold spaces.
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	if len(fields) < 13 {
		return c, fmt.Errorf("the status of the process is %q", stat)
	}
	for _, field := range fields[11:13] {
		ticks, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return c, err
		}
		c.server += time.Duration(ticks) * 10 * time.Millisecond
	}
	return c, nil
}
