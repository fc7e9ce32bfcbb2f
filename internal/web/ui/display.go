package ui

import (
	"net/http"
	"slices"
	"strings"

	"chibo/internal/platform/i18n"
)

// Size is the size of type that a reader chose.
type Size string

const (
	Normal Size = "normal"
	Large  Size = "large"
	Larger Size = "larger"
)

var sizes = []Size{Normal, Large, Larger}

// languages are those that the switch offers, each by its own name.
var languages = []struct{ Code, Name string }{{"vi", "Tiếng Việt"}, {"en", "English"}}

// DisplayPath takes the POST of the switches of type size and language; mount
// SetDisplay there.
const DisplayPath = "/display"

const (
	sizeCookie     = "chibo_size"
	languageCookie = "chibo_lang"
	oneYear        = 365 * 24 * 60 * 60
)

// SizeOf is the size that the reader of r chose, Normal before any choice.
func SizeOf(r *http.Request) Size {
	if c, err := r.Cookie(sizeCookie); err == nil && slices.Contains(sizes, Size(c.Value)) {
		return Size(c.Value)
	}
	return Normal
}

// LanguageOf is the language that the reader of r chose, Vietnamese before any
// choice: what the browser was installed with says little about its reader.
func LanguageOf(r *http.Request) string {
	if c, err := r.Cookie(languageCookie); err == nil && isOffered(c.Value) {
		return c.Value
	}
	return i18n.Fallback
}

func isOffered(code string) bool {
	for _, l := range languages {
		if l.Code == code {
			return true
		}
	}
	return false
}

// SetDisplay keeps the chosen size or language for a year and returns to the
// page that "back" names, if that lies in this program.
func SetDisplay(w http.ResponseWriter, r *http.Request) {
	if size := r.PostFormValue("size"); slices.Contains(sizes, Size(size)) {
		keep(w, sizeCookie, size)
	}
	if code := r.PostFormValue("lang"); isOffered(code) {
		keep(w, languageCookie, code)
	}
	http.Redirect(w, r, LocalPath(r.PostFormValue("back")), http.StatusSeeOther)
}

func keep(w http.ResponseWriter, name, value string) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: oneYear,
		HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// LocalPath is path if it cannot leave this host, otherwise "/". Browsers take
// "//host" and "/\host" for another host.
func LocalPath(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	return path
}
