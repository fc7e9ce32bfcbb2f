package account_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/testkit/browser"
	"chibo/internal/testkit/visit"
	"chibo/internal/web/account"
	"chibo/internal/web/page"
	"chibo/internal/web/people"
	"chibo/internal/web/static"
)

// named is a site at an address with a name, which passkeys need.
func named(t *testing.T) (s *visit.Site, base string) {
	t.Helper()
	s = visit.New(t, func(site *page.Site) http.Handler {
		mux := http.NewServeMux()
		mux.Handle("GET /static/", static.Handler())
		mux.Handle("/", visit.Routes(append(page.SignIn(), append(people.Routes(), account.Routes()...)...)...)(site))
		return mux
	})
	return s, strings.Replace(s.Base, "127.0.0.1", "localhost", 1)
}

func signIn(b browser.Browser, s *visit.Site, base string, person access.PersonID) {
	b.Helper()
	token := ""
	if person != 0 {
		token = string(s.Token(person))
	}
	b.SignIn(base, token)
}

// TestPagesAreForEverybody opens the pages at the sizes of a phone and a desk,
// and finds nothing that shuts anybody out.
func TestPagesAreForEverybody(t *testing.T) {
	b := browser.Start(t)
	s, base := named(t)
	o := s.Org
	s.Token(o.MemberB)
	s.As(o.SecretaryA).Post(at(o.MembersA[10], "/invite"))
	for _, p := range []struct {
		name   string
		person access.PersonID
		path   string
	}{
		{"sign-in", 0, "/sign-in"},
		{"code", 0, "/invite"},
		{"account", o.SecretaryA, "/account"},
		{"password", o.SecretaryA, "/account/password"},
		{"contact", o.SecretaryA, "/account/contact"},
		{"factors", o.SecretaryA, "/account/factors"},
		{"authenticator", o.SecretaryA, "/account/factors/authenticator"},
		{"passkey", o.SecretaryA, "/account/factors/passkeys"},
		{"pin", o.SecretaryA, "/account/pin"},
		{"confirm", o.SecretaryA, "/account/confirm"},
		{"invitation", o.SecretaryA, at(o.MembersA[10], "/invite")},
		{"renewal", o.SecretaryB, at(o.MemberB, "/renew")},
		{"slips", o.SecretaryA, "/slips?unit=" + o.CellA.ID.String()},
	} {
		for _, screen := range browser.Screens {
			t.Run(p.name+"-"+screen.Name, func(t *testing.T) {
				b := b.In(t)
				signIn(b, s, base, p.person)
				b.Open(screen, base+p.path)
				b.Look(screen, p.name)
			})
		}
	}
	t.Run("paper", func(t *testing.T) {
		b := b.In(t)
		signIn(b, s, base, o.SecretaryB)
		for _, screen := range browser.Screens {
			b.Open(screen, base+"/slips?unit="+o.CellB.ID.String())
			b.Press(`document.querySelectorAll("[name=person]").forEach(b => b.checked = true); document.querySelector("main .btn.primary").click()`)
			b.Look(screen, "slips-paper")
		}
	})
}

const press = `document.querySelector("main .btn.primary").click()`

