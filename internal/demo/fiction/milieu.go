package fiction

import "chibo/internal/domain/task"

// Milieu is what a sort of cell lives in: who its members are, what it does and
// what people there talk about.
type Milieu struct {
	CellType string
	Block    string
	Crowd    Crowd
	Leading  [2]int // the age of those who lead
	// Duties are what was done in a month, Plans what is to be done next.
	Duties, Plans []string
	Opinions      []string
	Tasks         []Idea
	Topics        []string // of the pack's list of topics
}

// Idea is a task that a cell of the milieu gives to its members.
type Idea struct {
	Area    task.Area
	Title   string
	Measure string
	Planned int
	// Body says that a mass organisation may have it.
	Body   bool
	Result string
}

// Residential is a street or a hamlet.
var Residential = Milieu{
	CellType: "village", Crowd: Neighbours, Leading: [2]int{48, 70},
	Duties: []string{
		"Nhân dân trong tổ chấp hành tốt chủ trương của Đảng, chính sách, pháp luật của Nhà nước; tình hình an ninh trật tự ổn định, không phát sinh điểm nóng.",
		"Tổ dân phố duy trì tổng vệ sinh sáng thứ Bảy; các tuyến ngõ cơ bản sạch sẽ, đã xóa được một điểm tập kết rác tự phát.",
		"Công tác hòa giải được quan tâm; hai vụ việc mâu thuẫn về ranh giới, lối đi chung được hòa giải thành ngay tại tổ.",
		"Các khoản vận động được thu, chi công khai, có biên bản và niêm yết tại nhà văn hóa.",
		"Đảng viên và nhân dân cài đặt, sử dụng tài khoản định danh điện tử; tổ công nghệ số cộng đồng hỗ trợ người cao tuổi làm thủ tục trực tuyến.",
		"Chi bộ phối hợp với Ban Công tác Mặt trận thăm hỏi các gia đình chính sách, người có công và hộ có hoàn cảnh khó khăn.",
		"Thực hiện tốt việc quản lý trật tự xây dựng; hai hộ lấn chiếm vỉa hè đã tự tháo dỡ sau khi được vận động.",
		"Các hộ kinh doanh ký cam kết bảo đảm an toàn thực phẩm và phòng cháy, chữa cháy.",
		"Chi hội Người cao tuổi, Chi hội Phụ nữ duy trì hoạt động thể dục, văn nghệ; nhà văn hóa mở cửa các buổi tối trong tuần.",
		"Số hộ đăng ký Gia đình văn hóa đạt trên chín phần mười; chi bộ phân công đảng viên theo dõi từng nhóm hộ.",
	},
	Plans: []string{
		"Tiếp tục tuyên truyền, vận động nhân dân chấp hành chủ trương, chính sách; giữ vững khối đại đoàn kết ở khu dân cư.",
		"Vận động nhân dân chỉnh trang ngõ xóm, phân loại rác tại nguồn, không đổ rác sai giờ, sai nơi quy định.",
		"Phối hợp với công an khu vực nắm tình hình tạm trú, tạm vắng; duy trì tổ liên gia an toàn phòng cháy, chữa cháy.",
		"Rà soát hộ nghèo, hộ cận nghèo, hộ có hoàn cảnh khó khăn để đề xuất giúp đỡ đúng đối tượng, công khai.",
		"Quan tâm phát hiện, bồi dưỡng quần chúng ưu tú trong đoàn viên, hội viên để tạo nguồn phát triển đảng viên.",
		"Hỗ trợ nhân dân thực hiện dịch vụ công trực tuyến và thanh toán không dùng tiền mặt.",
		"Thực hiện tốt dân chủ ở cơ sở; công khai các khoản đóng góp; kịp thời giải quyết kiến nghị của nhân dân.",
		"Giám sát việc thi công các công trình hạ tầng trên địa bàn tổ dân phố qua ban giám sát đầu tư của cộng đồng.",
	},
	Opinions: []string{
		"Đề nghị chi bộ kiến nghị phường sửa đoạn cống thoát nước đầu ngõ; mưa lớn nước tràn vào nhà dân, bà con phản ánh nhiều lần.",
		"Việc phân loại rác mới làm tốt ở các hộ đảng viên; cần có cách hướng dẫn để hộ cho thuê trọ cùng thực hiện.",
		"Tôi nhất trí với báo cáo; đề nghị mỗi đảng viên phụ trách nhóm hộ báo cáo bằng số liệu cụ thể, không nói chung chung.",
		"Đề nghị lắp thêm đèn chiếu sáng ở ngõ cụt, các cháu đi học thêm về tối không an toàn.",
		"Công tác hòa giải vừa qua làm được là nhờ đến tận nhà, nghe cả hai phía; nên giữ cách làm này.",
		"Quỹ Vì người nghèo cần công khai danh sách người nhận tại nhà văn hóa để nhân dân biết, nhân dân kiểm tra.",
		"Người cao tuổi còn khó khăn khi dùng điện thoại thông minh; đề nghị phân công đảng viên trẻ giúp từng người.",
		"Đề nghị nhắc các hộ kinh doanh không để hàng hóa ra vỉa hè; đảng viên có cửa hàng phải làm trước.",
		"Nguồn phát triển đảng viên ở tổ đang khó vì thanh niên đi làm xa; nên quan tâm hội viên phụ nữ và người kinh doanh có uy tín.",
		"Camera an ninh đã phát huy tác dụng; cần phân công người theo dõi và bảo dưỡng, tránh để hỏng rồi mới biết.",
		"Đề nghị tổ liên gia an toàn phòng cháy, chữa cháy diễn tập lại một lần, vì nhiều hộ mới chuyển đến chưa biết vị trí bình chữa cháy.",
		"Việc tập kết vật liệu xây dựng ở đầu ngõ kéo dài; đề nghị chi ủy làm việc với chủ hộ và nêu thời hạn dọn xong.",
		"Nhân dân đồng tình với việc mở rộng đường; có ba hộ còn băn khoăn về bồi thường, cần giải thích rõ căn cứ.",
		"Sinh hoạt hè cho thiếu nhi năm nay có tiến bộ; đề nghị giao chi đoàn chủ trì, Chi hội Cựu chiến binh phối hợp.",
		"Đề nghị kiểm tra việc thu tiền giữ xe ở chợ tạm, bà con có ý kiến về mức thu.",
		"Tôi thấy tỉ lệ dự họp tổ dân phố còn thấp; đảng viên cần vận động gia đình mình đi họp đầy đủ.",
		"Đề nghị phường trả lời dứt điểm kiến nghị về trạm biến áp; hai kỳ tiếp xúc cử tri chưa có kết quả.",
		"Cần biểu dương các hộ hiến đất làm ngõ; việc tốt phải được nêu tên kịp thời.",
	},
	Tasks: []Idea{
		{task.Economy, "Vận động các hộ phân loại rác tại nguồn", "hộ", 40, true, "Đã đến từng hộ hướng dẫn, phát tờ rơi và túi phân loại; các hộ ký cam kết."},
		{task.Economy, "Vận động ủng hộ Quỹ Vì người nghèo", "hộ", 30, true, "Đã vận động, lập danh sách và công khai tại nhà văn hóa."},
		{task.Economy, "Tổng vệ sinh tuyến ngõ, xóa điểm tập kết rác tự phát", "", 0, true, "Tuyến ngõ đã được dọn sạch, đặt chậu hoa thay điểm tập kết rác."},
		{task.Economy, "Rà soát hộ nghèo, hộ cận nghèo, hộ có hoàn cảnh khó khăn", "hộ", 20, false, "Đã rà soát, họp lấy ý kiến và gửi danh sách lên phường."},
		{task.Economy, "Vận động hộ kinh doanh không lấn chiếm vỉa hè, lòng đường", "hộ", 15, false, "Các hộ đã ký cam kết; hai hộ tự tháo dỡ mái che."},
		{task.Economy, "Thăm hỏi, giúp đỡ hộ có hoàn cảnh khó khăn", "hộ", 5, true, "Đã thăm, tặng quà và ghi nhận nguyện vọng của các hộ."},
		{task.Defence, "Kiểm tra, nhắc nhở các hộ về an toàn phòng cháy, chữa cháy", "hộ", 25, false, "Đã kiểm tra, lập biên bản nhắc nhở; các hộ thiếu bình chữa cháy đã mua bổ sung."},
		{task.Defence, "Rà soát người tạm trú, tạm vắng cùng công an khu vực", "hộ", 20, false, "Đã rà soát, hướng dẫn các trường hợp chưa khai báo thực hiện qua ứng dụng định danh."},
		{task.Defence, "Nắm tình hình, hòa giải mâu thuẫn giữa các hộ về lối đi chung", "", 0, false, "Hai bên đã thống nhất, có biên bản hòa giải thành."},
		{task.Defence, "Vận động thanh niên trong độ tuổi khám sơ tuyển nghĩa vụ quân sự", "thanh niên", 8, true, "Thanh niên trong danh sách đã khám đủ, có phiếu kết quả."},
		{task.Party, "Theo dõi, giúp đỡ quần chúng ưu tú vào Đảng", "", 0, false, "Đã gặp gỡ, giao việc thử thách; quần chúng tham gia tốt hoạt động của tổ."},
		{task.Party, "Chuẩn bị chuyên đề sinh hoạt quý", "", 0, false, "Dự thảo chuyên đề đã hoàn thành, gửi chi ủy góp ý."},
		{task.Party, "Thu, nộp đảng phí và đối chiếu sổ thu", "", 0, false, "Đã thu đủ, nộp đúng hạn, có phiếu thu."},
		{task.Party, "Thăm hỏi đảng viên cao tuổi, đảng viên ốm đau", "đảng viên", 4, false, "Đã thăm hỏi, chuyển lời thăm của chi ủy."},
		{task.System, "Hướng dẫn người dân nộp hồ sơ trực tuyến trên Cổng dịch vụ công", "hồ sơ", 20, true, "Đã hướng dẫn tại nhà văn hóa hai buổi tối; hồ sơ nộp thành công."},
		{task.System, "Củng cố ban giám sát đầu tư của cộng đồng, giám sát công trình thoát nước", "", 0, false, "Đã giám sát ba lần, ghi sổ và kiến nghị nhà thầu khắc phục mặt đường."},
		{task.System, "Kiện toàn chi hội, vận động kết nạp hội viên mới", "hội viên", 6, true, "Hội viên mới đã được kết nạp, phân công vào các tổ."},
		{task.System, "Niêm yết công khai các khoản thu, chi của tổ dân phố", "", 0, false, "Đã niêm yết tại nhà văn hóa đủ 15 ngày, không có ý kiến khiếu nại."},
	},
	Topics: []string{"ho_chi_minh", "residential_culture", "new_countryside", "environment", "security", "grassroots_democracy", "poverty", "recruit", "digital"},
}

