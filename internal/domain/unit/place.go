package unit

import (
	"strings"

	"chibo/internal/domain/unit/places"
	"chibo/internal/platform/errs"
)

// PlaceTyped is the code of the place that was typed: its code, its name with
// the code in brackets, or a name that only one place has. Nothing typed is no
// place; a name of no place or of many is errs.Invalid on the field "place",
// which lists the first few.
func PlaceTyped(typed string) (string, error) {
	if typed == "" {
		return "", nil
	}
	if open := strings.LastIndex(typed, "("); open >= 0 {
		if inside, ok := strings.CutSuffix(typed[open+1:], ")"); ok {
			typed = inside
		}
	}
	if _, ok := places.Find(typed); ok {
		return typed, nil
	}
	found := places.Search(typed, 6)
	switch len(found) {
	case 0:
		return "", errs.Field("place", "unit.error.place_unknown")
	case 1:
		return found[0].Code, nil
	}
	names := make([]string, len(found))
	for i, p := range found {
		names[i] = PlaceName(p.Code) + " (" + p.Code + ")"
	}
	return "", errs.Field("place", "unit.error.place_many", strings.Join(names, "; "))
}

// PlaceName is "Phường Ba Đình, Thành phố Hà Nội".
func PlaceName(code string) string {
	p, ok := places.Find(code)
	if !ok {
		return code
	}
	if province, ok := places.Find(p.Province); ok {
		return p.Full + ", " + province.Full
	}
	return p.Full
}
