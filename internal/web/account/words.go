package account

import (
	"net/netip"
	"slices"
	"strings"

	"chibo/internal/domain/account"
	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// place says what an address tells a person. Nothing from outside is asked, so
// it is no town: it is whether the device was in the house.
func place(r *page.Request, address string) string {
	ip, err := netip.ParseAddr(address)
	switch {
	case err != nil:
		return address
	case ip.IsLoopback():
		return r.T("signin.place.machine", "address", address)
	case ip.IsPrivate() || ip.IsLinkLocalUnicast():
		return r.T("signin.place.house", "address", address)
	case account.SameNetwork(address, r.Address()):
		return r.T("signin.place.here", "address", address)
	}
	return r.T("signin.place.outside", "address", address)
}

func memberPath(person member.ID) string { return "/members/" + person.String() }
func unitPath(unit orgtree.ID) string    { return "/units/" + unit.String() }

// memberCrumb leads to the list, or whoever may not read it to the desk.
func memberCrumb(r *page.Request) ui.Link {
	if home, _, err := r.Home(); err == nil && !r.By.Can(access.MemberRead, home) {
		return ui.Link{Text: r.T("frame.nav.desk"), Href: "/"}
	}
	return ui.Link{Text: r.T("frame.nav.members"), Href: "/members"}
}

func personCrumb(person member.Brief) ui.Link {
	return ui.Link{Text: person.Name, Href: memberPath(person.ID)}
}

// accountState is the message of how far somebody is with signing in.
func accountState(a account.Account) string {
	switch {
	case !a.Blocked.IsZero():
		return "account.state_blocked"
	case a.Active():
		return "account.state_active"
	}
	return "account.state_invited"
}

// inFours is a secret as people copy it.
func inFours(secret string) string {
	var groups []string
	for part := range slices.Chunk([]byte(secret), 4) {
		groups = append(groups, string(part))
	}
	return strings.Join(groups, " ")
}
