package fiction

import (
	"strings"

	"chibo/internal/domain/member"
)

// Naming is how the people of a nation are named.
type Naming struct {
	Ethnic   string
	families []Share[string]
	// middles and givens are for men and for women.
	middles, givens map[member.Sex][]string
}

// The given names of well-known people were left out, so that nobody meets one
// of them here.

// Kinh has the families in the shares in which they occur in the country.
var Kinh = Naming{
	Ethnic: "Kinh",
	families: []Share[string]{
		{384, "Nguyễn"},
		{121, "Trần"},
		{95, "Lê"},
		{70, "Phạm"},
		{51, "Hoàng"},
		{45, "Phan"},
		{39, "Vũ"},
		{25, "Võ"},
		{21, "Đặng"},
		{20, "Bùi"},
		{14, "Đỗ"},
		{13, "Hồ"},
		{13, "Ngô"},
		{10, "Dương"},
		{9, "Đinh"},
		{8, "Trịnh"},
		{8, "Đoàn"},
		{7, "Mai"},
		{7, "Lương"},
		{6, "Cao"},
		{6, "Tạ"},
		{6, "Đào"},
		{5, "Chu"},
		{5, "Lưu"},
		{4, "Thái"},
		{4, "Kiều"},
	},
	middles: map[member.Sex][]string{
		member.Male: {
			"Văn", "Văn", "Văn", "Văn", "Đức", "Hữu", "Công", "Quang", "Xuân", "Ngọc", "Đình", "Thanh", "Bá", "Trọng", "Viết", "Duy", "Tiến", "Khắc", "Như", "Thế",
		},
		member.Female: {
			"Thị", "Thị", "Thị", "Thị", "Thị Thu", "Thị Thanh", "Thị Kim", "Thị Ngọc", "Thị Bích", "Thị Minh", "Ngọc", "Thu", "Thanh", "Hồng", "Diệu", "Thị Hồng", "Thị Tuyết",
		},
	},
	givens: map[member.Sex][]string{
		member.Male: {
			"An", "Ân", "Bảo", "Bắc", "Bính", "Cảnh", "Cương", "Cường", "Diện", "Doanh", "Đạt", "Đoàn", "Đông", "Giáp",
			"Hanh", "Hậu", "Hiển", "Hiệp", "Hoan", "Hoạt", "Huấn", "Hưởng", "Kha", "Khang", "Khiêm", "Khoa", "Kiên", "Kỳ", "Lâm", "Lân", "Lập", "Lộc", "Luận",
			"Mạnh", "Nhân", "Nhuận", "Ninh", "Phong", "Phú", "Quân", "Quý", "Quyền", "Sáng", "Tài", "Tân", "Thạch", "Thái",
			"Thuận", "Thụy", "Tiệp", "Toàn", "Tới", "Trí", "Trường", "Tuấn", "Tùng", "Tường", "Vinh", "Vượng", "Yên",
		},
		member.Female: {
			"Ánh", "Bình", "Châm", "Chi", "Chinh", "Cúc", "Duyên", "Đào", "Điệp", "Giang", "Hảo", "Hằng", "Hiền", "Hoa", "Hòa",
			"Huệ", "Huyền", "Hương", "Hường", "Khuyên", "Lan", "Lệ", "Liên", "Liễu", "Loan", "Lụa", "Lương", "Mai", "Miên", "Mơ", "Nga", "Ngà", "Nguyệt",
			"Nhàn", "Nhung", "Oanh", "Phượng", "Quyên", "Sen", "Sim", "Tâm", "Thảo", "Thắm", "Thoa", "Thơm", "Thu", "Thục", "Thủy", "Thúy", "Thư", "Tươi",
			"Tuyết", "Uyên", "Vân", "Vui", "Xoan", "Xuyến", "Yến",
		},
	},
}

// Minorities are the nations whose people a demo ward may have among its
// members, with their own family names.
var Minorities = []Naming{
	{
		Ethnic:   "Tày",
		families: []Share[string]{{4, "Nông"}, {3, "Hoàng"}, {2, "Bế"}, {2, "Lương"}, {2, "Ma"}, {2, "Hứa"}},
		middles:  Kinh.middles, givens: Kinh.givens,
	},
	{
		Ethnic:   "Mường",
		families: []Share[string]{{4, "Bùi"}, {3, "Quách"}, {3, "Đinh"}, {2, "Hà"}, {2, "Bạch"}},
		middles:  Kinh.middles, givens: Kinh.givens,
	},
	{
		Ethnic:   "Thái",
		families: []Share[string]{{4, "Lò"}, {3, "Quàng"}, {3, "Cà"}, {2, "Vì"}, {2, "Lường"}, {2, "Tòng"}},
		middles:  map[member.Sex][]string{member.Male: {"Văn"}, member.Female: {"Thị"}},
		givens: map[member.Sex][]string{
			member.Male: {"Hặc", "Pản", "Inh", "Ón", "Tiên", "Xôm", "Thoan"}, member.Female: {"Ánh", "Phón", "Inh", "Pâng", "Xuân", "Hặc"},
		},
	},
	{
		Ethnic:   "Mông",
		families: []Share[string]{{3, "Giàng"}, {3, "Vàng"}, {2, "Sùng"}, {2, "Thào"}, {2, "Mùa"}, {2, "Hạng"}},
		middles:  map[member.Sex][]string{member.Male: {"A", "Seo"}, member.Female: {"Thị"}},
		givens: map[member.Sex][]string{
			member.Male: {"Páo", "Chỉnh", "Dế", "Lử", "Sình", "Tủa"}, member.Female: {"Mỷ", "Dở", "Pàng", "Súa", "Chư"},
		},
	},
	{
		Ethnic:   "Khmer",
		families: []Share[string]{{3, "Thạch"}, {3, "Sơn"}, {2, "Kim"}, {2, "Danh"}, {2, "Châu"}},
		middles:  map[member.Sex][]string{member.Male: {"", "Sa", "Văn"}, member.Female: {"Thị"}},
		givens: map[member.Sex][]string{
			member.Male: {"Rịnh", "Rây", "Phol", "Sươl", "Thươl"}, member.Female: {"Sa Phone", "Rine", "Thi Đa", "Sô Phia"},
		},
	},
}

// Name is a full name of the nation.
func (n Naming) Name(d Dice, sex member.Sex) string {
	whole := ByShare(d, n.families) + " " + One(d, n.middles[sex]) + " " + One(d, n.givens[sex])
	return strings.Join(strings.Fields(whole), " ")
}
