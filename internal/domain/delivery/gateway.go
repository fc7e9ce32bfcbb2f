package delivery

import (
	"crypto/rand"
	"net/url"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/seal"
	"chibo/internal/platform/text"
)

// Gateway is the program of others that turns a signed request into an SMS or
// a Zalo message.
type Gateway struct {
	URL     string
	Enabled bool
	// Secret is shared with the gateway, which checks our signature by it.
	Secret  string
	Version int64 // 0 while there is none
}

const (
	gatewayID = 1
	urlMost   = 500
)

// mayConfigure gives the top of the tree where the actor keeps the machine.
func mayConfigure(tx *db.Tx, by access.Actor) (orgtree.ID, error) {
	roots, err := orgtree.Roots(tx)
	if err != nil {
		return 0, err
	}
	for _, root := range roots {
		if by.Console || by.Can(access.Settings, root) {
			return root.ID, nil
		}
	}
	return 0, errs.New(errs.NotFound, "errs.not_found")
}

// FindGateway is the gateway with its secret. An administrator of the whole
// tree may; for others it does not exist.
func FindGateway(tx *db.Tx, by access.Actor) (Gateway, error) {
	if _, err := mayConfigure(tx, by); err != nil {
		return Gateway{}, err
	}
	return gateway(tx)
}

func gateway(tx *db.Tx) (Gateway, error) {
	g, found, err := db.Maybe(tx, func(row db.Row) (g Gateway, err error) {
		return g, row.Scan(&g.URL, &g.Secret, &g.Enabled, &g.Version)
	}, `SELECT url, secret, enabled, version FROM delivery_gateway WHERE id = $1`, gatewayID)
	if err != nil || !found {
		return Gateway{}, err
	}
	secret, err := seal.Open(tx.Derive("delivery.seal"), g.Secret, "gateway")
	g.Secret = string(secret)
	return g, err
}

// ChangeGateway says where text messages go, and whether. The first time makes
// the secret; newSecret makes another. Who may: as for FindGateway. An address
// that is none is errs.Invalid, a stale version errs.Conflict.
func ChangeGateway(tx *db.Tx, by access.Actor, g Gateway, newSecret bool) error {
	root, err := mayConfigure(tx, by)
	if err != nil {
		return err
	}
	g.URL = text.Line(g.URL)
	if u, err := url.Parse(g.URL); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || len(g.URL) > urlMost {
		return errs.Field("url", "delivery.error.url")
	}
	before, err := gateway(tx)
	if err != nil {
		return err
	}
	g.Secret = before.Secret
	if g.Secret == "" || newSecret {
		g.Secret = rand.Text() + rand.Text()
	}
	if err := saveGateway(tx, g); err != nil {
		return err
	}
	return journal.Write(tx, by, journal.Change{
		Unit: root, Verb: "delivery.ChangeGateway", Noun: "gateway", ID: gatewayID,
		Before: map[string]any{"url": before.URL, "enabled": before.Enabled},
		After:  map[string]any{"url": g.URL, "enabled": g.Enabled, "new_secret": g.Secret != before.Secret},
	})
}

func saveGateway(tx *db.Tx, g Gateway) error {
	sealed, err := seal.Close(tx.Derive("delivery.seal"), []byte(g.Secret), "gateway")
	if err != nil {
		return err
	}
	if g.Version != 0 {
		return tx.Change(`UPDATE delivery_gateway SET url = $1, secret = $2, enabled = $3, version = version + 1 WHERE id = $4 AND version = $5`,
			g.URL, sealed, g.Enabled, gatewayID, g.Version)
	}
	return tx.Change(`INSERT INTO delivery_gateway (id, url, secret, enabled, version) VALUES ($1, $2, $3, $4, 1) ON CONFLICT (id) DO NOTHING`,
		gatewayID, g.URL, sealed, g.Enabled)
}

// TextsLeave reports whether text messages can be sent at all.
func TextsLeave(tx *db.Tx, _ access.Actor) (bool, error) {
	g, err := gateway(tx)
	return g.Enabled, err
}
