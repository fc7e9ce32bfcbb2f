// Package places is the map of Vietnam's provinces and communes: their codes,
// names and which commune lies in which province, as of 2026.
//
// It knows no party units; the map changes with a new file, not at run time.
package places

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"sync"

	"chibo/internal/platform/text"
)

// units comes from thanglequoc/vietnamese-provinces-database; its licence is
// in vn-units.LICENSE.
//
//go:embed vn-units-2026.csv
var units []byte

// Place is a province or a commune, ward or special zone.
type Place struct {
	Code string
	// Province is the code of the province in which a commune lies; "" for a
	// province itself.
	Province string
	Name     string // Ba Đình
	Full     string // Phường Ba Đình
	Kind     string // Phường
	// folded is Full as search sees it.
	folded string
}

// atlas is the file, read once.
type atlas struct {
	byCode    map[string]Place
	provinces []Place
	communes  map[string][]Place
}

var load = sync.OnceValue(func() atlas {
	rows, err := csv.NewReader(bytes.NewReader(units)).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("the map inside the program is broken: %v", err))
	}
	a := atlas{byCode: map[string]Place{}, communes: map[string][]Place{}}
	for _, row := range rows[1:] {
		p := Place{Code: row[0], Province: row[1], Name: row[3], Full: row[4], Kind: row[5], folded: text.Fold(row[4])}
		a.byCode[p.Code] = p
		if p.Province == "" {
			a.provinces = append(a.provinces, p)
		} else {
			a.communes[p.Province] = append(a.communes[p.Province], p)
		}
	}
	sortByName(a.provinces)
	for _, list := range a.communes {
		sortByName(list)
	}
	return a
})

func sortByName(list []Place) {
	key := map[string]string{}
	for _, p := range list {
		key[p.Code] = text.Fold(p.Name) + " " + p.Code
	}
	slices.SortFunc(list, func(a, b Place) int { return strings.Compare(key[a.Code], key[b.Code]) })
}

// Provinces are all provinces, by name.
func Provinces() []Place { return slices.Clone(load().provinces) }

// Communes are those of a province, by name.
func Communes(province string) []Place { return slices.Clone(load().communes[province]) }

// Find is the place with the code.
func Find(code string) (Place, bool) {
	p, ok := load().byCode[code]
	return p, ok
}

// ProvinceOf is the code of the province that a place is or lies in, "" for an
// unknown place.
func ProvinceOf(code string) string {
	p, ok := Find(code)
	if ok && p.Province == "" {
		return p.Code
	}
	return p.Province
}

// Search finds at most limit places whose names hold all words, typed with or
// without accents: provinces first, then communes by province.
func Search(words string, limit int) []Place {
	sought := strings.Fields(text.Fold(words))
	if len(sought) == 0 {
		return nil
	}
	a := load()
	var found []Place
	look := func(list []Place) {
		for _, p := range list {
			if len(found) < limit && p.matches(sought) {
				found = append(found, p)
			}
		}
	}
	look(a.provinces)
	for _, province := range a.provinces {
		look(a.communes[province.Code])
	}
	return found
}

func (p Place) matches(words []string) bool {
	for _, word := range words {
		if !strings.Contains(p.folded, word) {
			return false
		}
	}
	return true
}
