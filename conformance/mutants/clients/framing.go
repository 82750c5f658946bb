package clients

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/xferspec/xferspec/conformance/mutants/message"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

var framingRows = []row{
	{
		id: "big-endian-sizes", clauses: "FRM-1", often: always, about: "writes payload sizes big-endian",
		mutate: onRequests(func(_ *conn, r *message.Message) { r.Turn("payload size") }),
	},
	{
		id: "big-endian-abort-code", clauses: "FRM-1", often: "in 1031 only", about: "writes the code of 1031 big-endian",
		mutate: onRequests(func(_ *conn, r *message.Message) { r.Turn("code") }, spec.TypeCRCAbort),
	},
	{
		id: "header-without-version", clauses: "FRM-2", often: always, about: "leaves the version out of its headers",
		mutate: onRequests(func(_ *conn, r *message.Message) { r.Bytes = slices.Delete(r.Bytes, wire.IDSize, wire.IDSize+1) }),
	},
	{
		id: "confirms-under-no-id", clauses: "FRM-2", often: "in 1029 only", about: "leaves its id out of the header of 1029",
		mutate: all(
			onRequests(func(_ *conn, r *message.Message) { clear(r.Field("client id")) }, spec.TypeCRCOK),
			ownID,
		),
	},
	{
		id: "size-counts-header", clauses: "FRM-4", often: always, about: "counts the header in the payload size",
		mutate: onRequests(countHeader),
	},
	{
		id: "size-counts-header-of-login", clauses: "FRM-4", often: "in 1027 only", about: "counts the header in the payload size of 1027",
		mutate: onRequests(countHeader, spec.TypeLogin),
	},
	{
		id: "one-byte-more", clauses: "FRM-4", often: "after 1029", about: "sends a byte more than it declares at the end of a conversation",
		mutate: onRequests(func(_ *conn, r *message.Message) { r.Bytes = append(r.Bytes, '\n') }, spec.TypeCRCOK),
	},
	{
		id: "one-recv-for-each-part", clauses: "FRM-5", often: "when a response comes in pieces",
		about:  "reads header and payload with one recv each, and goes on with what has come",
		mutate: receiving(false),
	},
	{
		id: "short-recv-is-the-end", clauses: "FRM-5", often: "when a response comes in pieces",
		about:  "takes a recv that returns less than it asked for for the end of the stream",
		mutate: receiving(true),
	},
	{
		id: "no-nul", clauses: "FRM-8", often: always, about: "fills texts up with blanks and ends none with a NUL",
		mutate: onRequests(func(_ *conn, r *message.Message) { r.SetText(r.Text() + strings.Repeat(" ", wire.TextSize)) }),
	},
	{
		id: "name-without-room-for-nul", clauses: "FRM-8 FIL-24", often: "for a file name of 255 characters",
		about: "sends a file name that fills its field to the last byte",
		mutate: all(beforehand(shortenName), onRequests(func(c *conn, r *message.Message) {
			if c.process.longName != "" {
				r.SetText(c.process.longName)
			}
		}, spec.TypeFile, spec.TypeCRCOK)),
	},
	{
		id: "compares-stale-bytes", clauses: "FRM-9", often: "when there are bytes after the NUL",
		about: "compares the whole field of the file name in 1603, with what follows the NUL",
		mutate: onResponses(func(_ *conn, r *message.Message) {
			if len(bytes.Trim(r.Padding(), "\x00")) > 0 {
				r.SetText("another")
			}
		}, spec.TypeFileReceived),
	},
	{
		id: "refuses-stale-bytes", clauses: "FRM-9", often: "when there are bytes after the NUL",
		about: "takes a response with anything but zeros after the NUL for malformed",
		mutate: onResponses(func(c *conn, r *message.Message) {
			if len(bytes.Trim(r.Padding(), "\x00")) > 0 {
				c.process.quit(1, "fatal: the answer is malformed")
			}
		}),
	},
	{
		id: "status-1-after-stale-bytes", clauses: "FRM-9", often: "when there are bytes after the NUL",
		about: "compares the whole field of the file name in 1603 when the file has arrived, and ends with exit status 1",
		mutate: func(p *process) {
			stale := false
			onResponses(func(_ *conn, r *message.Message) {
				stale = len(bytes.Trim(r.Padding(), "\x00")) > 0
			}, spec.TypeFileReceived)(p)
			failingIf(func(*process) bool { return stale })(p)
		},
	},
	{
		id: "stale-bytes-after-nul", clauses: "FRM-10", often: always, about: "leaves stale memory after the NUL of a text",
		mutate: onRequests(func(_ *conn, r *message.Message) { copy(r.Padding(), bytes.Repeat([]byte{0xcd}, wire.TextSize)) }),
	},
	{
		id: "version-2", clauses: "VER-2", often: always, about: "says that it speaks version 2",
		mutate: onRequests(func(_ *conn, r *message.Message) { r.Put("version", 2) }),
	},
	{
		id: "version-0-of-1030", clauses: "VER-2", often: "in 1030 only", about: "leaves the version out of 1030",
		mutate: onRequests(func(_ *conn, r *message.Message) { r.Put("version", 0) }, spec.TypeCRCBad),
	},
	{
		id: "crashes-on-other-version", clauses: "VER-4", often: "when a response has another version", about: "crashes",
		mutate: onOtherVersion(func(c *conn) { c.process.die() }),
	},
	{
		id: "hangs-on-other-version", clauses: "VER-4", often: "when a response has another version", about: "reports an error and does not end",
		mutate: onOtherVersion(func(c *conn) {
			fmt.Fprintln(c.process.stdout, errorWords)
			hang()
		}),
	},
	{
		id: "ends-on-other-version", clauses: "VER-4", often: "when a response has another version", about: "ends without saying why",
		mutate: onOtherVersion(func(c *conn) { c.process.quit(1, "fatal") }),
	},
}

func countHeader(_ *conn, r *message.Message) {
	r.Put("payload size", r.Uint("payload size")+wire.RequestHeaderSize)
}

func onOtherVersion(f func(c *conn)) mutation {
	return onResponses(func(c *conn, r *message.Message) {
		if r.Uint("version") != uint64(c.process.edition.Version) {
			f(c)
		}
	})
}

// ownID lets the reference find its own id in the answers to requests that went out
// under another.
func ownID(p *process) {
	onResponses(func(c *conn, r *message.Message) {
		me := c.process.identity().Client
		copy(r.Field("client id"), me[:])
	}, spec.TypeLoginRefused, spec.TypeThanks)(p)
}
