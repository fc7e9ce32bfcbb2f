package bench

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"syscall"
	"time"

	"chibo/internal/demo/planted"
	"chibo/internal/domain/duplicate"
	"chibo/internal/platform/db"
)

// duplicates searches a register in which people were planted a second time, with
// twins and namesakes as traps: a register of 100,000 that is imported for it, or
// with --db that of the database, which is only read. What is planted is added
// to what the search reads and stands in no database.
func duplicates(ctx context.Context, s Setting, r *Result) (err error) {
	address, every := s.Database, plantedOf
	if address == "" {
		if address, err = s.imported(ctx); err != nil {
			return err
		}
		every = importRows / 2000
	}
	d, err := db.Open(ctx, address, db.Options{Now: time.Now, Connections: 2, Secret: []byte("nothing is sealed here")})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	some, err := duplicate.Sample(ctx, d, every)
	if err != nil {
		return err
	}
	trial := planted.Among(7, some, 1<<62)
	fmt.Fprintf(s.Say, "%d people are planted a second time, and %d traps\n", len(trial.Same), len(trial.Traps))
	return s.seek(ctx, d, trial, r)
}

// plantedOf is of how many people of a given database one is planted.
const plantedOf = 997

// imported is the database of an import of people of whom no two are alike.
func (s Setting) imported(ctx context.Context) (string, error) {
	if err := s.foundCells(ctx, importCells); err != nil {
		return "", err
	}
	path := filepath.Join(s.Folder, "register.xlsx")
	if err := writeRegister(path, importRows); err != nil {
		return "", err
	}
	_, err := s.importing(ctx, path, "--apply")
	return filepath.Join(s.Folder, "chibo.db"), err
}

// seek searches and counts what was found of what was planted.
func (s Setting) seek(ctx context.Context, d *db.DB, trial planted.Trial, r *Result) error {
	right, trapped := map[planted.Case]int{}, 0
	began := time.Now()
	found, err := duplicate.Search(ctx, d, trial.People, func(p duplicate.Pair) error {
		pair := planted.Pair{One: p.One, Other: p.Other}
		if what, same := trial.Same[pair]; same {
			right[what]++
		} else if _, trap := trial.Traps[pair]; trap {
			trapped++
		}
		return nil
	})
	if err != nil {
		return err
	}
	took := time.Since(began)
	all, sum := map[planted.Case]int{}, 0
	for _, what := range trial.Same {
		all[what]++
	}
	for _, what := range planted.Entered() {
		r.Figures["found_"+string(what)] = share(right[what], all[what])
		sum += right[what]
	}
	r.Figures["people"], r.Figures["pairs"], r.Figures["judged"] = float64(found.People), float64(found.Pairs), float64(found.Judged)
	r.Figures["planted"], r.Figures["traps"], r.Figures["traps_found"] = float64(len(trial.Same)), float64(len(trial.Traps)), float64(trapped)
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return err
	}
	r.most("seconds", took.Seconds(), 600)
	r.most("memory_mb", float64(used.Maxrss)/1024, 300)
	r.least("recall", share(sum, len(trial.Same)), 0.8)
	r.least("precision", share(sum, found.Pairs), 0.9)
	return nil
}

func share(part, whole int) float64 { return float64(part) / float64(max(whole, 1)) }
