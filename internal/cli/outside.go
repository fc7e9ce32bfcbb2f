package cli

import (
	"chibo/internal/app"
	"chibo/internal/platform/mail"
	"chibo/internal/platform/outward"
)

// outside are the flags that let notices leave the program.
type outside struct {
	URL          string        `name:"url" help:"Address of the site as people open it, for links in letters; without it no notice leaves." env:"CHIBO_URL" placeholder:"https://…"`
	SMTPHost     string        `name:"smtp-host" help:"Mail server; without it no mail leaves." env:"CHIBO_SMTP_HOST"`
	SMTPPort     int           `name:"smtp-port" help:"Its port." default:"587" env:"CHIBO_SMTP_PORT"`
	SMTPSecurity mail.Security `name:"smtp-security" help:"starttls, tls, or none for a server on this machine." default:"starttls" env:"CHIBO_SMTP_SECURITY"`
	SMTPUser     string        `name:"smtp-user" help:"Who signs in there." env:"CHIBO_SMTP_USER"`
	SMTPPassword string        `name:"smtp-password" help:"With what; better set by the environment." env:"CHIBO_SMTP_PASSWORD"`
	SMTPFrom     string        `name:"smtp-from" help:"The sender of mail." env:"CHIBO_SMTP_FROM" placeholder:"chibo <notices@xa.example>"`
	Networks     string        `name:"private-networks" help:"Private networks in which a gateway may lie, parted by commas." env:"CHIBO_PRIVATE_NETWORKS" placeholder:"10.1.0.0/16"`
}

func (o outside) read() (app.Outside, error) {
	networks, err := outward.ParseNetworks(o.Networks)
	return app.Outside{URL: o.URL, Networks: networks, Mail: mail.Server{
		Host: o.SMTPHost, Port: o.SMTPPort, Security: o.SMTPSecurity, User: o.SMTPUser, Password: o.SMTPPassword, From: o.SMTPFrom,
	}}, err
}
