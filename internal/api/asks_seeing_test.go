package api_test

var seeingAsks = map[string]func(w *world) ask{
	"overview.See": func(w *world) ask {
		a := aboutCellA(w)
		a.query = "?months=3"
		return a
	},
	"overview.ListWatched": aboutCellA,
}