// Agency is an office of a ward.
var Agency = Milieu{
	CellType: "agency", Block: "agency", Crowd: Officials, Leading: [2]int{38, 58},
	Duties: []string{
		"Cán bộ, công chức chấp hành nghiêm kỷ luật, kỷ cương hành chính; các nhiệm vụ theo chương trình công tác tháng cơ bản đúng tiến độ.",
		"Hồ sơ thủ tục hành chính được giải quyết đúng hạn trên chín mươi tám phần trăm; hồ sơ quá hạn đều có thư xin lỗi.",
		"Cơ quan thực hiện tiết kiệm điện, văn phòng phẩm; văn bản đi, đến được xử lý trên môi trường mạng.",
		"Đảng viên giữ mối liên hệ với chi ủy và nhân dân nơi cư trú, tham gia họp tổ dân phố.",
		"Công tác tiếp dân được duy trì theo lịch; không để tồn đọng đơn thư quá hạn.",
		"Quy chế làm việc, quy chế chi tiêu nội bộ được rà soát và sửa đổi cho phù hợp mô hình tổ chức mới.",
	},
	Plans: []string{
		"Nâng cao chất lượng tham mưu; hoàn thành các nhiệm vụ đến hạn, không để văn bản quá hạn.",
		"Đẩy mạnh cải cách hành chính, số hóa hồ sơ, tái sử dụng dữ liệu khi giải quyết thủ tục.",
		"Thực hành tiết kiệm, chống lãng phí trong quản lý tài sản công.",
		"Thực hiện tốt quy chế dân chủ ở cơ quan; giữ đoàn kết nội bộ.",
		"Tạo điều kiện để đoàn viên trẻ phấn đấu vào Đảng.",
	},
	Opinions: []string{
		"Một số văn bản giao nhiều đầu mối nên chậm; đề nghị mỗi việc chỉ giao một người chịu trách nhiệm.",
		"Đề nghị bố trí người trực hướng dẫn người cao tuổi ở bộ phận tiếp nhận vào hai ngày đầu tuần.",
		"Số hóa hồ sơ cũ còn chậm; cần chia theo quý và công khai tiến độ trên bảng chung.",
		"Tôi nhận khuyết điểm để hai văn bản quá hạn; nguyên nhân là chưa chủ động báo cáo khi vướng.",
		"Cần rút gọn cuộc họp giao ban, gửi tài liệu trước để dành thời gian thảo luận việc khó.",
		"Đề nghị quan tâm bồi dưỡng nghiệp vụ cho công chức mới chuyển công tác về phường.",
		"Việc giữ mối liên hệ nơi cư trú cần có xác nhận cụ thể, tránh hình thức cuối năm.",
		"Đề nghị rà soát việc sử dụng xe và điện chiếu sáng ngoài giờ, còn biểu hiện lãng phí.",
	},
	Tasks: []Idea{
		{task.System, "Số hóa hồ sơ hộ tịch lưu tại cơ quan", "hồ sơ", 200, false, "Đã số hóa, kiểm tra chéo và ký xác nhận dữ liệu."},
		{task.System, "Rà soát, cắt giảm thời gian giải quyết thủ tục hành chính", "thủ tục", 4, false, "Đã trình quy trình nội bộ mới, rút ngắn trung bình một ngày làm việc."},
		{task.System, "Hướng dẫn nhân dân sử dụng dịch vụ công trực tuyến tại bộ phận một cửa", "lượt", 60, true, "Đã hướng dẫn đủ số lượt, có sổ theo dõi."},
		{task.Economy, "Theo dõi tiến độ giải ngân các công trình của phường", "công trình", 3, false, "Đã báo cáo tuần, tháo gỡ vướng mắc thanh toán cho một công trình."},
		{task.Party, "Tham mưu kế hoạch kiểm tra, giám sát của chi bộ", "", 0, false, "Kế hoạch đã được chi ủy thông qua."},
		{task.Party, "Đối chiếu hồ sơ đảng viên, bổ sung phiếu hằng năm", "hồ sơ", 8, false, "Đã đối chiếu xong, bổ sung giấy tờ còn thiếu."},
		{task.Defence, "Cập nhật phương án phòng cháy, chữa cháy và cứu nạn của cơ quan", "", 0, false, "Phương án đã được duyệt, tổ chức diễn tập một buổi."},
		{task.Party, "Hướng dẫn, giúp đỡ đoàn viên ưu tú của cơ quan", "", 0, false, "Đoàn viên đã học lớp bồi dưỡng nhận thức về Đảng."},
		{task.System, "Niêm yết và trả lời phản ánh, kiến nghị của người dân", "phản ánh", 10, false, "Các phản ánh đã được trả lời bằng văn bản hoặc tin nhắn."},
	},
	Topics: []string{"ho_chi_minh", "administrative_reform", "digital", "anti_corruption", "exemplary", "self_criticism", "grassroots_democracy"},
}

