package people_test

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"chibo/internal/kernel/access"
	"chibo/internal/testkit/visit"
	"chibo/internal/web/page"
	"chibo/internal/web/people"
	"chibo/internal/web/static"
)

var shots = flag.String("shots", "", "folder for a picture of every page")

// startBrowser starts a browser that speaks only to this machine.
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	program := os.Getenv("CHIBO_TEST_BROWSER")
	if program == "" {
		t.Skip("CHIBO_TEST_BROWSER is not set; make test sets it")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("hide-scrollbars", true),
	)
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func run[T any](t *testing.T, ctx context.Context, action chromedp.Action[T]) T {
	t.Helper()
	value, err := chromedp.Run(ctx, action)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

const (
	// axeFaults lists what axe finds against WCAG 2.2 AA, a line each.
	axeFaults = `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
		.then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.target + ": " + n.failureSummary.replace(/\s+/g, " "))))`
	// sideways lists what makes a page wider than the screen.
	sideways = `document.documentElement.scrollWidth <= innerWidth ? [] :
		[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth).map(e => e.outerHTML.slice(0, 90))`
)

// TestPagesAreForEverybody opens the pages at the sizes of a phone and a desk,
// and finds nothing that shuts anybody out.
func TestPagesAreForEverybody(t *testing.T) {
	ctx := startBrowser(t)
	axe, err := os.ReadFile("../../../frontend/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	s := visit.New(t, func(site *page.Site) http.Handler {
		mux := http.NewServeMux()
		mux.Handle("GET /static/", static.Handler())
		mux.Handle("/", visit.Routes(append(page.SignIn(), people.Routes()...)...)(site))
		return mux
	})
	o := s.Org
	cell, commune := "/units/"+o.CellA.ID.String(), "/units/"+o.Commune.ID.String()
	s.As(o.SecretaryA).Post(at(o.MembersA[10], "/invite"))
	preview := func(birth string) string {
		return send(s.As(o.SecretaryB), s, "/import/members", o.CellB.ID.String(), "danh sách.csv", fmt.Appendf(nil, sheetOfMembers, birth)).Location
	}
	for _, p := range []struct {
		name   string
		person access.PersonID
		path   string
	}{
		{"sign-in", 0, "/sign-in"},
		{"code", 0, "/invite"},
		{"account", o.SecretaryA, "/account"},
		{"password", o.SecretaryA, "/account/password"},
		{"notices", o.SecretaryA, "/notices"},
		{"members", o.SecretaryA, "/members"},
		{"members-commune", o.Office, "/members?status=official&sex=female"},
		{"members-none", o.SecretaryA, "/members?q=zzz"},
		{"member-own", o.MemberA, at(o.MemberA, "")},
		{"member", o.SecretaryA, at(o.ProbationaryA, "")},
		{"file", o.SecretaryA, at(o.DeputyA, "/file")},
		{"readings", o.DeputyA, at(o.DeputyA, "/readings")},
		{"history", o.SecretaryA, at(o.DeputyA, "/history")},
		{"register", o.SecretaryA, "/members/new?unit=" + o.CellA.ID.String()},
		{"leave", o.SecretaryA, at(o.DeputyA, "/leave")},
		{"move", o.Office, at(o.DeputyA, "/move")},
		{"invitation", o.SecretaryA, at(o.MembersA[10], "/invite")},
		{"slips", o.SecretaryA, "/slips?unit=" + o.CellA.ID.String()},
		{"units", o.Office, "/units"},
		{"unit", o.Office, cell},
		{"unit-commune", o.Office, commune},
		{"unit-new", o.Office, commune + "/new"},
		{"unit-move", o.Office, cell + "/move"},
		{"appoint", o.Office, cell + "/appoint"},
		{"import", o.SecretaryA, "/import/members?unit=" + o.CellA.ID.String()},
		{"preview-wrong", o.SecretaryB, preview("32/13/1990")},
		{"preview-right", o.SecretaryB, preview("12/3/1990")},
		{"official", o.Office, "/members/new?unit=" + o.Commune.ID.String()},
	} {
		for _, screen := range []struct {
			name          string
			width, height int64
		}{{"phone", 360, 640}, {"desk", 1280, 800}} {
			t.Run(p.name+"-"+screen.name, func(t *testing.T) {
				signIn(t, ctx, s, p.person)
				if err := chromedp.Do(ctx, chromedp.EmulateViewport(screen.width, screen.height), chromedp.Navigate(s.Base+p.path)); err != nil {
					t.Fatal(err)
				}
				look(t, ctx, string(axe), screen.width, screen.height, screen.name+"-"+p.name)
			})
		}
	}
	t.Run("paper", func(t *testing.T) {
		signIn(t, ctx, s, o.SecretaryB)
		path := s.Base + "/slips?unit=" + o.CellB.ID.String()
		for _, screen := range []struct {
			name  string
			width int64
		}{{"phone", 360}, {"desk", 1280}} {
			if err := chromedp.Do(ctx, chromedp.EmulateViewport(screen.width, 800), chromedp.Navigate(path)); err != nil {
				t.Fatal(err)
			}
			if _, err := chromedp.RunResponse(ctx, func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
				return chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("[name=person]").forEach(b => b.checked = true); document.querySelector("main .btn.primary").click()`)(ctx, target)
			}); err != nil {
				t.Fatal(err)
			}
			look(t, ctx, string(axe), screen.width, 800, screen.name+"-slips-paper")
		}
	})
}

func signIn(t *testing.T, ctx context.Context, s *visit.Site, person access.PersonID) {
	t.Helper()
	token := ""
	if person != 0 {
		token = string(s.Token(person))
	}
	if err := chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, network.SetCookie, network.SetCookieParams{Name: "chibo", Value: token, URL: s.Base})
		return err
	})); err != nil {
		t.Fatal(err)
	}
}

// look takes a picture and reports what shuts anybody out. The bar at the
// bottom covers what can be scrolled from under it; axe takes that for covered,
// so the screen is made as high as the page.
func look(t *testing.T, ctx context.Context, axe string, width, height int64, name string) {
	t.Helper()
	high := run(t, ctx, chromedp.Evaluate[int64](`document.documentElement.scrollHeight`))
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, max(high, height))); err != nil {
		t.Fatal(err)
	}
	if *shots != "" {
		if err := os.WriteFile(filepath.Join(*shots, name+".png"), run(t, ctx, chromedp.FullScreenshot(100)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	run(t, ctx, chromedp.Evaluate[any](axe+";null"))
	for _, fault := range run(t, ctx, chromedp.Evaluate[[]string](axeFaults, chromedp.EvalAwaitPromise)) {
		t.Error(fault)
	}
	for _, part := range run(t, ctx, chromedp.Evaluate[[]string](sideways)) {
		t.Errorf("wider than the screen: %s", part)
	}
}
