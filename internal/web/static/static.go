// Package static holds the style sheets, scripts, fonts and drawings of the
// pages, as frontend/build made them, and serves them.
//
// Their names carry a hash of their content, so that a browser keeps them for
// ever and never shows an old one. Built files are not committed: without them
// the program runs, and says what is missing.
package static

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

//go:embed all:dist
var dist embed.FS

// Prefix is where Handler is to be mounted.
const Prefix = "/static/"

// ErrNotBuilt says that the assets were not built before the program was.
var ErrNotBuilt = errors.New("the style sheets and scripts are missing: run `make assets`, then build chibo again")

var assets = mustRead(dist)

// set is the built assets by their plain names.
type set struct {
	names map[string]string // plain name → name with hash
	files map[string]asset  // name with hash → content
}

type asset struct {
	kind    string
	plain   []byte
	gzipped []byte
}

// mustRead reads what the compiler embedded; a manifest that does not fit its
// files is a broken build, which no caller can mend.
func mustRead(files fs.FS) set {
	s, err := read(files)
	if err != nil {
		panic(fmt.Sprintf("static: %v", err))
	}
	return s
}

func read(files fs.FS) (set, error) {
	s := set{names: map[string]string{}, files: map[string]asset{}}
	manifest, err := fs.ReadFile(files, "dist/manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(manifest, &s.names); err != nil {
		return s, fmt.Errorf("manifest: %w", err)
	}
	for _, name := range s.names {
		a, err := readAsset(files, name)
		if err != nil {
			return s, err
		}
		s.files[name] = a
	}
	return s, nil
}

// kinds are written down because a machine's own table of types may differ.
var kinds = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".json":  "application/json",
	".svg":   "image/svg+xml",
	".png":   "image/png",
	".txt":   "text/plain; charset=utf-8",
	".woff2": "font/woff2",
}

func readAsset(files fs.FS, name string) (asset, error) {
	kind, ok := kinds[path.Ext(name)]
	if !ok {
		return asset{}, fmt.Errorf("%s: unknown kind of file", name)
	}
	plain, err := fs.ReadFile(files, "dist/"+name)
	if err != nil {
		return asset{}, err
	}
	gzipped, err := fs.ReadFile(files, "dist/"+name+".gz")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return asset{}, err
	}
	return asset{kind: kind, plain: plain, gzipped: gzipped}, nil
}

// Ready is ErrNotBuilt if the program was built without its assets.
func Ready() error {
	if len(assets.files) == 0 {
		return ErrNotBuilt
	}
	return nil
}

// Path is the address of an asset by its plain name, as in Path("app.css"). A
// name that was not built gives an address that Handler answers with why.
func Path(name string) string {
	if hashed, ok := assets.names[name]; ok {
		return Prefix + hashed
	}
	return Prefix + name
}

// Handler serves the assets below Prefix, compressed where the browser takes
// it, to be kept for a year.
func Handler() http.Handler { return assets }

// Fixed serves the asset with the plain name under an address that does not
// change with its content, as a service worker needs it: the browser asks for
// it again each time.
func Fixed(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := assets.files[assets.names[name]]
		if !ok {
			assets.refuse(w)
			return
		}
		w.Header().Set("Content-Type", a.kind)
		w.Header().Set("Cache-Control", "no-cache")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(a.plain))
	})
}

func (s set) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	hashed := strings.TrimPrefix(r.URL.Path, Prefix)
	a, ok := s.files[hashed]
	if !ok {
		s.refuse(w)
		return
	}
	header := w.Header()
	header.Set("Content-Type", a.kind)
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	header.Set("Etag", strconv.Quote(hashed))
	header.Set("X-Content-Type-Options", "nosniff")
	content := a.plain
	if a.gzipped != nil {
		header.Set("Vary", "Accept-Encoding")
		if takesGzip(r) {
			header.Set("Content-Encoding", "gzip")
			content = a.gzipped
		}
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

func (s set) refuse(w http.ResponseWriter) {
	if len(s.files) == 0 {
		http.Error(w, ErrNotBuilt.Error(), http.StatusNotFound)
		return
	}
	http.Error(w, "no such asset", http.StatusNotFound)
}

// takesGzip reads Accept-Encoding; a browser that lists gzip with q=0 refuses it.
func takesGzip(r *http.Request) bool {
	for _, offer := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		coding, weight, _ := strings.Cut(strings.TrimSpace(offer), ";")
		if strings.TrimSpace(coding) == "gzip" {
			return strings.ReplaceAll(weight, " ", "") != "q=0"
		}
	}
	return false
}
