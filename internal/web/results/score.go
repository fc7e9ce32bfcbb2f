package results

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/resolution"
	"chibo/internal/domain/score"
	"chibo/internal/domain/task"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/course"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

func scoreRoutes() []page.Route {
	show := on(showScore)
	return []page.Route{
		page.Show("/meetings/{id}/score", show),
		page.Act("/meetings/{id}/score", doing("/score", "results.score.confirmed", confirmScore), show),
		page.Show("/meetings/{id}/score/total", on(showTotal)),
	}
}

// scoreSheet is the sheet as the reader may see it: with the records' proposal
// for who prepares, runs or watches the meeting, as it was confirmed for
// others. The zero sheet is none.
func (v visit) scoreSheet() (score.Sheet, error) {
	if !v.M.Kind.Monthly() || !v.Opened() {
		return score.Sheet{}, nil
	}
	s, err := score.Propose(v.Tx, v.By, v.M.ID)
	if errs.Is(err, errs.Denied) {
		s, err = score.Find(v.Tx, v.By, v.M.ID)
	}
	return course.OrNone(s, err)
}

// scoreRules are the lines and classes in force on the day of the meeting.
func (v visit) scoreRules() (rulepack.ScoreSheet, error) {
	rules, _, err := rulepack.Rule[rulepack.ScoreSheet](rulepack.Of(v.Tx), "scoresheet", unit.Province(v.At), v.M.Day())
	return rules, err
}

// scoreView is the page of the sheet: a form for who confirms it, a table of
// claims against evidence for everybody else.
type scoreView struct {
	visit
	Sheet score.Sheet
	rules rulepack.ScoreSheet
	Tabs  ui.Tabs
	// Onward leads to the next step once the sheet is confirmed.
	Onward     *ui.NextAction
	Tally      ui.Tally
	Criteria   []criterionView
	Stats      []ui.Stat
	Gaps       []ui.Item
	Papers     []offered
	ByWhom     string
	MayConfirm bool
	Preview    bool
}

// criterionView is a numbered block of the sheet.
type criterionView struct {
	Number, Label, Points string
	Lines                 []scoreLine
	// Alone: the block is one line, whose name is the block's.
	Alone bool
}

// scoreLine is a line as the page shows it.
type scoreLine struct {
	score.Line
	Points  string
	Gap     ui.Chip
	Sources []source
	Options []ui.Option
	// Value and Why are what stands in the fields; Fault and WhyFault what is
	// wrong with them.
	Value, Why, Fault, WhyFault string
	Unclaimed                   bool
}

// source is records of one sort from which points come.
type source struct {
	Name string
	Rows []ui.Link
}

func showScore(v visit) (page.Answer, error) {
	s, err := v.scoreSheet()
	if err != nil {
		return nil, err
	}
	p, err := v.Below(v.T("results.score.title"))
	if err != nil {
		return nil, err
	}
	if s.LookedAt.IsZero() {
		return page.HTML(noScorePage(p, v.tabs("score"), v.noScore())), nil
	}
	d := scoreView{
		visit: v, Sheet: s, Tabs: v.tabs("score"), Preview: !v.M.State.Held(),
		MayConfirm: v.M.State.Held() && !s.Frozen && v.Can(access.ScoreConfirm),
	}
	if d.rules, err = v.scoreRules(); err != nil {
		return nil, err
	}
	d.addCriteria()
	d.addTally()
	d.addGaps()
	if err := d.addConfirmed(); err != nil {
		return nil, err
	}
	if !d.MayConfirm || s.Confirmed() {
		if d.Onward, err = v.Onward(course.Scoring); err != nil {
			return nil, err
		}
	}
	d.Papers, err = v.papers()
	p.NeedsHTMX = d.MayConfirm
	return page.HTML(scorePage(p, d)), err
}

// noScore says why there is no sheet.
func (v visit) noScore() ui.EmptyState {
	switch {
	case !v.M.Kind.Monthly():
		return ui.EmptyState{Title: v.T("results.score.other_kind"), Text: v.T("results.score.other_kind_help")}
	case !v.Opened():
		return ui.EmptyState{Title: v.T("results.score.none"), Text: v.T("results.score.not_opened")}
	}
	return ui.EmptyState{Title: v.T("results.score.none"), Text: v.T("results.score.wait")}
}

func (d *scoreView) addCriteria() {
	for _, c := range d.Sheet.Criteria() {
		view := criterionView{
			Number: c.ID, Label: c.Label, Alone: len(c.Lines) == 1 && c.Lines[0].ID == c.ID,
			Points: d.T("results.score.points", "points", c.Claimed, "most", c.Max),
		}
		for _, l := range c.Lines {
			view.Lines = append(view.Lines, d.line(l))
		}
		d.Criteria = append(d.Criteria, view)
	}
}

