// Package locales holds every word that chibo shows on a screen, one folder a
// language and one file a feature, and reads them once.
//
// Vietnamese is complete; another language falls back to it message by message.
package locales

import (
	"embed"
	"sync"

	"chibo/internal/platform/i18n"
)

// Files are the messages as they are written.
//
//go:embed */*.yaml
var Files embed.FS

// Load reads the catalogue, once for the whole program.
var Load = sync.OnceValues(func() (*i18n.Catalogue, error) { return i18n.Load(Files) })
