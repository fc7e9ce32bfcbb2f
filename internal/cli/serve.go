package cli

type serveCommand struct {
	Addr   string `help:"Where to listen." default:"127.0.0.1:8080" env:"CHIBO_ADDR"`
	Secure bool   `help:"Browsers come by HTTPS, through a proxy." env:"CHIBO_SECURE"`

	Backups     string `help:"Folder for a backup every day, proved by bringing it back; none without it." env:"CHIBO_BACKUPS" type:"path" placeholder:"DIR"`
	BackupsKept int    `help:"How many of them stay." default:"14" env:"CHIBO_BACKUPS_KEPT"`

	outside
}

func (s *serveCommand) Run(k *console) (err error) {
	k.config.Addr, k.config.Secure = s.Addr, s.Secure
	if k.config.Outside, err = s.read(); err != nil {
		return err
	}
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