// TestAMemberSignsInByPasskey is the way of a member with a phone: the slip, a
// password, a passkey, and the next time no password.
func TestAMemberSignsInByPasskey(t *testing.T) {
	b := browser.Start(t)
	b.Passkeys()
	s, base := named(t)
	o := s.Org
	phone := browser.Screens[0]
	code := slipCode(t, s.As(o.SecretaryA).Post(at(o.MemberA, "/invite")))

	b.Open(phone, base+"/invite/"+strings.ToLower(code))
	b.Press(`document.querySelector("[name=password]").value = "` + visit.Password + `"; document.querySelector("[name=own]").click(); ` + press)
	b.Open(phone, base+"/account/factors/passkeys")
	b.Look(phone, "passkey-new")
	b.Press(`document.querySelector("[name=name]").value = "Điện thoại của tôi"; ` + press)
	if !browser.Read[bool](b, `location.pathname === "/account/factors" && document.body.textContent.includes("Điện thoại của tôi")`) {
		t.Fatal("the passkey was not added: " + browser.Read[string](b, `document.querySelector("main").innerText`))
	}
	b.Look(phone, "factors-passkey")

	b.Open(phone, base+"/account")
	b.Press(`document.querySelector("[action='/account/sessions/end-all'] button").click()`)
	b.Open(phone, base+"/sign-in?to=/account")
	b.Look(phone, "sign-in-passkey")
	b.Press(`document.querySelector("form[data-passkey] button").click()`)
	if !browser.Read[bool](b, `location.pathname === "/account"`) {
		t.Fatal("not signed in: " + browser.Read[string](b, `document.querySelector("main").innerText`))
	}
	b.Look(phone, "account-passkey")
	if text := browser.Read[string](b, `document.querySelector("#entries").innerText`); !strings.Contains(text, "Khóa truy cập") {
		t.Errorf("the sign-in is not shown: %s", text)
	}
	// The password alone asks for the passkey now.
	login := browser.Read[string](b, `[...document.querySelectorAll("main dt")].find(t => t.textContent === "Tên đăng nhập").nextElementSibling.textContent`)
	b.SignIn(base, "")
	b.Open(phone, base+"/sign-in")
	b.Press(`document.querySelector("[name=login]").value = "` + login + `"; document.querySelector("[name=password]").value = "` + visit.Password + `"; ` + press)
	b.Look(phone, "second-passkey")
	b.Press(`document.querySelector("form[data-passkey] button").click()`)
	if !browser.Read[bool](b, `location.pathname === "/"`) {
		t.Fatal("not signed in: " + browser.Read[string](b, `document.querySelector("main").innerText`))
	}
}

// TestCodesAtADesk sets an authenticator up, prints recovery codes, and comes
// back by password and code.
func TestCodesAtADesk(t *testing.T) {
	b := browser.Start(t)
	s, base := named(t)
	o := s.Org
	desk := browser.Screens[1]
	login := loginOf(t, s.As(o.MemberA))

	signIn(b, s, base, o.MemberA)
	b.Open(desk, base+"/account/factors/authenticator")
	secret := browser.Read[string](b, `document.querySelector(".secret").textContent.replaceAll(" ", "")`)
	b.Press(`document.querySelector("[name=code]").value = "` + code(t, s, secret, 0) + `"; ` + press)
	b.Look(desk, "factors-new")
	b.Press(press) // the main thing now: recovery codes
	for _, screen := range browser.Screens {
		b.Look(screen, "recovery")
	}
	s.K.SetNow(s.K.Now().Add(time.Minute))
	b.SignIn(base, "")
	b.Open(desk, base+"/sign-in?to=/account")
	b.Press(`document.querySelector("[name=login]").value = "` + login + `"; document.querySelector("[name=password]").value = "` + visit.Password + `"; ` + press)
	b.Look(desk, "second")
	b.Press(`document.querySelector("[name=code]").value = "000000"; ` + press)
	b.Look(desk, "second-wrong")
	b.Press(`document.querySelector("[name=code]").value = "` + code(t, s, secret, 0) + `"; ` + press)
	if !browser.Read[bool](b, `location.pathname === "/account"`) {
		t.Fatal("not signed in: " + browser.Read[string](b, `document.querySelector("main").innerText`))
	}
	b.Look(desk, "account-code")
}

// TestWhatIsAskedFirst: who comes back with a PIN is named on their device, and
// who must set a second factor up is led to it.
func TestWhatIsAskedFirst(t *testing.T) {
	b := browser.Start(t)
	s, base := named(t)
	o := s.Org
	login := loginOf(t, s.As(o.SecretaryA))
	signIn(b, s, base, o.MemberA)
	b.Open(browser.Screens[0], base+"/account/pin")
	b.Press(`document.querySelector("[name=pin]").value = "482913"; ` + press)
	for _, screen := range browser.Screens {
		b.Open(screen, base+"/sign-in")
		b.Look(screen, "sign-in-known")
	}
	b.Press(`document.querySelector("main a[href^='/sign-in/pin/']").click()`)
	b.Look(browser.Screens[0], "sign-in-pin")

	s.K.SetNow(clock.NewDate(2027, 7, 1).At(8, 0))
	for _, screen := range browser.Screens {
		b.SignIn(base, "")
		b.Open(screen, base+"/sign-in")
		b.Press(`document.querySelector("[name=login]").value = "` + login + `"; document.querySelector("[name=password]").value = "` + visit.Password + `"; ` + press)
		b.Look(screen, "must")
	}
}
