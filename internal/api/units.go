package api

import (
	"chibo/internal/domain/member"
	"chibo/internal/domain/reorganisation"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
)

type (
	// OfPost and OfGroup name the record in the address.
	OfPost struct {
		Post pathID[unit.Post] `path:"post"`
	}
	OfGroup struct {
		Group pathID[unit.Group] `path:"group"`
	}
	// OnDay looks at another day than today.
	OnDay struct {
		Day clock.Date `query:"day" doc:"Today where it is absent."`
	}
)

func (d OnDay) or(c call) clock.Date {
	if d.Day.IsZero() {
		return clock.DateOf(c.tx.Now)
	}
	return d.Day
}

// unitOperations are the tree, its posts and party groups.
func unitOperations() []operation {
	return []operation{
		read("GET /units/{unit}", "unit.Find", may(access.UnitRead, "unit"), func(c call, in *OfUnit) (Unit, error) {
			return as(newUnit)(unit.Find(c.tx, c.by, in.Unit.ID))
		}),
		read("GET /units/{unit}/above", "unit.Above", may(access.UnitRead, "unit"), func(c call, in *OfUnit) (list[Unit], error) {
			return each(newUnit)(unit.Above(c.tx, c.by, in.Unit.ID))
		}),
		read("GET /units/{unit}/children", "unit.Children", may(access.UnitRead, "unit"), func(c call, in *OfUnit) (list[Unit], error) {
			return each(newUnit)(unit.Children(c.tx, c.by, in.Unit.ID))
		}),
		read("GET /units/{unit}/tree", "unit.Tree", may(access.UnitRead, "unit"), func(c call, in *struct {
			OfUnit
			OnDay
		},
		) (Branch, error) {
			return as(newBranch)(unit.Tree(c.tx, c.by, in.Unit.ID, in.or(c)))
		}),
		read("GET /units/{unit}/past", "unit.Past", may(access.UnitRead, "unit"), func(c call, in *OfUnit) (list[Parenthood], error) {
			return each(func(p orgtree.Parenthood) Parenthood { return Parenthood(p) })(unit.Past(c.tx, c.by, in.Unit.ID))
		}),
		read("GET /units/{unit}/vacancies", "unit.Vacancies", may(access.UnitRead, "unit"), vacancies),
		create("POST /units", "unit.Found", may(access.UnitManage, "body.parent"), func(c call, in *struct{ Body NewUnit }) (Unit, error) {
			return as(newUnit)(unit.Found(c.tx, c.by, unit.New{Parent: in.Body.Parent, Fields: unit.Fields(in.Body.UnitFields), Founded: in.Body.Founded, Decision: in.Body.Decision}))
		}),
		change("PUT /units/{unit}", "unit.Change", may(access.UnitManage, "unit"), func(c call, in *struct {
			OfUnit
			Body UnitFields
		},
		) (nothing, error) {
			return done(unit.Change(c.tx, c.by, in.Unit.ID, c.version, unit.Fields(in.Body)))
		}),
		change("POST /units/{unit}/end", "reorganisation.End", may(access.UnitManage, "unit").and("at its parent too"), func(c call, in *struct {
			OfUnit
			Body Ending
		},
		) (nothing, error) {
			return done(reorganisation.End(c.tx, c.by, in.Unit.ID, c.version, in.Body.Day, in.Body.Decision))
		}),
		change("POST /units/{unit}/move", "unit.MoveTo", may(access.UnitManage, "unit").and("at both parents too"), func(c call, in *struct {
			OfUnit
			Body UnitMove
		},
		) (nothing, error) {
			return done(unit.MoveTo(c.tx, c.by, in.Unit.ID, c.version, unit.Move(in.Body)))
		}),
		change("POST /units/{unit}/undo-move", "unit.UndoMove", may(access.UnitManage, "unit").and("at both parents too"), func(c call, in *OfUnit) (nothing, error) {
			return done(unit.UndoMove(c.tx, c.by, in.Unit.ID, c.version))
		}),
		write("POST /units/{unit}/terms", "unit.BeginTerm", may(access.PostManage, "unit"), func(c call, in *struct {
			OfUnit
			Body Term
		},
		) (nothing, error) {
			return done(unit.BeginTerm(c.tx, c.by, in.Unit.ID, unit.Term(in.Body)))
		}),

		read("GET /units/{unit}/posts", "unit.Posts", may(access.UnitRead, "unit"), func(c call, in *struct {
			OfUnit
			OnDay
		},
		) (list[Post], error) {
			return each(newPost)(unit.Posts(c.tx, c.by, in.Unit.ID, in.or(c)))
		}),
		create("POST /units/{unit}/posts", "unit.Appoint", may(access.PostManage, "unit"), func(c call, in *struct {
			OfUnit
			Body Appointment
		},
		) (Post, error) {
			return as(newPost)(unit.Appoint(c.tx, c.by, in.Unit.ID, unit.Appointment(in.Body)))
		}),
		change("POST /posts/{post}/report", "unit.Report", may(access.PostManage, "post"), func(c call, in *OfPost) (nothing, error) {
			return done(unit.Report(c.tx, c.by, in.Post.ID, c.version))
		}),
		change("POST /posts/{post}/approve", "unit.Approve", may(access.PostManage, "post"), func(c call, in *struct {
			OfPost
			Body Ending
		},
		) (nothing, error) {
			return done(unit.Approve(c.tx, c.by, in.Post.ID, c.version, in.Body.Day, in.Body.Decision))
		}),
		change("POST /posts/{post}/refuse", "unit.Refuse", may(access.PostManage, "post"), func(c call, in *struct {
			OfPost
			Body Refusal
		},
		) (nothing, error) {
			return done(unit.Refuse(c.tx, c.by, in.Post.ID, c.version, in.Body.Day, in.Body.Decision, in.Body.Reason))
		}),
		change("POST /posts/{post}/end", "unit.EndPost", may(access.PostManage, "post"), func(c call, in *struct {
			OfPost
			Body Ended
		},
		) (nothing, error) {
			return done(unit.EndPost(c.tx, c.by, in.Post.ID, c.version, in.Body.Day, in.Body.Reason))
		}),
		read("GET /members/{person}/posts", "unit.PostsOf", within(access.UnitRead), func(c call, in *OfPerson) (list[Post], error) {
			return each(newPost)(unit.PostsOf(c.tx, c.by, in.Person.ID))
		}),

		read("GET /units/{unit}/groups", "unit.Groups", may(access.UnitRead, "unit"), func(c call, in *OfUnit) (list[Group], error) {
			return each(newGroup)(unit.Groups(c.tx, c.by, in.Unit.ID))
		}),
		create("POST /units/{unit}/groups", "unit.FoundGroup", may(access.PostManage, "unit"), func(c call, in *struct {
			OfUnit
			Body NewGroup
		},
		) (Group, error) {
			return as(newGroup)(unit.FoundGroup(c.tx, c.by, in.Unit.ID, unit.NewGroup(in.Body)))
		}),
		change("PUT /groups/{group}", "unit.ChangeGroup", may(access.PostManage, "group"), func(c call, in *struct {
			OfGroup
			Body GroupChange
		},
		) (nothing, error) {
			return done(unit.ChangeGroup(c.tx, c.by, in.Group.ID, c.version, in.Body.Name, in.Body.Leader))
		}),
		change("POST /groups/{group}/end", "unit.EndGroup", may(access.PostManage, "group"), func(c call, in *struct {
			OfGroup
			Body Day
		},
		) (nothing, error) {
			return done(unit.EndGroup(c.tx, c.by, in.Group.ID, c.version, in.Body.Day))
		}),
	}
}

