package server

import (
	"context"
	"errors"

	"github.com/xferspec/xferspec/reference/store"
	"github.com/xferspec/xferspec/spec/wire"
)

// register gives a free name an id (REG-3). The id in the header means nothing
// here (REG-2).
func (c *session) register(ctx context.Context, m *wire.Register) (wire.Message, error) {
	if m.Name == "" {
		return &wire.RegistrationRefused{}, nil // REG-8
	}
	id, err := c.store.Register(ctx, m.Name)
	switch {
	case errors.Is(err, store.ErrNameTaken):
		return &wire.RegistrationRefused{}, nil // REG-6
	case err != nil:
		return nil, err
	}
	return &wire.Registered{Client: id}, nil
}
