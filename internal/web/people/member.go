package people

import (
	"encoding/json"
	"slices"
	"strings"

	"chibo/internal/domain/account"
	"chibo/internal/domain/duplicate"
	"chibo/internal/domain/member"
	"chibo/internal/domain/reorganisation"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

func memberRoutes() []page.Route {
	return slices.Concat(
		[]page.Route{
			page.Show("/members", showMembers),
			page.Show("/members/{id}", showMember),
			page.Show("/members/{id}/readings", showReadings),
		},
		page.Recorded(
			page.Show("/members/export", exportMembers),
			page.Show("/members/{id}/file", showFile),
			page.Show("/members/{id}/history", showHistory),
		),
	)
}

// memberView is the page of a member as every comrade of the cell sees it.
type memberView struct {
	Brief   member.Brief
	Self    bool
	Chips   []ui.Chip
	Facts   []ui.Definition
	Account []ui.Definition // nil for who may not invite
	Life    []ui.Event
	Tasks   string
	// Merges are those of which the record is a part, for who may merge.
	Merges []ui.Item
	// What the reader may do; "" for what not.
	File, Readings, Edit, Recognise, Group, Overlay, Move, Leave, Invite, Merge string
}

func showMember(r *page.Request) (page.Answer, error) {
	who, err := person(r)
	if err != nil {
		return nil, err
	}
	b, err := member.Find(r.Tx, r.By, who)
	if err != nil {
		return nil, err
	}
	if b.Status == member.Merged {
		if kept, seen, err := keptFor(r, who); err != nil || seen {
			return page.SeeOther(memberPath(kept), ""), err
		}
	}
	at, err := orgtree.Find(r.Tx, b.Unit)
	if err != nil {
		return nil, err
	}
	words, _, err := unit.Words(r.Tx, at)
	if err != nil {
		return nil, err
	}
	v := memberView{Brief: b, Self: who == r.By.Person, Chips: statusChips(r.Context(), words, b)}
	if r.By.Can(access.TaskRead, at) {
		v.Tasks = "/tasks?person=" + who.String()
	}
	if err := v.facts(r, at); err != nil {
		return nil, err
	}
	if err := v.life(r, words); err != nil {
		return nil, err
	}
	if err := v.account(r, at); err != nil {
		return nil, err
	}
	if err := v.merges(r, at); err != nil {
		return nil, err
	}
	v.actions(r, at)
	frame, err := r.Frame(b.Name)
	if err != nil {
		return nil, err
	}
	if r.By.Can(access.MemberRead, at) {
		frame.Crumbs = []ui.Link{memberCrumb(r), {Text: at.Name, Href: membersPath(at.ID)}}
	}
	return page.HTML(memberPage(frame, v)), nil
}

// keptFor is the record into which this one was merged, if the reader sees it.
func keptFor(r *page.Request, who member.ID) (member.ID, bool, error) {
	kept, err := member.KeptFor(r.Tx, r.By, who)
	if err != nil || kept == 0 {
		return 0, false, err
	}
	_, err = member.Find(r.Tx, r.By, kept)
	if errs.Is(err, errs.NotFound) {
		return 0, false, nil
	}
	return kept, err == nil, err
}

func (v *memberView) facts(r *page.Request, at orgtree.Unit) error {
	place := ui.Definition{Term: r.T("people.page.cell"), Content: ui.TextLink(at.Name, unitPath(at.ID))}
	if v.Brief.Status == member.Outside {
		place.Term = r.T("people.page.organisation")
	}
	v.Facts = append(v.Facts, place)
	if v.Brief.Group != 0 {
		g, err := unit.FindGroup(r.Tx, v.Brief.Group)
		if err != nil {
			return err
		}
		v.Facts = append(v.Facts, ui.Definition{Term: r.T("people.page.group"), Text: g.Name})
	}
	return nil
}

// life is the whole line for the member, and for everybody else the posts and
// the moves of the cell, which it knows anyway.
func (v *memberView) life(r *page.Request, words rulepack.States) error {
	transfers, err := transfersOf(r, v.Brief.ID)
	if err != nil {
		return err
	}
	var events []member.Event
	if v.Self {
		f, err := member.Open(r.Tx, r.By, v.Brief.ID, "")
		if err != nil {
			return err
		}
		events = member.Life(f, transfers...)
		v.Facts = append(v.Facts, ui.Definition{Term: r.T("people.page.party_age"), Text: partyAge(r, f.Core)})
	} else {
		posts, err := unit.PostsOf(r.Tx, r.By, v.Brief.ID)
		if err != nil {
			return err
		}
		events = member.Life(member.File{Posts: posts}, transfers...)
	}
	v.Life, err = timeline(r, words, events)
	return err
}

// transfersOf are the collective transfers of a person (rules 3.6).
func transfersOf(r *page.Request, person member.ID) ([]member.Event, error) {
	moves, err := reorganisation.Moves(r.Tx, r.By, person)
	events := make([]member.Event, len(moves))
	for i, m := range moves {
		events[i] = member.Event{Day: m.Day, What: "collective", From: m.From, Unit: m.To, Document: m.Document}
	}
	return events, err
}

// timeline turns a line of life into words, with the names of units.
func timeline(r *page.Request, words rulepack.States, events []member.Event) ([]ui.Event, error) {
	ctx := r.Context()
	names := map[orgtree.ID]string{}
	list := make([]ui.Event, 0, len(events))
	for _, e := range events {
		for _, at := range []orgtree.ID{e.Unit, e.From} {
			if at == 0 || names[at] != "" {
				continue
			}
			u, err := orgtree.Find(r.Tx, at)
			if err != nil {
				return nil, err
			}
			names[at] = u.Name
		}
		event := ui.Event{When: i18n.Date(ctx, e.Day), Title: r.T("member.life." + e.What), Text: e.Document, Future: e.Day.After(r.Today())}
		if !e.To.IsZero() {
			event.When = r.T("people.page.span", "from", i18n.Date(ctx, e.Day), "to", i18n.Date(ctx, e.To.AddDays(-1)))
		}
		switch e.What {
		case "status":
			event.Title, event.Tone = statusLabel(ctx, words, member.Status(e.Kind)), statusTone(member.Status(e.Kind))
		case "cell":
			event.Title = r.T("people.page.life_cell", "unit", names[e.Unit])
		case "collective":
			event.Title = r.T("people.page.life_collective", "from", names[e.From], "to", names[e.Unit])
		case "overlay":
			event.Title, event.Tone = overlayLabel(words, e.Kind), ui.Warn
		case "post":
			event.Title, event.Tone = r.T("people.page.life_post", "post", postLabel(words, e.Kind), "unit", names[e.Unit]), ui.Bad
		}
		list = append(list, event)
	}
	return list, nil
}

// account says whether the person can sign in, to whoever may let them.
func (v *memberView) account(r *page.Request, at orgtree.Unit) error {
	if v.Self || !r.By.Can(access.Invite, at) {
		return nil
	}
	a, err := account.Find(r.Tx, r.By, v.Brief.ID)
	switch {
	case errs.Is(err, errs.NotFound):
		v.Account = []ui.Definition{{Term: r.T("people.page.account"), Text: r.T("account.state_none")}}
	case errs.Is(err, errs.Denied):
		return nil
	case err != nil:
		return err
	default:
		v.Account = []ui.Definition{{Term: r.T("people.page.account"), Text: r.T(accountState(a))}, {Term: r.T("account.login"), Text: a.Login}}
	}
	v.Invite = memberPath(v.Brief.ID) + "/invite"
	return nil
}

// merges are the records that were made one with this one, and the way to make
// another one so.
func (v *memberView) merges(r *page.Request, at orgtree.Unit) error {
	if !r.By.Can(access.MemberMerge, at) {
		return nil
	}
	v.Merge = memberPath(v.Brief.ID) + "/merge"
	list, err := duplicate.MergesOf(r.Tx, r.By, v.Brief.ID)
	for _, m := range list {
		key, when, reason := "duplicate.page.merged_at", m.At, m.Reason
		item := ui.Item{Href: "/merges/" + m.ID.String() + "/back", Chip: ui.Chip{Text: r.T("duplicate.page.take_back")}}
		if !m.BackAt.IsZero() {
			key, when, reason = "duplicate.page.back_at", m.BackAt, m.BackReason
			item = ui.Item{}
		}
		item.Title = r.T(key, "at", i18n.Instant(r.Context(), when), "reason", reason)
		v.Merges = append(v.Merges, item)
	}
	return err
}

func accountState(a account.Account) string {
	switch {
	case !a.Blocked.IsZero():
		return "account.state_blocked"
	case a.Active():
		return "account.state_active"
	}
	return "account.state_invited"
}

func (v *memberView) actions(r *page.Request, at orgtree.Unit) {
	base := memberPath(v.Brief.ID)
	if v.Self || r.By.Can(access.MemberFile, at) {
		v.File, v.Readings = base+"/file", base+"/readings"
	}
	if !r.By.Can(access.MemberManage, at) {
		return
	}
	v.Edit = base + "/edit"
	if !v.Brief.Status.Active() {
		return
	}
	v.Overlay, v.Move, v.Leave = base+"/overlays/new", base+"/move", base+"/leave"
	if v.Brief.Status == member.Probationary {
		v.Recognise = base + "/recognise"
	}
	v.Group = base + "/group"
}

// fileView is the whole record.
type fileView struct {
	Person   member.File
	Chips    []ui.Chip
	Core, CV []ui.Definition
	Overlays []overlayView
	Life     []ui.Event
	Edit     string
	History  string
	Recorded bool
}

type overlayView struct {
	Title, When, Note string
	End               string // "" when it is over or the reader may not
}

func showFile(r *page.Request) (page.Answer, error) {
	who, err := person(r)
	if err != nil {
		return nil, err
	}
	f, err := member.Open(r.Tx, r.By, who, r.T("people.page.reason_file"))
	if err != nil {
		return nil, err
	}
	at, err := orgtree.Find(r.Tx, f.Unit)
	if err != nil {
		return nil, err
	}
	words, _, err := unit.Words(r.Tx, at)
	if err != nil {
		return nil, err
	}
	v := fileView{Person: f, Recorded: who != r.By.Person, History: memberPath(who) + "/history"}
	v.Chips = []ui.Chip{{Text: statusLabel(r.Context(), words, f.Status), Tone: statusTone(f.Status)}}
	v.Core, v.CV = coreFacts(r, f), cvFacts(r, f.CV)
	manages := r.By.Can(access.MemberManage, at)
	if manages {
		v.Edit = memberPath(who) + "/edit"
	}
	v.overlays(r, words, manages)
	transfers, err := transfersOf(r, who)
	if err != nil {
		return nil, err
	}
	if v.Life, err = timeline(r, words, member.Life(f, transfers...)); err != nil {
		return nil, err
	}
	frame, err := r.Frame(r.T("people.page.file_title", "name", f.Name))
	if err != nil {
		return nil, err
	}
	frame.Crumbs = []ui.Link{memberCrumb(r), {Text: f.Name, Href: memberPath(who)}}
	return page.HTML(filePage(frame, v)), nil
}

func coreFacts(r *page.Request, f member.File) []ui.Definition {
	fact := func(name, text string) ui.Definition {
		return ui.Definition{Term: r.T("member.column." + name), Text: text}
	}
	sex := ""
	if f.Sex != "" {
		sex = r.T("member.sex." + string(f.Sex))
	}
	facts := []ui.Definition{
		fact("birth_name", f.BirthName), fact("name", f.Name), fact("sex", sex), fact("birth", f.Birth.Vietnamese()),
		fact("card", f.Card), fact("cv_number", f.CVNumber), fact("admitted", f.Admitted.Vietnamese()),
		fact("ceremony", f.Ceremony.Vietnamese()), fact("recognised", f.Recognised.Vietnamese()),
		{Term: r.T("people.page.party_age"), Text: partyAge(r, f.Core)},
	}
	if f.Inactive > 0 {
		facts = append(facts, fact("inactive", months(r.Context(), f.Inactive)))
	}
	return facts
}

func cvFacts(r *page.Request, v member.CV) (facts []ui.Definition) {
	for _, t := range cvTexts(&v) {
		facts = append(facts, ui.Definition{Term: r.T("member.column." + t.name), Text: *t.text})
	}
	return append(facts, ui.Definition{Term: r.T("member.column.union_joined"), Text: v.UnionJoined.Vietnamese()})
}

func (v *fileView) overlays(r *page.Request, words rulepack.States, manages bool) {
	for _, o := range v.Person.Overlays {
		view := overlayView{Title: overlayLabel(words, o.Kind), When: span(r.Context(), o.From, o.To), Note: strings.Trim(o.Document+" · "+o.Reason, " ·")}
		if o.Holds(r.Today()) {
			v.Chips = append(v.Chips, ui.Chip{Text: view.Title, Tone: ui.Warn})
			if manages {
				view.End = memberPath(v.Person.ID) + "/overlays/" + o.ID.String() + "/end"
			}
		}
		v.Overlays = append(v.Overlays, view)
	}
}

func showReadings(r *page.Request) (page.Answer, error) {
	who, err := person(r)
	if err != nil {
		return nil, err
	}
	readings, err := member.Readings(r.Tx, r.By, who)
	if err != nil {
		return nil, err
	}
	b, err := member.Find(r.Tx, r.By, who)
	if err != nil {
		return nil, err
	}
	t := ui.Table{
		Caption: r.T("people.page.readings_title"),
		Columns: []ui.Column{{Title: r.T("people.page.reader")}, {Title: r.T("people.page.when")}, {Title: r.T("people.page.reason")}},
		Empty:   ui.EmptyState{Title: r.T("people.page.readings_none"), Text: r.T("people.page.readings_none_text")},
	}
	for _, e := range readings {
		t.Rows = append(t.Rows, ui.Row{Cells: ui.Cells(e.Name, i18n.Instant(r.Context(), e.At), readingReason(r, e.Reason))})
	}
	frame, err := r.Frame(r.T("people.page.readings_title"))
	if err != nil {
		return nil, err
	}
	frame.Crumbs, frame.Lead = []ui.Link{memberCrumb(r), personCrumb(b)}, r.T("people.page.readings_lead", "name", b.Name)
	return page.HTML(tablePage(frame, t)), nil
}

// readingReason is the reason as it was written, or the word that a verb wrote.
func readingReason(r *page.Request, reason string) string {
	if reason == "history" {
		return r.T("people.page.reason_history")
	}
	return reason
}

// entryView is a change in words.
type entryView struct {
	What, By, When string
	Changes        []changeView
}

type changeView struct{ Label, Before, After string }

func showHistory(r *page.Request) (page.Answer, error) {
	who, err := person(r)
	if err != nil {
		return nil, err
	}
	entries, err := member.History(r.Tx, r.By, who)
	if err != nil {
		return nil, err
	}
	b, err := member.Find(r.Tx, r.By, who)
	if err != nil {
		return nil, err
	}
	views, err := historyViews(r, entries)
	if err != nil {
		return nil, err
	}
	frame, err := r.Frame(r.T("people.page.history_title", "name", b.Name))
	if err != nil {
		return nil, err
	}
	frame.Crumbs = []ui.Link{memberCrumb(r), personCrumb(b)}
	return page.HTML(historyPage(frame, views)), nil
}

func historyViews(r *page.Request, entries []journal.Entry) ([]entryView, error) {
	ids := make([]member.ID, len(entries))
	for i, e := range entries {
		ids[i] = e.By
	}
	names, err := member.Names(r.Tx, ids)
	if err != nil {
		return nil, err
	}
	views := make([]entryView, 0, len(entries))
	for _, e := range slices.Backward(entries) {
		v := entryView{What: e.Verb, By: names[e.By], When: i18n.Instant(r.Context(), e.At), Changes: changesOf(r, e)}
		if key := "people.verb." + strings.ToLower(strings.ReplaceAll(e.Verb, ".", "_")); i18n.From(r.Context()).Has(key) {
			v.What = r.T(key)
		}
		if e.By == 0 {
			v.By = r.T("people.page.by_program")
		}
		views = append(views, v)
	}
	return views, nil
}

// changesOf are the fields with words for them that differ before and after.
func changesOf(r *page.Request, e journal.Entry) (list []changeView) {
	before, after := flat(e.Before), flat(e.After)
	if len(before) == 0 || len(after) == 0 {
		return nil
	}
	names := slices.Concat(coreNames, []string{"union_joined"})
	for _, t := range cvTexts(&member.CV{}) {
		names = append(names, t.name)
	}
	for _, name := range names {
		if before[name] != after[name] {
			list = append(list, changeView{r.T("member.column." + name), before[name], after[name]})
		}
	}
	return list
}

var coreNames = []string{"birth_name", "name", "sex", "birth", "card", "cv_number", "admitted", "ceremony", "recognised", "inactive"}

// flat are the fields of a journalled record and of what it holds, by the names
// of their form fields.
func flat(body json.RawMessage) map[string]string {
	values := map[string]string{}
	var record map[string]json.RawMessage
	if json.Unmarshal(body, &record) != nil {
		return values
	}
	for name, raw := range record {
		var inner map[string]json.RawMessage
		var text string
		switch {
		case json.Unmarshal(raw, &inner) == nil && inner != nil:
			for field, value := range flat(raw) {
				values[field] = value
			}
		case json.Unmarshal(raw, &text) == nil:
			values[fieldName(name)] = vietnameseDay(text)
		case string(raw) != "0" && string(raw) != "null":
			values[fieldName(name)] = string(raw)
		}
	}
	return values
}

// fieldName makes birth_name of BirthName, and cv_number of CVNumber.
func fieldName(name string) string {
	name = strings.Replace(name, "CV", "Cv", 1)
	var b strings.Builder
	for i, c := range name {
		if c >= 'A' && c <= 'Z' {
			if i > 0 {
				b.WriteByte('_')
			}
			c += 'a' - 'A'
		}
		b.WriteRune(c)
	}
	return b.String()
}

// vietnameseDay writes a stored day as people do, and leaves other texts alone.
func vietnameseDay(text string) string {
	if day, err := clock.ParseDate(text); err == nil {
		return day.Vietnamese()
	}
	return text
}
