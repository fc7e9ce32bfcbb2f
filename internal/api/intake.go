package api

import (
	"context"
	"io"
	"time"

	"chibo/internal/domain/intake"
	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/blob"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/oldfont"
	"chibo/internal/platform/xlsx"
)

// OfImport names the import in the address.
type OfImport struct {
	Import pathID[intake.Import] `path:"import"`
}

// intakeOperations bring a spreadsheet into the register, step by step as the
// pages do, and bring registers out again.
func intakeOperations() []operation {
	own := right{Own: "who sent it"}
	applied := may(access.MemberManage, "import").seenBy(access.MemberManage)
	list := []operation{
		read("GET /units/{unit}/imports", "intake.At", within(access.MemberManage), func(c call, in *OfUnit) (list[Import], error) {
			return each(c.newImport)(intake.At(c.tx, c.by, in.Unit.ID))
		}),
		read("GET /imports/{import}", "intake.Find", own, func(c call, in *OfImport) (Import, error) {
			return as(c.newImport)(intake.Find(c.tx, c.by, in.Import.ID))
		}),
		read("GET /imports/{import}/rows", "intake.Find", own, importRows).of("rows"),
		change("PUT /imports/{import}/reading", "intake.Read", own, func(c call, in *struct {
			OfImport
			Body SheetReading
		},
		) (Import, error) {
			s := c.prepared.(surveyed)
			return c.imported(in.Import.ID, intake.Read(c.tx, c.by, in.Import.ID, c.version, s.settings, s.outline))
		}).preparedBy(lookAgain),
		change("POST /imports/{import}/check", "intake.StartCheck", own, func(c call, in *struct {
			OfImport
			Body SheetColumns
		},
		) (Import, error) {
			i, err := intake.Find(c.tx, c.by, in.Import.ID)
			if err != nil {
				return Import{}, err
			}
			s := i.Settings
			s.Columns, s.Orders, s.Whole = in.Body.Columns, in.Body.Orders, in.Body.Whole
			return c.imported(i.ID, intake.StartCheck(c.tx, c.by, i.ID, c.version, s))
		}),
		change("POST /imports/{import}/decide", "intake.Decide", own, func(c call, in *struct {
			OfImport
			Body Decisions
		},
		) (Import, error) {
			rows, names := in.Body.given()
			return c.imported(in.Import.ID, intake.Decide(c.tx, c.by, in.Import.ID, c.version, rows, in.Body.All, names))
		}),
		recorded("GET /imports/{import}/twins", "intake.Compare", own, compareTwins),
		change("POST /imports/{import}/apply", "intake.StartApply", own, func(c call, in *OfImport) (Import, error) {
			return c.imported(in.Import.ID, intake.StartApply(c.tx, c.by, in.Import.ID, c.version))
		}),
		change("DELETE /imports/{import}", "intake.Drop", own, func(c call, in *OfImport) (nothing, error) {
			return done(intake.Drop(c.tx, c.by, in.Import.ID, c.version))
		}),
		file("GET /imports/{import}/rejected", "intake.WriteRejected", own, func(c call, in *OfImport) (sent, error) {
			i, err := intake.Find(c.tx, c.by, in.Import.ID)
			var back intake.SentBack
			if err == nil {
				back, err = i.SentBack(c.tx)
			}
			name, media := i.RejectedFile(c.t)
			return written(name, media, func(out io.Writer) error {
				return intake.InFile(c.server.Files, i.Hash, func(book intake.Book) error { return back.Write(book, out, c.t) })
			}), err
		}, blob.XLSX, blob.Text),

		read("GET /imports/{import}/dependents", "intake.Dependents", applied, func(c call, in *OfImport) (list[Dependent], error) {
			return each(func(d intake.Dependent) Dependent { return Dependent(d) })(intake.Dependents(c.tx, c.by, in.Import.ID))
		}),
		read("GET /imports/{import}/merges", "intake.Merges", applied, func(c call, in *OfImport) (list[Merge], error) {
			return each(func(m intake.Merge) Merge { return Merge(m) })(intake.Merges(c.tx, c.by, in.Import.ID))
		}),
		write("POST /imports/{import}/merges/{row}/undo", "intake.TakeBackMerge", applied, func(c call, in *struct {
			OfImport
			Row int `path:"row"`
		},
		) (nothing, error) {
			return done(intake.TakeBackMerge(c.tx, c.by, in.Import.ID, in.Row))
		}),
		change("POST /imports/{import}/undo", "intake.Undo", applied, func(c call, in *OfImport) (Import, error) {
			return c.imported(in.Import.ID, intake.Undo(c.tx, c.by, in.Import.ID, c.version))
		}),

		file("GET /import-templates/{kind}", "intake.Template", anyone(), func(c call, in *struct {
			Kind string `path:"kind" enum:"members,units,posts"`
		},
		) (sent, error) {
			kind := intake.Kind(in.Kind)
			return written(c.t("intake.page.template_"+in.Kind), blob.XLSX, func(out io.Writer) error { return intake.WriteTemplate(out, kind, c.t) }), nil
		}, blob.XLSX),
		exported("members", recording, "intake.ExportMembers", may(access.MemberExport, "unit"), func(c call, of orgtree.ID) (intake.Exporting, error) {
			return intake.ExportMembers(c.tx, c.by, member.Filter{Unit: of})
		}),
		exported("units", looking, "intake.ExportUnits", may(access.UnitRead, "unit"), func(c call, of orgtree.ID) (intake.Exporting, error) {
			return intake.ExportUnits(c.tx, c.by, of, clock.DateOf(c.tx.Now))
		}),
		exported("posts", looking, "intake.ExportPosts", may(access.MemberExport, "unit"), func(c call, of orgtree.ID) (intake.Exporting, error) {
			return intake.ExportPosts(c.tx, c.by, of, clock.DateOf(c.tx.Now))
		}),
	}
	for _, kind := range intake.Kinds {
		list = append(list, sendSheet(kind))
	}
	return list
}

