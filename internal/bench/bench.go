// Package bench measures the program against its budgets, from outside: a
// server process of its own, spoken to over HTTP, on an organisation that is
// made through the verbs. bench/README.md tells the method.
package bench

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
)

// Budget is a limit that a figure must keep.
type Budget struct {
	Figure string  `json:"figure"`
	Limit  float64 `json:"limit"`
	// AtLeast: the figure must reach the limit; otherwise it must not pass it.
	AtLeast bool `json:"at_least"`
	Met     bool `json:"met"`
}

// Result is what one benchmark found; it is printed as one line of JSON.
type Result struct {
	Name    string             `json:"name"`
	Machine string             `json:"machine"`
	Engine  string             `json:"engine"`
	Figures map[string]float64 `json:"figures"`
	Budgets []Budget           `json:"budgets"`
	Met     bool               `json:"met"`
}

// Setting is where and how a benchmark runs.
type Setting struct {
	// Program is the chibo binary that is measured.
	Program string
	// Folder is an empty folder for the data.
	Folder string
	// Database is the address of an empty PostgreSQL database; "" is SQLite.
	Database string
	// Loaded: the database holds a country already, and meeting-day takes place in
	// cells of it.
	Loaded bool
	// Data is the data folder of that country, and Folder itself otherwise.
	Data string
	// Seconds is how long seeing asks from one hand, and again from two.
	Seconds int
	// Kills is how often the server is killed by the benchmark crash, or the
	// primary by failover.
	Kills int
	// Plans is how many plans reorganise carries out, drawn from Seed; it has the
	// program check itself after every CheckEvery of them, for 0 only in the end.
	Plans, CheckEvery int
	Seed              uint64
	// Failover is the command that kills the primary of the cluster at Database,
	// and ends when the cluster is whole again.
	Failover string
	// Rival is the program of bench/rival, to be measured beside ours; "" is none.
	Rival string
	// Say takes a line on how far it is.
	Say io.Writer

	started *[]*exec.Cmd // servers, the rival's too
}

// Benchmark is one that can be asked for by name.
type Benchmark struct {
	Name, About string
	run         func(context.Context, Setting, *Result) error
}

// All are the benchmarks, in the order in which "all" runs them.
var All = []Benchmark{
	{"startup", "time to ready, idle memory, size of the binary", startup},
	{"pages", "server time of pages, bytes of a first load", pages},
	{"documents", "the minutes of a meeting as a file", documents},
	{"rollcall", "roll-call entries end to end, durable: single ones, whole rolls, beside the bare driver", rollcall},
	{"import", "a register of 100,000 members from the spreadsheet into the database", imports},
	{"export", "the members of a province into a workbook and a table with commas: memory and rows a second", exports},
	{"meeting-day", "the 3rd of the month: cells call their rolls, vote and close all at once", meetingDay},
	{"reorganise", "random reorganisations, some taken back, on a province that goes on living: nothing is lost", reorganise},
	{"duplicates", "records of one person in a register of 100,000, or in that of --db: time, recall, precision", duplicates},
	{"crash", "SIGKILL under load: nothing acknowledged is lost", crash},
}

// OfLoaded are those that need a province or the country, loaded beforehand.
var OfLoaded = []Benchmark{
	{"seeing", "the overview, the lists and names at every level of a country that is loaded, as its people ask", seeing},
}

// OfCluster are those that need more than one machine has, and are not in All.
var OfCluster = []Benchmark{
	{"failover", "the primary of a cluster is killed under load: nothing acknowledged is lost", failover},
}

// Run runs the benchmark. A budget that is missed is not an error. Servers that
// still run when it fails are killed.
func (b Benchmark) Run(ctx context.Context, s Setting) (Result, error) {
	s.started = new([]*exec.Cmd)
	defer func() {
		for _, server := range *s.started {
			if server.ProcessState == nil {
				_ = server.Process.Kill()
				_ = server.Wait()
			}
		}
	}()
	r := Result{Name: b.Name, Machine: machine(), Engine: "sqlite", Figures: map[string]float64{}, Met: true}
	if s.Database != "" {
		r.Engine = "postgres"
	}
	if err := b.run(ctx, s, &r); err != nil {
		return r, fmt.Errorf("bench %s: %w", b.Name, err)
	}
	return r, nil
}

// most notes a figure and the limit that it must not pass.
func (r *Result) most(figure string, value, limit float64) {
	r.judge(Budget{Figure: figure, Limit: limit, Met: value <= limit}, value)
}

// least notes a figure and the limit that it must reach.
func (r *Result) least(figure string, value, limit float64) {
	r.judge(Budget{Figure: figure, Limit: limit, AtLeast: true, Met: value >= limit}, value)
}

func (r *Result) judge(b Budget, value float64) {
	r.Figures[b.Figure] = value
	r.Budgets = append(r.Budgets, b)
	r.Met = r.Met && b.Met
}

// machine names processor and cores as the system tells them.
func machine() string {
	model := runtime.GOARCH
	if file, err := os.Open("/proc/cpuinfo"); err == nil {
		defer file.Close()
		for lines := bufio.NewScanner(file); lines.Scan(); {
			if key, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(key) == "model name" {
				model = strings.TrimSpace(value)
				break
			}
		}
	}
	return fmt.Sprintf("%s, %d cores, %s", model, runtime.NumCPU(), runtime.Version())
}
