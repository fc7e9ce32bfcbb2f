package api

import "chibo/internal/kernel/access"

// right is what an operation asks of whoever calls it. The verb itself asks;
// this says so in the document, and the contract test holds the two together.
type right struct {
	// Action is the row of the matrix; none is needed where it is empty.
	Action access.Action `json:"action,omitempty"`
	// Or are actions that do as well.
	Or []access.Action `json:"or,omitempty"`
	// On is the parameter or field that names what is acted on; "" cuts a list
	// by where the action is allowed.
	On string `json:"on,omitempty"`
	// Own is how somebody without the action is concerned enough to act: as
	// whoever has the task, as the person of the file.
	Own string `json:"own,omitempty"`
	// And is what somebody with the action must be besides.
	And string `json:"and,omitempty"`
	// InPerson refuses tokens: it is for who is signed in.
	InPerson bool `json:"in_person,omitempty"`
	// Seen are the actions of those who know of the thing at all; none asks
	// what goes with the action.
	Seen []access.Action `json:"seen,omitempty"`
}

// may asks for the action at what the parameter names.
func may(act access.Action, on string) right { return right{Action: act, On: on} }

// within cuts a list by where the action is allowed.
func within(act access.Action) right { return right{Action: act} }

// anyone asks for nothing but a person: what is shown and changed is theirs.
func anyone() right { return right{Own: "self"} }

// or lets another action do as well.
func (r right) or(acts ...access.Action) right {
	r.Or = acts
	return r
}

// orOwn lets those act who are concerned themselves.
func (r right) orOwn(how string) right {
	r.Own = how
	return r
}

// seenBy says that only those who may one of the actions know of the thing
// yet: for others it is not found.
func (r right) seenBy(acts ...access.Action) right {
	r.Seen = acts
	return r
}

// and asks for more than the action.
func (r right) and(how string) right {
	r.And = how
	return r
}

// inPerson refuses tokens, which could otherwise outlive their day by it.
func (r right) inPerson() right {
	r.InPerson = true
	return r
}
