package results

import (
	"slices"
	"strings"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/minutes"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/course"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

func minutesRoutes() []page.Route {
	show := on(showMinutes)
	act := func(path, done string, do func(visit, *page.Input) error) page.Route {
		return page.Act("/meetings/{id}/minutes"+path, doing("/minutes", done, do), show)
	}
	return []page.Route{
		page.Show("/meetings/{id}/minutes", show),
		page.Show("/meetings/{id}/minutes/{version}", show),
		act("", "results.minutes.drafted", draftMinutes),
		act("/text", "results.saved", onDraft(saveMinutes)),
		act("/renew", "results.minutes.renewed", onDraft(renewMinutes)),
		act("/approve", "results.minutes.approved", onDraft(approveMinutes)),
		act("/amend", "results.minutes.amended", amendMinutes),
		act("/corrections", "results.correction.sent", proposeCorrection),
		act("/corrections/{correction}", "results.correction.answered", answerCorrection),
	}
}

// writesMinutes and sealsMinutes are the rights of package minutes as far as a
// page must know which buttons to draw: whoever chaired has both.
func (v visit) writesMinutes() bool { return v.chairs() || v.Can(access.MeetingRun) }

func (v visit) sealsMinutes() bool { return v.chairs() || v.Can(access.MeetingConclude) }

func (v visit) chairs() bool { return v.By.Person != 0 && v.By.Person == v.M.Chair }

// attended reports whether the reader was in the room.
func (v visit) attended() (bool, error) {
	mine, err := course.OrNone(meeting.Mine(v.Tx, v.By, v.M.ID))
	if err != nil || mine.Present() {
		return err == nil, err
	}
	guests, err := course.OrNone(meeting.Guests(v.Tx, v.By, v.M.ID))
	return slices.ContainsFunc(guests, func(g meeting.Guest) bool { return g.Person == v.By.Person && g.Person != 0 }), err
}

// minutesView is the page of the minutes: a draft, or one version to read.
type minutesView struct {
	visit
	Minutes minutes.Minutes
	Tabs    ui.Tabs
	// Onward leads to the next step once there is nothing left to write.
	Onward      *ui.NextAction
	Chip        ui.Chip
	Sheet       sheet
	Files       offered
	Papers      []offered
	Sections    []sectionView
	Missing     []string
	Corrections []correctionView
	Open        int
	Versions    []ui.Item
	Seal        *sealView
	// What the reader may do now.
	MayWrite, MayRenew, MayApprove, MayAmend, MayPropose bool
	Once                                                 ui.Hidden
}

// correctionView is what somebody wants to be put differently.
type correctionView struct {
	minutes.Correction
	When, Answer string
	Tone         ui.Tone
	Action       string
	MayAnswer    bool
	// Faults are of the answer that was refused just now.
	Faults ui.Errors
}

// sealView is the seal in plain words and, where it was asked for, what
// checking it came to.
type sealView struct {
	By, Digest, CheckHref string
	Checked               bool
	Outcome               ui.Notice
}

// showMinutes shows the version in the path, or the newest one.
func showMinutes(v visit) (page.Answer, error) {
	all, err := minutes.Versions(v.Tx, v.By, v.M.ID)
	if err != nil {
		return nil, err
	}
	p, err := v.Below(v.T("results.minutes.title"))
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return page.HTML(noMinutesPage(p, noMinutes{
			Tabs: v.tabs("minutes"), Action: v.Path("/minutes"), Once: page.Once(v.Request),
			Writes: v.writesMinutes() && v.Opened(), Held: v.Opened(), Errors: v.Errors(),
		})), nil
	}
	m, err := v.version(all)
	if err != nil {
		return nil, err
	}
	d, err := v.minutesView(m, all)
	return page.HTML(minutesPage(p, d)), err
}

type noMinutes struct {
	Tabs         ui.Tabs
	Action       string
	Once         ui.Hidden
	Writes, Held bool
	Errors       ui.Errors
}

// version is the one in the path among those that the reader may read.
func (v visit) version(all []minutes.Minutes) (minutes.Minutes, error) {
	if v.PathValue("version") == "" {
		return all[0], nil
	}
	for _, m := range all {
		if m.ID.String() == v.PathValue("version") {
			return m, nil
		}
	}
	return minutes.Minutes{}, errs.New(errs.NotFound, "errs.not_found")
}

