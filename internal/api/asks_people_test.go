package api_test

import (
	"strings"

	"chibo/internal/domain/account"
	"chibo/internal/domain/hook"
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/notice"
	"chibo/internal/domain/token"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/id"
	"chibo/internal/testkit/org"
)

func unitAt(u func(w *world) orgtree.Unit) func(w *world) ask {
	return func(w *world) ask {
		at := w.fresh(u(w))
		return ask{at: at, version: at.Version}.with("unit", at.ID.String())
	}
}

func cellA(w *world) orgtree.Unit { return w.CellA }

var aboutCellA = unitAt(cellA)

// fresh is the unit as it is now.
func (w *world) fresh(u orgtree.Unit) (now orgtree.Unit) {
	w.k.View(func(tx *db.Tx) (err error) {
		now, err = orgtree.Find(tx, u.ID)
		return err
	})
	return now
}

// console does something as the command line and gives what came of it.
func console[T any](w *world, do func(tx *db.Tx, by access.Actor) (T, error)) (made T) {
	w.k.T.Helper()
	w.k.Update(func(tx *db.Tx) (err error) {
		made, err = do(tx, access.Console())
		return err
	})
	return made
}

func (w *world) found(under orgtree.Unit, code, kind, cellType string) orgtree.Unit {
	return console(w, func(tx *db.Tx, by access.Actor) (orgtree.Unit, error) {
		return unit.Found(tx, by, unit.New{
			Parent: under.ID, Founded: org.Founded, Decision: "Quyết định 12-QĐ/TU",
			Fields: unit.Fields{Code: code, Name: "Đơn vị " + code, Kind: kind, CellType: cellType},
		})
	})
}

// branches are two grassroots parties below the commune, with a cell of the
// first in which nobody is.
func (w *world) branches(t string) (first, second, cell orgtree.Unit) {
	first = w.found(w.Commune, "P1"+t, "grassroots_party", "")
	second = w.found(w.Commune, "P2"+t, "grassroots_party", "")
	return first, second, w.found(first, "S"+t, "subordinate_cell", "enterprise_state")
}

func manages(act access.Action, at ...orgtree.Unit) func(access.Actor) bool {
	return func(by access.Actor) bool {
		for _, u := range at {
			if !by.Can(act, u) {
				return false
			}
		}
		return true
	}
}

// elected is a post of cell A that waits for its approval.
func (w *world) elected() ask {
	p := console(w, func(tx *db.Tx, by access.Actor) (unit.Post, error) {
		return unit.Appoint(tx, by, w.CellA.ID, unit.Appointment{
			Person: w.MembersA[10], Kind: "cell_committee_member", Elected: true, From: w.k.Today(), Decision: "Nghị quyết 5-NQ/CB",
		})
	})
	return ask{version: p.Version}.with("post", p.ID.String())
}

// postAsk is about an elected post, made once.
func (w *world) postAsk() ask {
	if w.waiting.version == 0 {
		w.waiting = w.elected()
	}
	return w.waiting
}

func (w *world) group() ask {
	var g unit.Group
	w.k.View(func(tx *db.Tx) (err error) {
		g, err = unit.FindGroup(tx, w.GroupA1.ID)
		return err
	})
	return ask{version: g.Version}.with("group", g.ID.String())
}

