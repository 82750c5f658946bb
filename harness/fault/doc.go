// Package fault is a proxy between any client and any server that knows where
// frames begin and end, and does to them what a plan says.
//
// A [Plan] is YAML: a list of faults, each of which names some frames and one
// thing that is done to them. [ParsePlan] reads it, [Serve] carries it out:
//
//	seed: 7
//	faults:
//	  - {to: server, message: file, where: {packet number: 1}, occurrence: 1-3, flip: {field: content, bits: 2}}
//	  - {to: client, message: file-received, cksum: {xor: 0xFFFFFFFF}}
//	  - {to: client, message: thanks, occurrence: 1, drop: true}
//	  - {to: both, split: 1}
//
// # Which frames
//
// A fault is about the frames of which all holds that it says, and about every
// frame where it says nothing:
//
//   - to: server, client or both. The name of a message implies it.
//   - message: a name of [spec.MessageType], such as file-received.
//   - where: fields and the values that they have, fields named as by [wire.Layout].
//     A whole number, the text of a text field, or the bytes of an id in hexadecimal.
//   - occurrence: 2, 1-3 or 2-, among the frames that all else fits, counted from 1
//     for each fault over all connections of the proxy.
//
// A frame that is too short for a field that the fault names is none of them.
//
// # What is done
//
// These change one field in place, and the proxy makes sure that nothing else of
// the frame is changed:
//
//   - flip: {field, bits}: some bits, 1 if nothing else is said.
//   - set: {field, value}: values are written as in where; bytes take the place of
//     as many at the beginning of the field.
//   - cksum: {xor} or {value}: the checksum in file-received.
//   - code: another code, by its number or as the name of a message.
//
// And these do something to the frame as a whole:
//
//   - drop: true. It is not sent.
//   - repeat: times that it is sent again.
//   - swap: true. It goes after the next one of its direction. If none comes, it
//     goes at the end, so a peer that waits for it waits in vain.
//   - delay: ms that it and all behind it wait.
//   - split: bytes that are written at a time.
//   - rate: bytes per second.
//   - join: frames that go out in one write. Those that have come go out when 200 ms
//     have passed since the first: the next may depend on the answer to it.
//   - cut: bytes of it that are sent before the direction ends, as by half-close.
//   - half-close: true. The direction ends in its place, the other one goes on.
//   - reset: true. The connection is broken off in its place, towards both programs;
//     what they have not read by then is lost.
//
// A number may be written with its name, split: {bytes: 1}, or alone. Faults
// that are about the same frame apply in the order of the plan, until one leaves
// nothing of it.
//
// # What passes unchanged
//
// Every byte else, as soon as no fault can be about its frame any more: once the
// header and the fields that where names have come, and from the first byte where
// all occurrences are over. Only frames that a fault is about are held until they
// are whole. If the stream ends before, or a header makes no sense or declares
// more than [MaxFrame], the bytes are passed on as they came and the [Observer]
// is told.
//
// # The same again
//
// What is decided depends on the plan, its seed and the bytes, not on how they
// were segmented or when they came: the same plan makes the same of the same
// conversation. The bits that a flip hits depend on the seed, the number of the
// fault and the occurrence alone.
package fault
