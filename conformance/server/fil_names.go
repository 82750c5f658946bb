package server

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/conformance/internal/storage"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

var _ = Describe("names that are no plain file names", Server, Order(12), func() {
	for _, row := range []struct{ id, name string }{
		{"SRV-FIL-81", ""},
		{"SRV-FIL-82", "."},
		{"SRV-FIL-83", ".."},
		{"SRV-FIL-84", "../no-such-folder/x"},
		{"SRV-FIL-85", "/no-such-folder/x"},
		{"SRV-FIL-86", `..\no-such-folder\x`},
		{"SRV-FIL-93", "no-such-folder/x"},
		{"SRV-FIL-94", "CON"},
		{"SRV-FIL-87", `C:\no-such-folder\x`},
	} {
		It("refuses or receives a file with the name "+quote(row.name), Case(row.id, "FIL-19"), func(ctx SpecContext) {
			c := sender(ctx)
			Expect(c.SendFile(row.name, []byte("harmless"))).To(Process(spec.TypeFileReceived))
			expectFile(again(ctx, c))
		})
	}

	It("stores nothing outside its folder, whatever the file's name", Case("SRV-FIL-88", "FIL-19"), Local, func(ctx SpecContext) {
		plain := unique(ctx, "an ordinary file")
		c := verified(ctx, "ordinary.txt", plain)
		inside, outside := filepath.Dir(needPlaces(ctx, plain)[0]), otherFolder(ctx)
		for _, name := range pathsTo(inside, filepath.Join(outside, "escaped.txt")) {
			offer(ctx, c, name)
			expectEmpty(outside, fmt.Sprintf("a file with the name %q", name))
		}
	})

	It("keeps a client from another's file, whatever the file's name", Case("SRV-FIL-89", "FIL-19", "FIL-20"), Local, func(ctx SpecContext) {
		needReach(ctx)
		own, precious := unique(ctx, "the attacker's"), unique(ctx, "the victim's")
		attacker := verified(ctx, "own.txt", own)
		verified(ctx, "precious.txt", precious)
		home, goal := filepath.Dir(needPlaces(ctx, own)[0]), needPlaces(ctx, precious)[0]
		for _, name := range pathsTo(home, goal) {
			offer(ctx, attacker, name)
			check(storage.Has(goal, precious), "the file of the other client as it was", "it changed when this one sent a file with the name %q", name)
		}
	})

	It("stores nothing outside its folder, whatever the client's name", Case("SRV-FIL-90", "FIL-19"), Local, func(ctx SpecContext) {
		plain := unique(ctx, "an ordinary client's")
		c := verified(ctx, "ordinary.txt", plain)
		inside, outside := clientsFolder(needPlaces(ctx, plain)[0], c.Name), otherFolder(ctx)
		for _, name := range pathsTo(inside, filepath.Join(outside, "escaped")) {
			c := connect(ctx)
			if c.Register(name).Type() != spec.TypeRegistered {
				leave(ctx, c)
				continue // refused: nothing is stored at all
			}
			Expect(c.SendKey(from(ctx).keys.get(0))).To(Process(spec.TypeKeyAccepted, spec.TypeRegistrationRefused))
			if c.AES != nil {
				offer(ctx, c, "harmless.txt")
			}
			leave(ctx, c)
			expectEmpty(outside, fmt.Sprintf("a file of a client with the name %q", name))
		}
	})
})

func quote(name string) string { return "“" + name + "”" }

// pathsTo returns names that lead from one place to another where a server
// takes them for a path; those that do not fit a text field are left out.
func pathsTo(from, to string) (names []string) {
	relative, err := filepath.Rel(from, to)
	if err != nil {
		relative = to
	}
	for _, name := range []string{relative, to, strings.ReplaceAll(relative, "/", `\`)} {
		if len(name) <= wire.MaxText {
			names = append(names, name)
		}
	}
	return names
}

// offer sends a file and, if it was received, says that it is right.
func offer(ctx context.Context, c *peer.Client, name string) {
	GinkgoHelper()
	c = again(ctx, c)
	defer leave(ctx, c)
	r := c.SendFile(name, []byte("where it should not be"))
	Expect(r).To(Process(spec.TypeFileReceived))
	if r.Type() == spec.TypeFileReceived {
		Expect(c.Exchange(&wire.CRCOK{Name: name})).To(Process(spec.TypeThanks))
	}
}

// clientsFolder returns the folder above the one that is named after a client,
// or that of the file if none is.
func clientsFolder(file, client string) string {
	dir := filepath.Dir(file)
	for above := dir; above != filepath.Dir(above); above = filepath.Dir(above) {
		if filepath.Base(above) == client {
			return filepath.Dir(above)
		}
	}
	return dir
}