var unitAsks = map[string]func(w *world) ask{
	"unit.Find": aboutCellA, "unit.Above": aboutCellA, "unit.Children": unitAt(func(w *world) orgtree.Unit { return w.Commune }),
	"unit.Tree": unitAt(func(w *world) orgtree.Unit { return w.Commune }), "unit.Past": aboutCellA, "unit.Vacancies": aboutCellA,
	"unit.Posts": aboutCellA, "unit.Groups": aboutCellA,
	"unit.Found": func(w *world) ask {
		return ask{at: w.Commune, body: fields{"parent": w.Commune.ID, "code": "NEW", "name": "Chi bộ thôn Mới", "kind": "village_cell", "cell_type": "village", "founded": "2026-11-01", "decision": "Quyết định 1-QĐ/ĐU"}}
	},
	"unit.Change": func(w *world) ask {
		return aboutCellA(w).sending(fields{"code": "CELL-A", "name": "Chi bộ thôn Đông Hạ", "kind": "village_cell", "cell_type": "village"})
	},
	"reorganisation.End": func(w *world) ask {
		first, _, cell := w.branches("E")
		return ask{at: cell, version: cell.Version, concerned: manages(access.UnitManage, first)}.with("unit", cell.ID.String()).
			sending(fields{"day": "2026-11-03", "decision": "Quyết định 2-QĐ/ĐU"})
	},
	"unit.MoveTo": func(w *world) ask {
		first, second, cell := w.branches("M")
		return ask{at: cell, version: cell.Version, concerned: manages(access.UnitManage, first, second)}.with("unit", cell.ID.String()).
			sending(fields{"to": second.ID, "day": "2026-11-03", "decision": "Quyết định 3-QĐ/ĐU"})
	},
	"unit.UndoMove": func(w *world) ask {
		first, second, cell := w.branches("U")
		w.k.Update(func(tx *db.Tx) error {
			return unit.MoveTo(tx, access.Console(), cell.ID, cell.Version, unit.Move{To: second.ID, Day: w.k.Today(), Decision: "Quyết định 4-QĐ/ĐU"})
		})
		cell = w.fresh(cell)
		return ask{at: cell, version: cell.Version, concerned: manages(access.UnitManage, first, second)}.with("unit", cell.ID.String())
	},
	"unit.BeginTerm": func(w *world) ask {
		return aboutCellA(w).sending(fields{"from": "2026-11-03", "to": "2028-11-03", "name": "2026 - 2028", "decision": "Nghị quyết 6-NQ/CB"})
	},
	"unit.Appoint": func(w *world) ask {
		return aboutCellA(w).sending(fields{"person": w.MembersA[11], "kind": "cell_committee_member", "from": "2026-11-03", "decision": "Quyết định 7-QĐ/ĐU"})
	},
	"unit.Report": func(w *world) ask { return w.postAsk() },
	"unit.Approve": func(w *world) ask {
		return w.postAsk().sending(fields{"day": "2026-11-03", "decision": "Quyết định 8-QĐ/ĐU"})
	},
	"unit.Refuse": func(w *world) ask {
		return w.postAsk().sending(fields{"day": "2026-11-03", "decision": "Quyết định 9-QĐ/ĐU", "reason": "Chưa đủ điều kiện"})
	},
	"unit.EndPost": func(w *world) ask { return w.postAsk().sending(fields{"day": "2026-11-03", "reason": "Xin thôi"}) },
	"unit.PostsOf": func(w *world) ask { return ask{}.with("person", w.SecretaryA.String()) },
	"unit.FoundGroup": func(w *world) ask {
		return aboutCellA(w).sending(fields{"name": "Tổ đảng 3", "leader": w.MemberA, "founded": "2026-11-03"})
	},
	"unit.ChangeGroup": func(w *world) ask {
		return w.group().sending(fields{"name": "Tổ đảng Một", "leader": w.DeputyA})
	},
	"unit.EndGroup": func(w *world) ask { return w.group().sending(fields{"day": "2026-11-03"}) },

	"overview.OnDesk": aboutCellA,
	"overview.Look": func(w *world) ask {
		a := unitAt(func(w *world) orgtree.Unit { return w.Commune })(w)
		a.query = "?months=4"
		return a
	},
	"overview.Reports": unitAt(func(w *world) orgtree.Unit { return w.Commune }),
	"account.In":       aboutCellA,

	"hook.At": aboutCellA,
	"hook.Subscribe": func(w *world) ask {
		return aboutCellA(w).sending(fields{"address": "https://example.vn/hook", "nouns": []string{"meeting"}})
	},
	"hook.Change": func(w *world) ask { return w.hook().sending(fields{"address": "https://example.vn/other"}) },
	"hook.Remove": (*world).hook,
}

func (w *world) hook() ask {
	h := console(w, func(tx *db.Tx, by access.Actor) (hook.Hook, error) {
		h, _, err := hook.Subscribe(tx, by, w.CellA.ID, hook.Settings{Address: "https://example.vn/hook"})
		return h, err
	})
	return ask{version: h.Version}.with("hook", h.ID.String())
}

// person asks about a member of cell A.
func (w *world) person(p access.PersonID) ask {
	var m member.Brief
	w.k.View(func(tx *db.Tx) (err error) {
		m, err = member.Find(tx, access.Console(), p)
		return err
	})
	return ask{version: m.Version}.with("person", p.String())
}

