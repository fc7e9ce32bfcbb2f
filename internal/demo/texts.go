package demo

// What is said in every sort of cell. The words are those of ordinary minutes:
// short, respectful, about a matter of the place.

// occasions is what a month of the calendar brings, January first.
var occasions = [12]string{
	"chuẩn bị đón Tết Nguyên đán, chăm lo gia đình chính sách và hộ khó khăn",
	"kỷ niệm ngày thành lập Đảng Cộng sản Việt Nam 03/02, động viên thanh niên lên đường nhập ngũ",
	"hưởng ứng Tháng Thanh niên, kỷ niệm ngày thành lập Đoàn 26/3",
	"kỷ niệm ngày Giải phóng miền Nam, thống nhất đất nước 30/4 và Quốc tế Lao động 01/5",
	"kỷ niệm ngày sinh Chủ tịch Hồ Chí Minh 19/5, hưởng ứng Tháng hành động vì trẻ em",
	"sơ kết sáu tháng đầu năm, tổ chức hè an toàn cho thiếu nhi, phòng, chống thiên tai",
	"kỷ niệm ngày Thương binh - Liệt sĩ 27/7, tri ân người có công",
	"kỷ niệm Cách mạng tháng Tám và Quốc khánh 02/9, chuẩn bị năm học mới",
	"chào mừng năm học mới, tổ chức Tết Trung thu cho thiếu nhi",
	"hưởng ứng Ngày Chuyển đổi số quốc gia 10/10 và Tháng cao điểm Vì người nghèo",
	"tổ chức Ngày hội Đại đoàn kết toàn dân tộc 18/11",
	"kỷ niệm ngày thành lập Quân đội nhân dân Việt Nam 22/12, kiểm điểm, đánh giá, xếp loại cuối năm",
}

var ideology = []string{
	"Đảng viên và nhân dân tin tưởng vào sự lãnh đạo của Đảng; quan tâm đến chất lượng phục vụ của chính quyền phường sau sắp xếp.",
	"Tư tưởng đảng viên ổn định; dư luận quan tâm giá cả sinh hoạt và việc làm của thanh niên.",
	"Nhân dân phấn khởi trước các công trình được đầu tư; còn băn khoăn về tiến độ và vệ sinh trong khi thi công.",
	"Đảng viên nhất trí với chủ trương chung; đề nghị thông tin kịp thời hơn về những việc nhân dân đang hỏi.",
	"Trên mạng xã hội có tin chưa kiểm chứng; chi bộ nhắc đảng viên không chia sẻ, giải thích cho gia đình và hàng xóm.",
	"Tâm trạng chung phấn khởi; một số đồng chí lo lắng về tình trạng lừa đảo qua điện thoại nhằm vào người cao tuổi.",
}

var information = []string{
	"Thông tin kết quả kỳ họp Hội đồng nhân dân phường; những nội dung liên quan trực tiếp đến đời sống nhân dân.",
	"Thông báo tình hình thời sự trong nước, quốc tế theo tài liệu sinh hoạt chi bộ của Ban Tuyên giáo và Dân vận cấp trên.",
	"Phổ biến quy định mới về sinh hoạt chi bộ và trách nhiệm của đảng viên; trao đổi những điểm mới.",
	"Thông tin về chủ trương phát triển kinh tế - xã hội của phường trong quý và các công trình trọng điểm.",
	"Phổ biến hướng dẫn về kiểm điểm, đánh giá, xếp loại chất lượng tổ chức đảng và đảng viên.",
	"Thông tin về chuyển đổi số của phường; cách tra cứu hồ sơ và phản ánh kiến nghị trực tuyến.",
	"Phổ biến văn bản của cấp trên về thực hành tiết kiệm, phòng, chống lãng phí.",
	"Thông tin tình hình an ninh trật tự và các thủ đoạn lừa đảo mới để đảng viên nhắc nhở gia đình.",
}

// politics are sentences of part I.1 of a resolution.
var politics = []string{
	"Chi bộ triển khai đầy đủ các văn bản của cấp trên; đảng viên giữ vững lập trường, nêu gương trong công tác và nơi cư trú.",
	"Đảng viên chấp hành nghiêm Điều lệ Đảng, quy định về những điều đảng viên không được làm; nội bộ đoàn kết, thống nhất.",
	"Việc học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh được duy trì, gắn với việc làm cụ thể hằng tháng.",
	"Tình hình tư tưởng của đảng viên và nhân dân ổn định, tin tưởng vào sự lãnh đạo của Đảng.",
}

