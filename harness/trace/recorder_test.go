package trace

import (
	"bytes"
	"errors"
	"io"
	"net"
	"reflect"
	"sync"
	"testing"
	"time"
)

// pair returns the two ends of a TCP connection.
func pair(t *testing.T) (client, server *net.TCPConn) {
	t.Helper()
	listener := listen(t)
	client = dial(t, listener.Addr().String())
	accepted, err := listener.Accept()
	check(t, err)
	return client, bounded(t, accepted)
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	check(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	return listener
}

func dial(t *testing.T, addr string) *net.TCPConn {
	t.Helper()
	var dialer net.Dialer
	conn, err := dialer.DialContext(t.Context(), "tcp", addr)
	check(t, err)
	return bounded(t, conn)
}

// bounded gives a connection a deadline and closes it with the test.
func bounded(t *testing.T, conn net.Conn) *net.TCPConn {
	t.Helper()
	t.Cleanup(func() { _ = conn.Close() })
	check(t, conn.SetDeadline(time.Now().Add(10*time.Second)))
	return conn.(*net.TCPConn)
}

// untimed returns the events with the times taken off, which only have to rise.
func untimed(t *testing.T, tr *Transcript) []Event {
	t.Helper()
	at := time.Duration(0)
	for i := range tr.Events {
		e := &tr.Events[i]
		if e.At < at || e.At%time.Microsecond != 0 {
			t.Errorf("event %d is at %d, the one before at %d", i, e.At, at)
		}
		at, e.At = e.At, 0
	}
	return tr.Events
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestRecorderBothEnds has the same conversation recorded at either end.
func TestRecorderBothEnds(t *testing.T) {
	client, server := pair(t)
	atClient, atServer := NewRecorder("2024a", 0), NewRecorder("2024a", 0)
	c, s := atClient.Client(client), atServer.Server(server)
	buf := make([]byte, 100)
	read := func(conn net.Conn, want string) {
		t.Helper()
		if n, err := conn.Read(buf); err != nil || string(buf[:n]) != want {
			t.Fatalf("read %q, %v", buf[:n], err)
		}
	}
	for _, text := range []string{"ab", "c"} {
		_, err := c.Write([]byte(text))
		check(t, err)
		read(s, text)
	}
	check(t, c.(interface{ CloseWrite() error }).CloseWrite())
	if _, err := s.Read(buf); !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	_, err := s.Write([]byte("answer"))
	check(t, err)
	read(c, "answer")
	check(t, s.Close())
	if _, err := c.Read(buf); !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	check(t, c.Close())

	want := []Event{
		{Dir: ToServer, Data: []byte("ab")}, {Dir: ToServer, Data: []byte("c")}, {Dir: ToServer, Kind: End},
		{Dir: ToClient, Data: []byte("answer")}, {Dir: ToClient, Kind: End},
	}
	for name, r := range map[string]*Recorder{"client": atClient, "server": atServer} {
		tr := r.Transcript()
		if got := untimed(t, tr); !reflect.DeepEqual(got, want) {
			t.Errorf("at the %s: %v", name, got)
		}
		if tr.Client != client.LocalAddr().String() || tr.Server != server.LocalAddr().String() {
			t.Errorf("at the %s: client %s, server %s", name, tr.Client, tr.Server)
		}
		if tr.Edition != "2024a" || time.Since(tr.Start) > time.Minute {
			t.Errorf("at the %s: edition %q, start %s", name, tr.Edition, tr.Start)
		}
	}
}

func TestRecorderReset(t *testing.T) {
	client, server := pair(t)
	atClient, atServer := NewRecorder("2024a", 0), NewRecorder("2024a", 0)
	c, s := atClient.Client(client), atServer.Server(server)
	check(t, s.(interface{ SetLinger(int) error }).SetLinger(0))
	check(t, s.Close())
	if _, err := c.Read(make([]byte, 1)); err == nil || errors.Is(err, io.EOF) {
		t.Fatalf("read after a reset: %v", err)
	}
	check(t, c.Close())
	for name, r := range map[string]*Recorder{"client": atClient, "server": atServer} {
		if got := untimed(t, r.Transcript()); !reflect.DeepEqual(got, []Event{{Dir: ToClient, Kind: Reset}}) {
			t.Errorf("at the %s: %v", name, got)
		}
	}
}

func TestRecorderDeadlineIsNoEnd(t *testing.T) {
	client, _ := pair(t)
	r := NewRecorder("2024a", 0)
	c := r.Client(client)
	check(t, c.SetReadDeadline(time.Now()))
	if _, err := c.Read(make([]byte, 1)); err == nil {
		t.Fatal("read without a sender")
	}
	if events := r.Transcript().Events; len(events) > 0 {
		t.Errorf("recorded %v", events)
	}
}

// TestRecorderFailedWrite: bytes that were never sent are not in the transcript.
func TestRecorderFailedWrite(t *testing.T) {
	client, _ := pair(t)
	for _, limit := range []int{0, eventCost + 10, 1} {
		r := NewRecorder("2024a", limit)
		c := r.Client(client)
		check(t, c.SetWriteDeadline(time.Now().Add(-time.Second)))
		if n, err := c.Write(make([]byte, 50)); n != 0 || err == nil {
			t.Fatalf("%d bytes written, %v", n, err)
		}
		tr := r.Transcript()
		for _, e := range tr.Events {
			if e.Kind == Data {
				t.Errorf("limit %d: recorded %v", limit, e)
			}
		}
		if tr.Dropped != 0 {
			t.Errorf("limit %d: %d bytes dropped", limit, tr.Dropped)
		}
	}
}

func TestRecorderLimit(t *testing.T) {
	client, server := net.Pipe()
	go func() { _, _ = io.Copy(io.Discard, server) }()
	defer server.Close()
	r := NewRecorder("2024a", 2*eventCost+150)
	c := r.Client(client)
	for range 4 {
		_, err := c.Write(make([]byte, 100))
		check(t, err)
	}
	check(t, c.Close())
	tr := r.Transcript()
	want := []Event{
		{Dir: ToServer, Data: make([]byte, 100)}, {Dir: ToServer, Data: make([]byte, 50)},
		{Dir: ToServer, Kind: Cut}, {Dir: ToServer, Kind: End},
	}
	if got := untimed(t, tr); !reflect.DeepEqual(got, want) || tr.Dropped != 250 {
		t.Errorf("recorded %v and dropped %d", got, tr.Dropped)
	}
}

func TestRecorderOnAPipe(t *testing.T) {
	client, _ := net.Pipe()
	c := NewRecorder("2024a", 0).Client(client)
	if err := c.(interface{ CloseWrite() error }).CloseWrite(); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("half-close of a pipe: %v", err)
	}
	if err := c.(interface{ SetLinger(int) error }).SetLinger(0); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("linger of a pipe: %v", err)
	}
}

