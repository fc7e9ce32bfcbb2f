package api_test

import (
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/minutes"
	"chibo/internal/domain/resolution"
	"chibo/internal/domain/score"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// assigned is a new task of a member of A, in the version that it has.
func (w *world) assigned(then ...func(tx *db.Tx, by access.Actor, t task.Row) error) ask {
	var id task.ID
	w.act(w.SecretaryA, func(tx *db.Tx, by access.Actor) (err error) {
		id, err = task.Assign(tx, by, w.CellA.ID, task.New{
			Title: "Vận động làm đường", Area: task.Economy, Assignee: task.Assignee{Person: w.MemberA}, Due: clock.NewDate(2026, 11, 20),
		})
		return err
	})
	for _, step := range then {
		w.act(w.SecretaryA, func(tx *db.Tx, by access.Actor) error { return step(tx, by, w.row(tx, id)) })
	}
	return w.taskAsk(id)
}

func (w *world) row(tx *db.Tx, id task.ID) task.Row {
	row, _, err := task.Find(tx, access.Console(), id)
	if err != nil {
		w.k.T.Fatal(err)
	}
	return row
}

func (w *world) taskAsk(id task.ID) (a ask) {
	w.k.View(func(tx *db.Tx) error {
		a = ask{version: w.row(tx, id).Version, concerned: is(w.MemberA)}.with("task", id.String())
		return nil
	})
	return a
}

func started(tx *db.Tx, by access.Actor, t task.Row) error {
	return task.Accept(tx, by, t.ID, t.Version)
}

func finished(tx *db.Tx, by access.Actor, t task.Row) error {
	return task.ReportDone(tx, by, t.ID, t.Version, task.Report{Text: "Xong đoạn đầu thôn"})
}

func half(tx *db.Tx, by access.Actor, t task.Row) error {
	return task.Assess(tx, by, t.ID, t.Version, task.Judgement{Outcome: task.Partly, Note: "Còn đoạn cuối thôn"})
}

// plainTask is a task about which only the action counts.
func (w *world) plainTask() ask {
	a := w.assigned()
	a.concerned = nil
	return a
}

func (w *world) evidence() ask {
	hash, size := w.file("minh chứng")
	a := w.assigned(started, func(tx *db.Tx, by access.Actor, t task.Row) error {
		_, err := task.Attach(tx, by, t.ID, task.File{Name: "minh-chứng.txt", Media: "text/plain", Hash: hash, Size: size})
		return err
	})
	w.k.View(func(tx *db.Tx) error {
		var id task.ID
		if err := id.UnmarshalText([]byte(a.path["task"])); err != nil {
			return err
		}
		files, err := task.Evidence(tx, access.Console(), id)
		a = a.with("file", files[0].ID.String())
		return err
	})
	return a
}

func judgedTask(w *world) ask {
	a := w.assigned(started, finished, half)
	a.concerned = func(access.Actor) bool { return true }
	return a
}

var taskAsks = map[string]func(w *world) ask{
	"task.OfUnit":    func(w *world) ask { a := aboutCellA(w); a.query = "?limit=2&open=true"; return a },
	"task.LastTasks": about(inSession),
	"task.WithoutTask": func(w *world) ask {
		return aboutCellA(w).by(func(by access.Actor) bool { return by.Can(access.MemberRead, w.CellA) })
	},
	"task.Find": (*world).plainTask, "task.May": (*world).plainTask, "task.Chain": (*world).plainTask, "task.Evidence": (*world).plainTask,
	"task.Assign": func(w *world) ask {
		return aboutCellA(w).sending(fields{"title": "Thăm gia đình chính sách", "area": "economy_society", "assignee": fields{"person": w.MemberA}, "due": "2026-11-30"})
	},
	"task.Accept": func(w *world) ask { return w.assigned() },
	"task.Decline": func(w *world) ask {
		a := w.assigned(started, func(tx *db.Tx, by access.Actor, t task.Row) error {
			return task.HandOver(tx, by, t.ID, t.Version, w.MembersA[6], "Đi xa")
		})
		return a.sending(fields{"reason": "Bận việc"}).by(is(w.MembersA[6]))
	},
	"task.Progress": func(w *world) ask {
		return w.assigned(started).sending(fields{"text": "Được một nửa", "percent": 50})
	},
	"task.ReportDone": func(w *world) ask { return w.assigned(started).sending(fields{"text": "Xong"}) },
	"task.Assess": func(w *world) ask {
		return w.assigned(started, finished).sending(fields{"outcome": "done"}).by(nil)
	},
	"task.HandOver": func(w *world) ask {
		return w.assigned(started).sending(fields{"to": w.MembersA[6], "reason": "Đi xa"})
	},
	"task.Extend": func(w *world) ask {
		return w.plainTask().sending(fields{"due": "2026-12-20", "reason": "Mưa nhiều"})
	},
	"task.Adjust": func(w *world) ask {
		return w.plainTask().sending(fields{"title": "Vận động làm 2 km đường", "area": "economy_society", "reason": "Thêm đoạn"})
	},
	"task.Explain":  func(w *world) ask { return w.taskAsk(w.late).sending(fields{"reason": "Mưa lũ"}) },
	"task.Withdraw": func(w *world) ask { return w.plainTask().sending(fields{"reason": "Không cần nữa"}) },
	"task.CarryOver": func(w *world) ask {
		return judgedTask(w).sending(fields{"due": "2026-12-20", "title": "Làm nốt đoạn cuối thôn", "area": "economy_society", "assignee": fields{"person": w.MemberA}})
	},
	"task.CarryUnfinished": about(inSession),
	"task.Attach": func(w *world) ask {
		a := w.assigned(started)
		a.query, a.file = "?name=anh.txt", []byte("một tệp nhỏ")
		return a
	},
	"task.FindEvidence": func(w *world) ask { return w.evidence().by(nil) },
	"task.Detach":       (*world).evidence,

	"meeting.Documents": about(inSession),
	"meeting.AttachDocument": func(w *world) ask {
		a := w.on(w.announced)
		a.query, a.file = "?name=bao-cao.txt", []byte("báo cáo")
		return a
	},
	"meeting.FindDocument":   func(w *world) ask { return w.on(w.inSession).with("file", w.posted) },
	"meeting.RemoveDocument": func(w *world) ask { return w.on(w.announced).with("file", w.draftFile) },
	"meeting.PostDocuments":  about(announced),
}

// draft asks about the draft of the meeting in session.
func (w *world) draft() ask { return w.resolutionAsk(w.drafted) }

func (w *world) resolutionAsk(of resolution.ID) (a ask) {
	w.k.View(func(tx *db.Tx) error {
		r, err := resolution.Find(tx, access.Console(), of)
		a = ask{version: r.Version, subject: int64(r.Meeting)}.with("resolution", of.String())
		return err
	})
	return a
}

// line asks about a line of the draft.
func (w *world) line(at int) (a ask) {
	a = w.draft()
	w.k.View(func(tx *db.Tx) error {
		_, text, err := resolution.Read(tx, access.Console(), w.drafted)
		a = a.with("line", text.Tasks[at].Task.String()).in(text.Tasks[at].Version)
		return err
	})
	return a
}

var lineBody = fields{"title": "Phát quang đường thôn", "area": "economy_society", "due": "2026-11-25"}

var resolutionAsks = map[string]func(w *world) ask{
	"resolution.List":      func(w *world) ask { a := aboutCellA(w); a.query = "?below=true"; return a },
	"resolution.OfMeeting": about(inSession),
	"resolution.Find":      (*world).draft, "resolution.Read": (*world).draft,
	"resolution.Draft": func(w *world) ask { return w.on(w.closed) },
	"resolution.DraftOther": func(w *world) ask {
		return w.on(w.inSession).sending(fields{"kind": "thematic", "title": "Nghị quyết về môi trường", "from": "2026-11-01", "to": "2026-12-31"})
	},
	"resolution.Rename": func(w *world) ask { return w.draft().sending(fields{"title": "Nghị quyết tháng 11"}) },
	"resolution.EditSection": func(w *world) ask {
		return w.draft().with("section", "direction").sending(fields{"body": "Tập trung thu hoạch.", "version": w.section("direction")})
	},
	"resolution.AddLine": func(w *world) ask { return w.draft().sending(lineBody) },
	"resolution.AddRest": func(w *world) ask {
		rest := judgedTask(w)
		return w.draft().with("line", rest.path["task"]).in(rest.version).sending(fields{"due": "2026-12-20", "title": "Làm nốt", "area": "economy_society", "assignee": fields{"person": w.MemberA}})
	},
	"resolution.ChangeLine": func(w *world) ask { return w.line(0).sending(lineBody) },
	"resolution.MoveLine":   func(w *world) ask { return w.line(1) },
	"resolution.RemoveLine": func(w *world) ask { return w.line(0) },
	"resolution.Discard":    func(w *world) ask { return w.draft().sending(fields{"reason": "Soạn lại"}) },
	"resolution.Adopt": func(w *world) ask {
		of, vote := w.votedOn()
		return w.resolutionAsk(of).sending(fields{"vote": vote})
	},
	"resolution.Issue": func(w *world) ask {
		of, _ := w.adopted()
		return w.resolutionAsk(of).sending(fields{"place": "An Bình"})
	},
	"resolution.Amend": func(w *world) ask {
		of, _ := w.adopted()
		return w.resolutionAsk(of).sending(fields{"reason": "Ghi sót một xóm", "sections": []fields{{"section": "direction", "body": "Làm cả xóm 4.", "version": 1}}})
	},
	"resolution.Editions": func(w *world) ask {
		of, _ := w.adopted()
		return w.resolutionAsk(of)
	},
	"resolution.ReadEdition": func(w *world) ask {
		of, _ := w.adopted()
		return w.resolutionAsk(of).with("edition", "1")
	},
	"resolution.Corrected": func(w *world) ask {
		of, vote := w.adopted()
		w.act(w.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			_, err := meeting.CorrectVote(tx, by, vote, meeting.Tally{Yes: 19, No: 5}, nil, "đếm nhầm một hàng ghế")
			return err
		})
		return w.resolutionAsk(of)
	},
	"resolution.Numbered":        aboutCellA,
	"resolution.ContinueNumbers": func(w *world) ask { return aboutCellA(w).sending(fields{"last": 7}) },
	"numbering.Register":         func(w *world) ask { return aboutCellA(w).with("document", "resolution") },
	"numbering.Continue": func(w *world) ask {
		return aboutCellA(w).with("document", "resolution").sending(fields{"issuer": "cell", "term": "2025-07-01", "given": 7})
	},
}

