package people_test

import (
	"net/http"
	"testing"

	"chibo/internal/kernel/access"
	"chibo/internal/testkit/browser"
	"chibo/internal/testkit/visit"
	"chibo/internal/web/page"
	"chibo/internal/web/people"
	"chibo/internal/web/static"
)

// TestPagesAreForEverybody opens the pages at the sizes of a phone and a desk,
// and finds nothing that shuts anybody out.
func TestPagesAreForEverybody(t *testing.T) {
	b := browser.Start(t)
	s := visit.New(t, func(site *page.Site) http.Handler {
		mux := http.NewServeMux()
		mux.Handle("GET /static/", static.Handler())
		mux.Handle("/", visit.Routes(append(page.SignIn(), people.Routes()...)...)(site))
		return mux
	})
	o := s.Org
	cell, commune := "/units/"+o.CellA.ID.String(), "/units/"+o.Commune.ID.String()
	for _, p := range []struct {
		name   string
		person access.PersonID
		path   string
	}{
		{"members", o.SecretaryA, "/members"},
		{"members-commune", o.Office, "/members?status=official&sex=female"},
		{"members-none", o.SecretaryA, "/members?q=zzz"},
		{"member-own", o.MemberA, at(o.MemberA, "")},
		{"member", o.SecretaryA, at(o.ProbationaryA, "")},
		{"member-office", o.Office, at(o.ProbationaryA, "")},
		{"file", o.SecretaryA, at(o.DeputyA, "/file")},
		{"readings", o.DeputyA, at(o.DeputyA, "/readings")},
		{"history", o.SecretaryA, at(o.DeputyA, "/history")},
		{"register", o.SecretaryA, "/members/new?unit=" + o.CellA.ID.String()},
		{"leave", o.SecretaryA, at(o.DeputyA, "/leave")},
		{"move", o.Office, at(o.DeputyA, "/move")},
		{"units", o.Office, "/units"},
		{"unit", o.Office, cell},
		{"unit-commune", o.Office, commune},
		{"unit-new", o.Office, commune + "/new"},
		{"unit-move", o.Office, cell + "/move"},
		{"appoint", o.Office, cell + "/appoint"},
		{"official", o.Office, "/members/new?unit=" + o.Commune.ID.String()},
	} {
		for _, screen := range browser.Screens {
			t.Run(p.name+"-"+screen.Name, func(t *testing.T) {
				b := b.In(t)
				signIn(b, s, p.person)
				b.Open(screen, s.Base+p.path)
				b.Look(screen, p.name)
			})
		}
	}
}

func signIn(b browser.Browser, s *visit.Site, person access.PersonID) {
	b.Helper()
	token := ""
	if person != 0 {
		token = string(s.Token(person))
	}
	b.SignIn(s.Base, token)
}
