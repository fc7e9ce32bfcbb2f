package api_test

import (
	"context"
	"strconv"
	"strings"
	"time"

	"chibo/internal/domain/intake"
	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/job"
)

const (
	registerHead = "Họ và tên,Giới tính,Ngày sinh,Ngày vào Đảng,Ngày chính thức\n"
	// oneWrong has a row that is right and one that is not.
	oneWrong = registerHead + "Lò Thị Mây,Nữ,05/06/1988,03/02/2012,03/02/2013\nVàng A Páo,Nam,32/13/1990,19/05/2014,19/05/2015\n"
)

// sheet is a spreadsheet that the secretary of A has sent.
func (w *world) sheet(content string) ask {
	f, err := w.Page.Files.Put("danh-sách.csv.txt", strings.NewReader(content), 1<<20)
	if err != nil {
		w.k.T.Fatal(err)
	}
	var i intake.Import
	w.act(w.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		return intake.InFile(w.Page.Files, f.Hash, func(book intake.Book) error {
			outline, settings, err := book.Survey(intake.Members, -1)
			if err != nil {
				return err
			}
			i, err = intake.Send(tx, by, intake.New{Unit: w.CellA.ID, Kind: intake.Members, Name: "danh sách.csv", Hash: f.Hash, Size: f.Size, Outline: outline, Settings: settings})
			return err
		})
	})
	return w.imported(i.ID)
}

// imported asks about an import as it is now; it is its sender's alone.
func (w *world) imported(of intake.ID) ask {
	i := w.importNow(of)
	return ask{version: i.Version}.with("import", of.String()).by(is(w.SecretaryA))
}

func (w *world) importNow(of intake.ID) (i intake.Import) {
	w.k.View(func(tx *db.Tx) (err error) {
		i, err = intake.Find(tx, access.Console(), of)
		return err
	})
	return i
}

func (a ask) ofImport() (of intake.ID) {
	if err := of.UnmarshalText([]byte(a.path["import"])); err != nil {
		panic(err)
	}
	return of
}

// checked is a sheet whose preview stands.
func (w *world) checked(content string) ask {
	of := w.sheet(content).ofImport()
	w.act(w.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		i, err := intake.Find(tx, by, of)
		if err != nil {
			return err
		}
		return intake.StartCheck(tx, by, of, i.Version, i.Settings)
	})
	w.work()
	return w.imported(of)
}

// applied is an import that stands in the register. It is seen by all who may
// import there.
func (w *world) applied(content string) ask {
	of := w.checked(content).ofImport()
	w.act(w.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		return intake.StartApply(tx, by, of, w.importNow(of).Version)
	})
	w.work()
	return w.imported(of).by(nil)
}

// updating is a sheet with somebody of cell A, who gets a birthplace by it.
func (w *world) updating(row string) (a ask) {
	a = w.checked(row)
	of := a.ofImport()
	w.act(w.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		return intake.Decide(tx, by, of, a.version, nil, intake.Same, nil)
	})
	w.work()
	w.act(w.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		return intake.StartApply(tx, by, of, w.importNow(of).Version)
	})
	w.work()
	return w.imported(of).by(nil)
}

// known is a register with somebody who stands in ours.
func (w *world) known(person access.PersonID, more string) string {
	var f member.File
	w.k.Update(func(tx *db.Tx) (err error) {
		f, err = member.Open(tx, access.Console(), person, "thử")
		return err
	})
	return "Họ và tên khai sinh,Giới tính,Ngày sinh,Ngày vào Đảng,Ngày chính thức,Quê quán\n" +
		strings.Join([]string{f.BirthName, map[member.Sex]string{member.Male: "Nam", member.Female: "Nữ"}[f.Sex], f.Birth.Vietnamese(), f.Ceremony.Vietnamese(), f.Recognised.Vietnamese(), more}, ",") + "\n"
}

