package sso

import (
	"crypto/rand"
	"encoding/json"
	"net/http"

	"golang.org/x/oauth2"

	"chibo/internal/domain/account"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/platform/seal"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

const (
	signInPath   = "/sign-in/sso"
	callbackPath = signInPath + "/callback"
	signOutPath  = "/sign-out/sso"
	ownPath      = "/account/sso"
	linkPath     = ownPath + "/link"
)

// Routes are the pages of signing in by the system; none if there is none.
func (p *Provider) Routes() []page.Route {
	if p == nil {
		return nil
	}
	return []page.Route{
		{Pattern: "GET " + signInPath, Before: p.look, Do: p.setOut, Show: p.showFailed, Public: true},
		{Pattern: "GET " + callbackPath, Before: p.comeBack, Do: p.enter, Show: p.showFailed, Public: true},
		{Pattern: "GET " + signOutPath, Before: p.lookForExit, Show: p.showExit, Public: true},
		page.Show(ownPath, p.showOwn),
		{Pattern: "GET " + linkPath, Before: p.look, Show: p.setOutToLink, Sensitive: true},
		{Pattern: "POST " + linkPath, Do: p.link, Show: p.showOwn, Sensitive: true},
		{Pattern: "POST " + ownPath + "/{identity}/unlink", Do: unlink, Show: p.showOwn, Sensitive: true},
	}
}

// Voucher is the system as other pages name it; there is none if p is nil.
func (p *Provider) Voucher() *page.Voucher {
	if p == nil {
		return nil
	}
	return &page.Voucher{Name: p.config.Name, SignIn: signInPath, SignOut: signOutPath, Own: ownPath}
}

// look finds the system before a page sends people there.
func (p *Provider) look(r *page.Request) error {
	found, err := p.discover(r.Context())
	r.Prepared = found
	return err
}

func (p *Provider) setOut(r *page.Request) (page.Answer, error) {
	return p.send(r, flow{To: ui.LocalPath(r.Form.Get("to"))})
}

func (p *Provider) setOutToLink(r *page.Request) (page.Answer, error) {
	return p.send(r, flow{To: ownPath, Link: int64(r.By.Person)})
}

// send sends the browser to the system, with a cookie by which it is known when
// it comes back.
func (p *Provider) send(r *page.Request, f flow) (page.Answer, error) {
	f.State, f.Nonce, f.Verifier, f.Started = rand.Text(), rand.Text(), oauth2.GenerateVerifier(), r.Tx.Now
	sealed, err := closed(r, flowCookie, f)
	if err != nil {
		return nil, err
	}
	r.SetCookie(&http.Cookie{Name: flowCookie, Value: sealed, MaxAge: int(flowLife.Seconds())})
	return page.SeeOther(p.way(r.Prepared.(*discovery), site(r), f), ""), nil
}

const flowCookie = "chibo_sso"

// closed seals what the browser keeps for us: it can neither read nor change it.
func closed(r *page.Request, label string, content any) (string, error) {
	plain, err := json.Marshal(content)
	if err != nil {
		return "", err
	}
	return seal.Close(r.Site.DB.Derive("sso"), plain, label)
}

// opened reads back what closed sealed; what is not of that kind is refused as
// kind.
func opened[T any](r *page.Request, label, sealed string, kind errs.Kind) (content T, err error) {
	plain, err := seal.Open(r.Site.DB.Derive("sso"), sealed, label)
	if err == nil {
		err = json.Unmarshal(plain, &content)
	}
	if err != nil {
		err = errs.Wrap(err, kind, "sso.error.state")
	}
	return content, err
}

// site is our address as the browser has it.
func site(r *page.Request) string {
	scheme := "http://"
	if r.Site.Secure {
		scheme = "https://"
	}
	return scheme + r.Host
}

// comeBack asks the system who came back, outside any transaction.
func (p *Provider) comeBack(r *page.Request) error {
	if !p.callers.Take(r.Address()).OK {
		return errs.New(errs.TooMany, "errs.too_many")
	}
	cookie, err := r.Cookie(flowCookie)
	if err != nil {
		return errs.Wrap(err, errs.Unauthenticated, "sso.error.state")
	}
	f, err := opened[flow](r, flowCookie, cookie.Value, errs.Unauthenticated)
	if err != nil {
		return err
	}
	r.Prepared, err = p.receive(r.Context(), site(r), f, r.Form)
	return err
}

// enter opens a session for whom the system vouches, or asks whoever set out to
// link their account whether this is the identity they mean.
func (p *Provider) enter(r *page.Request) (page.Answer, error) {
	came := r.Prepared.(arrival)
	if came.Link != 0 {
		return p.askToLink(r, came)
	}
	proof, err := p.proof(r, came)
	if err != nil {
		return nil, err
	}
	token, session, err := account.SignIn(r.Tx, proof, r.Device(false))
	if err != nil {
		return nil, err
	}
	r.SetCookie(&http.Cookie{Name: flowCookie, MaxAge: -1})
	return r.Enter(token, session, came.To, "")
}

func (p *Provider) proof(r *page.Request, came arrival) (account.Proof, error) {
	if came.value == "" {
		return account.Vouch(r.Tx, came.who.Issuer, came.who.Subject, came.strong)
	}
	return account.Recognise(r.Tx, came.who, p.config.Mark, came.value, came.strong)
}

// showFailed says why the system did not let anybody in, and what else there is.
func (p *Provider) showFailed(r *page.Request) (page.Answer, error) {
	if r.Problem == nil {
		return page.SeeOther(signInPath, ""), nil
	}
	again := signInPath
	if r.By.Person != 0 {
		again = ownPath
	}
	return page.HTML(failedPage(p.frame(r, "sso.page.failed"), r.T(r.Problem.Message.Key, r.Problem.Message.Args...), again)), nil
}

// frame is that of a page on which nobody needs to be signed in.
func (p *Provider) frame(r *page.Request, title string) ui.Page {
	return ui.Page{Title: r.T(title, "name", p.config.Name), Size: ui.SizeOf(r.Request), Path: "/", Narrow: true}
}

// offer is an identity that came back, as the form carries it to be confirmed.
type offer struct {
	Person  access.PersonID
	Session account.SessionID
	Who     account.Identity
}

const offerLabel = "sso offer"

// askToLink has the person look whom they link: the browser may have been
// signed in to the system as somebody else.
func (p *Provider) askToLink(r *page.Request, came arrival) (page.Answer, error) {
	if int64(r.By.Person) != came.Link {
		return nil, errs.New(errs.Unauthenticated, "sso.error.state")
	}
	sealed, err := closed(r, offerLabel, offer{r.By.Person, r.Session.ID, came.who})
	if err != nil {
		return nil, err
	}
	frame, err := r.Frame(r.T("sso.page.confirm"))
	if err != nil {
		return nil, err
	}
	frame.Crumbs = crumbs(r)
	r.SetCookie(&http.Cookie{Name: flowCookie, MaxAge: -1})
	return page.HTML(confirmPage(frame, ui.ConfirmProps{
		Text: came.who.Name, Effects: []string{r.T("sso.page.effect", "name", p.config.Name), r.T("sso.page.effect_told")},
		Action: linkPath, Hidden: []ui.Hidden{{Name: "offer", Value: sealed}}, Yes: r.T("sso.page.link_this"), BackHref: ownPath,
	})), nil
}

func (p *Provider) link(r *page.Request) (page.Answer, error) {
	o, err := opened[offer](r, offerLabel, r.Form.Get("offer"), errs.Conflict)
	if err != nil {
		return nil, err
	}
	if o.Person != r.By.Person || o.Session != r.Session.ID {
		return nil, errs.New(errs.Conflict, "sso.error.state")
	}
	if err := account.Link(r.Tx, r.By, r.Session, o.Who); err != nil {
		return nil, err
	}
	return page.SeeOther(ownPath, "sso.page.done_linked"), nil
}

func unlink(r *page.Request) (page.Answer, error) {
	which, err := page.PathID[account.Identity](r, "identity")
	if err != nil {
		return nil, err
	}
	if err := account.Unlink(r.Tx, r.By, r.Session, which); err != nil {
		return nil, err
	}
	return page.SeeOther(ownPath, "sso.page.done_unlinked"), nil
}

func crumbs(r *page.Request) []ui.Link {
	return []ui.Link{{Text: r.T("frame.account"), Href: "/account"}}
}

// linked is an identity as a card says it.
type linked struct{ Name, Since, Unlink string }

func (p *Provider) showOwn(r *page.Request) (page.Answer, error) {
	list, err := account.Identities(r.Tx, r.By)
	if err != nil {
		return nil, err
	}
	var cards []linked
	for _, i := range list {
		cards = append(cards, linked{i.Name, i18n.Date(r.Context(), clock.DateOf(i.Linked)), ownPath + "/" + i.ID.String() + "/unlink"})
	}
	frame, err := r.Frame(r.T("sso.page.title"))
	if err != nil {
		return nil, err
	}
	frame.Crumbs, frame.Lead = crumbs(r), r.T("sso.page.lead", "name", p.config.Name)
	return page.HTML(ownPage(frame, p.config.Name, cards)), nil
}

// lookForExit finds where people sign out of the system. One that is away does
// not keep them here.
func (p *Provider) lookForExit(r *page.Request) error {
	exit, err := p.signOut(r.Context())
	if errs.Is(err, errs.Unavailable) {
		err = nil
	}
	r.Prepared = exit
	return err
}

// showExit follows after somebody has signed out here: on a computer of many the
// next one would come in by the system as the one before. The browser goes
// there by a link, because the answer to a form must not leave the site.
func (p *Provider) showExit(r *page.Request) (page.Answer, error) {
	exit := r.Prepared.(string)
	if exit == "" {
		return page.SeeOther("/sign-in", ""), nil
	}
	return page.HTML(exitPage(p.frame(r, "sso.page.signed_out"), p.config.Name, exit)), nil
}
