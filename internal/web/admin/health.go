package admin

import (
	"strconv"
	"time"

	"chibo/internal/backup"
	"chibo/internal/domain/upkeep"
	"chibo/internal/platform/i18n"
	"chibo/internal/platform/job"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

const (
	// backupsShown is how many backups the page lists.
	backupsShown = 7
	// backupLate is from what age on the last good backup is a worry.
	backupLate = 48 * time.Hour
	// roomLittle is below how many free bytes the disk is a worry.
	roomLittle = 1 << 30
	// queueLate is from what age on a waiting job is a worry.
	queueLate = 10 * time.Minute
)

// healthView is how the program is, worries first.
type healthView struct {
	Worries []ui.Notice
	Facts   ui.DefinitionList
	Queue   ui.DefinitionList
	Dead    []deadView
	Backups ui.Table
}

// deadView is a job that failed too often.
type deadView struct {
	Title, Note string
	Failure     string // in the words of the machinery
	Again, Drop ui.PostButton
}

func showHealth(r *page.Request) (page.Answer, error) {
	queue, dead, err := upkeep.Jobs(r.Tx, r.By)
	if err != nil {
		return nil, err
	}
	runs, err := backup.Runs(r.Tx, backupsShown)
	if err != nil {
		return nil, err
	}
	frame, err := r.Frame(r.T("admin.health.title"))
	if err != nil {
		return nil, err
	}
	m := r.Site.Machine()
	v := healthView{
		Worries: worries(r, m, queue, runs), Facts: facts(r, m), Queue: queueFacts(r, queue), Backups: backups(r, runs),
	}
	for _, j := range dead {
		v.Dead = append(v.Dead, deadJob(r, j))
	}
	return page.HTML(healthPage(frame, v)), nil
}

// worries are what the administrator should do something about.
func worries(r *page.Request, m page.Machine, queue job.Queue, runs []backup.Run) (list []ui.Notice) {
	worry := func(tone ui.Tone, key string, args ...any) {
		list = append(list, ui.Notice{Tone: tone, Title: r.T("admin.worry." + key), Text: r.T("admin.worry."+key+"_do", args...)})
	}
	good, found := lastGood(runs)
	switch {
	case !found && len(runs) == 0 && !m.Backups:
		worry(ui.Warn, "no_backup")
	case len(runs) > 0 && runs[0].Failure != "":
		worry(ui.Bad, "backup_failed", "why", runs[0].Failure)
	case found && r.Tx.Now.Sub(good.At) > backupLate:
		worry(ui.Warn, "backup_old", "day", i18n.Instant(r.Context(), good.At))
	}
	if m.Room > 0 && m.Room < roomLittle {
		worry(ui.Bad, "disk", "free", size(r, m.Room))
	}
	if queue.Dead > 0 {
		worry(ui.Warn, "dead", "count", queue.Dead)
	}
	if queue.Waiting > 0 && r.Tx.Now.Sub(queue.Oldest) > queueLate {
		worry(ui.Warn, "queue", "since", i18n.Instant(r.Context(), queue.Oldest))
	}
	return list
}

func lastGood(runs []backup.Run) (backup.Run, bool) {
	for _, run := range runs {
		if run.Failure == "" {
			return run, true
		}
	}
	return backup.Run{}, false
}

func facts(r *page.Request, m page.Machine) ui.DefinitionList {
	var list ui.DefinitionList
	add := func(key, text string) {
		list.Items = append(list.Items, ui.Definition{Term: r.T("admin.health." + key), Text: text})
	}
	add("program", m.Program+" · "+m.Runtime)
	add("engine", m.Engine+" · "+r.T("admin.health.schema", "version", strconv.FormatInt(m.Schema, 10)))
	add("started", i18n.Instant(r.Context(), m.Started))
	add("memory", size(r, m.Memory))
	if m.Database > 0 {
		add("database", size(r, m.Database))
	}
	if m.Room > 0 {
		add("room", size(r, m.Room))
	}
	add("data", m.Data)
	return list
}

func queueFacts(r *page.Request, queue job.Queue) ui.DefinitionList {
	return ui.DefinitionList{Items: []ui.Definition{
		{Term: r.T("admin.health.waiting"), Text: strconv.Itoa(queue.Waiting)},
		{Term: r.T("admin.health.dead"), Text: strconv.Itoa(queue.Dead)},
	}}
}

func deadJob(r *page.Request, j job.Job) deadView {
	path, kind := "/admin/jobs/"+j.ID.String(), jobName(r, j.Kind)
	return deadView{
		Title: kind, Note: r.T("admin.health.job_failed", "tries", j.Attempt), Failure: j.Failure,
		Again: ui.PostButton{Text: r.T("admin.health.again"), Action: path + "/again", Label: r.T("admin.health.again") + ": " + kind},
		Drop:  ui.PostButton{Text: r.T("admin.health.drop"), Action: path + "/drop", Label: r.T("admin.health.drop") + ": " + kind},
	}
}

// jobName is what a job does, in words.
func jobName(r *page.Request, kind string) string {
	if key := "admin.job." + kind; i18n.From(r.Context()).Has(key) {
		return r.T(key)
	}
	return r.T("admin.health.job", "kind", kind)
}

func backups(r *page.Request, runs []backup.Run) ui.Table {
	t := ui.Table{
		Caption: r.T("admin.health.backups"),
		Columns: []ui.Column{
			{Title: r.T("admin.backup.at")},
			{Title: r.T("admin.backup.result")},
			{Title: r.T("admin.backup.size"), Number: true},
			{Title: r.T("admin.backup.place")},
		},
		Empty: ui.EmptyState{Title: r.T("admin.backup.none"), Text: r.T("admin.backup.none_do")},
	}
	for _, run := range runs {
		result := ui.Chip{Text: r.T("admin.backup.good"), Tone: ui.Good}
		if run.Failure != "" {
			result = ui.Chip{Text: r.T("admin.backup.bad"), Tone: ui.Bad}
		}
		cells := ui.Cells(i18n.Instant(r.Context(), run.At), "", size(r, uint64(run.Size)), run.Place)
		cells[1] = result
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	return t
}

// size writes bytes as people read them.
func size(r *page.Request, bytes uint64) string {
	if bytes < 1<<30 {
		return r.T("admin.health.mb", "n", i18n.Decimal(r.Context(), float64(bytes)/(1<<20), 1))
	}
	return r.T("admin.health.gb", "n", i18n.Decimal(r.Context(), float64(bytes)/(1<<30), 1))
}

func tryAgain(r *page.Request) (page.Answer, error) {
	failed, err := page.PathID[job.Job](r, "job")
	if err != nil {
		return nil, err
	}
	return page.SeeOther("/admin", "admin.health.tried"), upkeep.TryAgain(r.Tx, r.By, failed)
}

func drop(r *page.Request) (page.Answer, error) {
	failed, err := page.PathID[job.Job](r, "job")
	if err != nil {
		return nil, err
	}
	return page.SeeOther("/admin", "admin.health.dropped"), upkeep.Drop(r.Tx, r.By, failed)
}
