package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	"chibo/internal/domain/founding"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/db"
	"chibo/internal/web"
	"chibo/internal/web/page"
	"chibo/internal/web/sso"
)

const farewell = 10 * time.Second

// Handler is all that is served over HTTP.
func (a *App) Handler() http.Handler {
	other := sso.New(a.config.SSO, a.DB.Now)
	return a.withAPI(web.Handler(&page.Site{
		DB: a.DB, Files: a.Files, Catalogue: a.Catalogue, Log: a.Log, Secure: a.config.Secure,
		Channels: a.config.Outside.channels(), Machine: a.machine(), Settings: a.config.Settings,
		Voucher: other.Voucher(),
	}, other.Routes()...))
}

// Serve serves pages and does the background work until ctx ends; then it lets
// requests under way finish. What it says goes to out.
func (a *App) Serve(ctx context.Context, out io.Writer) error {
	giveRoom()
	if err := a.refuseHalfLoaded(ctx); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", a.addr())
	if err != nil {
		return err
	}
	background, stop := context.WithCancel(ctx)
	var work sync.WaitGroup
	work.Go(func() { a.placeEntries(background) })
	work.Go(func() { a.doJobs(background) })
	work.Go(func() { a.carryOut(background) })
	work.Go(func() { a.tellHooks(background) })
	defer work.Wait()
	defer stop()

	server := &http.Server{
		Handler:           a.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
	}
	if err := a.greet(ctx, out, listener.Addr()); err != nil {
		return errors.Join(err, listener.Close())
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	work.Go(warmUp)
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	return server.Shutdown(last)
}

// warmUp reads the rule packs, so that the first visitor does not wait for them,
// and gives back the memory that only starting needed.
func warmUp() {
	rulepack.Shipped()
	debug.FreeOSMemory()
}

// roomPercent is how far the heap may grow over what is in use before garbage is
// collected. What is in use is small, so at Go's 100 a server under load spends
// a sixth of its time on collecting; the room costs some 6 MB when idle.
const roomPercent = 400

// giveRoom leaves the choice to whoever has set GOGC.
func giveRoom() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(roomPercent)
	}
}

func (a *App) addr() string {
	if a.config.Addr == "" {
		return "127.0.0.1:8080"
	}
	return a.config.Addr
}

// greet says where the pages are and, on an empty database, how to begin.
func (a *App) greet(ctx context.Context, out io.Writer, addr net.Addr) error {
	fmt.Fprintf(out, "chibo: http://%s\n", addr)
	var empty bool
	if err := a.DB.View(ctx, func(tx *db.Tx) (err error) {
		empty, err = founding.Empty(tx)
		return err
	}); err != nil {
		return err
	}
	if empty {
		code := founding.Code(a.DB.Derive(founding.SecretFor))
		fmt.Fprintln(out, a.Catalogue.T("vi", "app.empty", "address", fmt.Sprintf("http://%s/setup?code=%s", addr, code), "code", code))
	}
	return a.printAccounts(out)
}

// Accounts is the file in which the demo keeps the accounts to try.
func (a *App) Accounts() string { return filepath.Join(a.config.Data, "accounts.txt") }

// printAccounts prints the accounts of a demo, if this is one.
func (a *App) printAccounts(out io.Writer) error {
	list, err := os.ReadFile(a.Accounts())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		_, err = out.Write(list)
	}
	return err
}
