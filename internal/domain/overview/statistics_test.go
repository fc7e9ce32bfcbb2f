package overview_test

import (
	"testing"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/overview"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit/history"
)

func TestPeriods(t *testing.T) {
	for _, c := range []struct {
		stretch  overview.Stretch
		month    clock.Month
		from, to clock.Month
		part     int
	}{
		{overview.OfMonth, "2026-11", "2026-11", "2026-11", 11},
		{overview.OfQuarter, "2026-11", "2026-10", "2026-12", 4},
		{overview.OfQuarter, "2026-03", "2026-01", "2026-03", 1},
		{overview.OfHalf, "2026-06", "2026-01", "2026-06", 1},
		{overview.OfHalf, "2026-07", "2026-07", "2026-12", 2},
		{overview.OfYear, "2026-07", "2026-01", "2026-12", 1},
		{"x", "2026-02", "2026-02", "2026-02", 2},
	} {
		if p := overview.PeriodOf(c.stretch, c.month); p.From != c.from || p.To != c.to || p.Part() != c.part {
			t.Errorf("%s of %s: %+v, part %d", c.stretch, c.month, p, p.Part())
		}
	}
}

// TestAReportNamesWhatWasCorrected holds a quarter to the meetings held in it,
// one of which was entered after its month was closed.
func TestAReportNamesWhatWasCorrected(t *testing.T) {
	each(t, func(s stage) {
		for month := 7; month <= 9; month++ {
			s.hold(month, history.Meeting{Until: history.Closed, Absent: s.MembersA[:2]})
		}
		s.SetNow(clock.NewDate(2026, 11, 21).At(8, 0))
		s.counted()
		s.Update(func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO tally_correction (unit_id, month, day, figures) VALUES ($1, '2026-08', '2026-10-20', '1=1')`, s.Commune.ID)
			return err
		})
		total := func(who access.PersonID, p overview.Period) (report overview.Statistics, err error) {
			s.View(func(tx *db.Tx) error {
				report, err = overview.Total(tx, s.As(tx, who), s.Commune.ID, p)
				return nil
			})
			return report, err
		}
		quarter := overview.PeriodOf(overview.OfQuarter, "2026-09")
		report, err := total(s.Office, quarter)
		if err != nil || report.Running {
			t.Fatalf("%+v: %v", report, err)
		}
		now, closed := report.Now.Get(meeting.TallyHeld), report.Closed.Get(meeting.TallyHeld)
		if now != 3 || closed != 2 || report.Now.Get(meeting.TallyPresent) != 3*24 {
			t.Errorf("held %d, when closed %d, present %d", now, closed, report.Now.Get(meeting.TallyPresent))
		}
		if year, err := total(s.Inspector, overview.PeriodOf(overview.OfYear, "2026-09")); err != nil || !year.Running || year.Now.Get(meeting.TallyHeld) != 3 {
			t.Errorf("the year is %+v: %v", year, err)
		}
		for who, kind := range map[access.PersonID]errs.Kind{s.MemberA: errs.NotFound, s.Admin: errs.Denied, s.SecretaryC: errs.NotFound} {
			if _, err := total(who, quarter); !errs.Is(err, kind) {
				t.Errorf("%v: %v, wanted %v", who, err, kind)
			}
		}
	})
}
