package page

import (
	"cmp"
	"crypto/rand"
	"net/http"
	"time"

	"chibo/internal/platform/db"
	"chibo/internal/web/ui"
)

const (
	onceField = "once"
	// onceMost is longer than any token of ours.
	onceMost = 64
	// onceLife is how long a form that was sent is known: a tab left open over
	// a weekend may be sent again.
	onceLife = 7 * 24 * time.Hour
)

// Once is a hidden field for forms that create something: however often the
// form arrives, it is done once, and every arrival is sent where the first was.
func Once(r *Request) ui.Hidden {
	token := ""
	if r.Returned() {
		token = r.Form.Get(onceField)
	}
	return ui.Hidden{Name: onceField, Value: cmp.Or(token, rand.Text())}
}

// doOnce acts, unless the form was done before. The token is written in the
// transaction of the action: both happen or neither does.
func (r *Request) doOnce(act Page) (Answer, error) {
	token := r.Form.Get(onceField)
	if r.Method != http.MethodPost || token == "" || len(token) > onceMost {
		return act(r)
	}
	before, done, err := db.Maybe(r.Tx, func(row db.Row) (s seeOther, err error) {
		return s, row.Scan(&s.path, &s.done)
	}, `SELECT location, done FROM sent_form WHERE token = $1 AND person_id = $2`, token, r.By.Person)
	if err != nil || done {
		return before, err
	}
	answer, err := act(r)
	if err != nil {
		return nil, err
	}
	if to, ok := answer.(seeOther); ok {
		_, err = r.Tx.Exec(`INSERT INTO sent_form (token, person_id, location, done, at) VALUES ($1, $2, $3, $4, $5)`,
			token, r.By.Person, to.path, to.done, r.Tx.Now)
	}
	return answer, err
}

// Sweep forgets forms that were sent long ago; a scheduled job calls it.
func Sweep(tx *db.Tx) error {
	_, err := tx.Exec(`DELETE FROM sent_form WHERE at < $1`, tx.Now.Add(-onceLife))
	return err
}

// local is the path of an address on this site, as browsers send it in the
// header Referer.
func (r *Request) local() string {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return r.URL.RequestURI()
	}
	if from, err := r.URL.Parse(r.Referer()); err == nil && r.Referer() != "" {
		return ui.LocalPath(from.RequestURI())
	}
	return "/"
}
