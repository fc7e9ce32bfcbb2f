package sso_test

import (
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"chibo/internal/domain/account"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/testkit/visit"
	"chibo/internal/web/sso"
)

const (
	notLinked = "chưa liên kết với tài khoản nào"
	begin     = "Đồng chí bắt đầu lại"
	noWord    = "Không xác minh được"
)

// link links the person to the user of the system, as a person would.
func (s *system) link(at *visit.Site, person access.PersonID, user string) *visit.Visitor {
	s.t.Helper()
	me := at.As(person)
	w := s.setOut(me, at, own+"/link", nil)
	asked := w.arrive(w.prove(user)).Want(200, "Liên kết tài khoản này?", "Cổng của tỉnh: "+user)
	offer := offerForm.FindStringSubmatch(asked.Body)
	if offer == nil {
		s.t.Fatal("nothing is offered")
	}
	me.Post(own+"/link", "offer", offer[1]).LeadsTo(own)
	return me
}

// TestWhoLinkedSignsIn: the whole life of a link, by the pages.
func TestWhoLinkedSignsIn(t *testing.T) {
	system := newSystem(t)
	at := system.known(site(t, system.trust()))
	me := system.link(at, at.Org.MemberA, "an")
	me.Get(own).Want(200, "Đã liên kết", "Cổng của tỉnh: an")

	stranger := at.Stranger()
	stranger.Get("/sign-in").Want(200, "Đăng nhập bằng Cổng của tỉnh")
	system.signIn(stranger, at, "an").LeadsTo("/account/sso")
	page := stranger.Get(own).Want(200, "Cổng của tỉnh: an", "Gỡ liên kết")
	if sessions := (located{at}).sessions(at.Org.MemberA); len(sessions) != 2 || sessions[0].How != account.ByIdentity || sessions[0].Strong {
		t.Errorf("sessions %+v", sessions)
	}

	system.signIn(at.Stranger(), at, "la").Want(401, notLinked)

	// Who unlinks it comes in no more.
	action := own + between(t, page.Body, own, `/unlink"`) + "/unlink"
	me.Post(action).LeadsTo(own)
	system.signIn(at.Stranger(), at, "an").Want(401, notLinked)
}

func between(t *testing.T, body, before, after string) string {
	t.Helper()
	for _, part := range strings.Split(body, before)[1:] {
		if text, _, ok := strings.Cut(part, after); ok && !strings.Contains(text, "<") {
			return text
		}
	}
	t.Fatalf("nothing between %q and %q", before, after)
	return ""
}

func (at located) sessions(person access.PersonID) (list []account.Session) {
	at.K.View(func(tx *db.Tx) (err error) {
		list, err = account.Sessions(tx, at.Org.As(tx, person))
		return err
	})
	return list
}

