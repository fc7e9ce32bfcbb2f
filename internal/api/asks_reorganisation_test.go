package api_test

import (
	"chibo/internal/domain/reorganisation"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/id"
)

// reorganising is a plan of the first commune that divides cell A and gives a post.
func (w *world) reorganising() ask {
	var d reorganisation.Draft
	w.act(w.Office, func(tx *db.Tx, by access.Actor) error {
		list, err := reorganisation.List(tx, by)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return w.plan(tx, by)
		}
		return nil
	})
	w.act(w.Office, func(tx *db.Tx, by access.Actor) error {
		list, err := reorganisation.List(tx, by)
		if err == nil {
			d, err = reorganisation.Find(tx, by, list[len(list)-1].ID)
		}
		return err
	})
	return ask{version: d.Version, at: w.Commune}.with("reorganisation", d.ID.String()).with("step", d.Steps[0].ID.String()).with("nomination", d.Nominations[0].ID.String())
}

func (w *world) plan(tx *db.Tx, by access.Actor) error {
	p, err := reorganisation.Begin(tx, by, w.Commune.ID, reorganisation.Decision{Title: "Sắp xếp", Number: "9-QĐ/ĐU", Decided: w.k.Today(), Effective: w.k.Today()})
	if err != nil {
		return err
	}
	if _, err := reorganisation.AddStep(tx, by, p.ID, 1, reorganisation.Step{Kind: reorganisation.Split, Unit: w.CellA.ID, Stays: true}); err != nil {
		return err
	}
	return reorganisation.Nominate(tx, by, p.ID, 2, reorganisation.Nomination{Unit: w.CellB.ID, Person: w.MemberB, Post: "cell_committee_member"})
}

// renaming is a plan that nothing stands in the way of.
func (w *world) renaming() (a ask) {
	w.act(w.Office, func(tx *db.Tx, by access.Actor) error {
		p, err := reorganisation.Begin(tx, by, w.Commune.ID, reorganisation.Decision{Title: "Đổi tên", Number: "10-QĐ/ĐU", Decided: w.k.Today(), Effective: w.k.Today()})
		if err != nil {
			return err
		}
		s := reorganisation.Step{Kind: reorganisation.Restyle, Unit: w.CellB.ID}
		s.Fields.Name = "Chi bộ thôn Tây Hạ"
		_, err = reorganisation.AddStep(tx, by, p.ID, 1, s)
		a = ask{version: 2, at: w.Commune}.with("reorganisation", p.ID.String())
		return err
	})
	return a
}

// carriedOut is such a plan that was carried out.
func (w *world) carriedOut() ask {
	a := w.renaming()
	w.act(w.Office, func(tx *db.Tx, by access.Actor) error {
		plan, err := id.Parse[reorganisation.Plan](a.path["reorganisation"])
		if err != nil {
			return err
		}
		return reorganisation.Apply(tx, by, plan, a.version)
	})
	return a.in(a.version + 1)
}

var decisionBody = fields{"title": "Sắp xếp các chi bộ", "number": "11-QĐ/ĐU", "decided": "2026-11-01", "effective": "2026-11-03"}

var reorganisationAsks = map[string]func(w *world) ask{
	"reorganisation.List":   nothingBut,
	"reorganisation.Bodies": nothingBut,
	"reorganisation.Begin": func(w *world) ask {
		return unitAt(func(w *world) orgtree.Unit { return w.Commune })(w).sending(decisionBody)
	},
	"reorganisation.Find":      (*world).reorganising,
	"reorganisation.Targets":   (*world).reorganising,
	"reorganisation.Preview":   (*world).reorganising,
	"reorganisation.Transfers": (*world).reorganising,
	"reorganisation.Edit":      func(w *world) ask { return w.reorganising().sending(decisionBody) },
	"reorganisation.Discard":   (*world).reorganising,
	"reorganisation.AddStep": func(w *world) ask {
		return w.reorganising().sending(fields{"kind": "restyle", "unit": w.CellB.ID, "name": "Chi bộ thôn Tây Thượng"})
	},
	"reorganisation.RemoveStep": (*world).reorganising,
	"reorganisation.Send": func(w *world) ask {
		return w.reorganising().sending(fields{"people": []access.PersonID{w.MemberA}, "to": w.CellB.ID})
	},
	"reorganisation.Nominate": func(w *world) ask {
		return w.reorganising().sending(fields{"unit": w.CellB.ID, "person": w.MemberB, "post": "cell_deputy"})
	},
	"reorganisation.Unnominate": (*world).reorganising,
	"reorganisation.Apply":      (*world).renaming,
	"reorganisation.TakeBack":   func(w *world) ask { return w.carriedOut().sending(fields{"reason": "Nhầm lẫn"}) },
}
