// Program is what the tests run in containers: server or client, as its first
// argument says. It is built without cgo, so that it runs in an empty image.
package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

var programs = map[string]func(args []string){
	"serve": func([]string) { serve(port()) },
	"serve-at": func(args []string) {
		_, err := os.Stat("port.info")
		must(err)
		serve(args[0])
	},
	"serve-by-default": func([]string) {
		if text, err := os.ReadFile("port.info"); !errors.Is(err, fs.ErrNotExist) {
			fmt.Printf("port.info %q\n", text)
		}
		serve("1256")
	},
	"serve-gracefully": func([]string) {
		terminated := make(chan os.Signal, 1)
		signal.Notify(terminated, syscall.SIGTERM)
		go serve(port())
		<-terminated
		must(os.WriteFile("stopped", nil, 0o600))
	},
	"serve-stubbornly": func([]string) {
		signal.Ignore(syscall.SIGTERM)
		serve(port())
	},
	"serve-at-home": func([]string) { accept(listen("127.0.0.1:" + port())) },
	"send": func(args []string) {
		address, err := os.ReadFile("transfer.info")
		must(err)
		conn, err := net.DialTimeout("tcp", string(address), 5*time.Second)
		must(err)
		_, err = io.Copy(conn, os.Stdin)
		must(err)
		_, err = conn.Write([]byte("hello"))
		must(err)
		must(conn.Close())
		must(os.WriteFile("me.info", []byte("sent"), 0o600))
		must(os.MkdirAll("kept/deep", 0o755))
		must(os.WriteFile("kept/deep/file", []byte{0, 255}, 0o640))
		must(os.Link("kept/deep/file", "kept/linked"))
		must(os.Symlink("kept/linked", "inside"))
		must(os.Symlink("/etc/passwd", "outside"))
		fmt.Println("sent")
	},
	"fail": func(args []string) {
		fmt.Println(strings.Join(args, "\n"))
		os.Exit(7)
	},
	"crash": func([]string) { must(syscall.Kill(os.Getpid(), syscall.SIGKILL)); hang() },
	"hang":  func([]string) { hang() },
	"chatter": func([]string) {
		for i := range 1000 {
			fmt.Printf("%1023s\n", fmt.Sprintf("line %d", i))
		}
	},
	"whoami": func([]string) {
		f, err := os.OpenFile("transfer.info", os.O_RDWR, 0)
		must(err)
		must(f.Close())
		fmt.Print(os.Getuid(), ":", os.Getgid())
	},
}

func main() { programs[os.Args[1]](os.Args[2:]) }

func must(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(99)
	}
}

func port() string {
	text, err := os.ReadFile("port.info")
	must(err)
	return string(text)
}

func listen(addr string) net.Listener {
	listener, err := net.Listen("tcp", addr)
	must(err)
	return listener
}

func serve(port string) { accept(listen(":" + port)) }

// accept greets whoever connects, and keeps count in a file.
func accept(listener net.Listener) {
	fmt.Println("listening")
	for {
		conn, err := listener.Accept()
		must(err)
		_, _ = conn.Write([]byte("ready"))
		_ = conn.Close()
		log, err := os.OpenFile("visits", os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
		must(err)
		_, err = log.WriteString("x")
		must(errors.Join(err, log.Close()))
	}
}

func hang() {
	never := make(chan os.Signal, 1)
	signal.Notify(never, syscall.SIGUSR1)
	<-never
}
