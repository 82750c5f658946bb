package conformance

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/formatter"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/xferspec/xferspec/spec"
)

// CaseInfo is one case as it was declared.
type CaseInfo struct {
	ID        string        // such as "SRV-REG-06"
	Title     string        // what the target has to do, as a sentence without subject
	Group     string        // text of the Describe
	Role      spec.Role     // whom it tests
	Clauses   []spec.Clause // the one it is about first
	Local     bool          // needs the target's process and folder
	Basic     bool          // others take it for granted
	Scenarios []string      // the client runs that it looks at
}

// Level is the weakest level of the case's clauses in an edition: a target is
// not accused of more than all of them say.
func (c CaseInfo) Level(ed *spec.Edition) spec.Level {
	level := spec.Must
	for _, clause := range c.Clauses {
		level = min(level, ed.Level(clause))
	}
	return level
}

// Tests says whether the clause is one of the case's.
func (c CaseInfo) Tests(clauseID string) bool {
	return slices.ContainsFunc(c.Clauses, func(clause spec.Clause) bool { return clause.ID == clauseID })
}

// Catalogue is all cases in the order in which they run.
type Catalogue []CaseInfo

// ReadCatalogue builds the catalogue from the cases that the program imports.
// What is wrong with a declaration is an error: an id that is missing,
// malformed or used twice, an unknown clause, a clause that does not bind the
// role. It must be called before Execute.
func ReadCatalogue() (Catalogue, error) {
	silenceGinkgo()
	preview := ginkgo.PreviewSpecs("xferspec", runOrder())
	var all Catalogue
	var faults []error
	seen := map[string]bool{}
	for _, declared := range preview.SpecReports {
		if declared.LeafNodeType != types.NodeTypeIt {
			continue
		}
		info, err := parseCase(declared)
		if err == nil && seen[info.ID] {
			err = fmt.Errorf("case %s is declared twice", info.ID)
		}
		if err != nil {
			faults = append(faults, err)
			continue
		}
		seen[info.ID] = true
		all = append(all, info)
	}
	return all, errors.Join(faults...)
}

// caseID has a role, the group of the case's first clause and a number.
var caseID = regexp.MustCompile(`^(SRV|CLT)-[A-Z]{3}-\d{2,}$`)

func parseCase(declared types.SpecReport) (CaseInfo, error) {
	info := CaseInfo{Title: declared.LeafNodeText, Group: strings.Join(declared.ContainerHierarchyTexts, ", ")}
	for _, label := range declared.Labels() {
		scenario, isScenario := strings.CutPrefix(label, scenarioPrefix)
		clause, isClause := spec.LookupClause(label)
		switch {
		case label == "server":
			info.Role = spec.Server
		case label == "client":
			info.Role = spec.Client
		case label == basicLabel:
			info.Basic = true
		case label == localLabel:
			info.Local = true
		case isScenario:
			info.Scenarios = append(info.Scenarios, scenario)
		case isClause:
			info.Clauses = append(info.Clauses, clause)
		case caseID.MatchString(label) && info.ID == "":
			info.ID = label
		default:
			return info, fmt.Errorf("case %q: %q is neither a case id nor a clause", info.Title, label)
		}
	}
	return info, info.check()
}

func (c CaseInfo) check() error {
	switch {
	case c.ID == "":
		return fmt.Errorf("case %q has no id", c.Title)
	case c.Role == 0:
		return fmt.Errorf("case %s is in no Describe for Server or Client", c.ID)
	case len(c.Clauses) == 0:
		return fmt.Errorf("case %s names no clause", c.ID)
	case !strings.Contains(c.ID, "-"+c.Clauses[0].Group()+"-"):
		return fmt.Errorf("case %s is about %s first, which is of another group", c.ID, c.Clauses[0].ID)
	}
	for _, clause := range c.Clauses {
		if !clause.Roles.Has(c.Role) {
			return fmt.Errorf("case %s: clause %s does not bind the %s", c.ID, clause.ID, c.Role)
		}
	}
	return nil
}

// IDs returns the ids of all cases.
func (c Catalogue) IDs() []string {
	ids := make([]string, len(c))
	for i, info := range c {
		ids[i] = info.ID
	}
	return ids
}

// CasesOf returns the ids of the cases in which a clause is tested on a role.
func (c Catalogue) CasesOf(clauseID string, role spec.Role) (ids []string) {
	for _, info := range c {
		if info.Role == role && info.Tests(clauseID) {
			ids = append(ids, info.ID)
		}
	}
	return ids
}

// Digest changes with every id, title and clause text, so that two reports
// tell whether they speak of the same requirements.
func (c Catalogue) Digest() string {
	h := sha256.New()
	for _, info := range c {
		fmt.Fprintln(h, info.ID, info.Title)
		for _, clause := range info.Clauses {
			fmt.Fprintln(h, clause.ID, clause.Level, clause.Text)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// silenceGinkgo keeps Ginkgo's own report off the terminal.
func silenceGinkgo() { formatter.ColorableStdOut = io.Discard }

// runOrder is the configuration under which cases run in the order of their
// Describes and their lines.
func runOrder() types.SuiteConfig {
	config, _ := ginkgo.GinkgoConfiguration()
	config.RandomSeed = 1
	config.RandomizeAllSpecs = false
	return config
}
