package confine

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// watchPause is how often the box is looked at.
const watchPause = 100 * time.Millisecond

// watch looks at what the processes of a box take, and ends them all as soon as
// they have too much memory.
func watch(limits Limits, tell *teller) {
	var full, crowded bool
	go func() {
		for range time.Tick(watchPause) {
			memory, threads := taken()
			if memory > limits.Memory {
				_ = syscall.Kill(-1, syscall.SIGKILL) // everyone in the box but this process
				if !full {
					tell.say(message{Reached: fmt.Sprintf("it was ended, for it took more than %d MiB of memory", limits.Memory>>20)})
				}
				full = true
			}
			// Where an ordinary user runs the box, some of those that count are ours.
			if threads*10 >= limits.Processes*9 && !crowded {
				tell.say(message{Reached: fmt.Sprintf("it was kept from having more than %d processes and threads", limits.Processes)})
				crowded = true
			}
		}
	}()
}

// taken returns the memory of all processes, in bytes, and the number of their threads.
func taken() (memory int64, threads int) {
	for _, pid := range processes() {
		m, n := usage(pid)
		memory, threads = memory+m, threads+n
	}
	return memory, threads
}

// processes returns everyone in the box that has not ended, but for this process.
func processes() []int {
	var all []int
	paths, _ := filepath.Glob("/proc/[0-9]*")
	for _, path := range paths {
		pid, err := strconv.Atoi(filepath.Base(path))
		if err != nil || pid == os.Getpid() {
			continue
		}
		stat, err := os.ReadFile(path + "/stat") //nolint:gosec // a path of /proc
		if err != nil {
			continue
		}
		// "pid (name) state …", and the name may contain anything.
		if fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:])); len(fields) > 0 && fields[0] != "Z" && fields[0] != "X" {
			all = append(all, pid)
		}
	}
	return all
}

// usage returns how much memory and how many threads a process has, zero if it has ended.
func usage(pid int) (memory int64, threads int) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)) //nolint:gosec // a path of /proc
	if err != nil {
		return 0, 0
	}
	for lines := bufio.NewScanner(bytes.NewReader(status)); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), ":")
		number, _ := strconv.ParseInt(strings.Fields(value + " 0")[0], 10, 64)
		switch name {
		case "RssAnon", "RssShmem", "VmSwap":
			memory += number << 10
		case "Threads":
			threads = int(number)
		}
	}
	return memory, threads
}
