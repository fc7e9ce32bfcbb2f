package rulepack

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/expr-lang/expr"
	exprast "github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"
	"github.com/goccy/go-yaml/ast"
)

// MeetingFacts is everything a condition of a score sheet may ask about one
// meeting. Counts are whole numbers: a share is compared by multiplying
// (100*present >= 90*entitled), never by dividing.
type MeetingFacts struct {
	// Minutes is the length of the meeting, Required what it should be;
	// Propose fills Required from the sheet.
	Minutes  int `expr:"minutes" yaml:"minutes"`
	Required int `expr:"required_minutes" yaml:"required_minutes"`
	// Members is the strength of the cell, official and probationary.
	Members int `expr:"members" yaml:"members"`
	// Combined is regular and thematic in one sitting; ThematicMonth says
	// that the month has a thematic meeting, ThematicHeld that it was held.
	Combined      bool `expr:"combined" yaml:"combined"`
	ThematicMonth bool `expr:"thematic_month" yaml:"thematic_month"`
	ThematicHeld  bool `expr:"thematic_held" yaml:"thematic_held"`

	// Entitled leaves out exempt members and members on special duty.
	Entitled         int `expr:"entitled" yaml:"entitled"`
	Present          int `expr:"present" yaml:"present"`
	AbsentWithReason int `expr:"absent_with_reason" yaml:"absent_with_reason"`
	AbsentNoReason   int `expr:"absent_no_reason" yaml:"absent_no_reason"`
	// LongestExcusedRun is the most meetings in a row, in this year, that
	// one member missed with reason.
	LongestExcusedRun int `expr:"longest_excused_run" yaml:"longest_excused_run"`
	// Speakers are members who spoke at least once.
	Speakers int `expr:"speakers" yaml:"speakers"`

	HasCommittee        bool `expr:"has_committee" yaml:"has_committee"`
	HasCommitteeMinutes bool `expr:"has_committee_minutes" yaml:"has_committee_minutes"`
	// ToNotify and Notified count members; the upper ones the committee
	// members above who follow the cell.
	ToNotify      int  `expr:"to_notify" yaml:"to_notify"`
	Notified      int  `expr:"notified" yaml:"notified"`
	UpperToNotify int  `expr:"upper_to_notify" yaml:"upper_to_notify"`
	UpperNotified int  `expr:"upper_notified" yaml:"upper_notified"`
	DocsPosted    bool `expr:"docs_posted" yaml:"docs_posted"`
	// DocsPostedHoursBefore is full hours from the last posting to the start.
	DocsPostedHoursBefore int `expr:"docs_posted_hours_before" yaml:"docs_posted_hours_before"`

	// StepsRequired and StepsDone count the steps of the checklist that
	// leave a record.
	StepsRequired int `expr:"steps_required" yaml:"steps_required"`
	StepsDone     int `expr:"steps_done" yaml:"steps_done"`
	// Remarks counts praise, reminders and criticism.
	Remarks         int `expr:"remarks" yaml:"remarks"`
	IdeologyMinutes int `expr:"ideology_minutes" yaml:"ideology_minutes"`
	// MinutesComplete: no required part of the minutes is empty.
	MinutesComplete   bool `expr:"minutes_complete" yaml:"minutes_complete"`
	MinutesAdopted    bool `expr:"minutes_adopted" yaml:"minutes_adopted"`
	ConclusionAdopted bool `expr:"conclusion_adopted" yaml:"conclusion_adopted"`
	// TasksAssigned are given at this meeting; TasksDue come from the last
	// resolution, TasksDone of them are done in time and accepted.
	TasksAssigned int `expr:"tasks_assigned" yaml:"tasks_assigned"`
	TasksDue      int `expr:"tasks_due" yaml:"tasks_due"`
	TasksDone     int `expr:"tasks_done" yaml:"tasks_done"`

	// Published with PublishedDaysAfter, or not yet after DaysSince days.
	Published          bool `expr:"published" yaml:"published"`
	PublishedDaysAfter int  `expr:"published_days_after" yaml:"published_days_after"`
	DaysSince          int  `expr:"days_since" yaml:"days_since"`
}

