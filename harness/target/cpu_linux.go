package target

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// clockTick is the unit of processor times in /proc: 100 a second on every
// architecture that Go runs on.
const clockTick = time.Second / 100

// Where in /proc/PID/stat, after the name, the processor times are: as user and as
// system, of the process and of the children that it has waited for.
const (
	firstTime = 11
	lastTime  = 14
)

// groupCPU returns the processor time of a group's members.
func groupCPU(id int) (total time.Duration, err error) {
	for _, member := range groupMembers(id) {
		stat, err := os.ReadFile(filepath.Join(member, "stat")) //nolint:gosec // a path of /proc
		if err != nil {
			continue // it has ended meanwhile
		}
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		if len(fields) <= lastTime {
			return 0, fmt.Errorf("processor time in %s: it has %d fields", member, len(fields))
		}
		for _, field := range fields[firstTime : lastTime+1] {
			ticks, err := strconv.ParseInt(field, 10, 64)
			if err != nil {
				return 0, fmt.Errorf("processor time in %s: %w", member, err)
			}
			total += time.Duration(ticks) * clockTick
		}
	}
	return total, nil
}
