package results_test

import (
	"net/http"
	"testing"
)

// TestNumbersGoOnFromPaper is a cell that issued resolutions on paper before.
func TestNumbersGoOnFromPaper(t *testing.T) {
	s := held(t)
	secretary := s.As(s.Org.SecretaryA)
	at := s.base + "/resolution/numbers"
	secretary.Get(s.base+"/resolution").Want(http.StatusOK, at)
	s.As(s.Org.MemberA).Get(at).Want(http.StatusForbidden)
	s.As(s.Org.SecretaryB).Get(at).Want(http.StatusNotFound)
	secretary.Post(at, "last", "0").Want(http.StatusUnprocessableEntity, "name=\"last\"")
	secretary.Post(at, "last", "17").LeadsTo(s.base + "/resolution#issue")
	secretary.Get(s.base + "/resolution").Want(http.StatusOK).Lacks(at)
	secretary.Post(at, "last", "18").Want(http.StatusConflict)
	s.issue()
	secretary.Get(s.base+"/resolution").Want(http.StatusOK, "18-NQ/CB")
}
