package org

import (
	"fmt"

	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/id"
	"chibo/internal/testkit"
	"chibo/internal/testkit/figures"
)

// Crowd puts so many cells without members below the commune, at once: through
// verbs thousands would take a minute. How lists are read depends on how many
// units there are.
func (o *Org) Crowd(k *testkit.Kit, cells int) {
	k.T.Helper()
	list := make([]orgtree.ID, cells)
	for i := range list {
		list[i] = id.New[orgtree.Unit]()
	}
	put := func(table string, columns []string, row func(orgtree.ID) []any) {
		k.Update(func(tx *db.Tx) error {
			_, err := tx.Insert(table, columns, func(yield func([]any, error) bool) {
				for _, cell := range list {
					if !yield(row(cell), nil) {
						return
					}
				}
			})
			return err
		})
	}
	put("unit", []string{"id", "parent_id", "path", "depth", "code", "name", "folded", "kind", "level", "cell_type", "founded"}, func(cell orgtree.ID) []any {
		name := fmt.Sprintf("chi bo %v", cell)
		return []any{cell, o.Commune.ID, string(o.Commune.Path) + cell.String() + "/", o.Commune.Depth + 1, cell.String(), name, name, "village_cell", "grassroots", "village", Founded}
	})
	put("unit_parent", []string{"unit_id", "parent_id", "from_day"}, func(cell orgtree.ID) []any {
		return []any{cell, o.Commune.ID, Founded}
	})
	figures.Begin(k) // no journal told of them
}

// Raise hangs the commune below a province, so that it is no longer the top of a
// tree.
func (o *Org) Raise(k *testkit.Kit) {
	k.T.Helper()
	k.Update(func(tx *db.Tx) error {
		province, err := orgtree.Add(tx, orgtree.Unit{
			Code: "PROVINCE", Name: "Đảng bộ tỉnh", Kind: "provincial_party", Level: "provincial", Founded: Founded,
		}, "")
		if err != nil {
			return err
		}
		commune, err := orgtree.Find(tx, o.Commune.ID)
		if err != nil {
			return err
		}
		if err := orgtree.Move(tx, commune, province.ID, k.Today(), ""); err != nil {
			return err
		}
		o.Commune, err = orgtree.Find(tx, o.Commune.ID)
		return err
	})
	figures.Begin(k) // no journal told of it
}
