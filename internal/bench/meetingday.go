package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"chibo/internal/app"
	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

const (
	cellsOfTheDay   = 512
	membersOfACell  = 19 // 5.6 million members in 300,000 cells
	cellsOfTheParty = 300_000
)

// meetingDay is the 3rd of the month: cells call their rolls one by one, vote
// and close, all at once. Single marks are measured first, beside the bare
// driver and, where one was given, beside the rival; then whole meetings.
func meetingDay(ctx context.Context, s Setting, r *Result) error {
	cells, err := s.cellsOfTheDay(ctx)
	if err != nil {
		return err
	}
	a, err := app.Open(ctx, app.Config{Data: s.Data, Database: s.Database})
	if err != nil {
		return err
	}
	defer a.Close()
	if err := errors.Join(a.PlaceEntries(ctx), a.FollowJournal(ctx)); err != nil { // what was left behind by whoever was killed
		return err
	}
	held, err := heldAtRoot(ctx, a.DB)
	if err != nil {
		return err
	}
	sv, _, err := s.start(ctx)
	if err != nil {
		return err
	}
	if err := s.marks(ctx, sv, cells, r); err != nil {
		return err
	}
	if err := sv.day(ctx, cells, r); err != nil {
		return err
	}
	if err := figuresCatchUp(ctx, a.DB, held+int64(len(cells)), r); err != nil {
		return err
	}
	if err := sv.stop(); err != nil || s.Loaded {
		return err
	}
	return s.checkClean(ctx, r)
}

// cellsOfTheDay are of a commune that is made for it, or of the country that is
// loaded; a country is not checked whole, that takes longer than the day.
func (s Setting) cellsOfTheDay(ctx context.Context) ([]cell, error) {
	if s.Loaded {
		return s.fromLoaded(ctx, cellsOfTheDay)
	}
	return s.fill(ctx, size{cells: cellsOfTheDay, members: membersOfACell})
}

// marks measures single marks, ours and the rival's in turn, so that both have
// the same machine.
func (s Setting) marks(ctx context.Context, sv *server, cells []cell, r *Result) error {
	limit := 8000.0
	if s.Database != "" {
		limit = 3000
	}
	if err := r.measure(ctx, sv, "", measureFor, limit, single(cells, func(mark) {})); err != nil {
		return err
	}
	if err := s.bare(ctx, r); err != nil {
		return err
	}
	if s.Rival == "" {
		return nil
	}
	rival, err := s.startRival(ctx, len(cells), membersOfACell)
	if err != nil {
		return err
	}
	var ours, theirs int64
	for range 2 {
		n, err := load(ctx, rival.server, measureFor/2, rival.mark())
		if err != nil {
			return errors.Join(err, rival.stop())
		}
		theirs += n
		if n, err = load(ctx, sv, measureFor/2, single(cells, func(mark) {})); err != nil {
			return errors.Join(err, rival.stop())
		}
		ours += n
	}
	r.Figures["rival_entries_per_s"] = float64(theirs) / measureFor.Seconds()
	r.Figures["beside_rival_entries_per_s"] = float64(ours) / measureFor.Seconds()
	r.least("times_rival", float64(ours)/float64(theirs), 3)
	return rival.stop()
}

// day takes every cell through its meeting once.
func (s *server) day(ctx context.Context, cells []cell, r *Result) error {
	waiting := make(chan *cell, len(cells))
	for i := range cells {
		waiting <- &cells[i]
	}
	close(waiting)
	ctx, stop := context.WithTimeout(ctx, 10*time.Minute)
	defer stop()
	w := watch{took: map[string][]time.Duration{}}
	began := time.Now()
	failures := make([]error, connections)
	var all sync.WaitGroup
	for worker := range connections {
		all.Go(func() { failures[worker] = s.meetings(ctx, waiting, &w) })
	}
	all.Wait()
	if err := errors.Join(failures...); err != nil {
		return err
	}
	lasted := time.Since(began).Seconds()
	r.Figures["cells_per_s"] = float64(len(cells)) / lasted
	r.Figures["hours_for_the_party"] = cellsOfTheParty / (float64(len(cells)) / lasted) / 3600
	for what, took := range w.took {
		slices.Sort(took)
		r.Figures[what+"_ms_p50"] = milliseconds(took[len(took)/2])
		r.Figures[what+"_ms_p99"] = milliseconds(took[len(took)*99/100])
	}
	return nil
}

