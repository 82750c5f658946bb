//go:build unix

package target

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/xferspec/xferspec/spec/state"
)

// heavy is how many bytes a server takes up that serves heavily.
const heavy = 96 << 20

// programs are what the tests start: this test binary, told by its first
// argument which of them to be.
var programs = map[string]func(args []string){
	"serve":    func([]string) { serve(portFromFile()) },
	"serve-at": func(args []string) { serve(args[0]) },
	"serve-gracefully": func([]string) {
		terminated := make(chan os.Signal, 1)
		signal.Notify(terminated, syscall.SIGTERM)
		go serve(portFromFile())
		<-terminated
		must(os.WriteFile("stopped", nil, 0o600))
	},
	"serve-heavily": func([]string) {
		weight := make([]byte, heavy)
		for i := range weight {
			weight[i] = 1
		}
		serve(portFromFile())
		runtime.KeepAlive(weight)
	},
	"serve-relieved": func([]string) {
		carry()
		serve(portFromFile())
	},
	"carry": func([]string) { carry() },
	"serve-stubbornly": func([]string) {
		signal.Ignore(syscall.SIGTERM)
		serve(portFromFile())
	},
	"serve-and-chatter": func([]string) {
		go chatter(math.MaxInt)
		serve(portFromFile())
	},
	"serve-with-child": func(args []string) {
		startChild(args[0])
		serve(portFromFile())
	},
	"accept-only": func([]string) {
		listener := listen(portFromFile())
		hang()
		must(listener.Close())
	},
	"fail": func(args []string) {
		for _, line := range args[1:] {
			fmt.Println(line)
		}
		code, err := strconv.Atoi(args[0])
		must(err)
		os.Exit(code)
	},
	"hang": func([]string) { hang() },
	"chatter": func(args []string) {
		lines, err := strconv.Atoi(args[0])
		must(err)
		chatter(lines)
	},
	"cat": func(args []string) {
		text, err := os.ReadFile(args[0])
		must(err)
		fmt.Fprintf(os.Stderr, "%s", text)
	},
	"stdin": func([]string) {
		text, err := io.ReadAll(os.Stdin)
		fmt.Printf("%d bytes, %v", len(text), err)
	},
	"pwd": func([]string) {
		dir, err := os.Getwd()
		must(err)
		fmt.Print(dir)
	},
	"crash":        func([]string) { must(syscall.Kill(os.Getpid(), syscall.SIGKILL)); hang() },
	"leave-orphan": func(args []string) { leaveOrphan(args[0], args[1]) },
	"leave-child":  func(args []string) { startChild(args[0]) },
	"leave-session": func(args []string) { // a child that is not in our group, and prints elsewhere
		path, err := os.Executable()
		must(err)
		child := exec.CommandContext(context.Background(), path, "child", args[0])
		child.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		out, err := child.StdoutPipe()
		must(err)
		must(child.Start())
		_, err = bufio.NewReader(out).ReadString('\n')
		must(err)
	},
	"die-with-child": func(args []string) {
		path, err := os.Executable()
		must(err)
		p, err := startProcess(path, []string{path, "child", args[0]}, ".", nil)
		must(err)
		for p.output.String() == "" && !p.ended() { // until it is connected
			runtime.Gosched()
		}
		must(syscall.Kill(os.Getpid(), syscall.SIGKILL))
		hang()
	},
	"use-engine": func([]string) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_, err := OpenServer(ctx, ServerConfig{Image: "none"})
		fmt.Printf("%T: %v\n", err, err)
	},
	"child": func(args []string) {
		var dialer net.Dialer
		conn, err := dialer.DialContext(context.Background(), "tcp", args[0])
		must(err)
		fmt.Println("connected")
		hang()
		must(conn.Close())
	},
}

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && programs[os.Args[1]] != nil {
		programs[os.Args[1]](os.Args[2:])
		os.Exit(0)
	}
	must(os.Setenv("GORACE", "atexit_sleep_ms=0")) // else each program takes a second to exit
	status := m.Run()
	must(cleanUp())
	os.Exit(status)
}

