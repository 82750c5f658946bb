package client

import (
	"context"
	"fmt"
	"slices"

	"github.com/onsi/ginkgo/v2"

	"github.com/xferspec/xferspec/conformance"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// Cases on which others build: what they test, the others take for granted.
const (
	caseStep     = "CLT-FRM-01"
	caseTexts    = "CLT-FRM-02"
	caseRegister = "CLT-REG-01"
	caseKey      = "CLT-KEY-01"
	casePackets  = "CLT-FIL-01"
	caseSizes    = "CLT-FIL-03"
	caseFile     = "CLT-FIL-05"
	caseSuccess  = "CLT-CRC-01"
	caseIdentity = "CLT-CFG-01"
	caseReturn   = "CLT-CFG-02"
	caseThanks   = "CLT-CRC-16"
	casePrivKey  = "CLT-CFG-04"
	caseLogin    = "CLT-LGN-02"
	caseAnew     = "CLT-LGN-03"
)

// basics are the most basic of them, in the order in which a client meets them:
// one that fails a case is not accused again in those after it.
var basics = []string{caseStep, caseTexts, caseRegister, caseKey, casePackets, caseFile, caseSuccess, caseIdentity, caseReturn}

// upTo returns the basics up to one of them.
func upTo(caseID string) []string { return basics[:slices.Index(basics, caseID)+1] }

// build ends the case as not run if one that it builds on failed.
func build(ctx context.Context, caseIDs ...string) {
	ginkgo.GinkgoHelper()
	for _, id := range caseIDs {
		if from(ctx).failed[id] {
			conformance.NotRun("builds on " + id + ", which did not pass")
		}
	}
}

// step is a request that every conversation comes to.
type step struct {
	about string           // the case about it
	after spec.MessageType // the step before; spec.TypeUnknown if it is the first
}

// step returns how the run comes to a request.
func (r *run) step(t spec.MessageType) step {
	switch t {
	case spec.TypeRegister:
		return step{about: caseRegister}
	case spec.TypePublicKey:
		if r.returning {
			return step{about: caseReturn}
		}
		return step{caseKey, spec.TypeRegister}
	case spec.TypeLogin:
		return step{about: caseReturn}
	case spec.TypeFile:
		return step{caseFile, r.introduction()}
	default:
		return step{caseSuccess, spec.TypeFile}
	}
}

// introduction is the request that gets the client its AES key.
func (r *run) introduction() spec.MessageType {
	if r.returning && r.edition.Has(spec.TypeLogin) {
		return spec.TypeLogin
	}
	return spec.TypePublicKey
}

// need ends the case if a step was not taken. The case has failed if it is the
// one about that step, or if that one passed; it is not run if that one did not
// pass, or if one of the basics before it failed.
func (r *run) need(ctx context.Context, ok bool, caseID, step string) {
	ginkgo.GinkgoHelper()
	if ok {
		return
	}
	before := upTo(caseID)
	build(ctx, before[:len(before)-1]...)
	if i := slices.IndexFunc(r.seen.Requests, func(q peer.Request) bool { return q.Err != nil }); i >= 0 {
		conformance.PointOutFault(r.seen.Requests[i], r.seen.Requests[i].Err)
	}
	from(ctx).ledger.Need(false, caseID, step, r)
}

// all returns the run's requests of a type, one at least. In an edition without
// such requests the case is not applicable.
func (r *run) all(ctx context.Context, t spec.MessageType) []peer.Request {
	ginkgo.GinkgoHelper()
	if !r.edition.Has(t) {
		conformance.NotApplicable(fmt.Sprintf("edition %s has no %s request", r.edition.Name, t))
	}
	if r.returning {
		r.need(ctx, r.known, caseKey, "make the client known in an earlier run")
		r.need(ctx, r.files[meInfo] != nil, caseIdentity, "start with the me.info of an earlier run")
	}
	requests := r.seen.Of(t)
	if len(requests) > 0 {
		return requests
	}
	step := r.step(t)
	if step.after != spec.TypeUnknown {
		r.all(ctx, step.after)
	}
	r.need(ctx, false, step.about, "see a "+t.String()+" request")
	return nil
}

// first returns the run's first request of a type.
func (r *run) first(ctx context.Context, t spec.MessageType) peer.Request {
	ginkgo.GinkgoHelper()
	return r.all(ctx, t)[0]
}

// packets returns the packets of the run's first transfer, complete or not, and
// those that go on counting after its last.
func (r *run) packets(ctx context.Context) peer.Received {
	ginkgo.GinkgoHelper()
	packets := r.all(ctx, spec.TypeFile)
	last := slices.IndexFunc(packets, func(q peer.Request) bool { return q.Answer != "" })
	if last < 0 {
		return peer.Received{Packets: packets}
	}
	end := last + 1
	for r.edition.PacketFields && end < len(packets) && number(packets[end]) == number(packets[end-1])+1 {
		end++
	}
	return peer.Received{Packets: packets[:end]}
}

func number(packet peer.Request) int { return int(packet.Message.(*wire.File).Number) }

// transfers returns the run's complete transfers, one at least.
func (r *run) transfers(ctx context.Context) []peer.Received {
	ginkgo.GinkgoHelper()
	build(ctx, casePackets, caseFile)
	r.all(ctx, spec.TypeFile)
	r.need(ctx, len(r.seen.Transfers) > 0, caseFile, "see a whole file")
	return r.seen.Transfers
}

// transfer returns the run's first complete transfer.
func (r *run) transfer(ctx context.Context) peer.Received {
	ginkgo.GinkgoHelper()
	return r.transfers(ctx)[0]
}
