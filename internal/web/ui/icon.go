package ui

// Icon names a drawing of 24 by 24 units, made of lines in the colour of the
// text beside it. An icon always stands beside words and is hidden from
// screen readers.
type Icon string

const (
	IconDesk     Icon = "desk"
	IconMeeting  Icon = "meeting"
	IconTask     Icon = "task"
	IconPeople   Icon = "people"
	IconPerson   Icon = "person"
	IconChart    Icon = "chart"
	IconMap      Icon = "map"
	IconSearch   Icon = "search"
	IconDocument Icon = "document"
	IconSettings Icon = "settings"
	IconBook     Icon = "book"
	IconShield   Icon = "shield"
	IconTalk     Icon = "talk"
	IconHeart    Icon = "heart"
	IconBallot   Icon = "ballot"
	IconMoney    Icon = "money"
	IconStar     Icon = "star"
	IconPrint    Icon = "print"
	IconMore     Icon = "more"
	IconFolder   Icon = "folder"
	IconTree     Icon = "tree"
	IconClock    Icon = "clock"
	IconBack     Icon = "back"
	IconBell     Icon = "bell"
	IconHelp     Icon = "help"
)

// outlines are the paths of the icons.
var outlines = map[Icon]string{
	IconDesk:     "M3 11 12 4l9 7M5.5 9.5V20h13V9.5M10 20v-6h4v6",
	IconMeeting:  "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4M8.5 15l2.5 2.5 4.5-4.5",
	IconTask:     "M4 6l1.5 1.5L8 5M4 12l1.5 1.5L8 11M4 18l1.5 1.5L8 17M11 6.5h9M11 12.5h9M11 18.5h9",
	IconPeople:   "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M2.5 20c0-4 2.5-6 6.5-6s6.5 2 6.5 6M15.5 4.5a3.5 3.5 0 0 1 0 6.2M18 14.5c2.3.8 3.5 2.6 3.5 5.5",
	IconPerson:   "M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4.5 20.5c0-4.5 3-6.5 7.5-6.5s7.5 2 7.5 6.5",
	IconChart:    "M4 4v16h16M8 16v-4M12.5 16V8M17 16v-6",
	IconMap:      "M9 5 3.5 7v13L9 18l6 2 5.5-2V5L15 7zM9 5v13M15 7v13",
	IconSearch:   "M11 17.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13M16 16l4.5 4.5",
	IconDocument: "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
	IconSettings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M9 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5",
	IconBook:     "M12 6.5C10 5 7 4.5 3.5 4.5V18c3.5 0 6.5.5 8.5 2 2-1.5 5-2 8.5-2V4.5C17 4.5 14 5 12 6.5M12 6.5V20",
	IconShield:   "M12 3l7.5 3v5.5c0 4.5-3 7.5-7.5 9.5-4.5-2-7.5-5-7.5-9.5V6zM8.5 12l2.5 2.5 4.5-4.5",
	IconTalk:     "M4 5h16v11h-9l-4.5 4v-4H4zM8 9.5h8M8 12.5h5",
	IconHeart:    "M12 20C6.5 16 3.5 12.5 3.5 9A4.5 4.5 0 0 1 12 7a4.5 4.5 0 0 1 8.5 2c0 3.5-3 7-8.5 11",
	IconBallot:   "M4 11v9h16v-9M2.5 11h4M17.5 11h4M7 14V4h10v10M9.5 8.5l2 2 3.5-3.5",
	IconMoney:    "M3 7h18v11H3zM12 15a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M6 10.5v.01M18 14.5v.01",
	IconStar:     "M12 3.5l2.6 5.5 6 .8-4.4 4.2 1.1 6-5.3-3-5.3 3 1.1-6L3.4 9.8l6-.8z",
	IconPrint:    "M7 8V3.5h10V8M7 17H3.5V8h17v9H17M7 14h10v6.5H7z",
	IconMore:     "M4 7h16M4 12h16M4 17h16",
	IconFolder:   "M3 6h6l2 2.5h10V19H3z",
	IconTree:     "M9 3.5h6v5H9zM3 15.5h6v5H3zM15 15.5h6v5h-6zM12 8.5V12M6 15.5V12h12v3.5",
	IconClock:    "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17M12 7.5V12l3 2.5",
	IconBell:     "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4",
	IconHelp:     "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17M9.5 9.8a2.6 2.6 0 1 1 3.8 2.3c-.9.5-1.3 1-1.3 2M12 16.8v.01",
	IconBack:     "M14.5 5.5 8 12l6.5 6.5",
}
