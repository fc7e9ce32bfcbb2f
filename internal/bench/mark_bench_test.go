package bench

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"chibo/internal/app"
	"chibo/internal/domain/account"
	"chibo/internal/domain/meeting"
	"chibo/internal/platform/db"
)

// BenchmarkMark is what a request of the roll call does, without HTTP: who is
// it, may they, what changed, journal, durable.
func BenchmarkMark(b *testing.B) {
	s := Setting{Folder: b.TempDir(), Say: io.Discard}
	ctx := context.Background()
	cells, err := s.fill(ctx, size{cells: connections, members: 30})
	if err != nil {
		b.Fatal(err)
	}
	a, err := app.Open(ctx, app.Config{Data: s.Folder})
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close()
	var worker atomic.Int64
	b.SetParallelism(connections / 2)
	b.ResetTimer()
	before := processor(b)
	b.RunParallel(func(pb *testing.PB) {
		c := cells[int(worker.Add(1)-1)%len(cells)]
		for i := 0; pb.Next(); i++ {
			err := a.DB.Update(ctx, func(tx *db.Tx) error {
				by, _, err := account.Resume(tx, c.token)
				if err != nil {
					return err
				}
				_, err = meeting.Mark(tx, by, c.meeting, meeting.Call{
					Person: c.members[i%len(c.members)], Mark: meeting.Excused, Reason: fmt.Sprintf("bận việc %d", sequence.Add(1)),
				})
				return err
			})
			if err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "marks/s")
	b.ReportMetric(float64((processor(b)-before).Microseconds())/float64(b.N), "cpu-µs/mark")
}

// processor is the time that the process has had on the cores. On a machine
// with other work it says more than the clock on the wall.
func processor(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
