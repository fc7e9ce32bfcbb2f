// Command build makes what the pages load in a browser: it bundles and
// minifies frontend/css and frontend/ts, cuts the fonts, copies htmx, names
// each file after its content, compresses it and writes all of it, with a
// manifest, to internal/web/static/dist, from where the program embeds it.
//
// It is run from the root of the repository, after `npm ci` in frontend.
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

const (
	source = "frontend"
	target = "internal/web/static/dist"
)

// copied are the files that go out as they came, by their names there.
var copied = map[string]string{
	"htmx.js":                    "node_modules/htmx.org/dist/htmx.min.js",
	"be-vietnam-pro-license.txt": "node_modules/@fontsource/be-vietnam-pro/LICENSE",
	"icon.svg":                   "img/icon.svg",
}

// browsers are the oldest that a cheap phone of 2021 still runs.
var browsers = []api.Engine{
	{Name: api.EngineChrome, Version: "99"},
	{Name: api.EngineSafari, Version: "15.4"},
	{Name: api.EngineFirefox, Version: "98"},
}

func main() {
	if err := build(); err != nil {
		fmt.Fprintln(os.Stderr, "frontend/build:", err)
		os.Exit(1)
	}
}

func build() error {
	fonts, err := os.MkdirTemp("", "chibo-fonts-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(fonts)
	if err := cutFonts(fonts); err != nil {
		return err
	}
	files, err := bundle(fonts)
	if err != nil {
		return err
	}
	if err := addCopied(files); err != nil {
		return err
	}
	return write(files)
}

// file is a built file: its name with the hash, and its content.
type file struct {
	name    string
	content []byte
}

func cutFonts(into string) error {
	cmd := exec.Command("node", filepath.Join(source, "build", "fonts.mjs"), into)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("cutting the fonts (was `npm ci` run in frontend?): %w", err)
	}
	return nil
}

// bundle builds every style sheet and script that lies directly in css or ts;
// those in folders below are parts of them.
func bundle(fonts string) (map[string]file, error) {
	var entries []string
	for _, pattern := range []string{"css/app.css", "ts/*.ts"} {
		found, err := filepath.Glob(filepath.Join(source, pattern))
		if err != nil {
			return nil, err
		}
		entries = append(entries, found...)
	}
	result := api.Build(api.BuildOptions{
		EntryPoints:       entries,
		EntryNames:        "[name]-[hash]",
		AssetNames:        "[name]-[hash]",
		Outdir:            target,
		PublicPath:        "/static/",
		NodePaths:         []string{fonts},
		Engines:           browsers,
		Loader:            map[string]api.Loader{".woff2": api.LoaderFile, ".svg": api.LoaderFile},
		Format:            api.FormatIIFE,
		Bundle:            true,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		Charset:           api.CharsetUTF8,
		LegalComments:     api.LegalCommentsNone,
		LogLevel:          api.LogLevelWarning,
	})
	if len(result.Errors) > 0 {
		return nil, errors.New("the bundle was not built")
	}
	files := map[string]file{}
	for _, f := range result.OutputFiles {
		name := filepath.Base(f.Path)
		plain, err := withoutHash(name)
		if err != nil {
			return nil, err
		}
		files[plain] = file{name, f.Contents}
	}
	return files, nil
}

var hashed = regexp.MustCompile(`^(.+)-[A-Z2-7]{8}(\.[a-z0-9]+)$`)

func withoutHash(name string) (string, error) {
	m := hashed.FindStringSubmatch(name)
	if m == nil {
		return "", fmt.Errorf("%s: no hash in its name", name)
	}
	return m[1] + m[2], nil
}

func addCopied(files map[string]file) error {
	for plain, from := range copied {
		content, err := os.ReadFile(filepath.Join(source, from))
		if err != nil {
			return err
		}
		sum := sha256.Sum256(content)
		ext := filepath.Ext(plain)
		hash := base32.StdEncoding.EncodeToString(sum[:])[:8]
		files[plain] = file{strings.TrimSuffix(plain, ext) + "-" + hash + ext, content}
	}
	return nil
}

// write replaces what an earlier build left.
func write(files map[string]file) error {
	if err := empty(target); err != nil {
		return err
	}
	names := map[string]string{}
	for plain, f := range files {
		names[plain] = f.name
		if err := writeWithGzip(f); err != nil {
			return err
		}
	}
	manifest, err := json.MarshalIndent(names, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(target, "manifest.json"), append(manifest, '\n'), 0o644)
}

func empty(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() == ".gitkeep" {
			continue
		}
		if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// writeWithGzip writes a file, and its compressed form where that is smaller:
// fonts are compressed already.
func writeWithGzip(f file) error {
	path := filepath.Join(target, f.name)
	if err := os.WriteFile(path, f.content, 0o644); err != nil {
		return err
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(f.content); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	if packed.Len() > len(f.content)*9/10 {
		return nil
	}
	return os.WriteFile(path+".gz", packed.Bytes(), 0o644)
}
