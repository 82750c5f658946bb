package target

import (
	"testing"
	"time"
)

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

func TestResetServerMemory(t *testing.T) {
	s := started(t, ServerConfig{Command: program(t, "serve-relieved"), Ready: greeted})
	before, err := s.Memory()
	check(t, err)
	check(t, s.ResetMemory())
	after, err := s.Memory()
	check(t, err)
	if before < heavy || after <= 0 || after > before-heavy/2 {
		t.Errorf("%d bytes before, %d after", before, after)
	}
}

func TestServerCPU(t *testing.T) {
	s := started(t, ServerConfig{Command: program(t, "serve-heavily"), Ready: greeted})
	began := time.Now()
	for { // it spends some with every greeting; the clock of /proc ticks every 10 ms
		first, err := s.CPU()
		check(t, err)
		if first > 0 {
			break
		}
		if time.Since(began) > 20*time.Second {
			t.Fatal("the server takes no processor time")
		}
		check(t, greeted(t.Context(), s.Addr()))
	}
	check(t, s.Stop(t.Context()))
	if _, err := s.CPU(); err == nil {
		t.Error("the processor time of a server that does not run")
	}
}

func TestClientUsage(t *testing.T) {
	run := ran(t, ClientConfig{Command: program(t, "carry"), WatchMemory: true}, nil)
	if run.Memory < heavy/2 || run.Memory > 16*heavy {
		t.Errorf("the client has taken %d bytes, want about %d", run.Memory, heavy)
	}
	if run.CPU <= 0 {
		t.Errorf("the client has taken %s of processor time", run.CPU)
	}
	if run = ran(t, ClientConfig{Command: program(t, "carry")}, nil); run.Memory != 0 {
		t.Errorf("%d bytes, though nobody watched", run.Memory)
	}
}
