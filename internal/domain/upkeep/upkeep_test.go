package upkeep_test

import (
	"testing"

	"chibo/internal/domain/upkeep"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/job"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

// failed queues a job and buries it.
func failed(k *testkit.Kit) (dead job.Job) {
	k.Update(func(tx *db.Tx) error {
		if err := job.Enqueue(tx, "mail", "thư", job.Options{}); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE job SET dead = TRUE, attempt = 9, failure = 'máy chủ thư không trả lời'`)
		return err
	})
	k.View(func(tx *db.Tx) error {
		list, err := job.Dead(tx)
		dead = list[0]
		return err
	})
	return dead
}

func TestWhoKeepsTheProgram(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		for _, test := range []struct {
			name string
			by   func(tx *db.Tx) access.Actor
			want errs.Kind
		}{
			{"the administrator", func(tx *db.Tx) access.Actor { return o.As(tx, o.Admin) }, testkit.OK},
			{"the console", func(*db.Tx) access.Actor { return access.Console() }, testkit.OK},
			{"the office", func(tx *db.Tx) access.Actor { return o.As(tx, o.Office) }, errs.NotFound},
			{"a secretary", func(tx *db.Tx) access.Actor { return o.As(tx, o.SecretaryA) }, errs.NotFound},
			{"a person without a role", func(tx *db.Tx) access.Actor { return o.As(tx, o.Nobody) }, errs.NotFound},
		} {
			t.Run(test.name, func(t *testing.T) {
				again, dropped := failed(k), failed(k)
				k.View(func(tx *db.Tx) error {
					_, list, err := upkeep.Jobs(tx, test.by(tx))
					testkit.Want(t, err, test.want)
					if err == nil && (len(list) != 2 || list[0].Failure == "") {
						t.Errorf("jobs %+v", list)
					}
					return nil
				})
				testkit.Want(t, k.Try(func(tx *db.Tx) error { return upkeep.TryAgain(tx, test.by(tx), again.ID) }), test.want)
				testkit.Want(t, k.Try(func(tx *db.Tx) error { return upkeep.Drop(tx, test.by(tx), dropped.ID) }), test.want)
				k.Update(func(tx *db.Tx) error {
					_, err := tx.Exec(`DELETE FROM job`)
					return err
				})
			})
		}
	})
}

func TestAFailedJobIsTriedAgainOnce(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o, dead := org.New(k), failed(k)
		again := func() error {
			return k.Try(func(tx *db.Tx) error { return upkeep.TryAgain(tx, o.As(tx, o.Admin), dead.ID) })
		}
		testkit.Want(t, again(), testkit.OK)
		testkit.Want(t, again(), errs.NotFound)
		k.View(func(tx *db.Tx) error {
			queue, _, err := upkeep.Jobs(tx, access.Console())
			if queue.Waiting != 1 || queue.Dead != 0 {
				t.Errorf("queue %+v", queue)
			}
			if err != nil {
				return err
			}
			entries, err := journal.History(tx, "job", int64(dead.ID))
			if len(entries) != 1 || entries[0].Verb != "upkeep.TryAgain" {
				t.Errorf("journal %+v", entries)
			}
			return err
		})
	})
}
