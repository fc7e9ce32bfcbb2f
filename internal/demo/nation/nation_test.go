package nation_test

import (
	"context"
	"errors"
	"maps"
	"testing"
	"time"

	"chibo/internal/demo/nation"
	"chibo/internal/domain/overview"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
	"chibo/internal/testkit/visit"
	"chibo/internal/web/office"
)

// some are a few bodies of a province with three months.
func some(k *testkit.Kit) nation.Options {
	k.SetNow(clock.MustDate("2026-11-22").At(9, 0))
	return nation.Options{
		Scale: nation.Province, Seed: 4, Months: 3, Now: k.Now(), Part: 3,
	}
}

func number(k *testkit.Kit, query string) (n int64) {
	k.T.Helper()
	if err := k.DB.Pool().QueryRow(query).Scan(&n); err != nil {
		k.T.Fatalf("%s: %v", query, err)
	}
	return n
}

// digests are those of all that was loaded, which holds every row with its ids.
func digests(k *testkit.Kit) map[int64]string {
	k.T.Helper()
	found := map[int64]string{}
	rows, err := k.DB.Pool().Query(`SELECT noun_id, content FROM journal WHERE verb = 'load.Batch'`)
	if err != nil {
		k.T.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var n int64
		var content string
		if err := rows.Scan(&n, &content); err != nil {
			k.T.Fatal(err)
		}
		found[n] = content
	}
	return found
}

// indexes and references must be there again when the rows are.
func indexes(k *testkit.Kit) int64 {
	if k.DB.Dialect() == db.Postgres {
		return number(k, `SELECT (SELECT count(*) FROM pg_indexes WHERE schemaname = 'public') + (SELECT count(*) FROM pg_constraint WHERE contype = 'f')`)
	}
	return number(k, `SELECT count(*) FROM sqlite_master WHERE type = 'index'`)
}

func TestALoadIsLikeWhatVerbsLeave(t *testing.T) {
	var first map[int64]string // the same rows on both databases
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		before := indexes(k)
		result, err := nation.Build(t.Context(), k.DB, some(k))
		if err != nil {
			t.Fatal(err)
		}
		if after := indexes(k); after != before {
			t.Errorf("%d indexes and references, before %d", after, before)
		}
		for query, want := range map[string]int64{
			`SELECT count(*) FROM person WHERE status <> ''`:                                            int64(result.Members),
			`SELECT count(*) FROM unit WHERE cell_type <> ''`:                                           int64(result.Cells),
			`SELECT count(*) FROM unit WHERE cell_type = ''`:                                            int64(result.Parties),
			`SELECT count(*) FROM role_grant WHERE role = 'member'`:                                     int64(result.Members),
			`SELECT count(*) FROM journal WHERE verb = 'load.Batch'`:                                    int64(result.Batches),
			`SELECT count(*) FROM unit u WHERE parent_id IS NULL`:                                       1,
			`SELECT count(*) FROM meeting WHERE state NOT IN ('reported')`:                              0,
			`SELECT count(*) FROM meeting WHERE closed <= opened`:                                       0,
			`SELECT count(*) FROM meeting_vote WHERE yes + no > voters`:                                 0,
			`SELECT count(*) FROM meeting_vote WHERE voters > base`:                                     0,
			`SELECT count(*) FROM task WHERE state = 'assessed' AND outcome = ''`:                       0,
			`SELECT count(*) FROM score s JOIN meeting m ON m.id = s.meeting_id WHERE m.scored IS NULL`: 0,
			`SELECT count(*) FROM meeting m WHERE NOT EXISTS (SELECT 1 FROM meeting_roll r WHERE r.meeting_id = m.id AND r.person_id = m.chair_id AND r.mark = 'present')`:                  0,
			`SELECT count(*) FROM meeting_opinion o WHERE NOT EXISTS (SELECT 1 FROM meeting_roll r WHERE r.meeting_id = o.meeting_id AND r.person_id = o.person_id AND r.mark = 'present')`: 0,
		} {
			if got := number(k, query); got != want {
				t.Errorf("%s: %d, want %d", query, got, want)
			}
		}
		if held := number(k, `SELECT count(*) FROM meeting`); held < int64(result.Cells)*2 || held > int64(result.Cells)*3 {
			t.Errorf("%d meetings of %d cells in three months", held, result.Cells)
		}
		verified(t, k, result)
		if first == nil {
			first = digests(k)
		} else if !maps.Equal(first, digests(k)) {
			t.Error("the same seed made other rows on the other database")
		}
		if _, err := nation.Build(t.Context(), k.DB, some(k)); !errs.Is(err, errs.Conflict) {
			t.Errorf("a second load: %v", err)
		}
		page(t, k)
		tampered(t, k)
	})
}