// surveyed is what a sheet looked like before the transaction.
type surveyed struct {
	outline  intake.Outline
	settings intake.Settings
}

// sendSheet is an operation for each kind of register, because each asks for
// another right.
func sendSheet(kind intake.Kind) operation {
	op := upload("POST /units/{unit}/imports/"+string(kind), "intake.Send", may(intake.Right(kind), "unit"), func(c call, in *struct {
		OfUnit
		Named
	}, f blob.File,
	) (Import, error) {
		s := c.prepared.(surveyed)
		return as(c.newImport)(intake.Send(c.tx, c.by, intake.New{
			Unit: in.Unit.ID, Kind: kind, Name: intake.Given(f.Name), Hash: f.Hash, Size: f.Size, Outline: s.outline, Settings: s.settings,
		}))
	}).of(string(kind)).preparedBy(func(r *request, _ any) (any, error) {
		return r.survey(r.file.Hash, func(book intake.Book) (intake.Outline, intake.Settings, error) { return book.Survey(kind, -1) })
	})
	op.upload = intake.FileMost
	return op
}

func (r *request) survey(hash string, look func(intake.Book) (intake.Outline, intake.Settings, error)) (any, error) {
	var s surveyed
	err := intake.InFile(r.server.Files, hash, func(book intake.Book) (err error) {
		s.outline, s.settings, err = look(book)
		return err
	})
	return s, err
}

// lookAgain reads the sheet by other settings before the transaction. Another
// sheet is guessed from the start; another head or encoding keeps the columns.
func lookAgain(r *request, given any) (any, error) {
	in := given.(*struct {
		OfImport
		Body SheetReading
	})
	var i intake.Import
	if err := r.ahead(func(c call) (err error) {
		i, err = intake.Find(c.tx, c.by, in.Import.ID)
		return err
	}); err != nil {
		return nil, err
	}
	return r.survey(i.Hash, func(book intake.Book) (intake.Outline, intake.Settings, error) {
		s := i.Settings
		if in.Body.Sheet != s.Sheet {
			return book.Survey(i.Kind, in.Body.Sheet)
		}
		s.First, s.Last, s.Encoding = in.Body.First, in.Body.Last, in.Body.Encoding
		return book.Reread(i.Kind, s)
	})
}

// imported is the import after a verb changed it.
func (c call) imported(of intake.ID, err error) (Import, error) {
	if err != nil {
		return Import{}, err
	}
	return as(c.newImport)(intake.Find(c.tx, c.by, of))
}

