package intake

import (
	"strings"

	"chibo/internal/platform/text"
)

// Kind is what a register lists.
type Kind string

const (
	Members Kind = "members"
	Units   Kind = "units"
	Posts   Kind = "posts"
)

// Kinds are all of them.
var Kinds = []Kind{Members, Units, Posts}

// look is what the cells of a column are like.
type look uint8

const (
	anything look = iota
	naming        // the name of a person
	dated         // a day
	sexWord       // nam, nữ
	marked        // an x, or nothing
	digital       // digits, such as the number of a card
)

// field is something that can be read from a column.
type field struct {
	name string
	// heads are words that stand over it, the first of which our own templates
	// and exports write.
	heads []string
	look  look
	// least is set where nothing can be read without the field, or without
	// another that stands for it.
	least bool
}

// standIn are fields that together stand for another.
var standIn = map[string][]string{
	"birth_name": {"given_name"},
	"sex":        {"male", "female", "birth_male", "birth_female"},
	"birth":      {"birth_male", "birth_female"},
	"person":     {"card"},
}

var fieldsOf = map[Kind][]field{
	Members: {
		{name: "unit", heads: []string{"Mã chi bộ", "Chi bộ", "Tên chi bộ", "Sinh hoạt tại chi bộ", "Thuộc chi bộ", "Đơn vị", "Chi bộ sinh hoạt", "Đơn vị sinh hoạt"}},
		{name: "group", heads: []string{"Tổ đảng", "Thuộc tổ đảng"}},
		{name: "birth_name", heads: []string{"Họ và tên khai sinh", "Họ và tên", "Họ tên", "Họ tên khai sinh", "Họ, chữ đệm và tên", "Họ và tên đảng viên", "Tên đảng viên", "Đảng viên", "Họ tên đảng viên", "Tên khai sinh"}, look: naming, least: true},
		{name: "family_name", heads: []string{"Họ và tên đệm", "Họ đệm", "Họ và đệm", "Họ, chữ đệm", "Họ lót", "Họ và chữ lót", "Họ"}},
		{name: "given_name", heads: []string{"Tên", "Tên gọi"}},
		{name: "name", heads: []string{"Tên đang dùng", "Họ và tên đang dùng"}, look: naming},
		{name: "other_names", heads: []string{"Các tên gọi khác", "Bí danh", "Tên gọi khác"}},
		{name: "sex", heads: []string{"Giới tính", "Nam/Nữ", "Giới", "Phái", "Nam, nữ"}, look: sexWord, least: true},
		{name: "male", heads: []string{"Nam", "Giới tính nam"}, look: marked},
		{name: "female", heads: []string{"Nữ", "Giới tính nữ", "Là nữ"}, look: marked},
		{name: "birth", heads: []string{"Ngày sinh", "Sinh ngày", "Năm sinh", "Ngày tháng năm sinh", "NTNS", "Ngày/tháng/năm sinh", "Sinh năm"}, look: dated, least: true},
		{name: "birth_male", heads: []string{"Ngày sinh nam", "Năm sinh nam", "Nam"}, look: dated},
		{name: "birth_female", heads: []string{"Ngày sinh nữ", "Năm sinh nữ", "Nữ"}, look: dated},
		{name: "birthplace", heads: []string{"Nơi đăng ký khai sinh", "Nơi sinh"}},
		{name: "home", heads: []string{"Quê quán", "Nguyên quán", "Quê"}},
		{name: "residence", heads: []string{"Nơi cư trú", "Nơi ở hiện nay", "Chỗ ở hiện nay", "Địa chỉ", "Nơi ở", "Thường trú", "Hộ khẩu thường trú", "Nơi đăng ký thường trú", "Trú quán", "Chỗ ở"}},
		{name: "ethnic", heads: []string{"Dân tộc"}},
		{name: "religion", heads: []string{"Tôn giáo"}},
		{name: "occupation", heads: []string{"Nghề nghiệp hiện nay", "Nghề nghiệp", "Nghề nghiệp, đơn vị công tác", "Công việc hiện nay"}},
		{name: "schooling", heads: []string{"Giáo dục phổ thông", "Trình độ văn hóa", "Văn hóa", "Trình độ học vấn", "Học vấn", "TĐVH", "Trình độ VH", "Trình độ giáo dục phổ thông", "GDPT", "VH", "Trình độ phổ thông"}},
		{name: "expertise", heads: []string{"Chuyên môn, nghiệp vụ", "Trình độ chuyên môn", "Chuyên môn", "TĐCM", "Trình độ CM", "Trình độ chuyên môn nghiệp vụ", "CM", "CMNV"}},
		{name: "degree", heads: []string{"Học vị"}},
		{name: "academic_title", heads: []string{"Học hàm"}},
		{name: "theory", heads: []string{"Lý luận chính trị", "LLCT", "Trình độ LLCT", "Trình độ lý luận chính trị", "Chính trị", "Trình độ chính trị", "Lý luận"}},
		{name: "languages", heads: []string{"Ngoại ngữ", "Trình độ ngoại ngữ"}},
		{name: "computing", heads: []string{"Tin học", "Trình độ tin học"}},
		{name: "minority_languages", heads: []string{"Tiếng dân tộc thiểu số", "Tiếng dân tộc"}},
		{name: "union_joined", heads: []string{"Ngày vào Đoàn", "Ngày kết nạp Đoàn"}, look: dated},
		{name: "union_place", heads: []string{"Nơi kết nạp Đoàn", "Nơi vào Đoàn"}},
		{name: "status", heads: []string{"Loại đảng viên", "Trạng thái", "Đảng viên chính thức/dự bị", "Chính thức/dự bị", "Tình trạng", "Diện đảng viên"}},
		{name: "admitted", heads: []string{"Ngày quyết định kết nạp", "Ngày ra quyết định kết nạp"}, look: dated},
		{name: "ceremony", heads: []string{"Ngày vào Đảng", "Ngày kết nạp", "Ngày kết nạp Đảng", "Ngày vào Đảng dự bị", "Ngày dự bị", "Dự bị", "Ngày kết nạp vào Đảng", "Vào Đảng ngày", "Kết nạp", "Kết nạp Đảng", "Vào Đảng", "Ngày vào Đảng kết nạp", "Năm vào Đảng"}, look: dated, least: true},
		{name: "recognised", heads: []string{"Ngày chính thức", "Ngày công nhận chính thức", "Chính thức", "Ngày vào Đảng chính thức", "Ngày chuyển chính thức", "Ngày chuyển Đảng chính thức", "Ngày công nhận đảng viên chính thức", "Công nhận chính thức", "Ngày CT"}, look: dated},
		{name: "inactive", heads: []string{"Số tháng không tính tuổi đảng"}},
		{name: "card", heads: []string{"Số thẻ đảng viên", "Số thẻ", "Số thẻ Đảng", "Số thẻ ĐV", "Thẻ đảng viên", "Thẻ Đảng"}, look: digital},
		{name: "cv_number", heads: []string{"Số lý lịch", "Số LL", "Số lý lịch đảng viên", "SLL"}},
		{name: "from", heads: []string{"Ngày về chi bộ", "Ngày chuyển đến", "Ngày về sinh hoạt tại chi bộ", "Ngày chuyển sinh hoạt đến"}, look: dated},
		{name: "phone", heads: []string{"Điện thoại", "Số điện thoại", "SĐT", "ĐT", "Số ĐT", "Điện thoại liên hệ", "Di động"}, look: digital},
	},
	Units: {
		{name: "code", heads: []string{"Mã tổ chức đảng", "Mã", "Mã số", "Mã đơn vị", "Mã TCĐ", "Mã tổ chức"}, least: true},
		{name: "parent", heads: []string{"Mã tổ chức cấp trên", "Trực thuộc", "Cấp trên", "Cấp trên trực tiếp", "Đảng bộ cấp trên", "Thuộc Đảng bộ", "Tổ chức cấp trên"}},
		{name: "name", heads: []string{"Tên tổ chức đảng", "Tên", "Tên đơn vị", "Tên tổ chức", "Tên chi bộ", "Chi bộ", "Tổ chức đảng"}, least: true},
		{name: "kind", heads: []string{"Loại tổ chức đảng", "Loại", "Loại tổ chức"}, least: true},
		{name: "cell_type", heads: []string{"Loại hình chi bộ", "Loại hình"}},
		{name: "block", heads: []string{"Khối"}},
		{name: "areas", heads: []string{"Đặc điểm địa bàn", "Địa bàn"}},
		{name: "place", heads: []string{"Mã xã, phường, đặc khu", "Mã địa bàn", "Mã xã"}},
		{name: "address", heads: []string{"Địa chỉ", "Trụ sở"}},
		{name: "founded", heads: []string{"Ngày thành lập", "Thành lập ngày", "Thành lập"}, look: dated, least: true},
		{name: "decision", heads: []string{"Số quyết định thành lập", "Số quyết định", "Quyết định", "Quyết định thành lập"}},
	},
	Posts: {
		{name: "unit", heads: []string{"Mã tổ chức đảng", "Tổ chức đảng", "Chi bộ", "Tên chi bộ", "Mã chi bộ", "Đơn vị", "Tại tổ chức đảng"}},
		{name: "person", heads: []string{"Họ và tên", "Họ tên", "Họ và tên khai sinh", "Đảng viên", "Họ và tên đảng viên"}, look: naming, least: true},
		{name: "birth", heads: []string{"Ngày sinh", "Năm sinh", "Ngày tháng năm sinh"}, look: dated},
		{name: "card", heads: []string{"Số thẻ đảng viên", "Số thẻ", "Số thẻ Đảng", "Thẻ đảng viên"}, look: digital},
		{name: "kind", heads: []string{"Chức vụ", "Chức danh", "Chức vụ đảng", "Chức vụ Đảng"}, least: true},
		{name: "how", heads: []string{"Hình thức", "Bầu hoặc chỉ định", "Bầu/chỉ định"}},
		{name: "from", heads: []string{"Từ ngày", "Ngày nhận chức vụ", "Ngày bổ nhiệm", "Ngày giữ chức", "Ngày bầu"}, look: dated, least: true},
		{name: "decision", heads: []string{"Số quyết định", "Quyết định", "Văn bản", "Nghị quyết, quyết định"}, least: true},
		{name: "term", heads: []string{"Nhiệm kỳ"}},
	},
}

