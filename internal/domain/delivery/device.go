package delivery

import (
	"time"

	"chibo/internal/domain/account"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/platform/push"
	"chibo/internal/platform/seal"
)

// DeviceID names a device.
type DeviceID = id.Of[Device]

// Device is a browser of the person's that takes messages as long as they are
// signed in there: whoever borrows the phone afterwards reads nothing.
type Device struct {
	ID      DeviceID
	Name    string
	Added   time.Time
	Session account.SessionID

	at push.Device
}

const (
	devicesMost = 10
	deviceName  = 100
)

// Devices are the actor's own.
func Devices(tx *db.Tx, by access.Actor) ([]Device, error) { return devicesOf(tx, by) }

func devicesOf(tx *db.Tx, by access.Actor) ([]Device, error) {
	sessions, err := account.Sessions(tx, by)
	if err != nil {
		return nil, err
	}
	here := map[account.SessionID]bool{}
	for _, s := range sessions {
		here[s.ID] = true
	}
	all, err := db.All(tx, func(row db.Row) (d Device, err error) {
		return d, row.Scan(&d.ID, &d.Name, db.Instant(&d.Added), &d.Session, &d.at.Endpoint, &d.at.P256dh, &d.at.Auth)
	}, `SELECT id, name, added, session_id, endpoint, p256dh, auth FROM delivery_device WHERE person_id = $1 ORDER BY id DESC`, by.Person)
	if err != nil {
		return nil, err
	}
	var list []Device
	for _, d := range all {
		if here[d.Session] && len(list) < devicesMost {
			list = append(list, d)
		}
	}
	return list, nil
}

// Subscribe has the browser of the session take messages for the actor, and for
// nobody who used it before. What describes no browser is errs.Invalid.
func Subscribe(tx *db.Tx, by access.Actor, session account.Session, d push.Device) error {
	if err := d.Check(); err != nil {
		return errs.Wrap(err, errs.Invalid, "delivery.error.device")
	}
	if session.Person != by.Person {
		return errs.New(errs.NotFound, "errs.not_found")
	}
	name := []rune(session.Device)
	if _, err := tx.Exec(`INSERT INTO delivery_device (id, person_id, session_id, endpoint, p256dh, auth, name, added) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (endpoint) DO UPDATE SET person_id = excluded.person_id, session_id = excluded.session_id, p256dh = excluded.p256dh, auth = excluded.auth, name = excluded.name, added = excluded.added`,
		id.New[Device](), by.Person, session.ID, d.Endpoint, d.P256dh, d.Auth, string(name[:min(len(name), deviceName)]), tx.Now); err != nil {
		return err
	}
	return note(tx, by, "delivery.Subscribe", nil)
}

// Unsubscribe has a browser of the actor's take no more messages.
func Unsubscribe(tx *db.Tx, by access.Actor, device DeviceID) error {
	n, err := tx.Exec(`DELETE FROM delivery_device WHERE id = $1 AND person_id = $2`, device, by.Person)
	if err == nil && n == 0 {
		err = errs.New(errs.NotFound, "errs.not_found")
	}
	if err != nil {
		return err
	}
	return note(tx, by, "delivery.Unsubscribe", nil)
}

const vapid = "vapid"

// PushKey is the public key that browsers subscribe under. The pair is made at
// the first use, so the transaction must be one that may write.
func PushKey(tx *db.Tx, _ access.Actor) (string, error) {
	public, found, err := db.Maybe(tx, db.Column[string], `SELECT public FROM delivery_key WHERE name = $1`, vapid)
	if err != nil || found {
		return public, err
	}
	pair, err := push.NewKeys()
	if err != nil {
		return "", err
	}
	sealed, err := seal.Close(tx.Derive("delivery.seal"), []byte(pair.Private), vapid)
	if err != nil {
		return "", err
	}
	return pair.Public, tx.Change(`INSERT INTO delivery_key (name, public, sealed) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING`, vapid, pair.Public, sealed)
}

func pushKeys(tx *db.Tx) (push.Keys, error) {
	type stored struct{ public, sealed string }
	s, err := db.One(tx, func(row db.Row) (s stored, err error) {
		return s, row.Scan(&s.public, &s.sealed)
	}, `SELECT public, sealed FROM delivery_key WHERE name = $1`, vapid)
	if err != nil {
		return push.Keys{}, err
	}
	private, err := seal.Open(tx.Derive("delivery.seal"), s.sealed, vapid)
	return push.Keys{Private: string(private), Public: s.public}, err
}
