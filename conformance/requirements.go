package conformance

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/xferspec/xferspec/spec"
)

// RequirementsFolder is where the frozen sets are, from the root of the repository.
const RequirementsFolder = "conformance/requirements"

//go:embed requirements
var requirementFiles embed.FS

// Next names the set of all cases that this program has.
const Next = "next"

// Requirements is a set of cases by which a target can be judged. Those of a
// release are frozen with it, so that a case that is added later turns nobody red
// who asks for them.
type Requirements struct {
	Name  string
	Cases []Frozen // nil for Next
}

// Frozen is a case as it was when a set was frozen.
type Frozen struct {
	ID      string
	Level   string   // MUST or SHOULD, in the default edition
	Clauses []string // the one it is about first
}

func (f Frozen) String() string {
	return fmt.Sprintf("%s %s %s", f.ID, f.Level, strings.Join(f.Clauses, " "))
}

// Has says whether a case is in the set. Every case is in a nil one.
func (r *Requirements) Has(caseID string) bool {
	return r == nil || r.Cases == nil || slices.ContainsFunc(r.Cases, func(f Frozen) bool { return f.ID == caseID })
}

// RequirementSets returns the frozen sets, the earliest first.
func RequirementSets() ([]*Requirements, error) {
	files, err := fs.Glob(requirementFiles, "requirements/*.txt")
	if err != nil {
		return nil, err
	}
	var sets []*Requirements
	var faults []error
	for _, file := range files {
		text, err := requirementFiles.ReadFile(file)
		if err != nil {
			return nil, err
		}
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		set, err := parseRequirements(name, string(text))
		sets, faults = append(sets, set), append(faults, err)
	}
	slices.SortFunc(sets, func(a, b *Requirements) int { return slices.Compare(numbers(a.Name), numbers(b.Name)) })
	return sets, errors.Join(faults...)
}

// LookupRequirements finds a set by its name.
func LookupRequirements(name string) (*Requirements, error) {
	if name == Next {
		return &Requirements{Name: Next}, nil
	}
	sets, err := RequirementSets()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, set := range sets {
		if set.Name == name {
			return set, nil
		}
		names = append(names, set.Name)
	}
	return nil, fmt.Errorf("unknown requirements %q: choose one of %s", name, strings.Join(append(names, Next), ", "))
}

// numbers returns those of a version such as 1.0.
func numbers(version string) (all []int) {
	for _, part := range strings.Split(version, ".") {
		n, _ := strconv.Atoi(part) // parseRequirements has checked it
		all = append(all, n)
	}
	return all
}

func parseRequirements(name, text string) (*Requirements, error) {
	set := &Requirements{Name: name, Cases: []Frozen{}}
	for _, part := range strings.Split(name, ".") {
		if _, err := strconv.Atoi(part); err != nil {
			return nil, fmt.Errorf("requirements %s: the name must be a version such as 1.0", name)
		}
	}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || strings.HasPrefix(line, "#"):
		case len(words) < 3:
			return nil, fmt.Errorf("requirements %s: %q is not a case, its level and its clauses", name, strings.TrimSpace(line))
		default:
			set.Cases = append(set.Cases, Frozen{words[0], words[1], words[2:]})
		}
	}
	return set, nil
}

// frozen returns the cases as a set keeps them.
func (c Catalogue) frozen(ed *spec.Edition) []Frozen {
	all := make([]Frozen, len(c))
	for i, info := range c {
		all[i] = Frozen{ID: info.ID, Level: info.Level(ed).String()}
		for _, clause := range info.Clauses {
			all[i].Clauses = append(all[i].Clauses, clause.ID)
		}
	}
	return all
}

// Broken returns what the catalogue no longer keeps of a frozen set: a case that
// is gone, is about other clauses, or has become stricter. It may become milder.
func (r *Requirements) Broken(c Catalogue, ed *spec.Edition) (all []string) {
	now := c.frozen(ed)
	for _, old := range r.Cases {
		i := slices.IndexFunc(now, func(f Frozen) bool { return f.ID == old.ID })
		switch {
		case i < 0:
			all = append(all, old.ID+" is gone")
		case !slices.Equal(now[i].Clauses, old.Clauses):
			all = append(all, fmt.Sprintf("%s was about %v, now it is about %v", old.ID, old.Clauses, now[i].Clauses))
		case now[i].Level == spec.Must.String() && old.Level != now[i].Level:
			all = append(all, fmt.Sprintf("%s was a %s, now it is a %s", old.ID, old.Level, now[i].Level))
		}
	}
	return all
}

// Freeze writes all cases into a new set. One that is there is never changed.
func Freeze(folder, name string, c Catalogue, ed *spec.Edition) error {
	if _, err := parseRequirements(name, ""); err != nil {
		return err
	}
	text := fmt.Appendf(nil, "# The cases of release %s, by which whoever asks for them is judged for good. Never changed.\n", name)
	for _, f := range c.frozen(ed) {
		text = fmt.Appendln(text, f)
	}
	file, err := os.OpenFile(filepath.Join(folder, name+".txt"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // a source file
	if err != nil {
		return fmt.Errorf("freeze the requirements, in a clone of the repository: %w", err)
	}
	_, err = file.Write(text)
	return errors.Join(err, file.Close())
}
