package delivery_test

import (
	"testing"
	"time"

	"chibo/internal/domain/delivery"
	"chibo/internal/domain/notice"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/testkit"
)

// rules are those of the shipped pack, in words: quiet from nine in the evening
// to six, digests at seven, an extraordinary meeting within a day at any hour.
var rules = delivery.Rules{QuietFrom: 21 * 60, QuietTo: 6 * 60, DigestAt: 7 * 60, Sudden: 24 * time.Hour}

func TestTheShippedRules(t *testing.T) {
	testkit.SQLite(t).View(func(tx *db.Tx) error {
		got, err := delivery.RulesOf(tx)
		if got != rules {
			t.Errorf("rules %+v, want %+v", got, rules)
		}
		return err
	})
}

func TestWhenANoticeGoesOut(t *testing.T) {
	tuesday := clock.NewDate(2026, 11, 3)
	night := delivery.Choice{Digest: delivery.AtOnce, QuietFrom: 21 * 60, QuietTo: 6 * 60}
	siesta := delivery.Choice{Digest: delivery.AtOnce, QuietFrom: 11*60 + 30, QuietTo: 14 * 60}
	never := delivery.Choice{Digest: delivery.AtOnce, QuietFrom: 0, QuietTo: 0}
	daily := delivery.Choice{Digest: delivery.Daily, QuietFrom: 21 * 60, QuietTo: 6 * 60}
	weekly := delivery.Choice{Digest: delivery.Weekly, QuietFrom: 21 * 60, QuietTo: 6 * 60}
	late := delivery.Choice{Digest: delivery.Daily, QuietFrom: 21 * 60, QuietTo: 9 * 60}
	for name, row := range map[string]struct {
		choice    delivery.Choice
		sent, due time.Time
	}{
		"by day":                        {night, tuesday.At(7, 30), tuesday.At(7, 30)},
		"in the last minute":            {night, tuesday.At(20, 59), tuesday.At(20, 59)},
		"when the quiet begins":         {night, tuesday.At(21, 0), tuesday.AddDays(1).At(6, 0)},
		"before midnight":               {night, tuesday.At(23, 59), tuesday.AddDays(1).At(6, 0)},
		"after midnight":                {night, tuesday.At(0, 1), tuesday.At(6, 0)},
		"when the quiet ends":           {night, tuesday.At(6, 0), tuesday.At(6, 0)},
		"at noon, which is theirs":      {siesta, tuesday.At(12, 0), tuesday.At(14, 0)},
		"after their noon":              {siesta, tuesday.At(14, 0), tuesday.At(14, 0)},
		"no quiet hours":                {never, tuesday.At(2, 0), tuesday.At(2, 0)},
		"daily, before seven":           {daily, tuesday.At(6, 59), tuesday.At(7, 0)},
		"daily, at seven":               {daily, tuesday.At(7, 0), tuesday.AddDays(1).At(7, 0)},
		"daily, at night":               {daily, tuesday.At(22, 0), tuesday.AddDays(1).At(7, 0)},
		"daily, and they sleep longer":  {late, tuesday.At(6, 59), tuesday.At(9, 0)},
		"weekly":                        {weekly, tuesday.At(7, 30), tuesday.AddDays(6).At(7, 0)},
		"weekly, on Monday before":      {weekly, tuesday.AddDays(-1).At(6, 0), tuesday.AddDays(-1).At(7, 0)},
		"weekly, on Monday afterwards":  {weekly, tuesday.AddDays(-1).At(8, 0), tuesday.AddDays(6).At(7, 0)},
		"weekly, on Sunday before noon": {weekly, tuesday.AddDays(5).At(10, 0), tuesday.AddDays(6).At(7, 0)},
	} {
		if due := rules.Due(row.choice, row.sent); !due.Equal(row.due) {
			t.Errorf("%s: due %v, want %v", name, due.In(clock.Zone), row.due.In(clock.Zone))
		}
	}
}

func TestWhatIsUrgent(t *testing.T) {
	now := clock.NewDate(2026, 11, 3).At(23, 0)
	for name, row := range map[string]struct {
		n    notice.Received
		want bool
	}{
		"extraordinary tomorrow":      {notice.Received{Key: "meeting.notice.announced", Sent: now, Sudden: now.Add(20 * time.Hour)}, true},
		"extraordinary in a day":      {notice.Received{Key: "meeting.notice.announced", Sent: now, Sudden: now.Add(24 * time.Hour)}, true},
		"extraordinary in two days":   {notice.Received{Key: "meeting.notice.announced", Sent: now, Sudden: now.Add(48 * time.Hour)}, false},
		"extraordinary, but over":     {notice.Received{Key: "meeting.notice.published", Sent: now, Sudden: now.Add(-time.Hour)}, false},
		"a regular meeting":           {notice.Received{Key: "meeting.notice.announced", Sent: now}, false},
		"the password was changed":    {notice.Received{Key: "account.notice.password_changed", Sent: now}, true},
		"a task that is due tomorrow": {notice.Received{Key: "task.notice.assigned", Sent: now}, false},
	} {
		if got := rules.Urgent(row.n); got != row.want {
			t.Errorf("%s: urgent %v", name, got)
		}
	}
}

func TestKinds(t *testing.T) {
	for key, want := range map[string]delivery.Kind{
		"meeting.notice.announced": delivery.Meeting, "meeting.notice.postponed": delivery.Meeting, "meeting.notice.documents": delivery.Meeting,
		"meeting.notice.published": delivery.Record, "meeting.notice.sent_back": delivery.Record, "minutes.notice.correction": delivery.Record,
		"task.notice.sent_back": delivery.Task, "account.notice.reset": delivery.Account,
		"discipline.notice.opened": delivery.Other, "": delivery.Other, "task": delivery.Task,
	} {
		if got := delivery.KindOf(key); got != want {
			t.Errorf("%s is of kind %s, want %s", key, got, want)
		}
	}
}

func TestMaskedAddresses(t *testing.T) {
	for address, want := range map[string]string{"an.nguyen@vidu.vn": "a•••@vidu.vn", "+84912345678": "•••678", "": "•••"} {
		if got := (delivery.Address{Address: address}).Masked(); got != want {
			t.Errorf("%q is shown as %q, want %q", address, got, want)
		}
	}
}
