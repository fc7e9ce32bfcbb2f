package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"chibo/internal/app"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// exports has the program write the register into a table with commas and into a
// workbook, each in a process of its own, which is timed from its start to its
// end. The register is that of a province, or of all that is loaded.
func exports(ctx context.Context, s Setting, r *Result) error {
	code, err := s.register(ctx)
	if err != nil {
		return err
	}
	var people, most float64
	for _, form := range []string{"csv", "xlsx"} {
		path := filepath.Join(s.Folder, "out."+form)
		took, memory, err := s.exporting(ctx, path, code)
		if err != nil {
			return err
		}
		if form == "csv" {
			lines, err := linesIn(path)
			if err != nil {
				return err
			}
			people = float64(lines - 1)
			r.Figures["rows"] = people
		}
		written, err := os.Stat(path)
		if err != nil {
			return err
		}
		most = max(most, memory)
		r.Figures[form+"_rows_per_s"] = people / took.Seconds()
		r.Figures[form+"_memory_mb"] = memory
		r.Figures[form+"_file_mb"] = float64(written.Size()) / (1 << 20)
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	if !s.Loaded && people != importRows {
		return fmt.Errorf("%.0f of %d people came out", people, importRows)
	}
	r.most("memory_mb", most, 300)
	return nil
}

// register is the code of the unit whose people are carried out: the first of
// those at the top of what is loaded, or a commune with the people of a province.
func (s Setting) register(ctx context.Context) (code string, err error) {
	if s.Loaded {
		return s.firstRoot(ctx)
	}
	if err := s.foundCells(ctx, importCells); err != nil {
		return "", err
	}
	path := filepath.Join(s.Folder, "register.xlsx")
	if err := writeRegister(path, importRows); err != nil {
		return "", err
	}
	if _, err := s.importing(ctx, path, "--apply"); err != nil {
		return "", err
	}
	return "BENCH", os.Remove(path)
}

func (s Setting) firstRoot(ctx context.Context) (code string, err error) {
	a, err := app.Open(ctx, app.Config{Data: s.Data, Database: s.Database})
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	return code, a.DB.View(ctx, func(tx *db.Tx) error {
		roots, err := orgtree.Roots(tx)
		if err == nil && len(roots) == 0 {
			err = errs.New(errs.NotFound, "errs.not_found")
		}
		if err == nil {
			code = roots[0].Code
		}
		return err
	})
}

// exporting runs the command and gives how long it took, and the most memory that
// it held, in MB.
func (s Setting) exporting(ctx context.Context, path, code string) (took time.Duration, memory float64, err error) {
	args := []string{"export", "members", path, "--unit", code, "--data", s.Data}
	if s.Database != "" {
		args = append(args, "--db", s.Database)
	}
	command := exec.CommandContext(ctx, s.Program, args...)
	var said bytes.Buffer
	command.Stderr = &said
	began := time.Now()
	if err := command.Start(); err != nil {
		return 0, 0, err
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	memory, err = watchPeak(command.Process.Pid, ended)
	if err != nil {
		return 0, 0, fmt.Errorf("export: %w: %s", err, said.Bytes())
	}
	return time.Since(began), memory, nil
}

// peakEvery is how often the peak is looked up.
const peakEvery = 20 * time.Millisecond

// watchPeak waits for the end of a process and gives the largest resident size
// that it had, in MB: VmHWM, looked up until it ends. The usage that the system
// reports at the end would hold the size of this process too, which it began as.
func watchPeak(process int, ended <-chan error) (peak float64, err error) {
	for tick := time.NewTicker(peakEvery); ; {
		select {
		case err := <-ended:
			tick.Stop()
			return peak, err
		case <-tick.C:
			if now, err := statusOf(process, "VmHWM"); err == nil { // it may be gone
				peak = max(peak, now)
			}
		}
	}
}

// statusOf is a size of a process in MB, as Linux calls it.
func statusOf(process int, name string) (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", process))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			kB, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")), 64)
			return kB / 1024, err
		}
	}
	return 0, fmt.Errorf("no %s in the status of the process", name)
}

func linesIn(path string) (lines int, err error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	buf := make([]byte, 64<<10)
	for {
		n, err := file.Read(buf)
		lines += bytes.Count(buf[:n], []byte("\n"))
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if err != nil {
			return lines, err
		}
	}
}
