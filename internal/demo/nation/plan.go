package nation

import (
	"fmt"
	"slices"

	"chibo/internal/demo/fiction"
	"chibo/internal/domain/unit/places"
	"chibo/internal/platform/clock"
)

// How many members and cells there are at each scale. A province is of the size
// that is usual; the country's members are published, its cells are an estimate.
const (
	nationMembers   = 5_600_000
	provinceMembers = 165_000
	// Of a thousand members: how many are in the bodies directly below the
	// centre, and how many of a province outside its communes.
	centralShare, blockShare = 55, 190
	// A batch is closed when it has so many members.
	batchMembers = 1000
)

// founded is when communes were founded anew, and their parties with them.
var founded = clock.MustDate("2025-07-01")

// plan is the country on paper: everything but the people of the bodies, who are
// drawn batch by batch.
type plan struct {
	request
	heads  []head
	bodies []body
	// batches are the heads, and then the bodies from one number to before
	// another.
	batches []span
	members int
	cells   int
	year    year
}

type span struct{ from, to int }

// head is a party above the bodies: the centre, a province, a block below one of
// these.
type head struct {
	id      int64
	above   int // number of the head above; the centre is 0
	path    string
	depth   int64
	code    string
	name    string
	kind    string
	place   string
	address string
}

// body is a party whose cells lie directly below it.
type body struct {
	number  int
	above   int // the head
	code    string
	name    string
	kind    string
	place   places.Place
	terrain terrain
	cells   []sketch
	// leads are the heads whose offices are filled from here.
	leads []int
}

// sketch is what is fixed of a cell beforehand.
type sketch struct {
	name   string
	kind   string
	milieu *fiction.Milieu
	size   int
}

func (b body) size() (members int) {
	for _, c := range b.cells {
		members += c.size
	}
	return members
}

// terrain is what the country is like where a commune lies.
type terrain struct {
	word string // of a settlement
	mean int    // members of a cell
	// minority is how many of a hundred are not Kinh.
	minority int
	traits   []fiction.Share[fiction.Trait]
	areas    string
}

var (
	lowland = terrain{word: "Thôn", mean: 22, minority: 2, traits: traits(58, 24, 3, 6, 3, 3, 2, 1)}
	town    = terrain{word: "Tổ dân phố", mean: 25, minority: 3, traits: traits(56, 27, 2, 6, 3, 3, 2, 1)}
	upland  = terrain{word: "Bản", mean: 14, minority: 62, traits: traits(52, 12, 7, 14, 4, 3, 6, 2), areas: "ethnic_minority"}
	island  = terrain{word: "Thôn", mean: 15, minority: 1, traits: traits(54, 18, 4, 14, 3, 2, 4, 1), areas: "island"}
	offices = terrain{mean: 18, minority: 4, traits: traits(60, 28, 1, 4, 3, 3, 1, 0)}
)

func traits(plain, good, silent, tardy, copying, boastful, sparse, orphan int) []fiction.Share[fiction.Trait] {
	return []fiction.Share[fiction.Trait]{
		{Part: plain, Value: fiction.Plain},
		{Part: good, Value: fiction.Good},
		{Part: silent, Value: fiction.Silent},
		{Part: tardy, Value: fiction.Tardy},
		{Part: copying, Value: fiction.Copying},
		{Part: boastful, Value: fiction.Boastful},
		{Part: sparse, Value: fiction.Sparse},
		{Part: orphan, Value: fiction.Orphan},
	}
}

// mountains are the provinces most of whose communes lie high: Cao Bằng, Tuyên
// Quang, Điện Biên, Lai Châu, Sơn La, Lào Cai, Thái Nguyên, Lạng Sơn, Phú Thọ in
// part, Gia Lai, Đắk Lắk, Lâm Đồng.
var mountains = map[string]int{
	"04": 95, "08": 85, "11": 97, "12": 97, "14": 92, "15": 80, "19": 45, "20": 85, "25": 30, "38": 35, "40": 30,
	"44": 30, "46": 20, "51": 40, "52": 45, "66": 45, "68": 45,
}