// TestWhatIsRefused: whatever does not belong to this browser's own way, now
// and once, lets nobody in and says what to do.
func TestWhatIsRefused(t *testing.T) {
	system := newSystem(t)
	at := system.known(site(t, system.trust()))
	system.link(at, at.Org.MemberA, "an")
	start := at.K.Now()
	for _, c := range []struct {
		what string
		try  func(v *visit.Visitor) visit.Answer
		says string
	}{
		{"another state", func(v *visit.Visitor) visit.Answer {
			w := system.setOut(v, at, "/sign-in/sso", nil)
			return w.arrive(changed(w.prove("an"), "state", "khác"))
		}, begin},
		{"no state", func(v *visit.Visitor) visit.Answer {
			w := system.setOut(v, at, "/sign-in/sso", nil)
			return w.arrive(changed(w.prove("an"), "state", ""))
		}, begin},
		{"another nonce", func(v *visit.Visitor) visit.Answer {
			w := system.setOut(v, at, "/sign-in/sso", func(q url.Values) { q.Set("nonce", "khác") })
			return w.arrive(w.prove("an"))
		}, noWord},
		{"without PKCE", func(v *visit.Visitor) visit.Answer {
			w := system.setOut(v, at, "/sign-in/sso", func(q url.Values) { q.Set("code_challenge", "khac-khac-khac-khac-khac-khac-khac-khac-khac-kh") })
			return w.arrive(w.prove("an"))
		}, begin},
		{"an expired code", func(v *visit.Visitor) visit.Answer {
			w := system.setOut(v, at, "/sign-in/sso", nil)
			back := w.prove("an")
			w.expire()
			return w.arrive(back)
		}, begin},
		{"an invented code", func(v *visit.Visitor) visit.Answer {
			w := system.setOut(v, at, "/sign-in/sso", nil)
			return w.arrive(changed(w.prove("an"), "code", "bịa"))
		}, begin},
		{"the same again", func(v *visit.Visitor) visit.Answer {
			w := system.setOut(v, at, "/sign-in/sso?to=/", nil)
			cookies := v.Client.Jar.Cookies(parsed(at.Base))
			back := w.prove("an")
			w.arrive(back).LeadsTo("/")
			thief := at.Stranger()
			thief.Client.Jar.SetCookies(parsed(at.Base), onlyFlow(cookies))
			w.Visitor = thief
			return w.arrive(back)
		}, begin},
		{"the same again in the same browser", func(v *visit.Visitor) visit.Answer {
			w := system.setOut(v, at, "/sign-in/sso?to=/", nil)
			back := w.prove("an")
			w.arrive(back).LeadsTo("/")
			return w.arrive(back)
		}, begin},
		{"another browser's answer", func(v *visit.Visitor) visit.Answer {
			w := system.setOut(v, at, "/sign-in/sso", nil)
			back := w.prove("an")
			w.Visitor = at.Stranger()
			return w.arrive(back)
		}, begin},
		{"another browser's answer, on the way oneself", func(v *visit.Visitor) visit.Answer {
			w := system.setOut(v, at, "/sign-in/sso", nil)
			back := w.prove("an")
			victim := system.setOut(at.Stranger(), at, "/sign-in/sso", nil)
			return victim.arrive(back)
		}, begin},
		{"after ten minutes", func(v *visit.Visitor) visit.Answer {
			w := system.setOut(v, at, "/sign-in/sso", nil)
			back := w.prove("an")
			at.K.SetNow(start.Add(10 * time.Minute))
			return w.arrive(back)
		}, begin},
		{"a cookie that was altered", func(v *visit.Visitor) visit.Answer {
			w := system.setOut(v, at, "/sign-in/sso", nil)
			back := w.prove("an")
			for _, c := range onlyFlow(v.Client.Jar.Cookies(parsed(at.Base))) {
				c.Value = c.Value[:len(c.Value)-2] + "AA"
				v.Client.Jar.SetCookies(parsed(at.Base), []*http.Cookie{c})
			}
			return w.arrive(back)
		}, begin},
		{"refused by the system", func(v *visit.Visitor) visit.Answer {
			out := parsed(v.Get("/sign-in/sso").Location)
			return v.Get(callback + "?" + url.Values{"error": {"access_denied"}, "state": {out.Query().Get("state")}}.Encode())
		}, "không cho đăng nhập lần này"},
		{"another issuer's answer", func(v *visit.Visitor) visit.Answer {
			w := system.setOut(v, at, "/sign-in/sso", nil)
			return w.arrive(changed(w.prove("an"), "iss", "https://khac.example"))
		}, noWord},
	} {
		t.Run(c.what, func(t *testing.T) {
			defer at.K.SetNow(start)
			before := len(located{at}.sessions(at.Org.MemberA))
			v := at.Stranger()
			c.try(v).Want(401, c.says, "Đăng nhập bằng mật khẩu")
			if after := len(located{at}.sessions(at.Org.MemberA)); after > before+1 {
				t.Errorf("%d sessions were opened", after-before)
			}
		})
	}
}

func parsed(address string) *url.URL {
	u, err := url.Parse(address)
	if err != nil {
		panic(err)
	}
	return u
}

func changed(u *url.URL, name, value string) *url.URL {
	query := u.Query()
	query.Set(name, value)
	u.RawQuery = query.Encode()
	return u
}

func onlyFlow(cookies []*http.Cookie) (list []*http.Cookie) {
	for _, c := range cookies {
		if c.Name == "chibo_sso" {
			c.Path = "/"
			list = append(list, c)
		}
	}
	return list
}

