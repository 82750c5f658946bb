package trace

import (
	"net"
	"slices"
	"sync"
	"time"
)

// Sizes in bytes that bound a recording.
const (
	DefaultLimit = 4 << 20  // what NewRecorder takes for a limit of 0
	MaxLimit     = 32 << 20 // the largest limit; Read accepts whatever a recorder kept

	eventCost = 64        // what an event counts beside its data
	chunkSize = 16 << 10  // data is kept in chunks of at least this size
	maxFile   = 256 << 20 // at most 2·(data+64) bytes for each event of two directions
)

// Recorder keeps what travels on one connection. It is safe for concurrent use.
type Recorder struct {
	mu    sync.Mutex
	start time.Time
	t     Transcript // Events has an empty Data for a write that failed at once
	room  [2]int     // bytes that may still be kept, by direction
	seen  [2][kindCount]bool
	chunk []byte
}

// NewRecorder returns a recorder whose time starts now. limit bounds its memory:
// of each direction it keeps the first limit bytes, counting 64 for every event;
// 0 means DefaultLimit, and more than MaxLimit means MaxLimit. What comes later
// is counted in Transcript.Dropped.
func NewRecorder(edition string, limit int) *Recorder {
	if limit <= 0 {
		limit = DefaultLimit
	}
	limit = min(limit, MaxLimit)
	now := time.Now()
	return &Recorder{
		start: now,
		t:     Transcript{Edition: edition, Start: now.UTC().Round(0)},
		room:  [2]int{limit, limit},
	}
}

// Client wraps the client's end of the connection: what is written to it
// travels to the server. The result also has CloseWrite and SetLinger, as far
// as conn has them.
func (r *Recorder) Client(conn net.Conn) net.Conn {
	return r.wrap(conn, ToServer, conn.LocalAddr(), conn.RemoteAddr())
}

// Server wraps the server's end of the connection: what is written to it
// travels to the client. Wrap one end or the other: wrapping both records
// every byte twice.
func (r *Recorder) Server(conn net.Conn) net.Conn {
	return r.wrap(conn, ToClient, conn.RemoteAddr(), conn.LocalAddr())
}

func (r *Recorder) wrap(conn net.Conn, out Direction, client, server net.Addr) net.Conn {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.t.Client, r.t.Server = client.String(), server.String()
	return &recordedConn{Conn: conn, rec: r, out: out}
}

// Transcript returns what was recorded so far; later events do not change it.
func (r *Recorder) Transcript() *Transcript {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.t
	t.Events = slices.DeleteFunc(slices.Clone(t.Events), func(e Event) bool {
		return e.Kind == Data && len(e.Data) == 0
	})
	return &t
}

// data records that p travels now. The event is for unsent; it is -1 where nothing was kept.
func (r *Recorder) data(dir Direction, p []byte) (event int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	event = -1
	keep := min(len(p), max(0, r.room[dir]-eventCost))
	if keep > 0 {
		event = len(r.t.Events)
		r.add(dir, Data, r.store(p[:keep]))
		r.room[dir] -= keep + eventCost
	}
	if keep < len(p) {
		r.room[dir] = 0
		r.t.Dropped += int64(len(p) - keep)
		r.once(dir, Cut)
	}
	return event
}

// unsent takes back what a failed write of p did not send: all but the first n bytes.
func (r *Recorder) unsent(event int, p []byte, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	kept := 0
	if event >= 0 {
		e := &r.t.Events[event]
		kept = len(e.Data)
		e.Data = e.Data[:min(kept, n)]
	}
	r.t.Dropped -= int64(len(p) - max(kept, n))
}

// mark records the end of a direction. After a reset there is no orderly end.
func (r *Recorder) mark(dir Direction, kind Kind) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if kind == End && (r.seen[dir][Reset] || r.seen[dir.opposite()][Reset]) {
		return
	}
	r.once(dir, kind)
}

// once adds an event of a kind that a direction has only once.
func (r *Recorder) once(dir Direction, kind Kind) {
	if !r.seen[dir][kind] {
		r.seen[dir][kind] = true
		r.add(dir, kind, nil)
	}
}

func (r *Recorder) add(dir Direction, kind Kind, data []byte) {
	at := time.Since(r.start).Truncate(time.Microsecond)
	r.t.Events = append(r.t.Events, Event{At: at, Dir: dir, Kind: kind, Data: data})
}

// store copies p to a place where nothing overwrites it.
func (r *Recorder) store(p []byte) []byte {
	if len(p) > cap(r.chunk)-len(r.chunk) {
		r.chunk = make([]byte, 0, max(chunkSize, len(p)))
	}
	begin := len(r.chunk)
	r.chunk = append(r.chunk, p...)
	return r.chunk[begin:len(r.chunk):len(r.chunk)]
}
