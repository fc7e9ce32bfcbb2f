package cli

import "chibo/internal/platform/limit"

type serveCommand struct {
	Addr    string `help:"Where to listen." default:"127.0.0.1:8080" env:"CHIBO_ADDR"`
	Replica string `help:"Address of a PostgreSQL replica that figures are read from; they may lag some seconds behind." env:"CHIBO_REPLICA" placeholder:"postgres://…"`

	Secure bool `help:"Browsers come by HTTPS, through a proxy." env:"CHIBO_SECURE"`

	Backups     string `help:"Folder for a backup every day, proved by bringing it back; none without it." env:"CHIBO_BACKUPS" type:"path" placeholder:"DIR"`
	BackupsKept int    `help:"How many of them stay." default:"14" env:"CHIBO_BACKUPS_KEPT"`

	outside
	OIDC ssoFlags `embed:"" prefix:"oidc-"`

	APIRate  int `help:"Requests a minute that one token may send." default:"600" env:"CHIBO_API_RATE"`
	APIBurst int `help:"How many of them at once." default:"120" env:"CHIBO_API_BURST"`
}

func (s *serveCommand) Run(k *console) (err error) {
	k.config.Addr, k.config.Secure, k.config.Replica = s.Addr, s.Secure, s.Replica
	if k.config.Outside, err = s.read(); err != nil {
		return err
	}
	if k.config.SSO, err = s.OIDC.read(s.URL); err != nil {
		return err
	}
	k.config.APIRate = limit.Rate{PerMinute: s.APIRate, Burst: s.APIBurst}
	k.config.Backups, k.config.BackupsKept = s.Backups, s.BackupsKept
	a, err := k.open()
	if err != nil {
		return err
	}
	defer func() {
		if closing := a.Close(); err == nil {
			err = closing
		}
	}()
	return a.Serve(k.ctx, k.out)
}
