package clients

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/xferspec/xferspec/conformance/mutants/message"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
)

// transferRows are mistakes in what packets say of a file.
var transferRows = []row{
	{
		id: "packets-from-0", clauses: "FIL-1", often: always, about: "numbers packets from 0",
		mutate: onPackets(func(_ *conn, r *message.Message) { r.Put("packet number", r.Uint("packet number")-1) }),
	},
	{
		id: "total-one-more", clauses: "FIL-1", often: always, about: "says that there is a packet more than it sends",
		mutate: onPackets(func(_ *conn, r *message.Message) { r.Put("total packets", r.Uint("total packets")+1) }),
	},
	{
		id: "total-one-less", clauses: "FIL-1", often: "for files of several packets", about: "says that there is a packet less than it sends",
		mutate: onPackets(func(_ *conn, r *message.Message) { r.Put("total packets", max(1, r.Uint("total packets")-1)) }),
	},
	{
		id: "total-one-more-between", clauses: "FIL-2", often: "between the first packet and the last",
		about: "says that there is a packet more than it sends",
		mutate: onPackets(func(_ *conn, r *message.Message) {
			if n, total := r.Uint("packet number"), r.Uint("total packets"); n > 1 && n < total {
				r.Put("total packets", total+1)
			}
		}),
	},
	{
		id: "packets-in-reverse", clauses: "FIL-1", often: "for files of several packets", about: "sends the packets in the order from the last to the first",
		mutate: onTransfers(func(t *transfer) { slices.Reverse(t.packets) }),
	},
	{
		id: "number-in-a-byte", clauses: "FIL-1", often: large, about: "counts packets in a byte",
		also:      "CLT-FIL-13",
		unrelated: 9, why: "a file of more than 255 packets never comes to its end",
		mutate: onPackets(func(_ *conn, r *message.Message) { r.Put("packet number", r.Uint("packet number")&0xff) }),
	},
	{
		id: "name-with-number", clauses: "FIL-2", often: "from the second packet on", about: "adds the number of the packet to the name of the file",
		mutate: all(onPackets(func(_ *conn, r *message.Message) {
			if n := int(r.Uint("packet number")); n > 1 {
				r.SetText(r.Text() + "." + strconv.Itoa(n))
			}
		}), rightAnswer),
	},
	{
		id: "original-size-counts-down", clauses: "FIL-2", often: "from the second packet on",
		about: "states in each packet how much of the file is still to come in place of its size",
		mutate: onPackets(func(_ *conn, r *message.Message) {
			r.Put("original size", r.Uint("original size")-(r.Uint("packet number")-1)*packetSize)
		}),
	},
	{
		id: "content-size-counts-down", clauses: "FIL-2", often: "from the second packet on",
		about:     "states in each packet how much of the ciphertext is still to come in place of its size",
		unrelated: 9, why: wrongSize,
		mutate: all(onPackets(func(_ *conn, r *message.Message) {
			r.Put("content size", r.Uint("content size")-(r.Uint("packet number")-1)*packetSize)
		}), rightAnswer),
	},
	{
		id: "original-size-overflows", clauses: "FIL-2", often: large, about: "loses the original size from packet 257 on",
		also: "CLT-FIL-28",
		mutate: onPackets(func(_ *conn, r *message.Message) {
			if r.Uint("packet number") > 256 {
				r.Put("original size", 0)
			}
		}),
	},
	{
		id: "content-size-of-plaintext", clauses: "FIL-3", often: always, about: "states the size of the file for the content size",
		unrelated: 9, why: wrongSize,
		mutate: all(onPackets(func(_ *conn, r *message.Message) { r.Put("content size", r.Uint("original size")) }), rightAnswer),
	},
	{
		id: "original-size-of-ciphertext", clauses: "FIL-3", often: always, about: "states the size of the ciphertext for the original size",
		mutate: onPackets(func(_ *conn, r *message.Message) { r.Put("original size", r.Uint("content size")) }),
	},
	{
		id: "big-endian-original-size", clauses: "FIL-3", often: always, about: "writes the original size big-endian",
		mutate: onPackets(func(_ *conn, r *message.Message) { r.Turn("original size") }),
	},
	{
		id: "original-size-of-whole-blocks", clauses: "FIL-3", often: "for files of whole blocks",
		about: "states an original size that is a block too large",
		also:  "CLT-FIL-12",
		mutate: onPackets(func(_ *conn, r *message.Message) {
			if size := r.Uint("original size"); size%blockSize == 0 {
				r.Put("original size", size+blockSize)
			}
		}),
	},
	{
		id: "path-for-name", clauses: "FIL-24", often: "when the file is in another folder", about: "calls the file by its path",
		mutate: all(onNames(func(c *conn, _ string) string { return c.process.task.Path }), rightAnswer),
	},
	{
		id: "name-without-extension", clauses: "FIL-24", often: always, about: "calls the file by its name without the extension",
		mutate: all(onNames(func(_ *conn, name string) string { return strings.TrimSuffix(name, path.Ext(name)) }), rightAnswer),
	},
	{
		id: "name-of-100", clauses: "FIL-24", often: "for long names", about: "cuts the name of the file to 100 characters",
		mutate: all(onNames(func(_ *conn, name string) string { return name[:min(100, len(name))] }), rightAnswer),
	},
}

const blockSize = 16 // of AES, in bytes

func onPackets(f func(c *conn, r *message.Message)) mutation { return onRequests(f, spec.TypeFile) }

// onNames has the client call the file something else in its packets.
func onNames(f func(c *conn, name string) string) mutation {
	return onPackets(func(c *conn, r *message.Message) { r.SetText(f(c, r.Text())) })
}

// wrongSize is why cases with the reference server fail.
const wrongSize = "the reference server takes no file with a wrong size, whatever the case is about"

// rightAnswer lets the reference find the name and the content size in 1603 that it
// has sent, before they were changed.
func rightAnswer(p *process) {
	onResponses(func(c *conn, r *message.Message) {
		r.SetText(c.process.fileName())
		r.Put("content size", uint64(seal.CiphertextSize(int64(len(c.process.content())))))
	}, spec.TypeFileReceived)(p)
}

// largeFile is from where on a file is large, in bytes: more than a number of 16 bits
// counts, and more packets than one of 8 bits.
const largeFile = 1 << 18

// isLarge says whether a packet is of a large file.
func isLarge(r *message.Message) bool { return r.Uint("content size") > largeFile }
