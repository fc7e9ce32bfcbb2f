// Package origin tells from where a request comes.
package origin

import (
	"net"
	"net/http"
	"strings"
)

// Address is where the request comes from. Behind a proxy that speaks HTTPS for
// us, the proxy says it: the last hop, since the others are what the browser
// claims.
func Address(r *http.Request, proxied bool) string {
	if forwarded := r.Header.Values("X-Forwarded-For"); proxied && len(forwarded) > 0 {
		hops := strings.Split(forwarded[len(forwarded)-1], ",")
		return strings.TrimSpace(hops[len(hops)-1])
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
