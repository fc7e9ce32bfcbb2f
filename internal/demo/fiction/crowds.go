package fiction

// Crowd says of what sort the members of a cell are.
type Crowd struct {
	Ages        []Share[[2]int]
	Women       int // of a hundred
	Occupations []Share[string]
	Schooling   []Share[string]
	// Young says that people entered the Party early in their lives.
	Young bool
}

// Pensions are what the retired live on.
var Pensions = []Share[string]{
	{30, "Cán bộ hưu trí"}, {18, "Giáo viên nghỉ hưu"}, {20, "Quân nhân nghỉ hưu"}, {14, "Công nhân nghỉ hưu"}, {6, "Bác sĩ nghỉ hưu"}, {12, "Kinh doanh tại nhà"},
}

var grown = []Share[string]{
	{40, "Đại học"}, {18, "Cao đẳng"}, {22, "Trung cấp"}, {6, "Thạc sĩ"}, {14, "Sơ cấp nghề"},
}

// The crowds of the kinds of cells. Residential cells are old: members of
// working age belong to the cells where they work.
var (
	Neighbours = Crowd{
		Ages:  []Share[[2]int]{{8, [2]int{24, 34}}, {17, [2]int{35, 54}}, {20, [2]int{55, 62}}, {35, [2]int{63, 73}}, {15, [2]int{74, 80}}, {5, [2]int{81, 90}}},
		Women: 38,
		Occupations: []Share[string]{
			{24, "Kinh doanh"}, {20, "Lao động tự do"}, {14, "Công nhân"}, {12, "Nội trợ"}, {10, "Cán bộ tổ dân phố"}, {10, "Tiểu thủ công nghiệp"}, {10, "Nông dân"},
		},
		Schooling: grown,
	}
	Teachers = Crowd{
		Ages:        []Share[[2]int]{{45, [2]int{24, 34}}, {40, [2]int{35, 45}}, {15, [2]int{46, 57}}},
		Women:       76,
		Occupations: []Share[string]{{88, "Giáo viên"}, {12, "Nhân viên trường học"}},
		Schooling:   []Share[string]{{82, "Đại học"}, {18, "Thạc sĩ"}},
		Young:       true,
	}
	Pupils = Crowd{
		Ages:        []Share[[2]int]{{75, [2]int{23, 25}}, {25, [2]int{28, 42}}},
		Women:       50,
		Occupations: []Share[string]{{1, "Sinh viên"}},
		Schooling:   []Share[string]{{1, "Đang học đại học"}},
		Young:       true,
	}
	Healers = Crowd{
		Ages:        []Share[[2]int]{{45, [2]int{26, 38}}, {55, [2]int{39, 57}}},
		Women:       60,
		Occupations: []Share[string]{{35, "Bác sĩ"}, {40, "Điều dưỡng"}, {25, "Y sĩ"}},
		Schooling:   []Share[string]{{60, "Đại học"}, {40, "Cao đẳng"}},
		Young:       true,
	}
	Guards = Crowd{
		Ages:        []Share[[2]int]{{55, [2]int{24, 34}}, {45, [2]int{35, 52}}},
		Women:       12,
		Occupations: []Share[string]{{1, "Sĩ quan"}},
		Schooling:   []Share[string]{{70, "Đại học"}, {30, "Trung cấp"}},
		Young:       true,
	}
	Officials = Crowd{
		Ages:        []Share[[2]int]{{30, [2]int{27, 36}}, {50, [2]int{37, 48}}, {20, [2]int{49, 59}}},
		Women:       42,
		Occupations: []Share[string]{{1, "Công chức"}},
		Schooling:   []Share[string]{{68, "Đại học"}, {32, "Thạc sĩ"}},
		Young:       true,
	}
	Workers = Crowd{
		Ages:        []Share[[2]int]{{40, [2]int{26, 38}}, {60, [2]int{39, 57}}},
		Women:       36,
		Occupations: []Share[string]{{55, "Công nhân kỹ thuật"}, {30, "Kỹ sư"}, {15, "Kế toán"}},
		Schooling:   []Share[string]{{45, "Đại học"}, {25, "Cao đẳng"}, {30, "Trung cấp"}},
	}
)
