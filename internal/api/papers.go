package api

import (
	"bytes"
	"io"

	"chibo/internal/document"
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/overview"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/blob"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/paper"
)

// AsFile is the form of a paper.
type AsFile struct {
	Format string `query:"format" enum:"pdf,docx" default:"pdf"`
}

// paperOperations are the papers that are made of records, and the table above
// as a workbook.
func paperOperations() []operation {
	reads := may(access.MeetingRead, "meeting")
	return []operation{
		ofMeeting("notice", "document.Notice", reads, document.Notice),
		ofMeeting("agenda", "document.Agenda", reads, document.Agenda),
		ofMeeting("roll", "document.RollSheet", reads, document.RollSheet),
		ofMeeting("minutes", "document.Minutes", reads, document.Minutes),
		ofMeeting("score", "document.ScoreSheet", may(access.MeetingPrepare, "meeting").or(access.MeetingRun, access.OverviewRead, access.ScoreRead), document.ScoreSheet),
		composed("GET /meetings/{meeting}/papers/notice-sheet", "document.NoticeSheet", watching("meeting"), func(c call, in *struct {
			OfMeeting
			AsFile
			Unreached bool `query:"unreached" doc:"Cuts the sheet to those who were not told yet."`
		},
		) (paper.Document, string, error) {
			d, err := document.NoticeSheet(c.tx, c.by, in.Meeting.ID, in.Unreached)
			return d, in.Format, err
		}),
		composed("GET /minutes/{minutes}/paper", "document.MinutesVersion", may(access.MeetingRead, "minutes"), func(c call, in *struct {
			OfMinutes
			AsFile
		},
		) (paper.Document, string, error) {
			d, err := document.MinutesVersion(c.tx, c.by, in.Minutes.ID)
			return d, in.Format, err
		}),
		composed("GET /resolutions/{resolution}/paper", "document.Resolution", may(access.ResolutionRead, "resolution"), func(c call, in *struct {
			OfResolution
			AsFile
			Edition int `query:"edition" doc:"The newest where it is absent; the first is 1."`
		},
		) (paper.Document, string, error) {
			d, err := document.Compose(c.tx, c.by, document.Order{Kind: document.KindResolution, ID: int64(in.Resolution.ID), Edition: in.Edition})
			return d, in.Format, err
		}),
		composed("GET /units/{unit}/papers/tasks", "document.TaskList", may(access.TaskRead, "unit"), func(c call, in *struct {
			OfUnit
			AsFile
			From clock.Date `query:"from" doc:"The first due day; without days the list has the open tasks."`
			To   clock.Date `query:"to" doc:"The last due day."`
		},
		) (paper.Document, string, error) {
			d, err := document.TaskList(c.tx, c.by, in.Unit.ID, in.From, in.To)
			return d, in.Format, err
		}),
		file("GET /units/{unit}/overview.xlsx", "overview.WriteWorkbook", may(access.OverviewRead, "unit"), func(c call, in *struct {
			OfUnit
			TableSpan
		},
		) (sent, error) {
			t, err := overview.Look(c.tx, c.by, in.Unit.ID, overview.Span{Until: c.month(in.Until), Months: in.Months, Detail: true})
			return written(t.WorkbookName(), blob.XLSX, func(out io.Writer) error { return t.WriteWorkbook(out, c.t) }), err
		}, blob.XLSX),
	}
}

// composed is a paper, composed in the transaction and written after it.
func composed[In any](pattern, verb string, r right, do func(call, *In) (paper.Document, string, error)) operation {
	return file(pattern, verb, r, func(c call, in *In) (sent, error) {
		d, format, err := do(c, in)
		return func() (outgoing, error) {
			f, err := document.Write(d, document.Format(format))
			return outgoing{name: f.Name, media: f.Media, body: io.NopCloser(bytes.NewReader(f.Body))}, err
		}, err
	}, document.PDF.Media(), document.Docx.Media())
}

// ofMeeting is a paper of which a meeting has one.
func ofMeeting(name, verb string, r right, compose func(*db.Tx, access.Actor, meeting.ID) (paper.Document, error)) operation {
	return composed("GET /meetings/{meeting}/papers/"+name, verb, r, func(c call, in *struct {
		OfMeeting
		AsFile
	},
	) (paper.Document, string, error) {
		d, err := compose(c.tx, c.by, in.Meeting.ID)
		return d, in.Format, err
	})
}