func (d *scoreView) line(l score.Line) scoreLine {
	line := scoreLine{Line: l, Sources: d.sources(l), Unclaimed: !d.Sheet.Confirmed() && !l.Decided}
	wrong := d.Errors()
	line.Fault, line.WhyFault = wrong.For("points."+l.ID), wrong.For("reason."+l.ID)
	stored := strconv.Itoa(l.Claimed)
	if line.Unclaimed {
		stored = ""
	}
	line.Value, line.Why = d.Value("points."+l.ID, stored), d.Value("reason."+l.ID, l.ClaimReason)
	line.Options = d.options(l)
	line.Points = d.T("results.score.points", "points", l.Claimed, "most", l.Max)
	switch more := l.Claimed - l.Shown(); {
	case !l.Counted:
		line.Points = d.T("results.score.not_counted")
	case line.Unclaimed:
		line.Points = d.T("results.score.unclaimed", "most", l.Max)
	case more > 0:
		line.Gap = ui.Chip{Text: d.T("results.score.claimed_more", "shown", l.Shown(), "more", more), Tone: ui.Warn}
	case more < 0:
		line.Gap = ui.Chip{Text: d.T("results.score.claimed_less", "shown", l.Shown(), "less", -more), Tone: ui.Info}
	}
	return line
}

// options are the points that a line can give, each once, with the words of the
// sheet.
func (d *scoreView) options(l score.Line) []ui.Option {
	if l.Mode == rulepack.Toggle {
		return []ui.Option{
			{Value: strconv.Itoa(l.Max), Label: d.T("results.score.met", "points", l.Max), Tone: ui.Good},
			{Value: "0", Label: d.T("results.score.unmet"), Tone: ui.Warn},
		}
	}
	var list []ui.Option
	for _, o := range l.Options {
		value := strconv.Itoa(o.Points)
		if at := slices.IndexFunc(list, func(o ui.Option) bool { return o.Value == value }); at >= 0 {
			list[at].Label += "; " + o.Label
			continue
		}
		list = append(list, ui.Option{Value: value, Label: d.T("results.score.option", "points", o.Points, "label", o.Label)})
	}
	return list
}

// origins say which records a row of evidence was read from, by its key.
var origins = map[string][]string{
	"roll":       {"roll", "excused", "absent", "excused_on"},
	"opinions":   {"speaker"},
	"remarks":    {"remark_praise", "remark_reminder", "remark_criticism", "remark_self_criticism"},
	"tasks":      {"task_on_time", "task_late", "task_not_done", "task_open", "tasks_given"},
	"minutes":    {"committee", "item", "item_done", "minuted", "part_chair", "part_minute_taker", "part_roll", "part_opinions", "part_conclusion", "part_end"},
	"resolution": {"resolution"},
	"plan":       {"theme_held", "theme_planned"},
}

// journalled is where all other rows come from: what the program noted.
const journalled = "journal"

func origin(key string) string {
	name := strings.TrimPrefix(key, "score.evidence.")
	for from, keys := range origins {
		if slices.Contains(keys, name) {
			return from
		}
	}
	return journalled
}

// sources are the rows of a line by the records they come from.
func (d *scoreView) sources(l score.Line) []source {
	var order []string
	rows := map[string][]ui.Link{}
	for _, row := range l.Evidence {
		from := origin(row.Key)
		if rows[from] == nil {
			order = append(order, from)
		}
		rows[from] = append(rows[from], ui.Link{Text: d.text(row.Message()), Href: d.href(row)})
	}
	if len(order) == 0 && l.Decided {
		order = d.named(l.ID)
	}
	var list []source
	for _, from := range order {
		list = append(list, source{Name: d.T("results.source." + from), Rows: rows[from]})
	}
	return list
}

// named are the records that the sheet names for a line in which nothing was
// found: that there is nothing is what they say.
func (d *scoreView) named(line string) []string {
	l, _ := d.rules.Line(line)
	var list []string
	for _, evidence := range l.Evidence {
		from := map[string]string{"rollcall": "roll", "minutes": "minutes", "tasks": "tasks"}[evidence]
		if from = cmp.Or(from, journalled); !slices.Contains(list, from) {
			list = append(list, from)
		}
	}
	return list
}

// href is the page of the record behind a row, where it is another page than
// this and the reader may open it.
func (d *scoreView) href(row score.Row) string {
	switch {
	case row.Noun == meeting.Noun && row.ID != d.M.ID.String():
		return "/meetings/" + row.ID
	case row.Noun == "member" && d.Can(access.MemberRead):
		return "/members/" + row.ID
	case row.Noun == task.Noun && d.Can(access.TaskRead):
		return "/tasks/" + row.ID
	case row.Noun == resolution.Noun:
		return d.Path("/resolution")
	}
	return ""
}

