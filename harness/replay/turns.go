package replay

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// turn is an action in the conversation as a whole.
type turn struct {
	*replayer
	action
	since time.Duration // the turn before it
	last  bool          // on its connection
}

// turns puts the actions of all connections in the order in which they happened.
func turns(players []*replayer) (all []turn) {
	began := slices.MinFunc(players, func(a, b *replayer) int { return a.began.Compare(b.began) }).began
	for _, r := range players {
		for i, a := range r.actions {
			a.at += r.began.Sub(began)
			all = append(all, turn{replayer: r, action: a, last: i == len(r.actions)-1})
		}
	}
	slices.SortStableFunc(all, func(a, b turn) int { return cmp.Compare(a.at, b.at) })
	for i := range all[1:] {
		all[i+1].since = all[i+1].at - all[i].at
	}
	return all
}

// play takes all turns up to the first difference.
func play(ctx context.Context, all []turn) error {
	for _, t := range all {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := t.take(ctx); err != nil {
			return err
		}
		if t.result.Difference != nil {
			t.result.Conn = t.place
			return nil
		}
	}
	return nil
}

func (t turn) take(ctx context.Context) error {
	r := t.replayer
	if r.reset {
		return nil
	}
	if r.o.Pace && (t.kind == send || t.kind == clientEnd) {
		wait(ctx, min(t.gap, t.since, MaxGap))
	}
	if r.conn == nil {
		if err := r.dial(ctx); err != nil {
			return err
		}
	}
	if err := r.act(t.action); err != nil || r.result.Difference != nil {
		return err
	}
	if r.reset || t.last {
		r.finish()
		r.hangUp()
	}
	return nil
}

// dial opens the connection.
func (r *replayer) dial(ctx context.Context) error {
	c, err := dial(ctx, r.o)
	if err != nil {
		return err
	}
	if r.o.Record != nil {
		c.Conn = r.o.Record().Client(c.Conn)
		c.in.Reset(c.Conn)
	}
	r.conn = c
	return nil
}

// finish sees that nothing follows on the connection that was not recorded.
func (r *replayer) finish() {
	switch {
	case r.reset:
	case r.cut:
		r.note("the recording lacks the end of the conversation, and so does the replay")
	case !r.over:
		r.result.Difference = r.noMore()
	}
}

// hangUp closes the connection if it is open.
func (r *replayer) hangUp() {
	if r.conn != nil {
		r.conn.close(r.reset)
		r.conn = nil
	}
}
