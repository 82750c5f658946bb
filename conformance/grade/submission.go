package grade

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/config"
	"github.com/xferspec/xferspec/spec"
)

// Submission is a folder of the class.
type Submission struct {
	Name    string // of the folder
	Path    string // absolute
	Targets map[spec.Role]*config.Target
	Reason  string // why it cannot be run; "" if it can be tried
	Asks    string // requirements that its own file names; "" for none
}

// Roles are both roles, in the order in which they are tested.
var Roles = []spec.Role{spec.Server, spec.Client}

// Asked are the choices of whoever grades; what is "" or empty is open.
type Asked struct {
	Template     string // file of the form of xferspec.yaml, for submissions that have none
	Edition      string
	Requirements string // set of cases
	Roles        []spec.Role
}

// Class is what Find has found.
type Class struct {
	Edition      string // of all submissions
	Requirements string // likewise
	Roles        []spec.Role
	Submissions  []Submission // by name
	Known        string       // file with the failures that the whole class is excused, "" for none
}

// Find looks at the folders in a class folder. A submission's own xferspec.yaml
// comes before the template, a file of the same form for the whole class, which
// may be "". The edition is the named one, else the template's, else the
// default; so are the requirements, but that before the default comes a set that
// all submissions name. Roles, if any, are the only ones that count. What is wrong
// with a submission is said in it; an error is one of the class or the template.
func Find(folder string, asked Asked) (*Class, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("read the class: %w", err)
	}
	var common *config.File
	class := &Class{Edition: asked.Edition, Requirements: asked.Requirements}
	if template := asked.Template; template != "" {
		if common, err = config.Read(template); err != nil {
			return nil, err
		}
		if common.Server != nil && common.Server.Addr != "" {
			return nil, fmt.Errorf("%s: a class cannot be tested at an address: say how each server is started", template)
		}
		if len(common.KnownFailures) > 0 {
			class.Known = template
		}
		class.Edition = cmp.Or(class.Edition, common.Edition)
		class.Requirements = cmp.Or(class.Requirements, string(common.Requirements))
	}
	class.Edition = spec.EditionName(cmp.Or(class.Edition, spec.DefaultEdition))
	for _, entry := range entries {
		if !entry.IsDir() || strings.HasPrefix(entry.Name(), ".") || entry.Name() == "__MACOSX" { // that is what macOS adds to a zip file
			continue
		}
		path, err := filepath.Abs(filepath.Join(folder, entry.Name()))
		if err != nil {
			return nil, err
		}
		class.Submissions = append(class.Submissions, find(entry.Name(), path, common, class.Edition))
	}
	if len(class.Submissions) == 0 {
		return nil, fmt.Errorf("%s: there is no folder in it; a class has a folder for each submission", folder)
	}
	class.limit(asked.Roles)
	class.agree()
	return class, nil
}

// RoleNames returns the names of the roles.
func (c *Class) RoleNames() []string {
	var names []string
	for _, role := range c.Roles {
		names = append(names, role.String())
	}
	return names
}

// agree sets the requirements where nobody has for the class: to those that all
// submissions name, else to all cases.
func (c *Class) agree() {
	first := c.Submissions[0].Asks
	if c.Requirements == "" && !slices.ContainsFunc(c.Submissions, func(s Submission) bool { return s.Asks != first }) {
		c.Requirements = first
	}
	c.Requirements = cmp.Or(c.Requirements, conformance.Next)
}

// Differs says what a submission asks to be judged by where that is not what the
// class is judged by, else "".
func (c *Class) Differs(s Submission) string {
	if s.Asks == "" || s.Asks == c.Requirements {
		return ""
	}
	return fmt.Sprintf("its %s asks for requirements %s, but everybody is judged by %s", config.Name, s.Asks, c.Requirements)
}

// find reads what one folder says of itself.
func find(name, path string, common *config.File, edition string) Submission {
	s := Submission{Name: name, Path: path}
	if entries, err := os.ReadDir(path); err == nil && !slices.ContainsFunc(entries, visible) {
		s.Reason = "the folder is empty"
		return s
	}
	file, err := config.Read(filepath.Join(path, config.Name))
	switch {
	case errors.Is(err, fs.ErrNotExist) && common != nil:
		file = common
	case errors.Is(err, fs.ErrNotExist):
		s.Reason = fmt.Sprintf("it has no %s, and there is no template", config.Name)
		return s
	case err != nil:
		s.Reason = strings.TrimPrefix(err.Error(), path+string(filepath.Separator))
		return s
	case file.Edition != "" && !strings.EqualFold(file.Edition, edition):
		s.Reason = fmt.Sprintf("its %s is for edition %s, the class for %s", config.Name, file.Edition, edition)
		return s
	}
	if file != common {
		s.Asks = string(file.Requirements)
	}
	s.Targets = map[spec.Role]*config.Target{}
	for role, t := range map[spec.Role]*config.Target{spec.Server: file.Server, spec.Client: file.Client} {
		if t == nil {
			continue
		}
		s.Targets[role] = t
		if reason := inside(path, t); reason != "" && s.Reason == "" {
			s.Reason = fmt.Sprintf("%s: %s", role, reason)
		}
	}
	return s
}

// visible tells what somebody has handed in from what a system leaves, such as .gitkeep.
func visible(entry fs.DirEntry) bool { return !strings.HasPrefix(entry.Name(), ".") }

// inside says why a target is not one of its folder alone, "" if it is.
func inside(path string, t *config.Target) string {
	if t.Addr != "" {
		return fmt.Sprintf("it is reached at the address %s, and only a program of its own can be graded", t.Addr)
	}
	for _, folder := range []string{t.Dir, t.Build} {
		if folder == "" {
			continue
		}
		if !filepath.IsLocal(folder) {
			return fmt.Sprintf("the folder %s is outside of the submission", folder)
		}
		if len(t.Compile) > 0 {
			continue // it may be there only afterwards
		}
		if info, err := os.Stat(filepath.Join(path, folder)); err != nil || !info.IsDir() {
			return fmt.Sprintf("there is no folder %s", folder)
		}
	}
	return ""
}

// limit sets the roles of the class: those that are asked for, else those that
// any submission has.
func (c *Class) limit(roles []spec.Role) {
	for _, role := range Roles {
		has := func(s Submission) bool { return s.Targets[role] != nil }
		if len(roles) == 0 && slices.ContainsFunc(c.Submissions, has) || slices.Contains(roles, role) {
			c.Roles = append(c.Roles, role)
		}
	}
	for i := range c.Submissions {
		s := &c.Submissions[i]
		for role := range s.Targets {
			if !slices.Contains(c.Roles, role) {
				delete(s.Targets, role)
			}
		}
		if len(s.Targets) == 0 && s.Reason == "" {
			s.Reason = "it has neither of the programs that are graded"
		}
	}
}

// Shard keeps every nth submission, from the ith on, counted from 1.
func (c *Class) Shard(i, n int) {
	var part []Submission
	for k, s := range c.Submissions {
		if k%n == i-1 {
			part = append(part, s)
		}
	}
	c.Submissions = part
}
