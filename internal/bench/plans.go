package bench

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"chibo/internal/domain/member"
	"chibo/internal/domain/reorganisation"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// drawing is a plan while it is drawn.
type drawing struct {
	*land
	tx             *db.Tx
	plan           reorganisation.ID
	cells, parties []orgtree.Unit // below the body
	day            clock.Date
	// founded are cells that the plan founds, each with the cell that some of its
	// members come from; zero for those into which others merge.
	founded []founding
	heads   []orgtree.ID // parties that the plan founds
}

type founding struct{ cell, from orgtree.ID }

// draft writes a plan: some of what is done in earnest, and at times something
// without sense.
func (l *land) draft(ctx context.Context) (plan reorganisation.ID, err error) {
	return plan, l.Update(ctx, func(tx *db.Tx) error {
		d := &drawing{land: l, tx: tx, day: l.today()}
		if l.chance(20) {
			d.day = d.day.AddDays(-l.die.IntN(40))
		}
		body, err := d.body()
		if err != nil {
			return err
		}
		p, err := reorganisation.Begin(tx, access.Console(), body, d.decision())
		if err != nil {
			return err
		}
		plan, d.plan = p.ID, p.ID
		for range 1 + l.die.IntN(4) {
			if err := pick(l.die, d.intentions())(d); err != nil {
				return err
			}
		}
		if l.chance(15) {
			if err := d.nonsense(); err != nil {
				return err
			}
		}
		return d.people()
	})
}

// body decides: the province, or one of the communes with cells enough.
func (d *drawing) body() (body orgtree.ID, err error) {
	if d.cells, d.parties, err = d.below(d.tx, d.root); err != nil || d.chance(75) {
		return d.root, err
	}
	commune := pick(d.die, d.parties).ID
	cells, parties, err := d.below(d.tx, commune)
	if err != nil || len(cells) < 3 {
		return d.root, err
	}
	d.cells, d.parties = cells, parties
	return commune, nil
}

func (d *drawing) decision() reorganisation.Decision {
	n := reorganisation.Decision{Title: "Sắp xếp tổ chức đảng", Number: "5-QĐ/TU", Decided: d.day.AddDays(-3), Effective: d.day}
	switch d.die.IntN(30) {
	case 0:
		n.Number = ""
	case 1:
		n.Effective = d.today().AddDays(3)
	}
	return n
}

// intentions are what people reorganise for, more often what the land has room
// for.
func (d *drawing) intentions() []func(*drawing) error {
	list := []func(*drawing) error{
		(*drawing).divide, (*drawing).dissect, (*drawing).merge, (*drawing).unite, (*drawing).handOver, (*drawing).windUp, (*drawing).dissolve, (*drawing).rename,
	}
	if len(d.cells) > landCommunes*landCells {
		list = append(list, (*drawing).merge, (*drawing).windUp)
	} else {
		list = append(list, (*drawing).divide, (*drawing).divide)
	}
	switch {
	case len(d.parties) == 0:
	case len(d.parties) > landCommunes:
		list = append(list, (*drawing).mergeCommunes)
	default:
		list = append(list, (*drawing).foundCommune)
	}
	return list
}

// add adds a step. One that the rules refuse at once is left out.
func (d *drawing) add(s reorganisation.Step) (orgtree.ID, error) {
	now, err := d.draftNow()
	if err != nil {
		return 0, err
	}
	added, err := reorganisation.AddStep(d.tx, access.Console(), d.plan, now.Version, s)
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) || errs.Is(err, errs.NotFound) {
		return 0, nil
	}
	return added.Unit, err
}

func (d *drawing) draftNow() (reorganisation.Draft, error) {
	return reorganisation.Find(d.tx, access.Console(), d.plan)
}

func (d *drawing) cell() orgtree.Unit { return pick(d.die, d.cells) }

// party is one under which cells stand: the commune of some cell.
func (d *drawing) party() orgtree.ID { return d.cell().Parent }

func (d *drawing) foundCell(from orgtree.ID) (orgtree.ID, error) {
	u, err := d.add(reorganisation.Step{Kind: reorganisation.Found, To: d.party(), Fields: d.fields("village_cell", "village")})
	if u != 0 {
		d.founded = append(d.founded, founding{u, from})
	}
	return u, err
}

// divide lets some members of a cell found another, while it goes on.
func (d *drawing) divide() error {
	from := d.cell().ID
	if _, err := d.foundCell(from); err != nil {
		return err
	}
	_, err := d.add(reorganisation.Step{Kind: reorganisation.Split, Unit: from, Stays: true})
	return err
}

// dissect makes two cells of one, which ends.
func (d *drawing) dissect() error {
	from := d.cell().ID
	for range 2 {
		if _, err := d.foundCell(from); err != nil {
			return err
		}
	}
	s := reorganisation.Step{Kind: reorganisation.Split, Unit: from, HandMeetings: d.chance(50)}
	if d.chance(50) {
		s.To = d.cell().ID
	}
	_, err := d.add(s)
	return err
}

func (d *drawing) merge() error {
	_, err := d.add(reorganisation.Step{Kind: reorganisation.Merge, Unit: d.cell().ID, To: d.cell().ID, HandMeetings: d.chance(50)})
	return err
}

