package api_test

import (
	"chibo/internal/domain/duplicate"
	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// entered registers somebody of cell A, who is one person with whoever was
// entered before.
func (w *world) entered() (m member.Member) {
	w.act(w.Office, func(tx *db.Tx, by access.Actor) (err error) {
		m, err = member.Register(tx, by, member.New{
			Unit: w.CellA.ID, Status: member.Official, From: clock.NewDate(2025, 8, 1),
			Core: member.Core{
				BirthName: "Kiều Thị Đôi", Sex: member.Female, Birth: clock.NewDate(1980, 4, 30),
				Ceremony: clock.NewDate(2005, 2, 3), Recognised: clock.NewDate(2006, 2, 3),
			},
		})
		return err
	})
	return m
}

// twice is a finding about somebody who was entered twice.
func (w *world) twice() ask {
	of := w.entered()
	w.entered()
	if _, err := duplicate.Find(w.k.T.Context(), w.k.DB); err != nil {
		w.k.T.Fatal(err)
	}
	var found duplicate.Page
	w.act(w.Office, func(tx *db.Tx, by access.Actor) (err error) {
		found, err = duplicate.List(tx, by, duplicate.Filter{Person: of.ID})
		return err
	})
	f := found.Findings[0]
	return ask{version: f.Version}.with("duplicate", f.ID.String())
}

func (w *world) apart() ask {
	a := w.twice()
	w.act(w.Office, func(tx *db.Tx, by access.Actor) error {
		page, err := duplicate.List(tx, by, duplicate.Filter{})
		for _, f := range page.Findings {
			if err == nil && f.ID.String() == a.path["duplicate"] {
				err = duplicate.KeepApart(tx, by, f.ID, f.Version, "")
			}
		}
		return err
	})
	a.version++
	return a
}

func (w *world) mergeOrder() duplicate.Order {
	kept, gone := w.entered(), w.entered()
	return duplicate.Order{Kept: kept.ID, Gone: gone.ID, KeptVersion: kept.Version, GoneVersion: gone.Version, Reason: "Nhập hai lần"}
}

func (w *world) ordered() ask {
	o := w.mergeOrder()
	return ask{}.sending(fields{"kept": o.Kept, "gone": o.Gone, "kept_version": o.KeptVersion, "gone_version": o.GoneVersion, "reason": o.Reason})
}

// merged is a merge, and the person of the kept record.
func (w *world) merged() ask {
	o := w.mergeOrder()
	var merge duplicate.MergeID
	w.act(w.Office, func(tx *db.Tx, by access.Actor) (err error) {
		merge, err = duplicate.MergeRecords(tx, by, o)
		return err
	})
	return ask{version: 1}.with("merge", merge.String()).with("person", o.Kept.String())
}

var duplicateAsks = map[string]func(w *world) ask{
	"duplicate.List":         nothingBut,
	"duplicate.Last":         nothingBut,
	"duplicate.Get":          (*world).twice,
	"duplicate.KeepApart":    func(w *world) ask { return w.twice().sending(fields{"note": "Hai chị em"}) },
	"duplicate.Reconsider":   (*world).apart,
	"duplicate.Preview":      (*world).ordered,
	"duplicate.MergeRecords": (*world).ordered,
	"duplicate.MergesOf":     (*world).merged,
	"duplicate.FindMerge":    (*world).merged,
	"duplicate.Depending":    (*world).merged,
	"duplicate.TakeBack":     func(w *world) ask { return w.merged().sending(fields{"reason": "Hai chị em sinh đôi"}) },
	"member.KeptFor":         caller,
}
