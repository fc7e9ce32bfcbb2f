package demo_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"chibo/internal/demo"
	"chibo/internal/domain/account"
	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/platform/blob"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
)

const seed = 7

func build(t testing.TB, k *testkit.Kit, o demo.Options) demo.Result {
	t.Helper()
	files, err := blob.NewStore(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if o.Now.IsZero() {
		o.Now = k.Now()
	}
	r, err := demo.Build(context.Background(), k.DB, files, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// told is what a database tells of the story: names, states, times and figures,
// but no ids. Rows are sorted here, for the engines sort letters differently.
func told(k *testkit.Kit) []string {
	var list []string
	k.View(func(tx *db.Tx) error {
		for what, query := range map[string]struct {
			columns int
			text    string
		}{
			"unit":       {5, `SELECT code, name, kind, cell_type, block FROM unit`},
			"person":     {6, `SELECT u.code, p.name, p.status, p.birth, p.ceremony, p.card_number FROM person p JOIN unit u ON u.id = p.unit_id`},
			"overlay":    {4, `SELECT p.name, o.kind, o.from_day, o.to_day FROM person_overlay o JOIN person p ON p.id = o.person_id`},
			"post":       {4, `SELECT p.name, o.kind, o.from_day, o.to_day FROM post o JOIN person p ON p.id = o.person_id`},
			"meeting":    {9, `SELECT u.code, m.kind, m.month, m.state, m.starts, m.opened, m.closed, m.published, m.answer FROM meeting m JOIN unit u ON u.id = m.unit_id`},
			"item":       {5, `SELECT u.code, m.month, i.title, i.note, i.used FROM meeting_item i JOIN meeting m ON m.id = i.meeting_id JOIN unit u ON u.id = m.unit_id`},
			"roll":       {5, `SELECT m.starts, r.name, r.mark, r.reason, r.arrived FROM meeting_roll r JOIN meeting m ON m.id = r.meeting_id`},
			"told":       {4, `SELECT m.starts, t.name, t.channel, t.at FROM meeting_told t JOIN meeting m ON m.id = t.meeting_id`},
			"opinion":    {4, `SELECT m.starts, p.name, o.text, o.at FROM meeting_opinion o JOIN meeting m ON m.id = o.meeting_id JOIN person p ON p.id = o.person_id`},
			"remark":     {4, `SELECT m.starts, c.kind, c.text, c.reply FROM meeting_criticism c JOIN meeting m ON m.id = c.meeting_id`},
			"vote":       {5, `SELECT m.starts, v.title, v.yes, v.no, v.base FROM meeting_vote v JOIN meeting m ON m.id = v.meeting_id`},
			"resolution": {5, `SELECT u.code, r.title, r.state, r.symbol, r.issued_day FROM resolution r JOIN unit u ON u.id = r.unit_id`},
			"task":       {9, `SELECT u.code, t.title, t.state, t.outcome, t.due, t.planned, t.carried, t.done, t.reported_day FROM task t JOIN unit u ON u.id = t.unit_id`},
			"score":      {5, `SELECT u.code, s.month, s.claimed, s.evidence, s.class FROM score s JOIN unit u ON u.id = s.unit_id`},
			"account":    {2, `SELECT a.login, p.name FROM account a JOIN person p ON p.id = a.person_id`},
			"journal":    {2, `SELECT verb, at FROM journal`},
		} {
			rows, err := db.All(tx, func(row db.Row) (string, error) { return line(row, query.columns) }, query.text)
			if err != nil {
				return err
			}
			for _, r := range rows {
				list = append(list, what+" "+r)
			}
		}
		return nil
	})
	slices.Sort(list)
	return list
}

func line(row db.Row, columns int) (string, error) {
	values := make([]any, columns)
	into := make([]any, columns)
	for i := range values {
		into[i] = &values[i]
	}
	if err := row.Scan(into...); err != nil {
		return "", err
	}
	texts := make([]string, columns)
	for i, v := range values {
		if b, ok := v.([]byte); ok {
			v = string(b)
		}
		texts[i] = fmt.Sprint(v)
	}
	return strings.Join(texts, " | "), nil
}

func TestTheSameSeedTellsTheSameStory(t *testing.T) {
	first := testkit.SQLite(t)
	build(t, first, demo.Options{Scale: demo.Cell, Seed: seed})
	want := told(first)
	if len(want) < 3000 {
		t.Fatalf("the story has %d lines only", len(want))
	}
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		build(t, k, demo.Options{Scale: demo.Cell, Seed: seed})
		compare(t, told(k), want)
	})
	t.Run("another seed", func(t *testing.T) {
		k := testkit.SQLite(t)
		build(t, k, demo.Options{Scale: demo.Cell, Seed: seed + 1})
		if slices.Equal(told(k), want) {
			t.Error("another seed tells the same story")
		}
	})
}

func compare(t *testing.T, got, want []string) {
	t.Helper()
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Fatalf("line %d is\n%s\nwant\n%s", i, got[i], want[i])
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%d lines, want %d", len(got), len(want))
	}
}

