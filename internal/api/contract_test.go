package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
)

// TestContract walks the document and calls every operation as every role,
// inside and outside its scope. What comes back must be exactly what the reach
// matrix says, and have the form that the document says. Nothing is kept: what
// would write is rehearsed.
func TestContract(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		w := newWorld(k)
		document := w.document()
		for _, op := range document.operations(t) {
			t.Run(op.id, func(t *testing.T) {
				build := op.asked()
				if build == nil {
					t.Fatal("nothing is asked of it: asks_test.go has no line for it")
				}
				w.tryAll(t, op, build(w))
			})
		}
		for verb := range asks {
			if !slices.ContainsFunc(document.operations(t), func(op described) bool { return op.verb == verb || op.id == verb }) {
				t.Errorf("%s is asked and is no operation", verb)
			}
		}
	})
}

// asked makes what is asked of the operation, by its own name where it is one
// of several of a verb.
func (op described) asked() func(w *world) ask {
	if own, ok := asks[op.id]; ok {
		return own
	}
	return asks[op.verb]
}

// ask is one request of an operation that succeeds for whoever may.
type ask struct {
	path    map[string]string
	query   string
	body    any
	version int64
	// at is the unit of what is acted on, cell A where it is zero; subject is the
	// record to which a role may be narrowed.
	at      orgtree.Unit
	subject int64
	// concerned are those who may without the action, or who alone may with it,
	// as the operation says.
	concerned func(by access.Actor) bool
	// there is a second unit at which the action is needed.
	there orgtree.Unit
	// sees is who knows of the thing otherwise than by an action.
	sees func(by access.Actor) bool
	// file is sent as it is.
	file []byte
}

func (w *world) tryAll(t *testing.T, op described, a ask) {
	if a.at.ID == 0 {
		a.at = w.CellA
	}
	status, body := w.send(t, nil, op, a)
	if status != http.StatusUnauthorized {
		t.Errorf("a stranger: status %d", status)
	}
	op.conforms(t, "a stranger", status, body)
	var succeeded []access.PersonID
	for _, who := range w.actors {
		want := w.expected(op, a, who)
		status, body := w.send(t, http.Header{"Cookie": {"chibo=" + string(w.Token(who.person))}}, op, a)
		if status != want {
			t.Errorf("%s: status %d, the matrix says %d: %.300s", who.name, status, want, body)
		}
		if status < http.StatusMultipleChoices {
			succeeded = append(succeeded, who.person)
		}
		op.conforms(t, who.name, status, body)
	}
	if len(succeeded) == 0 {
		t.Fatal("nobody succeeded, so the test shows nothing")
	}
	w.tryToken(t, op, a, succeeded[0])
}

// tryToken asks as a program of somebody who may: it may as well, unless people
// do it themselves.
func (w *world) tryToken(t *testing.T, op described, a ask, owner access.PersonID) {
	secret, made := w.tokens[owner]
	if !made {
		secret = newProgram(t, w.Site, owner, true).secret
		w.tokens[owner] = secret
	}
	want := op.success
	if op.right.InPerson {
		want = http.StatusForbidden
	}
	status, body := w.send(t, http.Header{"Authorization": {"Bearer " + string(secret)}}, op, a)
	if status != want {
		t.Errorf("a token of somebody who may: status %d, not %d: %.300s", status, want, body)
	}
	op.conforms(t, "a token", status, body)
}

// expected is the answer that the matrix gives.
func (w *world) expected(op described, a ask, who actor) (status int) {
	w.k.View(func(tx *db.Tx) error {
		by := w.Org.As(tx, who.person)
		status = op.expected(by, a)
		return nil
	})
	return status
}

func (op described) expected(by access.Actor, a ask) int {
	if len(by.Grants()) == 0 {
		return http.StatusUnauthorized // whose session ended with the last role
	}
	r := op.right
	concerned := a.concerned != nil && a.concerned(by)
	may := r.Action == "" && a.concerned == nil || r.On == "" && r.Action != ""
	for _, act := range append([]access.Action{r.Action}, r.Or...) {
		may = may || act != "" && by.CanOn(act, a.at, a.subject)
	}
	switch {
	case may && a.there.ID != 0 && !by.Can(r.Action, a.there):
		return statusOf(by.Refuse(r.Action, a.there, 0))
	case a.there.ID != 0:
	case r.And != "":
		may = may && concerned
	default:
		may = may || concerned
	}
	switch {
	case may:
		return op.success
	case r.Action == "":
		return http.StatusNotFound
	case a.sees != nil && a.sees(by):
		return http.StatusForbidden
	case len(r.Seen) > 0 && !slices.ContainsFunc(r.Seen, func(act access.Action) bool { return by.CanOn(act, a.at, a.subject) }):
		return http.StatusNotFound
	case by.CanOn(r.Action, a.at, a.subject):
		return http.StatusForbidden
	}
	return statusOf(by.Refuse(r.Action, a.at, a.subject))
}

func statusOf(refusal error) int {
	if errs.Is(refusal, errs.Denied) {
		return http.StatusForbidden
	}
	return http.StatusNotFound
}

func (w *world) send(t *testing.T, header http.Header, op described, a ask) (status int, body []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), op.method, w.Base+a.address(op), a.content(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		request.Header[name] = values
	}
	request.Header.Set("Dry-Run", "true")
	request.Header.Set("Accept-Language", "en")
	if a.body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if op.versioned {
		request.Header.Set("If-Match", strconv.Quote(strconv.FormatInt(a.version, 10)))
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err = io.ReadAll(response.Body); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, body
}

func (a ask) content(t *testing.T) io.Reader {
	t.Helper()
	if a.file != nil {
		return bytes.NewReader(a.file)
	}
	if a.body == nil {
		return http.NoBody
	}
	text, err := json.Marshal(a.body)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(text)
}

func (a ask) address(op described) string {
	path := op.path
	for name, value := range a.path {
		path = strings.ReplaceAll(path, "{"+name+"}", value)
	}
	return "/api/v1" + path + a.query
}

// TestEveryRouteIsInTheDocument tries methods that no operation declares.
func TestUndeclaredRoutesAreNotFound(t *testing.T) {
	w := newWorld(testkit.SQLite(t))
	for _, address := range []string{"/api/v1/", "/api/v1/meetings/x/y/z", "/api/v2/meetings", "/api/docs", "/api/v1/schemas/Meeting.json", "/api/openapi.yaml"} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.Base+address, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Cookie", fmt.Sprintf("chibo=%s", w.Token(w.SecretaryA)))
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d", address, response.StatusCode)
		}
	}
}