// School is the staff of a school.
var School = Milieu{
	CellType: "agency", Block: "school", Crowd: Teachers, Leading: [2]int{34, 56},
	Duties: []string{
		"Nhà trường thực hiện đúng kế hoạch giáo dục; nền nếp dạy và học được giữ vững.",
		"Giáo viên đảng viên đi đầu đổi mới phương pháp, sử dụng học liệu số; các tiết dự giờ đều đạt loại khá trở lên.",
		"Công tác bán trú, an toàn thực phẩm được kiểm tra hằng ngày, có sổ lưu mẫu.",
		"Phụ đạo học sinh còn hạn chế được duy trì hai buổi mỗi tuần, không thu tiền.",
		"Phối hợp với công an phường tuyên truyền an toàn giao thông và phòng, chống bạo lực học đường.",
		"Các khoản thu được công khai trước phụ huynh; không có khoản thu ngoài quy định.",
	},
	Plans: []string{
		"Nâng cao chất lượng dạy và học; quan tâm học sinh có hoàn cảnh khó khăn.",
		"Giữ kỷ cương, nền nếp; bảo đảm an toàn trường học, không để xảy ra bạo lực học đường.",
		"Thực hiện nghiêm quy định về dạy thêm, học thêm; đảng viên ký cam kết và tự giác thực hiện.",
		"Đẩy mạnh chuyển đổi số trong quản lý và dạy học.",
		"Bồi dưỡng giáo viên trẻ, tạo nguồn phát triển đảng viên.",
	},
	Opinions: []string{
		"Đề nghị thống nhất cách ghi sổ điện tử giữa các tổ để phụ huynh dễ theo dõi.",
		"Học sinh đi xe điện còn chưa đội mũ bảo hiểm; giáo viên chủ nhiệm cần phối hợp với gia đình.",
		"Phụ đạo nên giao theo nhóm kiến thức hổng, không dạy lại toàn bộ bài.",
		"Đề nghị nhà trường quan tâm tâm lý học đường; phòng tư vấn cần có lịch trực cố định.",
		"Tôi xin nhận trách nhiệm về việc nộp hồ sơ chuyên môn chậm ba ngày và hứa khắc phục.",
		"Việc dự giờ cần góp ý thẳng thắn, tránh khen chung chung.",
		"Bếp ăn bán trú cần mời phụ huynh kiểm tra đột xuất mỗi tháng.",
		"Đề nghị giảm các cuộc thi hình thức để giáo viên dành thời gian cho lớp học.",
		"Đoàn viên trẻ rất nhiệt tình; chi bộ nên giao việc cụ thể để có căn cứ xem xét kết nạp.",
	},
	Tasks: []Idea{
		{task.Economy, "Phụ đạo học sinh còn hạn chế, không thu tiền", "học sinh", 24, false, "Các em tiến bộ, có bài kiểm tra trước và sau."},
		{task.Economy, "Tổ chức chuyên đề đổi mới phương pháp dạy học cấp tổ", "tiết", 4, false, "Đã dạy minh họa, rút kinh nghiệm có biên bản."},
		{task.Economy, "Vận động quỹ khuyến học giúp học sinh khó khăn", "suất quà", 15, true, "Đã trao đủ số suất, có danh sách ký nhận."},
		{task.Defence, "Kiểm tra an toàn trường học, phòng cháy, chữa cháy", "phòng", 18, false, "Đã kiểm tra, thay bình chữa cháy hết hạn."},
		{task.Defence, "Tuyên truyền an toàn giao thông, phòng, chống bạo lực học đường", "buổi", 2, true, "Đã tổ chức dưới cờ, học sinh ký cam kết."},
		{task.Party, "Bồi dưỡng đoàn viên ưu tú là giáo viên trẻ", "", 0, false, "Đã giao nhiệm vụ chủ nhiệm câu lạc bộ, hoàn thành tốt."},
		{task.Party, "Chuẩn bị chuyên đề học tập và làm theo Bác", "", 0, false, "Dự thảo chuyên đề đã gửi chi ủy."},
		{task.System, "Cập nhật dữ liệu học sinh trên cơ sở dữ liệu ngành", "lớp", 12, false, "Dữ liệu đã cập nhật đủ, đối chiếu khớp."},
		{task.System, "Công khai các khoản thu và nghe ý kiến phụ huynh", "", 0, false, "Đã công khai, không có ý kiến phản ánh."},
	},
	Topics: []string{"ho_chi_minh", "digital", "exemplary", "self_criticism", "recruit", "administrative_reform"},
}

