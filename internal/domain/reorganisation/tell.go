package reorganisation

import (
	"cmp"
	"maps"
	"slices"

	"chibo/internal/domain/member"
	"chibo/internal/domain/notice"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
)

// way is from where to where people go together.
type way struct{ from, to orgtree.ID }

// tell sends notices to those whom the plan concerns: who goes elsewhere, whose
// post ends, who gets one, and who leads an organisation that is handed over.
func (w *work) tell() error {
	told := map[member.ID]bool{}
	ways := map[way][]member.ID{}
	for _, p := range w.r.People {
		if p.To != p.Unit {
			ways[way{p.Unit, p.To}] = append(ways[way{p.Unit, p.To}], p.ID)
			told[p.ID] = true
		}
	}
	for _, way := range sorted(ways) {
		if err := w.send(ways[way], "reorganisation.notice.moved", map[string]string{"from": w.r.Units[way.from], "to": w.r.Units[way.to]}); err != nil {
			return err
		}
	}
	for _, p := range w.r.Posts {
		if told[p.Person] {
			continue
		}
		if err := w.send([]member.ID{p.Person}, "reorganisation.notice.post_ended", map[string]string{"unit": w.r.Units[p.Unit]}); err != nil {
			return err
		}
	}
	for _, n := range w.r.Nominations {
		if err := w.send([]member.ID{n.Person}, "reorganisation.notice.post_given", map[string]string{"unit": w.r.Units[n.Unit]}); err != nil {
			return err
		}
	}
	if err := w.tellGuests(); err != nil {
		return err
	}
	return w.tellHanded()
}

func (w *work) tellGuests() error {
	for _, g := range w.r.Guests {
		key, args := "reorganisation.notice.guest_home", map[string]string{"from": w.r.Units[g.Unit]}
		if g.To != 0 {
			key, args["to"] = "reorganisation.notice.guest_moved", w.r.Units[g.To]
		}
		if err := w.send([]member.ID{g.Person}, key, args); err != nil {
			return err
		}
	}
	return nil
}

func sorted(ways map[way][]member.ID) []way {
	return slices.SortedFunc(maps.Keys(ways), func(a, b way) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
}

func (w *work) tellHanded() error {
	for _, f := range w.r.outcome.byDepth(Fate.rehung) {
		posts, err := unit.PostsAt(w.tx, f.Now.ID, w.day)
		if err != nil {
			return err
		}
		var people []member.ID
		for _, p := range posts {
			people = append(people, p.Person)
		}
		if err := w.send(people, "reorganisation.notice.handed_over", map[string]string{
			"unit": f.Now.Name, "from": w.r.Units[f.Was.Parent], "to": w.r.Units[f.Now.Parent],
		}); err != nil {
			return err
		}
	}
	return nil
}

// send tells of the decision in the name of the body that took it, which is
// there whatever becomes of the plan.
func (w *work) send(to []access.PersonID, key string, args map[string]string) error {
	args["number"], args["day"] = w.r.Number, w.day.Vietnamese()
	return notice.Send(w.tx, w.by, notice.Notice{To: to, Unit: w.r.Unit, Key: key, Args: args})
}
