package server

import (
	"context"
	"os"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/internal/storage"
)

// restart stops the target in order and starts it again in the same folder.
func restart(ctx context.Context) {
	ginkgo.GinkgoHelper()
	from(ctx).started = time.Now()
	gomega.Expect(from(ctx).target.Restart(ctx)).To(gomega.Succeed(), "the server starts again in its folder")
}

// unique returns a short content that no other file of this run has.
func unique(ctx context.Context, what string) []byte {
	return []byte("xferspec, " + from(ctx).newName() + ": " + what + "\n")
}

// places returns where under the target's folder a content is stored. A server
// may take a moment to put it there, so it is looked for until it is found or
// the time of an answer is over.
func places(ctx context.Context, content []byte) (paths []string) {
	e := from(ctx)
	gomega.NewGomega(func(string, ...int) {}).Eventually(ctx, func() []string {
		if dir, err := e.target.Files(ctx, e.target.Dir()); err == nil {
			paths = storage.Find(dir, content)
		}
		return paths
	}).WithTimeout(e.timeout).ShouldNot(gomega.BeEmpty())
	return paths
}

// expectStored fails the case if a content is nowhere under the target's folder.
func expectStored(ctx context.Context, content []byte, what string) {
	ginkgo.GinkgoHelper()
	check(len(places(ctx, content)) > 0, what+", somewhere in the server's folder", "no file there has its content")
}

// needPlaces is places for cases that take a verified file's being there for granted.
func needPlaces(ctx context.Context, content []byte) []string {
	ginkgo.GinkgoHelper()
	from(ctx).ledger.Require(caseStored)
	paths := places(ctx, content)
	from(ctx).ledger.Need(len(paths) > 0, caseStored, "find a verified file in the server's folder", "no file there has its content")
	return paths
}

// needReach ends the case for a container: what is seen of its folder is a copy,
// and it could not write elsewhere on this machine if it tried.
func needReach(ctx context.Context) {
	if from(ctx).proxied {
		conformance.NotApplicable("a container has no file of this machine within reach")
	}
}

// otherFolder returns a new folder in which the target has no business.
func otherFolder(ctx context.Context) string {
	ginkgo.GinkgoHelper()
	needReach(ctx)
	box := from(ctx).config.Box
	dir, err := os.MkdirTemp(box.Outside(), "xferspec-outside-*")
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	gomega.Expect(box.Own(dir)).To(gomega.Succeed())
	ginkgo.DeferCleanup(os.RemoveAll, dir)
	return dir
}

// expectEmpty fails the case if something has been stored in a folder.
func expectEmpty(dir, after string) {
	ginkgo.GinkgoHelper()
	entries, err := os.ReadDir(dir)
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	check(len(entries) == 0, "nothing stored in "+dir, "%v, after %s", entries, after)
}
