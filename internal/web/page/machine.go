package page

import "time"

// Machine is what the program knows of itself and of what it runs on, for the
// pages of the administrator.
type Machine struct {
	Program string // its version
	Runtime string // the version of Go
	Engine  string // "SQLite 3.50" or what PostgreSQL says of itself
	Schema  int64
	Started time.Time
	// Memory and Database are bytes in use, Room bytes free on the disk of the
	// data folder; 0 where nobody can tell.
	Memory, Database, Room uint64
	Data                   string // the data folder
	// Backups says that serve makes one every day.
	Backups bool
}

// Setting is a setting as the program was started with it.
type Setting struct {
	// Name is that of the flag; the message of admin.setting.NAME says what it
	// does.
	Name        string
	Environment string
	Value       string // "" is not set; secrets are dots
	Changed     bool   // from what it is when nobody sets it
}