func (d *scoreView) addTally() {
	d.Tally = d.tally(d.Sheet, func(l score.Line) (int, bool) {
		for _, c := range d.Criteria {
			for _, shown := range c.Lines {
				if shown.ID == l.ID {
					n, err := strconv.Atoi(shown.Value)
					return n, err == nil
				}
			}
		}
		return 0, false
	}, d.Sheet.Class.Label)
}

// tally is the total at the top: what is claimed so far of what the month can
// reach. While lines are open it has no class.
func (v visit) tally(s score.Sheet, claimed func(score.Line) (int, bool), class string) ui.Tally {
	sum, open := 0, 0
	for _, l := range s.Lines {
		if !l.Counted {
			continue
		}
		n, said := claimed(l)
		sum += n
		if !said {
			open++
		}
	}
	t := ui.Tally{
		ID: "score-total", Figure: i18n.Number(v.Context(), sum), Of: v.T("results.score.of_month", "most", s.Reachable),
		Value: float64(sum), Max: float64(s.Reachable), Tone: ui.Good, Chip: ui.Chip{Text: class, Tone: ui.Info},
	}
	if open > 0 {
		t.Chip = ui.Chip{Text: v.T("results.score.open_lines", "count", open), Tone: ui.Warn}
	}
	return t
}

// showTotal is the total of what stands on the form, while it is filled in.
func showTotal(v visit) (page.Answer, error) {
	s, err := score.Propose(v.Tx, v.By, v.M.ID)
	if err != nil {
		return nil, err
	}
	rules, err := v.scoreRules()
	if err != nil {
		return nil, err
	}
	sum := 0
	typed := func(l score.Line) (int, bool) {
		n, err := strconv.Atoi(v.Form.Get("points." + l.ID))
		return min(max(n, 0), l.Max), err == nil
	}
	for _, l := range s.Lines {
		if n, said := typed(l); l.Counted && said {
			sum += n
		}
	}
	return page.HTML(v.tally(s, typed, rules.Class(sum).Label)), nil
}

// addGaps puts what is claimed beside what the records show, for the level
// above and for whoever reads the confirmed sheet.
func (d *scoreView) addGaps() {
	s := d.Sheet
	if !s.Confirmed() || d.MayConfirm {
		return
	}
	d.Stats = []ui.Stat{
		{Label: d.T("results.score.claimed"), Figure: i18n.Number(d.Context(), s.Claimed), Note: s.Class.Label},
		{Label: d.T("results.score.evidence"), Figure: i18n.Number(d.Context(), s.Evidence), Note: s.EvidenceClass.Label},
		{Label: d.T("results.score.proven"), Figure: fmt.Sprintf("%d/%d", s.Proven, s.ProvenMost), Note: d.T("results.score.proven_note")},
	}
	for _, g := range s.Gaps() {
		chip := ui.Chip{Text: d.T("results.score.more", "n", g.More), Tone: ui.Warn}
		if g.More < 0 {
			chip = ui.Chip{Text: d.T("results.score.less", "n", -g.More), Tone: ui.Info}
		}
		d.Gaps = append(d.Gaps, ui.Item{
			Title: g.Label, Href: "#line-" + g.ID, Chips: []ui.Chip{chip},
			Note: d.T("results.score.gap", "claimed", g.Claimed, "shown", g.Shown(), "reason", g.ClaimReason),
		})
	}
}

func (d *scoreView) addConfirmed() error {
	if !d.Sheet.Confirmed() {
		return nil
	}
	names, err := member.Names(d.Tx, []access.PersonID{d.Sheet.ConfirmedBy})
	d.ByWhom = d.T("results.score.by", "name", names[d.Sheet.ConfirmedBy], "at", i18n.Instant(d.Context(), d.Sheet.ConfirmedAt))
	return err
}

// confirmScore claims what stands on the form; a line without an answer is not
// claimed, and the verb says so beside it.
func confirmScore(v visit, in *page.Input) error {
	sheet, err := score.Propose(v.Tx, v.By, v.M.ID)
	if err != nil {
		return err
	}
	var claims []score.Claim
	for _, l := range sheet.Lines {
		if in.Line("points."+l.ID) == "" {
			continue
		}
		claims = append(claims, score.Claim{Line: l.ID, Points: in.Int("points." + l.ID), Reason: in.Line("reason." + l.ID)})
	}
	if err := in.Err(); err != nil {
		return err
	}
	version := in.Version()
	_, err = score.Confirm(v.Tx, v.By, v.M.ID, version, claims)
	return err
}

// emptyChoice is offered only where nothing is claimed yet.
func emptyChoice(ctx context.Context, l scoreLine) string {
	if l.Value != "" {
		return ""
	}
	return i18n.T(ctx, "results.score.choose")
}

// againKind makes confirming again the main action only where nothing else
// waits.
func (d scoreView) againKind() ui.ButtonKind {
	if d.Onward != nil {
		return ui.Quiet
	}
	return ui.Primary
}