// TestWordsThatAreNotBelieved has a forger say almost the right thing.
func TestWordsThatAreNotBelieved(t *testing.T) {
	f := newForger(t)
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	trust := sso.Config{Issuer: f.URL, ClientID: clientID, ClientSecret: secret, Name: "Cổng", Audiences: []string{"ban-do"}}
	at := site(t, trust)
	type word = map[string]any
	for _, c := range []struct {
		what   string
		change func(word)
		says   string
	}{
		// Right words of an unknown person, so that each of the others fails for its fault.
		{"a right word", nil, notLinked},
		{"for us and a program that is allowed", func(w word) { w["aud"], w["azp"] = []string{clientID, "ban-do"}, clientID }, notLinked},
		{"for us and another program", func(w word) { w["aud"], w["azp"] = []string{clientID, "khac"}, clientID }, noWord},
		{"for us and an allowed program, on behalf of nobody", func(w word) { w["aud"] = []string{clientID, "ban-do"} }, noWord},
		{"for another program", func(w word) { w["aud"] = "ban-do" }, noWord},
		{"on behalf of another program", func(w word) { w["azp"] = "khac" }, noWord},
		{"of another issuer", func(w word) { w["iss"] = "https://khac.example" }, noWord},
		{"of nobody", func(w word) { w["sub"] = "" }, noWord},
		{"without a nonce", func(w word) { delete(w, "nonce") }, noWord},
		{"expired", func(w word) { w["exp"] = time.Now().Add(-time.Minute).Unix() }, noWord},
		{"for later", func(w word) { w["nbf"] = time.Now().Add(time.Hour).Unix() }, noWord},
		{"with another access token's digest", func(w word) { w["at_hash"] = "a2hhYw" }, noWord},
		{"signed by a stranger", func(word) { f.with = stranger }, noWord},
		{"signed with our secret", func(word) { f.method, f.with = jose.HS256, []byte(strings.Repeat(secret, 3)) }, noWord},
	} {
		t.Run(c.what, func(t *testing.T) {
			f.method, f.with = jose.RS256, f.key
			f.signIn(at, c.change).Want(401, c.says)
		})
	}
}

// TestWhatIsToldElsewhere: what the word leaves out is asked for at the second
// place, if that speaks of the same person; what was signed counts more.
func TestWhatIsToldElsewhere(t *testing.T) {
	f := newForger(t)
	at := site(t, sso.Config{Issuer: f.URL, ClientID: clientID, Claim: "so_the", Mark: account.ByCard})
	at.Token(at.Org.MemberA)
	const card = "001055000004" // of MemberA
	for _, c := range []struct {
		what   string
		info   map[string]any
		signed any
		status int
		says   string
	}{
		{"of another", map[string]any{"sub": "s-9", "so_the": card}, nil, 401, noWord},
		{"nothing", map[string]any{"sub": "s-1"}, nil, 401, notLinked},
		{"not what was signed", map[string]any{"sub": "s-1", "so_the": card}, "001055999999", 401, notLinked},
		{"the card", map[string]any{"sub": "s-1", "so_the": card}, nil, 303, ""},
	} {
		t.Log(c.what)
		f.info = c.info
		f.signIn(at, func(word map[string]any) {
			if c.signed != nil {
				word["so_the"] = c.signed
			}
		}).Want(c.status, c.says)
	}
}

// TestSystemThatNamesItself: where it promises its name with each answer, one
// without a name is another's.
func TestSystemThatNamesItself(t *testing.T) {
	f := newForger(t)
	f.publishes["authorization_response_iss_parameter_supported"] = true
	at := site(t, sso.Config{Issuer: f.URL, ClientID: clientID, ClientSecret: secret})
	f.signIn(at, nil).Want(401, noWord)
	f.signIn(at, nil, "iss", f.URL).Want(401, notLinked)
}

// TestAnotherSystemBehindTheAddress: what answers at the address of the issuer
// must call itself so.
func TestAnotherSystemBehindTheAddress(t *testing.T) {
	system := newSystem(t)
	proxy := httptest.NewServer(httputil.NewSingleHostReverseProxy(parsed(system.URL)))
	defer proxy.Close()
	trust := system.trust()
	trust.Issuer = proxy.URL
	site(t, trust).Stranger().Get("/sign-in/sso").Want(503, "hiện không trả lời")
}