// verified has journal, figures and digests looked through.
func verified(t *testing.T, k *testkit.Kit, result nation.Result) {
	t.Helper()
	k.View(func(tx *db.Tx) error {
		if err := journal.Verify(tx, nil, nil); err != nil {
			t.Error(err)
		}
		if rows, err := tally.Check(tx, overview.Tallied, nil); err != nil || rows < int64(result.Cells) {
			t.Errorf("figures: %d rows, %v", rows, err)
		}
		c, err := journal.VerifyLoad(tx, nil)
		if err != nil || c.Batches+c.Changed != result.Batches || c.Changed > 1 || c.Rows < result.Rows {
			t.Errorf("found %+v, %v of %d rows in %d batches", c, err, result.Rows, result.Batches)
		}
		return nil
	})
}

// page opens the table of a commune as its deputy secretary.
func page(t *testing.T, k *testkit.Kit) {
	t.Helper()
	var person int64
	var unit, code string
	if err := k.DB.Pool().QueryRow(`SELECT p.person_id, u.path, u.name FROM post p JOIN unit u ON u.id = p.unit_id
		WHERE u.kind = 'commune_party' AND p.kind = 'standing_deputy' ORDER BY u.id LIMIT 1`).Scan(&person, &unit, &code); err != nil {
		t.Fatal(err)
	}
	id := unit[len(unit)-14 : len(unit)-1]
	site := visit.Bare(k, visit.Routes(office.Routes()...))
	site.As(access.PersonID(person)).Get("/overview/"+id).Want(200, code, "Công an")
}

// tampered changes a row behind the program's back.
func tampered(t *testing.T, k *testkit.Kit) {
	t.Helper()
	if _, err := k.DB.Pool().Exec(`UPDATE meeting_roll SET mark = 'absent' WHERE meeting_id = (SELECT max(meeting_id) FROM meeting_roll)
		AND person_id = (SELECT max(person_id) FROM meeting_roll WHERE meeting_id = (SELECT max(meeting_id) FROM meeting_roll))`); err != nil {
		t.Fatal(err)
	}
	err := k.DB.View(t.Context(), func(tx *db.Tx) error {
		_, err := journal.VerifyLoad(tx, nil)
		return err
	})
	var damage journal.LoadDamage
	if !errors.As(err, &damage) || damage.Table != "meeting_roll" {
		t.Errorf("a changed mark: %v", err)
	}
}

// TestALoadThatWasCutOff goes on with the same command and refuses every other.
func TestALoadThatWasCutOff(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		ctx, cut := context.WithCancel(t.Context())
		o := some(k)
		o.Months, o.Part = 1, 4
		batches := 0
		o.Progress = func(told nation.Told) {
			if batches++; batches == 1 {
				cut()
			}
		}
		if _, err := nation.Build(ctx, k.DB, o); !errors.Is(err, context.Canceled) {
			t.Fatalf("cut off: %v", err)
		}
		half := digests(k)
		k.View(func(tx *db.Tx) error {
			if is, err := journal.HalfLoaded(tx); err != nil || !is {
				t.Errorf("half loaded: %v, %v", is, err)
			}
			return nil
		})
		o.Progress = nil
		o.Seed = 5
		if _, err := nation.Build(t.Context(), k.DB, o); !errs.Is(err, errs.Conflict) {
			t.Errorf("another seed: %v", err)
		}
		o.Seed, o.Now = 4, o.Now.Add(48*time.Hour) // it goes on as of its own day
		result, err := nation.Build(t.Context(), k.DB, o)
		if err != nil {
			t.Fatal(err)
		}
		whole := digests(k)
		for n, content := range half {
			if whole[n] != content {
				t.Errorf("batch %d was loaded twice", n)
			}
		}
		if len(whole) != result.Batches || len(half) == len(whole) {
			t.Errorf("%d batches before and %d after the cut, of %d", len(half), len(whole), result.Batches)
		}
		verified(t, k, result)
	})
}