// unite merges two cells into a new one.
func (d *drawing) unite() error {
	into, err := d.foundCell(0)
	for range 2 {
		if err != nil || into == 0 {
			return err
		}
		_, err = d.add(reorganisation.Step{Kind: reorganisation.Merge, Unit: d.cell().ID, To: into, HandMeetings: d.chance(50)})
	}
	return err
}

func (d *drawing) handOver() error { return d.hand(d.cell().ID, d.party()) }

func (d *drawing) hand(unit, to orgtree.ID) error {
	s := reorganisation.Step{Kind: reorganisation.Handover, Unit: unit, To: to}
	if d.chance(95) {
		s.Acceptance, s.Accepted = "3-QĐ/ĐU", d.day
	}
	_, err := d.add(s)
	return err
}

// windUp ends a cell, whose people go to one cell, or each where they like.
func (d *drawing) windUp() error {
	s := reorganisation.Step{Kind: reorganisation.WindUp, Unit: d.cell().ID}
	switch d.die.IntN(3) {
	case 0:
		s.To = d.cell().ID
	case 1:
		s.To = d.party() // nobody can be a member there
	}
	_, err := d.add(s)
	return err
}

func (d *drawing) dissolve() error {
	_, err := d.add(reorganisation.Step{Kind: reorganisation.Dissolve, Unit: d.cell().ID, To: d.cell().ID})
	return err
}

// rename gives a unit another name or level.
func (d *drawing) rename() error {
	s := reorganisation.Step{Kind: reorganisation.Restyle, Unit: d.cell().ID}
	if len(d.parties) > 0 && d.chance(40) {
		s.Unit = pick(d.die, d.parties).ID
		s.Fields.Level = pick(d.die, []string{"grassroots", "upper_grassroots"})
	}
	if d.chance(60) {
		s.Fields.Name = fmt.Sprintf("Tên mới %d", d.die.IntN(10_000))
	}
	_, err := d.add(s)
	return err
}

func (d *drawing) mergeCommunes() error {
	_, err := d.add(reorganisation.Step{Kind: reorganisation.Merge, Unit: pick(d.die, d.parties).ID, To: pick(d.die, d.parties).ID})
	return err
}

// foundCommune founds a commune and hands some cells over to it.
func (d *drawing) foundCommune() error {
	commune, err := d.add(reorganisation.Step{Kind: reorganisation.Found, To: d.root, Fields: d.fields("commune_party", "")})
	if err != nil || commune == 0 {
		return err
	}
	d.heads = append(d.heads, commune)
	for range 2 + d.die.IntN(3) {
		if err := d.hand(d.cell().ID, commune); err != nil {
			return err
		}
	}
	return nil
}

// nonsense is a step without care.
func (d *drawing) nonsense() error {
	anything := slices.Concat(d.cells, d.parties)
	_, err := d.add(reorganisation.Step{
		Kind: pick(d.die, reorganisation.Kinds), Unit: pick(d.die, anything).ID, To: pick(d.die, anything).ID,
		Stays: d.chance(50), Fields: d.fields(pick(d.die, []string{"village_cell", "grassroots_party"}), ""),
	})
	return err
}

// people sends some of a divided cell to the new one, whoever has no place
// somewhere, and appoints who leads what is founded.
func (d *drawing) people() error {
	dry, err := reorganisation.Preview(d.tx, access.Console(), d.plan)
	if err != nil {
		return err
	}
	sent := map[orgtree.ID][]member.ID{}
	for i, p := range dry.People {
		to := p.To
		for j, f := range d.founded {
			if f.from == p.Unit && (i+j)%2 == 0 {
				to = f.cell
			}
		}
		for tries := 0; (to == 0 || dry.Ends(to)) && tries < 5; tries++ {
			to = d.cell().ID
		}
		if to != p.To && !d.chance(1) {
			sent[to] = append(sent[to], p.ID)
		}
	}
	for _, to := range slices.Sorted(maps.Keys(sent)) {
		now, err := d.draftNow()
		if err != nil {
			return err
		}
		if err := reorganisation.Send(d.tx, access.Console(), d.plan, now.Version, sent[to], to); err != nil {
			return err
		}
	}
	return d.nominate()
}

func (d *drawing) nominate() error {
	dry, err := reorganisation.Preview(d.tx, access.Console(), d.plan)
	if err != nil {
		return err
	}
	for _, f := range d.founded {
		for _, p := range dry.People {
			if p.To == f.cell && p.Status == member.Official && d.chance(95) {
				if err := d.give(f.cell, p.ID, "cell_secretary"); err != nil {
					return err
				}
				break
			}
		}
	}
	for _, at := range d.heads {
		who, err := d.somebody(d.tx, d.cell().ID)
		if err != nil {
			return err
		}
		if err := d.give(at, who.ID, "secretary"); err != nil {
			return err
		}
	}
	return nil
}

func (d *drawing) give(at orgtree.ID, person member.ID, post string) error {
	now, err := d.draftNow()
	if err != nil {
		return err
	}
	return reorganisation.Nominate(d.tx, access.Console(), d.plan, now.Version, reorganisation.Nomination{Unit: at, Person: person, Post: post})
}
