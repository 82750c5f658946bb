// Package bench measures implementations of the protocol under load.
//
// A server is fed by a generator of load ([Server]): one client with files of
// several sizes, then several clients at a time. What is timed is, for every
// request, the time from its last byte to the first of its answer's end, and for
// every load the time from the first byte to the last thanks. Registrations, keys,
// logins and the encryption of the files come before that clock starts.
//
// A client is run on files of several sizes against a server that does next to
// nothing ([Client]): it hands out one AES key, so that it can compare what comes
// with a ciphertext made beforehand.
//
// Whatever is measured is checked first. An answer counts only if it names the
// right client and file and states the right checksum, a file only if it was
// thanked for; what is wrong is a failure, is counted by what it is, and ends the
// client it happened to for the rest of the load.
//
// Two targets are measured in turn, A B B A, so that whatever else the machine
// does falls on both alike, and compared by the ratios of neighbours ([Ratio]).
package bench
