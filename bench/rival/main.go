// Rival is PocketBase with the same organisation and the same write as chibo's
// roll call, for chibo bench meeting-day to measure beside ours.
//
// It makes its collections with the indexes that PocketBase's documentation
// recommends (one on every column that a rule compares), lets whoever holds a
// role at a unit or above change the roll of a meeting below (one rule), and
// keeps PocketBase's own settings otherwise: WAL, synchronous NORMAL. It writes
// no journal, no history and no figures.
package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strconv"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations" // its own collections
)

// above is the right in a subtree: the role's unit is the meeting's, or lies
// above it.
const above = `@request.auth.id != "" && @collection.roles.person ?= @request.auth.id && meeting.unit.path ?~ @collection.roles.path`

// Cell is what a load generator needs: whose token, and which records to change.
type Cell struct {
	Token string   `json:"token"`
	Paths []string `json:"paths"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run is called as: rival FOLDER CELLS MEMBERS
func run() error {
	if len(os.Args) != 4 {
		return fmt.Errorf("usage: rival FOLDER CELLS MEMBERS")
	}
	cells, _ := strconv.Atoi(os.Args[2])
	members, _ := strconv.Atoi(os.Args[3])
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: os.Args[1]})
	if err := app.Bootstrap(); err != nil {
		return err
	}
	if err := app.RunAllMigrations(); err != nil {
		return err
	}
	var filled []Cell
	if err := app.RunInTransaction(func(tx core.App) (err error) {
		if err := collections(tx); err != nil {
			return err
		}
		filled, err = fill(tx, cells, members)
		return err
	}); err != nil {
		return err
	}
	if err := app.ReloadCachedCollections(); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		return err
	}
	if err := json.NewEncoder(os.Stdout).Encode(map[string]any{"url": "http://" + address, "cells": filled}); err != nil {
		return err
	}
	return apis.Serve(app, apis.ServeConfig{HttpAddr: address})
}

func collections(app core.App) error {
	units := core.NewBaseCollection("units")
	units.Fields.Add(&core.TextField{Name: "path", Required: true}, &core.TextField{Name: "name"})
	units.AddIndex("idx_units_path", true, "path", "")

	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}

	persons := core.NewBaseCollection("persons")
	persons.Fields.Add(&core.TextField{Name: "name", Required: true})

	roles := core.NewBaseCollection("roles")
	roles.Fields.Add(&core.RelationField{Name: "person", CollectionId: users.Id, Required: true},
		&core.TextField{Name: "path", Required: true}, &core.TextField{Name: "role"})
	roles.AddIndex("idx_roles_person", false, "person", "")
	roles.AddIndex("idx_roles_path", false, "path", "")

	if err := save(app, units, persons, roles); err != nil {
		return err
	}
	meetings := core.NewBaseCollection("meetings")
	meetings.Fields.Add(&core.RelationField{Name: "unit", CollectionId: units.Id, Required: true}, &core.TextField{Name: "state"})
	meetings.AddIndex("idx_meetings_unit", false, "unit", "")
	if err := save(app, meetings); err != nil {
		return err
	}
	roll := core.NewBaseCollection("roll")
	roll.Fields.Add(&core.RelationField{Name: "meeting", CollectionId: meetings.Id, Required: true},
		&core.RelationField{Name: "person", CollectionId: persons.Id, Required: true},
		&core.TextField{Name: "mark"}, &core.TextField{Name: "reason"}, &core.AutodateField{Name: "marked", OnUpdate: true})
	roll.AddIndex("idx_roll_meeting_person", true, "meeting, person", "")
	rule := above
	roll.UpdateRule = &rule
	return save(app, roll)
}

func save(app core.App, list ...*core.Collection) error {
	for _, c := range list {
		if err := app.Save(c); err != nil {
			return fmt.Errorf("%s: %w", c.Name, err)
		}
	}
	return nil
}

// fill makes a commune of cells, each with members, a meeting and its roll, and
// a secretary.
func fill(app core.App, cells, members int) (list []Cell, err error) {
	commune := "/province/commune/"
	if _, err := record(app, "units", map[string]any{"path": commune, "name": "Commune"}); err != nil {
		return nil, err
	}
	for i := range cells {
		c, err := fillCell(app, commune, i, members)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}

func fillCell(app core.App, commune string, i, members int) (c Cell, err error) {
	path := fmt.Sprintf("%scell%d/", commune, i)
	unit, err := record(app, "units", map[string]any{"path": path, "name": fmt.Sprintf("Cell %d", i)})
	if err != nil {
		return c, err
	}
	meeting, err := record(app, "meetings", map[string]any{"unit": unit.Id, "state": "in_session"})
	if err != nil {
		return c, err
	}
	secretary, err := record(app, "users", map[string]any{
		"email": fmt.Sprintf("p%d@example.com", i), "tokenKey": fmt.Sprintf("%050d", i), "password": "a password of the bench",
	})
	if err != nil {
		return c, err
	}
	if _, err := record(app, "roles", map[string]any{"person": secretary.Id, "path": path, "role": "secretary"}); err != nil {
		return c, err
	}
	if c.Token, err = secretary.NewAuthToken(); err != nil {
		return c, err
	}
	for j := range members {
		person, err := record(app, "persons", map[string]any{"name": fmt.Sprintf("Member %d", j)})
		if err != nil {
			return c, err
		}
		entry, err := record(app, "roll", map[string]any{"meeting": meeting.Id, "person": person.Id})
		if err != nil {
			return c, err
		}
		c.Paths = append(c.Paths, "/api/collections/roll/records/"+entry.Id)
	}
	return c, nil
}

func record(app core.App, collection string, fields map[string]any) (*core.Record, error) {
	c, err := app.FindCollectionByNameOrId(collection)
	if err != nil {
		return nil, err
	}
	r := core.NewRecord(c)
	r.Load(fields)
	return r, app.SaveNoValidate(r)
}
