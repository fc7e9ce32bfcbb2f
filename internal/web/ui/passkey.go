package ui

import "github.com/a-h/templ"

// PasskeyForm asks the device for a passkey and sends what it signed. It stays
// hidden where there is no script or the device has no passkeys. The page loads
// "passkey.js".
type PasskeyForm struct {
	// Create makes a new passkey; otherwise one that is there signs.
	Create bool
	Action string
	// Options and Sealed are the challenge.
	Options, Sealed string
	Hidden          []Hidden
	// Own has the form say when the passkey is the device's own, so that the
	// device belongs to the person.
	Own    bool
	Text   string
	Kind   ButtonKind
	Failed string // what is shown when the device gave none
	// Fields stand above the button.
	Fields []templ.Component
}

func (f PasskeyForm) ceremony() string {
	if f.Create {
		return "create"
	}
	return "get"
}
