// Package wire encodes and decodes the messages of the protocol.
//
// Every message is a struct in a file of its own. Its one description is the
// method fields, which names the fields in the order in which they travel;
// encoding, decoding and the layout that the harness and the trace use all
// walk that same description. What differs between editions (codes, packet
// fields, a repeated client id) comes from the *spec.Edition that every call
// takes.
//
// There are three ways in:
//
//   - AppendRequest and AppendResponse encode, and refuse what cannot be sent.
//   - DecodeRequest and DecodeResponse take one whole message apart, strictly;
//     RequestReader and ResponseReader do the same on a stream and hand the
//     content of a file on in pieces, without holding it.
//   - Frame is a message as bytes whose fields can be set to anything, for
//     those who want to send what is wrong.
//
// Errors about the bytes of a message are of type *Error and name the clause,
// the field and the offset.
package wire
