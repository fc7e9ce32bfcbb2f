package places_test

import (
	"testing"

	"chibo/internal/domain/unit/places"
)

func TestTheMapIsWhole(t *testing.T) {
	provinces := places.Provinces()
	if len(provinces) != 34 {
		t.Errorf("%d provinces, want 34", len(provinces))
	}
	communes := 0
	for _, p := range provinces {
		for _, c := range places.Communes(p.Code) {
			communes++
			if found, ok := places.Find(c.Code); !ok || found.Province != p.Code {
				t.Errorf("commune %s %s is not found in %s", c.Code, c.Full, p.Full)
			}
		}
	}
	if communes != 3321 {
		t.Errorf("%d communes, want 3321", communes)
	}
}

func TestSearchNeedsNoAccents(t *testing.T) {
	for _, typed := range []string{"ba dinh", "Ba Đình", "phường BA ĐÌNH"} {
		found := places.Search(typed, 10)
		if len(found) == 0 || found[0].Code != "00004" {
			t.Errorf("%q found %v, want Phường Ba Đình first", typed, found)
		}
	}
	if found := places.Search("  ", 10); found != nil {
		t.Errorf("no words found %v", found)
	}
	if found := places.Search("xa", 5); len(found) != 5 {
		t.Errorf("%d places, want the limit of 5", len(found))
	}
}

func TestProvinceOf(t *testing.T) {
	for code, want := range map[string]string{"01": "01", "00004": "01", "no": "", "": ""} {
		if got := places.ProvinceOf(code); got != want {
			t.Errorf("province of %q is %q, want %q", code, got, want)
		}
	}
}