func (v visit) minutesView(m minutes.Minutes, all []minutes.Minutes) (minutesView, error) {
	d := minutesView{visit: v, Minutes: m, Tabs: v.tabs("minutes"), Once: page.Once(v.Request)}
	d.Chip = ui.Chip{Text: v.T("results.minutes.chip", "number", m.Number, "state", v.T("minutes.state."+string(m.State))), Tone: ui.Warn}
	if m.State == minutes.Sealed {
		d.Chip.Tone = ui.Good
	}
	d.permit(all)
	d.addSections()
	for _, add := range []func() error{d.addOnward, d.addCorrections, d.addPapers, d.addAttendance, d.addSeal} {
		if err := add(); err != nil {
			return d, err
		}
	}
	d.addVersions(all)
	return d, nil
}

func (d *minutesView) permit(all []minutes.Minutes) {
	newest, drafted := d.Minutes.ID == all[0].ID, d.Minutes.State == minutes.Drafted
	d.MayWrite = drafted && d.writesMinutes()
	d.MayRenew = d.MayWrite && d.Minutes.Number == 1
	d.MayApprove = drafted && d.sealsMinutes() && !d.M.ClosedAt.IsZero()
	d.MayAmend = newest && !drafted && d.sealsMinutes()
}

func (d *minutesView) addOnward() (err error) {
	if !d.MayWrite && !d.MayApprove {
		d.Onward, err = d.visit.Onward(course.Minuting)
	}
	return err
}

func (d *minutesView) addSections() {
	for _, s := range minutes.Sections {
		name := string(s)
		d.Sections = append(d.Sections, sectionView{
			Name: name, Label: d.T("minutes.section." + name), Help: d.T("results.minutes.help_" + name),
			Body: d.Value(name, d.Minutes.Content.Text.Of(s)), Error: d.Errors().For(name),
		})
	}
	if d.Minutes.State == minutes.Drafted {
		for _, part := range d.Minutes.Content.Missing() {
			d.Missing = append(d.Missing, d.T("minutes.part."+string(part)))
		}
	}
}

func (d *minutesView) addCorrections() error {
	list, err := minutes.Corrections(d.Tx, d.By, d.Minutes.ID)
	for _, c := range list {
		answer := "open"
		if c.Answer != minutes.Open {
			answer = string(c.Answer)
		}
		view := correctionView{
			Correction: c, When: i18n.Instant(d.Context(), c.At), Answer: d.T("minutes.answer." + answer),
			Tone:   map[minutes.Answer]ui.Tone{minutes.Open: ui.Warn, minutes.Accepted: ui.Good, minutes.Refused: ui.Plain}[c.Answer],
			Action: d.Path("/minutes/corrections/" + c.ID.String()), MayAnswer: c.Answer == minutes.Open && d.writesMinutes(),
		}
		if d.PathValue("correction") == c.ID.String() {
			view.Faults = d.Errors()
		}
		if c.Answer == minutes.Open {
			d.Open++
		}
		d.Corrections = append(d.Corrections, view)
	}
	return err
}

func (d *minutesView) addPapers() (err error) {
	of := d.Minutes.ID.String()
	if d.Sheet, err = d.sheet("minutes", of); err != nil {
		return err
	}
	d.Files = d.offer("minutes", of)
	d.Papers, err = d.papers()
	return err
}

func (d *minutesView) addAttendance() (err error) {
	d.MayPropose, err = d.attended()
	return err
}

// addSeal says what seals the version, and checks it where that was asked for.
func (d *minutesView) addSeal() error {
	m := d.Minutes
	if m.State != minutes.Sealed {
		return nil
	}
	names, err := member.Names(d.Tx, []access.PersonID{m.ApprovedBy})
	if err != nil {
		return err
	}
	d.Seal = &sealView{
		By:     d.T("results.seal.by", "name", names[m.ApprovedBy], "at", i18n.Instant(d.Context(), m.ApprovedAt)),
		Digest: grouped(m.Digest), CheckHref: d.Path("/minutes/" + m.ID.String() + "?check=1#seal"),
	}
	if d.URL.Query().Get("check") == "" {
		return nil
	}
	proof, err := minutes.Verify(d.Tx, d.By, m.ID)
	if err != nil {
		return err
	}
	d.Seal.Checked = true
	d.Seal.Outcome = d.outcome(proof)
	return nil
}

