package delivery

import (
	"strings"
	"time"

	"chibo/internal/domain/notice"
	"chibo/internal/platform/i18n"
	"chibo/internal/platform/mail"
	"chibo/internal/platform/push"
)

// told is a notice in a letter, with the name of its unit.
type told struct {
	notice.Received
	unit string
}

// words are what leaves the program of one notice: its kind, its unit, when,
// and where it is to be read. Of the arguments nothing counts but a day and an
// hour that are written as such: a title or a reason cannot get out by mistake.
type words struct{ title, unit, when, path string }

func (w words) text(between string) string {
	if w.when == "" {
		return w.unit
	}
	return w.unit + between + w.when
}

// dot parts what stands on one line.
const dot = " · "

func wordsOf(l *i18n.Language, t told) words {
	key := "delivery.says." + t.Key
	if !l.Has(key) {
		key = "delivery.kind." + string(KindOf(t.Key))
	}
	return words{title: l.T(key), unit: t.unit, when: whenOf(l, t.Args), path: "/notices/" + t.ID.String()}
}

func whenOf(l *i18n.Language, args map[string]string) string {
	day, hour, due := written(args["day"], "02/01/2006"), written(args["time"], "15:04"), written(args["due"], "02/01/2006")
	switch {
	case day != "" && hour != "":
		return l.T("delivery.when.hour", "time", hour, "day", day)
	case day != "":
		return l.T("delivery.when.day", "day", day)
	case due != "":
		return l.T("delivery.when.due", "due", due)
	}
	return ""
}

// written is the value if it has the form, and nothing otherwise.
func written(value, form string) string {
	if _, err := time.Parse(form, value); err != nil {
		return ""
	}
	return value
}

// inbox is where somebody who is told of several things reads on.
const inbox = "/notices"

// headed is one line over a letter: what it tells, or how much.
func headed(l *i18n.Language, list []words) string {
	if len(list) == 1 {
		return list[0].title
	}
	return l.T("delivery.several", "count", len(list))
}

// asMail is a letter as e-mail.
func asMail(l *i18n.Language, base string, list []words) mail.Message {
	m := mail.Message{
		Subject: headed(l, list), Opening: l.T("delivery.mail.opening"), Language: l.Code(),
		Closing: []string{l.T("delivery.mail.closing"), l.T("delivery.mail.change", "link", base+"/notices/settings")},
	}
	if len(list) == 1 {
		m.Subject += " – " + list[0].text(dot)
	}
	for _, w := range list {
		m.Items = append(m.Items, mail.Item{Title: w.title, Text: w.text(dot), Link: base + w.path})
	}
	return m
}

// asNote is a letter as a message to a browser, which knows where it subscribed.
func asNote(l *i18n.Language, list []words) push.Note {
	if len(list) == 1 {
		return push.Note{Title: list[0].title, Body: list[0].text(dot), Link: list[0].path}
	}
	n := push.Note{Title: headed(l, list), Link: inbox}
	var lines []string
	for _, w := range list[:min(len(list), linesMost)] {
		lines = append(lines, w.title+dot+w.text(dot))
	}
	n.Body = strings.Join(lines, "\n")
	return n
}

// linesMost is what a phone shows of a message.
const linesMost = 3

// asText is a letter as a text message, which is paid for by its length.
func asText(l *i18n.Language, base string, list []words) string {
	if len(list) == 1 {
		return l.T("delivery.text.one", "title", list[0].title, "text", list[0].text(", "), "link", base+list[0].path)
	}
	return l.T("delivery.text.several", "count", len(list), "link", base+inbox)
}
