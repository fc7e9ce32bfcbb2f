package cli

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"chibo/internal/app"
	"chibo/internal/domain/account"
	"chibo/internal/domain/member"
	"chibo/internal/domain/token"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// TestTokenForSomebody makes a token on the command line and uses it.
func TestTokenForSomebody(t *testing.T) {
	folder := commune(t)
	login := official(t, folder)
	for _, c := range []struct {
		what string
		args []string
		code int
		says string
	}{
		{"dry", []string{login}, 0, "--apply would make a token"},
		{"nobody's login", []string{"khong-co", "--apply"}, 1, "Không tìm thấy"},
		{"no such unit", []string{login, "--unit", "KHONG", "--apply"}, 1, "Không tìm thấy"},
		{"for too long", []string{login, "--days", "400", "--apply"}, 1, "từ 1 đến 366"},
		{"with an unknown scope", []string{login, "--scope", "all", "--apply"}, 2, "--scope"},
	} {
		code, out, errOut := run(t, folder, append([]string{"user", "token"}, c.args...)...)
		if code != c.code || !strings.Contains(out+errOut, c.says) || strings.Contains(out, "chibo_") {
			t.Errorf("%s: code %d, %q, %q", c.what, code, out, errOut)
		}
	}
	code, out, errOut := run(t, folder, "user", "token", login, "--scope", "read", "--days", "30", "--unit", "XA", "--apply")
	secret := regexp.MustCompile(`token: (\S+)\n`).FindStringSubmatch(out)
	if code != 0 || secret == nil {
		t.Fatalf("code %d, %q, %q", code, out, errOut)
	}
	inside(t, folder, func(tx *db.Tx) error {
		by, made, err := token.Authenticate(tx, secret[1])
		if err != nil || made.Writes || made.Unit == 0 || by.Can(access.UnitManage, orgtree.Unit{ID: made.Unit}) {
			t.Errorf("authenticated %+v, %v", made, err)
		}
		return nil
	})
}

// inside runs fn on the database in the folder.
func inside(t *testing.T, folder string, fn func(tx *db.Tx) error) {
	t.Helper()
	a, err := app.Open(context.Background(), app.Config{Data: folder})
	if err != nil {
		t.Fatal(err)
	}
	if err := firstOf(a.DB.Update(context.Background(), fn), a.PlaceEntries(context.Background()), a.Close()); err != nil {
		t.Fatal(err)
	}
}

// official registers somebody in the office of the commune, with an account,
// and is the login.
func official(t *testing.T, folder string) (login string) {
	t.Helper()
	inside(t, folder, func(tx *db.Tx) error {
		at, _, err := orgtree.FindCode(tx, "XA")
		if err != nil {
			return err
		}
		m, err := member.Register(tx, access.Console(), member.New{
			Unit: at.ID, Status: member.Outside, From: clock.NewDate(2025, 7, 1), Core: member.Core{BirthName: "Cao Văn Phòng"},
		})
		if err != nil {
			return err
		}
		if err := access.Give(tx, access.Grant{Person: m.ID, Unit: at.ID, Role: access.Office, From: clock.NewDate(2025, 7, 1), Source: "test"}); err != nil {
			return err
		}
		slip, err := account.Invite(tx, access.Console(), m.ID)
		login = slip.Login
		return err
	})
	return login
}
