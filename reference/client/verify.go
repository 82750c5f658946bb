package client

import (
	"fmt"

	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// maxTransfers is how often a file is sent whose checksums differ (CRC-6).
const maxTransfers = 4

// deliver sends the file until the checksums agree and the server has thanked
// for that (CRC-5), or they differed for the fourth time (CRC-7).
func (s *session) deliver(f *outgoing, key []byte) error {
	for transfer := 1; ; transfer++ {
		ours, theirs, err := s.sendFile(f, key)
		if err != nil {
			return err
		}
		if ours == theirs {
			return s.confirm(f, ours)
		}
		s.console.say("checksum of transfer %d is %d, the server's %d", transfer, ours, theirs)
		if transfer == maxTransfers {
			return s.giveUp(f)
		}
		if err := s.send(&wire.CRCBad{Name: f.name}); err != nil { // not answered (CRC-3)
			return err
		}
	}
}

// sendFile sends the file and returns its checksum here and at the server.
func (s *session) sendFile(f *outgoing, key []byte) (ours, theirs uint32, err error) {
	err = s.ask(question{
		what: "file",
		send: func() (err error) {
			ours, err = s.transfer(f, key)
			return err
		},
		accept: expect(func(answer *wire.FileReceived) error {
			theirs = answer.Cksum
			return s.describes(answer, f)
		}),
		work:   f.size,
		remedy: "see the server's log",
	})
	return ours, theirs, err
}

// describes says whether an answer is about this file of this client.
func (s *session) describes(answer *wire.FileReceived, f *outgoing) error {
	size := seal.CiphertextSize(f.size)
	switch {
	case int64(answer.ContentSize) != size:
		return fmt.Errorf("content size %d, sent were %d (FIL-9)", answer.ContentSize, size)
	case answer.Name != f.name:
		return fmt.Errorf("file name %q, sent was %q (FIL-9)", answer.Name, f.name)
	}
	return s.mine(answer.Client)
}

// confirm says that the checksums agree.
func (s *session) confirm(f *outgoing, sum uint32) error {
	if err := s.closing("crc ok", &wire.CRCOK{Name: f.name}); err != nil {
		return err
	}
	s.console.say("checksum %d agrees, %s is verified", sum, f.name)
	return nil
}

// giveUp says that they do not, for the last time. It never returns nil.
func (s *session) giveUp(f *outgoing) error {
	err := fmt.Errorf("%s: %w, %d in all", f.name, ErrMismatch, maxTransfers)
	if ackErr := s.closing("crc abort", &wire.CRCAbort{Name: f.name}); ackErr != nil {
		err = fmt.Errorf("%w, and the server did not acknowledge: %w", err, ackErr)
	}
	return fail(err, "see whether the server computes the cksum of POSIX over the decrypted file")
}

// closing sends the last message about a file and waits for thanks.
func (s *session) closing(what string, m wire.Message) error {
	return s.ask(question{
		what: what,
		send: func() error { return s.send(m) },
		accept: expect(func(answer *wire.Thanks) error {
			if s.edition.EmptyThanks {
				return nil
			}
			return s.mine(answer.Client)
		}),
		remedy: "see the server's log",
	})
}
