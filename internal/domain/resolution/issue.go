package resolution

import (
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/numbering"
	"chibo/internal/domain/unit"
	"chibo/internal/domain/unit/places"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/text"
)

// Issue issues an adopted resolution: it takes the next number of the
// committee's term, the date, and its signer on behalf of the collective (rules
// 26.2, 26.3). Who concludes meetings, the secretary or a deputy, may.
func Issue(tx *db.Tx, by access.Actor, resolution ID, version int64, how Signing) error {
	r, at, err := load(tx, by, resolution, access.MeetingConclude)
	if err != nil {
		return err
	}
	if r.State != Adopted {
		return errs.New(errs.Conflict, "resolution.error.not_adopted")
	}
	if err := r.stale(version); err != nil {
		return err
	}
	after, err := issued(tx, r, at, how)
	if err != nil {
		return err
	}
	content, err := frozen(tx, r.ID, r.Edition)
	if err != nil {
		return err
	}
	if content.Sections, err = sections(tx, r); err != nil {
		return err
	}
	if err := save(tx, by, "resolution.Issue", r, after); err != nil {
		return err
	}
	return freeze(tx, by, after, "", content)
}

// issued is the resolution with its number, date and signer.
func issued(tx *db.Tx, r Resolution, at orgtree.Unit, how Signing) (Resolution, error) {
	day, err := issueDay(tx, r, how.Day)
	if err != nil {
		return Resolution{}, err
	}
	format, ref, err := rulepack.Rule[rulepack.Format](rulepack.Of(tx), "format", unit.Province(at), day)
	if err != nil {
		return Resolution{}, err
	}
	way, err := wayOf(format, issuer(at), how.Way)
	if err != nil {
		return Resolution{}, err
	}
	r, err = signed(tx, r, way, how.Signer)
	if err != nil {
		return Resolution{}, err
	}
	if r.Place, err = placeOf(at, how.Place); err != nil {
		return Resolution{}, err
	}
	series, err := seriesOn(tx, at, day)
	if err != nil {
		return Resolution{}, err
	}
	given, err := numbering.Take(tx, series, format, day, numbering.Record{Noun: Noun, ID: int64(r.ID)})
	if err != nil {
		return Resolution{}, err
	}
	r.State, r.Number, r.Symbol, r.Day, r.Rules = Issued, given.Number, given.Symbol, day, ref
	return r, nil
}

// seriesOn is the row of numbers of the resolutions that the unit issues on the
// day.
func seriesOn(tx *db.Tx, at orgtree.Unit, day clock.Date) (numbering.Series, error) {
	term, err := unit.TermOn(tx, at.ID, day)
	return numbering.Series{Unit: at.ID, Document: document, Issuer: issuer(at), Term: term.From}, err
}

// Numbered reports whether the unit's resolutions of this term have a number
// already. Who reads them may ask.
func Numbered(tx *db.Tx, by access.Actor, of orgtree.ID) (bool, error) {
	at, err := access.Require(tx, by, access.ResolutionRead, of)
	if err != nil {
		return false, err
	}
	s, err := seriesOn(tx, at, clock.DateOf(tx.Now))
	if err != nil {
		return false, err
	}
	return numbering.Begun(tx, by, s)
}

// ContinueNumbers says which number the last resolution of this term had that
// was issued on paper. The rights and failures are those of numbering.Continue.
func ContinueNumbers(tx *db.Tx, by access.Actor, of orgtree.ID, last int) error {
	at, err := access.Require(tx, by, access.ResolutionWrite, of)
	if err != nil {
		return err
	}
	s, err := seriesOn(tx, at, clock.DateOf(tx.Now))
	if err != nil {
		return err
	}
	return numbering.Continue(tx, by, s, last)
}

// issueDay is the date of the document: today, or an earlier day for one that
// was signed on paper, but not before its adoption was possible.
func issueDay(tx *db.Tx, r Resolution, day clock.Date) (clock.Date, error) {
	today := clock.DateOf(tx.Now)
	if day.IsZero() {
		return today, nil
	}
	m, err := meeting.Find(tx, access.Console(), r.Meeting)
	if err != nil {
		return clock.Date{}, err
	}
	if day.Before(m.Day()) || day.After(today) {
		return clock.Date{}, errs.Field("day", "errs.range", m.Day().Vietnamese(), today.Vietnamese())
	}
	return day, nil
}

// signed is the resolution with its signer: the one who was named and holds a
// post that signs so, or the first who holds one.
func signed(tx *db.Tx, r Resolution, way rulepack.SigningWay, signer access.PersonID) (Resolution, error) {
	for _, role := range []access.Role{access.Secretary, access.Deputy} {
		label, signs := title(way, role)
		if !signs {
			continue
		}
		held, err := access.Holders(tx, r.Unit, role, clock.DateOf(tx.Now))
		if err != nil {
			return Resolution{}, err
		}
		for _, g := range held {
			if signer != 0 && g.Person != signer {
				continue
			}
			names, err := member.Names(tx, []access.PersonID{g.Person})
			r.Signing, r.Signer, r.SignerTitle, r.SignerName = way.Mark, g.Person, label, names[g.Person]
			return r, err
		}
	}
	return Resolution{}, errs.Field("signer", "resolution.error.no_signer")
}

// placeOf is the place before the date: what was said, or the commune or
// province of the unit on the map, without the word that says which it is.
func placeOf(at orgtree.Unit, said string) (string, error) {
	said = text.Line(said)
	if said == "" {
		found, ok := places.Find(at.Place)
		if !ok {
			return "", errs.Field("place", "errs.required")
		}
		said = found.Name
	}
	if text.Length(said) > placeMost {
		return "", errs.Field("place", "errs.too_long", placeMost)
	}
	return said, nil
}
