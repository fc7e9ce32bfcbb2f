package ui

import (
	"strings"

	"github.com/a-h/templ"
)

// Breadcrumb leads from the first page to the one above.
type Breadcrumb struct{ Links []Link }

// Chip is a short word on a coloured ground.
type Chip struct {
	Text string
	Tone Tone
}

// Badge is a number of things waiting; 0 draws nothing.
type Badge struct {
	Count int
	// Label says for screen readers what is counted; without it "việc chờ".
	Label string
}

// NextAction is the card of the one thing to do first.
type NextAction struct {
	Chip  Chip
	Title string
	Text  string
	// Action is a link; Post, if set, is drawn instead and changes something.
	Action Link
	Post   *PostButton
}

// Notice is a paragraph that stands out.
type Notice struct {
	Tone  Tone
	Title string
	Text  string
	// Action is a way out, or the zero Link.
	Action Link
}

// ItemList is a list of things to look at, each with a line and a chip.
type ItemList struct{ Items []Item }

// Item is one entry of an ItemList. With an Href the whole entry leads there.
type Item struct {
	Title string
	Note  string
	Href  string
	Chip  Chip
	// Side is shown at the right instead of a chip, for example "3 / 4".
	Side string
	// Chips stand under the note: where the figure comes from, who changed it.
	Chips []Chip
}

// EmptyState stands where a list has nothing: why, and what to do next.
type EmptyState struct {
	Title  string
	Text   string
	Action Link
}

// DefinitionList is a list of terms with what they are.
type DefinitionList struct{ Items []Definition }

// Definition is a term with its text, or with Content for more than text. An
// empty text shows as a dash.
type Definition struct {
	Term    string
	Text    string
	Content templ.Component
}

// Timeline is a line of life: events in the order given.
type Timeline struct{ Events []Event }

// Event is one point of a Timeline.
type Event struct {
	When  string
	Title string
	Text  string
	Href  string
	Tone  Tone
	// Future draws a hollow point: it is due, not done.
	Future bool
}

// Stepper shows the steps of a meeting or a procedure and where it stands.
type Stepper struct {
	// Label says for screen readers what has these steps.
	Label string
	Steps []Step
}

// Step is one step; with an Href it can be opened.
type Step struct {
	Title string
	Note  string
	Href  string
	State StepState
}

// StepState says how far a step is.
type StepState string

const (
	StepTodo    StepState = "todo"
	StepCurrent StepState = "current"
	StepDone    StepState = "done"
)

// current counts the steps up to the one under way, for "bước 2 trong 5".
func (s Stepper) current() (number int, step Step) {
	for i, step := range s.Steps {
		if step.State == StepCurrent {
			return i + 1, step
		}
	}
	return 0, Step{}
}

// Tabs are the views of one thing, each with its own address.
type Tabs struct {
	Label string
	Items []Tab
}

// Tab is one view.
type Tab struct {
	Text    string
	Href    string
	Current bool
	Count   int
}

// Pager leads through a long list. An empty address draws no link.
type Pager struct {
	Previous string
	Next     string
	// Note says what is shown, for example "1–50 trong 327 đảng viên".
	Note string
}

// part is a stretch of a sentence.
type part struct {
	text string
	bold bool
}

// marked cuts a sentence at its **marks**.
func marked(sentence string) (list []part) {
	for i, text := range strings.Split(sentence, "**") {
		if text != "" {
			list = append(list, part{text, i%2 == 1})
		}
	}
	return list
}