// probationary asks about somebody whose probation is over.
func (w *world) probationary() ask {
	return w.person(console(w, func(tx *db.Tx, by access.Actor) (member.Member, error) {
		ceremony := clock.NewDate(2025, 10, 10)
		return member.Register(tx, by, member.New{
			Unit: w.CellA.ID, Status: member.Probationary, From: ceremony,
			Core: member.Core{BirthName: "Hà Văn Thử", Sex: member.Male, Birth: clock.NewDate(2000, 1, 2), Admitted: ceremony.AddDays(-9), Ceremony: ceremony},
		})
	}).ID)
}

// card is the number of a member's card.
func (w *world) card(p access.PersonID) (number string) {
	w.k.Update(func(tx *db.Tx) error {
		f, err := member.Open(tx, access.Console(), p, "thử")
		number = f.Card
		return err
	})
	return number
}

// plain is a member of cell A who is none of the callers.
func plain(w *world) ask { return w.person(w.MembersA[12]) }

// caller is one of the callers, who may as well for themselves.
func caller(w *world) ask { return w.person(w.MemberA).by(is(w.MemberA)) }

var memberAsks = map[string]func(w *world) ask{
	"member.List":   func(w *world) ask { return ask{query: "?words=a&limit=5"} },
	"member.Export": aboutCellA,
	"member.Register": func(w *world) ask {
		return ask{body: fields{"unit": w.CellA.ID, "status": "probationary", "from": "2026-10-10", "birth_name": "Lý Thị Mới", "sex": "female", "birth": "2004-05-06", "admitted": "2026-10-01", "ceremony": "2026-10-10"}}
	},
	"member.ByCard":   func(w *world) ask { return ask{}.with("card", w.card(w.MembersA[12])) },
	"member.Find":     caller,
	"member.Open":     func(w *world) ask { a := caller(w); a.query = "?reason=" + "kiểm+tra"; return a },
	"member.Readings": caller, "member.History": caller,
	"member.Edit": func(w *world) ask {
		return plain(w).sending(fields{"sex": "male", "cv": fields{"home": "xã An Bình"}, "document": "Quyết định 10-QĐ/ĐU", "birth_name": "Trần Văn Sửa", "birth": "1970-01-01", "admitted": "1995-01-10", "ceremony": "1995-02-03", "recognised": "1996-02-03"})
	},
	"member.AssignGroup": func(w *world) ask { return plain(w).sending(fields{"group": w.GroupA2.ID}) },
	"member.Recognise": func(w *world) ask {
		return w.probationary().sending(fields{"day": "2026-11-03", "decision": "Quyết định 11-QĐ/ĐU"})
	},
	"member.Leave": func(w *world) ask {
		return plain(w).sending(fields{"status": "deceased", "day": "2026-11-02", "document": "Giấy chứng tử 12", "reason": "Từ trần"})
	},
	"member.MoveToCell": func(w *world) ask {
		return plain(w).sending(fields{"unit": w.CellB.ID, "from": "2026-11-03", "document": "Quyết định 13-QĐ/ĐU"}).to(w.CellB)
	},
	"member.AddOverlay": func(w *world) ask {
		return plain(w).sending(fields{"kind": "temp_away", "from": "2026-11-03", "to": "2026-12-31", "document": "Đơn xin phép", "reason": "Đi làm xa"})
	},
	"member.EndOverlay": func(w *world) ask {
		o := console(w, func(tx *db.Tx, by access.Actor) (member.Overlay, error) {
			return member.AddOverlay(tx, by, w.MembersA[13], member.NewOverlay{Kind: "temp_away", From: clock.NewDate(2026, 10, 1), Document: "Đơn", Reason: "Đi xa"})
		})
		return ask{version: o.Version}.with("overlay", o.ID.String()).sending(fields{"day": "2026-11-03", "reason": "Đã về"})
	},
	"account.Invite": plain,
	"account.Block":  func(w *world) ask { return w.person(w.MemberA) },
	"account.Unblock": func(w *world) ask {
		w.Token(w.MembersA[14])
		w.k.Update(func(tx *db.Tx) error { return blocked(tx, w.MembersA[14]) })
		return w.person(w.MembersA[14])
	},
	"token.Of": func(w *world) ask { return w.person(w.MemberA) },
	"token.Revoke": func(w *world) ask {
		return ask{concerned: is(w.MemberA)}.with("token", w.token(w.MemberA).ID.String())
	},
}