// watch notes how long requests took.
type watch struct {
	sync.Mutex
	took map[string][]time.Duration
}

func (w *watch) time(what string, do func() error) error {
	began := time.Now()
	err := do()
	took := time.Since(began)
	w.Lock()
	defer w.Unlock()
	w.took[what] = append(w.took[what], took)
	return err
}

// meetings runs one meeting after another over a connection.
func (s *server) meetings(ctx context.Context, waiting <-chan *cell, w *watch) error {
	l, err := s.dial(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	for c := range waiting {
		if err := l.hold(c, w); err != nil {
			return err
		}
	}
	return nil
}

// hold calls the roll, one member after another, has one vote, and closes.
func (l *line) hold(c *cell, w *watch) error {
	for _, person := range c.members {
		if err := w.time("mark", func() error {
			return l.post("/meetings/"+c.meeting.String()+"/roll", "application/x-www-form-urlencoded", c.token,
				"person="+person.String()+"&mark=present", http.StatusSeeOther)
		}); err != nil {
			return err
		}
	}
	var vote struct{ ID string }
	if err := w.time("vote", func() error {
		if err := l.call(c, "/meetings/"+c.meeting.String()+"/votes", `{"title":"Thông qua nghị quyết","form":"hand"}`, "", http.StatusCreated, &vote); err != nil {
			return err
		}
		return l.call(c, "/votes/"+vote.ID+"/record", fmt.Sprintf(`{"tally":{"yes":%d}}`, c.voters), "", http.StatusOK, nil)
	}); err != nil {
		return err
	}
	return w.time("close", func() error {
		match := fmt.Sprintf("If-Match: %q\r\n", strconv.FormatInt(c.version, 10))
		return l.call(c, "/meetings/"+c.meeting.String()+"/close", `{}`, match, http.StatusOK, nil)
	})
}

// call asks the API as the cell's secretary.
func (l *line) call(c *cell, path, body, headers string, want int, answer any) error {
	said, err := l.send("POST", "/api/v1"+path, "Content-Type: application/json\r\nCookie: chibo="+string(c.token)+"\r\n"+headers, body, want)
	if err != nil || answer == nil {
		return err
	}
	return json.Unmarshal(said, answer)
}

// figuresCatchUp waits until the figures at the root hold so many meetings, and
// notes how long after the last answer that was.
func figuresCatchUp(ctx context.Context, d *db.DB, want int64, r *Result) error {
	began := time.Now()
	for {
		held, err := heldAtRoot(ctx, d)
		if err != nil {
			return err
		}
		if held == want {
			break
		}
		if time.Since(began) > time.Minute {
			return fmt.Errorf("after a minute the figures hold %d meetings of %d", held, want)
		}
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return err
		}
	}
	r.most("figures_behind_s", time.Since(began).Seconds(), 1)
	return nil
}

// heldAtRoot is how many monthly meetings the figures hold for this month.
func heldAtRoot(ctx context.Context, d *db.DB) (held int64, err error) {
	return held, d.View(ctx, func(tx *db.Tx) error {
		roots, err := orgtree.Roots(tx)
		if err != nil {
			return err
		}
		month := clock.MonthOf(clock.DateOf(tx.Now))
		for _, root := range roots {
			months, err := tally.Read(tx, root.ID, month, month)
			if err != nil {
				return err
			}
			held += tally.Over(months).Get(meeting.TallyHeld)
		}
		return nil
	})
}