// Health is a health station.
var Health = Milieu{
	CellType: "agency", Block: "health", Crowd: Healers, Leading: [2]int{36, 57},
	Duties: []string{
		"Trạm duy trì trực cấp cứu; khám bảo hiểm y tế cho nhân dân đúng quy trình.",
		"Tiêm chủng mở rộng đạt kế hoạch tháng; theo dõi sau tiêm an toàn.",
		"Giám sát dịch bệnh được thực hiện hằng tuần; xử lý kịp thời ổ dịch sốt xuất huyết.",
		"Lập và cập nhật hồ sơ sức khỏe điện tử cho người dân theo kế hoạch.",
	},
	Plans: []string{
		"Nâng cao tinh thần, thái độ phục vụ người bệnh; giữ y đức.",
		"Hoàn thành kế hoạch tiêm chủng, khám sức khỏe người cao tuổi.",
		"Chủ động phòng, chống dịch; phối hợp các tổ dân phố diệt bọ gậy.",
	},
	Opinions: []string{
		"Cần bố trí thêm bàn hướng dẫn vào ngày tiêm chủng, tránh để cha mẹ chờ lâu.",
		"Đề nghị các tổ dân phố cử người đi cùng cán bộ trạm khi diệt bọ gậy.",
		"Hồ sơ sức khỏe điện tử còn trùng; phải đối chiếu với dữ liệu dân cư.",
		"Tôi đề nghị phân công trực rõ hơn trong dịp nghỉ lễ.",
	},
	Tasks: []Idea{
		{task.Economy, "Tiêm chủng mở rộng cho trẻ em trên địa bàn", "trẻ", 45, false, "Đã tiêm đủ, theo dõi sau tiêm an toàn."},
		{task.Economy, "Khám sức khỏe định kỳ cho người cao tuổi", "người", 60, true, "Đã khám, tư vấn và lập danh sách người cần theo dõi."},
		{task.Economy, "Diệt bọ gậy phòng sốt xuất huyết tại các tổ dân phố", "hộ", 120, true, "Đã kiểm tra, lật úp dụng cụ chứa nước, không còn ổ bọ gậy."},
		{task.System, "Cập nhật hồ sơ sức khỏe điện tử", "hồ sơ", 150, false, "Đã cập nhật và đối chiếu với dữ liệu dân cư."},
		{task.Party, "Thực hiện bản cam kết y đức, nêu gương của đảng viên", "", 0, false, "Đã thực hiện, không có phản ánh của người bệnh."},
	},
	Topics: []string{"ho_chi_minh", "exemplary", "digital", "administrative_reform"},
}

