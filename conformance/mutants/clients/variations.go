package clients

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/xferspec/xferspec/conformance/mutants/message"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/state"
)

var variants = []variant{
	{
		id: "byte-by-byte", about: "writes every byte by itself, of large files those of the first packets",
		mutate: onConnections(func(c *conn) { c.deliver = pieces(c, func(int) int { return 1 }) }),
	},
	{
		id: "segments-of-any-size", about: "cuts what it sends into segments of many sizes",
		mutate: onConnections(func(c *conn) { c.deliver = pieces(c, func(i int) int { return 1 + i*7919%1500 }) }),
	},
	{
		id: "one-write-for-a-file", about: "writes a whole file, and 1030 with the file after it, at once",
		mutate: coalescing,
	},
	{id: "slow", about: "takes a while to start, to connect and to send a message", mutate: slow},
	{
		id: "exit-status-2", about: "ends with exit status 2 when it fails, and prints a log with the time of every message",
		mutate: all(exitStatus(2), talkative),
	},
	{
		id: "exit-status-70", about: "ends with exit status 70 when it fails, and prints nothing but what the protocol demands",
		mutate: all(exitStatus(70), laconic),
	},
	{
		id: "capital-letters", about: "prints everything in capital letters",
		mutate: all(func(p *process) { p.stdout = upper{p.stdout} }, ending(func(_ error, text string, status int) (string, int) {
			return strings.ToUpper(text), status
		})),
	},
	{
		id: "me-info-of-windows", about: "writes its id in capital letters, and ends lines with carriage return and line feed",
		mutate: all(onMeInfo(func(me state.MeInfo) []byte {
			return bytes.Replace(me.Format(), []byte(me.Client.String()), []byte(strings.ToUpper(me.Client.String())), 1)
		}), onFiles(func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") + "\r\n" })),
	},
	{
		id: "me-info-in-lines-of-64", about: "breaks the private key over lines of 64 characters",
		mutate: onMeInfo(func(me state.MeInfo) []byte {
			text := []byte(me.Name + "\n" + me.Client.String() + "\n")
			for line := range slices.Chunk([]byte(base64.StdEncoding.EncodeToString(me.PrivateKey)), 64) {
				text = append(append(text, line...), '\n')
			}
			return text
		}),
	},
	{
		id: "open-files", departs: "CFG-6 CFG-7", about: "lets everybody read its files, and writes priv.key without base64",
		mutate: onRegistering(func(p *process) {
			writeFile(privKey, p.identity().PrivateKey)
			for _, name := range []string{meInfo, privKey} {
				_ = os.Chmod(name, 0o644) //nolint:gosec // that is the difference
			}
		}),
	},
	{
		id: "registers-with-random-id", about: "puts random bytes for the id into the header of 1025",
		mutate: onRequests(func(_ *conn, r *message.Message) { _, _ = rand.Read(r.Field("client id")) }, spec.TypeRegister),
	},
	{
		id: "repeats-last-packet", about: "repeats, after an error response to a file and a pause, only the packet that was answered so",
		mutate: all(repeatingLastPacket, onErrors(func(*conn, *message.Message, int) { wait(100 * time.Millisecond) })),
	},
	{
		id: "file-in-one-packet", about: "sends every file as one packet, which is the last and may have any length",
		mutate: onTransfers(func(t *transfer) {
			cipher := t.cipher()
			t.cut(cipher, [][]byte{cipher})
		}),
	},
	{
		id: "long-last-packet", about: "puts what two packets could hold into the last",
		mutate: onTransfers(func(t *transfer) {
			cipher := t.cipher()
			pieces := slices.Collect(slices.Chunk(cipher, packetSize))
			if n := len(pieces); n > 1 {
				pieces = append(pieces[:n-2], cipher[(n-2)*packetSize:])
			}
			t.cut(cipher, pieces)
		}),
	},
}
