package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"chibo/internal/app"
	"chibo/internal/domain/intake"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/xlsx"
)

// importRows is the register of a province.
const importRows = 100_000

// imports has the program read a register of 100,000 members and check all of it
// against itself and the rules, then, in another process, read and check it once
// more and write it. Each process is timed from its start to its end; that of the
// second holds the commit, an entry in the journal for each member and the places
// of the entries in the tree.
func imports(ctx context.Context, s Setting, r *Result) error {
	if err := s.foundCells(ctx, importCells); err != nil {
		return err
	}
	path := filepath.Join(s.Folder, "register.xlsx")
	if err := writeRegister(path, importRows); err != nil {
		return err
	}
	checked, err := s.importing(ctx, path)
	if err != nil {
		return err
	}
	written, err := s.importing(ctx, path, "--apply")
	if err != nil {
		return err
	}
	r.Figures["checked_rows_per_s"] = importRows / checked.took.Seconds()
	r.Figures["cpu_us_per_row"] = float64(written.cores.Microseconds()) / importRows
	r.least("rows_per_s", importRows/written.took.Seconds(), 10_000)
	r.most("memory_mb", written.memory, 300)
	return nil
}

// importCost is what an import took: from start to end, on all cores together,
// and the most memory that it held, in MB.
type importCost struct {
	took, cores time.Duration
	memory      float64
}

const importCells = 200

// foundCells makes the cells that the register names.
func (s Setting) foundCells(ctx context.Context, cells int) (err error) {
	a, err := app.Open(ctx, app.Config{Data: s.Folder, Database: s.Database})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.PlaceEntries(ctx), a.Close()) }()
	return a.DB.Update(ctx, func(tx *db.Tx) error {
		commune, err := unit.Found(tx, access.Console(), unit.New{
			Founded: founded, Decision: "Quyết định 01-QĐ/TU",
			Fields: unit.Fields{Code: "BENCH", Name: "Đảng bộ xã Phép Đo", Kind: "commune_party"},
		})
		for i := 0; i < cells && err == nil; i++ {
			_, err = unit.Found(tx, access.Console(), unit.New{
				Parent: commune.ID, Founded: founded, Decision: "Quyết định 02-QĐ/ĐU",
				Fields: unit.Fields{Code: fmt.Sprintf("BENCH-%d", i), Name: fmt.Sprintf("Chi bộ thôn %d", i+1), Kind: "village_cell", CellType: "village"},
			})
		}
		return err
	})
}

// importing runs the command. It fails unless every row is right.
func (s Setting) importing(ctx context.Context, path string, flags ...string) (importCost, error) {
	args := []string{"import", "members", path, "--unit", "BENCH", "--json", "--data", s.Folder}
	if s.Database != "" {
		args = append(args, "--db", s.Database)
	}
	command := exec.CommandContext(ctx, s.Program, append(args, flags...)...)
	command.Stderr = s.Say
	began := time.Now()
	out, err := command.Output()
	took := time.Since(began)
	if err != nil {
		return importCost{}, fmt.Errorf("import: %w", err)
	}
	var done struct{ Rows, OK int }
	if err := json.Unmarshal(out, &done); err != nil {
		return importCost{}, fmt.Errorf("import said %q: %w", out, err)
	}
	if done.Rows != importRows || done.OK != importRows {
		return importCost{}, fmt.Errorf("import took %d of %d rows, want %d", done.OK, done.Rows, importRows)
	}
	ended := command.ProcessState
	return importCost{took, ended.UserTime() + ended.SystemTime(), float64(ended.SysUsage().(*syscall.Rusage).Maxrss) / 1024}, nil
}

// writeRegister writes a register in the program's own form.
func writeRegister(path string, rows int) (err error) {
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	w, err := xlsx.NewWriter()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	heads := intake.Template(intake.Members)
	columns := make([]xlsx.Column, len(heads))
	for i, head := range heads {
		columns[i] = xlsx.Column{Head: head}
	}
	sheet, err := w.Sheet(xlsx.Sheet{Name: "Danh sách", Title: "DANH SÁCH ĐẢNG VIÊN", Columns: columns})
	if err != nil {
		return err
	}
	for n := range rows {
		if err := sheet.Add(registered(heads, n)...); err != nil {
			return err
		}
	}
	return w.Write(out)
}

var (
	familyNames = []string{"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý"}
	middleNames = []string{"Văn", "Thị", "Đức", "Ngọc", "Minh", "Thanh", "Quang", "Hữu", "Xuân", "Kim", "Thu", "Công", "Bá", "Đình", "Như", "Hồng"}
)

// registered is member n under the heads: no two of them resemble each other.
func registered(heads []string, n int) []xlsx.Value {
	birth := clock.NewDate(1940, 1, 1).AddDays(n * 7919 % 22_000)
	ceremony := birth.AddMonths(12 * 22)
	values := map[string]xlsx.Value{
		"Họ và tên khai sinh": xlsx.Text(nameOf(n)),
		"Mã chi bộ":           xlsx.Text(fmt.Sprintf("BENCH-%d", n%importCells)),
		"Giới tính":           xlsx.Text([]string{"Nam", "Nữ"}[n%2]),
		"Ngày sinh":           xlsx.Date(birth),
		"Quê quán":            xlsx.Text(fmt.Sprintf("Xã %s, huyện %s", givenNames[n%len(givenNames)], givenNames[n/7%len(givenNames)])),
		"Nơi cư trú":          xlsx.Text(fmt.Sprintf("Thôn %d, xã Phép Đo", n%importCells+1)),
		"Dân tộc":             xlsx.Text("Kinh"), "Nghề nghiệp hiện nay": xlsx.Text("Làm ruộng"),
		"Giáo dục phổ thông": xlsx.Text("12/12"), "Lý luận chính trị": xlsx.Text("Sơ cấp"),
		"Loại đảng viên":          xlsx.Text("Chính thức"),
		"Ngày quyết định kết nạp": xlsx.Date(ceremony.AddDays(-14)),
		"Ngày vào Đảng":           xlsx.Date(ceremony), "Ngày chính thức": xlsx.Date(ceremony.AddMonths(12)),
		"Số thẻ đảng viên": xlsx.Text(fmt.Sprintf("%012d", 10_000_000+n)),
		"Số lý lịch":       xlsx.Text(fmt.Sprintf("%06d", n)),
	}
	row := make([]xlsx.Value, len(heads))
	for i, head := range heads {
		row[i] = values[head]
	}
	return row
}

// nameOf spreads names as evenly as they are rare in a province.
func nameOf(n int) string {
	return familyNames[n%len(familyNames)] + " " + middleNames[n/15%len(middleNames)] + " " +
		middleNames[n/240%len(middleNames)] + " " + givenNames[n/3840%len(givenNames)]
}
