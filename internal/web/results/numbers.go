package results

import (
	"chibo/internal/domain/resolution"
	"chibo/internal/kernel/access"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// numbersView asks for the number that the last resolution on paper had: a cell
// that comes here in the middle of a term numbers on from it (rules 26.2).
type numbersView struct {
	r    *page.Request
	Back string
	Once ui.Hidden
}

func showNumbers(v visit) (page.Answer, error) {
	if _, err := access.Require(v.Tx, v.By, access.ResolutionWrite, v.At.ID); err != nil {
		return nil, err
	}
	p, err := v.Below(v.T("results.numbers.title"))
	return page.HTML(numbersPage(p, numbersView{v.Request, v.Path("/resolution"), page.Once(v.Request)})), err
}

func continueNumbers(v visit, in *page.Input) error {
	last := in.Int("last")
	if err := in.Err(); err != nil {
		return err
	}
	return resolution.ContinueNumbers(v.Tx, v.By, v.At.ID, last)
}
