package tasks

import (
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/errs"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// act is the answer to a form about a task: it reads the form, calls one verb,
// and leads back to the task.
func act(r *page.Request, done string, do func(v visit, in *page.Input) error) (page.Answer, error) {
	v, err := enter(r)
	if err != nil {
		return nil, err
	}
	if err := do(v, r.Input()); err != nil {
		return nil, err
	}
	return v.done("work.done." + done), nil
}

func showProgress(r *page.Request) (page.Answer, error) {
	v, err := enterFor(r, func(c task.Choices) bool { return c.Progress })
	if err != nil {
		return nil, err
	}
	return v.form("progress", v.area("text", "work.field.progress", "", false), v.amountSoFar(), v.evidence())
}

func progress(r *page.Request) (page.Answer, error) {
	return act(r, "progress", func(v visit, in *page.Input) error {
		u := task.Update{Text: in.Block("text"), Percent: in.Int("percent"), Done: int64(in.Int("done"))}
		if err := in.Err(); err != nil {
			return err
		}
		if err := task.Progress(r.Tx, r.By, v.Row.ID, in.Version(), u); err != nil {
			return err
		}
		return attach(v)
	})
}

func showReport(r *page.Request) (page.Answer, error) {
	v, err := enterFor(r, func(c task.Choices) bool { return c.Report })
	if err != nil {
		return nil, err
	}
	result := v.area("text", "work.field.result", "", true)
	if !v.Row.Counted() {
		return v.form("report", append(lateFields(v), result, v.evidence())...)
	}
	return v.form("report", append(lateFields(v), v.amountSoFar(), result, v.evidence())...)
}

func report(r *page.Request) (page.Answer, error) {
	return act(r, "report", func(v visit, in *page.Input) error {
		p := task.Report{Text: in.Block("text"), Done: int64(in.Int("done")), Day: in.Date("day"), LateReason: in.Block("late_reason")}
		if err := in.Err(); err != nil {
			return err
		}
		if err := attach(v); err != nil {
			return err
		}
		return task.ReportDone(r.Tx, r.By, v.Row.ID, in.Version(), p)
	})
}

func showFiles(r *page.Request) (page.Answer, error) {
	v, err := enterFor(r, func(c task.Choices) bool { return c.Attach })
	if err != nil {
		return nil, err
	}
	return v.form("files", v.evidence())
}

func addFiles(r *page.Request) (page.Answer, error) {
	return act(r, "files", func(v visit, _ *page.Input) error {
		if len(r.Uploads["files"]) == 0 {
			return errs.Field("files", "work.error.no_file")
		}
		return attach(v)
	})
}

func showAssess(r *page.Request) (page.Answer, error) {
	v, err := enterFor(r, func(c task.Choices) bool { return c.Assess })
	if err != nil {
		return nil, err
	}
	options := []ui.Option{
		{Value: string(task.Done), Label: v.T("task.outcome.done"), Help: v.T("work.outcome.done_help"), Tone: ui.Good},
		{Value: string(task.Partly), Label: v.T("task.outcome.partly"), Help: v.T("work.outcome.partly_help"), Tone: ui.Warn},
		{Value: string(task.NotDone), Label: v.T("task.outcome.not_done"), Help: v.T("work.outcome.not_done_help"), Tone: ui.Bad},
	}
	if v.Row.State != task.Reported {
		options = options[1:] // done needs a report
	} else {
		options = append(options, ui.Option{Value: sendBack, Label: v.T("work.outcome.send_back"), Help: v.T("work.outcome.send_back_help")})
	}
	note := v.area("note", "work.field.note", "", false)
	note.Help = v.T("work.field.note_help")
	return v.form("assess", ui.ChoiceField{
		Name: "outcome", Label: v.T("work.field.outcome"), Options: options, Value: v.Value("outcome", ""), Error: v.Errors().For("outcome"), Required: true,
	}, note)
}

// sendBack stands among the outcomes of the form for one that is none yet.
const sendBack = "send_back"

func assess(r *page.Request) (page.Answer, error) {
	outcome := r.Form.Get("outcome")
	done := "assess"
	if outcome == sendBack {
		done = "sent_back"
	}
	return act(r, done, func(v visit, in *page.Input) error {
		return task.Assess(r.Tx, r.By, v.Row.ID, in.Version(), task.Judgement{
			SendBack: outcome == sendBack, Outcome: task.Outcome(outcome), Note: in.Block("note"),
		})
	})
}

func showDecline(r *page.Request) (page.Answer, error) {
	return showReason(r, "decline", "reason", func(c task.Choices) bool { return c.Decline })
}

func decline(r *page.Request) (page.Answer, error) {
	return act(r, "decline", func(v visit, in *page.Input) error {
		return task.Decline(r.Tx, r.By, v.Row.ID, in.Version(), in.Block("reason"))
	})
}

func showExplain(r *page.Request) (page.Answer, error) {
	return showReason(r, "explain", "late_reason", func(c task.Choices) bool { return c.Explain })
}

func explain(r *page.Request) (page.Answer, error) {
	return act(r, "explain", func(v visit, in *page.Input) error {
		return task.Explain(r.Tx, r.By, v.Row.ID, in.Version(), in.Block("late_reason"))
	})
}

func showWithdraw(r *page.Request) (page.Answer, error) {
	return showReason(r, "withdraw", "reason", func(c task.Choices) bool { return c.Withdraw })
}

func withdraw(r *page.Request) (page.Answer, error) {
	return act(r, "withdraw", func(v visit, in *page.Input) error {
		return task.Withdraw(r.Tx, r.By, v.Row.ID, in.Version(), in.Block("reason"))
	})
}

// showReason is a form that asks for a reason and nothing else.
func showReason(r *page.Request, name, field string, may func(task.Choices) bool) (page.Answer, error) {
	v, err := enterFor(r, may)
	if err != nil {
		return nil, err
	}
	return v.form(name, v.area(field, "work.field."+field, "", true))
}

func showHandOver(r *page.Request) (page.Answer, error) {
	v, err := enterFor(r, func(c task.Choices) bool { return c.HandOver })
	if err != nil {
		return nil, err
	}
	to, err := v.person("to", "work.field.to", "")
	if err != nil {
		return nil, err
	}
	return v.form("hand-over", to, v.area("reason", "work.field.reason", "", true))
}

func handOver(r *page.Request) (page.Answer, error) {
	return act(r, "hand_over", func(v visit, in *page.Input) error {
		return task.HandOver(r.Tx, r.By, v.Row.ID, in.Version(), page.ID[access.Person](in, "to"), in.Block("reason"))
	})
}

func showExtend(r *page.Request) (page.Answer, error) {
	v, err := enterFor(r, func(c task.Choices) bool { return c.Extend })
	if err != nil {
		return nil, err
	}
	return v.form("extend", ui.DateField{
		Name: "due", Label: v.T("work.field.new_due"), Help: v.T("work.field.new_due_help", v.Row.Due), Value: v.Value("due", ""),
		Error: v.Errors().For("due"), Required: true,
	}, v.area("reason", "work.field.reason", "", true))
}

func extend(r *page.Request) (page.Answer, error) {
	return act(r, "extend", func(v visit, in *page.Input) error {
		due := in.Date("due")
		if err := in.Err(); err != nil {
			return err
		}
		return task.Extend(r.Tx, r.By, v.Row.ID, in.Version(), due, in.Block("reason"))
	})
}
