// Package sso lets people sign in by another system that vouches for them
// (OpenID Connect): what goes to it and comes back, and the pages around that.
//
// It knows the protocol. Whose account an identity belongs to, and what a second
// factor is, is known to package account; it never makes a person.
package sso

import (
	"cmp"
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"chibo/internal/domain/account"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/limit"
)

// Config is what the operator sets. Without an Issuer there is no other system.
type Config struct {
	// Issuer is the address by which the system names itself, and under which it
	// publishes how to reach it.
	Issuer string
	// ClientID and ClientSecret are what it calls us.
	ClientID, ClientSecret string
	// Name is what people know it by.
	Name string
	// Claim is what it says of a person that equals the Mark of an account, such
	// as "email"; "" lets in those alone who have linked their account.
	Claim string
	Mark  account.Mark
	// Audiences are other programs for which its word may be meant too.
	Audiences []string
	// SecondFactors are the values of amr or acr by which it says that it asked
	// for a second factor, and is believed.
	SecondFactors []string
	// Scopes are asked for beyond openid, profile and email.
	Scopes []string
	// Site is our own address, to which it sends people back; "" is what the
	// browser asked.
	Site string
}

// Provider is the other system as we know it.
type Provider struct {
	config Config
	client *http.Client
	now    clock.Now
	// callers are the addresses for which it is asked, and bounded.
	callers *limit.Buckets[string]

	mu     sync.Mutex
	found  *discovery
	failed error
	retry  time.Time // not before then, after a failure
}

// discovery is what the system publishes of itself.
type discovery struct {
	*oidc.Provider
	// EndSession is where people sign out of it, "" if nowhere.
	EndSession string `json:"end_session_endpoint"`
	// NamesItself says that it repeats its name when it sends people back
	// (RFC 9207), so that one that does not is another.
	NamesItself bool `json:"authorization_response_iss_parameter_supported"`
}

const (
	// patience is how long one request to the system may take.
	patience = 10 * time.Second
	// pause keeps people from waiting one after the other for a system that was
	// not there a moment ago.
	pause = 5 * time.Second
)

// calls are wide: a whole commune may come from one address.
var calls = limit.Rate{PerMinute: 60, Burst: 60}

// New knows the system and asks it nothing yet: one that is away when the
// program starts is found when it is back. It is nil without an Issuer.
func New(c Config, now clock.Now) *Provider {
	if c.Issuer == "" {
		return nil
	}
	c.Name = cmp.Or(c.Name, hostOf(c.Issuer))
	return &Provider{config: c, client: &http.Client{Timeout: patience}, now: now, callers: limit.New[string](calls, now)}
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Hostname()
}

// Check reports settings that cannot work.
func (c Config) Check() error {
	u, err := url.Parse(c.Issuer)
	switch {
	case c.Issuer == "":
		return nil
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return fmt.Errorf("the issuer %q of sign-in is not an address", c.Issuer)
	case c.ClientID == "":
		return errors.New("sign-in by another system needs the client id that it gave us")
	case c.Claim != "" && !slices.Contains(account.Marks, c.Mark):
		return fmt.Errorf("the claim %q can equal a login, an email or a card, not %q", c.Claim, c.Mark)
	}
	return nil
}

// discover is what the system publishes, asked once.
func (p *Provider) discover(ctx context.Context) (*discovery, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	if p.failed != nil && p.now().Before(p.retry) {
		return nil, p.failed
	}
	found, err := p.ask(ctx)
	if err != nil {
		p.failed, p.retry = p.away(err), p.now().Add(pause)
		return nil, p.failed
	}
	p.found = found
	return found, nil
}

// ask keeps no part of ctx: keys are fetched with it long after the request.
func (p *Provider) ask(ctx context.Context) (*discovery, error) {
	provider, err := oidc.NewProvider(p.with(context.WithoutCancel(ctx)), p.config.Issuer)
	if err != nil {
		return nil, err
	}
	d := &discovery{Provider: provider}
	return d, provider.Claims(d)
}

func (p *Provider) with(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, p.client)
}

func (p *Provider) away(err error) error {
	return errs.Wrap(err, errs.Unavailable, "sso.error.away", p.config.Name)
}