// TestRecorderConcurrent takes snapshots while both directions are busy.
func TestRecorderConcurrent(t *testing.T) {
	client, server := pair(t)
	r := NewRecorder("2024a", 0)
	c := r.Client(client)
	sent := bytes.Repeat([]byte("0123456789"), 10_000)
	go func() {
		_, _ = io.Copy(server, server) // echo
		_ = server.Close()
	}()
	var both sync.WaitGroup
	both.Go(func() {
		for rest := sent; len(rest) > 0; rest = rest[1000:] {
			_, _ = c.Write(rest[:1000])
			untimed(t, r.Transcript())
		}
		_ = c.(interface{ CloseWrite() error }).CloseWrite()
	})
	both.Go(func() { _, _ = io.Copy(io.Discard, c) })
	both.Wait()
	tr := r.Transcript()
	for _, dir := range directions {
		if got := tr.stream(dir).data; !bytes.Equal(got, sent) {
			t.Errorf("direction %s: %d of %d bytes, or others", dir, len(got), len(sent))
		}
	}
}

func BenchmarkRecorder(b *testing.B) {
	r := NewRecorder("2024a", MaxLimit)
	packet := make([]byte, 1314)
	b.SetBytes(int64(len(packet)))
	b.ReportAllocs()
	for range b.N {
		r.data(ToServer, packet)
		if r.room[ToServer] == 0 {
			r = NewRecorder("2024a", MaxLimit)
		}
	}
}
