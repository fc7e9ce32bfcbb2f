package rulepack

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
)

// Params is a registry of single values by key (rules 1.2).
type Params map[string]Param

// Param is one value of the regulations.
type Param struct {
	Value    Value    `yaml:"value"`
	Unit     Unit     `yaml:"unit"`
	Source   string   `yaml:"source"`
	Standing Standing `yaml:"standing"`
	Note     string   `yaml:"note"`
}

// Unit says what a value counts.
type Unit string

// WorkingDay, Day, Month and Year are lengths of time (rules 2.2); the
// others say what is counted. Ratio is a text "1/3", Text any words.
const (
	WorkingDay Unit = "wd"
	Day        Unit = "d"
	Month      Unit = "m"
	Year       Unit = "y"
	DayOfMonth Unit = "day_of_month"
	Minute     Unit = "min"
	Percent    Unit = "percent"
	Members    Unit = "members"
	Seats      Unit = "seats"
	Times      Unit = "times"
	Ratio      Unit = "ratio"
	Text       Unit = "text"
)

var units = []Unit{WorkingDay, Day, Month, Year, DayOfMonth, Minute, Percent, Members, Seats, Times, Ratio, Text}

// Value is a whole number, a list of them, or a text.
type Value struct {
	Int  int
	List []int
	Text string
}

// UnmarshalYAML takes the form in which the value is written.
func (v *Value) UnmarshalYAML(node ast.Node) error {
	switch n := node.(type) {
	case *ast.IntegerNode:
		return decodeStrict(n, &v.Int)
	case *ast.SequenceNode:
		return decodeStrict(n, &v.List)
	}
	return decodeStrict(node, &v.Text)
}

// Fraction reads a value of unit ratio.
func (v Value) Fraction() (num, den int, err error) {
	over, under, ok := strings.Cut(v.Text, "/")
	if ok {
		if num, err = strconv.Atoi(over); err == nil {
			den, err = strconv.Atoi(under)
		}
	}
	if !ok || err != nil || den <= 0 || num < 0 {
		return 0, 0, fmt.Errorf("%q is not a ratio", v.Text)
	}
	return num, den, nil
}

func (p Params) keys() []string { return slices.Sorted(maps.Keys(p)) }

func (p Params) check(in *problems) {
	for _, key := range p.keys() {
		param, path := p[key], at(key)
		if !slices.Contains(units, param.Unit) {
			in.add(append(path, "unit"), "unknown unit %q", param.Unit)
		}
		if (param.Unit == Text || param.Unit == Ratio) != (param.Value.Text != "") {
			in.add(append(path, "value"), "the value does not fit the unit %s", param.Unit)
		}
		if param.Unit == Ratio {
			if _, _, err := param.Value.Fraction(); err != nil {
				in.add(append(path, "value"), "%v", err)
			}
		}
		in.need(append(path, "source"), param.Source)
		if weight[param.Standing] == 0 {
			in.add(append(path, "standing"), "standing %q: primary, second-hand or unsure", param.Standing)
		}
	}
}

// Param is the value of a key in force in the province on the day, with the
// pack it stands in.
func (s *Set) Param(key, province string, day clock.Date) (Param, Ref, error) {
	for _, name := range s.names["params"] {
		pack, err := s.Named("params", name, province, day)
		if errs.Is(err, errs.Invalid) {
			continue // this domain has no rules on that day
		}
		if err != nil {
			return Param{}, Ref{}, err
		}
		if param, ok := pack.body.(Params)[key]; ok {
			return param, pack.Ref(), nil
		}
	}
	return Param{}, Ref{}, errs.New(errs.Invalid, "rulepack.none", key, day)
}

// Int is the whole number of a key, whose unit must be the one expected.
func (s *Set) Int(key string, unit Unit, province string, day clock.Date) (int, error) {
	param, _, err := s.Param(key, province, day)
	if err != nil {
		return 0, err
	}
	if param.Unit != unit || param.Value.List != nil {
		return 0, fmt.Errorf("parameter %s counts %s, not %s", key, param.Unit, unit)
	}
	return param.Value.Int, nil
}

// Days is Int for calendar days.
func (s *Set) Days(key, province string, day clock.Date) (int, error) {
	return s.Int(key, Day, province, day)
}

// Minutes is Int for minutes.
func (s *Set) Minutes(key, province string, day clock.Date) (int, error) {
	return s.Int(key, Minute, province, day)
}

// List is the whole numbers of a key that lists them.
func (s *Set) List(key, province string, day clock.Date) ([]int, error) {
	param, _, err := s.Param(key, province, day)
	if err == nil && param.Value.List == nil {
		err = fmt.Errorf("parameter %s is no list", key)
	}
	return param.Value.List, err
}

// Due is the last day of a deadline that runs from start. The rule is the
// one of the start day, which the procedure keeps (rules 1.1).
func (s *Set) Due(key, province string, start clock.Date) (clock.Date, Ref, error) {
	param, ref, err := s.Param(key, province, start)
	if err != nil {
		return clock.Date{}, ref, err
	}
	due, err := s.calendar.AddPeriod(start, param.Value.Int, param.Unit)
	if err != nil {
		err = fmt.Errorf("parameter %s: %w", key, err)
	}
	return due, ref, err
}

// paramCase expects a value, or the last day of a deadline from a day.
type paramCase struct {
	Key   string     `yaml:"key"`
	Value *int       `yaml:"value"`
	Start clock.Date `yaml:"start"`
	Due   clock.Date `yaml:"due"`
}

func (c paramCase) run(s *Set, p *Pack) error {
	param, ok := p.body.(Params)[c.Key]
	if !ok {
		return fmt.Errorf("no parameter %s", c.Key)
	}
	if c.Value != nil && param.Value.Int != *c.Value {
		return fmt.Errorf("%s is %d, want %d", c.Key, param.Value.Int, *c.Value)
	}
	if c.Due.IsZero() {
		return nil
	}
	due, err := s.calendar.AddPeriod(c.Start, param.Value.Int, param.Unit)
	if err == nil && due != c.Due {
		err = fmt.Errorf("%s from %s is due %s, want %s", c.Key, c.Start, due, c.Due)
	}
	return err
}
