package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/xferspec/xferspec/conformance/grade"
)

// defaultShards is how many machines a plan is for if nobody says it.
const defaultShards = 4

// released is a version that others can get.
var released = regexp.MustCompile(`^v\d+\.\d+\.\d+$`)

// writePlan prints what makes an engine grade the class. Flags that say how
// submissions are run are taken over.
func (f *gradeFlags) writePlan(cmd *cobra.Command, folder string) error {
	release := "latest"
	if v := version(); released.MatchString(v) {
		release = v
	}
	plan := &grade.Plan{
		Folder: filepath.ToSlash(folder), Shards: defaultShards, Jobs: f.jobs,
		Module: "github.com/xferspec/xferspec/conformance/cmd/xferspec@" + release,
		Image:  "ghcr.io/xferspec/xferspec:" + strings.TrimPrefix(release, "v"),
	}
	if f.shard.n > 0 {
		plan.Shards = f.shard.n
	}
	for _, path := range append(slices.Clone(f.readable), f.template, f.rubric, folder) {
		if f.plan == "github" && !filepath.IsLocal(path) && path != "" {
			return fmt.Errorf("--plan github: %s is outside of this folder: name it as it is called in the repository", path)
		}
	}
	ours := []string{"plan", "shard", "out", "merge", "again", "jobs", "interop"}
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		if slices.Contains(ours, flag.Name) {
			return
		}
		if list, ok := flag.Value.(pflag.SliceValue); ok {
			for _, value := range list.GetSlice() {
				plan.Args = append(plan.Args, "--"+flag.Name+"="+value)
			}
			return
		}
		plan.Args = append(plan.Args, "--"+flag.Name+"="+flag.Value.String())
	})
	if plan.Args == nil {
		plan.Args = []string{} // not null in JSON
	}
	return plan.Write(cmd.OutOrStdout(), f.plan)
}