func (d *minutesView) outcome(p minutes.Proof) ui.Notice {
	switch {
	case !p.Intact():
		return ui.Notice{Tone: ui.Bad, Title: d.T("results.seal.broken"), Text: d.T("results.seal.broken_help")}
	case p.Journal == "":
		return ui.Notice{Tone: ui.Good, Title: d.T("results.seal.intact"), Text: d.T("results.seal.erased")}
	}
	return ui.Notice{Tone: ui.Good, Title: d.T("results.seal.intact"), Text: d.T("results.seal.intact_help")}
}

// grouped is a digest in blocks of four, as people compare it aloud.
func grouped(digest string) string {
	var blocks []string
	for i := 0; i < len(digest); i += 4 {
		blocks = append(blocks, digest[i:min(i+4, len(digest))])
	}
	return strings.Join(blocks, " ")
}

func (d *minutesView) addVersions(all []minutes.Minutes) {
	if len(all) < 2 {
		return
	}
	for _, m := range all {
		chip := ui.Chip{Text: d.T("minutes.state." + string(m.State)), Tone: ui.Warn}
		if m.State == minutes.Sealed {
			chip = ui.Chip{Text: d.T("results.minutes.sealed_at", "at", i18n.Instant(d.Context(), m.ApprovedAt)), Tone: ui.Good}
		}
		item := ui.Item{Title: d.T("results.minutes.version", "number", m.Number), Note: m.Reason, Href: d.Path("/minutes/" + m.ID.String()), Chips: []ui.Chip{chip}}
		if m.ID == d.Minutes.ID {
			item.Href, item.Chips = "", append(item.Chips, ui.Chip{Text: d.T("results.minutes.shown"), Tone: ui.Info})
		}
		d.Versions = append(d.Versions, item)
	}
}

func draftMinutes(v visit, _ *page.Input) error {
	_, err := minutes.Draft(v.Tx, v.By, v.M.ID)
	return err
}

// onDraft is a change of the newest version that the reader sees.
func onDraft(change func(visit, minutes.Minutes, *page.Input) error) func(visit, *page.Input) error {
	return func(v visit, in *page.Input) error {
		m, found, err := minutes.Current(v.Tx, v.By, v.M.ID)
		if err == nil && !found {
			err = errs.New(errs.NotFound, "errs.not_found")
		}
		if err != nil {
			return err
		}
		return change(v, m, in)
	}
}

// saveMinutes writes the parts that were changed, one after another.
func saveMinutes(v visit, m minutes.Minutes, in *page.Input) error {
	before, version := m.Content.Text, in.Version()
	for _, s := range minutes.Sections {
		name := string(s)
		if !v.Form.Has(name) || in.Block(name) == before.Of(s) {
			continue
		}
		after, err := minutes.EditText(v.Tx, v.By, m.ID, version, s, in.Block(name))
		if err != nil {
			return err
		}
		version = after.Version
	}
	return nil
}

func renewMinutes(v visit, m minutes.Minutes, in *page.Input) error {
	_, err := minutes.Renew(v.Tx, v.By, m.ID, in.Version())
	return err
}

func approveMinutes(v visit, m minutes.Minutes, in *page.Input) error {
	_, err := minutes.Approve(v.Tx, v.By, m.ID, in.Version())
	return err
}

func amendMinutes(v visit, in *page.Input) error {
	_, err := minutes.Amend(v.Tx, v.By, v.M.ID, in.Block("reason"))
	return err
}

func proposeCorrection(v visit, in *page.Input) error {
	_, err := minutes.ProposeCorrection(v.Tx, v.By, page.ID[minutes.Minutes](in, "minutes"), in.Block("text"))
	return err
}

func answerCorrection(v visit, in *page.Input) error {
	of, err := page.PathID[minutes.Correction](v.Request, "correction")
	if err != nil {
		return err
	}
	_, err = minutes.AnswerCorrection(v.Tx, v.By, of, in.Version(), minutes.Answer(in.Line("answer")), in.Block("reason"))
	return err
}

// saveKind makes saving the main action for who cannot approve.
func (d minutesView) saveKind() ui.ButtonKind {
	if d.MayApprove {
		return ui.Quiet
	}
	return ui.Primary
}
