package cli

import (
	"os"
	"strings"

	"chibo/internal/domain/account"
	"chibo/internal/web/sso"
)

// ssoFlags are the settings of signing in by another system.
type ssoFlags struct {
	Issuer           string   `help:"Address of a system of OpenID Connect by which people may sign in; none without it." env:"CHIBO_OIDC_ISSUER" placeholder:"https://…"`
	ClientID         string   `help:"What that system calls chibo." env:"CHIBO_OIDC_CLIENT_ID"`
	ClientSecret     string   `help:"The secret that it gave; better set by the environment or a file." env:"CHIBO_OIDC_CLIENT_SECRET"`
	ClientSecretFile string   `help:"File that holds the secret." env:"CHIBO_OIDC_CLIENT_SECRET_FILE" type:"path"`
	Name             string   `help:"What people know the system by." env:"CHIBO_OIDC_NAME"`
	Claim            string   `help:"What the system says of a person by which their account is found; without it people link their accounts themselves." env:"CHIBO_OIDC_CLAIM" placeholder:"email"`
	Equals           string   `help:"What of the account the claim equals: login, email, or card." env:"CHIBO_OIDC_EQUALS" enum:"login,email,card" default:"email"`
	Audiences        []string `help:"Other programs for which its word may be meant too, parted by commas." env:"CHIBO_OIDC_AUDIENCES"`
	SecondFactors    []string `help:"Values of amr or acr by which its second factor counts here, parted by commas." env:"CHIBO_OIDC_SECOND_FACTORS" placeholder:"mfa"`
	Scopes           []string `help:"Scopes to ask for beyond openid, profile and email." env:"CHIBO_OIDC_SCOPES"`
}

// read is the settings, checked. site is the address of the site, if it is set.
func (f ssoFlags) read(site string) (sso.Config, error) {
	c := sso.Config{
		Issuer: f.Issuer, ClientID: f.ClientID, ClientSecret: f.ClientSecret, Name: f.Name,
		Claim: f.Claim, Mark: account.Mark(f.Equals), Audiences: f.Audiences, SecondFactors: f.SecondFactors, Scopes: f.Scopes,
		Site: strings.TrimRight(site, "/"),
	}
	if f.ClientSecretFile != "" {
		content, err := os.ReadFile(f.ClientSecretFile)
		if err != nil {
			return sso.Config{}, err
		}
		c.ClientSecret = strings.TrimSpace(string(content))
	}
	return c, c.Check()
}