// Police are the police or the military of a ward.
var Police = Milieu{
	CellType: "armed_forces", Crowd: Guards, Leading: [2]int{35, 52},
	Duties: []string{
		"Đơn vị duy trì nghiêm chế độ trực; tình hình an ninh trật tự trên địa bàn được giữ vững.",
		"Điều lệnh, kỷ luật được chấp hành tốt; không có cán bộ, chiến sĩ vi phạm.",
		"Phối hợp với các chi bộ tổ dân phố xây dựng phong trào toàn dân bảo vệ an ninh Tổ quốc.",
		"Hoàn thành chỉ tiêu huấn luyện tháng; vũ khí, công cụ được bảo quản đúng quy định.",
	},
	Plans: []string{
		"Giữ vững kỷ luật, sẵn sàng chiến đấu; hoàn thành nhiệm vụ cấp trên giao.",
		"Tăng cường nắm tình hình, giải quyết vụ việc từ cơ sở, không để phát sinh phức tạp.",
		"Quan tâm đời sống cán bộ, chiến sĩ; xây dựng đơn vị vững mạnh toàn diện.",
	},
	Opinions: []string{
		"Cần rút kinh nghiệm về phối hợp tuần tra ban đêm giữa các tổ.",
		"Đề nghị tăng thời gian huấn luyện tình huống tiếp dân.",
		"Bám địa bàn phải đi vào việc cụ thể; mỗi đồng chí phụ trách tổ dân phố cần dự họp tổ dân phố hằng quý.",
		"Tôi tự nhận thấy việc ghi sổ công tác còn chậm, sẽ khắc phục ngay trong tuần.",
		"Đề nghị quan tâm nơi ăn nghỉ của chiến sĩ trực đêm.",
	},
	Tasks: []Idea{
		{task.Defence, "Tuần tra, kiểm soát các tuyến phức tạp vào ban đêm", "lượt", 24, false, "Đã tuần tra đủ lượt, xử lý các trường hợp vi phạm theo quy định."},
		{task.Defence, "Tuyên truyền phòng, chống lừa đảo qua mạng tại tổ dân phố", "buổi", 4, true, "Đã tuyên truyền, nhân dân tham gia đông."},
		{task.Defence, "Kiểm tra an toàn phòng cháy, chữa cháy tại cơ sở kinh doanh", "cơ sở", 12, false, "Đã kiểm tra, lập biên bản, yêu cầu khắc phục."},
		{task.Party, "Quản lý tư tưởng, nắm tình hình gia đình cán bộ, chiến sĩ", "", 0, false, "Đã gặp gỡ, không có vấn đề phát sinh."},
		{task.System, "Hỗ trợ cấp tài khoản định danh điện tử cho người cao tuổi tại nhà", "người", 20, false, "Đã cấp tại nhà cho người già yếu."},
		{task.Party, "Học tập truyền thống đơn vị, chuẩn bị tài liệu sinh hoạt", "", 0, false, "Tài liệu đã hoàn thành."},
	},
	Topics: []string{"ho_chi_minh", "security", "readiness", "exemplary", "self_criticism"},
}

