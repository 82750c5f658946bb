package main

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/report"
	"github.com/xferspec/xferspec/spec"
)

// listFlags are the filters as they were typed.
type listFlags struct {
	edition, role, level, text string
	requirements               string
	cases, clauses             idsFlag
	groups                     []string
}

func (f *listFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.role, "role", "", "only for a server, or for a client")
	flags.StringVar(&f.edition, "edition", spec.DefaultEdition, "only what applies in this edition, with its levels")
	flags.StringVar(&f.requirements, "requirements", conformance.Next, "only the cases of this release, such as 1.0; next has all")
	flags.StringVar(&f.level, "level", "", "only of this level: must or should")
	flags.StringSliceVar(&f.groups, "group", nil, "only of these groups, such as REG")
	flags.Var(&f.clauses, "clause", "only these clauses, or cases that test them")
	flags.Var(&f.cases, "case", "only cases with such ids; * and ? stand for any letters")
	flags.StringVar(&f.text, "text", "", "only with this in the title or the text of a clause")
}

// listFilter is what passes into a list.
type listFilter struct {
	edition                *spec.Edition
	roles                  []spec.Role
	level                  spec.Level // 0: any
	cases, clauses, groups []string   // none: any; in upper case
	text                   string     // in lower case
	within                 *conformance.Requirements
	sets                   []*conformance.Requirements // all that there are
}

// parse checks the filters. An id that there is not is an error.
func (f *listFlags) parse(catalogue conformance.Catalogue) (*listFilter, error) {
	ed, roles, err := parseListFlags(f.edition, f.role)
	if err != nil {
		return nil, err
	}
	level, err := parseLevel(f.level)
	if err != nil {
		return nil, err
	}
	filter := &listFilter{
		edition: ed, roles: roles, level: level, text: strings.ToLower(f.text),
		cases: upper(f.cases), clauses: f.clauses, groups: upper(f.groups),
	}
	if filter.within, err = conformance.LookupRequirements(f.requirements); err != nil {
		return nil, err
	}
	if filter.sets, err = conformance.RequirementSets(); err != nil {
		return nil, exit(report.ExitFault, err)
	}
	filter.sets = append(filter.sets, &conformance.Requirements{Name: conformance.Next})
	for _, pattern := range filter.cases {
		if _, err := path.Match(pattern, ""); err != nil {
			return nil, fmt.Errorf("--case %q: %w", pattern, err)
		}
		if !strings.ContainsAny(pattern, `*?[\`) && !slices.Contains(catalogue.IDs(), pattern) {
			return nil, catalogue.UnknownCase(pattern)
		}
	}
	for _, id := range filter.clauses {
		if _, ok := spec.LookupClause(id); !ok {
			return nil, conformance.UnknownClause(id)
		}
	}
	for _, group := range filter.groups {
		if _, ok := spec.GroupTitle(group); !ok {
			return nil, fmt.Errorf("unknown group %q: choose from %s", group, strings.Join(groups(), ", "))
		}
	}
	return filter, nil
}

// parseListFlags returns the edition and the roles that are wanted: both if
// none is named.
func parseListFlags(edition, role string) (*spec.Edition, []spec.Role, error) {
	ed, err := spec.LookupEdition(edition)
	if err != nil {
		return nil, nil, err
	}
	switch role {
	case "":
		return ed, []spec.Role{spec.Server, spec.Client}, nil
	case spec.Server.String():
		return ed, []spec.Role{spec.Server}, nil
	case spec.Client.String():
		return ed, []spec.Role{spec.Client}, nil
	}
	return nil, nil, fmt.Errorf("role %q is neither server nor client", role)
}

// parseLevel returns 0, any level, for nothing.
func parseLevel(text string) (spec.Level, error) {
	level, ok := map[string]spec.Level{"": 0, "must": spec.Must, "should": spec.Should}[text]
	if !ok {
		return 0, fmt.Errorf("--level %q is neither must nor should", text)
	}
	return level, nil
}

func upper(words []string) []string {
	all := make([]string, len(words))
	for i, word := range words {
		all[i] = strings.ToUpper(word)
	}
	return all
}

// groups returns the groups of clauses in the order of the text.
func groups() []string {
	var all []string
	for _, c := range spec.Clauses() {
		if !slices.Contains(all, c.Group()) {
			all = append(all, c.Group())
		}
	}
	return all
}

func (f *listFilter) passesCase(c conformance.CaseInfo) bool {
	texts := []string{c.Title, c.Group}
	for _, clause := range c.Clauses {
		texts = append(texts, clause.Text)
	}
	matches := func(pattern string) bool { ok, _ := path.Match(pattern, c.ID); return ok } // parse has checked it
	return slices.Contains(f.roles, c.Role) && f.within.Has(c.ID) && applies(c, f.edition) &&
		(f.level == 0 || f.level == c.Level(f.edition)) &&
		(len(f.groups) == 0 || slices.Contains(f.groups, c.Clauses[0].Group())) &&
		(len(f.clauses) == 0 || slices.ContainsFunc(f.clauses, c.Tests)) &&
		(len(f.cases) == 0 || slices.ContainsFunc(f.cases, matches)) &&
		f.passesText(texts...)
}

func (f *listFilter) passesClause(c spec.Clause) bool {
	return c.Withdrawn == "" && slices.ContainsFunc(f.roles, c.Roles.Has) && f.edition.Excludes(c.ID) == "" &&
		(f.level == 0 || f.level == f.edition.Level(c)) &&
		(len(f.groups) == 0 || slices.Contains(f.groups, c.Group())) &&
		(len(f.clauses) == 0 || slices.Contains(f.clauses, c.ID)) &&
		f.passesText(c.Text)
}

func (f *listFilter) passesText(texts ...string) bool {
	return slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(strings.ToLower(text), f.text) })
}

// applies says whether all clauses of a case apply in an edition.
func applies(c conformance.CaseInfo, ed *spec.Edition) bool {
	return !slices.ContainsFunc(c.Clauses, func(clause spec.Clause) bool { return ed.Excludes(clause.ID) != "" })
}
