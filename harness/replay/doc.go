// Package replay repeats a recorded conversation against a server, and tells
// where its answers first differ from the recorded ones.
//
// What cannot be the same is adapted. A server gives out ids of its own, so each
// recorded id is replaced by the one that came in its place. The private key is
// not in a recording, so the public key is replaced by one of ours, and a file is
// encrypted anew under the AES key that the server wraps for it: the file itself
// where the recording has its keys ([trace.Secrets]), else random bytes of the
// same size. A name that is taken gets an ending. Where the recording begins with
// a login, or a name was taken in it, that is brought about first, on a
// connection of its own.
//
// Bytes that are no message go as they are; of a message that is malformed only
// an id in its header is replaced.
package replay
