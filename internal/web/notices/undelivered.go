package notices

import (
	"chibo/internal/domain/delivery"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
)

const undeliveredPath = home + "/undelivered"

func undeliveredRoutes() []page.Route {
	return []page.Route{
		page.Show(undeliveredPath, showUndelivered),
		page.Act(undeliveredPath+"/{letter}/again", with(delivery.TryAgain, "notice.dead.queued"), showUndelivered),
		page.Act(undeliveredPath+"/{letter}/drop", with(delivery.Drop, "notice.dead.dropped"), showUndelivered),
	}
}

// deadLetter is a letter that was given up, in words.
type deadLetter struct{ Path, Title, Note, Reason, Detail string }

func showUndelivered(r *page.Request) (page.Answer, error) {
	dead, err := delivery.DeadLetters(r.Tx, r.By)
	if err != nil {
		return nil, err
	}
	list := make([]deadLetter, len(dead))
	for i, l := range dead {
		list[i] = deadLetter{
			Path: undeliveredPath + "/" + l.ID.String(), Title: r.T("delivery.channel."+string(l.Channel)) + " · " + l.UnitName,
			Note: r.T("notice.dead.note", "made", i18n.Instant(r.Context(), l.Made), "given_up", i18n.Instant(r.Context(), l.Settled)), Detail: l.Failure,
		}
		why := l.Why()
		list[i].Reason = r.T(why.Key, why.Args...)
		if l.To != "" {
			list[i].Title += " · " + l.To
		}
	}
	frame, err := r.Frame(r.T("notice.dead.title"))
	frame.Lead = r.T("notice.dead.lead")
	return page.HTML(undeliveredPage(frame, adminTabs(r, undeliveredPath), list)), err
}

// with does something to the letter in the path.
func with(do func(*db.Tx, access.Actor, delivery.LetterID) error, done string) page.Page {
	return func(r *page.Request) (page.Answer, error) {
		letter, err := page.PathID[delivery.Letter](r, "letter")
		if err != nil {
			return nil, err
		}
		return page.SeeOther(undeliveredPath, done), do(r.Tx, r.By, letter)
	}
}
