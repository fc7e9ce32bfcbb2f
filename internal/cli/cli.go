// Package cli is the command line: one file for each subcommand. Whoever can
// run it commands the machine, so it acts as the console, and the journal says
// so. Commands that change records change nothing unless --apply is given.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/alecthomas/kong"

	"chibo/internal/app"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/locales"
)

// commands are all there is, in the order of --help.
type commands struct {
	Data        string `help:"Folder of the database, files and keys." default:"data" env:"CHIBO_DATA" type:"path"`
	DB          string `name:"db" help:"Address of a PostgreSQL database instead of SQLite in the data folder." env:"CHIBO_DB" placeholder:"postgres://…"`
	Connections int    `help:"Most connections to PostgreSQL." default:"16" env:"CHIBO_CONNECTIONS"`

	Serve      serveCommand      `cmd:"" help:"Serve the pages."`
	Demo       demoCommand       `cmd:"" help:"Fill an empty database with a made-up organisation to try."`
	Import     importCommand     `cmd:"" help:"Bring in spreadsheets."`
	Export     exportCommand     `cmd:"" help:"Write spreadsheets that import reads again."`
	User       userCommand       `cmd:"" help:"Let a person sign in by a one-time link, or a program by a token."`
	Rules      rulesCommand      `cmd:"" help:"List the rule packs with their sources, cases and gaps."`
	Check      checkCommand      `cmd:"" help:"Verify the journal and the files; names the first damage."`
	Duplicates duplicatesCommand `cmd:"" help:"Find records of the register that are of one person."`
	Backup     backupCommand     `cmd:"" help:"Write everything into an archive, and prove that it can be brought back."`
	Restore    restoreCommand    `cmd:"" help:"Bring an archive into an empty installation."`
	Bench      benchCommand      `cmd:"" help:"Measure this machine against the budgets."`
}

// console is where a command finds its settings and writes what it has to say.
type console struct {
	ctx      context.Context
	config   app.Config
	out, err io.Writer
	language *i18n.Language
}

// Run carries out the command line and gives the exit code.
func Run(ctx context.Context, args []string, out, errOut io.Writer) int {
	var c commands
	code := -1
	parser, err := kong.New(&c, kong.Name("chibo"), kong.Writers(out, errOut),
		kong.Description("One program for the work of grassroots Party organisations."),
		kong.UsageOnError(), kong.Exit(func(n int) { code = n; panic(exited{}) }))
	if err != nil {
		fmt.Fprintln(errOut, "chibo:", err)
		return 1
	}
	parsed, failure := parse(parser, args)
	if code >= 0 {
		return code
	}
	if failure != nil {
		fmt.Fprintln(errOut, "chibo:", failure)
		return 2
	}
	return carryOut(ctx, &c, parsed, out, errOut)
}

// exited unwinds the parser after --help, which has said all.
type exited struct{}

func parse(parser *kong.Kong, args []string) (parsed *kong.Context, err error) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(exited); !ok {
				panic(r)
			}
		}
	}()
	return parser.Parse(args)
}

func carryOut(ctx context.Context, c *commands, parsed *kong.Context, out, errOut io.Writer) int {
	catalogue, err := locales.Load()
	if err != nil {
		fmt.Fprintln(errOut, "chibo:", err)
		return 1
	}
	k := &console{
		ctx: ctx, out: out, err: errOut,
		config:   app.Config{Data: c.Data, Database: c.DB, Connections: c.Connections, Settings: settings(parsed)},
		language: catalogue.Language(languageOf(os.Getenv("LANG"))),
	}
	switch err := parsed.Run(k); {
	case err == nil:
		return 0
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		fmt.Fprintln(errOut, "chibo:", k.language.T("cli.interrupted"))
		return interrupted
	default:
		fmt.Fprintln(errOut, "chibo:", k.explain(err))
		return 1
	}
}

// interrupted is the shell's code for what Ctrl-C ended: a check that was cut
// off has found nothing out.
const interrupted = 130

// languageOf takes English only from whoever set it.
func languageOf(lang string) string {
	if len(lang) >= 2 && lang[:2] == "en" {
		return "en"
	}
	return i18n.Fallback
}

// explain is the text of an error for the operator: its message, and the cause
// that a page would keep to itself.
func (k *console) explain(err error) string {
	problem, ok := errs.As(err)
	if !ok {
		return err.Error()
	}
	said := k.language.T(problem.Message.Key, problem.Message.Args...)
	for _, field := range problem.FieldNames() {
		m := problem.Fields[field]
		said += fmt.Sprintf("\n  %s: %s", field, k.language.T(m.Key, m.Args...))
	}
	if problem.Cause != nil {
		said += fmt.Sprintf(" (%v)", problem.Cause)
	}
	return said
}

// open opens what the settings name.
func (k *console) open() (*app.App, error) { return app.Open(k.ctx, k.config) }
