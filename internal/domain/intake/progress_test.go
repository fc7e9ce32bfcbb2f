package intake

import (
	"testing"

	"chibo/internal/platform/db"
	"chibo/internal/platform/id"
	"chibo/internal/testkit"
)

// TestProgressIsSeenFromAnyProcess looks as a process that does not do the work.
func TestProgressIsSeenFromAnyProcess(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		w, imp := worker{db: k.DB}, id.New[Import]()
		elsewhere := func() (s Standing, ok bool) {
			t.Helper()
			here, known := underWay.LoadAndDelete(imp)
			k.View(func(tx *db.Tx) (err error) {
				s, ok, err = Progress(tx, imp)
				return err
			})
			if known {
				underWay.Store(imp, here)
			}
			return s, ok
		}
		if _, ok := elsewhere(); ok {
			t.Error("there is progress before anything began")
		}
		for _, row := range []struct {
			state   State
			counted bool
		}{
			{Checking, true},
			{Applying, k.DB.Dialect() == db.Postgres},
		} {
			progress, end := w.begin(t.Context(), imp, row.state, 70)
			progress(30)
			here, _ := underWay.Load(imp)
			if s := here.(*stand).standing(); s != (Standing{Done: 30, All: 70, Counted: true}) {
				t.Errorf("%s: here it stands at %+v", row.state, s)
			}
			if err := w.note(t.Context(), imp, here.(*stand), row.counted); err != nil {
				t.Fatal(err)
			}
			s, ok := elsewhere()
			if s.Counted != row.counted || row.counted && s.Done != 30 || s.All != 70 || s.At.IsZero() || !ok {
				t.Errorf("%s: elsewhere it stands at %+v, %t", row.state, s, ok)
			}
			end()
			if _, ok := elsewhere(); ok {
				t.Errorf("%s: there is progress after the end", row.state)
			}
		}
	})
}
