package access

import (
	"maps"
	"slices"
)

// Role is what a person holds at a unit (rules 2.1).
type Role string

const (
	Secretary       Role = "secretary"        // bí thư
	Deputy          Role = "deputy"           // phó bí thư
	CommitteeMember Role = "committee_member" // chi ủy viên, cấp ủy viên
	GroupLeader     Role = "group_leader"     // tổ trưởng tổ đảng
	MinuteTaker     Role = "minute_taker"     // thư ký của một cuộc họp
	Member          Role = "member"           // đảng viên của chi bộ
	Office          Role = "office"           // văn phòng, ban xây dựng đảng
	Attendee        Role = "attendee"         // cấp ủy viên cấp trên được phân công dự
	Inspector       Role = "inspector"        // ủy ban kiểm tra
	Administrator   Role = "administrator"    // quản trị hệ thống
)

// Roles lists every role in the order in which people list them.
var Roles = []Role{Secretary, Deputy, CommitteeMember, GroupLeader, MinuteTaker, Member, Office, Attendee, Inspector, Administrator}

// Reach is how far a role carries an action.
type Reach uint8

const (
	// Nowhere is the reach of what the matrix does not name.
	Nowhere Reach = iota
	// Here is the unit itself.
	Here
	// Below is the unit and all below it.
	Below
)

// Action is something that can be done, named noun.verb.
type Action string

const (
	UnitRead   Action = "unit.read"
	UnitManage Action = "unit.manage" // found, change, move, end
	PostManage Action = "post.manage" // appoint, end, party groups

	MemberRead   Action = "member.read"   // that they exist, name, state
	MemberFile   Action = "member.file"   // the whole record; reads are recorded
	MemberManage Action = "member.manage" // add, change, overlay, import
	MemberExport Action = "member.export"
	MemberMerge  Action = "member.merge"   // of two records that are of one person
	Invite       Action = "account.invite" // let a person sign in

	MeetingRead        Action = "meeting.read"
	MeetingPrepare     Action = "meeting.prepare" // plan, agenda, documents, announce
	MeetingRun         Action = "meeting.run"     // roll call, opinions, votes, minutes
	MeetingAttend      Action = "meeting.attend"  // check oneself in
	MeetingConclude    Action = "meeting.conclude"
	MeetingCriticism   Action = "meeting.criticism" // S-44; reads are recorded
	MeetingAcknowledge Action = "meeting.acknowledge"

	ResolutionRead  Action = "resolution.read"
	ResolutionWrite Action = "resolution.write"
	TaskRead        Action = "task.read"
	TaskAssign      Action = "task.assign"
	TaskAccept      Action = "task.accept" // judge a reported result

	ScoreRead    Action = "score.read"
	ScoreConfirm Action = "score.confirm"

	ReorganisationRead   Action = "reorganisation.read"
	ReorganisationDecide Action = "reorganisation.decide" // of the body that decides: draft, apply, take back

	OverviewRead      Action = "overview.read"
	ConsolidationPlan Action = "consolidation.plan" // of a weak cell (S-12)

	JournalRead  Action = "journal.read"
	JournalErase Action = "journal.erase" // what the law orders erased
	Settings     Action = "system.settings"
)

// Actions lists every action by name.
func Actions() []Action { return slices.Sorted(maps.Keys(matrix)) }

// seeing is the action by which one knows that the thing exists at all.
func (a Action) seeing() Action {
	switch a {
	case UnitManage, PostManage, OverviewRead, ConsolidationPlan, JournalRead, JournalErase:
		return UnitRead
	case MemberFile, MemberManage, MemberExport, MemberMerge, Invite:
		return MemberRead
	case MeetingPrepare, MeetingRun, MeetingAttend, MeetingConclude, MeetingCriticism, MeetingAcknowledge, ScoreConfirm:
		return MeetingRead
	case ResolutionWrite:
		return ResolutionRead
	case ReorganisationDecide:
		return ReorganisationRead
	case TaskAssign, TaskAccept:
		return TaskRead
	}
	return a
}

