// Package vectors holds golden vectors of the protocol: bytes and what they
// mean, fixed once, for programs in any language to be tested against.
//
// The data are JSON files under data/, each with a schema under schema/;
// README.md says how to use them. Every vector stands alone and has a permanent
// id, a comment and the clauses that it is about. There are eight kinds, one Go
// type each: messages, frames that must be refused, whole conversations,
// checksums, public keys, wrapped keys, ciphertexts and the files that programs
// keep beside them.
//
// [Load] returns the vectors of this module, [LoadDir] those of a folder, such
// as one that [Copy] wrote. [Verify] runs them all through this module's own
// codec and cryptography, on every path that bytes can take there.
//
// The bytes do not come from that codec: package generate builds them with a
// few lines of its own, so that one mistake cannot hide in both.
package vectors

import "embed"

//go:generate go run ./internal/regenerate data

//go:embed README.md data/*.json schema/*.json
var embedded embed.FS