// importRows are rows as they were read: those that are sent back or may be
// somebody known, those that should be looked at, or others that are right.
func importRows(c call, in *struct {
	OfImport
	Paging
	Which string `query:"which" enum:"findings,notes,sample" default:"findings" doc:"findings are sent back or may be somebody known, notes are right and should be looked at, sample others that are right."`
},
) (list[ImportRow], error) {
	i, err := intake.Find(c.tx, c.by, in.Import.ID)
	if err != nil {
		return list[ImportRow]{}, err
	}
	from, err := cursor[int](in.After)
	if err != nil {
		return list[ImportRow]{}, err
	}
	all := map[string][]intake.Finding{"findings": i.Report.Findings, "notes": i.Report.Notes, "sample": i.Report.Sample}[in.Which]
	all = all[min(max(from, 0), len(all)):]
	at := func(intake.Finding) any { return from + in.limit() }
	return page(in.Paging, c.newImportRow, at)(all[:min(len(all), in.more())], nil)
}

func compareTwins(c call, in *struct {
	OfImport
	Paging
},
) (shown list[Pair], err error) {
	i, err := intake.Find(c.tx, c.by, in.Import.ID)
	if err == nil && i.State != intake.Checked {
		err = errs.New(errs.Conflict, "errs.stale")
	}
	if err != nil {
		return shown, err
	}
	from, err := cursor[int](in.After)
	if err != nil {
		return shown, err
	}
	err = intake.InFile(c.server.Files, i.Hash, func(book intake.Book) error {
		pairs, more, err := intake.Compare(c.tx, c.by, book, i, from, in.limit())
		shown.Items = all(c.newPair, pairs)
		if more {
			shown.Next = cursorTo(from + len(pairs))
		}
		return err
	})
	return shown, err
}

// Whether an export is itself written down.
type recordsIt bool

const (
	looking   recordsIt = false
	recording recordsIt = true
)

// exported is a register as a spreadsheet that an import reads again. It is read
// while it is sent, after the transaction in which it was begun.
func exported(kind string, recorded recordsIt, verb string, r right, begin func(call, orgtree.ID) (intake.Exporting, error)) operation {
	op := file("GET /units/{unit}/"+kind+".xlsx", verb, r, func(c call, in *OfUnit) (sent, error) {
		leaving, err := begin(c, in.Unit.ID)
		if err != nil {
			return nil, err
		}
		of, err := orgtree.Find(c.tx, in.Unit.ID)
		name := c.t("api.file."+kind, "unit", of.Code, "day", clock.DateOf(c.tx.Now).String())
		return streamed(name, blob.XLSX, func(ctx context.Context, out io.Writer) error {
			book, err := xlsx.NewStream(out, c.t("people.page.export_sheet"))
			if err != nil {
				return err
			}
			return leaving.Write(ctx, c.server.DB, book)
		}), err
	}, blob.XLSX)
	op.writes = bool(recorded)
	return op
}

// Import is a spreadsheet on its way into the register.
type Import struct {
	ID       intake.ID         `json:"id"`
	Unit     orgtree.ID        `json:"unit"`
	By       access.PersonID   `json:"by,omitzero"`
	Kind     intake.Kind       `json:"kind"`
	State    intake.State      `json:"state"`
	Failure  string            `json:"failure,omitempty"`
	Name     string            `json:"name"`
	Size     int64             `json:"size"`
	Settings SheetSettings     `json:"settings"`
	Outline  SheetOutline      `json:"outline"`
	Counts   ImportCounts      `json:"counts"`
	Unknown  []UnknownUnit     `json:"unknown,omitempty" doc:"Names that are those of no unit."`
	Groups   []NewlyNamedGroup `json:"new_groups,omitempty" doc:"Party groups that are founded."`
	Skipped  []SkippedRow      `json:"skipped,omitempty" doc:"Rows that are no records."`
	Progress *ImportProgress   `json:"progress,omitempty"`
	Sent     time.Time         `json:"sent"`
	Applied  time.Time         `json:"applied,omitzero"`
	Expires  time.Time         `json:"expires"`
	Version  int64             `json:"version"`
}