// flow is one person's way to the system and back, sealed in a cookie.
type flow struct {
	State, Nonce, Verifier string
	// To is the page they wanted.
	To string
	// Link is the person who links their account; zero for one who signs in.
	Link    int64
	Started time.Time
}

// flowLife is how long the way may take: a password, a second factor, a phone
// that was in another room.
const flowLife = 10 * time.Minute

func (p *Provider) oauth(d *discovery, site string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.config.ClientID, ClientSecret: p.config.ClientSecret, Endpoint: d.Endpoint(),
		RedirectURL: cmp.Or(p.config.Site, site) + callbackPath,
		Scopes:      append([]string{oidc.ScopeOpenID, "profile", "email"}, p.config.Scopes...),
	}
}

// way is the address of the system to which the person is sent.
func (p *Provider) way(d *discovery, site string, f flow) string {
	options := []oauth2.AuthCodeOption{oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)}
	if f.Link != 0 { // which of their identities, is asked anew
		options = append(options, oauth2.SetAuthURLParam("prompt", "select_account"))
	}
	return p.oauth(d, site).AuthCodeURL(f.State, options...)
}

// arrival is what the person came back with.
type arrival struct {
	flow
	who    account.Identity
	value  string // of the claim
	strong bool
}

// receive turns what the browser brought back into who the system says it is.
// Each reason to doubt it is errs.Unauthenticated, with what the person can do.
func (p *Provider) receive(ctx context.Context, site string, f flow, answer url.Values) (arrival, error) {
	d, err := p.discover(ctx)
	if err != nil {
		return arrival{}, err
	}
	if err := p.answered(d, f, answer); err != nil {
		return arrival{}, err
	}
	ctx = p.with(ctx)
	tokens, err := p.oauth(d, site).Exchange(ctx, answer.Get("code"), oauth2.VerifierOption(f.Verifier))
	if err != nil {
		return arrival{}, p.refused(err)
	}
	claims, err := p.claims(ctx, d, f, tokens)
	if err != nil {
		return arrival{}, err
	}
	return p.arrive(f, claims), nil
}

// answered checks what came through the browser, before anything is asked.
func (p *Provider) answered(d *discovery, f flow, answer url.Values) error {
	lost := errs.New(errs.Unauthenticated, "sso.error.state")
	issuer, named := answer.Get("iss"), answer.Has("iss")
	switch {
	case f.State == "" || subtle.ConstantTimeCompare([]byte(f.State), []byte(answer.Get("state"))) != 1:
		return lost
	case p.now().Sub(f.Started) >= flowLife:
		return lost
	case named && issuer != p.config.Issuer || !named && d.NamesItself:
		return errs.Wrap(fmt.Errorf("the answer comes from %q", issuer), errs.Unauthenticated, "sso.error.word", p.config.Name)
	case answer.Has("error"):
		cause := fmt.Errorf("%s: %s", answer.Get("error"), answer.Get("error_description"))
		return errs.Wrap(cause, errs.Unauthenticated, "sso.error.refused", p.config.Name)
	}
	return nil
}

// refused says why the system gave nothing for the code.
func (p *Provider) refused(err error) error {
	var answer *oauth2.RetrieveError
	switch {
	case !errors.As(err, &answer) || answer.Response != nil && answer.Response.StatusCode >= 500:
		return p.away(err)
	case answer.ErrorCode == "invalid_grant":
		return errs.Wrap(err, errs.Unauthenticated, "sso.error.code")
	}
	return errs.Wrap(err, errs.Internal, "sso.error.settings", p.config.Name)
}

// said is what the system says of the person.
type said map[string]any

func (s said) text(claim string) string {
	switch value := s[claim].(type) {
	case string:
		return strings.TrimSpace(value)
	case json.Number:
		return value.String()
	}
	return ""
}

// name is by what people know their identity.
func (s said) name() string {
	return cmp.Or(s.text("preferred_username"), s.text("email"), s.text("name"))
}

// all are the texts of a claim that may be one or several.
func (s said) all(claim string) (list []string) {
	many, _ := s[claim].([]any)
	for _, one := range many {
		if text, ok := one.(string); ok {
			list = append(list, text)
		}
	}
	if one := s.text(claim); one != "" {
		list = append(list, one)
	}
	return list
}

