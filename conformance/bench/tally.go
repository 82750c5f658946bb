package bench

import (
	"slices"
	"sync"
)

// tally counts what goes wrong.
type tally struct {
	mu  sync.Mutex
	all []Count
}

func (t *tally) add(err error) {
	f := failureOf(err)
	t.mu.Lock()
	defer t.mu.Unlock()
	i := slices.IndexFunc(t.all, func(c Count) bool { return c.What == f.What })
	if i < 0 {
		i = len(t.all)
		t.all = append(t.all, Count{What: f.What, Example: f.Detail})
	}
	t.all[i].Count++
}

// counts returns what went wrong, the most frequent first.
func (t *tally) counts() []Count {
	t.mu.Lock()
	defer t.mu.Unlock()
	slices.SortStableFunc(t.all, func(a, b Count) int { return b.Count - a.Count })
	return slices.Clone(t.all)
}
