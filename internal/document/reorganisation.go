package document

import (
	"cmp"
	"fmt"
	"strconv"

	"chibo/internal/domain/member"
	"chibo/internal/domain/reorganisation"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/paper"
)

// Reorganisation is the decision by which organisations are founded, merged,
// divided, handed over and ended (rules 3.2 to 3.6), a draft marked as such,
// with the list of the members who go elsewhere as its annex. Who reads the plan
// may have it.
func Reorganisation(tx *db.Tx, by access.Actor, of reorganisation.ID) (paper.Document, error) {
	d, err := reorganisation.Find(tx, by, of)
	if err != nil {
		return paper.Document{}, err
	}
	p := decreeing{Draft: d, day: cmp.Or(d.Decided, clock.DateOf(tx.Now))}
	if p.office, err = officeOf(tx, d.Unit, p.day, nominees(d)...); err != nil {
		return paper.Document{}, err
	}
	p.issuer = cmp.Or(d.Issuer, p.issuer)
	if p.words, _, err = unit.Words(tx, p.unit); err != nil {
		return paper.Document{}, err
	}
	if p.at, err = reorganisation.UnitNames(tx, by, of); err != nil {
		return paper.Document{}, err
	}
	if p.moves, err = movesOf(tx, by, d); err != nil {
		return paper.Document{}, err
	}
	blocks := []paper.Block{p.head(), paper.Title{Name: "Quyết định", Abstract: d.Title}}
	blocks = append(append(blocks, p.grounds()...), p.articles()...)
	blocks = append(blocks, paper.Closing{Recipients: p.recipients(p.toReport(), "Như Điều "+strconv.Itoa(p.count)), Signature: p.office.signature()})
	blocks = append(blocks, p.annex()...)
	return p.paper("Quyết định sắp xếp tổ chức đảng", p.day, d.Created, blocks...), nil
}

// decreeing is a plan on its way to paper.
type decreeing struct {
	office
	reorganisation.Draft
	day   clock.Date
	words rulepack.States
	at    map[orgtree.ID]string
	moves []reorganisation.Transferred
	count int // of articles
}

func nominees(d reorganisation.Draft) (people []access.PersonID) {
	for _, n := range d.Nominations {
		people = append(people, n.Person)
	}
	return people
}

// movesOf are those who go elsewhere: as planned, or as it was done.
func movesOf(tx *db.Tx, by access.Actor, d reorganisation.Draft) ([]reorganisation.Transferred, error) {
	if d.State != reorganisation.Drafted {
		return reorganisation.Transfers(tx, by, d.ID)
	}
	dry, err := reorganisation.Preview(tx, by, d.ID)
	var list []reorganisation.Transferred
	for _, p := range dry.People {
		if p.To != p.Unit && p.To != 0 && p.Status != member.Outside {
			list = append(list, reorganisation.Transferred{Person: p.ID, Name: p.Name, From: p.Unit, To: p.To})
		}
	}
	return list, err
}

func (p *decreeing) head() paper.Letterhead {
	var notes []string
	if p.State == reorganisation.Drafted {
		notes = append(notes, p.draft())
	}
	if p.Number == "" {
		return p.letterhead(p.unnumbered("decision"), p.Decided, p.day.Year(), notes...)
	}
	return p.letterhead("Số "+p.Number, p.Decided, p.day.Year(), notes...)
}

func (p *decreeing) grounds() []paper.Block {
	blocks := []paper.Block{paper.P("Căn cứ Điều lệ Đảng và các quy định, hướng dẫn thi hành Điều lệ Đảng;")}
	if p.Reason != "" {
		blocks = append(blocks, paper.P("Căn cứ "+lower(sentence(p.Reason))))
	}
	return append(blocks, paper.P("Xét yêu cầu nhiệm vụ và tình hình tổ chức đảng trực thuộc,"), paper.Title{Name: p.issuer + " quyết định"})
}

// article is the next one.
func (p *decreeing) article(text string) paper.Block {
	p.count++
	return paper.P(fmt.Sprintf("Điều %d. %s", p.count, text))
}

