package meetings

import (
	"strconv"

	"rsc.io/qr"

	"chibo/internal/domain/meeting"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/course"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

func checkInRoutes() []page.Route {
	return []page.Route{
		page.Show("/meetings/{id}/room/code", on(showCode)),
		page.Act("/meetings/{id}/room/code", doing("/room/code", "room.code.renewed", renewCode), on(showCode)),
		page.Show("/checkin/{id}", on(showCheckIn)),
		page.Act("/checkin/{id}", on(checkIn), on(showCheckIn)),
	}
}

// codeView is shown to the room: the code to read out and the picture to scan.
type codeView struct {
	v           visit
	Short, Link string
	QR          qrDrawing
}

// qrDrawing is a QR code as a path of unit squares.
type qrDrawing struct {
	Size int
	Path string
}

func showCode(v visit) (page.Answer, error) {
	code, err := meeting.CheckInCode(v.Tx, v.By, v.M.ID)
	if err != nil {
		return nil, err
	}
	link := v.origin() + course.CheckInPath(v.M.ID) + "?code=" + code.Token
	d := codeView{v: v, Short: code.Short[:3] + " " + code.Short[3:], Link: v.origin() + course.CheckInPath(v.M.ID)}
	if d.QR, err = drawQR(link); err != nil {
		return nil, err
	}
	p, err := v.Below(v.T("room.code.title"))
	return page.HTML(codePage(p, d)), err
}

// origin is the address under which this site was opened.
func (v visit) origin() string {
	if v.Site.Secure || v.TLS != nil {
		return "https://" + v.Host
	}
	return "http://" + v.Host
}

func drawQR(text string) (qrDrawing, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return qrDrawing{}, err
	}
	var path []byte
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				path = append(path, "M"+strconv.Itoa(x)+" "+strconv.Itoa(y)+"h1v1h-1z"...)
			}
		}
	}
	return qrDrawing{code.Size, string(path)}, nil
}

func renewCode(v visit, in *page.Input) error {
	_, err := meeting.RenewCode(v.Tx, v.By, v.M.ID)
	return err
}

// checkInView is the one tap by which a member says: I am here.
type checkInView struct {
	v       visit
	Meeting string
	Name    string
	Token   string // scanned
	Code    string // typed
	Done    string
	Wrong   string
	Errors  ui.Errors
}

func showCheckIn(v visit) (page.Answer, error) {
	mine, err := meeting.Mine(v.Tx, v.By, v.M.ID)
	if errs.Is(err, errs.NotFound) {
		err = errs.New(errs.Conflict, notOnRoll(v.M))
	}
	if err != nil {
		return nil, err
	}
	return v.checkInPage(mine, v.Form.Get("code"), "")
}

// notOnRoll says why somebody has no place on the roll: it is not written yet,
// or they are not on it.
func notOnRoll(m meeting.Meeting) string {
	if m.OpenedAt.IsZero() {
		return "meeting.error.not_in_session"
	}
	return "meeting.error.not_on_roll"
}

func (v visit) checkInPage(mine meeting.Entry, code, wrong string) (page.Answer, error) {
	d := checkInView{v: v, Name: mine.Name, Errors: v.Errors(), Wrong: wrong, Code: code}
	d.Meeting = v.T("room.title", "kind", course.KindName(v.Request, v.M.Kind, v.At), "month", v.M.Month.Vietnamese())
	if len(code) > shortCode {
		d.Token, d.Code = code, ""
	}
	if mine.Present() {
		d.Done = v.T("room.code.done", "time", i18n.Clock(v.Context(), mine.Arrived))
	}
	p, err := v.Frame(v.T("room.code.member_title"))
	p.Unit, p.Narrow, p.Failed = v.At.Name, true, p.Failed || wrong != ""
	return page.HTML(checkInPageOf(p, d)), err
}

// shortCode is how long a code typed by hand is at most, blanks included; a
// scanned one is longer.
const shortCode = 10

// checkIn marks the member present. A wrong code is shown and counted, so it is
// no failure that would undo the count.
func checkIn(v visit) (page.Answer, error) {
	in := v.Input()
	e, ok, err := meeting.CheckIn(v.Tx, v.By, v.M.ID, in.Line("code"), meeting.Mode(in.Line("mode")))
	switch {
	case err != nil:
		return nil, err
	case !ok:
		return v.checkInPage(e, in.Line("code"), v.T("room.code.wrong"))
	}
	return page.SeeOther(course.CheckInPath(v.M.ID), "room.code.accepted"), nil
}