func (w *world) section(name resolution.Section) (version int64) {
	w.k.View(func(tx *db.Tx) error {
		_, text, err := resolution.Read(tx, access.Console(), w.drafted)
		for _, s := range text.Sections {
			if s.Section == name {
				version = s.Version
			}
		}
		return err
	})
	return version
}

// votedOn is a resolution that is ready, with the vote that it passed.
func (w *world) votedOn() (of resolution.ID, vote meeting.VoteID) {
	w.act(w.SecretaryA, func(tx *db.Tx, by access.Actor) (err error) {
		if of, err = resolution.DraftOther(tx, by, resolution.New{
			Meeting: w.inSession, Kind: resolution.Other, Title: "Nghị quyết về vệ sinh", From: clock.NewDate(2026, 11, 1), To: clock.NewDate(2026, 12, 31),
		}); err != nil {
			return err
		}
		for _, section := range []resolution.Section{resolution.Situation, resolution.Direction} {
			if err := resolution.EditSection(tx, by, of, section, 0, "Nội dung đã thống nhất."); err != nil {
				return err
			}
		}
		v, err := meeting.CallVote(tx, by, meeting.Question{Meeting: w.inSession, Title: "Thông qua", Form: meeting.Hand, Noun: "resolution", NounID: int64(of)})
		if err != nil {
			return err
		}
		vote = v.ID
		_, err = meeting.RecordVote(tx, by, v.ID, meeting.Tally{Yes: 20, No: 4}, nil)
		return err
	})
	return of, vote
}

