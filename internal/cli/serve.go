package cli

type serveCommand struct {
	Addr   string `help:"Where to listen." default:"127.0.0.1:8080" env:"CHIBO_ADDR"`
	Secure bool   `help:"Browsers come by HTTPS, through a proxy." env:"CHIBO_SECURE"`
}

func (s *serveCommand) Run(k *console) (err error) {
	k.config.Addr, k.config.Secure = s.Addr, s.Secure
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
