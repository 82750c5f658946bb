package fault

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"
)

// errReset breaks the connection off because a fault says so.
var errReset = errors.New("reset, as the plan says")

// outlet is where bytes go.
type outlet interface {
	io.Writer
	CloseWrite() error
}

// sink is where the frames of one direction go out.
type sink struct {
	ctx  context.Context
	dst  outlet
	shut bool // nothing more goes out

	waiting *delivery // goes out after the next frame
	joined  *delivery // several frames that go out in one write
	frames  int       // how many they are
	since   time.Time // when the first of them came
	due     time.Time // when the rate allows the next byte
}

// send sends a frame, or keeps it until the next one where it is to be swapped.
func (s *sink) send(d *delivery) error {
	if d.swap && !d.over() && s.waiting == nil {
		s.waiting = d
		return nil
	}
	if err := s.deliver(d); err != nil {
		return err
	}
	return s.sendWaiting()
}

func (s *sink) sendWaiting() error {
	d := s.waiting
	if s.waiting = nil; d == nil || s.shut {
		return nil
	}
	return s.deliver(d)
}

// release sends what waits for a next frame.
func (s *sink) release() error {
	if err := s.sendWaiting(); err != nil {
		return err
	}
	return s.flush()
}

func (s *sink) deliver(d *delivery) error {
	for range d.copies {
		if err := s.add(d); err != nil {
			return err
		}
	}
	if d.then == endNot {
		return nil
	}
	if err := s.flush(); err != nil {
		return err
	}
	if d.then == endReset {
		return errReset
	}
	return s.close()
}

// add sends a frame or joins it to those before, whose way of travelling it shares.
func (s *sink) add(d *delivery) error {
	switch {
	case d.join == 0:
		if err := s.flush(); err != nil {
			return err
		}
		return s.write(d)
	case s.joined == nil:
		first := *d
		s.joined, s.frames, s.since = &first, 1, time.Now()
	default:
		s.joined.data = append(s.joined.data, d.data...)
		s.frames++
	}
	if s.frames >= s.joined.join || len(s.joined.data) > MaxFrame {
		return s.flush()
	}
	return nil
}

// flush sends the joined frames, however few.
func (s *sink) flush() error {
	d := s.joined
	if d == nil {
		return nil
	}
	s.joined = nil
	return s.write(d)
}

// stream passes bytes on as they are.
func (s *sink) stream(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	if err := s.flush(); err != nil {
		return err
	}
	return s.write(&delivery{data: b})
}

// write sends a frame in its pieces, at its pace.
func (s *sink) write(d *delivery) error {
	if err := s.pause(d.delay); err != nil {
		return err
	}
	piece := len(d.data)
	if d.split > 0 {
		piece = d.split
	}
	if d.rate > 0 {
		piece = min(piece, max(1, d.rate/ticks))
	}
	for b := range slices.Chunk(d.data, max(1, piece)) {
		if d.rate > 0 {
			if err := s.pace(len(b), d.rate); err != nil {
				return err
			}
		}
		if _, err := s.dst.Write(b); err != nil {
			return err
		}
	}
	return nil
}

// Of a rate.
const (
	ticks   = 16               // pieces in which the bytes of a second go out
	minWait = time.Millisecond // shorter waits add up first: a timer is not that exact
)

// pace waits until the rate allows n more bytes.
func (s *sink) pace(n, rate int) error {
	now := time.Now()
	if wait := s.due.Sub(now); wait >= minWait {
		if err := s.pause(wait); err != nil {
			return err
		}
	}
	if s.due.Before(now) {
		s.due = now
	}
	s.due = s.due.Add(time.Duration(n) * time.Second / time.Duration(rate))
	return nil
}

// pause waits, but not longer than the connection lasts.
func (s *sink) pause(d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-s.ctx.Done():
		return s.ctx.Err()
	}
}

// joinPatience is how long joined frames wait for the next one: the peer may not
// send it before these are answered.
const joinPatience = 200 * time.Millisecond

// patience returns until when joined frames wait; the zero Time where there are none.
func (s *sink) patience() time.Time {
	if s.joined == nil {
		return time.Time{}
	}
	return s.since.Add(joinPatience)
}

// close ends the direction in order.
func (s *sink) close() error {
	s.shut = true
	return s.dst.CloseWrite()
}
