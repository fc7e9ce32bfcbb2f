package document

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/domain/unit/places"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/paper"
)

// office is the body on whose behalf a paper is written, as it is on a day: its
// name and the one above, the form of its papers, the posts of its people and
// who signs for it.
type office struct {
	unit             orgtree.Unit
	superior, issuer string
	// body is the issuer's id in the format pack, way the way of signing there;
	// "" is the body's first.
	body, way string
	format    rulepack.Format
	place     string // before the date; "" where the map does not tell
	titles    map[access.PersonID]string
	// signer and post are who signs for the body.
	signer access.PersonID
	post   string
	names  map[access.PersonID]string
}

// Bodies and ways of the format pack.
const (
	cell          = "cell"
	committee     = "committee"
	cellCommittee = "cell_committee"
)

// officeOf finds the office of a unit on a day, with the names of people whom
// the paper mentions. The caller has read something of the unit that the paper
// is about, which is the right to it; the names of the bodies above stand on
// every paper.
func officeOf(tx *db.Tx, of orgtree.ID, day clock.Date, people ...access.PersonID) (office, error) {
	at, err := orgtree.Find(tx, of)
	if err != nil {
		return office{}, err
	}
	o := office{unit: at, issuer: at.Name, body: cell}
	if !at.IsCell() {
		o.issuer, o.body = committeeName(at.Name), committee
	}
	if o.format, _, err = rulepack.Rule[rulepack.Format](rulepack.Of(tx), "format", unit.Province(at), day); err != nil {
		return office{}, err
	}
	if err := o.lookUp(tx); err != nil {
		return office{}, err
	}
	if err := o.staff(tx, day); err != nil {
		return office{}, err
	}
	o.names, err = member.Names(tx, append(people, o.signer))
	return o, err
}

// lookUp finds what stands above the unit: the body to which it belongs, and
// the place on the map if it has none of its own.
func (o *office) lookUp(tx *db.Tx) error {
	for at := o.unit; ; {
		if found, ok := places.Find(at.Place); ok && o.place == "" {
			o.place = found.Name
		}
		if at.Parent == 0 || (o.superior != "" && o.place != "") {
			return nil
		}
		above, err := orgtree.Find(tx, at.Parent)
		if err != nil {
			return err
		}
		o.superior = cmp.Or(o.superior, above.Name)
		at = above
	}
}

// staff finds the posts of the day. Of several posts of a person the one that
// the pack lists first is shown.
func (o *office) staff(tx *db.Tx, day clock.Date) error {
	words, _, err := rulepack.Rule[rulepack.States](rulepack.Of(tx), "states", unit.Province(o.unit), day)
	if err != nil {
		return err
	}
	held, err := unit.PostsAt(tx, o.unit.ID, day)
	if err != nil {
		return err
	}
	o.titles = map[access.PersonID]string{}
	for _, kind := range words.Posts {
		for _, p := range held {
			if p.Kind != kind.ID {
				continue
			}
			o.titles[p.Person] = cmp.Or(o.titles[p.Person], kind.Label)
			if post, signs := o.signsAs(kind.Role); signs && o.signer == 0 {
				o.signer, o.post = p.Person, post
			}
		}
	}
	return nil
}

// signing is the way in which the body signs.
func (o *office) signing() rulepack.SigningWay {
	i := slices.IndexFunc(o.format.Signing, func(s rulepack.SigningWay) bool {
		return s.Body == o.body && len(s.Posts) > 0 && (o.way == "" || s.ID == o.way)
	})
	if i < 0 {
		return rulepack.SigningWay{}
	}
	return o.format.Signing[i]
}

// signsAs is how the role signs for the body.
func (o *office) signsAs(role string) (string, bool) {
	for _, post := range o.signing().Posts {
		if post.ID == role {
			return post.Label, true
		}
	}
	return "", false
}

// mark is the line over a signature that the pack has for minutes.
func (o *office) mark(id string) string {
	for _, s := range o.format.Signing {
		if s.ID == id {
			return s.Mark
		}
	}
	return ""
}

// committeeName is what the committee of a party organisation is called:
// Đảng bộ xã An Bình is led by Đảng ủy xã An Bình.
func committeeName(organisation string) string {
	if rest, ok := strings.CutPrefix(organisation, "Đảng bộ "); ok {
		return "Đảng ủy " + rest
	}
	return organisation
}

// officeFor is the office that holds a meeting. A cell's committee signs for
// itself, and a party group, which has no powers of its own (rules 3.1), stands
// under its cell.
func officeFor(tx *db.Tx, m meeting.Meeting, day clock.Date, people ...access.PersonID) (office, error) {
	o, err := officeOf(tx, m.Unit, day, append(people, m.Chair, m.MinuteTaker)...)
	switch {
	case err != nil:
		return office{}, err
	case m.Kind == meeting.Committee && o.body == cell:
		o.way = cellCommittee
	case m.Kind == meeting.Group:
		return o, o.narrow(tx, m.Group)
	}
	return o, nil
}

