package office

import (
	"bytes"

	"chibo/internal/domain/overview"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/blob"
	"chibo/internal/web/page"
)

// exportTable is the table as a workbook.
func exportTable(r *page.Request) (page.Answer, error) {
	of, err := page.PathID[orgtree.Unit](r, "unit")
	if err != nil {
		return nil, err
	}
	s, err := span(r)
	if err != nil {
		return nil, err
	}
	s.Detail = true
	t, err := overview.Look(r.Tx, r.By, of, s)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = t.WriteWorkbook(&out, r.T)
	return page.File{Name: t.WorkbookName(), Media: blob.XLSX, Body: out.Bytes()}, err
}
