package sso_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"

	"chibo/internal/testkit"
	"chibo/internal/testkit/visit"
	"chibo/internal/web/page"
	"chibo/internal/web/sso"
	"chibo/internal/web/static"
)

const (
	clientID = "chibo"
	secret   = "bí mật của chibo"
	callback = "/sign-in/sso/callback"
	own      = "/account/sso"
)

// system is a real provider of OpenID Connect, with people of its own.
type system struct {
	*httptest.Server
	store   *storage.Storage
	clients map[string]*storage.Client
	users   people
	t       testing.TB
}

type people map[string]*storage.User

func (p people) GetUserByID(id string) *storage.User { return p[id] }

func (p people) GetUserByUsername(name string) *storage.User {
	for _, user := range p {
		if user.Username == name {
			return user
		}
	}
	return nil
}

func (p people) ExampleClientID() string { return "service" }

const theirPassword = "mật khẩu ở cổng của tỉnh"

func newSystem(t testing.TB) *system {
	s := &system{t: t, clients: map[string]*storage.Client{}, users: people{
		"s-1": {ID: "s-1", Username: "an", FirstName: "An", Email: "an@xa.example.vn", EmailVerified: true},
		"s-2": {ID: "s-2", Username: "la", FirstName: "Lạ", Email: "la@xa.example.vn", EmailVerified: true},
		"s-3": {ID: "s-3", Username: "nhan", FirstName: "Nhận", Email: "an@xa.example.vn", EmailVerified: false},
	}}
	for _, user := range s.users {
		user.Password = theirPassword
	}
	var handler http.Handler
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(s.Close)
	s.store = storage.NewStorageWithClients(s.users, s.clients)
	handler = exampleop.SetupServer(s.URL, s.store, slog.New(slog.DiscardHandler), false)
	return s
}

// trust is how a site is set to believe the system.
func (s *system) trust() sso.Config {
	return sso.Config{Issuer: s.URL, ClientID: clientID, ClientSecret: secret, Name: "Cổng của tỉnh"}
}

// site is a site that believes what c says, on the machine's clock, because
// the system is.
func site(t testing.TB, c sso.Config) *visit.Site {
	t.Helper()
	k := testkit.SQLite(t)
	k.SetNow(time.Now())
	return visit.On(k, func(site *page.Site) http.Handler {
		p := sso.New(c, k.Now)
		site.Voucher = p.Voucher()
		mux := http.NewServeMux()
		mux.Handle("GET /static/", static.Handler())
		mux.Handle("/", visit.Routes(append(page.SignIn(), p.Routes()...)...)(site))
		return mux
	})
}

// known registers the site at the system.
func (s *system) known(at *visit.Site) *visit.Site {
	s.clients[clientID] = storage.WebClient(clientID, secret, at.Base+callback)
	return at
}

// way is a browser on its way through the system.
type way struct {
	*visit.Visitor
	site   *visit.Site
	system *system
	// request is the system's id of this way.
	request string
}

// setOut goes from the page to the system's, where it wants to know who it is.
// change alters the address on the way there.
func (s *system) setOut(v *visit.Visitor, at *visit.Site, from string, change func(url.Values)) way {
	s.t.Helper()
	out := v.Get(from).Want(http.StatusSeeOther)
	u, err := url.Parse(out.Location)
	if err != nil {
		s.t.Fatal(err)
	}
	if change != nil {
		query := u.Query()
		change(query)
		u.RawQuery = query.Encode()
	}
	asked := s.visit(v, http.MethodGet, u.String(), nil)
	return way{v, at, s, asked.Query().Get("authRequestID")}
}

// prove says who it is, and gives the address to which the system sends it.
func (w way) prove(user string) *url.URL {
	w.system.t.Helper()
	form := url.Values{"username": {user}, "password": {theirPassword}, "id": {w.request}}
	back := w.system.visit(w.Visitor, http.MethodPost, w.system.URL+"/login/username", form)
	return w.system.visit(w.Visitor, http.MethodGet, back.String(), nil)
}

