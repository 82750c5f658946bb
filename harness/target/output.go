package target

import "sync"

// outputSize is how much of what a program prints is kept, in bytes.
const outputSize = 64 << 10

// tail keeps the last outputSize bytes that are written to it.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

// Write never fails.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, p...)
	if len(t.buf) > 2*outputSize { // so that most writes move nothing
		t.buf = append(t.buf[:0], t.buf[len(t.buf)-outputSize:]...)
	}
	return len(p), nil
}

// String returns what is kept.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.buf[max(0, len(t.buf)-outputSize):])
}
