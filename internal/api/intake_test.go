package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"chibo/internal/testkit"
)

// TestARegisterComesInAndGoesOut sends a spreadsheet, looks at what it says,
// writes what is right and takes it back, as another program would.
func TestARegisterComesInAndGoesOut(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		w := newWorld(k)
		p := newProgram(t, w.Site, w.SecretaryA, true)
		members := "/api/v1/members?words=Lo+Thi+May&unit=" + w.CellA.ID.String()
		there := func() int { return len(p.send(http.MethodGet, members, "").body["items"].([]any)) }
		send := func(method, path, body string, version any) reply {
			return p.send(method, "/api/v1"+path, body, "If-Match", fmt.Sprintf("%q", fmt.Sprint(version)), "Content-Type", "application/json")
		}

		sent := p.send(http.MethodPost, "/api/v1/units/"+w.CellA.ID.String()+"/imports/members?name=danh-sach.csv", oneWrong)
		p.want(sent, http.StatusCreated, `"state":"sent"`, "danh-sach.csv", "Vàng A Páo")
		at := "/imports/" + sent.body["id"].(string)
		p.want(send(http.MethodPost, at+"/check", `{"columns":["birth_name"]}`, 1), http.StatusUnprocessableEntity, `"field":"columns"`)
		checking := send(http.MethodPost, at+"/check", `{"columns":["birth_name","sex","birth","ceremony","recognised"]}`, 1)
		p.want(checking, http.StatusOK, `"state":"checking"`)
		w.work()
		checked := p.send(http.MethodGet, "/api/v1"+at, "")
		p.want(checked, http.StatusOK, `"state":"checked"`, `"rejected":1`, `"ok":1`)
		p.want(p.send(http.MethodGet, "/api/v1"+at+"/rows", ""), http.StatusOK, "Vàng A Páo", `"field":"birth"`)
		p.want(p.send(http.MethodGet, "/api/v1"+at+"/rows?which=sample", ""), http.StatusOK, "Lò Thị Mây")
		p.want(p.send(http.MethodGet, "/api/v1"+at+"/rejected", ""), http.StatusOK, "Vàng A Páo", "Lý do trả lại")

		p.want(send(http.MethodPost, at+"/apply", "", 1), http.StatusPreconditionFailed)
		p.want(send(http.MethodPost, at+"/apply", "", checked.body["version"]), http.StatusOK, `"state":"applying"`)
		w.work()
		if n := there(); n != 1 {
			t.Fatalf("%d such members", n)
		}
		applied := p.send(http.MethodGet, "/api/v1"+at, "")
		p.want(applied, http.StatusOK, `"state":"applied"`)
		p.want(send(http.MethodPost, at+"/undo", "", applied.body["version"]), http.StatusOK, `"state":"undone"`)
		if there() != 0 {
			t.Error("what was taken back is still there")
		}

		p.want(p.send(http.MethodPost, "/api/v1/units/"+w.CellA.ID.String()+"/imports/members?name=anh.jpg", "không phải ảnh"), http.StatusUnprocessableEntity)
		book := p.send(http.MethodGet, "/api/v1/units/"+w.CellA.ID.String()+"/members.xlsx", "")
		p.want(book, http.StatusOK, "PK")
		if media := book.header.Get("Content-Type"); !strings.Contains(media, "spreadsheetml") {
			t.Errorf("the export is %q", media)
		}
		// What came out goes in again.
		p.want(p.send(http.MethodPost, "/api/v1/units/"+w.CellA.ID.String()+"/imports/members?name=lai.xlsx", book.text), http.StatusCreated, `"birth_name"`)
	})
}
