package people

import (
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/errs"
	"chibo/internal/web/page"
)

func ownRoutes() []page.Route {
	return []page.Route{page.Show("/me", showMe), page.Show("/work/{unit}", workFor)}
}

func showMe(r *page.Request) (page.Answer, error) {
	return page.SeeOther(memberPath(r.By.Person), ""), nil
}

// workFor has the reader work for another unit where they hold a role.
func workFor(r *page.Request) (page.Answer, error) {
	at, err := page.PathID[orgtree.Unit](r, "unit")
	if err != nil {
		return nil, err
	}
	for _, g := range r.By.Grants() {
		if g.Unit == at && g.Subject == 0 {
			r.Choose(at)
			return page.SeeOther("/", ""), nil
		}
	}
	return nil, errs.New(errs.NotFound, "errs.not_found")
}
