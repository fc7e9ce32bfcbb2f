package api_test

import (
	"net/http"
	"strings"
	"testing"

	"chibo/internal/testkit"
)

// TestAllMembersComeOut: a list of any length comes as one document, and one that
// is refused as a problem.
func TestAllMembersComeOut(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		w := newWorld(k)
		export := "/api/v1/units/" + w.CellA.ID.String() + "/members/export"
		got := newProgram(t, w.Site, w.SecretaryA, true).send(http.MethodGet, export, "")
		if items, _ := got.body["items"].([]any); got.status != http.StatusOK || len(items) != len(w.MembersA) {
			t.Errorf("status %d, %d people, want %d", got.status, len(items), len(w.MembersA))
		}
		if media := got.header.Get("Content-Type"); !strings.HasPrefix(media, "application/json") {
			t.Errorf("it came as %q", media)
		}
		p := newProgram(t, w.Site, w.MemberA, true)
		p.want(p.send(http.MethodGet, export, ""), http.StatusForbidden, `"status":403`)
	})
}
