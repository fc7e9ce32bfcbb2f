package demo

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"chibo/internal/demo/fiction"
	"chibo/internal/domain/unit/places"
	"chibo/internal/platform/clock"
)

// ward is an organisation on paper: a party of a real place on the map with
// cells and people who are made up. It is the same for the same seed and day.
type ward struct {
	seed     uint64
	today    clock.Date
	story    story
	place    places.Place
	province places.Place
	cells    []cell
	// staff work for the party itself where no cell of theirs is shown.
	staff []person
}

// cell is a cell on paper. The first of its people hold its offices: the
// secretary, the deputy, the members of the committee.
type cell struct {
	number     int // from 1
	code, name string
	kind       string
	cellType   string
	block      string
	address    string
	room       string // where it meets
	milieu     *fiction.Milieu
	manner     fiction.Manner
	hour       int
	minute     int
	offices    int
	groups     []string
	people     []person
}

// sketch is what is fixed of a cell beforehand.
type sketch struct {
	name   string
	room   string
	kind   string
	milieu *fiction.Milieu
	size   int
	hour   int
	minute int
	trait  fiction.Trait
}

const (
	villageCell    = "village_cell"
	grassrootsCell = "grassroots_cell"
)

// quarter is the sketch of the cell of a residential group.
func quarter(n, size int, t fiction.Trait) sketch {
	return sketch{
		name: fmt.Sprintf("Chi bộ Tổ dân phố %d", n), room: fmt.Sprintf("Nhà văn hóa Tổ dân phố %d", n),
		kind: villageCell, milieu: &fiction.Residential, size: size, hour: 19, minute: 30, trait: t,
	}
}

// communeCells are the 27 cells with 555 members of a ward of the size that one
// of the sources names (S-138).
func communeCells() []sketch {
	sizes := []struct {
		size  int
		trait fiction.Trait
	}{
		{46, fiction.Plain},
		{42, fiction.Sparse},
		{24, fiction.Good},
		{38, fiction.Plain},
		{35, fiction.Copying},
		{33, fiction.Plain},
		{31, fiction.Orphan},
		{30, fiction.Plain},
		{28, fiction.Tardy},
		{26, fiction.Plain},
		{22, fiction.Silent},
		{19, fiction.Plain},
		{17, fiction.Boastful},
		{14, fiction.Plain},
		{11, fiction.Plain},
	}
	var list []sketch
	for i, s := range sizes {
		list = append(list, quarter(i+1, s.size, s.trait))
	}
	hall := "Phòng họp Đảng ủy phường"
	return append(list,
		sketch{"Chi bộ Cơ quan Đảng, đoàn thể phường", hall, grassrootsCell, &fiction.Agency, 16, 14, 0, fiction.Plain},
		sketch{"Chi bộ Cơ quan chính quyền phường", "Phòng họp Ủy ban nhân dân phường", grassrootsCell, &fiction.Agency, 17, 15, 30, fiction.Plain},
		sketch{"Chi bộ Trung tâm Phục vụ hành chính công phường", "Phòng họp Trung tâm", grassrootsCell, &fiction.Agency, 8, 16, 30, fiction.Plain},
		sketch{"Chi bộ Trường Trung học cơ sở phường", "Phòng hội đồng nhà trường", grassrootsCell, &fiction.School, 22, 16, 30, fiction.Good},
		sketch{"Chi bộ Trường Tiểu học phường", "Phòng hội đồng nhà trường", grassrootsCell, &fiction.School, 18, 16, 30, fiction.Plain},
		sketch{"Chi bộ Trường Mầm non phường", "Phòng họp nhà trường", grassrootsCell, &fiction.School, 12, 17, 0, fiction.Plain},
		sketch{"Chi bộ Trạm Y tế phường", "Phòng giao ban Trạm Y tế", grassrootsCell, &fiction.Health, 7, 16, 30, fiction.Plain},
		sketch{"Chi bộ Công an phường", "Phòng họp Công an phường", grassrootsCell, &fiction.Police, 13, 14, 0, fiction.Good},
		sketch{"Chi bộ Quân sự phường", "Ban Chỉ huy Quân sự phường", grassrootsCell, &fiction.Police, 6, 14, 0, fiction.Plain},
		sketch{"Chi bộ Công ty Dịch vụ môi trường đô thị", "Hội trường công ty", grassrootsCell, &fiction.StateFirm, 8, 16, 30, fiction.Plain},
		sketch{"Chi bộ Công ty Cổ phần May xuất khẩu", "Phòng họp công ty", grassrootsCell, &fiction.PrivateFirm, 5, 17, 0, fiction.Tardy},
		sketch{"Chi bộ Sinh viên Trường Cao đẳng Công nghệ", "Phòng họp Khoa Cơ bản", grassrootsCell, &fiction.Students, 7, 17, 30, fiction.Plain},
	)
}

