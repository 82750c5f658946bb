package main

import (
	"errors"
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
	if err := f.checkPlanPaths(folder); err != nil {
		return err
	}
	if f.plan == "kubernetes" && f.planImage == "" {
		return errors.New("--plan kubernetes needs --plan-image NAME, an image with xferspec and what submissions need, such as:\n" +
			"  FROM python:3\n  COPY --from=" + baseImage() + " /xferspec /usr/local/bin/\n  RUN pip install pycryptodome")
	}
	plan := &grade.Plan{
		Folder: filepath.ToSlash(folder), Shards: defaultShards, Jobs: f.jobs,
		Module: "github.com/xferspec/xferspec/conformance/cmd/xferspec@" + release(),
		Image:  f.planImage, Base: baseImage(),
	}
	if f.shard.n > 0 {
		plan.Shards = f.shard.n
	}
	ours := []string{"plan", "plan-image", "shard", "out", "merge", "again", "jobs", "interop"}
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

// checkPlanPaths refuses what only this machine has: another one gets the
// content of this folder. What programs may read beside it may be the other
// machine's own.
func (f *gradeFlags) checkPlanPaths(folder string) error {
	for _, path := range []string{f.template, f.rubric, folder} {
		if path != "" && !filepath.IsLocal(path) {
			return fmt.Errorf("--plan %s: %s is outside of this folder, and the other machines get only what is in it: go to a folder that has everything, and name %s from there",
				f.plan, path, filepath.Base(path))
		}
	}
	if f.plan == "github" && filepath.Clean(folder) == "." {
		return errors.New("--plan github: the results would lie among the submissions: put these into a folder of their own in the repository")
	}
	for _, path := range f.readable {
		if !filepath.IsAbs(path) && !filepath.IsLocal(path) {
			return fmt.Errorf("--plan %s: --readable %s leads out of this folder: name one in it, or one of the other machines by its whole path", f.plan, path)
		}
	}
	return nil
}

// release is the version of xferspec that other machines get.
func release() string {
	if v := version(); released.MatchString(v) {
		return v
	}
	return "latest"
}

// baseImage is the container image with xferspec alone.
func baseImage() string { return "ghcr.io/xferspec/xferspec:" + strings.TrimPrefix(release(), "v") }
