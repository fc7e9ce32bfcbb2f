package rulepack

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"chibo/internal/platform/clock"
)

// draft is a pack between its file and its place in the set.
type draft struct {
	Header
	file    string
	root    ast.Node
	section ast.Node
	cases   ast.Node
	// content is the section merged with what the pack extends.
	content ast.Node
	body    body
	pack    *Pack
	opened  bool
}

// caseFile holds cases that lie beside their pack, in a folder named cases.
type caseFile struct {
	Pack string `yaml:"pack"`
}

// Load reads all packs (*.yaml) under fsys, checks each by itself and all of
// them together, and reports everything that is wrong at once, as
// "file:line:column: what".
func Load(fsys fs.FS) (*Set, error) {
	drafts, loose, faults := readAll(fsys)
	faults = append(faults, resolveAll(drafts)...)
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	set := newSet(drafts)
	faults = append(faults, set.checkOverlaps()...)
	faults = append(faults, set.checkKeys()...)
	faults = append(faults, set.layOverlays(drafts)...)
	faults = append(faults, set.takeCases(drafts, loose)...)
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	set.findHoles()
	set.calendar = newWorkingDays(set.lines[line{kind: "holidays"}])
	return set, nil
}

func inFile(file string, err error) error { return fmt.Errorf("%s:%w", file, err) }

// looseCases are the nodes of a cases folder and the pack they belong to.
type looseCases struct {
	file, pack string
	cases      ast.Node
}

func readAll(fsys fs.FS) (drafts []*draft, loose []looseCases, faults []error) {
	walked := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".yaml" {
			return err
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		if path.Base(path.Dir(name)) == "cases" {
			found, err := readCases(name, text)
			loose, faults = append(loose, found), appendFault(faults, name, err)
			return nil
		}
		found, err := readPack(name, text)
		drafts, faults = append(drafts, found), appendFault(faults, name, err)
		return nil
	})
	if walked != nil {
		faults = append(faults, walked)
	}
	return drafts, loose, faults
}

// appendFault puts the file before each of the faults that err holds.
func appendFault(faults []error, file string, err error) []error {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range many.Unwrap() {
			faults = append(faults, inFile(file, one))
		}
		return faults
	}
	if err == nil {
		return faults
	}
	return append(faults, inFile(file, err))
}

func readCases(file string, text []byte) (looseCases, error) {
	out := looseCases{file: file}
	root, err := parse(text)
	if err != nil {
		return out, err
	}
	var head caseFile
	if _, out.cases, err = split(root, &head, ""); err != nil {
		return out, err
	}
	out.pack = head.Pack
	if out.cases == nil || out.pack == "" {
		return out, faultAt(root, "a file of cases needs pack and cases")
	}
	return out, nil
}

// readPack reads one file and checks what can be told from it alone.
func readPack(file string, text []byte) (*draft, error) {
	d := &draft{file: file}
	root, err := parse(text)
	if err != nil {
		return d, err
	}
	d.root = root
	kindNode := stepInto(root, "kind")
	if kindNode == nil {
		return d, faultAt(root, "kind is missing")
	}
	known, ok := kinds[kindNode.GetToken().Value]
	if !ok {
		return d, faultAt(kindNode, "unknown kind %q", kindNode.GetToken().Value)
	}
	if d.section, d.cases, err = split(root, &d.Header, kindNode.GetToken().Value); err != nil {
		return d, err
	}
	if err := d.checkHeader(); err != nil {
		return d, err
	}
	if d.section == nil {
		return d, faultAt(root, "the section %q is missing", d.Kind)
	}
	if d.body, err = known.decode(d.section); err == nil {
		d.content = d.section
	}
	return d, err
}

