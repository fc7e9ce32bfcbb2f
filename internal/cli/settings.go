package cli

import (
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"chibo/internal/web/page"
)

// settings are the flags of the command as they stand, for the page of the
// administrator. What is secret stays so.
func settings(parsed *kong.Context) (list []page.Setting) {
	for _, flag := range parsed.Flags() {
		if flag.Hidden || flag.Name == "help" {
			continue
		}
		value := fmt.Sprint(flag.Target.Interface())
		s := page.Setting{Name: flag.Name, Environment: strings.Join(flag.Envs, ", "), Changed: flag.Set || slices.ContainsFunc(flag.Envs, isSet), Value: shown(flag.Name, value)}
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b page.Setting) int { return strings.Compare(a.Name, b.Name) })
	return list
}

func isSet(variable string) bool {
	_, set := os.LookupEnv(variable)
	return set
}

// shown is a value without what must not be read over a shoulder.
func shown(name, value string) string {
	if value == "" || value == "false" || value == "[]" {
		return ""
	}
	for _, word := range []string{"secret", "password", "token"} {
		if strings.Contains(name, word) && !strings.HasSuffix(name, "file") {
			return "••••••"
		}
	}
	if address, err := url.Parse(value); err == nil && address.User != nil {
		return address.Redacted()
	}
	return value
}
