package e2e

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long a page may take that is to come.
const patience = 20 * time.Second

// browserContext holds the one browser; every visitor has a profile of its own.
var browserContext context.Context

// openBrowser starts a browser that speaks only to this machine.
func openBrowser() (stop func(), err error) {
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(os.Getenv("CHIBO_TEST_BROWSER")),
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("lang", "vi"),
	)
	allocated, release := chromedp.NewExecAllocator(context.Background(), options...)
	var end context.CancelFunc
	browserContext, end = chromedp.NewContext(allocated)
	return func() { end(); release() }, chromedp.Do(browserContext)
}

// hands are how a visitor reaches what is on the screen.
type hands int

const (
	mouse hands = iota
	touch
	keyboard
)

// visitor is a person in front of a browser.
type visitor struct {
	t     *testing.T
	ctx   context.Context
	base  string
	hands hands
	wire  *wire
}

// screen is what a visitor sits before.
type screen struct {
	width, height int64
	hands         hands
}

var (
	phone = screen{360, 640, touch}
	desk  = screen{1280, 800, mouse}
	// desk without a mouse
	keys = screen{1280, 800, keyboard}
)

// visit opens a browser that has never been to the house.
func (h *house) visit(t *testing.T, s screen) *visitor {
	t.Helper()
	w := newWire()
	ctx, closing := chromedp.NewContext(browserContext, chromedp.WithNewBrowserContext(), chromedp.WithListener(w.hear))
	t.Cleanup(closing)
	v := &visitor{t: t, ctx: ctx, base: h.base, hands: s.hands, wire: w}
	v.do(s.emulate())
	t.Cleanup(func() {
		for _, complaint := range w.complaints() {
			t.Errorf("the browser complained: %s", complaint)
		}
	})
	return v
}

func (s screen) emulate() chromedp.Action[chromedp.Void] {
	if s.hands == touch {
		return chromedp.EmulateViewport(s.width, s.height, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulatePortrait)
	}
	return chromedp.EmulateViewport(s.width, s.height)
}

func (v *visitor) do(steps ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	if err := chromedp.Do(v.ctx, steps...); err != nil {
		v.t.Fatal(err)
	}
}

func ask[T any](v *visitor, action chromedp.Action[T]) T {
	v.t.Helper()
	answer, err := chromedp.Run(v.ctx, action)
	if err != nil {
		v.t.Fatal(err)
	}
	return answer
}

func call[P, R any](v *visitor, command cdpCommand[P, R], params P) R {
	v.t.Helper()
	result, err := chromedp.Call(v.ctx, command, params)
	if err != nil {
		v.t.Fatal(err)
	}
	return result
}