// split decodes the keys of head and sets the section and the cases apart.
func split(root ast.Node, head any, sectionKey string) (section, cases ast.Node, err error) {
	var own []*ast.MappingValueNode
	err = eachValue(root, func(key string, value ast.Node) error {
		switch {
		case key == "cases":
			cases = value
		case key == sectionKey:
			section = value
		case fieldOf(reflect.TypeOf(head).Elem(), key) < 0:
			return faultAt(value, "unknown key %q", key)
		default:
			entries, _ := mapping(root)
			own = append(own, entryOf(entries, key))
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	return section, cases, decodeStrict(ast.Mapping(root.GetToken(), false, own...), head)
}

func entryOf(entries []*ast.MappingValueNode, key string) *ast.MappingValueNode {
	i := slices.IndexFunc(entries, func(e *ast.MappingValueNode) bool { return keyOf(e) == key })
	return entries[i]
}

var (
	idShape       = regexp.MustCompile(`^[a-z0-9]+([.-][a-z0-9]+)*$`)
	provinceShape = regexp.MustCompile(`^[0-9]{2}$`)
)

func (d *draft) checkHeader() error {
	wrong := func(key, format string, args ...any) error {
		return faultAt(child(d.root, at(key)), format, args...)
	}
	switch {
	case !idShape.MatchString(d.ID):
		return wrong("id", "id %q: small letters, digits, points and hyphens", d.ID)
	case d.Profile == "":
		return wrong("profile", "profile is missing")
	case d.From.IsZero():
		return wrong("from", "from is missing")
	case !d.To.IsZero() && d.To.Before(d.From):
		return wrong("to", "the last day %s is before the first %s", d.To, d.From)
	case d.Citation == "":
		return wrong("citation", "citation is missing")
	case weight[d.Standing] == 0:
		return wrong("standing", "standing %q: primary, second-hand or unsure", d.Standing)
	case d.Overlay != "" && !provinceShape.MatchString(d.Overlay):
		return wrong("overlay", "overlay %q: the two digits of a province", d.Overlay)
	case d.Replaces && d.Overlay == "":
		return wrong("replaces", "only an overlay can replace")
	}
	return nil
}

// resolveAll makes a pack of each draft, those that extend others last.
func resolveAll(drafts []*draft) (faults []error) {
	byID := map[string]*draft{}
	for _, d := range drafts {
		if other := byID[d.ID]; other != nil && d.ID != "" {
			faults = append(faults, inFile(d.file, faultAt(d.root, "id %q is also in %s", d.ID, other.file)))
		}
		byID[d.ID] = d
	}
	if len(faults) > 0 {
		return faults
	}
	for _, d := range drafts {
		if d.content != nil {
			faults = appendFault(faults, d.file, d.resolve(byID))
		}
	}
	return faults
}

// resolve merges a draft with what it extends and checks the outcome.
func (d *draft) resolve(byID map[string]*draft) error {
	if d.pack != nil {
		return nil
	}
	if d.Extends != "" {
		if err := d.inherit(byID); err != nil {
			return err
		}
	}
	pack, err := newPack(d.Header, d.content, d.body, d.file)
	if err != nil {
		return err
	}
	d.pack = pack
	if d.Overlay != "" && !d.Replaces {
		return nil // checked once it lies over the common pack
	}
	return d.checkMeaning(d.content, pack.body)
}

func (d *draft) inherit(byID map[string]*draft) error {
	parent := byID[d.Extends]
	where := child(d.root, at("extends"))
	switch {
	case parent == nil || parent.content == nil:
		return faultAt(where, "no pack %q to extend", d.Extends)
	case parent.Kind != d.Kind || parent.Name != d.Name || parent.Overlay != d.Overlay:
		return faultAt(where, "%q is of another kind, name or overlay", d.Extends)
	case d.opened:
		return faultAt(where, "%q extends itself", d.ID)
	}
	d.opened = true
	if err := parent.resolve(byID); err != nil {
		return faultAt(where, "%q cannot be extended: %v", d.Extends, err)
	}
	d.content = merge(parent.content, d.content)
	var err error
	d.body, err = kinds[d.Kind].decode(d.content)
	return err
}

// checkMeaning reports what is wrong with a complete body, at the line of this
// file that says so or, where the base says it, at the start of the section.
func (d *draft) checkMeaning(content ast.Node, b body) error {
	var in problems
	b.check(&in)
	var faults []error
	for _, p := range in.found {
		node := child(content, p.path)
		if !holds(d.section, node) {
			node = d.section
		}
		faults = append(faults, faultAt(node, "%s: %s", pathText(p.path), p.text))
	}
	return errors.Join(faults...)
}

// holds reports whether a node of a merged body was written in the section.
func holds(section, node ast.Node) bool {
	f := finder{want: node}
	ast.Walk(&f, section)
	return f.found
}

type finder struct {
	want  ast.Node
	found bool
}

func (f *finder) Visit(node ast.Node) ast.Visitor {
	f.found = f.found || node.GetToken() == f.want.GetToken()
	return f
}

func pathText(path []any) string {
	var b strings.Builder
	for _, step := range path {
		if index, ok := step.(int); ok {
			fmt.Fprintf(&b, "[%d]", index)
		} else {
			fmt.Fprintf(&b, ".%v", step)
		}
	}
	return strings.TrimPrefix(b.String(), ".")
}

// newPack takes the fingerprint of a body.
func newPack(h Header, content ast.Node, b body, file string) (*Pack, error) {
	hash, err := fingerprint(h, content)
	return &Pack{Header: h, Hash: hash, file: file, body: b, content: content}, err
}

func newSet(drafts []*draft) *Set {
	s := &Set{lines: map[line][]*Pack{}, names: map[string][]string{}, laid: map[[2]string]*Pack{}}
	for _, d := range drafts {
		s.packs = append(s.packs, d.pack)
		s.lines[d.pack.line()] = append(s.lines[d.pack.line()], d.pack)
		if d.Overlay == "" && !slices.Contains(s.names[d.Kind], d.Name) {
			s.names[d.Kind] = append(s.names[d.Kind], d.Name)
		}
	}
	slices.SortFunc(s.packs, func(a, b *Pack) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Overlay, b.Overlay), a.From.Compare(b.From))
	})
	for _, packs := range s.lines {
		slices.SortFunc(packs, func(a, b *Pack) int { return a.From.Compare(b.From) })
	}
	for _, names := range s.names {
		slices.Sort(names)
	}
	return s
}

