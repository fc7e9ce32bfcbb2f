package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/overview"
	"chibo/internal/domain/resolution"
	"chibo/internal/domain/task"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// seeing asks a province or a country that is loaded what its pages ask, on
// behalf of people of every level: the overview, the desk, the first page of each
// list, and names; and then for those pages themselves. It writes nothing, and so
// starts no server and no jobs.
func seeing(ctx context.Context, s Setting, r *Result) (err error) {
	address := s.Database
	if !s.Loaded {
		return errors.New("give --loaded, and --db or --data of a province or country that is there already")
	}
	if address == "" {
		address = filepath.Join(s.Data, "chibo.db")
	}
	d, err := db.Open(ctx, address, db.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	p, err := surveyed(ctx, d)
	if err != nil {
		return err
	}
	for _, l := range p.levels {
		r.Figures[l.name+"_people"] = float64(len(l.askers))
	}
	screens, err := s.rendered(d)
	if err != nil {
		return err
	}
	for _, list := range [][]question{p.reads(d), p.pages(screens)} {
		for hands := 1; hands <= 2; hands++ {
			given, err := p.ask(ctx, list, hands, s.Seconds)
			if err != nil {
				return err
			}
			if err := p.report(s, r, list, hands, given); err != nil {
				return err
			}
		}
	}
	return nil
}

// public is who asks, and for which names.
type public struct {
	levels []*standing
	names  names
}

// standing is a level of the tree with people of it, drawn by chance.
type standing struct {
	name   string
	kinds  []string // of units
	askers []asker
}

// asker is somebody who holds a role at a unit.
type asker struct {
	person access.PersonID
	at     orgtree.Unit
}

// names are those of people drawn by chance: whole ones, family names, and given
// names that many bear, or hardly anybody.
type names struct{ whole, family, common, rare []string }

// walks is how often the survey goes down the tree from the top.
const walks = 150

// surveyed goes down the tree by chance, again and again, and notes who leads the
// units on its way, and how people in the cells are called.
func surveyed(ctx context.Context, d *db.DB) (*public, error) {
	p := &public{levels: []*standing{
		{name: "centre", kinds: []string{"central_party"}},
		{name: "province", kinds: []string{"provincial_party"}},
		{name: "block", kinds: []string{"upper_party"}},
		{name: "commune", kinds: []string{"commune_party"}},
		{name: "cell"},
	}}
	die := rand.New(rand.NewPCG(3, walks))
	met, given := map[orgtree.ID]bool{}, map[string]int{}
	for range walks {
		if err := d.View(ctx, func(tx *db.Tx) error {
			below, err := orgtree.Roots(tx)
			for err == nil && len(below) > 0 {
				at := below[die.IntN(len(below))]
				if !met[at.ID] {
					met[at.ID] = true
					if err := p.meet(tx, at, given); err != nil {
						return err
					}
				}
				below, err = orgtree.Children(tx, at.ID)
			}
			return err
		}); err != nil {
			return nil, err
		}
	}
	p.levels = slices.DeleteFunc(p.levels, func(l *standing) bool { return len(l.askers) == 0 })
	if len(p.levels) == 0 || len(given) == 0 {
		return nil, errors.New("nobody is there to ask: fill the database with chibo demo --scale province, or nation")
	}
	p.names.sort(given)
	return p, nil
}

// meet notes who leads a unit, and the names of people in a cell.
func (p *public) meet(tx *db.Tx, at orgtree.Unit, given map[string]int) error {
	for _, l := range p.levels {
		if at.IsCell() != (l.kinds == nil) || !at.IsCell() && !slices.Contains(l.kinds, at.Kind) {
			continue
		}
		for _, role := range []access.Role{access.Secretary, access.Office, access.Inspector} {
			held, err := access.Holders(tx, at.ID, role, clock.DateOf(tx.Now))
			if err != nil {
				return err
			}
			for _, g := range held {
				l.askers = append(l.askers, asker{g.Person, at})
			}
		}
	}
	if !at.IsCell() {
		return nil
	}
	page, err := member.List(tx, access.Console(), member.Filter{Unit: at.ID, Limit: 200})
	for i, m := range page.People {
		words := strings.Fields(m.Name)
		if len(words) < 2 {
			continue
		}
		given[words[len(words)-1]]++
		if i == 0 {
			p.names.whole, p.names.family = append(p.names.whole, m.Name), append(p.names.family, words[0])
		}
	}
	return err
}

// sort parts given names into the ten that most bear, and those that were met
// once.
func (n *names) sort(given map[string]int) {
	all := make([]string, 0, len(given))
	for name := range given {
		all = append(all, name)
	}
	slices.SortFunc(all, func(a, b string) int {
		if given[a] != given[b] {
			return given[b] - given[a]
		}
		return strings.Compare(a, b)
	})
	n.common = all[:min(10, len(all))]
	for _, name := range slices.Backward(all) {
		if given[name] > given[all[len(all)-1]] {
			break
		}
		n.rare = append(n.rare, name)
	}
}

// question is something that people ask, rights included.
type question struct {
	name  string
	limit float64 // of the 99th percentile, in milliseconds
	put   func(ctx context.Context, who asker, die *rand.Rand) (answer, error)
}

// answer is how long it took and, of a page, how many bytes it has on the wire and
// unpacked.
type answer struct {
	took       time.Duration
	wire, page int
}

// asked is a question put to the domain, as a page does.
type asked struct {
	tx  *db.Tx
	by  access.Actor
	at  orgtree.Unit
	die *rand.Rand
}

func (q asked) month() meeting.Month { return meeting.MonthOf(clock.DateOf(q.tx.Now)) }

// reads are the questions that pages ask of the domain.
func (p *public) reads(d *db.DB) []question {
	read := func(name string, limit float64, ask func(q asked) error) question {
		return question{name, limit, func(ctx context.Context, who asker, die *rand.Rand) (answer, error) {
			began := time.Now()
			err := d.View(ctx, func(tx *db.Tx) error {
				by, err := access.Act(tx, who.person)
				if err != nil {
					return err
				}
				return ask(asked{tx, by, who.at, die})
			})
			return answer{took: time.Since(began)}, err
		}}
	}
	find := func(name string, list []string) question {
		return read(name, 50, func(q asked) error {
			_, err := member.List(q.tx, q.by, member.Filter{Unit: q.at.ID, Words: list[q.die.IntN(len(list))], Count: true})
			return err
		})
	}
	return []question{
		read("overview", 50, askOverview),
		read("desk", 50, func(q asked) error {
			_, err := overview.OnDesk(q.tx, q.by, q.at)
			return err
		}),
		read("members", 10, func(q asked) error {
			_, err := member.List(q.tx, q.by, member.Filter{Unit: q.at.ID, Count: true})
			return err
		}),
		read("units", 10, func(q asked) error {
			_, err := unit.Children(q.tx, q.by, q.at.ID)
			return err
		}),
		read("meetings", 10, func(q asked) error {
			_, err := meeting.List(q.tx, q.by, meeting.Filter{Unit: q.at.ID, Below: !q.at.IsCell(), Limit: 50})
			return err
		}),
		read("tasks", 10, func(q asked) error {
			_, err := task.OfUnit(q.tx, q.by, q.at.ID, task.Filter{Open: true, Below: !q.at.IsCell(), Limit: 51})
			return err
		}),
		read("resolutions", 10, func(q asked) error {
			_, err := resolution.List(q.tx, q.by, q.at.ID, resolution.Filter{Below: !q.at.IsCell(), Limit: 31})
			return err
		}),
		find("whole_name", p.names.whole),
		find("family_name", p.names.family),
		find("common_given_name", p.names.common),
		find("rare_given_name", p.names.rare),
		find("no_such_name", []string{"Vương Phép Đo"}),
	}
}

func askOverview(q asked) (err error) {
	span := overview.Span{Until: q.month(), Months: 6}
	if q.at.IsCell() {
		span.Detail = true
		_, err = overview.Look(q.tx, q.by, q.at.ID, span)
		return err
	}
	_, err = overview.See(q.tx, q.by, q.at.ID, span)
	return err
}

// matter is a question of a level.
type matter struct{ level, question int }

// ask puts all questions in turn, in an order drawn anew each time, from so many
// hands at once, until the time is over, and gives the answers. The first ones,
// while caches fill, are not counted.
func (p *public) ask(ctx context.Context, list []question, hands, seconds int) (map[matter][]answer, error) {
	began := time.Now()
	warm, until := began.Add(time.Duration(seconds)*time.Second/8), began.Add(time.Duration(seconds)*time.Second)
	given, failures := make([]map[matter][]answer, hands), make([]error, hands)
	var all sync.WaitGroup
	for hand := range hands {
		given[hand] = map[matter][]answer{}
		all.Go(func() {
			die := rand.New(rand.NewPCG(uint64(hands), uint64(hand)))
			for failures[hand] == nil && time.Now().Before(until) {
				failures[hand] = p.round(ctx, list, die, func(m matter, a answer) bool {
					now := time.Now()
					if now.After(warm) {
						given[hand][m] = append(given[hand][m], a)
					}
					return now.Before(until)
				})
			}
		})
	}
	all.Wait()
	for _, others := range given[1:] {
		for m, answers := range others {
			given[0][m] = append(given[0][m], answers...)
		}
	}
	return given[0], errors.Join(failures...)
}

// round puts every question of every level once, until it is told to stop.
func (p *public) round(ctx context.Context, list []question, die *rand.Rand, note func(matter, answer) bool) error {
	for _, n := range die.Perm(len(list) * len(p.levels)) {
		m := matter{n / len(list), n % len(list)}
		l, q := p.levels[m.level], list[m.question]
		who := l.askers[die.IntN(len(l.askers))]
		a, err := q.put(ctx, who, die)
		if err != nil {
			return fmt.Errorf("%s of %s %v: %w", q.name, l.name, who.at.ID, err)
		}
		if !note(m, a) {
			return nil
		}
	}
	return nil
}

// report judges the 99th percentile of each question, and says beside it the
// median, the slowest answer and the largest page.
func (p *public) report(s Setting, r *Result, list []question, hands int, given map[matter][]answer) error {
	fmt.Fprintf(s.Say, "%d at once%21s %9s %9s %9s %8s %8s %8s\n", hands, "p50 ms", "p99 ms", "max ms", "budget", "asked", "kB sent", "kB")
	for i, l := range p.levels {
		for j, q := range list {
			answers := given[matter{i, j}]
			if len(answers) == 0 {
				return fmt.Errorf("%s of %s was never answered in time; give it more seconds", q.name, l.name)
			}
			slices.SortFunc(answers, func(a, b answer) int { return cmp.Compare(a.took, b.took) })
			name := fmt.Sprintf("%s_%s_%d", l.name, q.name, hands)
			median, high, longest := milliseconds(answers[len(answers)/2].took), milliseconds(answers[len(answers)*99/100].took), milliseconds(answers[len(answers)-1].took)
			r.Figures[name+"_ms_p50"], r.Figures[name+"_ms_max"], r.Figures[name+"_asked"] = median, longest, float64(len(answers))
			r.most(name+"_ms_p99", high, q.limit)
			fmt.Fprintf(s.Say, "%-24s %5.1f %9.1f %9.1f %9.0f %8d", l.name+" "+q.name, median, high, longest, q.limit, len(answers))
			if wire, page := largest(answers); page > 0 {
				r.Figures[name+"_kb_sent"], r.Figures[name+"_kb"] = wire, page
				fmt.Fprintf(s.Say, " %8.1f %8.1f", wire, page)
			}
			fmt.Fprintln(s.Say)
		}
	}
	return nil
}

// largest are the most kilobytes that an answer has on the wire, and unpacked.
func largest(answers []answer) (wire, page float64) {
	for _, a := range answers {
		wire, page = max(wire, float64(a.wire)/1024), max(page, float64(a.page)/1024)
	}
	return wire, page
}
