package app

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"chibo/internal/platform/clock"
	"chibo/internal/platform/limit"
	"chibo/internal/web/page"
	"chibo/internal/web/sso"
)

// Config is all that can be set. The zero value of every field is harmless.
type Config struct {
	// Data is the folder of the database file, the attachments, the secret
	// and the witness of the journal.
	Data string
	// Database is the address of a PostgreSQL server; "" is SQLite in Data.
	Database string
	// Replica is the address of a copy of Database, which may lag behind and from
	// which figures are read; "" is none.
	Replica string
	// Addr is where pages are served; "" is 127.0.0.1:8080.
	Addr string
	// Secure says that browsers come by HTTPS, through a proxy.
	Secure bool
	// Connections bounds PostgreSQL's pool; 0 is 16.
	Connections int
	// Backups is the folder of daily backups; "" makes none.
	Backups string
	// BackupsKept is how many of them stay; 0 is 14.
	BackupsKept int
	// Outside is how notices leave the program.
	Outside Outside
	// Settings are those of the command line, for the administrator to see.
	Settings []page.Setting
	// SSO is another system by which people may sign in.
	SSO sso.Config
	// APIRate bounds what one token may ask for; zero is api.Rate.
	APIRate limit.Rate
	// Now is the clock; nil is the machine's.
	Now clock.Now
}

func (c Config) address() string {
	if c.Database != "" {
		return c.Database
	}
	return filepath.Join(c.Data, "chibo.db")
}

// secret reads the key that seals the journal, or makes it at the first start.
// It lies outside the database: a copy of the tables alone can forge nothing.
func (c Config) secret() ([]byte, error) {
	path := c.secretFile()
	stored, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		made, failure := newSecret(path)
		if !errors.Is(failure, fs.ErrExist) {
			return made, failure
		}
		stored, err = os.ReadFile(path) // another process that starts was faster
	}
	if err != nil {
		return nil, err
	}
	secret, err := hex.DecodeString(strings.TrimSpace(string(stored)))
	if err != nil || len(secret) != secretSize {
		return nil, fmt.Errorf("%s does not hold a key of %d bytes in hexadecimal", path, secretSize)
	}
	return secret, nil
}

// SecretName is the file of the secret in the data folder.
const SecretName = "secret.key"

const secretSize = 32

func (c Config) secretFile() string { return filepath.Join(c.Data, SecretName) }

func (c Config) backupsKept() int {
	if c.BackupsKept == 0 {
		return 14
	}
	return c.BackupsKept
}

func newSecret(path string) ([]byte, error) {
	secret := make([]byte, secretSize)
	if _, err := rand.Read(secret); err != nil {
		return nil, err
	}
	draft, err := os.CreateTemp(filepath.Dir(path), SecretName+".*")
	if err != nil {
		return nil, err
	}
	defer os.Remove(draft.Name())
	_, err = draft.WriteString(hex.EncodeToString(secret) + "\n")
	if err := errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return nil, err
	}
	// A link is made whole or not at all, and never in the place of another.
	return secret, os.Link(draft.Name(), path)
}
