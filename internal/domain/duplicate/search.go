package duplicate

import (
	"cmp"
	"context"
	"hash/maphash"
	"iter"
	"maps"
	"slices"
	"strings"

	"chibo/internal/domain/likeness"
	"chibo/internal/domain/member"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// Pair is two records that are likely of one person; One is the smaller number.
type Pair struct {
	One, Other member.ID
	likeness.Verdict
}

// Candidate is somebody of the register as the search compares them.
type Candidate struct {
	ID member.ID
	likeness.Record
	// folded is what the register sorts names by.
	folded string
}

// Searched is what a search came to.
type Searched struct {
	People, Pairs int
	// Judged are pairs whose files were read.
	Judged int
	// Cut: so many pairs look alike that not all of them were judged.
	Cut bool
}

// Search reads the register twice, once by name and once by birth, and hands on
// the pairs that are likely of one person, each once. It changes nothing, and
// holds no more than one name or one birthday in memory, and the pairs that look
// alike. planted are people whom the search takes for part of the register: a
// trial of the search itself.
func Search(ctx context.Context, d *db.DB, planted []Candidate, fn func(Pair) error) (Searched, error) {
	s := search{
		ctx: ctx, db: d, fn: fn, planted: map[member.ID]Candidate{}, names: likeness.Folder{},
		seed: maphash.MakeSeed(), namesakes: map[uint64]int32{}, buckets: map[bucket][]int32{},
	}
	for _, c := range planted {
		c.folded = c.Name
		s.planted[c.ID] = c
	}
	// By name first: how many bear a name must be known before names with a slip
	// in them are judged.
	for _, pass := range []struct {
		key   func(Candidate) string
		order string
		block func([]Candidate)
	}{
		{func(c Candidate) string { return c.folded }, "p.folded", s.oneName},
		{func(c Candidate) string { return c.Birth.String() }, "p.birth", s.oneBirth},
	} {
		if err := s.pass(pass.order, pass.key, pass.block); err != nil {
			return s.Searched, err
		}
	}
	return s.Searched, s.judge()
}

type search struct {
	Searched
	ctx     context.Context
	db      *db.DB
	fn      func(Pair) error
	planted map[member.ID]Candidate
	names   likeness.Folder
	// namesakes count people by a hash of the name: there are hundreds of
	// thousands of names.
	seed      maphash.Seed
	namesakes map[uint64]int32
	leads     []lead
	buckets   map[bucket][]int32 // of one block, emptied for the next
}

// lead is a pair whose files are worth a look.
type lead struct {
	one, other member.ID
	namesakes  int32
}

// leadsMost bounds what is remembered.
const leadsMost = 4_000_000

// pass hands on the people in the order of the key, all of one key together.
func (s *search) pass(order string, key func(Candidate) string, fn func([]Candidate)) error {
	var block []Candidate
	take := func(c Candidate) {
		if len(block) > 0 && key(block[0]) != key(c) {
			fn(block)
			block = block[:0]
		}
		block = append(block, c)
	}
	waiting := slices.SortedFunc(maps.Values(s.planted), func(a, b Candidate) int { return strings.Compare(key(a), key(b)) })
	s.People = len(waiting)
	if err := s.db.View(s.ctx, func(tx *db.Tx) error {
		return eachCandidate(tx, order, s.names, func(c Candidate) error {
			for len(waiting) > 0 && key(waiting[0]) <= key(c) {
				take(waiting[0])
				waiting = waiting[1:]
			}
			s.People++
			take(c)
			return nil
		})
	}); err != nil {
		return err
	}
	for _, c := range waiting {
		take(c)
	}
	fn(block)
	return nil
}

// bucket is what people have in common who are compared: the birth but for a
// digit, the name but for a word.
type bucket struct {
	what     uint64
	ceremony clock.Date
}

// oneName counts those of a name and finds slips in their births.
func (s *search) oneName(block []Candidate) {
	for _, c := range block {
		s.namesakes[s.hash(c.Name)]++
	}
	if len(block) < 2 {
		return
	}
	clear(s.buckets)
	digit, swap := likeness.NeedsCeremony(likeness.SlipInBirth, len(block)), likeness.NeedsCeremony(likeness.SwappedDay, len(block))
	for i, c := range block {
		for what := range oneDigitLess(c.Birth) {
			s.put(what, digit, c, i)
		}
		if swappable(c.Birth) {
			s.put(sorted(c.Birth), swap, c, i)
		}
	}
	s.compare(func(i, j int32) {
		if a, b := block[i], block[j]; a.Birth != b.Birth { // the same birth is found by the other pass
			s.consider(a, b, len(block))
		}
	})
}

func (s *search) put(what uint64, needsCeremony bool, c Candidate, at int) {
	key := bucket{what: what}
	if needsCeremony {
		if c.Ceremony.IsZero() {
			return
		}
		key.ceremony = c.Ceremony
	}
	s.buckets[key] = append(s.buckets[key], int32(at))
}

// compare hands on all pairs that share a bucket.
func (s *search) compare(fn func(i, j int32)) {
	for _, same := range s.buckets {
		for n, i := range same {
			for _, j := range same[n+1:] {
				fn(i, j)
			}
		}
	}
}

// oneDigitLess are the days without one of their digits: days that differ in one
// digit share one of them.
func oneDigitLess(day clock.Date) iter.Seq[uint64] {
	written := uint64(day.Year()*10_000 + int(day.Month())*100 + day.Day())
	return func(yield func(uint64) bool) {
		for place, unit := uint64(0), uint64(1); place < 8; place, unit = place+1, unit*10 {
			less := written/(unit*10)*unit + written%unit
			if !yield(less*10 + place) {
				return
			}
		}
	}
}

// swappable reports whether the day is another one with day and month exchanged.
func swappable(day clock.Date) bool { return day.Day() <= 12 && day.Day() != int(day.Month()) }

// sorted is the day with the smaller of day and month first. The 9 is no place
// of a digit.
func sorted(day clock.Date) uint64 {
	d, m := day.Day(), int(day.Month())
	return uint64(day.Year()*10_000+min(d, m)*100+max(d, m))*10 + 9
}

// oneBirth finds those of one birth who bear one name, or names a letter apart.
func (s *search) oneBirth(block []Candidate) {
	if len(block) < 2 {
		return
	}
	slices.SortFunc(block, func(a, b Candidate) int { return strings.Compare(a.Name, b.Name) })
	groups := byNames(block)
	clear(s.buckets)
	for g, group := range groups {
		s.sameNames(group)
		for what := range s.oneWordLess(group[0].Name) {
			key := bucket{what: what}
			s.buckets[key] = append(s.buckets[key], int32(g))
		}
	}
	s.compare(func(i, j int32) {
		if !likeness.OneSlip(groups[i][0].Name, groups[j][0].Name) {
			return
		}
		namesakes := min(s.called(groups[i][0].Name), s.called(groups[j][0].Name))
		for _, a := range groups[i] {
			for _, b := range groups[j] {
				s.consider(a, b, namesakes)
			}
		}
	})
}

// byNames divides people sorted by name.
func byNames(block []Candidate) (groups [][]Candidate) {
	from := 0
	for i := 1; i <= len(block); i++ {
		if i == len(block) || block[i].Name != block[from].Name {
			groups = append(groups, block[from:i])
			from = i
		}
	}
	return groups
}

func (s *search) sameNames(group []Candidate) {
	if len(group) < 2 {
		return
	}
	namesakes := s.called(group[0].Name)
	for i, a := range group {
		for _, b := range group[i+1:] {
			s.consider(a, b, namesakes)
		}
	}
}

// oneWordLess are the hashes of the name without one of its words: names that
// differ in one letter differ in one word.
func (s *search) oneWordLess(name string) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		from := 0
		for from <= len(name) {
			to := len(name)
			if gap := strings.IndexByte(name[from:], ' '); gap >= 0 {
				to = from + gap
			}
			if !yield(s.hash(name[:from]) ^ s.hash(name[to:])*31) {
				return
			}
			from = to + 1
		}
	}
}