func (c call) newImport(i intake.Import) Import {
	shown := Import{
		ID: i.ID, Unit: i.Unit, By: i.By, Kind: i.Kind, State: i.State, Name: i.Name, Size: i.Size, Settings: SheetSettings(i.Settings),
		Outline: newOutline(i.Outline), Counts: newCounts(i.Report), Unknown: all(newUnknown, i.Report.Unknown),
		Groups:  all(func(g intake.NewGroup) NewlyNamedGroup { return NewlyNamedGroup(g) }, i.Report.NewGroups),
		Skipped: all(func(s intake.Skipped) SkippedRow { return SkippedRow(s) }, i.Report.Skipped),
		Sent:    i.Sent, Applied: i.Applied, Expires: i.Expires, Version: i.Version,
	}
	if i.Failure != nil {
		shown.Failure = c.say(*i.Failure)
	}
	if i.State == intake.Checking || i.State == intake.Applying {
		// A statement that fails fails the transaction, and with it the answer.
		if s, begun, err := intake.Progress(c.tx, i.ID); err == nil && begun && s.Counted {
			shown.Progress = &ImportProgress{s.Done, s.All}
		}
	}
	return shown
}

// SheetSettings are how a sheet is read.
type SheetSettings struct {
	Sheet    int                   `json:"sheet"`
	First    int                   `json:"first" doc:"The first row of the head, as the spreadsheet counts."`
	Last     int                   `json:"last"`
	Columns  []string              `json:"columns" nullable:"false" doc:"The fields that the columns are read into; empty for none."`
	Orders   []intake.Order        `json:"orders,omitempty" doc:"mdy where days stand month first."`
	Encoding intake.Encoding       `json:"encoding,omitempty"`
	Whole    bool                  `json:"whole,omitempty" doc:"Refuses days of which only the month or the year is written."`
	Names    map[string]orgtree.ID `json:"names,omitempty"`
	Twins    intake.Choice         `json:"twins,omitempty"`
}

// SheetOutline is what is seen of a spreadsheet before it is read.
type SheetOutline struct {
	Sheets      []SheetBrief `json:"sheets" nullable:"false"`
	Heading     []string     `json:"heading" nullable:"false"`
	Samples     [][]string   `json:"samples" nullable:"false" doc:"By column."`
	Conversions []Converted  `json:"conversions,omitempty"`
}

func newOutline(o intake.Outline) SheetOutline {
	samples := make([][]string, len(o.Samples))
	for i, column := range o.Samples {
		samples[i] = append([]string{}, column...)
	}
	return SheetOutline{
		all(func(s intake.SheetOutline) SheetBrief { return SheetBrief(s) }, o.Sheets), append([]string{}, o.Heading...), samples,
		all(func(c intake.Conversion) Converted { return Converted(c) }, o.Conversions),
	}
}

// SheetBrief is a sheet of the spreadsheet.
type SheetBrief struct {
	Index int    `json:"index"`
	Name  string `json:"name"`
	Rows  int    `json:"rows,omitzero"`
	Known int    `json:"known" doc:"How many fields the words of its head name."`
}

// Converted is a text before and after it was converted.
type Converted struct {
	Encoding oldfont.Encoding `json:"encoding"`
	Before   string           `json:"before"`
	After    string           `json:"after"`
}

// ImportCounts are how many rows there are of what kind.
type ImportCounts struct {
	Rows     int `json:"rows"`
	OK       int `json:"ok"`
	Rejected int `json:"rejected"`
	Left     int `json:"left"`
	Updated  int `json:"updated"`
	Twins    int `json:"twins"`
	Noted    int `json:"noted"`
}

func newCounts(r intake.Report) ImportCounts {
	return ImportCounts{r.Rows, r.OK, r.Rejected, r.Left, r.Updated, r.Twins, r.Noted}
}

// UnknownUnit is a name that is that of no unit, with those that may be meant.
type UnknownUnit struct {
	Written string      `json:"written"`
	Rows    int         `json:"rows"`
	Meant   []MeantUnit `json:"meant" nullable:"false"`
}

// MeantUnit is a unit that may be meant.
type MeantUnit struct {
	Unit orgtree.ID `json:"unit"`
	Code string     `json:"code"`
	Name string     `json:"name"`
}

func newUnknown(u intake.Unknown) UnknownUnit {
	return UnknownUnit{u.Written, u.Rows, all(func(s intake.Suggestion) MeantUnit { return MeantUnit(s) }, u.Meant)}
}

// NewlyNamedGroup is a party group that the import founds.
type NewlyNamedGroup struct {
	Unit orgtree.ID `json:"unit"`
	Name string     `json:"name"`
}

// SkippedRow is a row that is no record, such as a title or a sum.
type SkippedRow struct {
	Row  int    `json:"row"`
	Text string `json:"text"`
	Why  string `json:"why"`
}

// ImportProgress is how far the work on an import has come.
type ImportProgress struct {
	Done int `json:"done"`
	Rows int `json:"rows"`
}

