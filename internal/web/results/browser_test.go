package results_test

import (
	"net/http"
	"strconv"
	"testing"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/minutes"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/testkit/browser"
	"chibo/internal/testkit/visit"
	"chibo/internal/web/page"
	"chibo/internal/web/results"
	"chibo/internal/web/static"
)

// camera looks at the pages of a stage.
type camera struct {
	*stage
	browser browser.Browser
}

// unfold opens every part that is folded away.
const unfold = `document.querySelectorAll("main details").forEach(d => d.open = true)`

func filmed(t *testing.T) camera {
	t.Helper()
	b := browser.Start(t)
	s := &stage{T: t, Site: visit.New(t, func(site *page.Site) http.Handler {
		mux := http.NewServeMux()
		mux.Handle("GET /static/", static.Handler())
		mux.Handle("/", visit.Routes(results.Routes()...)(site))
		return mux
	})}
	s.begin(meeting.Regular)
	return camera{s, b}
}

// look opens a page at the sizes of a phone and a desk, runs a script in it,
// and finds what shuts anybody out.
func (c camera) look(name string, person access.PersonID, path, script string) {
	c.Helper()
	c.browser.SignIn(c.Base, string(c.Token(person)))
	for _, screen := range browser.Screens {
		c.browser.Open(screen, c.Base+path)
		c.browser.Run(script)
		c.browser.Look(screen, name)
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
	c.browser.Open(browser.Screens[0], c.Base+at)
	const total = `document.querySelector("#score-total .figure").textContent`
	before := browser.Read[string](c.browser, total)
	c.browser.Run(`document.querySelector("[name='points.4.2'][value='10']").click()`)
	if !c.browser.Await(total + ` !== ` + strconv.Quote(before)) {
		c.Errorf("the total stays %s when a line is ticked", before)
	}
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