// narrow makes the office that of a party group, for which its leader signs.
func (o *office) narrow(tx *db.Tx, group unit.GroupID) error {
	g, err := unit.FindGroup(tx, group)
	if err != nil {
		return err
	}
	names, err := member.Names(tx, []access.PersonID{g.Leader})
	if err != nil {
		return err
	}
	o.superior, o.issuer, o.body = o.unit.Name, g.Name, ""
	o.signer, o.post = g.Leader, "Tổ trưởng"
	o.names[g.Leader] = names[g.Leader]
	return nil
}

// letterhead is the head of a paper that is dated with the day; without one it
// leaves room for a hand.
func (o *office) letterhead(number string, day clock.Date, year int, notes ...string) paper.Letterhead {
	date := o.format.Undated(o.place, year)
	if !day.IsZero() && o.place != "" {
		date = o.format.PlaceDate(o.place, day)
	} else if !day.IsZero() {
		date = o.format.PlaceDate("…………", day)
	}
	return paper.Letterhead{
		Superior: o.superior, Issuer: o.issuer, Number: number,
		Motto: o.format.Heading.Party, PlaceDate: date, Notes: notes,
	}
}

// unnumbered is the number line of a type of document, for a hand to complete.
// A body without documents of its own has none.
func (o *office) unnumbered(kind string) string {
	line, err := o.format.Unnumbered(kind, o.body)
	if err != nil {
		return ""
	}
	return line
}

// draft is the mark of what is not final.
func (o *office) draft() string { return strings.TrimSuffix(o.format.Draft, " lần") }

// signature is that of the body: on whose behalf, the post, the name.
func (o *office) signature() paper.Signature {
	s := paper.Signature{Post: o.post, Name: o.names[o.signer]}
	way := o.signing()
	if way.Mark != "" {
		s.For = []string{way.Mark}
	}
	if s.Post == "" && len(way.Posts) > 0 {
		s.Post = way.Posts[0].Label
	}
	return s
}

// superiorCommittee is the committee to which the body reports, "" for a root.
func (o *office) superiorCommittee() string { return committeeName(o.superior) }

// filed is the last line of the recipients.
func (o *office) filed() string {
	for _, f := range o.format.Ending.Filed {
		if f.ID == o.body {
			return f.Label
		}
	}
	return "Lưu " + o.issuer
}

// recipients are the lines, those that are empty left out, and the file.
func (o *office) recipients(lines ...string) paper.Recipients {
	lines = slices.DeleteFunc(lines, func(s string) bool { return s == "" })
	return paper.Recipients{Label: o.format.Ending.Recipients + ":", Lines: append(lines, o.filed())}
}

// toReport is the recipient above.
func (o *office) toReport() string {
	if o.superior == "" {
		return ""
	}
	return o.superiorCommittee() + " (để báo cáo)"
}

// comrade is a person as papers speak of them: "đồng chí Lê Văn An, Bí thư chi
// bộ". It is "" for nobody.
func (o *office) comrade(person access.PersonID) string {
	name := o.names[person]
	if name == "" {
		return ""
	}
	if title := o.titles[person]; title != "" {
		return "đồng chí " + name + ", " + title
	}
	return "đồng chí " + name
}

// page is the format of the pack as the writers want it.
func page(f rulepack.Format) paper.Format {
	size := func(style string) float64 { return float64(f.Style(style).Size) }
	return paper.Format{
		WidthMM: float64(f.Page.Width), HeightMM: float64(f.Page.Height),
		Margins: paper.Margins{Top: float64(f.Page.Top), Bottom: float64(f.Page.Bottom), Left: float64(f.Page.Left), Right: float64(f.Page.Right)},
		Font:    f.Font, BodyPt: float64(f.Text.Size), LinePt: float64(f.Text.Line),
		ParagraphPt: float64(f.Text.ParagraphGap), IndentMM: float64(f.Text.IndentMM),
		SignatureMM: float64(f.Setting.SignatureMM), LetterheadShare: float64(f.Setting.LetterheadPercent) / 100,
		TitleRule:  f.Abstract.Dashes,
		PageNumber: paper.PageNumber{From: f.Page.NumberFrom, TopMM: float64(f.Setting.PageNumberMM)},
		Sizes: paper.Sizes{
			Motto: size("party"), Issuer: size("issuing_body"), Number: size("number"), Subject: size("letter_abstract"),
			Title: size("type_name"), Abstract: size("abstract"), Table: size("table"), Recipients: size("recipients"),
		},
	}
}

// paper is a document of the office. Name and day make the name of its file.
func (o *office) paper(name string, day clock.Date, made time.Time, blocks ...paper.Block) paper.Document {
	return paper.Document{
		Format: page(o.format), Title: name + " " + o.issuer + " " + day.String(), Author: o.issuer,
		Created: made, Blocks: blocks,
	}
}

// turned is a document on the long side of the page.
func turned(d paper.Document) paper.Document {
	d.Format.WidthMM, d.Format.HeightMM = d.Format.HeightMM, d.Format.WidthMM
	return d
}
