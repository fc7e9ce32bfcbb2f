package api_test

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"

	"chibo/internal/domain/account"
	"chibo/internal/domain/delivery"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/id"
	"chibo/internal/platform/job"
	"chibo/internal/platform/push"
)

// ofMemberA asks about what only a member of A has.
func ofMemberA(w *world) ask { return ask{}.by(is(w.MemberA)) }

// atAnyRoot asks at the commune, or at the root of the other tree.
func atAnyRoot(w *world) ask {
	return ask{at: w.Commune}.by(func(by access.Actor) bool { return by.Can(access.Settings, w.OtherCommune) })
}

func anywhere(w *world) ask {
	return ask{at: w.Commune}.by(managesAny(access.Settings, w))
}

// managesAny are those who may at one of the places at least.
func managesAny(act access.Action, w *world) func(access.Actor) bool {
	return func(by access.Actor) bool {
		return by.Can(act, w.CellA) || by.Can(act, w.CellB) || by.Can(act, w.OtherCommune)
	}
}

func (w *world) proposed() ask {
	w.act(w.MemberA, func(tx *db.Tx, by access.Actor) error {
		return delivery.Propose(tx, by, delivery.Mail, "dang.vien@example.vn")
	})
	return ofMemberA(w).with("channel", "mail")
}

func (w *world) withCalendar() ask {
	w.act(w.MemberA, func(tx *db.Tx, by access.Actor) error { return delivery.OpenCalendar(tx, by) })
	return ofMemberA(w)
}

func browser(w *world) push.Device {
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		w.k.T.Fatal(err)
	}
	text := base64.RawURLEncoding
	return push.Device{Endpoint: "https://push.example.vn/1", P256dh: text.EncodeToString(key.PublicKey().Bytes()), Auth: text.EncodeToString(make([]byte, 16))}
}

func (w *world) device() ask {
	token := w.Token(w.MemberA)
	var own []delivery.Device
	w.k.Update(func(tx *db.Tx) error {
		by, session, err := account.Resume(tx, token)
		if err == nil {
			err = delivery.Subscribe(tx, by, session, browser(w))
		}
		if err == nil {
			own, err = delivery.Devices(tx, by)
		}
		return err
	})
	return ofMemberA(w).with("device", own[0].ID.String())
}

// letter is one of cell A that was given up.
func (w *world) letter() ask {
	letter := id.New[delivery.Letter]()
	w.k.Update(func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO delivery_letter (id, person_id, unit_id, channel, made, state, settled, failure) VALUES ($1, $2, $3, 'mail', $4, 'failed', $4, 'hộp thư đầy')`,
			letter, w.MemberA, w.CellA.ID, tx.Now)
		return err
	})
	return ask{}.with("letter", letter.String())
}

func (w *world) failedJob() ask {
	var dead []job.Job
	w.k.Update(func(tx *db.Tx) error {
		if err := job.Enqueue(tx, "contract.failed", "thư", job.Options{}); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE job SET dead = TRUE, attempt = 9, failure = 'máy chủ không trả lời' WHERE kind = 'contract.failed'`)
		if err == nil {
			dead, err = job.Dead(tx)
		}
		return err
	})
	return atAnyRoot(w).with("job", dead[0].ID.String())
}

var deliveryAsks = map[string]func(w *world) ask{
	"delivery.MyChoice": nothingBut,
	"delivery.Choose": func(*world) ask {
		return ask{}.sending(fields{"digest": "daily", "quiet_from": 1260, "quiet_to": 360, "version": 0, "wishes": []fields{{"kind": "task", "channel": "mail", "wanted": false}}})
	},
	"delivery.TextsLeave": nothingBut, "delivery.Addresses": nothingBut, "delivery.CalendarToken": nothingBut, "delivery.OpenCalendar": nothingBut,
	"delivery.Devices": nothingBut, "delivery.PushKey": nothingBut,
	"delivery.Propose": func(*world) ask {
		return ask{}.with("channel", "mail").sending(fields{"address": "toi@example.vn"})
	},
	"delivery.Confirm":       func(w *world) ask { return w.proposed().sending(fields{"code": "000000"}) },
	"delivery.Forget":        (*world).proposed,
	"delivery.CloseCalendar": (*world).withCalendar,
	"delivery.Subscribe": func(w *world) ask {
		d := browser(w)
		return ask{}.sending(fields{"endpoint": d.Endpoint, "p256dh": d.P256dh, "auth": d.Auth})
	},
	"delivery.Unsubscribe": (*world).device,
	"delivery.FindGateway": atAnyRoot,
	"delivery.ChangeGateway": func(w *world) ask {
		return atAnyRoot(w).sending(fields{"url": "https://sms.example.vn/send", "enabled": true, "version": 0})
	},
	"delivery.DeadLetters": anywhere, "delivery.TryAgain": (*world).letter, "delivery.Drop": (*world).letter,
	"upkeep.Jobs": atAnyRoot, "upkeep.TryAgain": (*world).failedJob, "upkeep.Drop": (*world).failedJob,
}
