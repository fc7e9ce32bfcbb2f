package intake

import (
	"strconv"
	"strings"

	"chibo/internal/domain/intake"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/xlsx"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// columnsView is the page on which people see how the sheet is read.
type columnsView struct {
	Steps         ui.Stepper
	Path          string
	Version       int64
	Errors        ui.Errors
	Failure       string
	Sheets        []ui.Option
	Sheet         string
	First, Last   string
	Encodings     []ui.Option
	Encoding      string
	Conversions   ui.Table
	Columns       []columnView
	Fields        []ui.Option
	Whole         bool
	Orders        []ui.Option
	ReadSubmitted bool
}

// columnView is one column with what it is read into.
type columnView struct {
	Name, Label, Samples, Value string
	// Order is the field for the order of days, in columns of days.
	Order, OrderValue string
}

func showColumns(r *page.Request) (page.Answer, error) {
	i, err := load(r)
	if err != nil {
		return nil, err
	}
	if i.State != intake.Sent && i.State != intake.Checked {
		return page.SeeOther(path(i), ""), nil
	}
	return columnsAnswer(r, i)
}

func columnsAnswer(r *page.Request, i intake.Import) (page.Answer, error) {
	v := columnsView{
		Steps: steps(r, i), Path: path(i), Version: i.Version, Errors: r.Errors(), Whole: r.Checked("whole", i.Settings.Whole),
		Sheet: strconv.Itoa(i.Settings.Sheet), First: r.Value("first", strconv.Itoa(i.Settings.First)), Last: r.Value("last", strconv.Itoa(i.Settings.Last)),
		Encoding: encodingValue(i.Settings.Encoding), Conversions: conversions(r, i.Outline),
		Orders: []ui.Option{{Value: "dmy", Label: r.T("intake.page.order_dmy")}, {Value: "mdy", Label: r.T("intake.page.order_mdy")}},
	}
	if i.Failure != nil {
		v.Failure = r.T(i.Failure.Key, i.Failure.Args...)
	}
	for _, s := range i.Outline.Sheets {
		v.Sheets = append(v.Sheets, ui.Option{Value: strconv.Itoa(s.Index), Label: s.Name})
	}
	for _, e := range intake.Encodings {
		v.Encodings = append(v.Encodings, ui.Option{Value: encodingValue(e), Label: r.T("intake.encoding." + encodingValue(e))})
	}
	v.Fields = []ui.Option{{Value: notRead, Label: r.T("intake.page.not_read")}}
	for _, name := range intake.Fields(i.Kind) {
		v.Fields = append(v.Fields, ui.Option{Value: name, Label: r.T("intake.column." + string(i.Kind) + "_" + name)})
	}
	for n, heading := range i.Outline.Heading {
		v.Columns = append(v.Columns, columnOf(r, i, n, heading))
	}
	frame, err := frameFor(r, i, r.T("intake.page.columns_title"))
	if err != nil {
		return nil, err
	}
	if len(v.Errors) > 0 {
		frame.Flash = ui.Flash{}
	}
	return page.HTML(columnsPage(frame, v)), nil
}

func columnOf(r *page.Request, i intake.Import, n int, heading string) columnView {
	name := "column-" + strconv.Itoa(n)
	c := columnView{Name: name, Label: r.T("intake.page.column", "letter", xlsx.Name(n), "head", heading), OrderValue: "dmy"}
	if n < len(i.Outline.Samples) {
		c.Samples = strings.Join(i.Outline.Samples[n], " · ")
	}
	stored := notRead
	if n < len(i.Settings.Columns) && i.Settings.Columns[n] != "" {
		stored = i.Settings.Columns[n]
	}
	c.Value = r.Value(name, stored)
	if intake.IsDated(c.Value) {
		c.Order = "order-" + strconv.Itoa(n)
		if n < len(i.Settings.Orders) && i.Settings.Orders[n] == intake.MonthFirst {
			c.OrderValue = "mdy"
		}
	}
	return c
}

// notRead stands in forms for the field of a column that is not read.
const notRead = "none"

// encodingValue is an encoding as a word for forms and messages.
func encodingValue(e intake.Encoding) string {
	if e == "" {
		return "auto"
	}
	return strings.ReplaceAll(string(e), "-", "_")
}

func encodingOf(value string) intake.Encoding {
	for _, e := range intake.Encodings {
		if encodingValue(e) == value {
			return e
		}
	}
	return ""
}

func conversions(r *page.Request, o intake.Outline) ui.Table {
	t := ui.Table{Caption: r.T("intake.page.conversions"), ShowCaption: true, Columns: []ui.Column{
		{Title: r.T("intake.page.before"), Head: true}, {Title: r.T("intake.page.after")}, {Title: r.T("intake.page.encoding")},
	}}
	for _, c := range o.Conversions {
		t.Rows = append(t.Rows, ui.Row{Cells: ui.Cells(c.Before, c.After, r.T("intake.encoding."+encodingValue(c.Encoding)))})
	}
	return t
}

// looked is a sheet as other settings read it.
type looked struct {
	settings intake.Settings
	outline  intake.Outline
	err      error
}

// look reads the sheet anew before the transaction. Another sheet is guessed
// from the start; another head or encoding keeps the columns.
func look(r *page.Request) error {
	var i intake.Import
	if err := r.Ahead(func(tx txn, by actor) (err error) {
		imp, err := page.PathID[intake.Import](r, "id")
		if err != nil {
			return err
		}
		i, err = intake.Find(tx, by, imp)
		return err
	}); err != nil {
		return err
	}
	in := r.Input()
	s := i.Settings
	sheet := in.Int("sheet")
	s.First, s.Last, s.Encoding = in.Int("first"), in.Int("last"), encodingOf(in.Line("encoding"))
	l := looked{settings: s}
	err := intake.InFile(r.Site.Files, i.Hash, func(book intake.Book) (err error) {
		if sheet != s.Sheet {
			l.outline, l.settings, err = book.Survey(i.Kind, sheet)
			return err
		}
		l.outline, l.settings, err = book.Reread(i.Kind, s)
		return err
	})
	l.err = err
	r.Prepared = l
	return nil
}

func read(r *page.Request) (page.Answer, error) {
	i, err := load(r)
	if err != nil {
		return nil, err
	}
	l := r.Prepared.(looked)
	if l.err != nil {
		return nil, l.err
	}
	if err := intake.Read(r.Tx, r.By, i.ID, r.Input().Version(), l.settings, l.outline); err != nil {
		return nil, err
	}
	return page.SeeOther(path(i), "intake.page.done_read"), nil
}

func check(r *page.Request) (page.Answer, error) {
	i, err := load(r)
	if err != nil {
		return nil, err
	}
	in := r.Input()
	s := i.Settings
	s.Columns, s.Orders, s.Whole = make([]string, len(i.Outline.Heading)), make([]intake.Order, len(i.Outline.Heading)), in.Has("whole")
	for n := range s.Columns {
		if name := in.Line("column-" + strconv.Itoa(n)); name != notRead {
			s.Columns[n] = name
		}
		if in.Line("order-"+strconv.Itoa(n)) == "mdy" {
			s.Orders[n] = intake.MonthFirst
		}
	}
	if err := intake.StartCheck(r.Tx, r.By, i.ID, in.Version(), s); err != nil {
		return nil, besideColumns(err)
	}
	return page.SeeOther(path(i), ""), nil
}

// besideColumns leads from the summary to the first column.
func besideColumns(err error) error {
	e, ok := errs.As(err)
	if !ok || e.Fields["columns"].Key == "" {
		return err
	}
	m := e.Fields["columns"]
	return errs.Field("column-0", m.Key, m.Args...)
}
