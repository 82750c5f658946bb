package target

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"
)

func TestReservePortKeepsOthersOut(t *testing.T) {
	port, err := freePort(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	release, err := ReservePort(t.Context(), port)
	if err != nil {
		t.Fatal(err)
	}
	brief, cancel := context.WithTimeout(t.Context(), 3*reservePause)
	defer cancel()
	if _, err := ReservePort(brief, port); err == nil || !strings.Contains(err.Error(), "another run keeps it") {
		t.Errorf("a second reservation: got %v, want that another run keeps it", err)
	}
	time.AfterFunc(reservePause, release)
	again, err := ReservePort(t.Context(), port)
	if err != nil {
		t.Fatalf("after the release: %v", err)
	}
	again()
}

func TestReservePortTellsOfAListener(t *testing.T) {
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	port := uint16(listener.Addr().(*net.TCPAddr).Port)
	for range 2 { // the second shows that the first has kept no lock
		brief, cancel := context.WithTimeout(t.Context(), 3*reservePause)
		defer cancel()
		if _, err := ReservePort(brief, port); err == nil || !strings.Contains(err.Error(), "another program listens") {
			t.Errorf("got %v, want that another program listens on the port", err)
		}
	}
}
