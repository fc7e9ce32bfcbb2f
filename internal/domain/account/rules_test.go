package account

import (
	"context"
	"strings"
	"testing"
	"time"

	"chibo/internal/platform/errs"
)

var ctx = context.Background()

func TestBaseLogin(t *testing.T) {
	for name, want := range map[string]string{
		"Nguyễn Văn Đức":     "ducnv",
		"Trần Thị Ánh Tuyết": "tuyettta",
		"An":                 "an",
		"  Lê   Ý ":          "yl",
		"Y-Bih Niê Kdăm":     "kdamybn",
		"":                   "dangvien",
		"李 明":                "dangvien",
		"42":                 "dangvien",
		strings.Repeat("a", 60) + " " + strings.Repeat("b", 60): strings.Repeat("b", 20),
	} {
		if got := baseLogin(name); got != want {
			t.Errorf("%q makes %q, want %q", name, got, want)
		}
	}
}

func TestPlainLogin(t *testing.T) {
	for typed, want := range map[string][2]string{
		" DucNV ":          {"login", "ducnv"},
		"dúcnv":            {"login", "ducnv"},
		"duc nv 2":         {"login", "ducnv2"},
		"091 234 56.78":    {"phone", "0912345678"},
		"+84 912 345 678":  {"phone", "0912345678"},
		"An@Example.com":   {"email", "an@example.com"},
		"":                 {"login", ""},
		"' OR 1=1 --":      {"login", "or11"},
		"0912":             {"login", "0912"},
		"a\x00b@c.d\u202e": {"email", "a b@c.d"},
	} {
		if column, login := plainLogin(typed); column != want[0] || login != want[1] {
			t.Errorf("%q is %s %q, want %v", typed, column, login, want)
		}
	}
}

func TestAllowedPasswords(t *testing.T) {
	for password, key := range map[string]string{
		"bốn con voi xanh":        "",
		"Trời hôm nay đẹp lắm!":   "",
		"k3-Lp!9wQ":               "",
		"@#!$%&*?":                "",
		strings.Repeat("ộa", 100): "",

		"":                              "errs.too_short",
		"bảychữ!":                       "errs.too_short",
		strings.Repeat("ộa", 100) + "b": "errs.too_long",
		"ducnvducnv":                    "account.error.password_is_login",
		"DUCNVDUCNV2026":                "account.error.password_is_login",
		"12345678":                      "account.error.password_common",
		"87654321":                      "account.error.password_common",
		"mật khẩu":                      "account.error.password_common",
		"Matkhau123":                    "account.error.password_common",
		"P@ssword":                      "",
		"password2026":                  "account.error.password_common",
		"bbbbbbbbbb":                    "account.error.password_common",
		"!!!!!!!!!!":                    "account.error.password_common",
		"abcdefgh":                      "account.error.password_common",
		"03021960":                      "account.error.password_common",
		"Superman1999":                  "account.error.password_common",
		"trustno1":                      "account.error.password_common",
		"chi bộ 2026":                   "account.error.password_common",
	} {
		err := allowed("ducnvducnv", normal(password))
		e, _ := errs.As(err)
		switch {
		case key == "" && err != nil:
			t.Errorf("%q is refused: %v", password, err)
		case key != "" && (e == nil || e.Fields["password"].Key != key):
			t.Errorf("%q: %v, want %s", password, err, key)
		}
	}
}

func TestAKeyboardMayWriteAccentsEitherWay(t *testing.T) {
	encoded, err := encode(ctx, normal("Tiếng Việt"))
	if err != nil {
		t.Fatal(err)
	}
	right, upToDate, err := matches(ctx, encoded, normal("Tie\u0302\u0301ng Vie\u0323\u0302t"))
	if err != nil || !right || !upToDate {
		t.Errorf("right %v, up to date %v, %v", right, upToDate, err)
	}
	if again, err := encode(ctx, normal("Tiếng Việt")); err != nil || again == encoded {
		t.Errorf("two digests of one password are alike: %v", err)
	}
}

func TestADamagedDigestIsAnErrorAndNotAPassword(t *testing.T) {
	for _, encoded := range []string{
		"", "secret", "$argon2id$v=19$m=19456,t=2,p=1$", "$argon2id$v=19$m=8,t=0,p=1$AAAA$" + strings.Repeat("A", 43),
		"$argon2id$v=19$m=8,t=1,p=1$AAAA$", "$argon2id$v=19$m=8,t=1,p=1$!$" + strings.Repeat("A", 43),
	} {
		if right, _, err := matches(ctx, encoded, ""); err == nil || right {
			t.Errorf("%q: right %v, %v", encoded, right, err)
		}
	}
}

func TestADigestWaitsForItsTurnNoLongerThanTheRequest(t *testing.T) {
	for range cap(turns) {
		turns <- struct{}{}
	}
	defer func() {
		for range cap(turns) {
			<-turns
		}
	}()
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := encode(ended, "x"); err == nil {
		t.Error("a digest was made although all turns are taken")
	}
}

func TestPauses(t *testing.T) {
	now := time.Date(2026, 11, 3, 7, 30, 0, 0, time.UTC)
	for _, row := range []struct {
		limit
		failures int
		ago      time.Duration
		want     time.Duration
	}{
		{perLogin, 0, 0, 0},
		{perLogin, 4, 0, 0},
		{perLogin, 5, 0, 30 * time.Second},
		{perLogin, 5, 20 * time.Second, 10 * time.Second},
		{perLogin, 5, time.Minute, 0},
		{perLogin, 6, 0, time.Minute},
		{perLogin, 10, 0, 15 * time.Minute},
		{perLogin, 1 << 30, 0, 15 * time.Minute},
		{perLogin, 1 << 30, 24 * time.Hour, 0},
		{perAddress, 99, 0, 0},
		{perAddress, 100, 0, 5 * time.Second},
		{perAddress, 1000, 0, 5 * time.Minute},
	} {
		if got := row.wait(tries{row.failures, now.Add(-row.ago)}, now); got != row.want {
			t.Errorf("%d failures, %v ago: %v, want %v", row.failures, row.ago, got, row.want)
		}
	}
}

func TestNetwork(t *testing.T) {
	for address, want := range map[string]string{
		"203.0.113.7":          "203.0.113.7",
		"::ffff:203.0.113.7":   "203.0.113.7",
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
		"2001:db8:1:2::9":      "2001:db8:1:2::/64",
		"fe80::1%eth0":         "fe80::/64",
		"what is this":         "what is this",
	} {
		if got := network(address); got != want {
			t.Errorf("%s is in %s, want %s", address, got, want)
		}
	}
}

func TestCodesAreReadAsPeopleCopyThem(t *testing.T) {
	code, err := newCode(codeSize)
	if err != nil {
		t.Fatal(err)
	}
	if len(code) != 14 || code[4] != '-' || code[9] != '-' {
		t.Errorf("code %q", code)
	}
	for _, typed := range []string{
		strings.ToUpper(code), strings.ReplaceAll(code, "-", ""), " " + strings.ReplaceAll(code, "-", " ") + "\n",
		strings.NewReplacer("0", "O", "1", "l").Replace(code),
	} {
		if plainCode(typed) != plainCode(code) {
			t.Errorf("%q is not read as %q", typed, code)
		}
	}
	if other, _ := newCode(codeSize); plainCode(other) == plainCode(code) {
		t.Error("two codes are alike")
	}
}