// TestWhoIsRecognised: by the address that the system verified, once; and
// strangers do not learn whether somebody has it.
func TestWhoIsRecognised(t *testing.T) {
	system := newSystem(t)
	trust := system.trust()
	trust.Claim, trust.Mark = "email", account.ByEmail
	at := system.known(site(t, trust))
	o := at.Org
	at.Token(o.MemberA)
	at.K.Update(func(tx *db.Tx) error {
		by := o.As(tx, o.MemberA)
		a, err := account.Find(tx, by, o.MemberA)
		if err != nil {
			return err
		}
		return account.ChangeContact(tx, by, account.Contact{Email: "an@xa.example.vn", Version: a.Version})
	})
	unverified := system.signIn(at.Stranger(), at, "nhan").Want(401, notLinked)
	unknown := system.signIn(at.Stranger(), at, "la").Want(401, notLinked)
	if unverified.Body != unknown.Body {
		t.Error("strangers are told apart")
	}
	v := at.Stranger()
	system.signIn(v, at, "an").LeadsTo("/account/sso")
	v.Get(own).Want(200, "Cổng của tỉnh: an")
	// A second one with the same address is a stranger, although it is verified.
	system.users["s-3"].EmailVerified = true
	system.signIn(at.Stranger(), at, "nhan").Want(401, notLinked)
}

// TestBlockedAccount: who is blocked here does not come in by the system.
func TestBlockedAccount(t *testing.T) {
	system := newSystem(t)
	at := system.known(site(t, system.trust()))
	system.link(at, at.Org.MemberA, "an")
	at.K.Update(func(tx *db.Tx) error { return account.Block(tx, access.Console(), at.Org.MemberA) })
	system.signIn(at.Stranger(), at, "an").Want(403, "đang bị khóa")
}

// TestSecondFactorOfTheSystem counts only where the operator trusts it.
func TestSecondFactorOfTheSystem(t *testing.T) {
	system := newSystem(t) // which says that it asked for a password: "pwd"
	for trusted, strong := range map[string]bool{"pwd": true, "mfa": false, "": false} {
		trust := system.trust()
		trust.SecondFactors = []string{trusted}
		at := system.known(site(t, trust))
		system.link(at, at.Org.MemberA, "an")
		system.signIn(at.Stranger(), at, "an").LeadsTo("/account/sso")
		if sessions := (located{at}).sessions(at.Org.MemberA); sessions[0].Strong != strong {
			t.Errorf("trusting %q: strong is %v", trusted, sessions[0].Strong)
		}
	}
}

// TestLinking: nobody links what they did not set out for, or long after they
// showed who they are.
func TestLinking(t *testing.T) {
	system := newSystem(t)
	at := system.known(site(t, system.trust()))
	o := at.Org
	me := at.As(o.MemberA)

	// Somebody else's offer, and one that was made up.
	w := system.setOut(me, at, own+"/link", nil)
	offer := offerForm.FindStringSubmatch(w.arrive(w.prove("an")).Want(200).Body)[1]
	at.As(o.MemberB).Post(own+"/link", "offer", offer).Want(409, begin)
	me.Post(own+"/link", "offer", offer[:len(offer)-2]+"AA").Want(409, begin)

	// The way of one person, in the browser of another.
	w = system.setOut(me, at, own+"/link", nil)
	back := w.prove("an")
	cookies := onlyFlow(me.Client.Jar.Cookies(parsed(at.Base)))
	other := at.As(o.MemberB)
	other.Client.Jar.SetCookies(parsed(at.Base), cookies)
	w.Visitor = other
	w.arrive(back).Want(401, begin)

	// Who has linked it is the only one.
	system.link(at, o.MemberA, "an")
	me = at.As(o.MemberB)
	w = system.setOut(me, at, own+"/link", nil)
	taken := offerForm.FindStringSubmatch(w.arrive(w.prove("an")).Want(200).Body)[1]
	me.Post(own+"/link", "offer", taken).Want(409, "đã được liên kết")

	// Later one shows once more who one is.
	at.K.SetNow(at.K.Now().Add(16 * time.Minute))
	at.As(o.MemberB).Get(own + "/link").LeadsTo("/account/confirm?to=%2Faccount%2Fsso%2Flink")
	at.Stranger().Get(own + "/link").Want(http.StatusSeeOther)
}

