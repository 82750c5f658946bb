package target

import "testing"

func TestServerMemory(t *testing.T) {
	s := started(t, ServerConfig{Command: program(t, "serve"), Ready: greeted})
	light, err := s.Memory()
	check(t, err)
	s = started(t, ServerConfig{Command: program(t, "serve-heavily"), Ready: greeted})
	most, err := s.Memory()
	check(t, err)
	const shadow = 8 // the race detector keeps several bytes for each
	if light <= 0 || most < light+heavy || most > light+shadow*heavy {
		t.Errorf("%d bytes, and %d with %d more", light, most, heavy)
	}
	check(t, s.Stop(t.Context()))
	if _, err := s.Memory(); err == nil {
		t.Error("the memory of a server that does not run")
	}
}