// vacancies counts the members first, on which it depends which posts there
// should be.
func vacancies(c call, in *OfUnit) (list[Vacancy], error) {
	u, err := unit.Find(c.tx, c.by, in.Unit.ID)
	if err != nil {
		return list[Vacancy]{}, err
	}
	strength, err := member.Strength(c.tx, u)
	if err != nil {
		return list[Vacancy]{}, err
	}
	return each(func(v unit.Vacancy) Vacancy { return Vacancy(v) })(unit.Vacancies(c.tx, c.by, u.ID, strength))
}

// Unit is an organisation of the Party.
type Unit struct {
	ID     orgtree.ID `json:"id"`
	Parent orgtree.ID `json:"parent,omitzero"`
	UnitFields
	Founded clock.Date `json:"founded"`
	Ended   clock.Date `json:"ended,omitzero"`
	Version int64      `json:"version"`
}

// UnitFields are what is said of a unit.
type UnitFields struct {
	Code     string   `json:"code"`
	Name     string   `json:"name"`
	Kind     string   `json:"kind"`
	Level    string   `json:"level,omitempty"`
	CellType string   `json:"cell_type,omitempty"`
	Block    string   `json:"block,omitempty"`
	Areas    []string `json:"areas,omitempty"`
	Place    string   `json:"place,omitempty" doc:"The code of the province or commune on the map."`
	Address  string   `json:"address,omitempty"`
}

