package meetings

import (
	"slices"
	"strconv"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/resolution"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/course"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

func voteRoutes() []page.Route {
	return []page.Route{
		page.Show("/meetings/{id}/room/votes", on(showVotes)),
		page.Act("/meetings/{id}/room/votes", on(callVote), on(showVotes)),
		page.Act("/meetings/{id}/room/votes/{vote}/record", on(recordVote), on(showVotes)),
		page.Act("/meetings/{id}/room/votes/{vote}/correct", on(correctVote), on(showVotes)),
		page.Act("/meetings/{id}/room/votes/{vote}/withdraw", doing("/room/votes", "room.vote.withdrawn", withdrawVote), on(showVotes)),
	}
}

// votesView is the votes of a meeting.
type votesView struct {
	roomFrame
	Voters  int // in the room now
	Votes   []voteView
	MayCall bool
	Matters []ui.Option
	Forms   []ui.Option
	People  []ui.Option
	Typed   callTyped
	Calling bool
	// Draft is the resolution that waits for its vote; 0 is none.
	Draft resolution.ID
}

type callTyped struct{ Matter, Title, Form string }

// voteView is one question, with its base in words.
type voteView struct {
	meeting.Vote
	Path     string
	Form     string
	Secret   bool
	Chip     ui.Chip
	Base     []baseLine
	Need     string
	Present  string // how many of them are in the room
	Result   string
	Share    string
	Minority []minorityLine
	MayCount bool // now
	MayFix   bool
	Typed    tallyTyped
}

// baseLine is a step from everybody listed to those who are counted.
type baseLine struct{ Label, Number string }

type minorityLine struct{ Name, Text string }

type tallyTyped struct {
	Yes, No, Other, Invalid, Issued, Collected, Tellers, Reason string
	Minority                                                    [minorityMost]minorityTyped
	Errors                                                      ui.Errors
}

type minorityTyped struct{ Person, Text string }

// minorityMost is how many minority opinions one form takes.
const minorityMost = 2

func showVotes(v visit) (page.Answer, error) {
	votes, err := meeting.Votes(v.Tx, v.By, v.M.ID)
	if err != nil {
		return nil, err
	}
	p, f, err := v.room(course.Votes)
	if err != nil {
		return nil, err
	}
	d := votesView{roomFrame: f, MayCall: f.Runs && v.M.State == meeting.InSession && v.M.Kind != meeting.Group}
	if err := d.choices(); err != nil {
		return nil, err
	}
	figures, err := meeting.Counts(v.Tx, v.By, v.M.ID)
	if err != nil {
		return nil, err
	}
	d.Voters = figures.Voters
	for _, vote := range votes {
		view, err := d.vote(vote)
		if err != nil {
			return nil, err
		}
		d.Votes = append(d.Votes, view)
	}
	slices.Reverse(d.Votes)
	if d.MayCall {
		draft, _, err := v.draft(votes)
		if err != nil {
			return nil, err
		}
		d.Draft = draft.ID
	}
	return page.HTML(votesPage(p, d)), nil
}

// draft is the drafted resolution of the meeting on which no vote was called
// yet.
func (v visit) draft(votes []meeting.Vote) (resolution.Resolution, bool, error) {
	list, err := course.OrNone(resolution.OfMeeting(v.Tx, v.By, v.M.ID))
	for _, r := range list {
		called := slices.ContainsFunc(votes, func(vote meeting.Vote) bool { return vote.Noun == resolution.Noun && vote.NounID == int64(r.ID) })
		if r.State == resolution.Drafted && !called {
			return r, true, err
		}
	}
	return resolution.Resolution{}, false, err
}

func (d *votesView) choices() error {
	v := d.v
	if !d.Runs {
		return nil
	}
	present, err := v.peopleOnRoll(meeting.Entry.Present)
	if err != nil {
		return err
	}
	d.People = options(present)
	matters, err := meeting.Matters(v.Tx, v.By, v.M.ID)
	for _, m := range matters {
		d.Matters = append(d.Matters, ui.Option{Value: m.ID, Label: m.Label + " (" + m.Threshold.Label + ")"})
	}
	for _, form := range []meeting.Form{meeting.Hand, meeting.Card, meeting.SecretBallot} {
		d.Forms = append(d.Forms, ui.Option{Value: string(form), Label: v.T("meeting.form." + string(form))})
	}
	d.Calling = v.Problem != nil && v.PathValue("vote") == ""
	d.Typed = callTyped{v.Value("matter", "resolution"), v.Value("title", ""), v.Value("form", string(meeting.Hand))}
	return err
}

func (d *votesView) vote(vote meeting.Vote) (voteView, error) {
	v := d.v
	view := voteView{
		Vote: vote, Path: v.Path("/room/votes/" + vote.ID.String()), Form: v.T("meeting.form." + string(vote.Form)),
		Secret:   vote.Form == meeting.SecretBallot,
		MayCount: d.Runs && !vote.Recorded() && v.M.State == meeting.InSession,
		MayFix:   d.Runs && vote.Recorded() && !vote.Superseded(),
	}
	base, voters := vote.Base, vote.Voters
	if !vote.Recorded() {
		var err error
		if base, err = meeting.Base(v.Tx, v.By, v.M.ID, vote.Matter); err != nil {
			return view, err
		}
		voters = d.Voters
	}
	view.Present = v.T("room.vote.voters", "n", voters)
	view.Base, view.Need = v.baseLines(base), v.T("room.vote.need", "share", vote.Threshold.Label, "base", base.Base, "n", vote.Threshold.Needs(base.Base))
	view.outcome(v)
	called, err := names(v.Request, minorityIDs(vote)...)
	for _, m := range vote.Minority {
		view.Minority = append(view.Minority, minorityLine{called[m.Person], m.Text})
	}
	view.Typed = d.typed(vote)
	return view, err
}

func minorityIDs(vote meeting.Vote) []access.PersonID {
	var ids []access.PersonID
	for _, m := range vote.Minority {
		ids = append(ids, m.Person)
	}
	return ids
}

// baseLines itemise the base: everybody listed, less each deduction.
func (v visit) baseLines(base rulepack.BaseCount) []baseLine {
	ctx := v.Context()
	list := []baseLine{{v.T("room.vote.listed"), i18n.Number(ctx, base.Listed)}}
	for _, d := range base.Deductions {
		list = append(list, baseLine{d.Label, "− " + i18n.Number(ctx, d.Count)})
	}
	return append(list, baseLine{v.T("room.vote.base"), i18n.Number(ctx, base.Base)})
}

func (view *voteView) outcome(v visit) {
	vote := view.Vote
	switch {
	case !vote.Recorded():
		view.Chip = ui.Chip{Text: v.T("room.vote.open"), Tone: ui.Warn}
		return
	case vote.Superseded():
		view.Chip = ui.Chip{Text: v.T("room.vote.superseded")}
	case vote.Passed:
		view.Chip = ui.Chip{Text: v.T("room.vote.passed"), Tone: ui.Good}
	default:
		view.Chip = ui.Chip{Text: v.T("room.vote.failed"), Tone: ui.Bad}
	}
	view.Share = i18n.Share(v.Context(), vote.Yes, vote.Base.Base)
	view.Result = v.T("room.vote.result", "yes", vote.Yes, "base", vote.Base.Base, "share", view.Share)
}

// typed is what stands in the form of a count: what was typed, or what was
// counted before.
func (d *votesView) typed(vote meeting.Vote) tallyTyped {
	v := d.v
	var t tallyTyped
	if v.Problem != nil && v.PathValue("vote") == vote.ID.String() {
		get := v.Form.Get
		t = tallyTyped{
			Yes: get("yes"), No: get("no"), Other: get("other"), Invalid: get("invalid"), Issued: get("issued"), Collected: get("collected"),
			Tellers: get("tellers"), Reason: get("reason"), Errors: v.Errors(),
		}
		for i := range t.Minority {
			t.Minority[i] = minorityTyped{get("person_" + strconv.Itoa(i)), get("minority_" + strconv.Itoa(i))}
		}
		return t
	}
	if !vote.Recorded() {
		t.No, t.Other, t.Invalid = "0", "0", "0"
		return t
	}
	t = tallyTyped{
		Yes: strconv.Itoa(vote.Yes), No: strconv.Itoa(vote.No), Other: strconv.Itoa(vote.Other), Invalid: strconv.Itoa(vote.Invalid),
		Issued: strconv.Itoa(vote.Issued), Collected: strconv.Itoa(vote.Collected), Tellers: vote.Tellers,
	}
	for i, m := range vote.Minority {
		if i < minorityMost {
			t.Minority[i] = minorityTyped{m.Person.String(), m.Text}
		}
	}
	return t
}

func callVote(v visit) (page.Answer, error) {
	in := v.Input()
	q := meeting.Question{Meeting: v.M.ID, Matter: in.Line("matter"), Title: in.Line("title"), Form: meeting.Form(in.Line("form"))}
	if draft := page.ID[task.Resolution](in, "resolution"); draft != 0 {
		r, err := resolution.Find(v.Tx, v.By, draft)
		if err != nil {
			return nil, err
		}
		q = v.voteOn(r)
	}
	vote, err := meeting.CallVote(v.Tx, v.By, q)
	return v.toVote(vote, err, "room.vote.called")
}

func (v visit) toVote(vote meeting.Vote, err error, done string) (page.Answer, error) {
	if err != nil {
		return nil, err
	}
	return page.SeeOther(v.Path("/room/votes#v-"+vote.ID.String()), done), nil
}

// readTally reads the count and the opinions of the minority.
func readTally(in *page.Input) (meeting.Tally, []meeting.Minority, error) {
	t := meeting.Tally{
		Yes: in.Int("yes"), No: in.Int("no"), Other: in.Int("other"), Invalid: in.Int("invalid"),
		Issued: in.Int("issued"), Collected: in.Int("collected"), Tellers: in.Line("tellers"),
	}
	var minority []meeting.Minority
	for i := range minorityMost {
		m := meeting.Minority{Person: page.ID[access.Person](in, "person_"+strconv.Itoa(i)), Text: in.Block("minority_" + strconv.Itoa(i))}
		if m.Person != 0 || m.Text != "" {
			minority = append(minority, m)
		}
	}
	return t, minority, in.Err()
}

func recordVote(v visit) (page.Answer, error) {
	t, minority, err := readTally(v.Input())
	if err != nil {
		return nil, err
	}
	vote, err := meeting.RecordVote(v.Tx, v.By, inPath[meeting.Vote](v, "vote"), t, minority)
	return v.toVote(vote, err, "room.vote.recorded")
}

func correctVote(v visit) (page.Answer, error) {
	in := v.Input()
	t, minority, err := readTally(in)
	if err != nil {
		return nil, err
	}
	vote, err := meeting.CorrectVote(v.Tx, v.By, inPath[meeting.Vote](v, "vote"), t, minority, in.Line("reason"))
	return v.toVote(vote, err, "room.vote.corrected")
}

func withdrawVote(v visit, in *page.Input) error {
	return meeting.WithdrawVote(v.Tx, v.By, inPath[meeting.Vote](v, "vote"))
}

// voteOn is the question whether to adopt the resolution.
func (v visit) voteOn(r resolution.Resolution) meeting.Question {
	return meeting.Question{
		Meeting: v.M.ID, Title: v.T("room.vote.adopt_title", "title", r.Title), Form: meeting.Hand, Noun: resolution.Noun, NounID: int64(r.ID),
	}
}

// callErrors are those of the form that calls a vote.
func callErrors(d votesView) ui.Errors {
	if d.Calling {
		return d.Errors
	}
	return nil
}

// onward is the weight of the way on: a vote to be counted comes first.
func (d votesView) onward() ui.ButtonKind {
	if slices.ContainsFunc(d.Votes, func(v voteView) bool { return v.MayCount }) {
		return ui.Quiet
	}
	return ui.Primary
}