// Expr is a condition over MeetingFacts, compiled where it is read. The zero
// Expr is absent.
type Expr struct {
	source  string
	program *vm.Program
}

func (e Expr) String() string { return e.source }

// Absent reports that no condition was written.
func (e Expr) Absent() bool { return e.program == nil }

// UnmarshalYAML compiles the condition; a wrong name, a wrong type or a
// division is a fault at its line.
func (e *Expr) UnmarshalYAML(node ast.Node) error {
	if err := wants(node, "a condition", ast.StringType, ast.LiteralType); err != nil {
		return err
	}
	e.source = textOf(node)
	var whole integersOnly
	program, err := expr.Compile(e.source, expr.Env(MeetingFacts{}), expr.AsBool(), expr.DisableAllBuiltins(),
		expr.MaxNodes(200), expr.Optimize(false), expr.Patch(&whole))
	switch {
	case err != nil:
		return faultAt(node, "condition %q: %s", e.source, compileText(err))
	case whole.refused != "":
		return faultAt(node, "condition %q: %s is not exact; multiply instead", e.source, whole.refused)
	}
	e.program = program
	return nil
}

func compileText(err error) string {
	var known *file.Error
	if errors.As(err, &known) {
		return fmt.Sprintf("%s (at %d)", known.Message, known.Column+1)
	}
	return err.Error()
}

// integersOnly finds arithmetic that leaves the whole numbers.
type integersOnly struct{ refused string }

func (v *integersOnly) Visit(node *exprast.Node) {
	switch n := (*node).(type) {
	case *exprast.FloatNode:
		v.refused = "a fraction"
	case *exprast.BinaryNode:
		if n.Operator == "/" || n.Operator == "**" || n.Operator == "^" {
			v.refused = n.Operator
		}
	}
}

// Holds evaluates the condition; an absent one holds.
func (e Expr) Holds(f MeetingFacts) (bool, error) {
	if e.Absent() {
		return true, nil
	}
	out, err := expr.Run(e.program, f)
	if err != nil {
		return false, fmt.Errorf("condition %q: %w", e.source, err)
	}
	held, _ := out.(bool)
	return held, nil
}

// words are the facts as a reason may name them: counts by their names, and
// shares computed from them.
func (f MeetingFacts) words() map[string]string {
	words := map[string]string{
		"rate":            share(f.Present, f.Entitled),
		"speaker_rate":    share(f.Speakers, f.Present),
		"task_rate":       share(f.TasksDone, f.TasksDue),
		"missing_minutes": strconv.Itoa(max(0, f.Required-f.Minutes)),
	}
	value := reflect.ValueOf(f)
	for i := range value.NumField() {
		if value.Field(i).Kind() == reflect.Int {
			words[value.Type().Field(i).Tag.Get("expr")] = strconv.FormatInt(value.Field(i).Int(), 10)
		}
	}
	return words
}

// share writes a percentage with one decimal, cut and not rounded: 89.96 %
// must not read as the 90.0 % it does not reach.
func share(part, whole int) string {
	if whole <= 0 {
		return "0,0"
	}
	tenths := 1000 * part / whole
	return fmt.Sprintf("%d,%d", tenths/10, tenths%10)
}

// fill writes the words into the places of a template, "{present}".
func fill(template string, words map[string]string) string {
	for name, word := range words {
		template = strings.ReplaceAll(template, "{"+name+"}", word)
	}
	return template
}

// unknownPlace is the first place of a template that no fact fills.
func unknownPlace(template string) string {
	rest := fill(template, MeetingFacts{}.words())
	if open := strings.IndexByte(rest, '{'); open >= 0 {
		return rest[open:]
	}
	return ""
}
