package notice_test

import (
	"reflect"
	"testing"
	"time"

	"chibo/internal/domain/notice"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/job"
	"chibo/internal/testkit"
)

var (
	an   = access.Actor{Person: 101}
	binh = access.Actor{Person: 102}
)

func send(t *testing.T, k *testkit.Kit, n notice.Notice) {
	t.Helper()
	k.Update(func(tx *db.Tx) error {
		unit, found, err := orgtree.FindCode(tx, "C1")
		if err == nil && !found {
			unit, err = orgtree.Add(tx, orgtree.Unit{Code: "C1", Name: "Chi bộ Thôn Đông", Kind: "cell", CellType: "village", Founded: clock.NewDate(2020, 1, 1)}, "")
		}
		if err != nil {
			return err
		}
		n.Unit = unit.ID
		return notice.Send(tx, binh, n)
	})
}

func inbox(t *testing.T, k *testkit.Kit, who access.Actor, before notice.ID, limit int) []notice.Received {
	t.Helper()
	var list []notice.Received
	k.View(func(tx *db.Tx) (err error) { list, err = notice.Inbox(tx, who, before, limit); return err })
	return list
}

func unread(k *testkit.Kit, who access.Actor) (n int) {
	k.View(func(tx *db.Tx) (err error) { n, err = notice.Unread(tx, who); return err })
	return n
}

func TestEachPersonGetsANoticeOnce(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		send(t, k, notice.Notice{
			To: []access.PersonID{an.Person, binh.Person, an.Person}, Key: "meeting.notice.announced",
			Args: map[string]string{"place": "Nhà văn hóa", "day": "03/12/2026"}, Link: "/meetings/1",
		})
		list := inbox(t, k, an, 0, 10)
		if len(list) != 1 {
			t.Fatalf("%d notices, want 1", len(list))
		}
		got := list[0]
		if got.Key != "meeting.notice.announced" || got.Link != "/meetings/1" || got.By != binh.Person || !got.Unread() || !got.Sent.Equal(k.Now()) {
			t.Errorf("got %+v", got)
		}
		if want := []any{"day", "03/12/2026", "place", "Nhà văn hóa"}; !reflect.DeepEqual(got.Fill(), want) {
			t.Errorf("fills with %v, want %v", got.Fill(), want)
		}
		if len(inbox(t, k, access.Actor{Person: 103}, 0, 10)) != 0 || len(inbox(t, k, access.Console(), 0, 10)) != 0 {
			t.Error("a notice lies in an inbox to which it was not sent")
		}
	})
}

func TestReading(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		for range 3 {
			send(t, k, notice.Notice{To: []access.PersonID{an.Person}, Key: "task.notice.overdue"})
		}
		list := inbox(t, k, an, 0, 10)
		newest := list[0].ID
		if older := inbox(t, k, an, newest, 1); len(older) != 1 || older[0].ID != list[1].ID {
			t.Errorf("the page after the newest is %+v", older)
		}
		for _, row := range []struct {
			who  access.Actor
			kind errs.Kind
			left int
		}{
			{binh, errs.NotFound, 3},
			{access.Console(), errs.NotFound, 3},
			{an, testkit.OK, 2},
			{an, testkit.OK, 2},
		} {
			testkit.Want(t, k.Try(func(tx *db.Tx) error { return notice.Seen(tx, row.who, newest) }), row.kind)
			if n := unread(k, an); n != row.left {
				t.Errorf("%d unread, want %d", n, row.left)
			}
		}
		k.View(func(tx *db.Tx) error {
			_, err := notice.Find(tx, binh, newest)
			testkit.Want(t, err, errs.NotFound)
			_, err = notice.Find(tx, an, newest)
			return err
		})
		k.View(func(tx *db.Tx) error {
			waiting, err := notice.Waiting(tx, an, 0, 10)
			if err != nil {
				return err
			}
			opened, err := notice.Opened(tx, an, 0, 10)
			if len(waiting) != 2 || len(opened) != 1 || opened[0].ID != newest || waiting[0].ID != list[1].ID {
				t.Errorf("waiting %+v, opened %+v", waiting, opened)
			}
			return err
		})
		send(t, k, notice.Notice{To: []access.PersonID{an.Person}, Key: "task.notice.overdue"})
		k.Update(func(tx *db.Tx) error { return notice.SeenAll(tx, an, newest) })
		if n := unread(k, an); n != 1 {
			t.Errorf("%d unread, want only what came after the page was shown", n)
		}
	})
}

func TestWhatIsSentIsCarriedFurtherIfItIsCommitted(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		sudden := k.Now().Add(time.Hour)
		send(t, k, notice.Notice{To: []access.PersonID{an.Person, binh.Person}, Key: "meeting.notice.announced", Sudden: sudden})
		send(t, k, notice.Notice{Key: "meeting.notice.announced"})
		got := inbox(t, k, an, 0, 10)[0]
		if got.To != an.Person || !got.Sudden.Equal(sudden) {
			t.Errorf("received %+v", got)
		}
		k.View(func(tx *db.Tx) error {
			q, err := job.State(tx)
			if q.Waiting != 1 {
				t.Errorf("%d jobs for one notice and one to nobody", q.Waiting)
			}
			return err
		})
	})
}

func TestSeenKeepsTheFirstReading(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		send(t, k, notice.Notice{To: []access.PersonID{an.Person}, Key: "task.notice.overdue"})
		one, first := inbox(t, k, an, 0, 1)[0].ID, k.Now()
		for range 2 {
			k.Update(func(tx *db.Tx) error { return notice.Seen(tx, an, one) })
			k.SetNow(k.Now().Add(time.Hour))
		}
		if got := inbox(t, k, an, 0, 1)[0].Seen; !got.Equal(first) {
			t.Errorf("seen %v, want %v", got, first)
		}
	})
}

func TestLinkStaysOnTheSite(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		for _, link := range []string{"https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", "tasks/1"} {
			testkit.Want(t, k.Try(func(tx *db.Tx) error {
				return notice.Send(tx, an, notice.Notice{To: []access.PersonID{an.Person}, Key: "k.k", Link: link})
			}), errs.Internal)
		}
	})
}

func TestSweepRemovesTheOld(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		send(t, k, notice.Notice{To: []access.PersonID{an.Person}, Key: "old.old"})
		k.SetNow(k.Now().AddDate(1, 0, 0))
		send(t, k, notice.Notice{To: []access.PersonID{an.Person}, Key: "new.new"})
		k.Update(notice.Sweep)
		if n := len(inbox(t, k, an, 0, 10)); n != 2 {
			t.Errorf("%d notices after a year, want both", n)
		}
		k.SetNow(k.Now().AddDate(0, 2, 0))
		k.Update(notice.Sweep)
		if list := inbox(t, k, an, 0, 10); len(list) != 1 || list[0].Key != "new.new" {
			t.Errorf("after 14 months: %+v", list)
		}
	})
}
