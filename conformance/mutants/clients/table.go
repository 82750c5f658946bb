package clients

import (
	"slices"
	"strings"

	"github.com/xferspec/xferspec/conformance/mutants"
	"github.com/xferspec/xferspec/reference/client"
	"github.com/xferspec/xferspec/spec"
)

// row is a mutant in a table.
type row struct {
	id      string
	clauses string // separated by blanks
	often   string
	about   string
	mutate  mutation

	unrelated int
	why       string
	varies    bool
	also      string
	alone     string // why it is run on the cases about its clauses only; "" if on all
}

// How often a mistake shows, where many say the same.
const (
	always    = "always"
	returning = "when it comes back"
	large     = "for large files only"
	resending = "when it sends a file again"
)

// Mutants returns all mutants, in the order of the clauses of the protocol.
func Mutants() []mutants.Mutant {
	var all []mutants.Mutant
	for _, r := range slices.Concat(
		framingRows, identityRows, loginRows, transferRows, contentRows, verificationRows, taskRows, fileRows, errorRows, endRows, securityRows,
	) {
		all = append(all, mutants.Mutant{
			ID: r.id, Role: spec.Client, Clauses: strings.Fields(r.clauses), Often: r.often, About: r.about,
			Main: program(r.mutate, patience), Unrelated: r.unrelated, Why: r.why, Varies: r.varies, Also: strings.Fields(r.also), Alone: r.alone,
		})
	}
	return all
}

// variant is a variation in a table.
type variant struct {
	id      string
	about   string
	departs string // SHOULD clauses, separated by blanks
	mutate  mutation
}

// Variations returns all variations.
func Variations() []mutants.Variation {
	var all []mutants.Variation
	for _, v := range variants {
		all = append(all, mutants.Variation{
			ID: v.id, Role: spec.Client, About: v.about, Departs: strings.Fields(v.departs), Main: program(v.mutate, client.DefaultTimeout),
		})
	}
	return all
}