func (s *search) hash(name string) uint64 { return maphash.String(s.seed, name) }

// called is how many bear the name.
func (s *search) called(name string) int { return int(s.namesakes[s.hash(name)]) }

// consider remembers the pair if its files are worth a look.
func (s *search) consider(a, b Candidate, namesakes int) {
	if !likeness.Promising(a.Record, b.Record, namesakes) {
		return
	}
	if len(s.leads) == leadsMost {
		s.Cut = true
		return
	}
	s.leads = append(s.leads, lead{min(a.ID, b.ID), max(a.ID, b.ID), int32(namesakes)})
}

// judgedAtOnce are as many pairs as one question for their files covers.
const judgedAtOnce = 250

// judge reads the files of the pairs that look alike.
func (s *search) judge() error {
	slices.SortFunc(s.leads, func(a, b lead) int { return cmp.Or(cmp.Compare(a.one, b.one), cmp.Compare(a.other, b.other)) })
	s.leads = slices.CompactFunc(s.leads, func(a, b lead) bool { return a.one == b.one && a.other == b.other })
	s.Judged = len(s.leads)
	for some := range slices.Chunk(s.leads, judgedAtOnce) {
		files, err := s.files(some)
		if err != nil {
			return err
		}
		for _, l := range some {
			a, known := files[l.one]
			b, both := files[l.other]
			verdict, likely := likeness.Weigh(a.Record, b.Record, int(l.namesakes))
			if !known || !both || !likely {
				continue
			}
			s.Pairs++
			if err := s.fn(Pair{l.one, l.other, verdict}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *search) files(leads []lead) (files map[member.ID]Candidate, err error) {
	files = map[member.ID]Candidate{}
	var ids []member.ID
	for _, l := range leads {
		for _, person := range []member.ID{l.one, l.other} {
			if c, planted := s.planted[person]; planted {
				files[person] = c
			} else {
				ids = append(ids, person)
			}
		}
	}
	slices.Sort(ids)
	err = s.db.View(s.ctx, func(tx *db.Tx) error {
		return eachFile(tx, slices.Compact(ids), s.names, func(c Candidate) error {
			files[c.ID] = c
			return nil
		})
	})
	return files, err
}

// Sample is about one of every so many people of the register, with their files:
// those on whom a trial of the search is made.
func Sample(ctx context.Context, d *db.DB, every int) (list []Candidate, err error) {
	err = d.View(ctx, func(tx *db.Tx) error {
		return sample(tx, every, func(c Candidate) error {
			list = append(list, c)
			return nil
		})
	})
	return list, err
}
