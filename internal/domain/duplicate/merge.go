package duplicate

import (
	"encoding/json"
	"fmt"
	"time"

	"chibo/internal/domain/account"
	"chibo/internal/domain/member"
	"chibo/internal/domain/notice"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/holding"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/platform/text"
)

// MergeID names a merge.
type MergeID = id.Of[Merge]

// mergeNoun is what the journal calls a merge.
const mergeNoun = "merge"

// Merge is two records that were made one.
type Merge struct {
	ID MergeID
	// Unit is where the kept record belonged.
	Unit       orgtree.ID
	Kept, Gone member.ID
	Reason     string
	Decision   string
	At         time.Time
	By         access.PersonID
	// BackAt is when it was taken back; zero while it stands.
	BackAt     time.Time
	BackBy     access.PersonID
	BackReason string
	Version    int64
}

// The effects of a merge, in the order in which it makes them.
const (
	effectSignIn = "sign_in"
	effectUnite  = "unite"
	effectHand   = "hand"
)

// handed are the rows of a kind that went over, as they were then.
type handed struct {
	What string
	Held []holding.Held
}

// MergeRecords makes the two records one as the order says: exactly what Preview
// lists. Meetings that were held and papers that were adopted keep the number
// and the name of their day; the other number leads to the kept record. The
// person is told. Who may merge records at the units of both and open their
// files may; a stale version and anything that stands in the way are
// errs.Conflict.
func MergeRecords(tx *db.Tx, by access.Actor, o Order) (MergeID, error) {
	o.Reason, o.Decision = text.Line(o.Reason), text.Line(o.Decision)
	var wrong errs.Fields
	wrong.Check(o.Reason != "", "reason", "errs.required")
	wrong.Check(text.Length(o.Reason) <= longestLine, "reason", "errs.too_long", longestLine)
	wrong.Check(text.Length(o.Decision) <= longestLine, "decision", "errs.too_long", longestLine)
	r, err := rehearse(tx, by, o)
	if err != nil {
		return 0, err
	}
	if r.Kept.Version != o.KeptVersion || r.Gone.Version != o.GoneVersion {
		return 0, errs.New(errs.Conflict, "errs.stale")
	}
	if err := wrong.Err(); err != nil {
		return 0, err
	}
	if r.Blocked() {
		return 0, errs.New(errs.Conflict, "duplicate.error.blocked")
	}
	w := merging{tx: tx, by: by, r: r, m: Merge{
		ID: id.New[Merge](), Unit: r.Kept.Unit, Kept: o.Kept, Gone: o.Gone, Reason: o.Reason, Decision: o.Decision, At: tx.Now, By: by.Person, Version: 1,
	}}
	if err := insertMerge(tx, w.m); err != nil {
		return 0, err
	}
	for _, step := range []func() error{w.signIn, w.unite, w.hand, w.settle, w.note} {
		if err := step(); err != nil {
			return 0, err
		}
	}
	return w.m.ID, nil
}

// merging is a merge under way.
type merging struct {
	tx    *db.Tx
	by    access.Actor
	r     DryRun
	m     Merge
	place int
	moved []handed
}

func (w *merging) effect(what string, was any) error {
	written, err := json.Marshal(was)
	if err != nil {
		return fmt.Errorf("effect %s: %w", what, err)
	}
	w.place++
	return insertEffect(w.tx, w.m.ID, w.place, what, string(written))
}

// signIn goes first: who may let somebody sign in depends on what they hold.
func (w *merging) signIn() error {
	joined, err := account.Join(w.tx, w.by, w.m.Kept, w.m.Gone)
	if err != nil {
		return err
	}
	return w.effect(effectSignIn, joined)
}

func (w *merging) unite() error {
	done, err := member.Unite(w.tx, w.by, briefOf(w.r.Kept), briefOf(w.r.Gone), w.r.union)
	if err != nil {
		return err
	}
	return w.effect(effectUnite, done)
}

// hand hands over what is not over yet. Rows are read anew, kind by kind: one
// that names the person twice has another version the second time.
func (w *merging) hand() error {
	for _, k := range kinds {
		held, err := k.Held(w.tx, int64(w.m.Gone), int64(w.m.Kept))
		if err != nil {
			return err
		}
		h := handed{What: k.What}
		for _, row := range held {
			now, err := k.Hand(w.tx, row, int64(w.m.Gone), int64(w.m.Kept))
			if err != nil {
				return err
			}
			if err := noteHanded(w.tx, w.by, k, now, w.m.Gone, w.m.Kept); err != nil {
				return err
			}
			h.Held = append(h.Held, now)
		}
		if len(h.Held) == 0 {
			continue
		}
		w.moved = append(w.moved, h)
		if err := w.effect(effectHand, h); err != nil {
			return err
		}
	}
	return nil
}

// noteHanded lets the record that a row belongs to tell of it.
func noteHanded(tx *db.Tx, by access.Actor, k holding.Kind, h holding.Held, from, to member.ID) error {
	if k.Noun == "" {
		return nil
	}
	return journal.Write(tx, by, journal.Change{
		Unit: orgtree.ID(h.Unit), Verb: "duplicate.Hand", Noun: k.Noun, ID: h.Of,
		Before: map[string]any{k.Person: from}, After: map[string]any{k.Person: to},
	})
}

// settle closes the finding, if a search had found the two.
func (w *merging) settle() error {
	f, found, err := findPair(w.tx, w.m.Kept, w.m.Gone)
	if err != nil || !found {
		return err
	}
	f.State, f.Decided, f.DecidedBy, f.Note = Merged, w.tx.Now, w.by.Person, w.m.Reason
	return update(w.tx, f)
}

func (w *merging) note() error {
	if err := journal.Write(w.tx, w.by, journal.Change{
		Unit: w.m.Unit, Verb: "duplicate.MergeRecords", Noun: mergeNoun, ID: int64(w.m.ID),
		After: map[string]any{"merge": w.m, "taken": w.r.take, "handed": w.moved, "sign_in": w.r.SignIn},
	}); err != nil {
		return err
	}
	return tell(w.tx, w.by, w.m, w.r.union.Unit, "duplicate.notice.merged")
}

// tell tells the person, in the inbox of the kept record.
func tell(tx *db.Tx, by access.Actor, m Merge, at orgtree.ID, key string) error {
	return notice.Send(tx, by, notice.Notice{
		To: []access.PersonID{m.Kept}, Unit: at, Key: key, Link: "/members/" + m.Kept.String(), Args: map[string]string{"reason": m.Reason},
	})
}