// StateFirm is a company of the state.
var StateFirm = Milieu{
	CellType: "enterprise_state", Crowd: Workers, Leading: [2]int{36, 57},
	Duties: []string{
		"Công ty hoàn thành khối lượng dịch vụ công ích theo hợp đồng; doanh thu tháng đạt kế hoạch.",
		"Việc làm, tiền lương của người lao động được bảo đảm; không có tai nạn lao động.",
		"Thực hiện tiết kiệm nhiên liệu, vật tư; sửa chữa phương tiện đúng định mức.",
	},
	Plans: []string{
		"Hoàn thành kế hoạch sản xuất, nâng chất lượng dịch vụ; tiết giảm chi phí.",
		"Chăm lo đời sống, an toàn lao động cho người lao động.",
		"Phòng, chống lãng phí, tiêu cực trong mua sắm vật tư.",
	},
	Opinions: []string{
		"Đề nghị điều chỉnh giờ thu gom để tránh giờ học sinh tan trường.",
		"Định mức nhiên liệu cần xây dựng lại theo từng tuyến.",
		"Đề nghị công đoàn kiểm tra trang bị bảo hộ lao động của tổ ban đêm.",
		"Thiết bị cũ hỏng nhiều, nên có kế hoạch thay thế theo quý.",
	},
	Tasks: []Idea{
		{task.Economy, "Bảo đảm thu gom đúng giờ trên các tuyến", "tuyến", 14, false, "Các tuyến thu gom đúng giờ, phản ánh giảm."},
		{task.Economy, "Rà soát định mức nhiên liệu, vật tư", "xe", 9, false, "Đã rà soát, đề xuất định mức mới."},
		{task.Defence, "Huấn luyện an toàn lao động", "người", 35, false, "Đã huấn luyện, kiểm tra đạt yêu cầu."},
		{task.Party, "Bồi dưỡng công nhân ưu tú", "", 0, false, "Đã giao nhiệm vụ tổ trưởng, hoàn thành tốt."},
		{task.System, "Phối hợp công đoàn tổ chức đối thoại với người lao động", "", 0, false, "Đã đối thoại, giải quyết ba kiến nghị."},
	},
	Topics: []string{"ho_chi_minh", "production", "environment", "anti_corruption", "labour_relations"},
}