// reads reports whether the action changes nothing, so that a token for reading
// may do it. What is not named here changes something.
func (a Action) reads() bool {
	switch a {
	case UnitRead, MemberRead, MemberFile, MemberExport, MeetingRead, MeetingCriticism,
		ResolutionRead, TaskRead, ScoreRead, ReorganisationRead, OverviewRead, JournalRead:
		return true
	}
	return false
}

// matrix is the whole of who may do what. A committee above reads what its
// cells do and answers them; it does not write in their meetings. The
// administrator keeps the machine and the tree, and reads no member's file.
var matrix = map[Action]map[Role]Reach{
	UnitRead: {
		Secretary: Below, Deputy: Below, CommitteeMember: Below, GroupLeader: Here, Member: Here,
		Office: Below, Attendee: Here, Inspector: Below, Administrator: Below,
	},
	UnitManage: {Office: Below, Administrator: Below},
	PostManage: {Office: Below, Administrator: Below},

	MemberRead: {
		Secretary: Below, Deputy: Below, CommitteeMember: Below, GroupLeader: Here, Member: Here,
		Office: Below, Attendee: Here, Inspector: Below, MinuteTaker: Here,
	},
	MemberFile:   {Secretary: Below, Deputy: Below, Office: Below, Inspector: Below},
	MemberManage: {Secretary: Here, Deputy: Here, Office: Below},
	MemberExport: {Secretary: Here, Deputy: Here, Office: Below},
	MemberMerge:  {Office: Below}, // whoever has the office over both persons
	Invite:       {Secretary: Here, Deputy: Here, Office: Below, Administrator: Below},

	MeetingRead: {
		Secretary: Below, Deputy: Below, CommitteeMember: Below, GroupLeader: Here, MinuteTaker: Here, Member: Here,
		Office: Below, Attendee: Here, Inspector: Below,
	},
	MeetingPrepare:     {Secretary: Here, Deputy: Here, CommitteeMember: Here},
	MeetingRun:         {Secretary: Here, Deputy: Here, MinuteTaker: Here},
	MeetingAttend:      {Secretary: Here, Deputy: Here, CommitteeMember: Here, GroupLeader: Here, Member: Here, Attendee: Here},
	MeetingConclude:    {Secretary: Here, Deputy: Here},
	MeetingCriticism:   {Secretary: Here, Deputy: Here, CommitteeMember: Here, MinuteTaker: Here, Inspector: Below},
	MeetingAcknowledge: {Office: Below},

	ResolutionRead: {
		Secretary: Below, Deputy: Below, CommitteeMember: Below, GroupLeader: Here, MinuteTaker: Here, Member: Here,
		Office: Below, Attendee: Here, Inspector: Below,
	},
	ResolutionWrite: {Secretary: Here, Deputy: Here, CommitteeMember: Here, MinuteTaker: Here},
	TaskRead: {
		Secretary: Below, Deputy: Below, CommitteeMember: Below, GroupLeader: Here, MinuteTaker: Here, Member: Here,
		Office: Below, Attendee: Here, Inspector: Below,
	},
	TaskAssign: {Secretary: Here, Deputy: Here, CommitteeMember: Here},
	TaskAccept: {Secretary: Here, Deputy: Here},

	ScoreRead: {
		Secretary: Below, Deputy: Below, CommitteeMember: Below, Member: Here,
		Office: Below, Attendee: Here, Inspector: Below,
	},
	ScoreConfirm: {Secretary: Here, Deputy: Here},

	// A reorganisation is decided by the committee directly above those
	// concerned (rules 3.2 to 3.6): the right is asked for at that committee, and
	// package reorganisation holds every step to what lies below it. The office
	// enters what committees decided.
	ReorganisationRead:   {Secretary: Below, Deputy: Below, CommitteeMember: Below, Office: Below, Inspector: Below},
	ReorganisationDecide: {Secretary: Here, Deputy: Here, Office: Below},

	OverviewRead:      {Secretary: Below, Deputy: Below, CommitteeMember: Below, Office: Below, Inspector: Below},
	ConsolidationPlan: {Secretary: Below, Deputy: Below, Office: Below},
	JournalRead:       {Secretary: Here, Deputy: Here, Office: Below, Inspector: Below},
	JournalErase:      {Office: Below},
	Settings:          {Administrator: Below},
}