// Fields are the names of what can be read from a register of the kind, in the
// order of the template.
func Fields(kind Kind) []string {
	var names []string
	for _, f := range fieldsOf[kind] {
		names = append(names, f.name)
	}
	return names
}

func fieldAt(kind Kind, name string) (field, bool) {
	for _, f := range fieldsOf[kind] {
		if f.name == name {
			return f, true
		}
	}
	return field{}, false
}

// Lacking are the fields without which nothing can be read and which no column
// is read into.
func Lacking(kind Kind, columns []string) []string {
	has := map[string]bool{}
	for _, name := range columns {
		has[name] = true
	}
	var missing []string
	for _, f := range fieldsOf[kind] {
		found := has[f.name]
		for _, other := range standIn[f.name] {
			found = found || has[other]
		}
		if f.least && !found {
			missing = append(missing, f.name)
		}
	}
	return missing
}

// headWords are the words of a head, folded: "Ngày, tháng, năm sinh" says no
// more than "Ngày sinh".
func headWords(s string) []string {
	folded := " " + text.Fold(s) + " "
	folded = strings.ReplaceAll(folded, " ngay thang nam ", " ngay ")
	folded = strings.ReplaceAll(folded, " dv ", " dang vien ")
	folded = strings.ReplaceAll(folded, " y ", " i ") // lý and lí
	folded = strings.ReplaceAll(folded, " ly ", " li ")
	return strings.Fields(folded)
}