// claims are what the system says, once its signature, issuer, time, audience
// and nonce are right.
func (p *Provider) claims(ctx context.Context, d *discovery, f flow, tokens *oauth2.Token) (said, error) {
	raw, _ := tokens.Extra("id_token").(string)
	word, err := d.Verifier(&oidc.Config{ClientID: p.config.ClientID, Now: p.now}).Verify(ctx, raw)
	if err == nil {
		err = p.meant(word, f, tokens)
	}
	if err != nil {
		return nil, errs.Wrap(err, errs.Unauthenticated, "sso.error.word", p.config.Name)
	}
	claims := said{}
	if err := word.Claims(&claims); err != nil {
		return nil, err
	}
	if claims.name() != "" && (p.config.Claim == "" || claims[p.config.Claim] != nil) {
		return claims, nil
	}
	return claims, p.askMore(ctx, d, tokens, claims)
}

// meant reports whether the word was given for this flow and for us.
func (p *Provider) meant(word *oidc.IDToken, f flow, tokens *oauth2.Token) error {
	var party struct {
		AZP string `json:"azp"`
	}
	if err := word.Claims(&party); err != nil {
		return err
	}
	foreign := slices.ContainsFunc(word.Audience, func(aud string) bool {
		return aud != p.config.ClientID && !slices.Contains(p.config.Audiences, aud)
	})
	switch {
	case subtle.ConstantTimeCompare([]byte(word.Nonce), []byte(f.Nonce)) != 1:
		return errors.New("the nonce is another's")
	case word.Subject == "":
		return errors.New("there is no subject")
	case foreign:
		return fmt.Errorf("the audience %q is not allowed", word.Audience)
	case party.AZP != "" && party.AZP != p.config.ClientID, party.AZP == "" && len(word.Audience) > 1:
		return fmt.Errorf("the authorized party is %q", party.AZP)
	case word.AccessTokenHash != "":
		return word.VerifyAccessToken(tokens.AccessToken)
	}
	return nil
}

// askMore adds to the claims what the system tells at a second place only.
func (p *Provider) askMore(ctx context.Context, d *discovery, tokens *oauth2.Token, claims said) error {
	if d.UserInfoEndpoint() == "" {
		return nil
	}
	info, err := d.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
	if err != nil {
		return p.away(err)
	}
	if info.Subject != claims.text("sub") {
		return errs.Wrap(errors.New("userinfo is of another subject"), errs.Unauthenticated, "sso.error.word", p.config.Name)
	}
	more := said{}
	if err := info.Claims(&more); err != nil {
		return err
	}
	for claim, value := range more {
		if _, signed := claims[claim]; !signed {
			claims[claim] = value
		}
	}
	return nil
}

func (p *Provider) arrive(f flow, claims said) arrival {
	subject := claims.text("sub")
	return arrival{
		flow: f, strong: p.strong(claims), value: p.verified(claims),
		who: account.Identity{
			Issuer: p.config.Issuer, Subject: subject,
			Name: p.config.Name + ": " + cmp.Or(claims.name(), subject),
		},
	}
}

// verified is the value of the configured claim. An address counts only if the
// system says that it has verified it.
func (p *Provider) verified(claims said) string {
	if p.config.Claim == "email" && claims["email_verified"] != true && claims["email_verified"] != "true" {
		return ""
	}
	return claims.text(p.config.Claim)
}

// strong reports whether the system says that it asked for a second factor, in
// words that the operator trusts.
func (p *Provider) strong(claims said) bool {
	return slices.ContainsFunc(append(claims.all("amr"), claims.all("acr")...), func(value string) bool {
		return slices.Contains(p.config.SecondFactors, value)
	})
}

// signOut is where people sign out of the system, "" if it offers nothing.
func (p *Provider) signOut(ctx context.Context) (string, error) {
	d, err := p.discover(ctx)
	if err != nil || d.EndSession == "" {
		return "", err
	}
	u, err := url.Parse(d.EndSession)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return "", err
	}
	query := u.Query()
	query.Set("client_id", p.config.ClientID)
	u.RawQuery = query.Encode()
	return u.String(), nil
}
