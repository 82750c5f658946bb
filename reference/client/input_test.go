package client_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xferspec/xferspec/reference/client"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/state"
	"github.com/xferspec/xferspec/spec/wire"
)

// CFG-5, CFG-8, FIL-22: what cannot work is seen before the client connects, and the
// error names the file at fault.
func TestBadInput(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(o outbox, addr string)
		want  string
	}{
		{"no transfer.info", remove("transfer.info"), "transfer.info: no such file"},
		{"an empty transfer.info", rewrite("transfer.info", ""), "transfer.info"},
		{"transfer.info of two lines", rewrite("transfer.info", "127.0.0.1:1256\nAda\n"), "transfer.info"},
		{"no port", rewrite("transfer.info", "127.0.0.1\nAda\ndocs/notes.txt\n"), "transfer.info line 1"},
		{"a name of 101 characters", lines(strings.Repeat("n", 101), "docs/notes.txt"), "transfer.info line 2"},
		{"a name that is not ASCII", lines("Zoë", "docs/notes.txt"), "transfer.info line 2"},
		{"no such file", lines("Ada", "docs/nothing.txt"), "docs/nothing.txt: no such file"},
		{"a directory", lines("Ada", "docs"), "docs is not a regular file"},
		{"a device", lines("Ada", "/dev/zero"), "/dev/zero is not a regular file"},
		{"a path that ends with a separator", sendAs(`notes.txt\`), "ends with a separator"},
		{"a file name that is not ASCII", sendAs("naïve.txt"), "printable ASCII"},
		{"a file name of 255 bytes", sendAs(strings.Repeat("n", 255)), "at most 254 characters"},
		{"a file of a byte too much", func(o outbox, _ string) {
			if err := os.Truncate(filepath.Join(o.dir, "docs", fileName), 67_107_840); err != nil {
				o.t.Fatal(err)
			}
		}, "edition 2024a can send 67107839 at most (FIL-22)"},
		{"an empty me.info", rewrite("me.info", ""), "me.info"},
		{"a huge me.info", rewrite("me.info", strings.Repeat("x", 2<<20)), "me.info has more than 1024 KiB"},
		{"me.info with a bad id", rewrite("me.info", "Ada\nxyz\n"), "me.info line 2"},
		{"me.info with a key that is not base64", rewrite("me.info", "Ada\n"+wire.ID{}.String()+"\n***\n"), "me.info line 3"},
		{"me.info with a key that is none", rewrite("me.info", "Ada\n"+wire.ID{}.String()+"\nAAAA\n"), "me.info: KEY-1"},
		{"me.info with a name that is not ASCII", rewrite("me.info", "Zoë\n"+wire.ID{}.String()+"\n"+string(state.FormatPrivateKeyFile(testDER()))), "me.info line 1"},
		{"me.info of two lines and no priv.key", rewrite("me.info", "Ada\n"+wire.ID{}.String()+"\n"), "priv.key: no such file"},
		{"me.info of two lines and a bad priv.key", func(o outbox, _ string) {
			o.write("me.info", []byte("Ada\n"+wire.ID{}.String()+"\n"))
			o.write("priv.key", []byte("***"))
		}, "priv.key"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := (&fake{}).start(t)
			o := newOutbox(t, f.addr, pattern(10))
			tt.spoil(o, f.addr)
			_, err := o.run(f)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
			if f.received(); f.conns > 0 {
				t.Error("the client connected")
			}
		})
	}
}

func remove(name string) func(outbox, string) {
	return func(o outbox, _ string) {
		if err := os.Remove(filepath.Join(o.dir, name)); err != nil {
			o.t.Fatal(err)
		}
	}
}

func rewrite(name, text string) func(outbox, string) {
	return func(o outbox, _ string) { o.write(name, []byte(text)) }
}

// lines writes a transfer.info with the right address.
func lines(name, path string) func(outbox, string) {
	return func(o outbox, addr string) { o.write("transfer.info", []byte(addr+"\n"+name+"\n"+path+"\n")) }
}

// sendAs gives the file another name. One of 255 bytes is the longest that a
// file system takes.
func sendAs(name string) func(outbox, string) {
	return func(o outbox, addr string) {
		o.write(name, pattern(10))
		lines("Ada", name)(o, addr)
	}
}

// FIL-24: whatever the path, the base name is sent.
func TestBaseNameIsSent(t *testing.T) {
	const longest = wire.MaxText
	tests := map[string]string{
		"plain.bin":                  "plain.bin",
		"docs/../docs/plain.bin":     "plain.bin",
		"./two words.bin":            "two words.bin",
		`windows\style.bin`:          "style.bin",
		"..bin":                      "..bin",
		strings.Repeat("n", longest): strings.Repeat("n", longest),
	}
	for path, want := range tests {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			f := (&fake{}).start(t)
			o := newOutbox(t, f.addr, nil)
			o.register(f)
			o.write(path, pattern(10))
			for _, path := range []string{path, filepath.Join(o.dir, path)} { // relative, absolute
				lines("Ada", path)(o, f.addr)
				if output, err := o.run(f); err != nil {
					t.Fatalf("%v\n%s", err, output)
				}
			}
			for _, r := range f.received() {
				if m, ok := r.message.(*wire.File); ok {
					wantText(t, "file name", m.Name, want)
				}
			}
		})
	}
}

// An identity that cannot be kept is noticed at once, and leaves no half of a file.
func TestDirectoryThatCannotBeWritten(t *testing.T) {
	f := (&fake{}).start(t)
	o := newOutbox(t, f.addr, nil)
	if err := os.Mkdir(filepath.Join(o.dir, "priv.key"), 0o700); err != nil { // no rename replaces it
		t.Fatal(err)
	}
	_, err := o.run(f)
	if err == nil || !strings.Contains(err.Error(), "cannot write priv.key") {
		t.Errorf("error %v", err)
	}
	if got := types(f.received()); !slices.Equal(got, []spec.MessageType{spec.TypeRegister}) {
		t.Errorf("sent %v", got)
	}
	entries, err := os.ReadDir(o.dir)
	if err != nil || len(entries) != 3 {
		t.Errorf("the directory has %v, want docs, priv.key, transfer.info; %v", entries, err)
	}
}

func TestMainOfTheProgram(t *testing.T) {
	f := (&fake{edition: edition(t, "2023c")}).start(t)
	o := newOutbox(t, f.addr, pattern(10))
	tests := []struct {
		name   string
		args   []string
		status int
		want   string // in what is printed: on stderr, after a failure
	}{
		{"an unknown flag", []string{"--nope"}, 2, "fatal: unknown flag: --nope (see xfer-client --help)\n"},
		{"an argument", []string{"notes.txt"}, 2, `fatal: unexpected argument "notes.txt"`},
		{"an unknown edition", []string{"--edition", "1999z"}, 2, "choose one of 2022c, 2023a"},
		{"no time", []string{"--timeout", "0s"}, 2, "--timeout must be above 0"},
		{"a time that is none", []string{"--timeout", "soon"}, 2, "soon"},
		{"help", []string{"--help"}, 0, "Exit status: 0"},
		{"another directory", []string{"--dir", t.TempDir()}, 1, "fatal: open "},
		{"a run", []string{"--dir", o.dir, "--edition", "2023c", "--timeout", "20s"}, 0, "notes.txt is verified"},
		{"a run in silence", []string{"--dir", o.dir, "--edition", "2023c", "--quiet"}, 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			if got := client.Main(t.Context(), tt.args, &stdout, &stderr); got != tt.status {
				t.Errorf("exit status %d, want %d", got, tt.status)
			}
			printed := stdout.String()
			if tt.status != client.ExitOK {
				printed = stderr.String()
			}
			if !strings.Contains(printed, tt.want) || (tt.want == "") != (printed == "") {
				t.Errorf("printed %q, want %q in it", printed, tt.want)
			}
		})
	}
}