func TestOneCell(t *testing.T) {
	k := testkit.SQLite(t)
	r := build(t, k, demo.Options{Scale: demo.Cell, Seed: seed})
	if r.Cells != 1 || r.Members != 24 || r.Meetings < 28 {
		t.Errorf("%d cells, %d members, %d meetings", r.Cells, r.Members, r.Meetings)
	}
	t.Run("the coming meeting waits for a newcomer", func(t *testing.T) {
		k.View(func(tx *db.Tx) error {
			by, m := secretary(t, tx, r)
			if m.State != meeting.Planned || m.Month != meeting.MonthOf(k.Today()) {
				t.Errorf("the next meeting is %s for %s", m.State, m.Month)
			}
			ready, err := meeting.Ready(tx, by, m.ID)
			if err != nil {
				return err
			}
			if ready.Done == 0 || ready.Done == ready.Needed {
				t.Errorf("%d of %d steps of the preparation are done, want some", ready.Done, ready.Needed)
			}
			return nil
		})
	})
	t.Run("the journal is whole", func(t *testing.T) {
		k.Update(func(tx *db.Tx) error {
			entries, err := journal.Arrange(tx, 1<<20)
			if err != nil {
				return err
			}
			if err := journal.Place(tx, entries); err != nil {
				return err
			}
			_, _, err = journal.Sign(tx)
			return err
		})
		k.View(func(tx *db.Tx) error { return journal.Verify(tx, nil, nil) })
	})
	t.Run("no second demo", func(t *testing.T) {
		_, err := demo.Build(context.Background(), k.DB, nil, demo.Options{Scale: demo.Cell, Seed: seed, Now: k.Now()})
		testkit.Want(t, err, errs.Conflict)
	})
	t.Run("every account signs in", func(t *testing.T) {
		for _, a := range r.Accounts {
			signIn(t, k, a)
		}
	})
}

// secretary is the first account's person, with the one regular meeting to
// come of the cell.
func secretary(t *testing.T, tx *db.Tx, r demo.Result) (access.Actor, meeting.Meeting) {
	t.Helper()
	person, err := db.One(tx, db.Column[access.PersonID], `SELECT person_id FROM account WHERE login = $1`, r.Accounts[0].Login)
	if err != nil {
		t.Fatal(err)
	}
	by, err := access.Act(tx, person)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range by.Grants() {
		if g.Role == access.Secretary {
			list, err := meeting.List(tx, by, meeting.Filter{
				Unit: g.Unit, Kinds: []meeting.Kind{meeting.Regular}, States: []meeting.State{meeting.Planned, meeting.Prepared, meeting.Announced, meeting.DocsPosted, meeting.InSession},
			})
			if err != nil || len(list) != 1 {
				t.Fatalf("%d meetings to come: %v", len(list), err)
			}
			return by, list[0]
		}
	}
	t.Fatal("the first account is not a secretary's")
	return by, meeting.Meeting{}
}

func signIn(t *testing.T, k *testkit.Kit, a demo.Account) {
	t.Helper()
	var attempt account.Attempt
	k.Update(func(tx *db.Tx) (err error) {
		attempt, err = account.Begin(tx, a.Login, account.Device{Address: "127.0.0.1"})
		return err
	})
	proof, err := attempt.Verify(context.Background(), a.Password)
	if err != nil {
		t.Errorf("%s %s: %v", a.Post, a.Login, err)
		return
	}
	k.Update(func(tx *db.Tx) error {
		_, _, err := account.SignIn(tx, proof, account.Device{Name: "test"})
		return err
	})
}

