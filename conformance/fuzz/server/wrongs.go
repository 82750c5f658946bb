package server

import (
	"slices"

	"github.com/xferspec/xferspec/conformance/fuzz"
	"github.com/xferspec/xferspec/harness/peer"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// cut sends a request without its last byte and ends the connection.
func (p *play) cut(k *conn, c *client, s Step) {
	k.as(c, c.id)
	var m wire.Message
	switch Op(s.Fault) {
	case Key:
		m = &wire.PublicKey{Name: c.name, Key: peer.PublicDER(p.s.keys.get(s.Key))}
	case Send:
		s.Parts, s.Fault = 1, ""
		m = &p.pack(k, c, s).Packets[0]
		s.Fault = string(Send)
	case OK:
		m = &wire.CRCOK{Name: p.names[s.File]}
	default:
		s.Fault = string(Register)
		m = &wire.Register{Name: c.name}
	}
	p.say(k, c, "close before the last byte of %s", s.Fault)
	b := k.Encode(m)
	k.Cut = nil
	k.SendBytes(b[:len(b)-1])
	p.out.Requests++
	if r := p.leave(k); r.Outcome == peer.Answered && !isRefusal(r) {
		p.tell(" -> %s", shortly(r))
		p.find(&fuzz.Finding{Clause: "FRM-14", Sent: r.Sent, Expected: []string{"the end of the connection"}, Actual: r.What()})
	}
}

// leave ends a connection from this side, and waits a while for the server to
// notice: what happens next would else depend on which is quicker.
func (p *play) leave(k *conn) peer.Reply {
	k.CloseWrite()
	r := k.ReceiveWithin(p.s.timeout / 10)
	p.drop(k)
	return r
}

// unknown sends a request with a code that no request has.
func (p *play) unknown(k *conn, s Step) {
	code := uint16(9000 + s.Size%100)
	payload := p.content(s.Size % 300)
	p.tell("connection %d: a request with the code %d and %d bytes", k.number+1, code, len(payload))
	k.as(p.clients[s.Who], p.clients[s.Who].id)
	b := append(wire.RequestHeader{Client: k.ID, Version: p.ed.Version, Code: code, Size: uint32(len(payload))}.Append(nil), payload...)
	k.Cut = nil
	k.SendBytes(b)
	p.out.Requests++
	if r, ok := p.await(k, refused("ERR-1"), 0, nil); ok {
		p.trait(s.Op, "", len(payload) > 0, typeOf(r))
		k.loose = true
	}
}

// misfit sends a registration of a name that nobody will use, with a payload of
// another size than its code calls for.
func (p *play) misfit(k *conn, c *client, s Step) {
	p.probes++
	k.as(c, c.id)
	payload := k.Encode(&wire.Register{Name: p.clients[0].name + "misfit"})[wire.RequestHeaderSize:]
	what := s.Fault
	switch s.Fault {
	case short:
		payload = payload[:len(payload)-1]
	case long:
		payload = append(payload, 0)
	case hidden:
		name := c.name
		if c.known {
			name += "hidden"
		}
		payload = append(payload, k.Encode(&wire.Register{Name: name})...)
	default:
		what, payload = empty, nil
	}
	p.tell("connection %d: a registration with %s", k.number+1, what)
	code, _ := p.ed.Code(spec.TypeRegister)
	b := append(wire.RequestHeader{Client: k.ID, Version: p.ed.Version, Code: code, Size: uint32(len(payload))}.Append(nil), payload...)
	k.Cut = nil
	k.SendBytes(b)
	p.out.Requests++
	l := refused("FRM-12", spec.TypeRegistrationRefused).or(plain(spec.TypeRegistered))
	if p.ed.Has(spec.TypeLogin) {
		p.settle(k, l, 1, false)
		if p.conns[k.number] == k {
			k.loose = true
		}
		return
	}
	k.CloseWrite() // no other request has an answer of its own
	for n := 0; ; n++ {
		r := p.receive(k, 0)
		if r.Outcome != peer.Answered && r.Outcome != peer.Malformed {
			break
		}
		f := l.judge(r)
		if f == nil && n > 0 {
			f = l.missing(r)
			f.Expected, f.Actual = []string{"one answer"}, "another one, "+r.What()
		}
		if f != nil {
			p.find(f)
			return
		}
	}
	p.drop(k)
}

// version sends a registration with another version.
func (p *play) version(k *conn, c *client, s Step) {
	f := k.as(c, c.id).Frame(&wire.Register{Name: c.name})
	version := []uint64{0, 1, 2, 4, 255}[s.Size%5]
	if err := f.PutUint("version", version); err != nil {
		panic("server: " + err.Error()) // the field is there
	}
	p.say(k, c, "register %s with version %d", c.name, version)
	k.Cut = nil
	k.SendBytes(slices.Clone(f.Bytes))
	p.out.Requests++
	l := refused("VER-3", spec.TypeRegistrationRefused)
	if !c.known {
		l = l.or(p.registered(c.id))
	}
	r, ok := p.await(k, l, 0, nil)
	if !ok {
		return
	}
	p.trait(s.Op, "", c.known, typeOf(r))
	if typeOf(r) == spec.TypeRegistered {
		p.named(c, r)
	}
}
