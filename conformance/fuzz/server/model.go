package server

import (
	"crypto/rand"
	"crypto/rsa"
	"fmt"

	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// model is what a server that follows the protocol knows after the steps so far,
// and where the text does not lay down what it knows, that it does not.
type model struct {
	ed      *spec.Edition
	clients [clients]*client
	conns   [connections]*conn
	names   [fileNames]string
}

// client is one as the server knows it.
type client struct {
	letter string
	name   string
	id     wire.ID // random while it has not registered
	known  bool    // it has registered
	maybe  bool    // or not: the answer was lost

	pair    int             // number of its key pair
	key     *rsa.PrivateKey // whose public half the server has; nil for none
	aes     []byte          // the key handed out last; nil for none
	older   [][]byte        // the keys handed out before
	byLogin bool            // the last AES key came with a login
	loose   bool            // the server was restarted since: it may want a login first
	turn    int             // counts the AES keys, for transfers that began under another

	files [fileNames]file
	told  [fileNames]bool // a 1029 for the file was sent, whatever came of it
	taken [fileNames]bool // the file was received, at some time
}

// file is a client's file as the server has it.
type file struct {
	state    fileState
	conn     *conn  // on which the last transfer came
	plain    []byte // what was received last
	verified []byte // the content that counts as verified; nil for none
	pending  *conn  // on which a 1030 for it may not have been read yet
	faulty   bool   // a transfer was refused or broken off since
	rejected bool   // 1030 or 1031 has come for the last transfer
	again    bool   // the server was restarted since
}

// fileState says what the server has of a file.
type fileState uint8

const (
	absent   fileState = iota // no transfer has come to its end
	received                  // one has, and nothing was said of it yet
	settled                   // 1029 has come for it
	open                      // it is not laid down whether the server has it
)

// conn is a connection to the server.
type conn struct {
	*peer.Client
	number    int
	loose     bool   // the server may have ended it: an error or thanks was answered on it
	quiet     *quiet // what was sent last has no answer, which is still to be seen
	transfers map[lane]*transfer
	keys      [][]byte // the AES keys handed out on it
}

// quiet is a request that has no answer.
type quiet struct{ clause, sent string }

// lane is what a transfer on a connection belongs to.
type lane struct{ who, file int }

// transfer is one that has not come to its end.
type transfer struct {
	*peer.Transfer
	sent int  // packets
	turn int  // of its client when it began
	gone bool // its connection has ended: its packets belong to nothing
}

func newModel(ed *spec.Edition, prefix string) *model {
	m := &model{ed: ed}
	for i := range m.clients {
		letter := string(rune('A' + i))
		m.clients[i] = &client{letter: letter, name: prefix + letter, pair: -1}
		_, _ = rand.Read(m.clients[i].id[:]) // never fails
	}
	for i := range m.names {
		m.names[i] = fmt.Sprintf("%sfile%d.bin", prefix, i+1)
	}
	return m
}

// owner returns the registered client with an id, or nil.
func (m *model) owner(id wire.ID) *client {
	for _, c := range m.clients {
		if c.known && c.id == id {
			return c
		}
	}
	return nil
}

// hand notes that the client was given an AES key.
func (c *client) hand(k *conn, aes []byte) {
	if c.aes != nil {
		c.older = append(c.older, c.aes)
	}
	c.aes, c.loose = aes, false
	c.turn++
	k.keys = append(k.keys, aes)
}

// holder returns the client, other than one, that was given this AES key.
func (m *model) holder(aes []byte, but *client) *client {
	for _, c := range m.clients {
		if c == but {
			continue
		}
		for _, key := range append(c.older, c.aes) {
			if key != nil && string(key) == string(aes) {
				return c
			}
		}
	}
	return nil
}

// lose notes that a connection has ended: what was under way on it is dropped.
func (m *model) lose(k *conn) {
	for lane, t := range k.transfers {
		t.gone = true
		m.clients[lane.who].files[lane.file].faulty = true
	}
}

// caughtUp notes that the server has read all that was sent on a connection.
func (m *model) caughtUp(k *conn) {
	for _, c := range m.clients {
		for i := range c.files {
			if c.files[i].pending == k {
				c.files[i].pending = nil
			}
		}
	}
}

// restarted notes that the server was.
func (m *model) restarted() {
	for _, c := range m.clients {
		c.loose = c.aes != nil
		for i := range c.files {
			f := &c.files[i]
			f.again = true
			if f.state == received {
				f.conn = nil
			}
		}
	}
}