// TestTheStoryEndsToday builds on days around a meeting: whatever the hour, no
// meeting is left half held, and nothing lies in the future but plans.
func TestTheStoryEndsToday(t *testing.T) {
	for _, now := range []time.Time{
		time.Date(2026, 11, 2, 20, 0, 0, 0, time.UTC), time.Date(2026, 11, 3, 13, 0, 0, 0, time.UTC), time.Date(2026, 11, 5, 3, 0, 0, 0, time.UTC), time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC), time.Date(2027, 1, 1, 3, 0, 0, 0, time.UTC),
	} {
		t.Run(now.Format("2006-01-02T15"), func(t *testing.T) {
			t.Parallel()
			k := testkit.SQLite(t)
			k.SetNow(now)
			r := build(t, k, demo.Options{Scale: demo.Cell, Seed: seed})
			k.View(func(tx *db.Tx) error {
				if _, m := secretary(t, tx, r); m.State != meeting.Planned || now.Sub(m.Starts) > 3*time.Hour {
					t.Errorf("the next meeting is %s, on %s", m.State, m.Starts)
				}
				late, err := db.One(tx, db.Column[int], `SELECT count(*) FROM journal WHERE at > $1`, now)
				if late > 0 {
					t.Errorf("%d entries of the journal lie in the future", late)
				}
				return err
			})
		})
	}
}

func TestCommune(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	k := testkit.SQLite(t)
	k.SetNow(time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC))
	r := build(t, k, demo.Options{Scale: demo.Commune, Seed: seed})
	if r.Cells != 27 || r.Members != 555 {
		t.Errorf("%d cells with %d members, want 27 with 555", r.Cells, r.Members)
	}
	if n := len(r.Accounts); n < 12 || n > 15 {
		t.Errorf("%d accounts", n)
	}
	k.View(func(tx *db.Tx) error {
		for _, row := range []struct {
			what        string
			query       string
			least, most int
		}{
			{"members in the register", `SELECT count(*) FROM person WHERE status IN ('official', 'probationary')`, 555, 555},
			{"cells that did not meet in the last two months", cellsWithout(`month IN ('2026-10', '2026-11') AND closed IS NOT NULL`), 1, 1},
			{"regular meetings of the month before that", `SELECT count(*) FROM meeting WHERE kind = 'regular' AND month = '2026-09' AND closed IS NOT NULL`, 27, 27},
			{"meetings later than the first week", `SELECT count(*) FROM meeting WHERE kind = 'regular' AND day_reason <> ''`, 10, 40},
			{"cells that claim far above the evidence", `SELECT count(*) FROM (SELECT unit_id FROM score GROUP BY unit_id HAVING avg(claimed - evidence) > 10) AS far`, 1, 1},
			{"cells with a vacant office of secretary", `SELECT count(*) FROM post WHERE kind = 'cell_secretary' AND to_day IS NOT NULL`, 1, 1},
			{"cells in groups", `SELECT count(DISTINCT unit_id) FROM party_group`, 7, 7},
			{"types of cells", `SELECT count(DISTINCT cell_type) FROM unit WHERE cell_type <> ''`, 6, 6},
			{"suspended", `SELECT count(*) FROM person_overlay WHERE kind = 'suspended'`, 1, 1},
			{"exempt", `SELECT count(*) FROM person_overlay WHERE kind = 'exempt'`, 3, 30},
			{"guests of another cell", `SELECT count(*) FROM person_overlay WHERE kind = 'temp_here'`, 3, 3},
			{"on probation", `SELECT count(*) FROM person WHERE status = 'probationary'`, 6, 30},
			{"work areas of tasks", `SELECT count(DISTINCT area) FROM task`, 4, 4},
			{"tasks that carry on others", `SELECT count(*) FROM task WHERE carried > 0`, 20, 300},
			{"extended tasks", `SELECT count(*) FROM task WHERE due <> original_due`, 10, 300},
			{"tasks of mass organisations", `SELECT count(DISTINCT body) FROM task WHERE body <> ''`, 4, 4},
			{"reports sent back", `SELECT count(*) FROM meeting_answer WHERE step = 'sent_back'`, 5, 60},
			{"reports that wait", `SELECT count(*) FROM meeting WHERE state = 'reported' AND answer = ''`, 1, 30},
			{"next meetings planned", `SELECT count(*) FROM meeting WHERE month = '2026-12' AND kind = 'regular'`, 10, 26},
		} {
			n, err := db.One(tx, db.Column[int], row.query)
			if err != nil {
				return fmt.Errorf("%s: %w", row.what, err)
			}
			if n < row.least || n > row.most {
				t.Errorf("%s: %d, want %d to %d", row.what, n, row.least, row.most)
			}
		}
		return nil
	})
}

func cellsWithout(meetings string) string {
	return `SELECT count(*) FROM unit WHERE cell_type <> '' AND id NOT IN (SELECT unit_id FROM meeting WHERE kind = 'regular' AND ` + meetings + `)`
}