// withoutScript has pages run no JavaScript from now on.
func (v *visitor) withoutScript() *visitor {
	v.t.Helper()
	call(v, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	return v
}

// open goes to an address of the house, as from a bookmark.
func (v *visitor) open(path string) *visitor {
	v.t.Helper()
	v.do(chromedp.Navigate(v.base + path))
	return v
}

// signIn opens the house and signs in as the holder of the post.
func (v *visitor) signIn(post string) *visitor {
	v.t.Helper()
	a := holderOf(v.t, post)
	v.open("/sign-in").fill("Tên đăng nhập", a.login).fill("Mật khẩu", a.password).press("Đăng nhập").secure()
	if v.path() != "/" {
		v.t.Fatalf("%s did not get in:\n%s", post, v.text())
	}
	return v
}

// thing is what was found on the screen.
type thing struct {
	Found   bool    `json:"found"`
	X       float64 `json:"x"`
	Y       float64 `json:"y"`
	Covered string  `json:"covered"`
	Tag     string  `json:"tag"`
	Ticked  bool    `json:"ticked"`
	Leads   bool    `json:"leads"`
}

//go:embed find.js
var find string

// search looks for what is named so, close to the text near if one is given.
func (v *visitor) search(kind, name string, near ...string) thing {
	v.t.Helper()
	want, err := json.Marshal(map[string]string{"kind": kind, "name": name, "near": strings.Join(near, "")})
	if err != nil {
		v.t.Fatal(err)
	}
	return ask(v, chromedp.Evaluate[thing](fmt.Sprintf("(%s)(%s)", find, want)))
}

// must is search for what has to be there and within reach.
func (v *visitor) must(kind, name string, near ...string) thing {
	v.t.Helper()
	found := v.search(kind, name, near...)
	if !found.Found {
		v.t.Fatalf("no %s %q %q on %s:\n%s", kind, name, near, v.path(), v.text())
	}
	if found.Covered != "" && v.hands != keyboard {
		v.t.Fatalf("%s %q %q on %s lies under %s", kind, name, near, v.path(), found.Covered)
	}
	return found
}

// press uses a link or a button, and waits for what comes of it.
func (v *visitor) press(name string, near ...string) *visitor {
	v.t.Helper()
	found := v.must("press", name, near...)
	v.wire.await(v, found.Leads, func() { v.hit(found) })
	return v
}

// unfold opens what is folded under that heading.
func (v *visitor) unfold(name string, near ...string) *visitor {
	v.t.Helper()
	found := v.must("fold", name, near...)
	if !ask(v, chromedp.Evaluate[bool](`window.wanted.parentElement.open`)) {
		v.hit(found)
	}
	return v
}

// hit presses what was found last.
func (v *visitor) hit(found thing) {
	v.t.Helper()
	switch v.hands {
	case mouse:
		v.do(chromedp.MouseClickXY(found.X, found.Y))
	case touch:
		v.do(chromedp.TapXY(found.X, found.Y))
	case keyboard:
		v.reach()
		if found.Tag == "input" || found.Tag == "summary" {
			v.key(space)
			return
		}
		v.key(enter)
	}
}

// fill replaces what is in the field of that label.
func (v *visitor) fill(label, value string, near ...string) *visitor {
	v.t.Helper()
	v.focus(v.must("field", label, near...))
	v.replace(value)
	// The second of two taps close by counts as a double tap, which may take the
	// selection away again. One sees that, and types once more.
	if v.hands == touch && ask(v, chromedp.Evaluate[string](`window.wanted.value`)) != value {
		v.replace(value)
	}
	return v
}

// replace types instead of all that is in the field.
func (v *visitor) replace(value string) {
	v.t.Helper()
	call(v, input.DispatchKeyEvent, input.DispatchKeyEventParams{
		Type: input.DispatchKeyEventTypeRawKeyDown, Key: "a", Code: "KeyA", WindowsVirtualKeyCode: 65,
		Modifiers: int64(chromedp.ModifierCtrl), Commands: []string{"selectAll"},
	})
	if value == "" {
		v.key(wipe)
		return
	}
	call(v, input.InsertText, input.InsertTextParams{Text: value})
}

func (v *visitor) focus(found thing) {
	v.t.Helper()
	if v.hands == keyboard {
		v.reach()
		return
	}
	v.hit(found)
}

// pick takes an option of a list, with the arrows as one can on any machine.
func (v *visitor) pick(label, option string, near ...string) *visitor {
	v.t.Helper()
	v.must("field", label, near...)
	if v.hands == keyboard {
		v.reach()
	} else {
		v.do(chromedp.Evaluate[chromedp.Void](`window.wanted.focus()`))
	}
	const words = `.textContent.replace(/\s+/g, " ").trim()`
	offered := ask(v, chromedp.Evaluate[[]string](`[...window.wanted.options].map(o => o`+words+`)`))
	fits := func(now string) bool { return now == option }
	if !slices.ContainsFunc(offered, fits) && option != "" {
		fits = func(now string) bool { return strings.HasPrefix(now, option) }
	}
	v.key(home)
	for range offered {
		if fits(ask(v, chromedp.Evaluate[string](`window.wanted.selectedOptions[0]?`+words+` ?? ""`))) {
			return v
		}
		v.key(down)
	}
	v.t.Fatalf("the list %q on %s offers no %q: %s", label, v.path(), option, ask(v, chromedp.Evaluate[string](`window.wanted.innerText`)))
	return v
}

// choose ticks a box or a circle that is not ticked yet.
func (v *visitor) choose(option string, near ...string) *visitor {
	v.t.Helper()
	found := v.must("choice", option, near...)
	if !found.Ticked {
		v.wire.await(v, false, func() { v.hit(found) })
	}
	if !ask(v, chromedp.Evaluate[bool](`window.wanted.checked`)) {
		v.t.Fatalf("%q %q on %s did not take the tick", option, near, v.path())
	}
	return v
}

// attach puts a file into the field of that label, as the window in which one
// chooses files would.
func (v *visitor) attach(label, file string) *visitor {
	v.t.Helper()
	v.must("field", label)
	field := call(v, runtime.Evaluate, runtime.EvaluateParams{Expression: `window.wanted`})
	call(v, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{file}, ObjectID: field.Result.ObjectID})
	return v
}

// reach moves the focus to what was found last, by Tab alone; within a group of
// circles by the arrows.
func (v *visitor) reach() {
	v.t.Helper()
	const where = `(() => {
		const a = document.activeElement, w = window.wanted;
		if (a === w) return "there";
		return a?.type === "radio" && w.type === "radio" && a.name === w.name && a.form === w.form ? "group" : "elsewhere";
	})()`
	for range 600 {
		switch ask(v, chromedp.Evaluate[string](where)) {
		case "there":
			return
		case "group":
			v.key(down)
		default:
			v.key(tab)
		}
	}
	v.t.Fatalf("the keyboard never comes to %s on %s", ask(v, chromedp.Evaluate[string](`window.wanted.outerHTML.slice(0, 200)`)), v.path())
}