// SheetReading is another way to read a sheet.
type SheetReading struct {
	Sheet    int             `json:"sheet"`
	First    int             `json:"first"`
	Last     int             `json:"last"`
	Encoding intake.Encoding `json:"encoding,omitempty"`
}

// SheetColumns are what the columns are read into.
type SheetColumns struct {
	Columns []string       `json:"columns" nullable:"false"`
	Orders  []intake.Order `json:"orders,omitempty"`
	Whole   bool           `json:"whole,omitzero"`
}

// Decisions are what is done with rows that may be somebody known, and which
// units names stand for.
type Decisions struct {
	Rows  []RowDecision `json:"rows,omitempty"`
	All   intake.Choice `json:"all,omitempty" enum:"same,other,leave," doc:"For the rows that nobody decided on; empty leaves them."`
	Names []NameMeant   `json:"names,omitempty"`
}

// RowDecision is what is done with a row.
type RowDecision struct {
	Row    int           `json:"row"`
	Choice intake.Choice `json:"choice" enum:"same,other,leave,"`
	Fields []string      `json:"fields,omitempty" doc:"Those that are updated; none: those of which the register knows nothing yet."`
}

// NameMeant is the unit for which a name stands.
type NameMeant struct {
	Written string     `json:"written"`
	Unit    orgtree.ID `json:"unit"`
}

func (d Decisions) given() (map[int]intake.Decision, map[string]orgtree.ID) {
	rows, names := map[int]intake.Decision{}, map[string]orgtree.ID{}
	for _, r := range d.Rows {
		rows[r.Row] = intake.Decision{Choice: r.Choice, Fields: r.Fields}
	}
	for _, n := range d.Names {
		names[n.Written] = n.Unit
	}
	return rows, names
}

// ImportRow is a row of the sheet as it was read.
type ImportRow struct {
	Row    int        `json:"row"`
	Name   string     `json:"name,omitempty"`
	Detail string     `json:"detail,omitempty"`
	Unit   string     `json:"unit,omitempty"`
	Faults []RowFault `json:"faults,omitempty"`
	Notes  []RowFault `json:"notes,omitempty"`
	Twin   *Twin      `json:"twin,omitempty"`
}

func (c call) newImportRow(f intake.Finding) ImportRow {
	row := ImportRow{Row: f.Row, Name: f.Name, Detail: f.Detail, Unit: f.Unit, Faults: all(c.rowFault, f.Faults), Notes: all(c.rowFault, f.Notes)}
	if f.Twin != nil {
		twin := Twin(*f.Twin)
		row.Twin = &twin
	}
	return row
}

// RowFault is what is wrong in a row, or should be known of it.
type RowFault struct {
	Field   string `json:"field,omitempty"`
	Message string `json:"message"`
}

func (c call) rowFault(f intake.Fault) RowFault { return RowFault{f.Field, c.say(f.Message)} }

// Twin is who a row may be: somebody in the register, or an earlier row.
type Twin struct {
	Person member.ID       `json:"person,omitzero"`
	Row    int             `json:"row,omitzero"`
	Name   string          `json:"name"`
	Why    intake.Likeness `json:"why"`
}

// Pair is a row beside whom it may be.
type Pair struct {
	ImportRow
	Choice  intake.Choice   `json:"choice,omitempty"`
	Updated []string        `json:"updated,omitempty"`
	Fields  []ComparedField `json:"fields" nullable:"false"`
}

func (c call) newPair(p intake.Pair) Pair {
	return Pair{
		c.newImportRow(p.Finding), p.Decision.Choice, p.Decision.Fields,
		all(func(f intake.Compared) ComparedField { return ComparedField(f) }, p.Fields),
	}
}

// ComparedField is a field as the row has it, and as the register does.
type ComparedField struct {
	Name     string `json:"name"`
	Row      string `json:"row,omitempty"`
	Known    string `json:"known,omitempty"`
	Settable bool   `json:"settable" doc:"The row says something else, and it may be taken over."`
	Chosen   bool   `json:"chosen" doc:"It is taken over as things stand."`
}

// Dependent is what keeps an import from being taken back.
type Dependent struct {
	What  string `json:"what"`
	Count int    `json:"count"`
}

// Merge is somebody whom a row of the import updated.
type Merge struct {
	Row    int       `json:"row"`
	Person member.ID `json:"person"`
}