// arrive follows the address to the site.
func (w way) arrive(back *url.URL) visit.Answer {
	w.system.t.Helper()
	if !strings.HasPrefix(back.String(), w.site.Base+callback) {
		w.system.t.Fatalf("the system sends to %s", back)
	}
	return w.Get(back.RequestURI())
}

// signIn goes the whole way.
func (s *system) signIn(v *visit.Visitor, at *visit.Site, user string) visit.Answer {
	s.t.Helper()
	w := s.setOut(v, at, "/sign-in/sso?to=/account/sso", nil)
	return w.arrive(w.prove(user))
}

// visit asks the system, which sends the browser on.
func (s *system) visit(v *visit.Visitor, method, address string, form url.Values) *url.URL {
	s.t.Helper()
	request, err := http.NewRequest(method, address, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := v.Client.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	to, err := response.Location()
	if err != nil {
		body, _ := io.ReadAll(response.Body)
		s.t.Fatalf("%s %s: %d %s", method, address, response.StatusCode, body)
	}
	return to
}

// forger is a system that says whatever a test wants it to.
type forger struct {
	*httptest.Server
	key *rsa.PrivateKey
	// word is what it signs, how with what; info is what it says further.
	word   map[string]any
	method jose.SignatureAlgorithm
	with   any
	info   map[string]any
	// publishes is what it adds to what it publishes of itself.
	publishes map[string]any
}

func newForger(t testing.TB) *forger {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	f := &forger{key: key, method: jose.RS256, with: key, publishes: map[string]any{}}
	mux := http.NewServeMux()
	reply := func(w http.ResponseWriter, content any) {
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(content); err != nil {
			t.Error(err)
		}
	}
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		content := map[string]any{
			"issuer": f.URL, "authorization_endpoint": f.URL + "/auth", "token_endpoint": f.URL + "/token",
			"jwks_uri": f.URL + "/keys", "userinfo_endpoint": f.URL + "/info",
			"id_token_signing_alg_values_supported": []string{"RS256", "HS256", "none"},
		}
		for name, value := range f.publishes {
			content[name] = value
		}
		reply(w, content)
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "1", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, map[string]any{"access_token": "vé", "token_type": "Bearer", "expires_in": 300, "id_token": f.sign(t)})
	})
	mux.HandleFunc("GET /info", func(w http.ResponseWriter, _ *http.Request) { reply(w, f.info) })
	f.Server = httptest.NewServer(mux)
	t.Cleanup(f.Close)
	return f
}

func (f *forger) sign(t testing.TB) string {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: f.method, Key: f.with}, (&jose.SignerOptions{}).WithHeader("kid", "1"))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := json.Marshal(f.word)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(plain)
	if err != nil {
		t.Fatal(err)
	}
	compact, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return compact
}

// signIn comes back to the site with a word that is right but for what change
// does to it.
func (f *forger) signIn(at *visit.Site, change func(word map[string]any), more ...string) visit.Answer {
	v := at.Stranger()
	out, _ := url.Parse(v.Get("/sign-in/sso").Location)
	f.word = map[string]any{
		"iss": f.URL, "sub": "s-1", "aud": clientID, "name": "An", "nonce": out.Query().Get("nonce"),
		"exp": time.Now().Add(time.Minute).Unix(), "iat": time.Now().Unix(),
	}
	if change != nil {
		change(f.word)
	}
	back := url.Values{"code": {"mã"}, "state": {out.Query().Get("state")}}
	for i := 0; i < len(more); i += 2 {
		back.Set(more[i], more[i+1])
	}
	return v.Get(callback + "?" + back.Encode())
}

var offerForm = regexp.MustCompile(`name="offer" value="([^"]+)"`)

// expire has the system forget the way, as it does with a code that is old.
func (w way) expire() {
	if err := w.system.store.DeleteAuthRequest(context.Background(), w.request); err != nil {
		w.system.t.Fatal(err)
	}
}
