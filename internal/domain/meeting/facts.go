package meeting

import (
	"time"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// Facts is what the records of meetings say about one, in the words of the
// score sheet (rules 22.4). What tasks, resolution and minutes say of
// themselves the caller adds. The rights are those of Steps.
func Facts(tx *db.Tx, by access.Actor, meeting ID) (rulepack.MeetingFacts, error) {
	l, err := loadInside(tx, by, meeting)
	if err != nil {
		return rulepack.MeetingFacts{}, err
	}
	var f rulepack.MeetingFacts
	for _, add := range []func(*db.Tx, loaded, *rulepack.MeetingFacts) error{addCourse, addRoll, addTheme, addPreparation, addAgenda} {
		if err := add(tx, l, &f); err != nil {
			return rulepack.MeetingFacts{}, err
		}
	}
	return f, nil
}

// addCourse tells how long the meeting was and what came of it.
func addCourse(tx *db.Tx, l loaded, f *rulepack.MeetingFacts) error {
	f.Combined = l.Kind == Combined
	f.MinutesAdopted = l.Sealed()
	if l.ClosedAt.IsZero() {
		return nil
	}
	// None at all would say that the hours were not noted.
	f.Minutes = max(1, int(l.Lasted().Minutes()))
	closed := clock.DateOf(l.ClosedAt)
	f.DaysSince = clock.DateOf(tx.Now).Sub(closed)
	if f.Published = !l.PublishedAt.IsZero(); f.Published {
		f.PublishedDaysAfter = clock.DateOf(l.PublishedAt).Sub(closed)
	}
	return nil
}

// addRoll tells who came, who spoke, and who stays away again and again.
func addRoll(tx *db.Tx, l loaded, f *rulepack.MeetingFacts) error {
	figures, err := countsOf(tx, l)
	if err != nil {
		return err
	}
	f.Members, f.Entitled, f.Present = figures.Members, figures.Entitled, figures.Present
	f.AbsentWithReason, f.AbsentNoReason = figures.Excused, figures.Absent
	speakers, err := spoken(tx, l.ID)
	if err != nil {
		return err
	}
	f.Speakers = speakers.Speakers
	missed, err := longestExcused(tx, l)
	f.LongestExcusedRun = missed.Times
	return err
}

// longestExcused looks at the year's monthly meetings up to this one.
func longestExcused(tx *db.Tx, l loaded) (Missed, error) {
	january := clock.NewDate(l.Day().Year(), time.January, 1)
	held, err := heldIn(tx, l.Unit, january.At(0, 0), l.Starts.Add(time.Millisecond))
	if err != nil {
		return Missed{}, err
	}
	var rolls [][]Entry
	for _, m := range held {
		if !m.Kind.Monthly() {
			continue
		}
		list, err := roll(tx, m.ID)
		if err != nil {
			return Missed{}, err
		}
		rolls = append(rolls, list)
	}
	return LongestExcused(rolls), nil
}

// addTheme tells whether the month has a thematic meeting.
func addTheme(tx *db.Tx, l loaded, f *rulepack.MeetingFacts) error {
	month, err := inMonths(tx, l.Unit, l.Month, l.Month)
	for _, m := range month {
		if m.Kind.HasTheme() && m.State != Cancelled {
			f.ThematicMonth = true
			f.ThematicHeld = f.ThematicHeld || m.State.Held()
		}
	}
	return err
}

// addPreparation tells of the committee's meeting, the announcement and the
// documents.
func addPreparation(tx *db.Tx, l loaded, f *rulepack.MeetingFacts) (err error) {
	if f.HasCommittee, err = hasCommittee(tx, l); err != nil {
		return err
	}
	minuted, err := committeeMinutes(tx, l.Meeting)
	if err != nil {
		return err
	}
	f.HasCommitteeMinutes = !minuted.IsZero()
	told, err := delivery(tx, l.ID)
	if err != nil {
		return err
	}
	for _, t := range told {
		asked, reached := &f.ToNotify, &f.Notified
		if t.Above {
			asked, reached = &f.UpperToNotify, &f.UpperNotified
		}
		*asked++
		*reached += one(t.Channel != NotTold)
	}
	if lead, posted := l.DocumentsLead(); posted {
		f.DocsPosted, f.DocsPostedHoursBefore = true, int(lead.Hours())
	}
	return nil
}

// addAgenda tells which steps left a record, and the time for ideology.
func addAgenda(tx *db.Tx, l loaded, f *rulepack.MeetingFacts) error {
	list, err := steps(tx, l)
	if err != nil {
		return err
	}
	for _, s := range list {
		if s.Proof == "" || s.Optional {
			continue
		}
		f.StepsRequired++
		f.StepsDone += one(s.Done())
	}
	agenda, err := items(tx, l.ID)
	if err != nil {
		return err
	}
	var ideology time.Duration
	for _, i := range agenda {
		if i.Kind == kindIdeology || i.Kind == kindCriticism {
			ideology += i.Spent(tx.Now)
		}
	}
	f.IdeologyMinutes = int(ideology.Minutes())
	remarks, err := remarkCounts(tx, l.ID)
	for _, n := range remarks {
		f.Remarks += n
	}
	return err
}
