package conformance

import "github.com/onsi/ginkgo/v2"

// scenarioPrefix marks the labels that name a client run.
const scenarioPrefix = "scenario-"

// Scenario names the client run that a case looks at, so that the run can be
// made ahead of the case, and only if a case of the plan looks at it.
func Scenario(name string) ginkgo.Labels { return ginkgo.Label(scenarioPrefix + name) }
