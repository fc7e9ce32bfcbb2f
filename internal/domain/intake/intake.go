// Package intake brings registers into the program as communes really keep them:
// spreadsheets of any order of columns, with titles, sums and signatures, in old
// encodings, with days written in a dozen ways and people who are listed twice.
//
// It knows how a messy sheet becomes rows of members, units or posts, shows what
// it understood before anything is written, sends back what it could not take,
// and takes back a whole import on which nothing depends yet. What a member, a
// unit or a post must be, and who may enter one, is decided by their packages,
// through whose verbs it writes.
package intake

import (
	"slices"
	"time"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/platform/job"
	"chibo/internal/platform/text"
)

// ID names an import.
type ID = id.Of[Import]

// State is how far an import has come.
type State string

const (
	Sent     State = "sent"     // the sheet and the columns are looked at
	Checking State = "checking" // a job reads it
	Checked  State = "checked"  // the preview stands
	Applying State = "applying" // a job writes it
	Applied  State = "applied"
	Undone   State = "undone"
)

// Import is a spreadsheet on its way into the register.
type Import struct {
	ID ID
	// Unit is where the rows belong that name none.
	Unit orgtree.ID
	By   access.PersonID // zero for the console
	Kind Kind
	// State and Failure: a check or an import that failed stands where it began,
	// with the reason.
	State         State
	Failure       *errs.Message
	Name          string
	Hash          string
	Size          int64
	Settings      Settings
	Outline       Outline
	Report        Report
	Sent, Applied time.Time
	Expires       time.Time
	Version       int64
}

const (
	// keptFor is how long a sheet waits for whoever sent it.
	keptFor = 7 * 24 * time.Hour
	// undoFor is how long an import can be taken back.
	undoFor  = 30 * 24 * time.Hour
	nameMost = 200
	// noun of imports in the journal.
	noun = "intake"
)

// Job is what a check of the import needs to know.
func (i Import) Job(decisions map[int]Decision) Job {
	return Job{Kind: i.Kind, Unit: i.Unit, Settings: i.Settings, Heading: i.Outline.Heading, Decisions: decisions}
}

// New is a spreadsheet that was sent: the file as the store keeps it, and what
// Survey said of it.
type New struct {
	Unit     orgtree.ID
	Kind     Kind
	Name     string
	Hash     string
	Size     int64
	Outline  Outline
	Settings Settings
}

// Send keeps a spreadsheet for whoever sent it, and nobody else, for a week. Who
// may import at the unit may. A form that came before is read as it was then.
func Send(tx *db.Tx, by access.Actor, n New) (Import, error) {
	if !slices.Contains(Kinds, n.Kind) {
		return Import{}, errs.Field("kind", "errs.required")
	}
	if _, err := requireHome(tx, by, Job{Kind: n.Kind, Unit: n.Unit}); err != nil {
		return Import{}, err
	}
	n.Name = text.Line(n.Name)
	var wrong errs.Fields
	wrong.Check(n.Name != "" && n.Hash != "" && n.Size > 0, "file", "intake.error.no_file")
	wrong.Check(text.Length(n.Name) <= nameMost, "file", "errs.too_long", nameMost)
	if err := wrong.Err(); err != nil {
		return Import{}, err
	}
	i := Import{
		ID: id.New[Import](), Unit: n.Unit, By: by.Person, Kind: n.Kind, State: Sent, Name: n.Name, Hash: n.Hash, Size: n.Size,
		Settings: n.Settings, Outline: n.Outline, Sent: tx.Now, Expires: tx.Now.Add(keptFor), Version: 1,
	}
	var err error
	if i.Settings, err = remembered(tx, i); err != nil {
		return Import{}, err
	}
	return i, insert(tx, i)
}

// Find is an import. One that is not applied is seen by whoever sent it; later
// it is seen by all who may import at its unit.
func Find(tx *db.Tx, by access.Actor, imp ID) (Import, error) {
	i, err := find(tx, imp)
	if err != nil || by.Console {
		return i, err
	}
	hidden := errs.New(errs.NotFound, "errs.not_found")
	switch i.State {
	case Applied, Undone:
		if i.Unit == 0 {
			return Import{}, hidden
		}
		if _, err := access.Require(tx, by, rights[i.Kind], i.Unit); err != nil {
			return Import{}, hidden
		}
	default:
		if i.By != by.Person {
			return Import{}, hidden
		}
		// The right may have gone since.
		if _, err := access.Require(tx, by, rights[i.Kind], i.Unit); err != nil {
			return Import{}, err
		}
	}
	return i, nil
}

// At are the imports for the unit that the actor may see, the newest first.
func At(tx *db.Tx, by access.Actor, unit orgtree.ID) ([]Import, error) {
	all, err := listAt(tx, unit)
	if err != nil {
		return nil, err
	}
	var seen []Import
	for _, i := range all {
		_, err := Find(tx, by, i.ID)
		switch {
		case err == nil:
			seen = append(seen, i)
		case !errs.Is(err, errs.NotFound) && !errs.Is(err, errs.Denied):
			return nil, err
		}
	}
	return seen, nil
}

