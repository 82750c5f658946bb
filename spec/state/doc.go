// Package state reads and writes the small files that lie beside an
// implementation, in the directory where it runs:
//
//   - port.info tells a server its port (STO-1).
//   - transfer.info tells a client where the server is, under which name to
//     register, and what to send (CFG-1).
//   - me.info is what a client keeps of its registration (CFG-3).
//   - priv.key is its private key (CFG-4).
//
// Every program has written these files in its own way for years, so reading
// is tolerant where the meaning is plain (line ends of any system, white space
// at the end of a line, base64 on one line or many) and strict where it is not.
// Writing takes the form that the most programs read: line feeds, base64 on one
// line, and no newline at the end of the file, which some readers take for a
// part of the last line.
//
// The package works on bytes; opening files, and their permissions (CFG-6),
// are the caller's affair. Errors are of type *Error and say what to do.
package state
