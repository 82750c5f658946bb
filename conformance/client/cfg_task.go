package client

import (
	"context"
	"os"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	. "github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/state"
)

// tasks are runs of a client that cannot do what it is asked to.
var tasks = []struct {
	must, should string // ids of the cases that it uploads nothing, and ends with a status other than 0
	what         string
	run          *scenario
}{
	{"CLT-CFG-10", "CLT-CFG-14", "there is no transfer.info", taskOf("no-task", func(state.TransferInfo) []byte { return nil })},
	{"CLT-CFG-17", "CLT-CFG-18", "transfer.info is empty", taskOf("empty-task", func(state.TransferInfo) []byte { return []byte{} })},
	{"CLT-CFG-19", "CLT-CFG-20", "transfer.info has but one line", taskOf("one-line", func(right state.TransferInfo) []byte { return []byte(right.Addr + "\n") })},
	{"CLT-CFG-11", "CLT-CFG-15", "transfer.info has but two lines", taskOf("short-task", func(right state.TransferInfo) []byte { return []byte(right.Addr + "\n" + right.Name + "\n") })},
	{"CLT-CFG-12", "CLT-CFG-21", "transfer.info has a port that is no number", address("bad-port", "127.0.0.1:port")},
	{"CLT-CFG-22", "CLT-CFG-23", "transfer.info has no port", address("no-port", "127.0.0.1")},
	{"CLT-CFG-24", "CLT-CFG-25", "transfer.info has port 0", address("port-0", "127.0.0.1:0")},
	{"CLT-CFG-26", "CLT-CFG-27", "transfer.info has port 65536", address("port-65536", "127.0.0.1:65536")},
	{"CLT-CFG-28", "CLT-CFG-29", "transfer.info has a host that is not to be found", address("no-host", "no..host:1256")},
	{"CLT-CFG-13", "CLT-CFG-16", "the file is not there", placed("no-file", func(string) error { return nil })},
	{"CLT-CFG-30", "CLT-CFG-31", "the file is a folder", placed("folder", func(path string) error { return os.Mkdir(path, 0o700) })},
	{"CLT-CFG-32", "CLT-CFG-33", "the file cannot be read", unreadable},
}

// unreadable is a file that nobody may read, but for the system's own user.
var unreadable = placed("unreadable", func(path string) error { return os.WriteFile(path, []byte("secret"), 0) })

func taskOf(name string, info func(right state.TransferInfo) []byte) *scenario {
	return newScenario(name, caseFile, func(s *stage) { s.info = info })
}

func address(name, addr string) *scenario {
	return taskOf(name, func(right state.TransferInfo) []byte {
		right.Addr = addr
		return right.Format()
	})
}

func placed(name string, place func(path string) error) *scenario {
	return newScenario(name, caseFile, func(s *stage) { s.place = place })
}

var _ = Describe("the client's task", Client, Order(7), func() {
	for _, row := range tasks {
		It("uploads nothing and says why when "+row.what, Case(row.must, "CFG-5"), fresh.label(), row.run.label(), func(ctx SpecContext) {
			run := vain(ctx, row.run)
			fresh.await(ctx).transfer(ctx) // where it can, it does
			Expect(run).To(SendNo(spec.TypeFile))
			Expect(strings.TrimSpace(run.Output)).NotTo(BeEmpty(), "what the client prints")
		})

		It("ends by itself, with a status other than 0, when "+row.what, Case(row.should, "CFG-8"), fresh.label(), row.run.label(), func(ctx SpecContext) {
			run := vain(ctx, row.run)
			fresh.await(ctx).first(ctx, spec.TypeCRCOK) // where it can, it succeeds
			Expect(run).To(End())
			Expect(run).To(EndBadly())
		})
	}
})

// vain returns a run of a client that cannot do its task, if that is so here.
func vain(ctx context.Context, s *scenario) *run {
	if s == unreadable && (os.Geteuid() == 0 || from(ctx).contained()) {
		NotApplicable("the client runs as root, which may read every file")
	}
	return s.await(ctx)
}

// Runs whose transfer.info some clients read and others do not.
var (
	windowsLines = taskOf("windows-lines", func(right state.TransferInfo) []byte {
		return []byte(strings.ReplaceAll(string(right.Format()), "\n", "\r\n") + "\r\n")
	})
	trailingBlanks = taskOf("trailing-blanks", func(right state.TransferInfo) []byte {
		return []byte(strings.ReplaceAll(string(right.Format()), "\n", " \n") + " \n")
	})
	nameOf100 = newScenario("name-of-100", caseRegister, func(s *stage) { s.name = lengthened(s.name, 100) })
	nameOf101 = newScenario("name-of-101", caseRegister, func(s *stage) { s.name = lengthened(s.name, 101) })
)

func lengthened(name string, n int) string { return name + strings.Repeat("x", n-len(name)) }

var _ = Describe("the lines of transfer.info", Client, Order(7), func() {
	for _, row := range []struct {
		id, what string
		run      *scenario
	}{
		{"CLT-CFG-34", "carriage returns", windowsLines},
		{"CLT-CFG-35", "blanks", trailingBlanks},
	} {
		It("drops "+row.what+" at the ends of the lines of transfer.info, or takes it for malformed", Case(row.id, "CFG-11"), fresh.label(), row.run.label(), func(ctx SpecContext) {
			fresh.await(ctx).transfer(ctx)
			expectNameOrComplaint(row.run.await(ctx))
		})
	}

	It("registers a name of 100 characters", Case("CLT-CFG-36", "CFG-1", "REG-1"), nameOf100.label(), func(ctx SpecContext) {
		run := nameOf100.await(ctx)
		Expect(run.first(ctx, spec.TypeRegister)).To(Carry("name", run.name))
		Expect(run.transfer(ctx)).To(Bring(run.content))
	})

	It("does not make another name of one of 101 characters", Case("CLT-CFG-37", "CFG-1", "REG-1"), nameOf101.label(), func(ctx SpecContext) {
		expectNameOrComplaint(nameOf101.await(ctx))
	})
})

// expectNameOrComplaint is what holds for a client that is not sure to take
// transfer.info as it is.
func expectNameOrComplaint(run *run) {
	GinkgoHelper()
	registrations := run.seen.Of(spec.TypeRegister)
	for _, q := range registrations {
		Expect(q).To(Carry("name", run.name))
	}
	if len(registrations) == 0 {
		Expect(strings.TrimSpace(run.Output)).NotTo(BeEmpty(), "what the client prints")
	}
	Expect(run).To(End())
}