// leaders is the name of the cell in which the party's own staff are members.
const leaders = "Chi bộ Cơ quan Đảng, đoàn thể phường"

// massOrganisations of the ward take tasks by their names (S-18).
var massOrganisations = []string{
	"Hội Cựu chiến binh phường", "Hội Liên hiệp Phụ nữ phường", "Hội Nông dân phường", "Đoàn Thanh niên Cộng sản Hồ Chí Minh phường",
}

// sketches are the cells of a scale.
func sketches(scale Scale) []sketch {
	if scale == Commune {
		return communeCells()
	}
	return []sketch{quarter(3, 24, fiction.Good)}
}

// draw puts the ward on paper.
func draw(scale Scale, seed uint64, today clock.Date) ward {
	d := fiction.Throw(seed, "ward")
	w := ward{seed: seed, today: today, story: storyUntil(today)}
	w.place = aWard(d)
	w.province, _ = places.Find(w.place.Province)
	b := &births{Dice: fiction.Throw(seed, "people"), today: today, names: map[string]bool{}, ward: w.place.Full + ", " + w.province.Full}
	b.home = homes(d, w)
	for i, s := range sketches(scale) {
		w.cells = append(w.cells, w.fill(b, i+1, s))
	}
	if scale == Cell {
		for range staffSize {
			p := b.someone(fiction.Officials)
			p.cv.Occupation = "Công chức"
			w.staff = append(w.staff, p)
		}
	}
	return w
}

// staffSize is how many people the party's own offices take.
const staffSize = 8

// aWard is a ward of the map.
func aWard(d fiction.Dice) places.Place {
	var wards []places.Place
	for _, p := range places.Provinces() {
		for _, c := range places.Communes(p.Code) {
			if c.Kind == "Phường" {
				wards = append(wards, c)
			}
		}
	}
	return fiction.One(d, wards)
}

// homes are communes of the ward's own province, from where most people are,
// and of a few others.
func homes(d fiction.Dice, w ward) []string {
	var list []string
	near := fiction.Some(d, places.Communes(w.province.Code), 12)
	for _, c := range near {
		list = append(list, c.Full+", "+w.province.Full)
	}
	for _, p := range fiction.Some(d, places.Provinces(), 3) {
		list = append(list, fiction.One(d, places.Communes(p.Code)).Full+", "+p.Full)
	}
	return list
}

// fill peoples a cell.
func (w *ward) fill(b *births, number int, s sketch) cell {
	d := fiction.Throw(w.seed, "cell", number)
	c := cell{
		number: number, name: s.name, kind: s.kind, cellType: s.milieu.CellType, block: s.milieu.Block, milieu: s.milieu,
		code: fmt.Sprintf("%s-%02d", w.place.Code, number), address: s.room + ", " + w.place.Full, room: s.room,
		manner: fiction.Like(d, s.trait), hour: s.hour, minute: s.minute,
	}
	joined := w.joinDays(d, c, s.size)
	for range s.size - len(joined) {
		c.people = append(c.people, b.someone(s.milieu.Crowd))
	}
	w.layOverlays(d, &c)
	c.offices = offices(s.size)
	leadersFirst(c.people, c.offices, s.milieu.Leading[0], s.milieu.Leading[1], w.story.begins())
	for _, day := range joined {
		c.people = append(c.people, b.newcomer(s.milieu.Crowd, day))
	}
	if s.size >= groupsFrom {
		for i := range s.size/15 + s.size/40 {
			c.groups = append(c.groups, fmt.Sprintf("Tổ đảng %d", i+1))
		}
	}
	return c
}

// groupsFrom is the size at which the cells of the ward have party groups.
const groupsFrom = 30

// offices is how many sit in the committee, or lead where there is none.
func offices(size int) int {
	switch {
	case size >= 30:
		return 5
	case size >= 10:
		return 3
	case size >= 6:
		return 2
	}
	return 1
}