// stroke is a key as it lies on every keyboard.
type stroke struct {
	name string
	code int64
	text string // what it types, if anything
}

var (
	tab   = stroke{"Tab", 9, ""}
	enter = stroke{"Enter", 13, "\r"}
	space = stroke{" ", 32, " "}
	down  = stroke{"ArrowDown", 40, ""}
	home  = stroke{"Home", 36, ""}
	wipe  = stroke{"Delete", 46, ""}
)

func (v *visitor) key(k stroke) {
	v.t.Helper()
	press := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeRawKeyDown, Key: k.name, Code: strings.Replace(k.name, " ", "Space", 1), WindowsVirtualKeyCode: k.code}
	call(v, input.DispatchKeyEvent, press)
	if k.text != "" {
		call(v, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeChar, Key: k.name, Text: k.text, WindowsVirtualKeyCode: k.code})
	}
	press.Type = input.DispatchKeyEventTypeKeyUp
	call(v, input.DispatchKeyEvent, press)
}

// see waits for the texts to be on the screen.
func (v *visitor) see(texts ...string) *visitor {
	v.t.Helper()
	for _, text := range texts {
		if !v.wait(func() bool { return strings.Contains(v.text(), text) }) {
			v.t.Fatalf("%q is not on %s:\n%s", text, v.path(), v.text())
		}
	}
	return v
}

// sees reports whether something on the screen is called so, picture or text.
func (v *visitor) sees(name string) bool {
	v.t.Helper()
	return ask(v, chromedp.Evaluate[bool](fmt.Sprintf(
		`document.body.innerText.includes(%[1]q) || [...document.querySelectorAll("[aria-label]")].some(e => e.ariaLabel === %[1]q && e.checkVisibility())`, name)))
}

// lacks wants none of the texts on the screen.
func (v *visitor) lacks(texts ...string) *visitor {
	v.t.Helper()
	for _, text := range texts {
		if strings.Contains(v.text(), text) {
			v.t.Fatalf("%q is on %s:\n%s", text, v.path(), v.text())
		}
	}
	return v
}

// wait asks until the answer is yes or patience ends.
func (v *visitor) wait(done func() bool) bool {
	v.t.Helper()
	for end := time.Now().Add(patience); ; {
		if done() {
			return true
		}
		if time.Now().After(end) {
			return false
		}
		select {
		case <-v.ctx.Done():
			return false
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// text is all that can be read on the page, in one line.
func (v *visitor) text() string {
	v.t.Helper()
	return ask(v, chromedp.Evaluate[string](`(document.body?.innerText ?? "").replace(/\s+/g, " ").trim()`))
}

// value is what stands in the field of that label.
func (v *visitor) value(label string, near ...string) string {
	v.t.Helper()
	v.must("field", label, near...)
	return ask(v, chromedp.Evaluate[string](`window.wanted.value`))
}

// path is where the visitor is, with the query.
func (v *visitor) path() string {
	v.t.Helper()
	return ask(v, chromedp.Evaluate[string](`location.pathname + location.search`))
}

// status is how the server answered for the page.
func (v *visitor) status() int64 { return v.wire.last() }

// download presses what brings a file and gives its name and content.
func (v *visitor) download(name string, near ...string) (string, []byte) {
	v.t.Helper()
	folder := v.t.TempDir()
	if _, err := chromedp.CallBrowser(v.ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: folder,
		BrowserContextID: chromedp.FromContext(v.ctx).BrowserContextID,
	}); err != nil {
		v.t.Fatal(err)
	}
	v.press(name, near...)
	var files []string
	if !v.wait(func() bool {
		files, _ = filepath.Glob(filepath.Join(folder, "*"))
		return len(files) == 1 && !strings.HasSuffix(files[0], ".crdownload") && !strings.HasPrefix(filepath.Base(files[0]), ".")
	}) {
		v.t.Fatalf("%q on %s brought no file: %q", name, v.path(), files)
	}
	content, err := os.ReadFile(files[0])
	if err != nil {
		v.t.Fatal(err)
	}
	return filepath.Base(files[0]), content
}

// offline takes the network away, or gives it back.
func (v *visitor) offline(gone bool) {
	v.t.Helper()
	call(v, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Offline: gone, DownloadThroughput: -1, UploadThroughput: -1}},
	})
}
