package server

import (
	"fmt"
	"slices"
)

// Op is what a step does.
type Op string

// The operations. Those on transfers are about the client's file on the
// connection of the step.
const (
	Register Op = "register" // the client's name, again where it has one
	Key      Op = "key"      // sends a public key
	Login    Op = "login"
	Send     Op = "send"     // a whole file
	Begin    Op = "begin"    // packet 1 of a file, and maybe more
	Continue Op = "continue" // the packets that Begin has left
	OK       Op = "ok"       // 1029
	Bad      Op = "bad"      // 1030
	Abort    Op = "abort"    // 1031
	Close    Op = "close"    // the connection
	Cut      Op = "cut"      // half of a request, then the end of the connection
	Unknown  Op = "unknown"  // a code that no request has
	Misfit   Op = "misfit"   // a request with another payload size than its code calls for
	Version  Op = "version"  // a registration with another version
	Restart  Op = "restart"  // of the server
)

// Step is one step of a conversation. Who, Conn and File say which of the few
// clients, connections and file names of the conversation is meant.
type Step struct {
	Op    Op     `json:"op"`
	Who   int    `json:"who,omitempty"`
	Conn  int    `json:"conn,omitempty"`
	File  int    `json:"file,omitempty"`
	Key   int    `json:"key,omitempty"`   // which RSA key pair
	Size  int    `json:"size,omitempty"`  // of the file, in bytes
	Parts int    `json:"parts,omitempty"` // into which the file is cut, more than one only where there are packets
	Fault string `json:"fault,omitempty"` // what is wrong with it, one of those of the operation
	Other int    `json:"other,omitempty"` // client whom a fault involves
	Piece int    `json:"piece,omitempty"` // bytes per write; 0: all at once
	Stale bool   `json:"stale,omitempty"` // the padding of texts is not zero
}

// How many of each a conversation has.
const (
	clients     = 3
	connections = 3
	fileNames   = 2
	keyPairs    = 3

	maxSize  = 1 << 20
	maxParts = 64
)

// faults are the ways in which a step of an operation can be wrong.
var faults = map[Op][]string{
	Register: {byOther},
	Key:      {otherName, otherID, nobody, noKey},
	Login:    {otherName, otherID, nobody},
	Send: {
		otherID, nobody, staleKey, otherKey, badPadding, ragged, tooShort, tooLong,
		missing, first, twice, order, zero, above, total, sizes,
	},
	Continue: {otherID},
	OK:       {otherID},
	Bad:      {otherID},
	Abort:    {otherID},
	Cut:      {string(Register), string(Key), string(Send), string(OK)},
	Misfit:   {empty, short, long, hidden},
}

// The faults.
const (
	byOther    = "id of another" // in the header of a registration
	otherName  = "name of another"
	otherID    = "id of another client"
	nobody     = "id of nobody"
	noKey      = "no key"
	staleKey   = "under an earlier AES key"
	otherKey   = "under the AES key of another"
	badPadding = "wrong padding"
	ragged     = "no whole blocks"
	tooShort   = "content size too large"
	tooLong    = "content size too small"
	missing    = "a packet left out"
	first      = "without packet 1"
	twice      = "a packet twice"
	order      = "two packets out of order"
	zero       = "numbered from 0"
	above      = "last packet above total"
	total      = "another total on the way"
	sizes      = "other sizes on the way"
	empty      = "no payload"
	short      = "a byte too few"
	long       = "a byte too many"
	hidden     = "a registration hidden in it"
)

// packetFaults are those that need several packets.
var packetFaults = []string{missing, first, twice, order, zero, above, total, sizes}

// Conversation is a list of steps.
type Conversation []Step

// Check says what in a conversation that was read cannot be played.
func (c Conversation) Check() error {
	for i, s := range c {
		if err := s.check(); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return nil
}

func (s Step) check() error {
	for _, field := range []struct {
		name        string
		value, most int
	}{
		{"who", s.Who, clients - 1}, {"other", s.Other, clients - 1}, {"conn", s.Conn, connections - 1},
		{"file", s.File, fileNames - 1}, {"key", s.Key, keyPairs - 1}, {"size", s.Size, maxSize},
		{"parts", s.Parts, maxParts}, {"piece", s.Piece, maxSize},
	} {
		if field.value < 0 || field.value > field.most {
			return fmt.Errorf("%s is %d, it must be from 0 to %d", field.name, field.value, field.most)
		}
	}
	if !slices.Contains(operations, s.Op) {
		return fmt.Errorf("op is %.20q, it must be one of %v", s.Op, operations)
	}
	if s.Fault != "" && !slices.Contains(faults[s.Op], s.Fault) {
		return fmt.Errorf("fault is %.40q, %s has %q", s.Fault, s.Op, faults[s.Op])
	}
	return nil
}

var operations = []Op{Register, Key, Login, Send, Begin, Continue, OK, Bad, Abort, Close, Cut, Unknown, Misfit, Version, Restart}
