package rulepack

import "github.com/goccy/go-yaml/ast"

// body is the content of a pack; check tells what is wrong with its meaning.
type body interface{ check(*problems) }

// scene is a case of a pack: facts, and what the pack must make of them.
type scene interface {
	run(*Set, *Pack) error
}

// kind knows how to read the packs of a kind and their cases.
type kind struct {
	decode func(ast.Node) (body, error)
	scene  func(ast.Node) (scene, error)
}

// kinds lists every kind of pack: a new one is a type with its check, a type
// of case with its run, and a line here.
var kinds = map[string]kind{
	"params":     kindOf[Params, paramCase](),
	"rhythm":     kindOf[Rhythm, rhythmCase](),
	"checklist":  kindOf[Checklist, checklistCase](),
	"agenda":     kindOf[Agenda, agendaCase](),
	"scoresheet": kindOf[ScoreSheet, scoreCase](),
	"topics":     kindOf[Topics, topicCase](),
	"votes":      kindOf[Votes, voteCase](),
	"format":     kindOf[Format, formatCase](),
	"holidays":   kindOf[Holidays, holidayCase](),
	"states":     kindOf[States, stateCase](),
}

func kindOf[B body, C scene]() kind {
	return kind{
		decode: func(node ast.Node) (body, error) { return read[B](node) },
		scene:  func(node ast.Node) (scene, error) { return read[C](node) },
	}
}

func read[T any](node ast.Node) (T, error) {
	var out T
	err := decodeStrict(node, &out)
	return out, err
}
