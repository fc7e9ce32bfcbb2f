package duplicate

import (
	"encoding/json"
	"fmt"
	"slices"

	"chibo/internal/domain/account"
	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/holding"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/text"
)

// MergesOf are the merges of which the record is a part, the newest first. Who
// may merge records at its unit may.
func MergesOf(tx *db.Tx, by access.Actor, person member.ID) ([]Merge, error) {
	brief, err := member.Find(tx, by, person)
	if err != nil {
		return nil, err
	}
	if _, err := access.Require(tx, by, access.MemberMerge, brief.Unit); err != nil {
		return nil, err
	}
	return mergesOf(tx, person)
}

// FindMerge is a merge. Who may merge records at the units of both may.
func FindMerge(tx *db.Tx, by access.Actor, merge MergeID) (Merge, error) {
	m, err := findMerge(tx, merge)
	if err != nil {
		return Merge{}, err
	}
	_, _, err = both(tx, by, m.Kept, m.Gone)
	return m, err
}

// Depending is what keeps a merge from being taken back; nil if nothing does.
// Who may merge records at the units of both may.
func Depending(tx *db.Tx, by access.Actor, merge MergeID) ([]errs.Message, error) {
	u, err := reading(tx, by, merge)
	if err != nil {
		return nil, err
	}
	return u.depending()
}

// TakeBack undoes a merge as if it had never been: both records, and what hung
// on each of them, are what they were. The journal, the notices, the versions of
// records and the merge itself remember it. Who may merge records at the units
// of both may, with a reason. As soon as anything depends on it, such as a
// change of the record or of something that went over, it is errs.Conflict; so
// are a stale version and a merge that was taken back.
func TakeBack(tx *db.Tx, by access.Actor, merge MergeID, version int64, reason string) error {
	u, err := reading(tx, by, merge)
	if err != nil {
		return err
	}
	if u.m.Version != version {
		return errs.New(errs.Conflict, "errs.stale")
	}
	if !u.m.BackAt.IsZero() {
		return errs.New(errs.Conflict, "duplicate.error.taken_back")
	}
	if reason = text.Line(reason); reason == "" {
		return errs.Field("reason", "errs.required")
	}
	if text.Length(reason) > longestLine {
		return errs.Field("reason", "errs.too_long", longestLine)
	}
	depends, err := u.depending()
	if err != nil {
		return err
	}
	if len(depends) > 0 {
		return errs.New(errs.Conflict, depends[0].Key, depends[0].Args...)
	}
	for _, step := range []func() error{u.handBack, u.divide, u.part} {
		if err := step(); err != nil {
			return err
		}
	}
	return u.finish(reason)
}

// undoing is a merge that is taken back.
type undoing struct {
	tx     *db.Tx
	by     access.Actor
	m      Merge
	signIn account.Joined
	united member.United
	handed []handed
}

func reading(tx *db.Tx, by access.Actor, merge MergeID) (u *undoing, err error) {
	u = &undoing{tx: tx, by: by}
	if u.m, err = FindMerge(tx, by, merge); err != nil {
		return nil, err
	}
	effects, err := effectsOf(tx, merge)
	if err != nil {
		return nil, err
	}
	for _, e := range effects {
		var into any
		switch e.what {
		case effectSignIn:
			into = &u.signIn
		case effectUnite:
			into = &u.united
		case effectHand:
			u.handed = append(u.handed, handed{})
			into = &u.handed[len(u.handed)-1]
		default:
			return nil, fmt.Errorf("effect %q is unknown", e.what)
		}
		if err := json.Unmarshal([]byte(e.was), into); err != nil {
			return nil, fmt.Errorf("effect %s: %w", e.what, err)
		}
	}
	return u, nil
}

// row is one that was handed over, whatever columns of it name the person.
type row struct {
	table string
	id    int64
}

// versions are those that the rows had when the last of their columns was handed
// over.
func (u *undoing) versions() map[row]int64 {
	last := map[row]int64{}
	for _, h := range u.handed {
		k := kindOf(h.What)
		for _, held := range h.Held {
			last[row{k.Table, held.Row}] = max(last[row{k.Table, held.Row}], held.Version)
		}
	}
	return last
}

func kindOf(what string) holding.Kind {
	return kinds[slices.IndexFunc(kinds, func(k holding.Kind) bool { return k.What == what })]
}

// depending looks for what was done since with the records and with what went
// over.
func (u *undoing) depending() (list []errs.Message, err error) {
	say := func(what string, args ...any) {
		list = append(list, errs.Message{Key: "duplicate.depends." + what, Args: args})
	}
	kept, err := member.Find(u.tx, u.by, u.m.Kept)
	if err != nil {
		return nil, err
	}
	if kept.Version != u.united.KeptVersion {
		say("record")
	}
	versions := u.versions()
	for _, h := range u.handed {
		k := kindOf(h.What)
		for _, held := range h.Held {
			held.Version = versions[row{k.Table, held.Row}]
			changed, err := k.Changed(u.tx, held, int64(u.m.Kept))
			if err != nil {
				return nil, err
			}
			if changed && k.Noun != "" {
				say(k.What, held.Label)
			}
		}
	}
	if home := u.united.Kept.Member.Unit; kept.Unit != home {
		more, err := u.done(kept.Unit)
		return append(list, more...), err
	}
	return list, nil
}

// done is what the person has done since in the cell that the merge gave them.
func (u *undoing) done(at orgtree.ID) (list []errs.Message, err error) {
	versions := u.versions()
	for _, in := range []struct{ what, table, query string }{
		{"roll", "meeting_roll", `SELECT r.meeting_id FROM meeting_roll r JOIN meeting m ON m.id = r.meeting_id
			WHERE r.person_id = $1 AND m.unit_id = $2 AND m.opened >= $3`},
		{"new_task", "task", `SELECT k.id FROM task k WHERE k.person_id = $1 AND k.unit_id = $2 AND k.id IN (
			SELECT j.noun_id FROM journal j WHERE j.noun = 'task' AND j.verb = 'task.Assign' AND j.at >= $3)`},
	} {
		found, err := db.All(u.tx, db.Column[int64], in.query, u.m.Kept, at, u.m.At)
		if err != nil {
			return nil, err
		}
		found = slices.DeleteFunc(found, func(id int64) bool { _, brought := versions[row{in.table, id}]; return brought })
		if len(found) > 0 {
			list = append(list, errs.Message{Key: "duplicate.depends." + in.what, Args: []any{len(found)}})
		}
	}
	return list, nil
}

func (u *undoing) handBack() error {
	versions := u.versions()
	for _, h := range slices.Backward(u.handed) {
		k := kindOf(h.What)
		for _, held := range h.Held {
			at := row{k.Table, held.Row}
			held.Version = versions[at]
			changed, err := k.Changed(u.tx, held, int64(u.m.Kept))
			if err != nil {
				return err
			}
			if changed { // a notice that was read or a role that was withdrawn since: it stays where it is
				continue
			}
			now, err := k.Hand(u.tx, held, int64(u.m.Kept), int64(u.m.Gone))
			if err != nil {
				return err
			}
			versions[at] = now.Version
			if err := noteHanded(u.tx, u.by, k, now, u.m.Kept, u.m.Gone); err != nil {
				return err
			}
		}
	}
	return nil
}

func (u *undoing) divide() error { return member.Divide(u.tx, u.by, u.united) }

func (u *undoing) part() error { return account.Part(u.tx, u.by, u.signIn, u.m.Gone) }

func (u *undoing) finish(reason string) error {
	m := u.m
	m.BackAt, m.BackBy, m.BackReason = u.tx.Now, u.by.Person, reason
	if err := updateMerge(u.tx, m); err != nil {
		return err
	}
	f, found, err := findPair(u.tx, m.Kept, m.Gone)
	if err != nil {
		return err
	}
	if found {
		f.State, f.Decided, f.DecidedBy, f.Note = Open, u.tx.Now, u.by.Person, reason
		if err := update(u.tx, f); err != nil {
			return err
		}
	}
	if err := journal.Write(u.tx, u.by, journal.Change{
		Unit: m.Unit, Verb: "duplicate.TakeBack", Noun: mergeNoun, ID: int64(m.ID), Before: u.m, After: m,
	}); err != nil {
		return err
	}
	m.Reason = reason
	return tell(u.tx, u.by, m, m.Unit, "duplicate.notice.taken_back")
}
