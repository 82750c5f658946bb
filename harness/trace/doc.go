// Package trace records what travels on a connection, every byte both ways, and
// shows it again as the messages it was.
//
// A [Recorder] wraps one end of a connection; [Relay] stands between two
// programs that are not ours. Either yields a [Transcript], which [Transcript.Write]
// keeps in a file, [Transcript.Frames] takes apart into messages and [Annotate]
// prints for people. [WritePcapng] and [ReadPcapng] exchange transcripts with
// Wireshark and its like, [Save] writes a conversation in all three forms. What
// Annotate prints:
//
//	> 1025 register, 278 bytes, from byte 0 at 0.000120s
//	     0  c1 1e 47 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f          client id     c11e47030405060708090a0b0c0d0e0f
//	    16  03                                                       version       3
//	    17  01 04                                                    code          1025
//	    19  ff 00 00 00                                              payload size  255
//	    23  41 6c 69 63 65 00 00 00 00 00 00 00 00 00 00 00 … +239   name          "Alice"
//
// One read or write is one [Event], never joined with the next: where a message
// was split says which of FRM-5's cases a program got wrong.
//
// # File format
//
// A transcript file, extension .xftrace, is JSON Lines: one JSON object on each
// line, UTF-8. The first line is the header:
//
//	{"schema":"xferspec-trace/1","edition":"2024a","client":"127.0.0.1:40112","server":"127.0.0.1:1256","start":"2026-03-01T12:00:00Z"}
//
// edition is required. client and server are the two addresses, start the time
// of the first event's origin (RFC 3339, UTC), note a remark for people, dropped
// the number of bytes that were seen but not kept, comments remarks on frames, and
// secrets the keys, which are there only where somebody asked for it; each may be
// missing:
//
//	"comments":[{"dir":">","frame":2,"offset":278,"text":"the public key is none"}]
//	"secrets":{"privateKey":"30820276…","aesKeys":["5f1b…"]}
//
// frame counts the frames of a direction from 1, offset the bytes of the frame;
// without offset the comment is on the frame, without frame on the conversation.
// Every other line is an event, in the order in which they happened:
//
//	{"at":120,"dir":">","data":"000000000000000000000000000000000301…"}
//	{"at":410,"dir":"<","data":"034006100000…"}
//	{"at":950,"dir":">","kind":"end"}
//
// at is in microseconds since start and never decreases; dir is ">" to the
// server or "<" to the client; data is at least one byte in hexadecimal. A line
// without data has a kind: "end" (that side closed in order), "reset" (that side
// broke the connection off) or "cut" (the recorder's limit was reached: what
// else that side sent is not in the file).
package trace
