package task

import "chibo/internal/kernel/holding"

// stillOpen is the condition that a task is not over.
const stillOpen = `state IN ('proposed', 'assigned', 'adjusted', 'accepted', 'in_progress', 'handed_over', 'reported')`

// Held are the tasks that go with a person whose record is merged. What is over
// keeps the name of whoever did it.
var Held = []holding.Kind{
	{
		What: "task", Table: "task", Person: "person_id", Row: "id", Where: stillOpen, Versioned: true,
		Unit: "unit_id", Label: "title", Noun: Noun, Of: "id",
	},
	{
		What: "task_offered", Table: "task", Person: "handed_to_id", Row: "id", Where: stillOpen, Versioned: true,
		Unit: "unit_id", Label: "title", Noun: Noun, Of: "id",
	},
}
