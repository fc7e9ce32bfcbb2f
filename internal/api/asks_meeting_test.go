package api_test

import (
	"slices"
	"strconv"

	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// on asks about a meeting.
func (w *world) on(of meeting.ID) ask {
	return ask{path: map[string]string{"meeting": of.String()}, subject: int64(of), version: w.version(of)}
}

// with puts another record into the address.
func (a ask) with(name, value string) ask {
	path := map[string]string{name: value}
	for n, v := range a.path {
		path[n] = v
	}
	a.path = path
	return a
}

func (a ask) sending(body any) ask {
	a.body = body
	return a
}

func (a ask) in(version int64) ask {
	a.version = version
	return a
}

func (a ask) by(concerned func(access.Actor) bool) ask {
	a.concerned = concerned
	return a
}

// to is where something is brought: the action is needed there too.
func (a ask) to(u orgtree.Unit) ask {
	a.there = u
	return a
}

func (w *world) item(of meeting.ID) (ask, meeting.Item) {
	i := first(w, of, func(tx *db.Tx, by access.Actor, of meeting.ID) ([]meeting.Item, error) {
		all, err := meeting.Agenda(tx, by, of)
		return slices.DeleteFunc(all, func(i meeting.Item) bool { return len(i.Headings) == 0 }), err
	})
	return w.on(of).with("item", i.ID.String()).in(i.Version), i
}

// fromAbove holds the action at another unit than cell A.
func (w *world) fromAbove(by access.Actor) bool {
	grant, ok := by.Why(access.MeetingAcknowledge, w.CellA)
	return ok && grant.Unit != w.CellA.ID
}

func extraordinary(w *world, day clock.Date) fields {
	return fields{"unit": w.CellA.ID, "kind": "extraordinary", "starts": day.At(19, 0), "minutes": 60, "place": "Nhà văn hóa", "day_reason": "việc gấp"}
}

func about(of func(w *world) meeting.ID) func(w *world) ask {
	return func(w *world) ask { return w.on(of(w)) }
}

func aboutReason(of func(w *world) meeting.ID) func(w *world) ask {
	return func(w *world) ask { return w.on(of(w)).sending(fields{"reason": "việc gấp"}) }
}

var (
	planned   = func(w *world) meeting.ID { return w.planned }
	announced = func(w *world) meeting.ID { return w.announced }
	inSession = func(w *world) meeting.ID { return w.inSession }
	minuted   = func(w *world) meeting.ID { return w.minuted }
	published = func(w *world) meeting.ID { return w.published }
	reported  = func(w *world) meeting.ID { return w.reported }
)

var meetingAsks = map[string]func(w *world) ask{
	"meeting.List":     func(w *world) ask { return ask{query: "?unit=" + w.CellA.ID.String() + "&below=true&limit=3"} },
	"meeting.Schedule": func(w *world) ask { return ask{body: extraordinary(w, clock.NewDate(2026, 11, 25))} },
	"meeting.PlanYear": func(w *world) ask {
		return ask{body: fields{"unit": w.CellA.ID, "year": 2027, "hour": 19, "minute": 30, "place": "Nhà văn hóa", "topics": []string{"Học tập", "", "", ""}}}
	},
	"meeting.ProposeDay":         func(w *world) ask { return ask{query: "?month=2026-12"}.with("unit", w.CellA.ID.String()) },
	"meeting.Next":               func(w *world) ask { return ask{}.with("unit", w.CellA.ID.String()) },
	"meeting.InMonth":            func(w *world) ask { return ask{}.with("unit", w.CellA.ID.String()).with("month", "2026-11") },
	"meeting.Find":               about(reported),
	"meeting.MonthlyBefore":      about(published),
	"meeting.Moves":              about(published),
	"meeting.Announce":           about(planned),
	"meeting.Delivery":           about(announced),
	"meeting.Reports":            about(reported),
	"meeting.Cancel":             aboutReason(announced),
	"score.Publish":              about(minuted),
	"score.Report":               about(published),
	"meeting.Acknowledge":        func(w *world) ask { return w.on(w.reported).by(w.fromAbove) },
	"meeting.SendBack":           func(w *world) ask { return aboutReason(reported)(w).by(w.fromAbove) },
	"meeting.Steps":              about(announced),
	"meeting.Ready":              about(announced),
	"meeting.MarkPrepared":       about(planned),
	"meeting.SuggestMinuteTaker": about(announced),
	"meeting.SuggestStory":       about(announced),
	"meeting.Agenda":             about(announced),
	"meeting.Open":               func(w *world) ask { return w.on(w.announced).sending(fields{}) },
	"meeting.Close":              func(w *world) ask { return w.on(w.ending).sending(fields{}) },
	"meeting.Roll":               about(published),
	"meeting.Mine":               func(w *world) ask { return w.on(w.inSession).by(is(w.MembersA...)) },
	"meeting.Counts":             about(inSession),
	"meeting.RefreshRoll":        about(inSession),
	"meeting.CheckInCode":        about(inSession),
	"meeting.RenewCode":          about(inSession),
	"meeting.Guests":             about(published),
	"meeting.Opinions":           about(published),
	"meeting.Speakers":           about(inSession),
	"meeting.Criticisms":         about(inSession),
	"meeting.RemarkCounts":       about(inSession),
	"meeting.Matters":            about(inSession),
	"meeting.Votes":              about(published),
	"meeting.Base":               func(w *world) ask { return w.on(w.inSession).with("matter", first(w, w.inSession, meeting.Matters).ID) },

	"meeting.Change": func(w *world) ask {
		return w.on(w.announced).sending(fields{
			"unit": w.CellA.ID, "kind": "regular", "starts": clock.NewDate(2026, 12, 3).At(19, 0), "minutes": 120, "place": "Trường học", "day_reason": "mưa lũ",
		})
	},
	"meeting.Postpone": func(w *world) ask {
		return w.on(w.announced).sending(fields{"starts": clock.NewDate(2026, 12, 5).At(19, 0), "reason": "mưa lũ"})
	},
	"meeting.Tell": func(w *world) ask {
		return w.on(w.announced).sending(fields{"people": w.MembersA[5:7], "channel": "sheet"})
	},
	"meeting.CompleteStep": func(w *world) ask { return w.step(false).sending(fields{"note": "Làm trên giấy"}) },
	"meeting.ReopenStep":   func(w *world) ask { return w.step(true) },
	"meeting.AssignStep":   func(w *world) ask { return w.step(false).sending(fields{"person": w.MemberA}) },
	"meeting.NameMinuteTaker": func(w *world) ask {
		return w.on(w.announced).sending(fields{"person": w.MembersA[6]})
	},

	"meeting.AddItem": func(w *world) ask { return w.on(w.inSession).sending(fields{"title": "Việc khác", "minutes": 5}) },
	"meeting.ChangeItem": func(w *world) ask {
		a, i := w.item(w.inSession)
		return a.sending(fields{"title": i.Title, "note": "Nêu rõ kết quả", "minutes": 10})
	},
	"meeting.MoveItem":   func(w *world) ask { a, _ := w.item(w.inSession); return a.sending(fields{"place": 2}) },
	"meeting.RemoveItem": func(w *world) ask { a, _ := w.item(w.inSession); return a },
	"meeting.StartItem":  func(w *world) ask { a, _ := w.item(w.inSession); return a },
	"meeting.FinishItem": func(w *world) ask { a, _ := w.item(w.inSession); return a },
	"meeting.SkipItem": func(w *world) ask {
		a, _ := w.item(w.inSession)
		return a.sending(fields{"reason": "Không có việc"})
	},
	"meeting.TickHeading": func(w *world) ask {
		a, _ := w.item(w.inSession)
		return a.with("heading", strconv.Itoa(0)).sending(fields{"done": true})
	},

	"meeting.Mark": func(w *world) ask {
		return w.on(w.inSession).with("person", w.MemberA.String()).sending(fields{"mark": "excused", "reason": "ốm"})
	},
	"meeting.MarkAll": func(w *world) ask {
		return w.on(w.inSession).sending(fields{"calls": []fields{{"person": w.MemberA, "mark": "absent"}}})
	},
	"meeting.CheckIn": func(w *world) ask {
		return w.on(w.inSession).sending(fields{"code": w.code()}).by(is(w.MembersA...))
	},
	"meeting.AddGuest": func(w *world) ask {
		return w.on(w.inSession).sending(fields{"name": "Ông Ba", "office": "Trưởng thôn"})
	},
	"meeting.RemoveGuest": func(w *world) ask {
		return w.on(w.inSession).with("guest", first(w, w.inSession, meeting.Guests).ID.String())
	},
	"meeting.Speak": func(w *world) ask {
		return w.on(w.inSession).sending(fields{"person": w.MembersA[7], "text": "Nhất trí."})
	},
	"meeting.ChangeOpinion": func(w *world) ask { return w.opinion().sending(fields{"text": "Nhất trí cao."}) },
	"meeting.RemoveOpinion": func(w *world) ask { return w.opinion() },
	"meeting.Criticise": func(w *world) ask {
		return w.on(w.inSession).sending(fields{"kind": "praise", "author": w.MembersA[7], "person": w.MembersA[8], "text": "Gương mẫu."})
	},
	"meeting.Reply":            func(w *world) ask { return w.remark().sending(fields{"reply": "Xin tiếp thu."}) },
	"meeting.CriticismReaders": func(w *world) ask { return w.remark() },
	"meeting.CallVote": func(w *world) ask {
		return w.on(w.inSession).sending(fields{"title": "Thông qua kế hoạch", "form": "hand"})
	},
	"meeting.RecordVote": func(w *world) ask {
		return w.on(w.inSession).with("vote", w.called.String()).sending(fields{"tally": fields{"yes": 1}})
	},
	"meeting.CorrectVote": func(w *world) ask {
		return w.on(w.inSession).with("vote", w.counted.String()).sending(fields{"tally": fields{"yes": 2}, "reason": "Đếm nhầm"})
	},
	"meeting.WithdrawVote": func(w *world) ask { return w.on(w.inSession).with("vote", w.called.String()) },
}
