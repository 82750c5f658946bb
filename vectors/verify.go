package vectors

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/xferspec/xferspec/spec"
)

// Mismatch is a vector that this module's own code does not agree with.
type Mismatch struct {
	ID   string // of the vector
	What string // the difference, in one line
}

// String returns "id: what".
func (m Mismatch) String() string { return m.ID + ": " + m.What }

// Verify runs every vector through spec/wire, spec/seal, spec/cksum and
// spec/state on all paths that its bytes can take there: decoded in one piece,
// from a stream byte by byte and in chunks of varying length, and encoded again.
// It returns what does not agree, nothing if all does. The error is that of ctx;
// the mismatches are then those found so far.
func Verify(ctx context.Context, s *Set) ([]Mismatch, error) {
	v := &verifier{ctx: ctx, chunks: rand.New(rand.NewPCG(1, 2))} //nolint:gosec // lengths of chunks
	each(v, s.Messages, v.message)
	each(v, s.Negatives, v.negative)
	each(v, s.Conversations, v.conversation)
	each(v, s.Cksums, v.cksum)
	each(v, s.PublicKeys, v.publicKey)
	each(v, s.Unwraps, v.unwrap)
	each(v, s.CBCs, v.cbc)
	each(v, s.States, v.state)
	return v.found, ctx.Err()
}

type verifier struct {
	ctx    context.Context
	chunks *rand.Rand // lengths of chunks; seeded, so that a mismatch comes back
	id     string     // of the vector at hand
	found  []Mismatch
}

func (v *verifier) failf(format string, args ...any) {
	v.found = append(v.found, Mismatch{v.id, fmt.Sprintf(format, args...)})
}

// each runs check on every vector of one kind, until the context ends.
func each[T any, P headed[T]](v *verifier, list []T, check func(*T)) {
	for i := range list {
		if v.ctx.Err() != nil {
			return
		}
		head := P(&list[i]).head()
		v.id = head.ID
		v.clauses(head.Clauses)
		check(&list[i])
	}
}

// clauses checks that the clauses cited are there and hold.
func (v *verifier) clauses(ids []string) {
	for _, id := range ids {
		if c, ok := spec.LookupClause(id); !ok || c.Withdrawn != "" {
			v.failf("cites %s, which is no clause of the protocol", id)
		}
	}
}

// edition looks up a vector's edition, to which all its clauses must apply.
func (v *verifier) edition(name string, clauses []string) (*spec.Edition, bool) {
	ed, err := spec.LookupEdition(name)
	if err != nil {
		v.failf("%v", err)
		return nil, false
	}
	for _, id := range clauses {
		if why := ed.Excludes(id); why != "" {
			v.failf("cites %s, which does not apply in %s: %s", id, name, why)
		}
	}
	return ed, true
}
