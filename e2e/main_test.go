// Package e2e uses the program as its users do: the built binary, filled with
// the demo, in a real browser. Whoever acts here knows what stands on the
// screen and nothing of how it is made: things are found by their labels.
package e2e

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	// The program is built apart; go test runs again when it has changed.
	_ "chibo/internal/cli"
	"chibo/internal/web/static"
)

var shots = flag.String("shots", "", "folder for the pictures that README.md shows")

// What all tests share: the program, and a folder filled by its demo that each
// test copies. Without a browser or assets, skip says why nothing can be seen.
var (
	program string
	demo    string
	filled  = sync.OnceValue(func() error {
		return tool(program, "demo", "--scale", "cell", "--seed", "7", "--data", demo)
	})
	skip string
)

func TestMain(m *testing.M) {
	flag.Parse()
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (int, error) {
	if skip = missing(); skip != "" {
		return m.Run(), nil
	}
	folder, err := os.MkdirTemp("", "chibo-e2e")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(folder)
	program, demo = filepath.Join(folder, "chibo"), filepath.Join(folder, "demo")
	if err := tool("go", "build", "-trimpath", "-o", program, "chibo/cmd/chibo"); err != nil {
		return 1, err
	}
	stop, err := openBrowser()
	if err != nil {
		return 1, err
	}
	defer stop()
	return m.Run(), nil
}

func missing() string {
	if testing.Short() {
		return "takes minutes; run without -short"
	}
	if os.Getenv("CHIBO_TEST_BROWSER") == "" {
		return "CHIBO_TEST_BROWSER is not set; make test sets it"
	}
	if err := static.Ready(); err != nil {
		return err.Error()
	}
	return ""
}

func tool(name string, args ...string) error {
	out, err := exec.CommandContext(context.Background(), name, args...).CombinedOutput()
	if err != nil {
		return errors.Join(fmt.Errorf("%s %q", name, args), err, errors.New(string(out)))
	}
	return nil
}