// work does the one job of an import that waits, as the program does in the
// background.
func (w *world) work() {
	w.k.T.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	outcome := make(chan job.Outcome, 10)
	runner := job.NewRunner(w.k.DB, intake.Handlers(w.k.DB, w.Page.Files), job.Settings{
		Workers: 1, Poll: time.Hour, Done: func(o job.Outcome) { outcome <- o }, Trouble: func(err error) { w.k.T.Error(err) },
	})
	ended := make(chan struct{})
	go func() { runner.Run(ctx); close(ended) }()
	select {
	case o := <-outcome:
		if o.Err != nil {
			w.k.T.Error(o.Err)
		}
	case <-ctx.Done():
		w.k.T.Error("no job was done")
	}
	cancel()
	<-ended
}

func sending(content string) func(w *world) ask {
	return func(w *world) ask {
		a := aboutCellA(w)
		a.query, a.file = "?name=danh-sach.csv", []byte(content)
		return a
	}
}

func (a ask) asking(query string) ask {
	a.query = query
	return a
}

var intakeAsks = map[string]func(w *world) ask{
	"intake.At":           aboutCellA,
	"intake.Find":         func(w *world) ask { return w.sheet(oneWrong) },
	"intake-find-rows":    func(w *world) ask { return w.checked(oneWrong).asking("?which=findings&limit=1") },
	"intake.Template":     func(*world) ask { return ask{}.with("kind", "members") },
	"intake-send-members": sending(oneWrong),
	"intake-send-units":   sending("Mã tổ chức đảng,Mã tổ chức cấp trên,Tên tổ chức đảng,Loại tổ chức đảng\nCB-77,COMMUNE,Chi bộ thôn Mới,Chi bộ\n"),
	"intake-send-posts":   sending("Mã tổ chức đảng,Họ và tên,Ngày sinh,Chức vụ\nCELL-A,Nguyễn Văn Mẫu,15/05/1980,Bí thư chi bộ\n"),
	"intake.Read": func(w *world) ask {
		return w.sheet(oneWrong).sending(fields{"sheet": 0, "first": 1, "last": 1, "encoding": "tcvn3"})
	},
	"intake.StartCheck": func(w *world) ask {
		a := w.sheet(oneWrong)
		return a.sending(fields{"columns": w.importNow(a.ofImport()).Settings.Columns, "whole": true})
	},
	"intake.Decide": func(w *world) ask {
		a := w.checked(w.known(w.MembersA[15], "Xã An Bình"))
		return a.sending(fields{"all": "leave", "rows": []fields{{"row": w.importNow(a.ofImport()).Report.Findings[0].Row, "choice": "same", "fields": []string{"home"}}}})
	},
	"intake.Compare":       func(w *world) ask { return w.checked(w.known(w.MembersA[15], "Xã An Bình")) },
	"intake.StartApply":    func(w *world) ask { return w.checked(oneWrong) },
	"intake.Drop":          func(w *world) ask { return w.sheet(oneWrong) },
	"intake.WriteRejected": func(w *world) ask { return w.checked(oneWrong) },
	"intake.Dependents": func(w *world) ask {
		return w.applied(registerHead + "Sùng A Tủa,Nam,01/02/1991,03/02/2014,03/02/2015\n")
	},
	"intake.Undo": func(w *world) ask {
		return w.applied(registerHead + "Sùng A Dế,Nam,01/02/1992,03/02/2014,03/02/2015\n")
	},
	"intake.Merges": func(w *world) ask { return w.updating(w.known(w.MembersA[15], "Xã Đông Sơn")) },
	"intake.TakeBackMerge": func(w *world) ask {
		a := w.updating(w.known(w.MembersA[16], "Xã Tân Lập"))
		var merges []intake.Merge
		w.k.View(func(tx *db.Tx) (err error) {
			merges, err = intake.Merges(tx, access.Console(), a.ofImport())
			return err
		})
		return a.with("row", strconv.Itoa(merges[0].Row))
	},
	"intake.ExportMembers": aboutCellA, "intake.ExportUnits": aboutCellA, "intake.ExportPosts": aboutCellA,
}
