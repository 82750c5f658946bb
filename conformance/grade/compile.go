package grade

import (
	"encoding/json"
	"time"

	"github.com/xferspec/xferspec/conformance/config"
)

// Compile says how a target of a submission is made, in a copy of its folder.
// It is passed on to other processes as JSON.
type Compile struct {
	Commands [][]string    `json:"commands"`
	Limit    time.Duration `json:"limit"` // for all of them together
	Size     int64         `json:"size"`  // of the folder afterwards, in bytes
}

// String returns it as JSON.
func (c Compile) String() string {
	text, _ := json.Marshal(c) // it has nothing that cannot be written
	return string(text)
}

// noPlace is why a target that has to be compiled is not run.
const noPlace = "it has to be compiled, and not in a container: use --isolate sandbox, or let it have a Dockerfile (build)"

// compileOf returns how a target is made; nil if it is there already.
func (r *Runner) compileOf(t *config.Target) *Compile {
	if len(t.Compile) == 0 {
		return nil
	}
	return &Compile{Commands: t.Compile, Limit: r.Compile, Size: r.Disk / 4}
}

// compiles returns the commands that make a submission's targets, by role: they
// are part of what a result depends on.
func (s *Submission) compiles() map[string][][]string {
	all := map[string][][]string{}
	for role, t := range s.Targets {
		if len(t.Compile) > 0 {
			all[role.String()] = t.Compile
		}
	}
	return all
}
