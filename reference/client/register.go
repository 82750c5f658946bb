package client

import (
	"fmt"

	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// enrol makes a new client of this one, with a new key pair, and keeps it in the
// working directory (CFG-3, LGN-9).
func (s *session) enrol(home folder, name string) ([]byte, error) {
	key, err := seal.GenerateKey()
	if err != nil {
		return nil, err
	}
	s.me = identity{name: name, key: key}
	if err := s.register(); err != nil {
		return nil, err
	}
	if err := home.save(s.me); err != nil {
		return nil, err
	}
	s.console.say("registered %q as %s", s.me.name, s.me.id)
	return s.sendKey()
}

// register gets an id for the name (REG-1).
func (s *session) register() error {
	return s.ask(question{
		what: "registration",
		send: func() error { return s.send(&wire.Register{Name: s.me.name}) },
		accept: expect(func(answer *wire.Registered) error {
			s.me.id = answer.Client
			return nil
		}),
		remedy: fmt.Sprintf("if %q is taken, choose another name on line 2 of transfer.info", s.me.name),
	})
}

// sendKey gets an AES key in exchange for the public key (KEY-1, KEY-8).
func (s *session) sendKey() ([]byte, error) {
	public, err := seal.MarshalPublicKey(&s.me.key.PublicKey)
	if err != nil {
		return nil, fail(err, restoreIdentity)
	}
	var key []byte
	err = s.ask(question{
		what: "public key",
		send: func() error { return s.send(&wire.PublicKey{Name: s.me.name, Key: public}) },
		accept: expect(func(answer *wire.KeyAccepted) (err error) {
			key, err = s.unwrap(answer.Client, answer.Wrapped)
			return err
		}),
		remedy: "see the server's log",
	})
	if err != nil {
		return nil, err
	}
	s.console.say("public key accepted")
	return key, nil
}
