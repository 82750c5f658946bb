package client

import (
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// login gets a fresh AES key for a client that the server knows (LGN-1, LGN-8).
// That it is not accepted is no error: then the client registers anew (LGN-9).
func (s *session) login() (key []byte, accepted bool, err error) {
	err = s.ask(question{
		what: "login",
		send: func() error { return s.send(&wire.Login{Name: s.me.name}) },
		accept: func(answer wire.Message) (err error) {
			switch answer := answer.(type) {
			case *wire.LoginAccepted:
				key, err = s.unwrap(answer.Client, answer.Wrapped)
				accepted = err == nil
				return err
			case *wire.LoginRefused:
				return s.mine(answer.Client)
			}
			return errUnexpected
		},
		remedy: "see the server's log, or remove me.info to register anew",
	})
	if err == nil && accepted {
		s.console.say("logged in as %q, %s", s.me.name, s.me.id)
	}
	return key, accepted, err
}

// unwrap takes the AES key out of an answer that names this client; a key that
// does not unwrap or has not the edition's length is an error (SEC-3, SEC-4).
func (s *session) unwrap(client wire.ID, wrapped []byte) ([]byte, error) {
	if err := s.mine(client); err != nil {
		return nil, err
	}
	return seal.Unwrap(s.me.key, wrapped, s.edition.KeySize())
}
