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
	args := []string{"serve", "--data", s.Folder, "--addr", "127.0.0.1:0"}
	if s.Database != "" {
		args = append(args, "--db", s.Database)
	}
	process := exec.CommandContext(ctx, s.Program, args...)
	process.Stderr = io.Discard
	out, err := process.StdoutPipe()
	if err != nil {
		return nil, 0, err
	}
	began := time.Now()
	if err := process.Start(); err != nil {
		return nil, 0, err
	}
	url, err := addressIn(out)
	if err != nil {
		return nil, 0, errors.Join(err, process.Process.Kill())
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
func (s *server) resident() (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.process.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kB, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")), 64)
			return kB / 1024, err
		}
	}
	return 0, fmt.Errorf("no VmRSS in the status of the process")
}
