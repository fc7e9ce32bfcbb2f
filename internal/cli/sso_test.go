package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chibo/internal/domain/account"
)

// TestSettingsOfSignIn: what cannot work is said at the start, not to the first
// person who signs in.
func TestSettingsOfSignIn(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("bí mật\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	right := ssoFlags{Issuer: "https://dangnhap.example.vn", ClientID: "chibo", ClientSecretFile: file, Claim: "email", Equals: "email"}
	c, err := right.read("https://chibo.example.vn/")
	if err != nil || c.ClientSecret != "bí mật" || c.Mark != account.ByEmail || c.Site != "https://chibo.example.vn" {
		t.Errorf("read as %+v, %v", c, err)
	}
	if _, err := (ssoFlags{}).read(""); err != nil {
		t.Errorf("without a system: %v", err)
	}
	for _, c := range []struct {
		flags ssoFlags
		says  string
	}{
		{ssoFlags{Issuer: "dangnhap", ClientID: "chibo"}, "not an address"},
		{ssoFlags{Issuer: "https://dangnhap.example.vn"}, "client id"},
		{ssoFlags{Issuer: "https://dangnhap.example.vn", ClientID: "chibo", ClientSecretFile: file + "x"}, "no such file"},
	} {
		if _, err := c.flags.read(""); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: %v, want %q", c.flags, err, c.says)
		}
	}
	code, _, errOut := run(t, t.TempDir(), "serve", "--addr", "127.0.0.1:0", "--oidc-issuer", "dangnhap", "--oidc-client-id", "chibo")
	if code != 1 || !strings.Contains(errOut, "not an address") {
		t.Errorf("serve: code %d, %q", code, errOut)
	}
}
