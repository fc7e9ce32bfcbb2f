package e2e

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// house is a running program with a folder of its own.
type house struct {
	t    *testing.T
	base string
	data string
	log  *journal
}

// open starts the program on a copy of the demo and stops it after the test.
func open(t *testing.T) *house {
	t.Helper()
	needBrowser(t)
	if err := filled(); err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	if err := os.CopyFS(data, os.DirFS(demo)); err != nil {
		t.Fatal(err)
	}
	return serve(t, data, "--addr", "127.0.0.1:0")
}

func needBrowser(t *testing.T) {
	t.Helper()
	// Asked here once more, so that go test remembers what the answer was.
	if os.Getenv("CHIBO_TEST_BROWSER") == "" || skip != "" {
		t.Skip(skip)
	}
}

// serve starts the program on a folder, and stops it after the test.
func serve(t *testing.T, data string, flags ...string) *house {
	t.Helper()
	h := &house{t: t, data: data, log: &journal{}}
	command := exec.Command(program, append([]string{"serve", "--data", data}, flags...)...)
	command.Stderr = h.log
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.stop(command) })
	lines := bufio.NewReader(out)
	first, err := lines.ReadString('\n')
	if err != nil {
		t.Fatalf("the program did not start: %v\n%s", err, h.log)
	}
	go io.Copy(io.Discard, lines)
	_, address, found := strings.Cut(strings.TrimSpace(first), "http://")
	if !found {
		t.Fatalf("no address in %q", first)
	}
	h.base = "http://" + address
	return h
}

// stop ends the program as an operator would, and looks through what it wrote:
// no request may have failed by the program's own fault.
func (h *house) stop(command *exec.Cmd) {
	_ = command.Process.Signal(syscall.SIGTERM)
	late := time.AfterFunc(10*time.Second, func() { _ = command.Process.Kill() })
	defer late.Stop()
	if err := command.Wait(); err != nil {
		h.t.Errorf("the program ended badly: %v", err)
	}
	for line := range strings.Lines(h.log.String()) {
		if strings.Contains(line, "level=ERROR") || strings.Contains(line, `"level":"ERROR"`) || strings.Contains(line, "panic") {
			h.t.Error(line)
		}
	}
}

// journal gathers what the program writes while it runs.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// account is one of those that the demo prints.
type account struct{ post, name, unit, login, password string }

var columns = regexp.MustCompile(` {2,}`)

// accounts reads the list that the demo leaves for newcomers, in its order.
func accounts(t *testing.T) []account {
	t.Helper()
	list, err := os.ReadFile(filepath.Join(demo, "accounts.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var people []account
	for line := range strings.Lines(string(list)) {
		cells := columns.Split(strings.TrimSpace(line), -1)
		if len(cells) == 5 && cells[0] != "Vai trò" {
			people = append(people, account{cells[0], cells[1], cells[2], cells[3], cells[4]})
		}
	}
	if len(people) < 4 {
		t.Fatalf("the demo offers %d accounts:\n%s", len(people), list)
	}
	return people
}

// The posts of the people whom the demo lets one try.
const (
	secretary     = "Bí thư chi bộ"
	deputy        = "Phó bí thư chi bộ"
	minuteTaker   = "Thư ký cuộc họp (đảng viên trẻ)"
	ordinary      = "Đảng viên"
	office        = "Chánh văn phòng đảng ủy"
	inspector     = "Chủ nhiệm ủy ban kiểm tra"
	administrator = "Quản trị hệ thống"
)

func holderOf(t *testing.T, post string) account {
	t.Helper()
	for _, a := range accounts(t) {
		if a.post == post {
			return a
		}
	}
	t.Fatalf("the demo has no account for %q", post)
	return account{}
}