func (w *world) token(of access.PersonID) (t token.Token) {
	w.act(of, func(tx *db.Tx, by access.Actor) (err error) {
		_, t, err = token.Create(tx, by, token.New{Owner: of, Name: "thử", Writes: true, Days: 30})
		return err
	})
	return t
}

// nothingBut asks for what is the caller's own.
func nothingBut(*world) ask { return ask{} }

var ownAsks = map[string]func(w *world) ask{
	"account.Find": nothingBut, "account.Sessions": nothingBut, "token.Mine": nothingBut, "notice.Inbox": nothingBut, "notice.Unread": nothingBut,
	"task.Mine": nothingBut, "overview.Followed": nothingBut, "journal.Since": nothingBut,
	"account.Entries": nothingBut, "account.FactorsOf": nothingBut, "account.Identities": nothingBut,
	"account.EndSessions": nothingBut, "account.EndOtherSessions": nothingBut, "token.Longest": nothingBut,
	"account.EndSession": func(w *world) ask {
		w.Token(w.MemberA)
		var open []account.Session
		w.act(w.MemberA, func(tx *db.Tx, by access.Actor) (err error) {
			open, err = account.Sessions(tx, by)
			return err
		})
		return ofMemberA(w).with("session", open[0].ID.String())
	},
	"account.RenamePasskey": func(w *world) ask {
		return ofMemberA(w).with("passkey", w.passkey().String()).sending(fields{"name": "Điện thoại mới"})
	},
	"account.ChangeContact": func(w *world) ask {
		var own account.Account
		w.act(w.MemberA, func(tx *db.Tx, by access.Actor) (err error) {
			own, err = account.Find(tx, by, by.Person)
			return err
		})
		return ask{version: own.Version}.sending(fields{"phone": "0912345678"})
	},
	"account.ResetInPerson": func(w *world) ask {
		card := w.card(w.MemberA)
		return w.person(w.MemberA).sending(fields{"card": card[len(card)-4:]})
	},
	"token.Create":  func(*world) ask { return ask{}.sending(fields{"name": "báo cáo", "days": 30}) },
	"notice.Opened": nothingBut, "notice.Waiting": nothingBut, "meeting.Invited": nothingBut,
	"notice.Find":    (*world).notice,
	"notice.Seen":    (*world).notice,
	"notice.SeenAll": func(w *world) ask { return ask{body: fields{"newest": w.notice().path["notice"]}} },
}

// passkey is one of a member of A, as its rows stand.
func (w *world) passkey() account.PasskeyID {
	key := id.New[account.Passkey]()
	w.Token(w.MemberA)
	w.k.Update(func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO account_passkey (id, account_id, credential_id, credential, name, added)
			SELECT $1, a.id, $2, '{}', 'Điện thoại', $3 FROM account a WHERE a.person_id = $4`, key, key.String(), tx.Now, w.MemberA)
		return err
	})
	return key
}

func (w *world) notice() ask {
	var list []notice.Received
	w.act(w.MemberA, func(tx *db.Tx, by access.Actor) (err error) {
		list, err = notice.Inbox(tx, by, 0, 1)
		return err
	})
	if len(list) == 0 {
		w.k.T.Fatal("nobody was told anything")
	}
	return ask{concerned: is(w.MemberA)}.with("notice", list[0].ID.String())
}

// file puts a text into the store.
func (w *world) file(text string) (hash string, size int64) {
	f, err := w.Page.Files.Put("bản-ghi.txt", strings.NewReader(text), 1<<20)
	if err != nil {
		w.k.T.Fatal(err)
	}
	return f.Hash, f.Size
}

func (w *world) attached(of meeting.ID, text string) (id string) {
	hash, size := w.file(text)
	w.act(w.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		a, err := meeting.AttachDocument(tx, by, of, meeting.Document{Name: "bản-ghi.txt", Media: "text/plain", Hash: hash, Size: size})
		id = a.ID.String()
		return err
	})
	return id
}