// PrivateFirm is a private company.
var PrivateFirm = Milieu{
	CellType: "enterprise_private", Crowd: Workers, Leading: [2]int{34, 57},
	Duties: []string{
		"Doanh nghiệp giữ được đơn hàng; việc làm và thu nhập của người lao động ổn định.",
		"Pháp luật lao động, bảo hiểm xã hội được chấp hành; không có tranh chấp lao động.",
	},
	Plans: []string{
		"Vận động người lao động thi đua nâng cao năng suất, chất lượng.",
		"Phối hợp công đoàn chăm lo đời sống công nhân, phát hiện quần chúng ưu tú.",
	},
	Opinions: []string{
		"Đề nghị họp vào cuối ca để đảng viên các chuyền dự đủ.",
		"Công nhân mong có chỗ gửi trẻ gần nhà máy; đề nghị kiến nghị với phường.",
		"Cần thuyết phục chủ doanh nghiệp tạo điều kiện thời gian sinh hoạt chi bộ.",
	},
	Tasks: []Idea{
		{task.Economy, "Vận động công nhân thi đua nâng cao năng suất chuyền may", "chuyền", 4, false, "Năng suất các chuyền tăng, có bảng theo dõi."},
		{task.System, "Nắm tâm tư công nhân, phản ánh với công đoàn", "", 0, false, "Đã tổng hợp, công đoàn giải quyết hai kiến nghị."},
		{task.Party, "Giúp đỡ công nhân ưu tú phấn đấu vào Đảng", "", 0, false, "Đã giao việc, theo dõi hằng tháng."},
	},
	Topics: []string{"ho_chi_minh", "production", "labour_relations"},
}

