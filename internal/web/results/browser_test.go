package results_test

import (
	"context"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/minutes"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/testkit/visit"
	"chibo/internal/web/page"
	"chibo/internal/web/results"
	"chibo/internal/web/static"
)

var shots = flag.String("shots", "", "folder for a picture of every page")

// camera opens pages of a stage in a browser and finds what shuts anybody out.
type camera struct {
	*stage
	ctx context.Context
	axe string
}

const (
	// axeFaults lists what axe finds against WCAG 2.2 AA, a line each.
	axeFaults = `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
		.then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.target + ": " + n.failureSummary.replace(/\s+/g, " "))))`
	// sideways lists what makes a page wider than the screen.
	sideways = `document.documentElement.scrollWidth <= innerWidth ? [] :
		[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth).map(e => e.outerHTML.slice(0, 90))`
	// unfold opens every part that is folded away.
	unfold = `document.querySelectorAll("main details").forEach(d => d.open = true)`
)

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

func filmed(t *testing.T) camera {
	t.Helper()
	ctx := startBrowser(t)
	axe, err := os.ReadFile("../../../frontend/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{T: t, Site: visit.New(t, func(site *page.Site) http.Handler {
		mux := http.NewServeMux()
		mux.Handle("GET /static/", static.Handler())
		mux.Handle("/", visit.Routes(results.Routes()...)(site))
		return mux
	})}
	s.begin(meeting.Regular)
	return camera{s, ctx, string(axe)}
}

func run[T any](c camera, action chromedp.Action[T]) T {
	c.Helper()
	value, err := chromedp.Run(c.ctx, action)
	if err != nil {
		c.Fatal(err)
	}
	return value
}

// look opens a page at the sizes of a phone and a desk, runs a script in it,
// takes a picture and reports what shuts anybody out.
func (c camera) look(name string, person access.PersonID, path, script string) {
	c.Helper()
	for _, screen := range []struct {
		name          string
		width, height int64
	}{{"phone", 360, 640}, {"desk", 1280, 800}} {
		c.signIn(person)
		if err := chromedp.Do(c.ctx, chromedp.EmulateViewport(screen.width, screen.height), chromedp.Navigate(c.Base+path)); err != nil {
			c.Fatal(err)
		}
		run(c, chromedp.Evaluate[any](script+";null"))
		high := run(c, chromedp.Evaluate[int64](`document.documentElement.scrollHeight`))
		if err := chromedp.Do(c.ctx, chromedp.EmulateViewport(screen.width, max(high, screen.height))); err != nil {
			c.Fatal(err)
		}
		if *shots != "" {
			if err := os.WriteFile(filepath.Join(*shots, name+"-"+screen.name+".png"), run(c, chromedp.FullScreenshot(100)), 0o644); err != nil {
				c.Fatal(err)
			}
		}
		run(c, chromedp.Evaluate[any](c.axe+";null"))
		for _, fault := range run(c, chromedp.Evaluate[[]string](axeFaults, chromedp.EvalAwaitPromise)) {
			c.Errorf("%s on a %s: %s", name, screen.name, fault)
		}
		for _, part := range run(c, chromedp.Evaluate[[]string](sideways)) {
			c.Errorf("%s on a %s is wider than the screen: %s", name, screen.name, part)
		}
	}
}

func (c camera) signIn(person access.PersonID) {
	c.Helper()
	if err := chromedp.Do(c.ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, network.SetCookie, network.SetCookieParams{Name: "chibo", Value: string(c.Token(person)), URL: c.Base})
		return err
	})); err != nil {
		c.Fatal(err)
	}
}

// TestPagesAreForEverybody walks one meeting from the draft of its resolution to
// the office's answer, and looks at every page on the way.
func TestPagesAreForEverybody(t *testing.T) {
	c := filmed(t)
	c.resolution()
	c.minutes()
	c.score()
	c.report()
}