// adopted is a resolution that a meeting adopted by the vote.
func (w *world) adopted() (resolution.ID, meeting.VoteID) {
	of, vote := w.votedOn()
	w.act(w.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		r, err := resolution.Find(tx, by, of)
		if err != nil {
			return err
		}
		return resolution.Adopt(tx, by, of, r.Version, vote)
	})
	return of, vote
}

func (w *world) minutesAsk(of minutes.ID) (a ask) {
	w.k.View(func(tx *db.Tx) error {
		m, err := minutes.Find(tx, access.Console(), of)
		a = ask{version: m.Version, subject: int64(m.Meeting)}.with("minutes", of.String())
		return err
	})
	return a
}

// draftMinutes are of a meeting that has ended; who was there reads them.
func draftMinutes(w *world) ask {
	a := w.minutesAsk(w.minutesDraft)
	a.sees = is(w.MembersA...)
	return a.by(is(w.SecretaryA))
}

func sealedMinutes(w *world) ask { return w.minutesAsk(w.sealed) }

var resultAsks = map[string]func(w *world) ask{
	"minutes.Versions": about(func(w *world) meeting.ID { return w.recorded }),
	"minutes.Current":  about(func(w *world) meeting.ID { return w.recorded }),
	"minutes.Find":     sealedMinutes, "minutes.Verify": sealedMinutes, "minutes.Corrections": sealedMinutes,
	"minutes.Draft": func(w *world) ask { return w.on(w.inSession).by(is(w.SecretaryA)) },
	"minutes.Renew": draftMinutes,
	"minutes.EditText": func(w *world) ask {
		return draftMinutes(w).with("section", "conclusions").sending(fields{"text": "Thống nhất."})
	},
	"minutes.Approve": draftMinutes,
	"minutes.Amend": func(w *world) ask {
		return aboutReason(func(w *world) meeting.ID { return w.recorded })(w).by(is(w.SecretaryA))
	},
	"minutes.ProposeCorrection": func(w *world) ask {
		return sealedMinutes(w).sending(fields{"text": "Ghi lại ý kiến của tôi."}).by(is(w.MembersA...))
	},
	"minutes.AnswerCorrection": func(w *world) ask {
		var c minutes.Correction
		w.act(w.MemberA, func(tx *db.Tx, by access.Actor) (err error) {
			c, err = minutes.ProposeCorrection(tx, by, w.sealed, "Thiếu một ý kiến.")
			return err
		})
		return ask{version: c.Version, subject: int64(w.recorded)}.with("correction", c.ID.String()).sending(fields{"answer": "refused", "reason": "Đã ghi đủ"}).by(is(w.SecretaryA))
	},
	"score.Propose": about(published),
	"score.Find":    about(reported),
	"score.Confirm": func(w *world) ask { return w.on(w.published).sending(fields{"version": 0, "claims": w.claims()}) },
}

// claims are what the records show.
func (w *world) claims() (claims []fields) {
	w.k.View(func(tx *db.Tx) error {
		sheet, err := score.Propose(tx, access.Console(), w.published)
		for _, l := range sheet.Lines {
			switch {
			case l.Counted && l.Decided:
				claims = append(claims, fields{"line": l.ID, "points": l.Proposed})
			case l.Counted:
				claims = append(claims, fields{"line": l.ID, "points": l.Max})
			}
		}
		return err
	})
	return claims
}

var paperAsks = map[string]func(w *world) ask{
	"document.Notice": about(announced), "document.Agenda": about(announced), "document.NoticeSheet": about(announced),
	"document.RollSheet": about(published), "document.ScoreSheet": about(reported),
	"document.Minutes":        about(func(w *world) meeting.ID { return w.recorded }),
	"document.MinutesVersion": sealedMinutes,
	"document.Resolution":     (*world).draft,
	"document.TaskList":       func(w *world) ask { return aboutCellA(w).asking("?from=2026-10-01&to=2026-12-31&format=docx") },
	"overview.WriteWorkbook":  unitAt(func(w *world) orgtree.Unit { return w.Commune }),
}