var limits = []string{
	"Một số nhiệm vụ còn chậm so với thời hạn; nguyên nhân chủ yếu do phân công chưa rõ đầu mối và chưa kiểm tra giữa kỳ.",
	"Việc tự phê bình và phê bình có lúc còn nể nang; ý kiến phát biểu chưa đều giữa các đồng chí.",
	"Công tác tạo nguồn phát triển đảng viên còn khó khăn do thanh niên đi học, đi làm xa.",
	"Còn đồng chí vắng sinh hoạt vì lý do cá nhân; chi ủy chưa nhắc nhở kịp thời.",
	"Tài liệu sinh hoạt có tháng gửi sát ngày họp, đảng viên chưa có nhiều thời gian nghiên cứu.",
}

// plans are sentences of part II that fit every cell.
var plans = []string{
	"Lãnh đạo đảng viên thực hiện nghiêm nghị quyết của Đảng ủy phường và nghị quyết tháng của chi bộ.",
	"Duy trì nền nếp sinh hoạt; chuẩn bị nội dung ngắn gọn, có trọng tâm; gửi tài liệu trước ít nhất một ngày.",
	"Kiểm tra giữa tháng đối với các nhiệm vụ đã giao; báo cáo kết quả kèm minh chứng.",
	"Tăng cường tự phê bình và phê bình; kịp thời biểu dương gương người tốt, việc tốt.",
}

// opinions are said in every sort of cell.
var opinions = []string{
	"Tôi nhất trí với dự thảo nghị quyết; đề nghị ghi rõ thời hạn và người chịu trách nhiệm cho từng việc.",
	"Nhiệm vụ tháng trước chưa xong nên ghi rõ nguyên nhân, không chuyển sang tháng sau một cách chung chung.",
	"Đề nghị rút ngắn phần đọc tài liệu vì đã gửi trước, dành thời gian cho thảo luận.",
	"Tôi đồng ý với đánh giá của chi ủy; cần biểu dương các đồng chí hoàn thành trước hạn.",
	"Đề nghị phân công việc cho đảng viên dự bị để rèn luyện và có căn cứ nhận xét.",
	"Chi bộ nên chọn một việc khó để làm dứt điểm trong quý, tránh dàn trải.",
	"Đề nghị các đồng chí cao tuổi góp ý nhiều hơn về kinh nghiệm vận động nhân dân.",
	"Tôi đề nghị bổ sung vào phương hướng việc kiểm tra giữa tháng.",
	"Việc báo cáo kết quả cần kèm ảnh hoặc danh sách để các đồng chí cùng biết.",
	"Đề nghị chi ủy phản hồi các kiến nghị tháng trước của đảng viên ngay đầu buổi sinh hoạt.",
	"Nội dung sinh hoạt tháng này thiết thực; đề nghị duy trì cách chuẩn bị như vậy.",
	"Đề nghị quan tâm thăm hỏi các đồng chí được miễn sinh hoạt, thông báo nghị quyết cho các đồng chí biết.",
}

// probationers say things as younger comrades do.
var probationers = []string{
	"Tôi xin báo cáo kết quả nhiệm vụ được giao trong tháng và mong các đồng chí góp ý để tiến bộ.",
	"Là đảng viên dự bị, tôi xin nhận phần việc hướng dẫn bà con sử dụng dịch vụ công trực tuyến.",
}

// committee is said where the committee meets before the cell.
var committee = []string{
	"Thống nhất ba trọng tâm của tháng; bí thư chuẩn bị báo cáo, phó bí thư dự thảo nghị quyết.",
	"Cần nhắc các đồng chí có nhiệm vụ sắp đến hạn báo cáo trước buổi sinh hoạt.",
	"Đề nghị dành thời gian cho nội dung nhân dân đang quan tâm, gợi ý trước hai đồng chí phát biểu.",
	"Rà soát các nhiệm vụ chưa xong, đề xuất gia hạn việc có lý do khách quan.",
	"Thống nhất biểu dương một đồng chí và nhắc nhở việc chậm báo cáo.",
}

// A word of praise, reminder or criticism, and what is answered. %s is a name.
var (
	praises = []string{
		"Biểu dương đồng chí %s đã chủ động, hoàn thành nhiệm vụ trước thời hạn, được nhân dân ghi nhận.",
		"Biểu dương đồng chí %s tận tình giúp đỡ hộ khó khăn, nêu gương tốt cho chi bộ học tập.",
		"Biểu dương đồng chí %s có sáng kiến tốt trong công việc được giao.",
	}
	reminders = []string{
		"Nhắc nhở đồng chí %s báo cáo kết quả nhiệm vụ đúng hạn.",
		"Nhắc nhở đồng chí %s sắp xếp công việc để dự sinh hoạt đầy đủ, đúng giờ.",
	}
	reproaches = []string{
		"Đề nghị đồng chí %s rút kinh nghiệm về việc chưa gương mẫu để vật liệu lấn ra lối đi chung.",
		"Phê bình đồng chí %s để nhiệm vụ quá hạn mà không báo cáo lý do.",
	}
	replies = []string{
		"Tôi tiếp thu ý kiến của các đồng chí, sẽ khắc phục ngay trong tháng.",
		"Tôi xin nhận khuyết điểm; thời gian qua gia đình có việc nên chưa báo cáo kịp, tôi sẽ hoàn thành trong tuần tới.",
	}
	reflections = []string{
		"Tôi tự nhận thấy còn ngại phát biểu, chưa mạnh dạn góp ý cho đồng chí mình; xin hứa sửa chữa.",
		"Tôi chưa sâu sát nhóm hộ được phân công; tháng tới tôi sẽ đến từng hộ.",
		"Tôi còn chậm trong việc ghi chép, báo cáo; xin rút kinh nghiệm.",
	}
)

