package mutants

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"

	"github.com/xferspec/xferspec/spec"
)

// Program is a whole program, from its arguments to its exit status. It works in
// the working directory of the process and ends with ctx.
type Program func(ctx context.Context, args []string, stdout, stderr io.Writer) int

// DefaultUnrelated is how many cases a mutant may fail that are about other clauses
// than those it breaks, where its row does not say otherwise.
const DefaultUnrelated = 3

// Mutant is a server or a client that makes one mistake.
type Mutant struct {
	ID      string // lower case, words joined by hyphens; unique among the mutants and variations of its role
	Role    spec.Role
	Clauses []string // ids of all that it breaks, the one it is about first
	Often   string   // when the mistake shows, such as "always" or "after a restart"
	About   string   // the mistake; completes "the server …" or "the client …"
	Main    Program

	// Unrelated is how many failed cases about other clauses are put up with, and
	// Why says why it has to be more than DefaultUnrelated. 0 means DefaultUnrelated.
	Unrelated int
	Why       string

	// Alone says why the mutant is run on the cases about its clauses only, and on
	// those on which others build. "" if it is run on all.
	Alone string

	// Also has ids of cases on which it is run although they are too costly to be
	// run on every mutant that breaks one of their clauses.
	Also []string

	// Varies says that chance decides which cases find it out. At least one about
	// each of its clauses has to, in every run.
	Varies bool
}

// Bound returns how many failed cases about other clauses are put up with.
func (m Mutant) Bound() int {
	if m.Unrelated == 0 {
		return DefaultUnrelated
	}
	return m.Unrelated
}

// Variation is a server or a client that differs from the reference and conforms.
type Variation struct {
	ID       string // as that of a Mutant
	Role     spec.Role
	About    string   // the difference; completes "the server …" or "the client …"
	Departs  []string // ids of the SHOULD clauses that it departs from: cases about these may warn
	Thorough bool     // what is different is so in every conversation: no case is left out because others stand for it
	Main     Program
}

var idPattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Check says what is wrong with the rows of the tables: an id that is malformed or
// used twice, an unknown clause or one that does not bind the role, a text or a
// reason that is missing.
func Check(all []Mutant, variations []Variation) error {
	seen := map[string]bool{}
	id := func(id string, role spec.Role) error {
		key := role.String() + " " + id
		if !idPattern.MatchString(id) || seen[key] {
			return fmt.Errorf("%s: the id is malformed or used twice", key)
		}
		seen[key] = true
		return nil
	}
	for _, m := range all {
		err := id(m.ID, m.Role)
		switch {
		case err != nil:
			return err
		case len(m.Clauses) == 0 || m.Often == "" || m.About == "" || m.Main == nil:
			return fmt.Errorf("mutant %s: its row is not complete", m.ID)
		case m.Unrelated != 0 && (m.Unrelated <= DefaultUnrelated || m.Why == ""):
			return fmt.Errorf("mutant %s: a bound has to be above %d and have a reason", m.ID, DefaultUnrelated)
		}
		if err := checkClauses(m.ID, m.Role, m.Clauses, false); err != nil {
			return err
		}
	}
	for _, v := range variations {
		if err := id(v.ID, v.Role); err != nil {
			return err
		}
		if v.About == "" || v.Main == nil {
			return fmt.Errorf("variation %s: its row is not complete", v.ID)
		}
		if err := checkClauses(v.ID, v.Role, v.Departs, true); err != nil {
			return err
		}
	}
	return nil
}

// checkClauses wants clauses that bind the role, each once; where only SHOULD may be
// departed from, none of them a MUST.
func checkClauses(id string, role spec.Role, ids []string, onlyShould bool) error {
	for i, clauseID := range ids {
		clause, ok := spec.LookupClause(clauseID)
		switch {
		case !ok || clause.Withdrawn != "" || !clause.Roles.Has(role):
			return fmt.Errorf("%s: no clause %q binds the %s", id, clauseID, role)
		case onlyShould && clause.Level == spec.Must:
			return fmt.Errorf("%s: who departs from %s, a MUST, does not conform", id, clauseID)
		case slices.Contains(ids[:i], clauseID):
			return fmt.Errorf("%s: clause %s is named twice", id, clauseID)
		}
	}
	return nil
}
