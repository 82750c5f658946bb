package client

import (
	"context"
	"fmt"

	"github.com/xferspec/xferspec/spec"
)

// Run brings the file of transfer.info to the server. It returns nil only after
// the server's thanks (1604) for a file whose checksums agree (CRC-5); any error
// is one line that says what happened and what to do.
func Run(ctx context.Context, cfg Config) error {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return err
	}
	err = run(ctx, cfg)
	if err != nil && ctx.Err() != nil {
		return fail(fmt.Errorf("interrupted: %w", context.Cause(ctx)), "run again to send the file from its beginning")
	}
	return err
}

func run(ctx context.Context, cfg Config) error {
	task, err := prepare(cfg)
	if err != nil {
		return err
	}
	defer task.file.close()

	s, err := dial(ctx, cfg, task.info.Addr)
	if err != nil {
		return err
	}
	defer s.close()

	key, err := s.authenticate(task)
	if err != nil {
		return err
	}
	return s.deliver(task.file, key)
}

// authenticate makes the server know this client and returns the AES key that
// it hands out for the file.
func (s *session) authenticate(t *task) ([]byte, error) {
	if t.known == nil {
		return s.enrol(t.folder, t.info.Name)
	}
	s.me = *t.known
	if !s.edition.Has(spec.TypeLogin) {
		return s.sendKey()
	}
	key, accepted, err := s.login()
	if err != nil || accepted {
		return key, err
	}
	s.console.say("login refused, registering anew")
	return s.enrol(t.folder, t.info.Name)
}