var stories = []string{
	"Chuyện Bác Hồ với chiếc áo ấm tặng chiến sĩ",
	"Chuyện về đôi dép cao su giản dị của Bác",
	"Bác Hồ đi thăm bếp ăn tập thể",
	"Bài học về giữ lời hứa: chiếc vòng bạc",
	"Chuyện Bác tiết kiệm từng tờ giấy",
	"Bác Hồ với việc tự học ngoại ngữ",
	"Chuyện Bác trồng cây và nhắc nhở việc chăm cây",
	"Bác Hồ thăm hỏi người quét rác đêm giao thừa",
}

var absences = []string{
	"Ốm, có báo cáo", "Đi khám bệnh", "Đi công tác", "Gia đình có việc hiếu", "Trực ca", "Chăm người thân nằm viện", "Về quê có việc gia đình", "Con ốm",
}

var oldAge = []string{"Sức khỏe yếu", "Đi khám bệnh định kỳ", "Đang điều trị tại bệnh viện", "Đau khớp, đi lại khó khăn"}

var progress = []string{
	"Đã lập danh sách và bắt đầu thực hiện.", "Đã làm được khoảng một nửa, đang tiếp tục.", "Đang thực hiện đúng tiến độ.",
	"Đã phối hợp với Ban Công tác Mặt trận, còn một số trường hợp đi vắng.",
}

var (
	extendReasons = []string{
		"Mưa bão kéo dài, chưa triển khai được ngoài trời.", "Chờ hướng dẫn của cấp trên về biểu mẫu.", "Một số hộ đi vắng dài ngày, cần thêm thời gian.",
	}
	partlyReasons  = []string{"Mới hoàn thành một phần, số còn lại chuyển tháng sau.", "Một số trường hợp đi vắng, chưa thực hiện được."}
	undoneReasons  = []string{"Chưa triển khai, đồng chí được giao chưa báo cáo kết quả.", "Chưa thực hiện được do chưa bố trí được thời gian."}
	againReasons   = []string{"Báo cáo chưa có số liệu, đề nghị bổ sung.", "Chưa có minh chứng kèm theo, đề nghị gửi ảnh hoặc danh sách."}
	handReasons    = []string{"Đồng chí đi công tác dài ngày.", "Chuyển cho đồng chí phụ trách nhóm hộ."}
	lateReasons    = []string{"Bận việc gia đình, báo cáo chậm.", "Chờ xác nhận của cơ quan liên quan."}
	postponements  = []string{"Ảnh hưởng của mưa bão, bảo đảm an toàn cho đảng viên.", "Bí thư được triệu tập dự hội nghị của Đảng ủy phường.", "Tổ dân phố tổ chức tang lễ một đồng chí đảng viên lão thành."}
	tardyReasons   = []string{"Bí thư bận việc riêng, chi ủy chưa chuẩn bị kịp nội dung.", "Chưa mượn được hội trường, lùi lịch họp.", "Nhiều đảng viên bận, chi ủy thống nhất lùi ngày."}
	sentBack       = []string{"Phiếu tự chấm có dòng cao hơn số liệu điểm danh và kết quả nhiệm vụ, chưa nêu lý do. Đề nghị chi bộ rà soát.", "Biên bản chưa nêu rõ kết quả thực hiện nhiệm vụ tháng trước. Đề nghị bổ sung.", "Đề nghị nêu rõ nguyên nhân tỉ lệ đảng viên dự sinh hoạt thấp và biện pháp khắc phục."}
	minority       = "Tôi đề nghị lùi thời hạn thêm một tháng vì việc này cần khảo sát kỹ; xin bảo lưu ý kiến."
	mixedReason    = "Một số đảng viên đi công tác, theo ca; được Đảng ủy phường đồng ý sinh hoạt trực tiếp kết hợp trực tuyến."
	claimed        = "Chi ủy đánh giá chi bộ đã có nhiều cố gắng."
	visitorsReason = "Dự và chỉ đạo sinh hoạt chi bộ"
)

// byHand is what a cell notes of steps that it took without an item of their
// own on the agenda.
var byHand = map[string]string{
	"sum_up":      "Đồng chí chủ trì tổng hợp ý kiến trong phần kết luận",
	"orientation": "Đồng chí chủ trì định hướng trong phần công tác tư tưởng",
}
