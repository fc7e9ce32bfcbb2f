// Package errs is the closed list of ways in which chibo can fail.
//
// It knows kinds and message keys, not languages: the text a person reads is
// looked up by key where the answer is written. Code branches on the kind,
// never on a text. An error that carries no kind is Internal and its text
// stays inside the program.
package errs

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Kind says what sort of failure an error is.
type Kind uint8

const (
	// Internal is everything that nobody classified.
	Internal Kind = iota
	// Invalid is input that breaks a rule; Fields says which.
	Invalid
	// Unauthenticated asks for a sign-in first.
	Unauthenticated
	// Denied is refused to an actor who may see the thing.
	Denied
	// NotFound is absent, or hidden from the actor.
	NotFound
	// Conflict is a stale version, or a step that the present state forbids.
	Conflict
	// TooMany is over a rate limit.
	TooMany
	// TooLarge is over a size limit.
	TooLarge
	// Unavailable is a full disk, a read-only folder, a database that is away.
	Unavailable
)

var names = [...]string{"internal", "invalid", "unauthenticated", "denied", "not-found", "conflict", "too-many", "too-large", "unavailable"}

func (k Kind) String() string {
	if int(k) < len(names) {
		return names[k]
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// Message is a text to be looked up in a catalogue: its key and what fills it.
type Message struct {
	Key  string
	Args []any
}

func (m Message) String() string {
	// Sprintln, unlike Sprint, puts a space between texts too.
	return strings.TrimSuffix(fmt.Sprintln(append([]any{m.Key}, m.Args...)...), "\n")
}

// Error is a failure with a kind.
type Error struct {
	Kind    Kind
	Message Message
	// Fields holds, for Invalid, the message of each wrong field by its name.
	Fields map[string]Message
	// Cause is what went wrong underneath; it is logged, never shown.
	Cause error
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Kind.String())
	if e.Message.Key != "" {
		fmt.Fprintf(&b, ": %s", e.Message)
	}
	for _, name := range e.FieldNames() {
		fmt.Fprintf(&b, "; %s: %s", name, e.Fields[name])
	}
	if e.Cause != nil {
		fmt.Fprintf(&b, ": %v", e.Cause)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Cause }

// FieldNames lists the wrong fields in a fixed order.
func (e *Error) FieldNames() []string {
	return slices.Sorted(maps.Keys(e.Fields))
}

// New makes an error of a kind with the message of a key.
func New(kind Kind, key string, args ...any) error {
	return &Error{Kind: kind, Message: Message{key, args}}
}

// Wrap gives cause a kind and a message; nil stays nil.
func Wrap(cause error, kind Kind, key string, args ...any) error {
	if cause == nil {
		return nil
	}
	return &Error{Kind: kind, Message: Message{key, args}, Cause: cause}
}

// Field says that one field is wrong.
func Field(name, key string, args ...any) error {
	var f Fields
	f.Add(name, key, args...)
	return f.Err()
}

// Fields gathers wrong fields, so that a person reads all of them at once.
// The zero value is ready to use.
type Fields struct{ wrong map[string]Message }

// Add notes that the field is wrong; the first message of a field stays.
func (f *Fields) Add(name, key string, args ...any) {
	if f.wrong == nil {
		f.wrong = map[string]Message{}
	}
	if _, ok := f.wrong[name]; !ok {
		f.wrong[name] = Message{key, args}
	}
}

// Check notes the field as wrong unless ok.
func (f *Fields) Check(ok bool, name, key string, args ...any) {
	if !ok {
		f.Add(name, key, args...)
	}
}

// Err is nil when every field was right.
func (f *Fields) Err() error {
	if len(f.wrong) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Message: Message{Key: "errs.invalid"}, Fields: maps.Clone(f.wrong)}
}

// As finds the classified error in err's chain.
func As(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

// KindOf is the kind of err, Internal where none was given.
func KindOf(err error) Kind {
	if e, ok := As(err); ok {
		return e.Kind
	}
	return Internal
}

// Is reports whether err is a failure of the kind. No error is of no kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }
