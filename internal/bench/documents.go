package bench

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"chibo/internal/app"
	"chibo/internal/demo"
	"chibo/internal/domain/account"
	"chibo/internal/platform/db"
)

// documents takes the minutes of a meeting away as files, as the secretary of
// the demo's cell does: from the records to the bytes, over HTTP.
func documents(ctx context.Context, s Setting, r *Result) error {
	secretary, err := s.fillDemo(ctx)
	if err != nil {
		return err
	}
	sv, _, err := s.start(ctx)
	if err != nil {
		return err
	}
	meeting, err := sv.minuted(secretary)
	if err != nil {
		return err
	}
	for _, format := range []string{"docx", "pdf"} {
		path := meeting + "/documents/minutes." + format
		took, err := sv.visit(secretary, path)
		if err != nil {
			return err
		}
		content, _, err := sv.get(secretary, path)
		if err != nil {
			return err
		}
		r.most("minutes_"+format+"_ms_p50", milliseconds(took), 200)
		r.Figures["minutes_"+format+"_kb"] = float64(len(content)) / 1024
	}
	return sv.stop()
}

// fillDemo makes the demo's cell, whose meetings are as long as real ones, and
// signs its secretary in.
func (s Setting) fillDemo(ctx context.Context) (secretary account.Token, err error) {
	a, err := app.Open(ctx, app.Config{Data: s.Folder, Database: s.Database})
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, a.PlaceEntries(ctx), a.Close()) }()
	built, err := demo.Build(ctx, a.DB, a.Files, demo.Options{Scale: demo.Cell, Seed: 138, Now: a.DB.Now()})
	if err != nil {
		return "", err
	}
	here := account.Device{Name: "bench", Address: "127.0.0.1", Own: true}
	var attempt account.Attempt
	if err := a.DB.Update(ctx, func(tx *db.Tx) (err error) {
		attempt, err = account.Begin(tx, built.Accounts[0].Login, here)
		return err
	}); err != nil {
		return "", err
	}
	proof, err := attempt.Verify(ctx, built.Accounts[0].Password)
	if err != nil {
		return "", err
	}
	err = a.DB.Update(ctx, func(tx *db.Tx) error {
		secretary, _, err = account.SignIn(tx, proof, here)
		return err
	})
	return secretary, err
}

var meetingPath = regexp.MustCompile(`/meetings/[0-9a-z]{13}`)

// minuted finds the first meeting on the list of meetings that has minutes.
func (s *server) minuted(as account.Token) (path string, err error) {
	list, _, err := s.get(as, "/meetings")
	if err != nil {
		return "", err
	}
	for _, path := range meetingPath.FindAllString(string(list), -1) {
		if _, _, err = s.get(as, path+"/documents/minutes.docx"); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no meeting has minutes: %w", err)
}
