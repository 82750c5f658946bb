package client

import (
	"fmt"
	"slices"

	"github.com/xferspec/xferspec/spec"
)

// Plan is one run of the client.
type Plan struct {
	Who   string `json:"who,omitempty"` // "": unknown to the server; or one of returning and forgotten
	Size  int    `json:"size,omitempty"`
	Rules []Rule `json:"rules,omitempty"`
}

// Who the client is, where it is not a new one.
const (
	returning = "returning" // it has the me.info of an earlier run
	forgotten = "forgotten" // likewise, but the server does not know it
)

// Rule is about some answers.
type Rule struct {
	On    string `json:"on"`              // the request that is answered, by the name of its type
	From  int    `json:"from,omitempty"`  // the first occurrence that it is about, from 0
	Times int    `json:"times,omitempty"` // how many after the first one
	Do    string `json:"do"`
}

// What a rule can do with an answer.
const (
	slowly     = "in pieces, slowly" // still the right answer
	bytewise   = "byte by byte"
	refuse     = "refuse"
	wrongSum   = "another checksum"
	forget     = "1606"
	hangUp     = "close"
	hangUpHard = "reset"
	cutOff     = "half of it, then close"
	strange    = "a code that no response has"
	other      = "1604 instead"
	version    = "another version"
	otherID    = "the id of another client"
	oversize   = "a payload of 4,294,967,295 bytes declared"
	undersize  = "a byte too few"
	surplus    = "a byte too many"
	badKey     = "an AES key that does not unwrap"
	shortKey   = "an AES key of another length"
)

// deeds are what can be done with the answers to a request.
var deeds = map[spec.MessageType][]string{
	spec.TypeRegister:  {slowly, bytewise, refuse, hangUp, hangUpHard, cutOff, strange, other, version, oversize, undersize, surplus},
	spec.TypePublicKey: {slowly, bytewise, refuse, hangUp, hangUpHard, cutOff, strange, other, version, otherID, oversize, undersize, surplus, badKey, shortKey},
	spec.TypeLogin:     {slowly, bytewise, refuse, forget, hangUp, hangUpHard, cutOff, strange, other, version, otherID, oversize, undersize, surplus, badKey, shortKey},
	spec.TypeFile:      {slowly, bytewise, refuse, wrongSum, hangUp, hangUpHard, cutOff, strange, other, version, otherID, oversize, undersize, surplus},
	spec.TypeCRCOK:     {slowly, bytewise, refuse, hangUp, hangUpHard, cutOff, strange, version, oversize},
	spec.TypeCRCAbort:  {slowly, bytewise, refuse, hangUp, hangUpHard, cutOff, strange},
}

// requests are those with rules, in the order of the protocol.
func requests() []spec.MessageType {
	return slices.DeleteFunc(spec.RequestTypes(), func(t spec.MessageType) bool { return deeds[t] == nil })
}

const (
	maxSize  = 1 << 20
	maxTimes = 10
)

// Check says what in a plan that was read cannot be done.
func (p Plan) Check() error {
	if !slices.Contains([]string{"", returning, forgotten}, p.Who) {
		return fmt.Errorf("who is %.20q, it must be %q or %q", p.Who, returning, forgotten)
	}
	if p.Size < 0 || p.Size > maxSize {
		return fmt.Errorf("size is %d, it must be from 0 to %d", p.Size, maxSize)
	}
	for i, r := range p.Rules {
		if err := r.check(); err != nil {
			return fmt.Errorf("rule %d: %w", i+1, err)
		}
	}
	return nil
}

func (r Rule) check() error {
	if r.From < 0 || r.From > maxTimes || r.Times < 0 || r.Times > maxTimes {
		return fmt.Errorf("from is %d and times %d, they must be from 0 to %d", r.From, r.Times, maxTimes)
	}
	for _, t := range requests() {
		if t.String() != r.On {
			continue
		}
		if !slices.Contains(deeds[t], r.Do) {
			return fmt.Errorf("do is %.40q, %s has %q", r.Do, t, deeds[t])
		}
		return nil
	}
	return fmt.Errorf("on is %.20q, it must be one of %v", r.On, requests())
}

// Len is how much there is in a plan: its rules, and a run without any.
func (p Plan) Len() int { return 1 + len(p.Rules) }
