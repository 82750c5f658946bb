package target

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// groupAttributes puts a program into its own group, and has it killed should
// this process die without doing it.
func groupAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// groupAlive says whether a group has members that run. Those that have ended
// and wait to be reaped do not count; a signal could not tell them apart.
func groupAlive(id int) bool {
	return syscall.Kill(-id, 0) == nil && len(groupMembers(id)) > 0
}

// groupMembers returns the folders in /proc of a group's members that run.
func groupMembers(id int) (folders []string) {
	paths, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range paths {
		stat, err := os.ReadFile(path) //nolint:gosec // a path of /proc
		if err != nil {
			continue // it has ended meanwhile
		}
		// "pid (name) state parent group …", and the name may contain anything.
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		if len(fields) > 2 && fields[2] == strconv.Itoa(id) && fields[0] != "Z" && fields[0] != "X" {
			folders = append(folders, filepath.Dir(path))
		}
	}
	return folders
}