func (c camera) resolution() {
	secretary, member := c.Org.SecretaryA, c.Org.MemberA
	left, v := c.leftOver(), c.As(secretary)
	c.look("resolution-none", secretary, c.base+"/resolution", "")
	c.look("resolution-other", secretary, c.base+"/resolution/other", "")
	v.Post(c.base + "/resolution").LeadsTo(c.base + "/resolution")
	at := "/resolutions/" + c.resolved().ID.String()
	v.Post(at+"/lines/new", "title", "Thu gom rác thải nhựa trên tuyến đường liên thôn", "body", "Chi hội Phụ nữ thôn", "planned", "12", "measure", "buổi")
	v.Post(at+"/text", "politics", "Tư tưởng đảng viên ổn định.", "politics.version", "0", "direction", "Làm xong đường thôn.\n- Vận động hiến đất.", "direction.version", "0")
	c.look("resolution-draft", secretary, c.base+"/resolution", "")
	v.Post(at+"/rest/"+left.String(), "version", "2").LeadsTo(c.base + "/resolution#tasks")
	c.look("resolution-line", secretary, at+"/lines/"+c.lines()[1].ID.String(), "")
	c.open()
	c.speak()
	vote := c.vote("Thông qua nghị quyết lãnh đạo nhiệm vụ tháng 11", 22)
	c.look("resolution-adopt", secretary, c.base+"/resolution", unfold)
	first := c.lines()[0]
	v.Post(at+"/lines/"+first.ID.String(), "version", itoa(int(first.Version)), "title", first.Title, "body", "Chi hội Phụ nữ thôn", "due", "25/11/2026",
		"area", "political_system", "planned", "12", "measure", "buổi").LeadsTo(c.base + "/resolution#tasks")
	v.Post(at+"/adopt", "version", itoa(int(c.resolved().Version)), "vote", vote.String()).LeadsTo(c.base + "/resolution")
	c.close()
	c.look("resolution-issue", secretary, c.base+"/resolution", "")
	v.Post(at+"/issue", "version", itoa(int(c.resolved().Version)), "place", "An Bình", "day", "03/11/2026").LeadsTo(c.base + "/resolution")
	c.look("resolution-issued", member, c.base+"/resolution", "")
	c.look("paper", member, c.base+"/paper/resolution", "")
}

func (c camera) minutes() {
	secretary, v := c.Org.SecretaryA, c.As(c.Org.SecretaryA)
	at := c.base + "/minutes"
	c.look("minutes-none", secretary, at, "")
	v.Post(at).LeadsTo(at)
	c.As(c.Org.MemberA).Post(at+"/corrections", "minutes", c.newest().ID.String(), "text", "Tôi phát biểu về việc làm đường, chưa thấy ghi.").LeadsTo(at)
	c.look("minutes-draft", secretary, at, unfold)
	c.must(secretary, func(tx *db.Tx, by access.Actor) error {
		list, err := minutes.Corrections(tx, by, c.newest().ID)
		if err == nil {
			_, err = minutes.AnswerCorrection(tx, by, list[0].ID, 1, minutes.Accepted, "Đã bổ sung")
		}
		return err
	})
	c.look("minutes-approve", secretary, at, "")
	v.Post(at+"/approve", "version", itoa(int(c.newest().Version))).LeadsTo(at)
	c.look("minutes-sealed", secretary, at+"/"+c.newest().ID.String()+"?check=1", "")
}

func (c camera) score() {
	secretary, v := c.Org.SecretaryA, c.As(c.Org.SecretaryA)
	at := c.base + "/score"
	c.look("score", secretary, at, "")
	c.look("score-unfolded", secretary, at, unfold)
	c.countsAlong(at)
	v.Post(at, with(c.claims(), "points.3.5", "2", "reason.3.5", "Đã phát bản giấy cho đảng viên từ hôm trước", "points.5.1", "0")...).LeadsTo(at)
	c.look("score-again", secretary, at, "")
	c.look("score-office", c.Org.Office, at, "")
}

// countsAlong ticks one line of the sheet and waits for the total to follow.
func (c camera) countsAlong(at string) {
	c.Helper()
	if err := chromedp.Do(c.ctx, chromedp.Navigate(c.Base+at)); err != nil {
		c.Fatal(err)
	}
	const total = `document.querySelector("#score-total .figure").textContent`
	before := run(c, chromedp.Evaluate[string](total))
	run(c, chromedp.Evaluate[any](`document.querySelector("[name='points.4.2'][value='10']").click();null`))
	for range 100 {
		if run(c, chromedp.Evaluate[string](total)) != before {
			return
		}
		if err := chromedp.Do(c.ctx, chromedp.Sleep(50*time.Millisecond)); err != nil {
			c.Fatal(err)
		}
	}
	c.Errorf("the total stays %s when a line is ticked", before)
}

func (c camera) report() {
	secretary, office, v := c.Org.SecretaryA, c.Org.Office, c.As(c.Org.SecretaryA)
	at := c.base + "/report"
	c.look("report-publish", secretary, at, "")
	c.K.SetNow(clock.NewDate(2026, 11, 4).At(9, 0))
	v.Post(c.base + "/publish").LeadsTo(at)
	c.look("report-report", secretary, at, "")
	v.Post(c.base + "/report").LeadsTo(at)
	c.look("report-answer", office, at, unfold)
	c.As(office).Post(c.base+"/send-back", "reason", "Thiếu số liệu đảng phí").LeadsTo(at)
	c.look("report-back", secretary, at, "")
	v.Post(c.base+"/minutes/amend", "reason", "Bổ sung số liệu đảng phí").LeadsTo(c.base + "/minutes")
	c.look("minutes-amended", secretary, c.base+"/minutes", "")
}