// loadVersion is one's own import in the version at hand and one of the states.
func loadVersion(tx *db.Tx, by access.Actor, imp ID, version int64, states ...State) (Import, error) {
	i, err := Find(tx, by, imp)
	if err != nil {
		return Import{}, err
	}
	if i.Version != version || !slices.Contains(states, i.State) {
		return Import{}, errs.New(errs.Conflict, "errs.stale")
	}
	return i, nil
}

// Read has the sheet read by other settings; the outline is what Look says of
// them. Whoever sent it may; a stale version and an import under way are
// errs.Conflict.
func Read(tx *db.Tx, by access.Actor, imp ID, version int64, s Settings, o Outline) error {
	i, err := loadVersion(tx, by, imp, version, Sent, Checked)
	if err != nil {
		return err
	}
	i.State, i.Settings, i.Outline, i.Report, i.Failure = Sent, s, o, Report{}, nil
	if err := forget(tx, imp); err != nil {
		return err
	}
	if err := forgetRejected(tx, imp); err != nil {
		return err
	}
	return update(tx, i)
}

// StartCheck queues the check of the sheet by the settings, and remembers them
// for the next sheet of that form. Whoever sent it may. Settings that lack a
// needed column are errs.Invalid; a stale version is errs.Conflict.
func StartCheck(tx *db.Tx, by access.Actor, imp ID, version int64, s Settings) error {
	i, err := loadVersion(tx, by, imp, version, Sent, Checked)
	if err != nil {
		return err
	}
	if err := s.check(i.Kind, len(i.Outline.Heading)); err != nil {
		return err
	}
	i.State, i.Settings, i.Failure = Checking, s, nil
	if err := remember(tx, i); err != nil {
		return err
	}
	return startJob(tx, i, checkJob)
}

// Decide records what is done with rows that may be somebody known, and for
// which units names stand; then the sheet is checked again. all, if not
// Undecided, is for the rows that nobody decided on. Whoever sent it may; a
// stale version is errs.Conflict.
func Decide(tx *db.Tx, by access.Actor, imp ID, version int64, rows map[int]Decision, all Choice, names map[string]orgtree.ID) error {
	i, err := loadVersion(tx, by, imp, version, Checked)
	if err != nil {
		return err
	}
	for row, d := range rows {
		if !d.Choice.known() {
			return errs.Field("choice", "errs.required")
		}
		d.Fields = slices.DeleteFunc(d.Fields, func(name string) bool {
			_, known := fieldAt(Members, name)
			return !known || slices.Contains(fixed, name)
		})
		if err := saveDecision(tx, imp, row, d); err != nil {
			return err
		}
	}
	i.State, i.Settings.Twins = Checking, all
	for written, unit := range names {
		if _, err := access.Require(tx, by, rights[i.Kind], unit); err != nil {
			return err
		}
		if i.Settings.Names == nil {
			i.Settings.Names = map[string]orgtree.ID{}
		}
		i.Settings.Names[text.Fold(written)] = unit
	}
	if err := i.Settings.check(i.Kind, len(i.Outline.Heading)); err != nil {
		return err
	}
	if err := remember(tx, i); err != nil {
		return err
	}
	return startJob(tx, i, checkJob)
}

// StartApply queues the writing of all rows that are right. Whoever sent the
// sheet may; a stale version, and a preview without such a row, are
// errs.Conflict.
func StartApply(tx *db.Tx, by access.Actor, imp ID, version int64) error {
	i, err := loadVersion(tx, by, imp, version, Checked)
	if err != nil {
		return err
	}
	if i.Report.OK == 0 {
		return errs.New(errs.Conflict, "intake.error.nothing_right")
	}
	i.State, i.Failure = Applying, nil
	return startJob(tx, i, applyJob)
}

// Drop throws a sheet away that was not applied. Whoever sent it may.
func Drop(tx *db.Tx, by access.Actor, imp ID, version int64) error {
	i, err := loadVersion(tx, by, imp, version, Sent, Checked, Checking)
	if err != nil {
		return err
	}
	return remove(tx, i.ID)
}

func startJob(tx *db.Tx, i Import, kind string) error {
	if err := update(tx, i); err != nil {
		return err
	}
	return job.Enqueue(tx, kind, task{i.ID}, job.Options{UniqueKey: kind + "/" + i.ID.String()})
}

// Held tells which of the hashes are of sheets that are kept; a sweep of the
// store asks it with a bounded list.
func Held(tx *db.Tx, hashes []string) (map[string]bool, error) { return held(tx, hashes) }

// Sweep removes sheets that nobody applied in time, and forgets how to take back
// imports that are old; a scheduled job calls it.
func Sweep(tx *db.Tx) error { return sweep(tx) }
