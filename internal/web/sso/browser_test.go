package sso_test

import (
	"testing"

	"chibo/internal/testkit/browser"
)

// TestInABrowser goes the whole way as a person does, on a phone and on a desk:
// links the account, signs out here and there, comes back by the system.
func TestInABrowser(t *testing.T) {
	b := browser.Start(t)
	for _, screen := range browser.Screens {
		t.Run(screen.Name, func(t *testing.T) {
			b := b.In(t)
			system := newSystem(t)
			at := system.known(site(t, system.trust()))
			press := func(text string) {
				t.Helper()
				b.Press(`[...document.querySelectorAll("main a, main button")].find(e => e.textContent.trim() === "` + text + `").click()`)
			}
			prove := func() {
				t.Helper()
				b.Press(`document.querySelector("#username").value = "an"; document.querySelector("#password").value = "` + theirPassword + `"; document.querySelector("button").click()`)
			}
			where := func(path string) {
				t.Helper()
				if now := browser.Read[string](b, `location.pathname`); now != path {
					t.Errorf("at %s, want %s: %s", now, path, browser.Read[string](b, `document.body.innerText`))
				}
			}
			b.SignIn(at.Base, string(at.Token(at.Org.MemberA)))
			b.Open(screen, at.Base+own)
			b.Look(screen, "own-none")
			press("Liên kết với Cổng của tỉnh")
			prove()
			where(callback)
			b.Look(screen, "confirm")
			press("Liên kết tài khoản này")
			where(own)
			b.Look(screen, "own")

			b.SignIn(at.Base, "")
			b.Open(screen, at.Base+"/sign-in?to="+own)
			b.Look(screen, "sign-in")
			press("Đăng nhập bằng Cổng của tỉnh")
			prove()
			where(own)
			b.Press(`document.querySelector("form[action='/sign-out'] button").click()`)
			where("/sign-out/sso")
			b.Look(screen, "signed-out")
			press("Đăng xuất khỏi Cổng của tỉnh")
			where("/logged-out")

			b.Open(screen, at.Base+callback+"?error=access_denied&state=x")
			b.Look(screen, "failed")
			b.Open(screen, at.Base+own)
			where("/sign-in")
		})
	}
}
