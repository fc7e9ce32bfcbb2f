package task

import "chibo/internal/platform/id"

// GroupID names a party group.
type GroupID = id.Of[struct{}]

// MeetingID names a meeting.
type MeetingID = id.Of[int]
