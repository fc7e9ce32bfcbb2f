package cli

import "testing"

func TestSettingsAreShownWithoutTheirSecrets(t *testing.T) {
	for _, c := range []struct{ name, value, want string }{
		{"addr", "127.0.0.1:8080", "127.0.0.1:8080"},
		{"secure", "false", ""},
		{"networks", "[]", ""}, // a list of none
		{"smtp-password", "mật khẩu", "••••••"},
		{"oidc-client-secret-file", "/etc/chibo/oidc", "/etc/chibo/oidc"},
		{"db", "postgres://chibo:mat-khau@127.0.0.1/chibo", "postgres://chibo:xxxxx@127.0.0.1/chibo"},
	} {
		if got := shown(c.name, c.value); got != c.want {
			t.Errorf("%s %s is shown as %q, want %q", c.name, c.value, got, c.want)
		}
	}
}
