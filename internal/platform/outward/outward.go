// Package outward sends requests to addresses that people typed: gateways,
// other systems, the push services of browsers.
//
// Such an address must not become a door into the machine's own network. So
// hosts are judged by the address that is dialled, after names are resolved;
// redirects are not followed, no proxy of the environment is used, and nothing
// is waited for or read without a limit. What is sent to whom, the package does
// not know.
package outward

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"

	"chibo/internal/platform/job"
)

const (
	dialMost = 5 * time.Second
	// RequestMost is how long a whole request may take.
	RequestMost = 15 * time.Second
	answerMost  = 64 << 10
)

// ErrPrivate says that a request was about to enter a private network.
var ErrPrivate = errors.New("the address lies in a private network, which the settings do not allow")

// NewClient makes a client that reaches public addresses over HTTPS, and the
// networks of own, which whoever runs the machine has named, over HTTP as well.
func NewClient(own []netip.Prefix) *http.Client {
	return &http.Client{
		Timeout: RequestMost,
		Transport: schemes{
			https: transport(func(to netip.Addr) bool { return public(to) || within(own, to) }),
			http:  transport(func(to netip.Addr) bool { return within(own, to) }),
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// ParseNetworks reads "10.1.0.0/16, 127.0.0.1".
func ParseNetworks(list string) (networks []netip.Prefix, err error) {
	for part := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		network, err := netip.ParsePrefix(part)
		if err != nil {
			var single netip.Addr
			if single, err = netip.ParseAddr(part); err != nil {
				return nil, fmt.Errorf("%q is neither an address nor a network such as 10.1.0.0/16", part)
			}
			network = netip.PrefixFrom(single, single.BitLen())
		}
		networks = append(networks, network.Masked())
	}
	return networks, nil
}

// schemes holds plain HTTP to stricter addresses: what goes to the world is
// encrypted.
type schemes struct{ https, http http.RoundTripper }

func (s schemes) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme == "https" {
		return s.https.RoundTrip(r)
	}
	return s.http.RoundTrip(r)
}

func transport(allowed func(netip.Addr) bool) *http.Transport {
	dialer := net.Dialer{Timeout: dialMost, Control: func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		if !allowed(to.Addr().Unmap()) {
			return job.Final(ErrPrivate)
		}
		return nil
	}}
	return &http.Transport{
		DialContext: dialer.DialContext, TLSHandshakeTimeout: dialMost, ResponseHeaderTimeout: RequestMost,
		MaxIdleConns: 16, IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: answerMost, ForceAttemptHTTP2: true,
	}
}

func within(networks []netip.Prefix, a netip.Addr) bool {
	for _, network := range networks {
		if network.Contains(a) {
			return true
		}
	}
	return false
}

// special are networks that lead inside or nowhere and that netip does not name
// itself: shared address space, test networks, the old and new bridges between
// the two kinds of addresses, in which a private one can hide.
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("192.88.99.0/24"), netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("fec0::/10"),
	netip.MustParsePrefix("::/96"),
}

func public(a netip.Addr) bool {
	return a.IsGlobalUnicast() && !a.IsPrivate() && !within(special, a)
}

// Do sends the request under ctx and reads the answer away. An answer that no
// further try can change is a job.Final failure; Status tells it.
func Do(ctx context.Context, client *http.Client, r *http.Request) error {
	response, err := client.Do(r.WithContext(ctx))
	if err != nil {
		return err
	}
	return Judge(response)
}

// Judge closes an answer and turns its status into a failure, or none.
func Judge(response *http.Response) error {
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, answerMost))
	_ = response.Body.Close()
	if response.StatusCode/100 == 2 {
		return nil
	}
	failure := Status(response.StatusCode)
	if failure.passing() {
		return failure
	}
	return job.Final(failure)
}

// Status is an answer other than success.
type Status int

func (s Status) Error() string {
	return "answered " + strconv.Itoa(int(s)) + " " + http.StatusText(int(s))
}

// passing reports a status that may be another one next time.
func (s Status) passing() bool {
	switch s {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	}
	return s >= 500
}