func (p *decreeing) articles() (blocks []paper.Block) {
	for _, s := range p.Steps {
		blocks = append(blocks, p.article(p.step(s)))
	}
	if len(p.moves) > 0 {
		blocks = append(blocks, p.article(fmt.Sprintf("Chuyển sinh hoạt đảng tập thể đối với %s đảng viên (có danh sách kèm theo). Các đồng chí không phải làm giấy giới thiệu sinh hoạt đảng.", count(len(p.moves)))))
	}
	if len(p.Nominations) > 0 {
		text := "Chỉ định"
		for i, n := range p.Nominations {
			post, _ := p.words.Post(n.Post)
			if i > 0 {
				text += ";"
			}
			text += " đồng chí " + p.names[n.Person] + " giữ chức vụ " + post.Label + ", " + p.at[n.Unit]
		}
		blocks = append(blocks, p.article(text+"."))
	}
	from := "kể từ ngày ký"
	if !p.Effective.IsZero() {
		from = "từ " + p.date(p.Effective)
	}
	return append(blocks, p.article("Quyết định này có hiệu lực "+from+". Các tổ chức đảng và đảng viên có tên tại các điều trên chịu trách nhiệm thi hành; hồ sơ, sổ sách, con dấu được bàn giao theo quy định."))
}

// step is an article of one step.
func (p *decreeing) step(s reorganisation.Step) string {
	name, to := p.at[s.Unit], p.at[s.To]
	switch s.Kind {
	case reorganisation.Found:
		return "Thành lập " + name + " trực thuộc " + to + "."
	case reorganisation.Handover:
		text := "Chuyển giao " + name + " về trực thuộc " + to
		if s.Acceptance != "" {
			text += " (" + to + " tiếp nhận tại Quyết định số " + s.Acceptance + " ngày " + s.Accepted.Vietnamese() + ")"
		}
		return text + "."
	case reorganisation.Merge:
		if p.founds(s.To) {
			return "Hợp nhất " + name + " vào " + to + "."
		}
		return "Sáp nhập " + name + " vào " + to + "."
	case reorganisation.Split:
		if s.Stays {
			return "Chia tách " + name + "; " + name + " tiếp tục hoạt động."
		}
		return "Chia tách " + name + "; " + name + " kết thúc hoạt động."
	case reorganisation.WindUp:
		return "Giải thể " + name + "." + p.rest(s)
	case reorganisation.Dissolve:
		return "Kỷ luật giải tán " + name + "." + p.rest(s)
	}
	return p.restyle(s)
}

func (p *decreeing) founds(u orgtree.ID) bool {
	for _, s := range p.Steps {
		if s.Kind == reorganisation.Found && s.Unit == u {
			return true
		}
	}
	return false
}

func (p *decreeing) rest(s reorganisation.Step) string {
	if s.To == 0 {
		return ""
	}
	return " Đảng viên và tổ chức trực thuộc chưa có nơi khác được chuyển về " + p.at[s.To] + "."
}

func (p *decreeing) restyle(s reorganisation.Step) string {
	text := "Đối với " + p.at[s.Unit] + ":"
	if s.Fields.Name != "" {
		text += " đổi tên thành " + s.Fields.Name + ";"
	}
	if kind, ok := p.words.OrgKind(s.Fields.Kind); ok {
		text += " chuyển thành " + lower(kind.Label) + ";"
	}
	for _, l := range p.words.Levels {
		if l.ID == s.Fields.Level {
			text += " xác định là tổ chức đảng " + lower(l.Label) + ";"
		}
	}
	return text[:len(text)-1] + "."
}

// annex lists those who go elsewhere, on pages of their own.
func (p *decreeing) annex() []paper.Block {
	if len(p.moves) == 0 {
		return nil
	}
	table := paper.Table{
		Columns: []paper.Column{{WidthMM: 11, Align: paper.AlignCenter}, {Share: 4}, {Share: 4}, {Share: 4}},
		Head:    []paper.Row{paper.Cells("TT", "Họ và tên", "Nơi sinh hoạt trước", "Nơi sinh hoạt mới")},
	}
	for i, m := range p.moves {
		table.Rows = append(table.Rows, paper.Cells(strconv.Itoa(i+1), m.Name, p.at[m.From], p.at[m.To]))
	}
	return []paper.Block{
		paper.PageBreak{}, paper.Title{Name: "Danh sách đảng viên chuyển sinh hoạt đảng tập thể", Abstract: "(Kèm theo Quyết định số " + cmp.Or(p.Number, "……") + ")"}, table,
	}
}