func terrainOf(d fiction.Dice, p places.Place) terrain {
	switch {
	case p.Kind == "Đặc khu":
		return island
	case p.Kind == "Phường":
		return town
	case d.Chance(mountains[p.Province]):
		return upland
	}
	return lowland
}

// drawPlan puts the country on paper. The plan of a province is that of one
// province of it, with the centre left out.
func drawPlan(r request) plan {
	p := plan{request: r, year: yearUntil(r.Today, r.Months)}
	provinces := places.Provinces()
	slices.SortFunc(provinces, func(a, b places.Place) int { return compare(a.Code, b.Code) })
	members := nationMembers
	if r.Scale == Province {
		members = provinceMembers
		provinces = []places.Place{usual(r.Seed, provinces)}
	} else {
		p.head(head{above: -1, code: "TW", name: "Đảng Cộng sản Việt Nam", kind: "central_party"})
	}
	for _, province := range provinces {
		p.province(province)
	}
	if r.Scale == Nation {
		p.blocks(0, centralBlocks, members*centralShare/1000)
	}
	p.weigh(members)
	p.cut()
	return p
}

// usual is a province with about a hundred communes.
func usual(seed uint64, provinces []places.Place) places.Place {
	var list []places.Place
	for _, p := range provinces {
		if n := len(places.Communes(p.Code)); n >= 90 && n <= 115 {
			list = append(list, p)
		}
	}
	return fiction.One(fiction.Throw(seed, "province"), list)
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// head adds a party above bodies.
func (p *plan) head(h head) int {
	n := len(p.heads)
	h.id = int64(1)<<22 + int64(n) + 1
	if h.above >= 0 {
		h.path, h.depth = p.heads[h.above].path, p.heads[h.above].depth+1
	}
	h.path += unitID(h.id).String() + "/"
	p.heads = append(p.heads, h)
	return n
}

// province adds a province with its blocks and communes. Raw sizes of communes
// are weighed afterwards, so that the whole comes out as published.
func (p *plan) province(at places.Place) {
	above := 0
	if len(p.heads) == 0 {
		above = -1
	}
	n := p.head(head{
		above: above, code: at.Code, name: "Đảng bộ " + at.Full, kind: "provincial_party", place: at.Code, address: at.Full,
	})
	communes := places.Communes(at.Code)
	slices.SortFunc(communes, func(a, b places.Place) int { return compare(a.Code, b.Code) })
	for _, commune := range communes {
		d := fiction.Throw(p.Seed, "commune", commune.Code)
		b := body{number: len(p.bodies), above: n, code: commune.Code, name: "Đảng bộ " + commune.Full, kind: "commune_party", place: commune}
		b.terrain = terrainOf(d, commune)
		b.cells = []sketch{{size: communeSize(d, b.terrain.word)}}
		p.bodies = append(p.bodies, b)
	}
	p.blocks(n, provincialBlocks, -1)
}

func communeSize(d fiction.Dice, word string) int {
	skew := 55 + d.IntN(60) + d.IntN(60) // of a hundred
	switch word {
	case town.word:
		return 17 * skew
	case upland.word:
		return 10 * skew
	}
	return 13 * skew
}

// block is a party of the offices, the forces or the enterprises of a province
// or of the centre (rules 3.1: an upper-level party).
type block struct {
	code, name string
	part       int // of a hundred of the members of all blocks
	firm       string
	milieus    []*fiction.Milieu
}

var provincialBlocks = []block{
	{"CQ", "Đảng bộ các cơ quan Đảng", 12, "Đảng bộ Ban, cơ quan số %d", []*fiction.Milieu{&fiction.Agency}},
	{"UB", "Đảng bộ Ủy ban nhân dân", 50, "Đảng bộ Sở, đơn vị số %d", []*fiction.Milieu{
		&fiction.Agency, &fiction.School, &fiction.Health, &fiction.StateFirm, &fiction.PrivateFirm, &fiction.Students,
	}},
	{"QS", "Đảng bộ Quân sự", 15, "Đảng bộ Ban Chỉ huy phòng thủ khu vực %d", []*fiction.Milieu{&fiction.Police}},
	{"CA", "Đảng bộ Công an", 23, "Đảng bộ Phòng nghiệp vụ số %d", []*fiction.Milieu{&fiction.Police}},
}

var centralBlocks = []block{
	{"CQ", "Đảng bộ các cơ quan Đảng Trung ương", 6, "Đảng bộ cơ quan số %d", []*fiction.Milieu{&fiction.Agency}},
	{"CP", "Đảng bộ Chính phủ", 40, "Đảng bộ đơn vị số %d", []*fiction.Milieu{&fiction.Agency, &fiction.School, &fiction.Health, &fiction.StateFirm, &fiction.Students}},
	{"QH", "Đảng bộ Quốc hội", 1, "Đảng bộ đơn vị số %d", []*fiction.Milieu{&fiction.Agency}},
	{"MT", "Đảng bộ Mặt trận Tổ quốc, các đoàn thể Trung ương", 3, "Đảng bộ đơn vị số %d", []*fiction.Milieu{&fiction.Agency}},
	{"QD", "Đảng bộ Quân đội", 30, "Đảng bộ đơn vị số %d", []*fiction.Milieu{&fiction.Police}},
	{"CA", "Đảng bộ Công an Trung ương", 20, "Đảng bộ đơn vị số %d", []*fiction.Milieu{&fiction.Police}},
}

// bodyMembers is the size of the grassroots parties of blocks.
const bodyMembers = 190

// blocks adds the blocks below a head, with so many members, or with the share
// that falls to the blocks of a province.
func (p *plan) blocks(above int, list []block, members int) {
	at := p.heads[above]
	if members < 0 {
		for _, b := range p.bodies {
			if b.above == above {
				members += b.cells[0].size
			}
		}
		members = members * blockShare / (1000 - blockShare)
	}
	place, _ := places.Find(at.place)
	for i, k := range list {
		name := k.name
		if place.Name != "" {
			name += " " + place.Full
		}
		n := p.head(head{above: above, code: at.code + "-" + k.code, name: name, kind: "upper_party", place: at.place, address: at.address})
		count := max(1, members*k.part/100/bodyMembers)
		for j := range count {
			d := fiction.Throw(p.Seed, "body", at.code, k.code, j)
			b := body{
				number: len(p.bodies), above: n, code: fmt.Sprintf("%s-%s-%03d", at.code, k.code, j+1), name: fmt.Sprintf(k.firm, j+1),
				kind: "grassroots_party", place: place, terrain: offices,
			}
			if j == 0 {
				b.leads = []int{n}
				if i == 0 {
					b.leads = append(b.leads, above) // which has no cell of its own
				}
			}
			b.cells = []sketch{{size: bodyMembers * (60 + d.IntN(80)) / 100, milieu: k.milieus[d.IntN(len(k.milieus))]}}
			p.bodies = append(p.bodies, b)
		}
	}
}

// weigh makes the sizes add up and divides the bodies into cells.
func (p *plan) weigh(members int) {
	raw := 0
	for _, b := range p.bodies {
		raw += b.cells[0].size
	}
	if p.Part > 0 && p.Part < len(p.bodies) {
		p.bodies = p.thin()
	}
	for i := range p.bodies {
		b := &p.bodies[i]
		size := int(int64(b.cells[0].size) * int64(members) / int64(raw))
		d := fiction.Throw(p.Seed, "cells", b.code)
		if b.kind == "commune_party" {
			b.cells = communeCells(d, *b, size)
		} else {
			b.cells = officeCells(d, b.cells[0].milieu, size)
		}
		p.members += b.size()
		p.cells += len(b.cells)
	}
}

// thin keeps some bodies spread over the plan, those first from which the heads
// take their people.
func (p *plan) thin() []body {
	var list []body
	for i, b := range p.bodies {
		if slices.Contains(b.leads, 0) || i%max(1, len(p.bodies)/p.Part) == 0 && len(list) < p.Part {
			list = append(list, b)
		}
	}
	return list
}

// cut divides the bodies into batches, behind that of the heads.
func (p *plan) cut() {
	p.batches = []span{{}}
	from, size := 0, 0
	for i, b := range p.bodies {
		if size += b.size(); size >= batchMembers || i == len(p.bodies)-1 {
			p.batches = append(p.batches, span{from, i + 1})
			from, size = i+1, 0
		}
	}
}

func (p *plan) membersOf(batch int) (members int) {
	for _, b := range p.bodies[p.batches[batch].from:p.batches[batch].to] {
		members += b.size()
	}
	return members
}

const (
	villageCell     = "village_cell"
	grassrootsCell  = "grassroots_cell"
	subordinateCell = "subordinate_cell"
	cellLeast       = 4
)

// communeCells are the offices, schools and firms of a commune, and the
// settlements with what is left.
func communeCells(d fiction.Dice, b body, size int) []sketch {
	word := "xã"
	switch b.terrain.word {
	case town.word:
		word = "phường"
	default:
		if b.place.Kind == "Đặc khu" {
			word = "đặc khu"
		}
	}
	list := []sketch{
		{"Chi bộ Cơ quan Đảng, đoàn thể " + word, grassrootsCell, &fiction.Agency, d.Between(12, 22)},
		{"Chi bộ Cơ quan chính quyền " + word, grassrootsCell, &fiction.Agency, d.Between(12, 26)},
		{"Chi bộ Trung tâm Phục vụ hành chính công " + word, grassrootsCell, &fiction.Agency, d.Between(6, 10)},
		{"Chi bộ Công an " + word, grassrootsCell, &fiction.Police, d.Between(7, 20)},
		{"Chi bộ Quân sự " + word, grassrootsCell, &fiction.Police, d.Between(4, 8)},
		{"Chi bộ Trạm Y tế " + word, grassrootsCell, &fiction.Health, d.Between(4, 10)},
	}
	for i := range 1 + size/500 {
		list = append(list,
			sketch{fmt.Sprintf("Chi bộ Trường Mầm non số %d", i+1), grassrootsCell, &fiction.School, d.Between(6, 18)},
			sketch{fmt.Sprintf("Chi bộ Trường Tiểu học số %d", i+1), grassrootsCell, &fiction.School, d.Between(9, 24)},
			sketch{fmt.Sprintf("Chi bộ Trường Trung học cơ sở số %d", i+1), grassrootsCell, &fiction.School, d.Between(9, 26)})
	}
	for i := range d.Between(0, 2+size/900) {
		m, name := &fiction.PrivateFirm, "Chi bộ Công ty Cổ phần số %d"
		if d.Chance(35) {
			m, name = &fiction.StateFirm, "Chi bộ Công ty Nhà nước số %d"
		}
		list = append(list, sketch{fmt.Sprintf(name, i+1), grassrootsCell, m, d.Between(4, 22)})
	}
	for _, c := range list {
		size -= c.size
	}
	for i, n := range divided(d, max(size, 3*b.terrain.mean), b.terrain.mean) {
		list = append(list, sketch{fmt.Sprintf("Chi bộ %s %d", b.terrain.word, i+1), villageCell, &fiction.Residential, n})
	}
	return list
}

func officeCells(d fiction.Dice, m *fiction.Milieu, size int) []sketch {
	var list []sketch
	for i, n := range divided(d, max(size, 32), offices.mean) {
		list = append(list, sketch{fmt.Sprintf("Chi bộ %d", i+1), subordinateCell, m, n})
	}
	return list
}

// divided divides a number into sizes around the mean, a few far above it.
func divided(d fiction.Dice, whole, mean int) (sizes []int) {
	for whole > 0 {
		n := max(cellLeast, mean*(35+d.IntN(65)+d.IntN(65))/100)
		if d.Chance(4) {
			n += mean
		}
		if whole-n < cellLeast {
			n = whole
		}
		sizes = append(sizes, n)
		whole -= n
	}
	return sizes
}
