package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// rival is another program with the same organisation, that of bench/rival.
type rival struct {
	*server
	cells []rivalCell
}

// rivalCell is one cell of it: whose token changes which records.
type rivalCell struct {
	Token string
	Paths []string
}

// startRival starts the program that was given, which prints one line of JSON
// when it is filled.
func (s Setting) startRival(ctx context.Context, cells, members int) (*rival, error) {
	process := exec.CommandContext(ctx, s.Rival, filepath.Join(s.Folder, "rival"), strconv.Itoa(cells), strconv.Itoa(members))
	process.Stderr = os.Stderr
	out, err := process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := process.Start(); err != nil {
		return nil, err
	}
	*s.started = append(*s.started, process)
	var said struct {
		URL   string
		Cells []rivalCell
	}
	if err := json.NewDecoder(bufio.NewReader(out)).Decode(&said); err != nil {
		return nil, fmt.Errorf("the rival said nothing that can be read: %w", err)
	}
	r := &rival{&server{process: process, url: said.URL, client: http.DefaultClient}, said.Cells}
	return r, r.waitListening(ctx)
}

func (r *rival) waitListening(ctx context.Context) error {
	for began := 0; ; began++ {
		l, err := r.dial(ctx)
		if err == nil {
			return l.Close()
		}
		if began == 100 {
			return err
		}
		if err := pause(ctx, readyWithin/100); err != nil {
			return err
		}
	}
}

// mark changes one entry of a roll, as single does ours.
func (r *rival) mark() step {
	return func(l *line, worker, round int) (int, error) {
		own := len(r.cells) / connections
		c := r.cells[worker*own+round%own]
		body := fmt.Sprintf(`{"mark":"excused","reason":"bận việc %d"}`, sequence.Add(1))
		_, err := l.send("PATCH", c.Paths[(round/own)%len(c.Paths)], "Content-Type: application/json\r\nAuthorization: "+c.Token+"\r\n", body, http.StatusOK)
		return 1, err
	}
}
