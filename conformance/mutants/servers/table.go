package servers

import (
	"slices"
	"strings"

	"github.com/xferspec/xferspec/conformance/mutants"
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
	alone     string // why it is run on the cases about its clauses only; "" if on all
}

// How often a mistake shows, where many say the same.
const always = "always"

// Mutants returns all mutants, in the order of the clauses of the protocol.
func Mutants() []mutants.Mutant {
	var all []mutants.Mutant
	for _, r := range slices.Concat(
		framingRows, connectionRows, errorRows, registrationRows, keyRows, loginRows,
		contentRows, sequenceRows, placeRows, checksumRows, verdictRows, stateRows,
	) {
		all = append(all, mutants.Mutant{
			ID: r.id, Role: spec.Server, Clauses: strings.Fields(r.clauses), Often: r.often, About: r.about,
			Main: program(r.mutate), Unrelated: r.unrelated, Why: r.why, Varies: r.varies, Alone: r.alone,
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

	thorough bool
}

// Variations returns all variations.
func Variations() []mutants.Variation {
	var all []mutants.Variation
	for _, v := range variants {
		all = append(all, mutants.Variation{
			ID: v.id, Role: spec.Server, About: v.about, Departs: strings.Fields(v.departs), Thorough: v.thorough, Main: program(v.mutate),
		})
	}
	return all
}
