package e2e

import "testing"

// writing brings the secretary to the form for a new item of the agenda.
func writing(h *house, v *visitor) (form string) {
	v.prepareMeeting().press("Chương trình").press("Thêm nội dung")
	return v.path()
}

const (
	subject = "Bàn việc làm đường ngõ 12"
	detail  = "Nhà ông Tư và nhà bà Năm chưa thống nhất chỗ mở ngõ.\nMời hai nhà cùng dự."
)

// TestNothingTypedIsLost takes away the session, the network, and the state of
// things while somebody types.
func TestNothingTypedIsLost(t *testing.T) {
	t.Run("the session ends", func(t *testing.T) {
		h := open(t)
		v := h.visit(t, phone).signIn(secretary)
		writing(h, v)
		v.fill("Nội dung", subject).fill("Nội dung cụ thể lần này", detail)
		h.visit(t, desk).signIn(secretary).open("/account").press("Đăng xuất mọi thiết bị khác")
		v.press("Lưu").see("Nội dung đồng chí vừa nhập vẫn được giữ")
		a := holderOf(t, secretary)
		v.fill("Tên đăng nhập", a.login).fill("Mật khẩu", a.password).press("Đăng nhập")
		v.press("Gửi tiếp")
		v.see("Đã thêm nội dung.", subject, "Mời hai nhà cùng dự.")
	})
	t.Run("the network goes", func(t *testing.T) {
		h := open(t)
		v := h.visit(t, phone).signIn(secretary)
		form := writing(h, v)
		v.fill("Nội dung", subject)
		v.offline(true)
		v.fill("Nội dung cụ thể lần này", detail)
		v.hit(v.must("press", "Lưu"))
		v.wait(func() bool { return v.search("field", "Nội dung").Found == false })
		v.offline(false)
		v.open(form).see("Đã đưa lại nội dung đồng chí nhập dở lần trước.")
		if got := v.value("Nội dung cụ thể lần này"); got != detail {
			t.Errorf("what came back is %q", got)
		}
		v.press("Lưu").see("Đã thêm nội dung.", subject, "Mời hai nhà cùng dự.")
		v.open(form).lacks("Đã đưa lại nội dung")
	})
	t.Run("somebody was faster", func(t *testing.T) {
		h := open(t)
		slow, fast := h.visit(t, desk).signIn(secretary), h.visit(t, desk).signIn(deputy)
		writing(h, slow)
		slow.fill("Nội dung", subject).press("Lưu").press(subject)
		fast.open(slow.path()).fill("Nội dung cụ thể lần này", "Đã hòa giải xong.").press("Lưu").see("Đã hòa giải xong.")
		slow.fill("Nội dung cụ thể lần này", detail).press("Lưu").see("Người khác vừa sửa nội dung này.")
		if got := slow.value("Nội dung cụ thể lần này"); got != detail {
			t.Errorf("after the refusal the field has %q", got)
		}
		if slow.status() != 409 {
			t.Errorf("the refusal answers %d", slow.status())
		}
		slow.open(fast.path()).see("Đã hòa giải xong.").press(subject).see("Đã đưa lại nội dung đồng chí nhập dở lần trước.")
		if got := slow.value("Nội dung cụ thể lần này"); got != detail {
			t.Errorf("beside the new state the field has %q", got)
		}
		slow.press("Lưu").see("Mời hai nhà cùng dự.")
	})
}
