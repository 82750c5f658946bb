package fault

import (
	"math/rand/v2"
	"time"
)

// delivery is one whole frame on its way out, and how it is to travel.
type delivery struct {
	data   []byte
	copies int           // how often it is sent
	delay  time.Duration // before its first byte
	split  int           // bytes in a write; 0 is all
	rate   int           // bytes per second; 0 is any
	join   int           // frames to send in one write, with those that follow; 0 is this alone
	swap   bool          // it lets the next frame go first
	then   ending        // what becomes of the direction afterwards
}

// ending is how a fault ends a direction.
type ending uint8

const (
	endNot ending = iota
	endHalf
	endReset
)

// over says that no later fault can do anything to the frame.
func (d *delivery) over() bool { return d.copies == 0 || d.then != endNot }

// Bounds of what a plan may ask for.
const (
	maxTimes = 1000
	maxDelay = 10 * 60 * 1000 // ms
	maxRate  = 1 << 30        // bytes per second
	maxBits  = 1 << 16
)

// routes are the actions that leave a frame's fields alone.
var routes = []struct {
	name        string
	param       string // the name of its number; "" if it takes none
	least, most uint64
	does        string // for people
	do          func(d *delivery, n int)
}{
	{"cut", "bytes", 0, MaxFrame, "cut after byte %d", func(d *delivery, n int) {
		d.data, d.copies, d.then = d.data[:min(n, len(d.data))], 1, endHalf
	}},
	{"drop", "", 0, 0, "drop", func(d *delivery, _ int) { d.copies = 0 }},
	{"repeat", "times", 1, maxTimes, "send again ×%d", func(d *delivery, n int) { d.copies += n }},
	{"swap", "", 0, 0, "swap with the next", func(d *delivery, _ int) { d.swap = true }},
	{"delay", "ms", 1, maxDelay, "delay by %d ms", func(d *delivery, n int) { d.delay += time.Duration(n) * time.Millisecond }},
	{"split", "bytes", 1, MaxFrame, "split by %d", func(d *delivery, n int) { d.split = n }},
	{"join", "frames", 2, maxTimes, "join up to %d frames", func(d *delivery, n int) { d.join = n }},
	{"rate", "bytes per second", 1, maxRate, "rate %d bytes/s", func(d *delivery, n int) { d.rate = n }},
	{"half-close", "", 0, 0, "half-close instead", func(d *delivery, _ int) { d.copies, d.then = 0, endHalf }},
	{"reset", "", 0, 0, "reset instead", func(d *delivery, _ int) { d.copies, d.then = 0, endReset }},
}

// flip flips n different bits of a field, or all where it has fewer. That it is
// Floyd's way of drawing a sample keeps it from looking at every bit of a long field.
func flip(n int) func([]byte, *rand.ChaCha8) {
	return func(field []byte, random *rand.ChaCha8) {
		bits := 8 * len(field)
		flipped := make(map[int]bool, n)
		for last := bits - min(n, bits); last < bits; last++ {
			bit := int(random.Uint64() % uint64(last+1))
			if flipped[bit] {
				bit = last
			}
			flipped[bit] = true
			field[bit/8] ^= 1 << (bit % 8)
		}
	}
}

// set overwrites the beginning of a field.
func set(value []byte) func([]byte, *rand.ChaCha8) {
	return func(field []byte, _ *rand.ChaCha8) { copy(field, value) }
}

// xor flips the bits of a field that are 1 in mask.
func xor(mask []byte) func([]byte, *rand.ChaCha8) {
	return func(field []byte, _ *rand.ChaCha8) {
		for i := range mask {
			field[i] ^= mask[i]
		}
	}
}
