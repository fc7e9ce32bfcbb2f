package app

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"chibo/internal/domain/hook"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/outward"
)

// TestSubscribersAreTold: signed, in order, again after a failure, and without
// anything that a record says.
func TestSubscribersAreTold(t *testing.T) {
	ctx := t.Context()
	a, err := Open(ctx, Config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	var secret string
	var heard []string
	broken := true
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || outward.Verify([]byte(secret), r.Header, body, a.DB.Now()) != nil {
			t.Errorf("not signed: %v", err)
		}
		if broken {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		heard = append(heard, string(body))
	}))
	defer server.Close()
	var h hook.Hook
	if err := a.DB.Update(ctx, func(tx *db.Tx) error {
		root, err := found(tx, 0, "XA")
		if err != nil {
			return err
		}
		h, secret, err = hook.Subscribe(tx, access.Console(), root.ID, hook.Settings{Address: server.URL, Nouns: []string{"unit"}})
		if err != nil {
			return err
		}
		_, err = found(tx, root.ID, "CƠ-SỞ")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := a.PlaceEntries(ctx); err != nil {
		t.Fatal(err)
	}
	tell := func(own ...netip.Prefix) {
		t.Helper()
		if err := a.TellHooks(ctx, outward.NewClient(own)); err != nil {
			t.Fatal(err)
		}
	}
	tell()
	if failure := a.failureOf(ctx, t, h.Unit); !strings.Contains(failure, "private") {
		t.Errorf("a private address without being allowed: %q", failure)
	}
	loopback := netip.MustParsePrefix("127.0.0.0/8")
	a.tryAtOnce(ctx, t, h.ID)
	tell(loopback)
	if failure := a.failureOf(ctx, t, h.Unit); !strings.Contains(failure, "503") || len(heard) != 0 {
		t.Errorf("a receiver that is away: %q", failure)
	}
	broken = false
	a.tryAtOnce(ctx, t, h.ID)
	tell(loopback)
	tell(loopback)
	if len(heard) != 2 || strings.Contains(heard[1], "CƠ-SỞ") || !strings.Contains(heard[1], `"verb":"unit.Found"`) {
		t.Errorf("heard %q", heard)
	}
}

func found(tx *db.Tx, under orgtree.ID, code string) (orgtree.Unit, error) {
	kind := "commune_party"
	if under != 0 {
		kind = "grassroots_party"
	}
	return unit.Found(tx, access.Console(), unit.New{
		Parent: under, Founded: clock.NewDate(2025, 7, 1), Decision: "Quyết định 1", Fields: unit.Fields{Code: code, Name: "Đảng bộ " + code, Kind: kind},
	})
}

func (a *App) failureOf(ctx context.Context, t *testing.T, at orgtree.ID) (failure string) {
	t.Helper()
	if err := a.DB.View(ctx, func(tx *db.Tx) error {
		all, err := hook.At(tx, access.Console(), at)
		if err == nil {
			failure = all[0].Failure
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return failure
}

// tryAtOnce is what an administrator does who saves the settings again.
func (a *App) tryAtOnce(ctx context.Context, t *testing.T, id hook.ID) {
	t.Helper()
	if err := a.DB.Update(ctx, func(tx *db.Tx) error {
		root, err := orgtree.Roots(tx)
		if err != nil {
			return err
		}
		all, err := hook.At(tx, access.Console(), root[0].ID)
		if err != nil {
			return err
		}
		_, err = hook.Change(tx, access.Console(), id, all[0].Version, all[0].Settings)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
