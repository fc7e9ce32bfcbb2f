// Package document turns records into papers: notice, roll, agenda, resolution,
// minutes, score sheet, list of tasks.
//
// It decides wording and order, and nothing else. It reads through the domain's
// own reads, so an actor gets no paper of what they may not read; how a page
// looks comes from the format pack, how a file is written from package paper's
// writers. The words of a paper are Vietnamese and stand here, because a paper
// is the same whatever language its reader's screen has.
package document

import (
	"bytes"
	"io"
	"strings"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/minutes"
	"chibo/internal/domain/resolution"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/docx"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/paper"
	"chibo/internal/platform/paperhtml"
	"chibo/internal/platform/pdf"
	"chibo/internal/platform/text"
)

// Kind is a kind of paper.
type Kind string

const (
	KindNotice      Kind = "notice"       // thông báo sinh hoạt
	KindNoticeSheet Kind = "notice_sheet" // danh sách ký nhận thông báo
	KindAgenda      Kind = "agenda"       // chương trình
	KindRoll        Kind = "roll"         // danh sách điểm danh
	KindResolution  Kind = "resolution"   // nghị quyết
	KindMinutes     Kind = "minutes"      // biên bản
	KindScore       Kind = "score"        // phiếu đánh giá
	KindTasks       Kind = "tasks"        // danh mục nhiệm vụ

	// KindVersion is a version of minutes, by its own id.
	KindVersion Kind = "minutes_version"
)

// Kinds lists every kind in the order of a meeting's way. Their names on
// screens are the keys document.kind.KIND.
var Kinds = []Kind{KindNotice, KindNoticeSheet, KindAgenda, KindRoll, KindResolution, KindMinutes, KindVersion, KindScore, KindTasks}

// Order asks for a paper. ID is that of the meeting; for a resolution that of
// the resolution, for a version of minutes that of the version, for a list of
// tasks that of the unit.
type Order struct {
	Kind Kind
	ID   int64
	// From and To bound the due days of a list of tasks; without them it holds
	// the open ones.
	From, To clock.Date
	// Edition is of a resolution; 0 is the newest.
	Edition int
	// Unreached cuts the sheet of notices to those who were not told yet.
	Unreached bool
}

// Compose puts a paper together. The rights and failures are those of the
// function of its kind; a kind that is not known is errs.NotFound.
func Compose(tx *db.Tx, by access.Actor, o Order) (paper.Document, error) {
	of := meeting.ID(o.ID)
	switch o.Kind {
	case KindNotice:
		return Notice(tx, by, of)
	case KindNoticeSheet:
		return NoticeSheet(tx, by, of, o.Unreached)
	case KindAgenda:
		return Agenda(tx, by, of)
	case KindRoll:
		return RollSheet(tx, by, of)
	case KindResolution:
		if o.Edition != 0 {
			return ResolutionEdition(tx, by, resolution.ID(o.ID), o.Edition)
		}
		return Resolution(tx, by, resolution.ID(o.ID))
	case KindMinutes:
		return Minutes(tx, by, of)
	case KindVersion:
		return MinutesVersion(tx, by, minutes.ID(o.ID))
	case KindScore:
		return ScoreSheet(tx, by, of)
	case KindTasks:
		return TaskList(tx, by, orgtree.ID(o.ID), o.From, o.To)
	}
	return paper.Document{}, errs.New(errs.NotFound, "errs.not_found")
}

// Format is a kind of file.
type Format string

const (
	Docx Format = "docx"
	PDF  Format = "pdf"
	// HTML is a fragment for a page that has the style sheets of package
	// paperhtml, to be read on a screen and printed by the browser.
	HTML Format = "html"
)

// Formats lists every format.
var Formats = []Format{Docx, PDF, HTML}

var writers = map[Format]struct {
	media string
	write func(io.Writer, paper.Document) error
}{
	Docx: {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", docx.Write},
	PDF:  {"application/pdf", pdf.Write},
	HTML: {"text/html; charset=utf-8", paperhtml.Write},
}

// Media is what a file of the format is called in HTTP; "" of one that is not
// known.
func (f Format) Media() string { return writers[f].media }

// File is a written paper. Name has no letters that a file system or a header
// could take amiss: "bien-ban-hop-chi-bo-to-12-2026-11-03.docx".
type File struct {
	Name  string
	Media string
	Body  []byte
}

// Write writes a composed paper. It needs no transaction and is better done
// outside of one. A format that is not known is errs.NotFound.
func Write(d paper.Document, as Format) (File, error) {
	w, known := writers[as]
	if !known {
		return File{}, errs.New(errs.NotFound, "errs.not_found")
	}
	var body bytes.Buffer
	if err := w.write(&body, d); err != nil {
		return File{}, err
	}
	return File{Name: fileName(d.Title) + "." + string(as), Media: w.media, Body: body.Bytes()}, nil
}

// longestFileName leaves room for what systems put around a name.
const longestFileName = 100

// fileName is a title in plain letters, cut between words.
func fileName(title string) string {
	name := strings.ReplaceAll(text.Fold(title), " ", "-")
	if len(name) <= longestFileName {
		return name
	}
	// The date at the end is what tells two files of a unit apart.
	date := name[len(name)-len("-2026-11-03"):]
	name = name[:longestFileName-len(date)]
	return name[:strings.LastIndexByte(name, '-')] + date
}
