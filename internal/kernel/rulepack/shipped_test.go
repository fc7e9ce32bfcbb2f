package rulepack

import (
	"context"
	"slices"
	"strings"
	"testing"

	"chibo/internal/platform/clock"
	"chibo/rulepacks"
)

// wantFault loads one pack of a kind and expects the fault.
func wantFault(t *testing.T, kind, section, want string) {
	t.Helper()
	_, err := Load(filesOf(strings.Replace(head, "%s", kind, 1) + section))
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("want %q, have %v", want, err)
	}
}

// Every case of every pack holds.
func TestCasesOfShippedPacks(t *testing.T) {
	set, err := Load(rulepacks.Files)
	if err != nil {
		t.Fatal(err)
	}
	withCases := map[string]bool{}
	for _, s := range set.Summary() {
		for _, failed := range s.Failed {
			t.Errorf("%s: %s", s.ID, failed)
		}
		if s.Cases > 0 {
			withCases[s.Kind] = true
		}
		if s.Standing == Unsure && len(s.Gaps) == 0 {
			t.Errorf("%s is unsure and names no gap", s.ID)
		}
	}
	for kind := range kinds {
		if !withCases[kind] {
			t.Errorf("no pack of kind %s has cases", kind)
		}
	}
}

// Between the first day of the meeting rules and two years ahead there is a
// rule for every meeting, and no hole inside any succession.
func TestNoHoles(t *testing.T) {
	set := Shipped()
	if holes := set.Holes(); len(holes) > 0 {
		t.Errorf("holes: %q", holes)
	}
	for day := clock.MustDate("2018-07-06"); day.Year() < 2029; day = day.AddDays(13) {
		for _, kind := range []string{"rhythm", "checklist", "agenda", "scoresheet", "topics", "votes", "format", "states"} {
			if _, err := set.On(kind, "01", day); err != nil {
				t.Errorf("%s on %s: %v", kind, day, err)
			}
		}
		if _, _, err := set.Param("meeting.publish", "01", day); err != nil {
			t.Errorf("meeting.publish on %s: %v", day, err)
		}
	}
}

// Every parameter of rules 1.2 is there on the days of each profile.
func TestRegistryIsComplete(t *testing.T) {
	set := Shipped()
	keys := strings.Fields(`admission.age.min admission.age.max admission.education.min admission.recommender.together.min
		admission.classCertificate.valid admission.dossier.valid admission.cv.reply.domestic admission.cv.reply.abroad
		admission.decide admission.decide.extension admission.ceremony admission.moving.forward admission.moving.decide
		admission.moving.reReview member.cvAndSheet probation.length recognition.cellReview recognition.decide
		recognition.failedVotes readmission.wait readmission.afterCrime readmission.max transfer.start transfer.present
		transfer.nonFiling.strikeOff transfer.temp.min transfer.temp.max abroad.official.submitSlip abroad.temp.submitSlip
		abroad.return.report graduate.stayAtSchool file.reconcile file.slipCheck file.leftOrDeadForward org.dissolve.windUp
		strikeoff.requests strikeoff.unpaidOrAbsent strikeoff.educationPeriod strikeoff.appeal strikeoff.resolve.local
		strikeoff.resolve.central opinion.reply.grassroots opinion.reply.upper opinion.reply.central congress.notice
		congress.resultReport congress.approve committee.handover committee.extra.grassroots committee.extra.upper
		committee.standing.maxShare committee.failedCandidate.wait cell.committee.minOfficial cell.committee.max cell.term
		dept.committee.max org.min.official org.grassrootsParty.min org.upperParty.min org.upperPowers.min
		org.delegatedAdmission.min badge.years badge.early badge.disciplineDelay.reprimand meeting.minMinutes
		meeting.minMinutes.combined meeting.docsUpload meeting.publish meeting.day meeting.attendanceTarget dues.unpaid.strikeOff`)
	for _, day := range []string{"2025-11-01", "2026-05-01", "2026-11-22"} {
		for _, key := range keys {
			if _, _, err := set.Param(key, "", clock.MustDate(day)); err != nil {
				t.Errorf("%s on %s: %v", key, day, err)
			}
		}
	}
}

