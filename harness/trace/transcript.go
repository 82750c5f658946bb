package trace

import (
	"fmt"
	"time"

	"github.com/xferspec/xferspec/spec"
)

// Direction says which way bytes travelled.
type Direction uint8

// The two directions. Their values index arrays.
const (
	ToServer Direction = iota // requests
	ToClient                  // responses
)

// directions are both, requests first.
var directions = [...]Direction{ToServer, ToClient}

// String returns ">" to the server and "<" to the client.
func (d Direction) String() string {
	if d == ToServer {
		return ">"
	}
	return "<"
}

// Sender returns who sends in this direction: "client" or "server".
func (d Direction) Sender() string {
	if d == ToServer {
		return "client"
	}
	return "server"
}

// parseDirection reads what String returns.
func parseDirection(text string) (Direction, error) {
	for _, dir := range directions {
		if text == dir.String() {
			return dir, nil
		}
	}
	return 0, fmt.Errorf("dir is %.20q, it must be %q or %q", text, ToServer, ToClient)
}

// opposite returns the other direction.
func (d Direction) opposite() Direction { return 1 - d }

// Kind says what happened.
type Kind uint8

// The kinds of events.
const (
	Data  Kind = iota // bytes went by
	End               // the sender closed its direction in order
	Reset             // the sender broke the connection off
	Cut               // the limit was reached: later bytes of this direction are not kept

	kindCount
)

// kindNames are the values of "kind" in the file format.
var kindNames = [kindCount]string{"data", "end", "reset", "cut"}

// String returns the kind's name in the file format.
func (k Kind) String() string {
	if k < kindCount {
		return kindNames[k]
	}
	return fmt.Sprintf("kind %d", uint8(k))
}

// Event is one read or write, or the end of a direction.
type Event struct {
	At   time.Duration // since Transcript.Start, in whole microseconds
	Dir  Direction
	Kind Kind
	Data []byte // at least one byte where Kind is Data, else nil
}

// Transcript is what was seen of one connection.
type Transcript struct {
	Edition string    // name of the edition that was spoken
	Client  string    // the client's "host:port", by which a server's own log can be searched; may be ""
	Server  string    // the server's "host:port"; may be ""
	Start   time.Time // what Event.At counts from; UTC
	Note    string    // a remark for people; may be ""
	Dropped int64     // bytes that were seen beyond the limit and not kept
	Events  []Event   // in the order in which they happened

	Comments []Comment // remarks on its frames
	Secrets  *Secrets  // the keys, where somebody asked that they be kept; else nil
}

// FromBytes makes a transcript of bytes that came without one, all sent in one direction at once.
func FromBytes(ed *spec.Edition, dir Direction, data []byte) *Transcript {
	t := &Transcript{Edition: ed.Name}
	if len(data) > 0 {
		t.Events = []Event{{Dir: dir, Data: data}}
	}
	return t
}
