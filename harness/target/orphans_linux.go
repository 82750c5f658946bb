package target

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// A program can leave its group, by a fork and setsid. Its orphans then become
// children of this process, which is what lets them be found: whatever a program
// has started is below it, or below one of them.

const (
	setChildSubreaper = 36                    // PR_SET_CHILD_SUBREAPER
	burial            = 2 * time.Second       // for all that a program has left to be gone
	burialPause       = 2 * time.Millisecond  // before looking again whether it is
	longestBurial     = 50 * time.Millisecond // of such pauses
)

var adoptOrphans = sync.OnceFunc(func() {
	_, _, _ = syscall.Syscall(syscall.SYS_PRCTL, setChildSubreaper, 1, 0) // else they are init's, and get away
})

// relative is a child of this process.
type relative struct {
	pid, group, session int
	dead                bool
}

// children returns those of this process.
func children() (found []relative) {
	self := strconv.Itoa(os.Getpid())
	paths, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range paths {
		stat, err := os.ReadFile(path) //nolint:gosec // a path of /proc
		if err != nil {
			continue // it has ended meanwhile
		}
		// "pid (name) state parent group session …", and the name may contain anything.
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		if len(fields) < 4 || fields[1] != self {
			continue
		}
		r := relative{dead: fields[0] == "Z" || fields[0] == "X"}
		r.pid, _ = strconv.Atoi(filepath.Base(filepath.Dir(path)))
		r.group, _ = strconv.Atoi(fields[2])
		r.session, _ = strconv.Atoi(fields[3])
		found = append(found, r)
	}
	return found
}

// buryOrphans kills what a program whose leader has ended has started in groups
// of their own, and reaps all that it has left. others says whether more programs
// run: then an orphan that has wiped its mark may be one of theirs.
func buryOrphans(group int, mark string, others func() bool) {
	session, _, _ := syscall.RawSyscall(syscall.SYS_GETSID, 0, 0, 0) // never fails
	own := int(session)
	killed := map[int]bool{}
	pause := burialPause
	for end := time.Now().Add(burial); time.Now().Before(end); pause = min(2*pause, longestBurial) {
		left := false
		for _, r := range children() {
			theirs := r.group == group || killed[r.pid]
			switch {
			case r.dead && (theirs || r.session != own):
				gone, _ := syscall.Wait4(r.pid, nil, syscall.WNOHANG, nil)
				left = left || gone == 0 // it has threads that have not ended yet
			case r.dead:
			case theirs || belongs(r, mark, own, others):
				_ = syscall.Kill(r.pid, syscall.SIGKILL)
				killed[r.pid], left = true, true
			}
		}
		if !left {
			return
		}
		<-time.After(pause)
	}
}

// belongs says whether a child of this process is an orphan of the program with
// that mark.
func belongs(r relative, mark string, own int, others func() bool) bool {
	environ, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(r.pid), "environ")) //nolint:gosec // a path of /proc
	for entry := range strings.SplitSeq(string(environ), "\x00") {
		if name, value, _ := strings.Cut(entry, "="); err == nil && name == markName {
			return value == mark
		}
	}
	// Children that were born here stay in this session.
	return r.session != own && !others()
}