// checkOverlaps refuses two packs of one line on the same day.
func (s *Set) checkOverlaps() (faults []error) {
	for _, packs := range s.lines {
		for i := 1; i < len(packs); i++ {
			if packs[i-1].InForce(packs[i].From) {
				faults = append(faults, fmt.Errorf("%s:1:1: %s is in force from %s while %s (%s) still is",
					packs[i].file, packs[i].ID, packs[i].From, packs[i-1].ID, packs[i-1].file))
			}
		}
	}
	return faults
}

// findHoles names the days between packs of a line that none covers.
func (s *Set) findHoles() {
	for l, packs := range s.lines {
		for i := 1; i < len(packs); i++ {
			if end := packs[i-1].To.AddDays(1); end.Before(packs[i].From) {
				s.holes = append(s.holes, fmt.Sprintf("%s: no rule from %s to %s", joined(" ", l.kind, l.name, l.overlay), end, packs[i].From.AddDays(-1)))
			}
		}
	}
	slices.Sort(s.holes)
}

// Holes names the stretches of time between packs without a rule.
func (s *Set) Holes() []string { return s.holes }

// layOverlays puts each province's pack over every common one it meets.
func (s *Set) layOverlays(drafts []*draft) (faults []error) {
	byID := map[string]*draft{}
	for _, d := range drafts {
		byID[d.ID] = d
	}
	for _, over := range drafts {
		if over.Overlay == "" {
			continue
		}
		met := false
		for _, base := range s.lines[line{over.Kind, over.Name, ""}] {
			if !meet(base.Header, over.Header) {
				continue
			}
			met = true
			faults = appendFault(faults, over.file, s.lay(byID[base.ID], over))
		}
		if !met {
			faults = append(faults, inFile(over.file, faultAt(over.root, "%s lies over no common pack", over.ID)))
		}
	}
	return faults
}

func meet(a, b Header) bool {
	startsBefore := func(x, y Header) bool { return y.To.IsZero() || !x.From.After(y.To) }
	return startsBefore(a, b) && startsBefore(b, a)
}

func (s *Set) lay(base, over *draft) error {
	content := over.content
	if !over.Replaces {
		content = merge(base.content, over.content)
	}
	b, err := kinds[over.Kind].decode(content)
	if err != nil {
		return err
	}
	pack, err := newPack(layHeader(base.Header, over.Header), content, b, over.file)
	if err != nil {
		return err
	}
	s.laid[[2]string{base.ID, over.ID}] = pack
	return over.checkMeaning(content, pack.body)
}

// checkKeys lets each key of a parameter live under one name only, so that
// asking by key is never ambiguous.
func (s *Set) checkKeys() (faults []error) {
	home := map[string]*Pack{}
	for _, p := range s.packs {
		params, ok := p.body.(Params)
		if !ok {
			continue
		}
		for _, key := range params.keys() {
			if other := home[key]; other != nil && other.Name != p.Name {
				faults = append(faults, fmt.Errorf("%s:1:1: parameter %q also lives in %s", p.file, key, other.file))
			}
			home[key] = p
		}
	}
	return faults
}

// takeCases gives each pack the cases in its file and beside it.
func (s *Set) takeCases(drafts []*draft, loose []looseCases) (faults []error) {
	byID := map[string]*draft{}
	for _, d := range drafts {
		byID[d.ID] = d
		if d.cases != nil {
			faults = appendFault(faults, d.file, d.pack.take(d.file, d.cases))
		}
	}
	for _, l := range loose {
		d := byID[l.pack]
		if d == nil {
			faults = append(faults, inFile(l.file, faultAt(l.cases, "cases of an unknown pack %q", l.pack)))
			continue
		}
		faults = appendFault(faults, l.file, d.pack.take(l.file, l.cases))
	}
	return faults
}

func (p *Pack) take(file string, cases ast.Node) error {
	list, ok := cases.(*ast.SequenceNode)
	if !ok {
		return wants(cases, "a list")
	}
	for _, node := range list.Values {
		c, err := kinds[p.Kind].scene(node)
		if err != nil {
			return err
		}
		p.trials = append(p.trials, trial{c, fmt.Sprintf("%s:%d", file, node.GetToken().Position.Line)})
	}
	return nil
}

// firstDay is a day on which the pack is in force together with a common one.
func (s *Set) firstDay(p *Pack) clock.Date {
	day := p.From
	if packs := s.lines[line{p.Kind, p.Name, ""}]; len(packs) > 0 && day.Before(packs[0].From) {
		day = packs[0].From
	}
	return day
}