// joinDays are when the newcomers of a cell joined, one of them some months
// before the story begins, so that their probation ends in its course.
func (w *ward) joinDays(d fiction.Dice, c cell, size int) []clock.Date {
	n := 0
	switch {
	case c.manner.Trait == fiction.Good || c.milieu.CellType == fiction.Students.CellType:
		n = 2
	case c.manner.Trait == fiction.Silent:
		return []clock.Date{w.story.first.First().AddMonths(d.Between(5, 8)).AddDays(11)}
	case size >= 15 && d.Chance(75), size >= 7 && d.Chance(35):
		n = 1
	}
	var days []clock.Date
	for i := range n {
		month := w.story.first.First().AddMonths(d.Between(4, 9))
		if i == 1 {
			month = w.story.first.First().AddMonths(-d.Between(2, 8))
		}
		days = append(days, month.AddDays(d.Between(8, 24)))
	}
	if n == 1 && d.Chance(40) {
		days[0] = w.story.first.First().AddMonths(-d.Between(2, 8)).AddDays(d.Between(8, 24))
	}
	return slices.DeleteFunc(days, func(day clock.Date) bool { return !day.AddDays(1).Before(w.today) })
}

// layOverlays exempts the oldest, lets one or two be away, and in two cells
// something happens that nobody likes to write down.
func (w *ward) layOverlays(d fiction.Dice, c *cell) {
	begins := w.story.begins()
	away := 0
	for i := range c.people {
		p := &c.people[i]
		age := p.Age(begins)
		switch {
		case age >= exemptAge && d.Chance(60):
			p.lay(overlay{kind: "exempt", from: begins.AddDays(-1), document: "Nghị quyết số 06-NQ/CB của chi bộ", reason: "Tuổi cao, sức yếu, có đơn xin miễn công tác và sinh hoạt đảng"})
		case age >= 24 && age <= 50 && len(c.people) >= 10 && away == 0 && d.Chance(12):
			away++
			from := w.story.first.First().AddMonths(d.Between(1, 9))
			p.lay(overlay{kind: "temp_away", from: from, to: from.AddMonths(d.Between(4, 10)), document: "Giấy giới thiệu sinh hoạt đảng tạm thời", reason: "Đi làm việc, học tập xa nơi cư trú"})
		}
	}
	if guest := w.guestOf(c); guest != 0 {
		w.lend(d, c, guest)
	}
	if c.manner.Trait == fiction.Sparse {
		w.suspend(d, c)
	}
}

// guestOf says which cells have a member for some months in the cell of another
// number.
func (w *ward) guestOf(c *cell) int {
	if c.milieu != &fiction.School || c.number < 16 {
		return 0
	}
	return c.number - 15 // 4, 5 and 6 are large residential cells
}

func (w *ward) lend(d fiction.Dice, c *cell, host int) {
	for i := range c.people {
		p := &c.people[i]
		if len(p.overlays) > 0 || p.Age(w.today) < 28 {
			continue
		}
		from := w.story.first.First().AddMonths(d.Between(2, 8))
		to := from.AddMonths(d.Between(4, 9))
		p.lay(overlay{kind: "temp_away", from: from, to: to, document: "Giấy giới thiệu sinh hoạt đảng tạm thời", reason: "Nghỉ thai sản, sinh hoạt tạm thời nơi cư trú"})
		p.lay(overlay{kind: "temp_here", from: from, to: to, document: "Giấy giới thiệu sinh hoạt đảng tạm thời", host: host})
		return
	}
}

func (w *ward) suspend(d fiction.Dice, c *cell) {
	for i := range c.people {
		p := &c.people[i]
		if age := p.Age(w.today); len(p.overlays) > 0 || age < 40 || age > 60 {
			continue
		}
		from := w.story.last.First().AddMonths(-2).AddDays(d.Between(8, 20))
		p.lay(overlay{kind: "suspended", from: from, to: from.AddDays(90), document: "Quyết định số 31-QĐ/ĐU của Đảng ủy phường", reason: "Để làm rõ nội dung phản ánh trong quản lý quỹ của tổ dân phố"})
		return
	}
}

// vacantFrom is when the secretary of an orphaned cell left office.
func (w *ward) vacantFrom() clock.Date { return w.story.last.First().AddMonths(-4).AddDays(16) }

// short is the name of a cell without the word for it.
func (c cell) short() string { return strings.TrimPrefix(c.name, "Chi bộ ") }

// theirHour is when the cell meets on the day.
func (c cell) theirHour(day clock.Date) time.Time { return day.At(c.hour, c.minute) }
