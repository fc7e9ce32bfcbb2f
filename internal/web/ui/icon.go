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
)

// outlines are the paths of the icons.
var outlines = map[Icon]string{
	IconDesk:     "M3 11 12 4l9 7M5.5 9.5V20h13V9.5M10 20v-6h4v6",
	IconMeeting:  "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4M8.5 15l2.5 2.5 4.5-4.5",
	IconTask:     "M4 6l1.5 1.5L8 5M4 12l1.5 1.5L8 11M4 18l1.5 1.5L8 17M11 6.5h9M11 12.5h9M11 18.5h9",
	IconPeople:   "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M2.5 20c0-4 2.5-6 6.5-6s6.5 2 6.5 6M15.5 4.5a3.5 3.5 0 0 1 0 6.200M18 14.500c2.300.8 3.500 2.600 3.500 5.500",
	IconPerson:   "M12 11.500a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4.500 20.500c0-4.500 3-6.500 7.500-6.500s7.500 2 7.500 6.500",
	IconChart:    "M4 4v16h16M8 16v-4M12.500 16V8M17 16v-6",
	IconMap:      "M9 5 3.500 7v13L9 18l6 2 5.500-2V5L15 7zM9 5v13M15 7v13",
	IconSearch:   "M11 17.500a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13M16 16l4.500 4.500",
	IconDocument: "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
	IconSettings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 9.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5M9 19.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5",
	IconBook:     "M12 6.500C10 5 7 4.500 3.500 4.500V18c3.500 0 6.500.5 8.500 2 2-1.500 5-2 8.500-2V4.500C17 4.500 14 5 12 6.500M12 6.500V20",
	IconShield:   "M12 3l7.500 3v5.500c0 4.500-3 7.500-7.500 9.500-4.500-2-7.500-5-7.500-9.500V6zM8.500 12l2.500 2.500 4.500-4.500",
	IconTalk:     "M4 5h16v11h-9l-4.500 4v-4H4zM8 9.500h8M8 12.500h5",
	IconHeart:    "M12 20C6.500 16 3.500 12.500 3.500 9A4.500 4.500 0 0 1 12 7a4.500 4.500 0 0 1 8.500 2c0 3.500-3 7-8.500 11",
	IconBallot:   "M4 11v9h16v-9M2.500 11h4M17.500 11h4M7 14V4h10v10M9.500 8.500l2 2 3.500-3.500",
	IconMoney:    "M3 7h18v11H3zM12 15a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5M6 10.500v.01M18 14.500v.01",
	IconStar:     "M12 3.500l2.600 5.500 6 .8-4.400 4.200 1.100 6-5.300-3-5.300 3 1.100-6L3.400 9.800l6-.8z",
	IconPrint:    "M7 8V3.500h10V8M7 17H3.500V8h17v9H17M7 14h10v6.500H7z",
	IconMore:     "M4 7h16M4 12h16M4 17h16",
	IconFolder:   "M3 6h6l2 2.500h10V19H3z",
	IconTree:     "M9 3.500h6v5H9zM3 15.500h6v5H3zM15 15.500h6v5h-6zM12 8.500V12M6 15.500V12h12v3.500",
	IconClock:    "M12 20.500a8.500 8.500 0 1 0 0-17 8.500 8.500 0 0 0 0 17M12 7.500V12l3 2.500",
	IconBack:     "M14.500 5.500 8 12l6.500 6.500",
}
