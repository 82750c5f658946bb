package conformance

import (
	"github.com/onsi/ginkgo/v2"
)

// Labels that say whom the cases of a Describe bind.
var (
	Server = ginkgo.Label("server")
	Client = ginkgo.Label("client")
)

// Local marks a case that needs a target whose process and folder are within
// reach: on an address it is not applicable.
var Local = ginkgo.Label(localLabel)

const localLabel = "local"

// Basic marks a case that others take for granted. It is run in every run,
// though it is reported only if it was selected.
var Basic = ginkgo.Label(basicLabel)

const basicLabel = "basic"

// Case gives an It its permanent id and the clauses that it tests, the one it
// is about first. Ids are never changed and never used again.
func Case(id string, clauses ...string) ginkgo.Labels {
	return append(ginkgo.Labels{id}, clauses...)
}

// Order places a Describe in the run: lower numbers first. What other cases
// take for granted comes early, so that its failure is reported once.
func Order(n int) ginkgo.SpecPriority { return ginkgo.SpecPriority(-n) }

// NotRun ends a case whose prerequisite is missing; it is reported as not run,
// with the reason.
func NotRun(reason string) { ginkgo.Skip(reason, 1) }

// NotApplicable ends a case that finds out only while it runs that it does not
// apply to the target; it is reported so, with the reason.
func NotApplicable(reason string) { ginkgo.Skip(notApplicablePrefix+reason, 1) }

// notApplicablePrefix tells the two kinds of skipping apart.
const notApplicablePrefix = "not applicable: "