// Students are those of a college.
var Students = Milieu{
	CellType: "students", Block: "school", Crowd: Pupils, Leading: [2]int{23, 42},
	Duties: []string{
		"Sinh viên đảng viên gương mẫu trong học tập; kết quả học kỳ đạt loại khá trở lên.",
		"Chi bộ lãnh đạo Đoàn trường tổ chức hiến máu, tình nguyện tại khu dân cư.",
	},
	Plans: []string{
		"Giữ nghiêm nội quy; không gian lận trong thi cử; tích cực nghiên cứu khoa học.",
		"Đẩy mạnh hoạt động tình nguyện; bồi dưỡng đoàn viên ưu tú.",
	},
	Opinions: []string{
		"Đề nghị lập nhóm học tập giúp sinh viên năm thứ nhất.",
		"Cần nhắc sinh viên thận trọng khi làm thêm và khi dùng mạng xã hội.",
		"Hoạt động tình nguyện nên gắn với nhu cầu của tổ dân phố gần trường.",
		"Tôi xin tự phê bình vì vắng một buổi trực ký túc xá và sẽ trực bù.",
	},
	Tasks: []Idea{
		{task.Economy, "Tổ chức ngày tình nguyện hỗ trợ chuyển đổi số tại tổ dân phố", "người", 30, false, "Đã hỗ trợ người dân cài đặt và sử dụng."},
		{task.System, "Vận động sinh viên cam kết không gian lận thi cử", "sinh viên", 80, true, "Sinh viên đã ký cam kết theo lớp."},
		{task.Party, "Giúp đỡ đoàn viên ưu tú phấn đấu vào Đảng", "", 0, false, "Đoàn viên đã học lớp bồi dưỡng nhận thức về Đảng."},
		{task.Defence, "Tuyên truyền phòng, chống lừa đảo qua mạng trong ký túc xá", "phòng", 20, false, "Đã tuyên truyền từng phòng."},
	},
	Topics: []string{"ho_chi_minh", "study_ethics", "digital", "recruit"},
}
