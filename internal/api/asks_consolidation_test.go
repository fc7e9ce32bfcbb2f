package api_test

import (
	"chibo/internal/domain/consolidation"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// weak is a plan for cell A that its secretary carries out.
func (w *world) weak() ask {
	var id consolidation.ID
	w.act(w.Office, func(tx *db.Tx, by access.Actor) (err error) {
		open, err := consolidation.At(tx, by, w.CellA.ID)
		if err != nil || len(open) > 0 {
			id = open[0].ID
			return err
		}
		id, err = consolidation.Begin(tx, by, w.CellA.ID, consolidation.Draft{
			Reasons: "Chưa họp 2 tháng", Measures: "Cử cấp ủy viên dự cùng", Owner: w.SecretaryA, Due: clock.NewDate(2026, 12, 31),
		})
		return err
	})
	return ask{version: 1, concerned: is(w.SecretaryA)}.with("consolidation", id.String())
}

func (w *world) weakPlanned() ask {
	a := w.weak()
	a.concerned = nil
	return a
}

var consolidationAsks = map[string]func(w *world) ask{
	"consolidation.At":     aboutCellA,
	"consolidation.Owners": aboutCellA,
	"consolidation.Begin": func(w *world) ask {
		return unitAt(func(w *world) orgtree.Unit { return w.CellB })(w).sending(fields{"reasons": "Chưa họp", "measures": "Giúp đỡ", "owner": w.CommuneSecretary, "due": "2026-12-31"})
	},
	"consolidation.Mine": nothingBut,
	"consolidation.Find": (*world).weakPlanned,
	"consolidation.Change": func(w *world) ask {
		return w.weakPlanned().sending(fields{"reasons": "Chưa họp", "measures": "Kiện toàn chi ủy", "owner": w.CommuneSecretary, "due": "2027-01-31"})
	},
	"consolidation.Finish": func(w *world) ask {
		return w.weak().sending(fields{"outcome": "better", "text": "Họp đều"})
	},
}