// TestSystemThatIsAway does not keep the site from starting, and is found when
// it is back.
func TestSystemThatIsAway(t *testing.T) {
	system := newSystem(t)
	down := true
	door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if down {
			http.Error(w, "away", http.StatusBadGateway)
			return
		}
		newForgerAt(t, w, r)
	}))
	defer door.Close()
	trust := system.trust()
	trust.Issuer = door.URL
	at := site(t, trust)
	at.Stranger().Get("/sign-in").Want(200, "Đăng nhập bằng Cổng của tỉnh")
	at.Stranger().Get("/sign-in/sso").Want(503, "Cổng của tỉnh hiện không trả lời", "Đăng nhập bằng mật khẩu")
	down = false
	at.Stranger().Get("/sign-in/sso").Want(503) // not asked again at once
	at.K.SetNow(at.K.Now().Add(5 * time.Second))
	at.Stranger().Get("/sign-in/sso").Want(http.StatusSeeOther)
}

// newForgerAt publishes a system at the address that was asked.
func newForgerAt(t *testing.T, w http.ResponseWriter, r *http.Request) {
	t.Helper()
	base := "http://" + r.Host
	w.Header().Set("Content-Type", "application/json")
	_, err := w.Write([]byte(`{"issuer":"` + base + `","authorization_endpoint":"` + base + `/auth","token_endpoint":"` + base + `/token","jwks_uri":"` + base + `/keys"}`))
	if err != nil {
		t.Error(err)
	}
}

// TestWrongSettings are told to the operator in the log, to others in words.
func TestWrongSettings(t *testing.T) {
	system := newSystem(t)
	trust := system.trust()
	trust.ClientSecret = "sai"
	at := system.known(site(t, trust))
	system.signIn(at.Stranger(), at, "an").Want(500, "chưa được cài đặt đúng", "Đăng nhập bằng mật khẩu")
	for _, c := range []sso.Config{
		{Issuer: "khong phai dia chi", ClientID: clientID},
		{Issuer: "ldap://x", ClientID: clientID},
		{Issuer: system.URL},
		{Issuer: system.URL, ClientID: clientID, Claim: "email", Mark: "person"},
	} {
		if c.Check() == nil {
			t.Errorf("%+v is accepted", c)
		}
	}
	if (sso.Config{}).Check() != nil || trust.Check() != nil {
		t.Error("what is right is refused")
	}
}

// TestSignOut leads out of the system too, for whoever came by it.
func TestSignOut(t *testing.T) {
	system := newSystem(t)
	at := system.known(site(t, system.trust()))
	byPassword := system.link(at, at.Org.MemberA, "an")
	v := at.Stranger()
	system.signIn(v, at, "an")
	v.Post("/sign-out").LeadsTo("/sign-out/sso")
	page := v.Get("/sign-out/sso").Want(200, "Đăng xuất khỏi Cổng của tỉnh")
	exit := strings.ReplaceAll("/end_session"+between(t, page.Body, "/end_session", `"`), "&amp;", "&")
	if to := system.visit(v, http.MethodGet, system.URL+exit, nil); to.Path != "/logged-out" {
		t.Errorf("the system sends to %s", to)
	}
	v.Get(own).Want(http.StatusSeeOther)
	byPassword.Post("/sign-out").LeadsTo("/sign-in")
}

// TestTooManyAnswers: a stranger cannot have us ask the system without end.
func TestTooManyAnswers(t *testing.T) {
	f := newForger(t)
	at := site(t, sso.Config{Issuer: f.URL, ClientID: clientID})
	for range 60 {
		at.Stranger().Get(callback).Want(401, begin)
	}
	f.signIn(at, nil).Want(429, "thử quá nhiều lần")
	at.K.SetNow(at.K.Now().Add(time.Second))
	f.signIn(at, nil).Want(401, notLinked)
}

// TestNoSystem: without settings there are no such pages.
func TestNoSystem(t *testing.T) {
	at := site(t, sso.Config{})
	at.Stranger().Get("/sign-in/sso").Want(404)
	at.Stranger().Get("/sign-in").Want(200).Lacks("/sign-in/sso")
	at.As(at.Org.MemberA).Post("/sign-out").LeadsTo("/sign-in")
}

// located is a site whose people are looked at.
type located struct{ *visit.Site }
