//go:build linux

package endurance

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// setup is how a server is started.
type setup struct {
	dir   string   // data folder and working directory
	args  []string // after the usual ones
	files int      // file descriptors it may have, 0 for those of this process
	user  uint32   // as whom it runs, 0 for the user of this process
}

// program is a running xfer-server.
type program struct {
	testing.TB
	cmd   *exec.Cmd
	addr  string
	log   *record
	ended chan struct{} // closed when it has ended
}

// command returns the server's command.
func (s setup) command() *exec.Cmd {
	words := append([]string{serverProgram, "--addr", "127.0.0.1:0"}, s.args...)
	if s.files > 0 {
		words = append([]string{"sh", "-c", fmt.Sprintf(`ulimit -n %d && exec "$0" "$@"`, s.files)}, words...)
	}
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Dir = s.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // nothing survives an interrupted test
	if s.user != 0 {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: s.user, Gid: s.user}
	}
	return cmd
}

// start starts a server, and ends it with the test.
func start(t testing.TB, s setup) *program {
	t.Helper()
	p := launch(t, s)
	select {
	case p.addr = <-p.log.listening:
	case <-p.ended:
		t.Fatalf("the server does not start: %s", p.log.last())
	case <-time.After(patience):
		t.Fatalf("the server does not listen: %s", p.log.last())
	}
	return p
}

// launch starts a server and does not wait for it.
func launch(t testing.TB, s setup) *program {
	t.Helper()
	p := &program{TB: t, cmd: s.command(), log: newRecord(), ended: make(chan struct{})}
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		p.log.read(stderr)
		_ = p.cmd.Wait()
		close(p.ended)
	}()
	t.Cleanup(p.kill)
	return p
}

// kill ends the server at once (STO-5) and waits for its end.
func (p *program) kill() { p.signal(syscall.SIGKILL) }

// stop ends the server in order, and expects that it does.
func (p *program) stop() {
	p.Helper()
	p.signal(syscall.SIGTERM)
	if status := p.cmd.ProcessState.ExitCode(); status != 0 {
		p.Errorf("the server ends with exit status %d: %s", status, p.log.last())
	}
}

func (p *program) signal(signal syscall.Signal) {
	p.Helper()
	_ = p.cmd.Process.Signal(signal) // it may have ended
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.Fatalf("the server does not end on %s", signal)
	}
}

// alive fails the test if the server has ended.
func (p *program) alive() {
	p.Helper()
	select {
	case <-p.ended:
		p.Fatalf("the server has ended: %s: %s", p.cmd.ProcessState, p.log.last())
	default:
	}
}

// figures are what the system says of a process.
type figures struct {
	memory, peak int64 // resident, in bytes: now, and the most so far
	threads      int
	files        int // open descriptors
}

func (f figures) String() string {
	return fmt.Sprintf("%.1f MiB (peak %.1f), %d threads, %d descriptors",
		float64(f.memory)/(1<<20), float64(f.peak)/(1<<20), f.threads, f.files)
}

// measure looks at the server from outside.
func (p *program) measure() figures {
	p.Helper()
	p.alive()
	proc := "/proc/" + strconv.Itoa(p.cmd.Process.Pid)
	files, err := os.ReadDir(proc + "/fd")
	if err != nil {
		p.Fatal(err)
	}
	status, err := os.ReadFile(proc + "/status")
	if err != nil {
		p.Fatal(err)
	}
	field := func(name string) int64 {
		_, rest, _ := strings.Cut(string(status), "\n"+name+":")
		var n int64
		if _, err := fmt.Sscan(rest, &n); err != nil {
			p.Fatalf("%s/status: no %s: %v", proc, name, err)
		}
		return n
	}
	return figures{field("VmRSS") << 10, field("VmHWM") << 10, int(field("Threads")), len(files)}
}

// record keeps the last lines of a server's log.
type record struct {
	listening  chan string // gets its address
	mu         sync.Mutex
	lines      []string // the last
	troubles   []string // the last that are no plain information
	goroutines int      // that the runtime of Go has listed
}

// keptLines is how many lines of its log a server's last words may have.
const keptLines = 10

func newRecord() *record { return &record{listening: make(chan string, 1)} }

func (r *record) read(log io.Reader) {
	in := bufio.NewReader(log)
	for {
		line, err := in.ReadString('\n')
		if line = strings.TrimSuffix(line, "\n"); line != "" {
			r.add(line)
		}
		if err != nil {
			return
		}
	}
}

func (r *record) add(line string) {
	if _, rest, ok := strings.Cut(line, " msg=listening addr="); ok {
		addr, _, _ := strings.Cut(rest, " ")
		r.listening <- addr
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if strings.HasPrefix(line, "goroutine ") && strings.HasSuffix(line, "]:") {
		r.goroutines++
	}
	r.lines = keep(r.lines, line)
	if !strings.Contains(line, " level=INFO ") {
		r.troubles = keep(r.troubles, line)
	}
}

func keep(lines []string, line string) []string {
	lines = append(lines, line)
	return lines[max(0, len(lines)-keptLines):]
}

// said returns the last lines that are no plain information.
func (r *record) said() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.troubles, "\n")
}

// last returns the lines that were kept.
func (r *record) last() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.lines, "\n")
}
