package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"testing"
	"time"

	"chibo/internal/api"
	"chibo/internal/api/client"
	"chibo/internal/testkit/visit"
	"chibo/locales"
)

var update = flag.Bool("update", false, "write client/openapi.json anew")

// TestClientDocument holds the document that the client is generated from to the
// one that is served.
func TestClientDocument(t *testing.T) {
	const golden = "client/openapi.json"
	catalogue, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := api.Downgraded(api.Server{Catalogue: catalogue})
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := json.Indent(&text, raw, "", " "); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, text.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(text.Bytes(), want) {
		t.Error("the document of the client is old: go test ./internal/api -run ClientDocument -update && go generate ./internal/api/client")
	}
}

// TestClient plans a meeting and reads it back as another Go program would.
func TestClient(t *testing.T) {
	site := visit.New(t, handler)
	p := newProgram(t, site, site.Org.SecretaryA, true)
	c, err := client.NewClientWithResponses(site.Base+api.Root, client.WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+string(p.secret))
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	place, reason := "Nhà văn hóa", "mưa lũ"
	made, err := c.MeetingScheduleWithResponse(t.Context(), &client.MeetingScheduleParams{}, client.MeetingScheduleJSONRequestBody{
		Unit: site.Org.CellA.ID.String(), Kind: "regular", Starts: time.Date(2026, 12, 3, 12, 0, 0, 0, time.UTC), Place: &place, DayReason: &reason,
	})
	if err != nil || made.JSON201 == nil {
		t.Fatalf("%v, %s", err, made.Body)
	}
	read, err := c.MeetingFindWithResponse(t.Context(), made.JSON201.Id)
	if err != nil || read.JSON200 == nil || read.JSON200.State != "planned" || *read.JSON200.Place != place {
		t.Errorf("%v, %s", err, read.Body)
	}
	missing, err := c.MeetingFindWithResponse(t.Context(), "0000000000001")
	if err != nil || missing.ApplicationproblemJSONDefault == nil || missing.ApplicationproblemJSONDefault.Status != http.StatusNotFound {
		t.Errorf("%v, %s", err, missing.Body)
	}
}