// carry takes up memory and gives it back to the system.
func carry() {
	weight, err := syscall.Mmap(-1, 0, heavy, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		panic(err)
	}
	for i := range weight {
		weight[i] = 1
	}
	if err := syscall.Munmap(weight); err != nil {
		panic(err)
	}
}

// program returns the command that runs one of the programs.
func program(t *testing.T, name string, args ...string) []string {
	t.Helper()
	path, err := os.Executable()
	check(t, err)
	if programs[name] == nil {
		t.Fatalf("no program %q", name)
	}
	return append([]string{path, name}, args...)
}

func must(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(99)
	}
}

func portFromFile() string {
	text, err := os.ReadFile("port.info")
	must(err)
	port, err := state.ParsePort(text)
	must(err)
	return strconv.Itoa(int(port))
}

func listen(port string) net.Listener {
	var config net.ListenConfig
	listener, err := config.Listen(context.Background(), "tcp", "127.0.0.1:"+port)
	must(err)
	return listener
}

// serve greets whoever connects.
func serve(port string) {
	listener := listen(port)
	fmt.Println("listening")
	for {
		conn, err := listener.Accept()
		must(err)
		_, _ = conn.Write([]byte("ready"))
		_ = conn.Close()
	}
}

// greeted is the Ready for serve.
func greeted(ctx context.Context, addr string) error {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Now()) })()
	text, err := io.ReadAll(conn)
	if err == nil && string(text) != "ready" {
		err = errors.New("no greeting")
	}
	return err
}

// startChild starts the program "child" and returns when it is connected.
func startChild(addr string) {
	path, err := os.Executable()
	must(err)
	child := exec.CommandContext(context.Background(), path, "child", addr)
	out, err := child.StdoutPipe()
	must(err)
	must(child.Start())
	_, err = bufio.NewReader(out).ReadString('\n')
	must(err)
}

// leaveOrphan starts the program "child" in a session of its own, without output,
// and returns when it is connected.
func leaveOrphan(kind, addr string) {
	path, err := os.Executable()
	must(err)
	args := []string{"child", addr}
	if kind == "grandchild" { // whose parent ends before
		args = []string{"leave-orphan", "talkative", addr}
	}
	child := exec.CommandContext(context.Background(), path, args...)
	child.SysProcAttr = &syscall.SysProcAttr{Setsid: kind != "group", Setpgid: kind == "group"}
	if kind == "unmarked" {
		child.Env = []string{"PATH=/usr/bin"}
	}
	out, err := child.StdoutPipe()
	must(err)
	must(child.Start())
	_, err = bufio.NewReader(out).ReadString('\n')
	must(err)
	if kind == "talkative" {
		fmt.Println("connected")
	}
}

// hang waits for a signal that nobody sends.
func hang() {
	never := make(chan os.Signal, 1)
	signal.Notify(never, syscall.SIGUSR1)
	<-never
}

// chatter prints lines of 1 KiB.
func chatter(lines int) {
	for i := range lines {
		fmt.Printf("%1023s\n", fmt.Sprintf("line %d", i))
	}
}

// childListener is where children connect, so that their death can be seen.
func childListener(t *testing.T) *net.TCPListener {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	check(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	tcp := listener.(*net.TCPListener)
	check(t, tcp.SetDeadline(time.Now().Add(10*time.Second)))
	return tcp
}

// expectDeath waits for the end of the child that has connected.
func expectDeath(t *testing.T, listener *net.TCPListener) {
	t.Helper()
	conn, err := listener.Accept()
	check(t, err)
	defer conn.Close()
	check(t, conn.SetDeadline(time.Now().Add(10*time.Second)))
	if _, err := conn.Read(make([]byte, 1)); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("the child is still alive")
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