// The rule follows the day of the event and the province.
func TestRuleOfItsDay(t *testing.T) {
	set := Shipped()
	years := func(day string) []int {
		list, err := set.List("badge.years", "", clock.MustDate(day))
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	if slices.Contains(years("2026-07-25"), 35) || !slices.Contains(years("2026-07-26"), 35) {
		t.Error("the badge of 35 years begins on 26/7/2026 (C-05)")
	}
	for _, c := range []struct {
		province, day string
		known         bool
	}{{"", "2025-12-01", false}, {"01", "2025-11-20", false}, {"01", "2025-11-21", true}, {"79", "2025-12-01", false}} {
		if n, err := set.Int("admission.cellForward", WorkingDay, c.province, clock.MustDate(c.day)); (err == nil) != c.known || (c.known && n != 5) {
			t.Errorf("cellForward in %q on %s: %d %v", c.province, c.day, n, err)
		}
	}
	commune := func(day string) string {
		states, _, err := Rule[States](set, "states", "", clock.MustDate(day))
		if err != nil {
			t.Fatal(err)
		}
		kind, _ := states.OrgKind("commune_party")
		return kind.Level
	}
	if commune("2026-07-25") != "upper_grassroots" || commune("2026-07-26") != "grassroots" {
		t.Error("a commune party changes its level on 26/7/2026 (C-14)")
	}
	due, ref, err := set.Due("admission.decide", "01", clock.MustDate("2026-01-05"))
	if err != nil || due != clock.MustDate("2026-03-13") || ref.ID != "params.membership.p2025+params.membership.hn" {
		t.Errorf("decision due %s by %+v, %v", due, ref, err)
	}
}

// Numbers that stand in more than one pack agree.
func TestPacksAgree(t *testing.T) {
	set, day := Shipped(), clock.MustDate("2026-11-03")
	param := func(key string, unit Unit) int {
		n, err := set.Int(key, unit, "", day)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	rhythm, _, _ := Rule[Rhythm](set, "rhythm", "", day)
	agenda, _, _ := Rule[Agenda](set, "agenda", "", day)
	checklist, _, _ := Rule[Checklist](set, "checklist", "", day)
	states, _, _ := Rule[States](set, "states", "", day)
	topics, _, _ := Rule[Topics](set, "topics", "", day)
	votes, _, _ := Rule[Votes](set, "votes", "", day)
	sheet := sheetOn(t, "2026-11-03")

	regular, _ := rhythm.Kind("regular")
	if regular.Day != param("meeting.day", DayOfMonth) || regular.FirstDay != param("meeting.firstDay", DayOfMonth) || regular.LastDay != param("meeting.lastDay", DayOfMonth) {
		t.Errorf("regular meeting: %+v", regular)
	}
	for _, kind := range rhythm.Kinds {
		minutes := 0
		for _, item := range agenda.For("village", kind.ID) {
			minutes += item.Minutes
		}
		if minutes == 0 {
			t.Errorf("no agenda for a %s meeting", kind.ID)
		}
		if kind.Length != "" && minutes < param(kind.Length, Minute) {
			t.Errorf("the %s agenda has %d minutes", kind.ID, minutes)
		}
		if _, ok := checklist.For(kind.ID); !ok {
			t.Errorf("no checklist for a %s meeting", kind.ID)
		}
	}
	for facts, key := range map[MeetingFacts]string{{Members: 3}: "meeting.minMinutes", {Combined: true}: "meeting.minMinutes.combined"} {
		if minutes, _ := sheet.RequiredMinutes(facts); minutes != param(key, Minute) {
			t.Errorf("the sheet asks %d minutes, %s is %d", minutes, key, param(key, Minute))
		}
	}
	list, _ := checklist.For("regular")
	for _, step := range list.Steps() {
		switch step.ID {
		case "docs":
			if -step.Due != param("meeting.docsUpload", Day) {
				t.Errorf("documents are due %d days from the meeting", step.Due)
			}
		case "publish":
			if step.Due != param("meeting.publish", Day) {
				t.Errorf("results are due %d days from the meeting", step.Due)
			}
		}
	}
	for _, topic := range topics.Topics {
		if !slices.ContainsFunc(states.WorkAreas, func(n Named) bool { return n.ID == topic.WorkArea }) {
			t.Errorf("topic %s: no work area %q", topic.ID, topic.WorkArea)
		}
		for _, cellType := range topic.CellTypes {
			if len(agenda.For(cellType, "regular")) == 0 || !slices.ContainsFunc(states.CellTypes, func(n Named) bool { return n.ID == cellType }) {
				t.Errorf("topic %s: no type of cell %q", topic.ID, cellType)
			}
		}
	}
	for _, template := range agenda.Templates {
		if !slices.ContainsFunc(states.CellTypes, func(n Named) bool { return n.ID == template.ID }) {
			t.Errorf("template for an unknown type of cell %q", template.ID)
		}
	}
	cell, _ := states.OrgKind("subordinate_cell")
	if len(agenda.Templates) != len(states.CellTypes) || cell.MinOfficial != param("org.min.official", Members) {
		t.Error("cell types or sizes disagree")
	}
	for _, base := range votes.Bases[:1] {
		for _, deduction := range base.Deductions {
			for _, overlay := range deduction.Overlays {
				if _, ok := states.Overlay(overlay); !ok {
					t.Errorf("deduction %s: no overlay %q", deduction.ID, overlay)
				}
			}
		}
	}
}

// The rhythm's vote and the states' vote tell the same of a member who is there.
func TestVotesFollowStates(t *testing.T) {
	set, day := Shipped(), clock.MustDate("2026-11-03")
	states, _, _ := Rule[States](set, "states", "", day)
	votes, _, _ := Rule[Votes](set, "votes", "", day)
	base, _ := votes.Base("MEMBERS")
	for _, state := range []string{"official", "probationary"} {
		for _, overlay := range states.Overlays {
			if overlay.ID == "abroad_official" {
				continue // no longer a member of this cell
			}
			for _, present := range []bool{true, false} {
				voter := Voter{Status: state, Overlays: []string{overlay.ID}, Present: present}
				if _, may, _ := states.Counted(state, voter.Overlays, present); may != base.Entitled(voter, "") {
					t.Errorf("%+v: states say %t, the base says %t", voter, may, !may)
				}
			}
		}
	}
}

// Another set of rules holds for what runs under its context.
func TestIn(t *testing.T) {
	set, err := Load(filesOf(paramsPack("a", "2025-01-01", "", "", minutes90)))
	if err != nil {
		t.Fatal(err)
	}
	ctx := In(context.Background(), set)
	if of(ctx) != set || of(context.Background()) != Shipped() {
		t.Error("the context does not choose the set")
	}
}
