package target

import "time"

// How often the memory of a client is looked at: its own at every tick, and at
// every so many ticks also that of the processes that it has started.
const (
	watchTick  = 2 * time.Millisecond
	groupTicks = 50
)

// watchMemory looks at the memory of the group until it has ended. What it returns
// waits for that and returns the most that there was, in bytes.
func (p *process) watchMemory() (most func() int64) {
	result := make(chan int64, 1)
	go func() {
		tick := time.NewTicker(watchTick)
		defer tick.Stop()
		var most int64
		for n := 1; ; n++ {
			// A process keeps its own peak, so that only what comes after the last look is missed.
			now, err := processMemory(p.cmd.Process.Pid)
			if n%groupTicks == 0 {
				now, err = p.memory()
			}
			if err == nil {
				most = max(most, now)
			}
			select {
			case <-p.done:
				result <- most
				return
			case <-tick.C:
			}
		}
	}()
	return func() int64 { return <-result }
}
