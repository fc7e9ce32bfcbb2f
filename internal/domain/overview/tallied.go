package overview

import (
	"chibo/internal/domain/consolidation"
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/resolution"
	"chibo/internal/domain/score"
	"chibo/internal/domain/task"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/tally"
)

// Tallied is everything that is counted, by the nouns that count it.
var Tallied = []tally.Source{
	unit.Tallied, member.Tallied, meeting.Tallied, task.Tallied, resolution.Tallied, score.Tallied, consolidation.Tallied,
}
