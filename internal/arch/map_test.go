package arch

// layers, from the ground up. A package imports its own layer or those before
// it, never those behind.
var layers = []layer{
	{"platform", []string{"internal/platform"}},
	{"data", []string{"rulepacks", "locales"}},
	{"schema", []string{"internal/schema"}},
	{"kernel", []string{"internal/kernel"}},
	{"domain", []string{"internal/domain"}},
	{"document, demo", []string{"internal/document", "internal/demo", "internal/backup"}},
	{"web, api, offline", []string{"internal/web", "internal/api", "internal/offline"}},
	{"app", []string{"internal/app"}},
	{"bench", []string{"internal/bench"}},
	{"cli", []string{"internal/cli"}},
	{"cmd", []string{"cmd"}},
}

// order is the list of neighbours inside a folder: each may import those before
// it. A package that is not listed has no place yet.
var order = map[string][]string{
	"internal/platform": {
		"errs", "text", "id", "clock", "limit", "origin", "spool", "db", "job", "blob", "seal", "outward", "mail", "push", "ical", "i18n", "xlsx", "chart", "oldfont",
		"paper", "paperhtml", "docx", "pdf",
	},
	"internal/kernel": {"orgtree", "holding", "access", "journal", "rulepack", "tally", "search", "attachment", "ballot"},
	"internal/domain": {
		"unit", "hook", "likeness", "member", "intake", "notice", "token", "account", "delivery", "founding", "meeting", "numbering", "task", "resolution", "score", "minutes", "reorganisation", "consolidation", "duplicate", "overview", "upkeep",
	},
	"internal/web": {"static", "ui", "guide", "page", "course", featurePages, ""}, // "" is the folder itself
}

// featurePages stands for every other package of a folder: they import those
// before it, and not each other.
const featurePages = "*"

// impure is what a rule of the business has no need of: it can be tested
// without a network, a disk or a log.
var impure = []string{"net/http", "html/template", "database/sql", "os", "log/slog"}

var pure = []string{"internal/kernel", "internal/domain"}

// owners says which package alone names a table in its SQL. "meeting_" stands
// for every table whose name begins so.
var owners = map[string]string{
	"unit": "internal/kernel/orgtree", "unit_parent": "internal/kernel/orgtree", "unit_former": "internal/kernel/orgtree",
	"role_grant": "internal/kernel/access",
	"journal":    "internal/kernel/journal", "journal_": "internal/kernel/journal",
	"attachment": "internal/kernel/attachment",
	"tally":      "internal/kernel/tally", "tally_": "internal/kernel/tally",
	"job":  "internal/platform/job",
	"post": "internal/domain/unit", "party_group": "internal/domain/unit", "committee_term": "internal/domain/unit",
	"person": "internal/domain/member", "person_": "internal/domain/member",
	"intake": "internal/domain/intake", "intake_": "internal/domain/intake",
	"notice":   "internal/domain/notice",
	"delivery": "internal/domain/delivery", "delivery_": "internal/domain/delivery",
	"api_token": "internal/domain/token",
	"account":   "internal/domain/account", "account_": "internal/domain/account",
	"meeting": "internal/domain/meeting", "meeting_": "internal/domain/meeting",
	"number_": "internal/domain/numbering",
	"task":    "internal/domain/task", "task_": "internal/domain/task",
	"resolution": "internal/domain/resolution", "resolution_": "internal/domain/resolution",
	"score": "internal/domain/score", "score_": "internal/domain/score",
	"minutes": "internal/domain/minutes", "minutes_": "internal/domain/minutes",
	"consolidation": "internal/domain/consolidation",
	"watch":         "internal/domain/overview", "watch_": "internal/domain/overview",
	"reorganisation": "internal/domain/reorganisation", "reorganisation_": "internal/domain/reorganisation",
	"duplicate_": "internal/domain/duplicate",
	"hook":       "internal/domain/hook", "api_reply": "internal/api",
	"sent_form":  "internal/web/page",
	"backup_run": "internal/backup",
}

// readers may name tables of others, to read them.
var readers = map[string][]string{
	"internal/kernel/access":         {"unit"},                // a grant is read with the path of its unit
	"internal/kernel/tally":          {"unit"},                // figures of units that are no more are found by what is not there
	"internal/domain/delivery":       {"notice"},              // a letter is read with what it tells, and when that was seen
	"internal/domain/meeting":        {"unit"},                // a roll-call entry is found with its unit in one question
	"internal/domain/member":         {"unit", "party_group"}, // lists of thousands carry each member's unit, exports the group too
	"internal/domain/overview":       {anyTable},
	"internal/domain/reorganisation": {anyTable}, // a dry run tells what a plan comes to in every table
	"internal/domain/duplicate":      {anyTable}, // a dry run tells what a merge comes to in every table
	"internal/domain/intake":         {anyTable}, // what depends on an imported record may stand in any table
	"internal/document":              {anyTable},
	"internal/bench":                 {anyTable}, // what was left behind may lie in any table
}

const anyTable = "*"

// withoutActor lists the exported functions of the domain that take a
// transaction and no actor, with the reason.
var withoutActor = []exception{
	{"reads, for callers that have checked the right to the unit or the record", true, []string{
		"member.Roster", "member.Names", "member.RecognitionDay", "member.Strength", "member.HolderOfCard", "member.CardEnds", "account.CanSignIn",
		"unit.Warnings", "unit.PostsOfPerson", "unit.PostsAt", "unit.FindGroup", "unit.GroupsAt", "unit.TermOn",
		"unit.Words", "founding.Empty", "member.AdultAge", "task.Lines", "task.Completion", "task.GivenAt", "delivery.RulesOf", "delivery.Reach", "intake.Progress",
	}},
	{"nobody has signed in yet: the proof in hand is the right", false, []string{
		"token.Authenticate", "account.Recognise", "account.Begin", "account.SignIn", "account.Resume", "account.Entering", "account.EndToken", "account.Fresh", "account.Vouch",
		"account.OnDevice", "account.BeginPIN", "account.ChallengeToEnter", "account.BeginPasskey", "account.Invited", "account.Accept", "delivery.Subscriber", "founding.Right", "meeting.Prove",
	}},
	{"a scheduled job removes what has expired", false, []string{"account.Sweep", "intake.Sweep", "intake.Held", "notice.Sweep", "delivery.Sweep", "token.Sweep"}},
	{"a step inside the verb of a later package, which names the actor", false, []string{"numbering.Take", "token.Void"}},
}

// nameless are package names that say nothing about what is inside.
var nameless = []string{"util", "utils", "common", "helper", "helpers", "core", "models", "types", "service", "services", "manager", "misc", "lib", "base"}
