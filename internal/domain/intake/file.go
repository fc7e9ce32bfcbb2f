package intake

import (
	"errors"
	"io"
	"path/filepath"
	"strings"

	"chibo/internal/platform/blob"
	"chibo/internal/platform/xlsx"
)

// FileMost is how large a spreadsheet may be.
const FileMost = 64 << 20

// InFile opens a kept spreadsheet for as long as fn runs.
func InFile(files *blob.Store, hash string, fn func(Book) error) (err error) {
	file, err := files.Open(hash)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	book, err := Open(file, info.Size())
	if err != nil {
		return err
	}
	return fn(book)
}

// Given is the name that a file came with: to the store a table with commas is
// a text.
func Given(stored string) string {
	if name, is := strings.CutSuffix(stored, ".csv.txt"); is {
		return name + ".csv"
	}
	return stored
}

// RejectedFile is the copy of an import's spreadsheet that holds what goes back:
// its name and media type. WriteRejected writes it.
func (i Import) RejectedFile(say Say) (name, media string) {
	ext := filepath.Ext(i.Name)
	if media = blob.XLSX; strings.EqualFold(ext, ".csv") {
		media = blob.Text
	}
	return say("intake.page.rejected_file", "name", strings.TrimSuffix(i.Name, ext)) + ext, media
}

// WriteTemplate writes a spreadsheet of our own form: the head, and one made-up
// example.
func WriteTemplate(out io.Writer, kind Kind, say Say) error {
	heads := Template(kind)
	example := make([]string, len(heads))
	for i, head := range heads {
		example[i] = examples[kind][head]
	}
	return xlsx.WriteRows(out, say("intake.page.template_sheet"), say("intake.page.template_title"), [][]string{heads, example})
}

// The examples are by the heads of the templates, which are Vietnamese in every
// language.
var examples = map[Kind]map[string]string{
	Members: {
		"Mã chi bộ": "CB-01", "Họ và tên khai sinh": "Nguyễn Văn Mẫu", "Giới tính": "Nam", "Ngày sinh": "15/05/1980",
		"Quê quán": "Xã An Bình", "Nơi cư trú": "Thôn Đông", "Dân tộc": "Kinh", "Nghề nghiệp hiện nay": "Làm ruộng",
		"Giáo dục phổ thông": "12/12", "Lý luận chính trị": "Sơ cấp", "Loại đảng viên": "Chính thức",
		"Ngày quyết định kết nạp": "20/01/2010", "Ngày vào Đảng": "03/02/2010", "Ngày chính thức": "03/02/2011",
	},
	Units: {
		"Mã tổ chức đảng": "CB-01", "Mã tổ chức cấp trên": "DB-XA", "Tên tổ chức đảng": "Chi bộ thôn Đông",
		"Loại tổ chức đảng": "Chi bộ", "Loại hình chi bộ": "Thôn, tổ dân phố", "Khối": "Nông thôn",
		"Ngày thành lập": "01/07/2025", "Số quyết định thành lập": "12-QĐ/ĐU",
	},
	Posts: {
		"Mã tổ chức đảng": "CB-01", "Họ và tên": "Nguyễn Văn Mẫu", "Ngày sinh": "15/05/1980", "Chức vụ": "Bí thư chi bộ",
		"Hình thức": "Bầu", "Từ ngày": "01/07/2025", "Số quyết định": "15-QĐ/ĐU", "Nhiệm kỳ": "2025 - 2030",
	},
}
