package server

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/internal/storage"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
)

// settleTime is how long a server that has answered may take to bring its
// folder in order: not normative.
const settleTime = time.Second

var _ = Describe("stored files", Server, Local, Order(13), func() {
	It("still has all clients, keys and files after several restarts", Case("SRV-STO-10", "STO-4"), func(ctx SpecContext) {
		from(ctx).ledger.Require(caseStored, caseTaken, caseOnce, caseThanks)
		var clients []*peer.Client
		var files [][]byte
		for range 3 {
			plain := unique(ctx, "kept over several restarts")
			clients = append(clients, verified(ctx, "kept.txt", plain))
			files = append(files, plain)
			restart(ctx)
		}
		for i, c := range clients {
			other := connect(ctx)
			gomega.Expect(other.Register(c.Name)).To(Answer(spec.TypeRegistrationRefused))
			leave(ctx, other)
			c = again(ctx, c)
			resume(ctx, c)
			expectFile(c)
			leave(ctx, c)
			expectStored(ctx, files[i], "a file that was there before the restarts")
		}
	})

	It("stores the files of two clients in two folders", Case("SRV-STO-11", "STO-9"), func(ctx SpecContext) {
		one, two := unique(ctx, "the one client's"), unique(ctx, "the other client's")
		verified(ctx, "one.txt", one)
		verified(ctx, "two.txt", two)
		ones, twos := folders(storedAs(ctx, one)), folders(storedAs(ctx, two))
		check(!within(ones, twos) && !within(twos, ones), "two clients' files in folders of their own",
			"one in %q, the other in %q", ones, twos)
	})

	for _, row := range []struct {
		id, what string
		spoil    func(ctx SpecContext, c *peer.Client, name string) (taken bool)
	}{
		{"SRV-STO-12", "that broke off", func(ctx SpecContext, c *peer.Client, name string) bool {
			sendPart(c, name)
			hangUp(c)
			return false
		}},
		{"SRV-STO-13", "that does not decrypt", func(ctx SpecContext, c *peer.Client, name string) bool {
			t := pad(c, 0, 0, 0, 0, 0)
			for i := range t.Packets {
				t.Packets[i].Name = name
			}
			return c.SendTransfer(t).Type() == spec.TypeFileReceived // FIL-13 has its own cases
		}},
		{"SRV-STO-14", "during which it was killed", func(ctx SpecContext, c *peer.Client, name string) bool {
			sendPart(c, name)
			if between := pause(ctx); between != nil {
				between() // by then it is likely to have been read
			}
			killed(ctx)
			return false
		}},
	} {
		It("has nothing under the name of a file after a transfer "+row.what, Case(row.id, "STO-7"), func(ctx SpecContext) {
			from(ctx).ledger.Require(caseFile, casePackets)
			whole, part := fileName(ctx, "whole"), fileName(ctx, "never")
			plain := unique(ctx, "a file that came whole")
			c := again(ctx, verified(ctx, whole, plain))
			places := placesFor(ctx, plain, whole, part)
			if taken := row.spoil(ctx, c, part); !taken {
				expectNothingAt(ctx, places, "after a transfer "+row.what)
			}
		})
	}
})

// fileName returns a file name that no other case of this run uses.
func fileName(ctx context.Context, what string) string {
	return what + "-" + from(ctx).newName() + ".bin"
}

// sendPart sends a file but for its last bytes.
func sendPart(c *peer.Client, name string) {
	b := c.EncodeTransfer(c.NewTransfer(name, noise(5000, 30), peer.DefaultPacket))
	c.SendBytes(b[:len(b)-200])
}

// killed kills the target and starts it again in the same folder.
func killed(ctx context.Context) {
	GinkgoHelper()
	gomega.Expect(from(ctx).target.Kill()).To(gomega.Succeed())
	gomega.Expect(from(ctx).target.Start(ctx)).To(gomega.Succeed(), "the server starts again after it was killed")
}

// look shows see the target's folder, or a copy on this machine, again and
// again until it is content or the time is over, and says which.
func look(ctx context.Context, limit time.Duration, see func(dir string) bool) bool {
	e := from(ctx)
	return gomega.NewGomega(func(string, ...int) {}).Eventually(ctx, func() bool {
		dir, err := e.target.Files(ctx, e.target.Dir())
		return err == nil && see(dir)
	}).WithTimeout(limit).Should(gomega.BeTrue())
}

// settle is settleTime, scaled.
func (e *env) settle() time.Duration { return time.Duration(e.timeScale * float64(settleTime)) }

// folders returns the folders that files are in.
func folders(files []string) (found []string) {
	for _, file := range files {
		found = append(found, filepath.Dir(file))
	}
	return found
}

// within says whether all of some folders are among others.
func within(some, others []string) bool {
	return !slices.ContainsFunc(some, func(dir string) bool { return !slices.Contains(others, dir) })
}

// placesFor returns where, below the target's folder, a client's file would be
// stored under a name: where another of its files is, with the name of this one.
func placesFor(ctx context.Context, content []byte, has, would string) (places []string) {
	GinkgoHelper()
	for _, place := range storedAs(ctx, content) {
		if strings.Contains(filepath.Base(place), has) {
			places = append(places, strings.ReplaceAll(place, has, would))
		}
	}
	if len(places) == 0 {
		NotApplicable("the server does not store a file under its own name, what its final name would be is not known")
	}
	return places
}

// storedAs returns the paths below the target's folder under which a verified
// file is stored.
func storedAs(ctx context.Context, content []byte) (places []string) {
	GinkgoHelper()
	e := from(ctx)
	e.ledger.Require(caseStored)
	found := look(ctx, e.timeout, func(dir string) bool {
		for _, path := range storage.Find(dir, content) {
			if place, err := filepath.Rel(dir, path); err == nil {
				places = append(places, place)
			}
		}
		return len(places) > 0
	})
	e.ledger.Need(found, caseStored, "find a verified file in the server's folder", "no file there has its content")
	return places
}

// expectNothingAt fails the case if there is something at one of these places
// and stays there.
func expectNothingAt(ctx context.Context, places []string, after string) {
	GinkgoHelper()
	var there []string
	gone := look(ctx, from(ctx).settle(), func(dir string) bool {
		there = slices.DeleteFunc(slices.Clone(places), func(place string) bool {
			_, err := os.Lstat(filepath.Join(dir, place))
			return err != nil
		})
		return len(there) == 0
	})
	check(gone, "nothing under the file's final name, "+after, "%q", there)
}
