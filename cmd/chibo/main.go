// Command chibo runs the work of grassroots Party organisations.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"chibo/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