func newUnit(u orgtree.Unit) Unit {
	return Unit{
		ID: u.ID, Parent: u.Parent, UnitFields: UnitFields{
			Code: u.Code, Name: u.Name, Kind: u.Kind, Level: u.Level, CellType: u.CellType, Block: u.Block,
			Areas: u.Areas, Place: u.Place, Address: u.Address,
		}, Founded: u.Founded, Ended: u.Ended, Version: u.Version,
	}
}

// Branch is a unit with what lies below it. More says that there is something
// which was left out: its own tree has it.
type Branch struct {
	Unit     Unit     `json:"unit"`
	Children []Branch `json:"children,omitempty"`
	More     bool     `json:"more,omitempty"`
}

func newBranch(n orgtree.Node) Branch {
	return Branch{newUnit(n.Unit), all(newBranch, n.Children), n.More}
}

// Parenthood is where a unit lay for a time.
type Parenthood struct {
	Parent   orgtree.ID `json:"parent,omitzero"`
	From     clock.Date `json:"from"`
	To       clock.Date `json:"to,omitzero"`
	Decision string     `json:"decision,omitempty"`
}

// Vacancy is an expected post that nobody holds.
type Vacancy struct {
	Kind  string     `json:"kind"`
	Since clock.Date `json:"since,omitzero"`
}

// NewUnit is a unit to be founded.
type NewUnit struct {
	Parent orgtree.ID `json:"parent"`
	UnitFields
	Founded  clock.Date `json:"founded"`
	Decision string     `json:"decision,omitempty"`
}

// Ending is a day and the decision of it.
type Ending struct {
	Day      clock.Date `json:"day"`
	Decision string     `json:"decision,omitempty"`
}

// Refusal is a decision against somebody, and why.
type Refusal struct {
	Day      clock.Date `json:"day"`
	Decision string     `json:"decision,omitempty"`
	Reason   string     `json:"reason,omitempty"`
}

// Ended is when something ended, and why.
type Ended struct {
	Day    clock.Date `json:"day"`
	Reason string     `json:"reason,omitempty"`
}

// UnitMove hangs a unit elsewhere.
type UnitMove struct {
	To       orgtree.ID `json:"to"`
	Day      clock.Date `json:"day"`
	Decision string     `json:"decision,omitempty"`
}

// Term is a term of a committee.
type Term struct {
	From     clock.Date `json:"from"`
	To       clock.Date `json:"to,omitzero"`
	Name     string     `json:"name,omitempty"`
	Decision string     `json:"decision,omitempty"`
}

// Post is a post that a person holds or held.
type Post struct {
	ID       unit.PostID     `json:"id"`
	Unit     orgtree.ID      `json:"unit"`
	Person   access.PersonID `json:"person"`
	Kind     string          `json:"kind"`
	State    unit.PostState  `json:"state"`
	From     clock.Date      `json:"from"`
	To       clock.Date      `json:"to,omitzero"`
	Term     string          `json:"term,omitempty"`
	Decision string          `json:"decision,omitempty"`
	Decided  clock.Date      `json:"decided,omitzero"`
	Reason   string          `json:"reason,omitempty"`
	Version  int64           `json:"version"`
}

func newPost(p unit.Post) Post { return Post(p) }

// Appointment puts a person into a post.
type Appointment struct {
	Person   access.PersonID `json:"person"`
	Kind     string          `json:"kind"`
	Elected  bool            `json:"elected,omitzero" doc:"Elected here, to be approved above; appointed from above where it is absent."`
	From     clock.Date      `json:"from"`
	Term     string          `json:"term,omitempty"`
	Decision string          `json:"decision,omitempty"`
}

// Group is a party group of a cell.
type Group struct {
	ID       unit.GroupID    `json:"id"`
	Unit     orgtree.ID      `json:"unit"`
	Name     string          `json:"name"`
	Leader   access.PersonID `json:"leader,omitzero"`
	Founded  clock.Date      `json:"founded"`
	Ended    clock.Date      `json:"ended,omitzero"`
	Decision string          `json:"decision,omitempty"`
	Version  int64           `json:"version"`
}

func newGroup(g unit.Group) Group { return Group(g) }

// NewGroup is a party group to be founded.
type NewGroup struct {
	Name     string          `json:"name"`
	Leader   access.PersonID `json:"leader,omitzero"`
	Founded  clock.Date      `json:"founded"`
	Decision string          `json:"decision,omitempty"`
}

// GroupChange names a group anew and gives it a leader.
type GroupChange struct {
	Name   string          `json:"name"`
	Leader access.PersonID `json:"leader,omitzero"`
}
