package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/xferspec/xferspec/conformance/bench"
)

// sshdConfig lets in whoever has the one key, on one port of the loopback interface.
const sshdConfig = `ListenAddress 127.0.0.1:%s
HostKey %[2]s/host
AuthorizedKeysFile %[2]s/user.pub
PidFile none
StrictModes no
UsePAM no
UseDNS no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
Ciphers aes256-gcm@openssh.com
Subsystem sftp internal-sftp
`

// privileges is the empty folder that sshd wants to have when root runs it.
const privileges = "/run/sshd"

// puts is how many files the longer of two sessions brings.
const puts = 5

// sftp brings the largest file to an SSH server and to the reference, each time by
// a new run of the client's program.
func sftp(ctx context.Context, l *lab) error {
	path, err := l.file("largest.bin", largest)
	if err != nil {
		return err
	}
	theirs, err := l.openSSH(ctx)
	if err != nil {
		return err
	}
	defer theirs.close()
	ours, err := l.reference(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = ours.Close() }()
	sender, err := l.sender(ctx, ours.Addr(), path)
	if err != nil {
		return err
	}
	var program, sftpRun, transfer, session stopwatch
	one := func() error { return theirs.put(ctx, path, 1) }
	if err := one(); err != nil { // warms up, as the first sending of ours has
		return err
	}
	if err := bench.Alternate(l.rounds, func() error { return l.runProgram(ctx, sender.dir, &program) }, sftpRun.time(one)); err != nil {
		return err
	}
	many := func() error { return theirs.put(ctx, path, puts) }
	if err := bench.Alternate(l.rounds, transfer.time(func() error { return sender.send(ctx) }), session.time(many)); err != nil {
		return err
	}
	var alone stopwatch // a file without what comes before it
	for _, t := range session {
		alone = append(alone, (t-bench.Median(sftpRun))/(puts-1))
	}
	l.line("client program and server", fmt.Sprintf("%.0f MB/s", program.rate(largest)), "")
	l.line("sftp and sshd", fmt.Sprintf("%.0f MB/s", sftpRun.rate(largest)), "")
	l.line("sftp and sshd, one more put in the same session", fmt.Sprintf("%.0f MB/s", alone.rate(largest)), "")
	if err := l.ratio("throughput of the reference's programs / of sftp", sftpRun, program, "at least 3"); err != nil {
		return err
	}
	return l.ratio("the client in this process / one more put in the same session", alone, transfer, "")
}

// sshd is an SSH server of ours.
type sshd struct {
	dir, port string
	stop      func()
}

// openSSH starts an SSH server with keys of its own.
func (l *lab) openSSH(ctx context.Context) (_ *sshd, err error) {
	program, err := exec.LookPath("/usr/sbin/sshd")
	if err != nil {
		return nil, errors.New("no sshd: apt-get install openssh-server")
	}
	s := &sshd{dir: filepath.Join(l.dir, "ssh")}
	if err := os.MkdirAll(filepath.Join(s.dir, "files"), 0o700); err != nil {
		return nil, err
	}
	for _, name := range []string{"host", "user"} {
		if out, err := exec.CommandContext(ctx, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", filepath.Join(s.dir, name)).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("ssh-keygen: %w: %s", err, out)
		}
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	_, s.port, _ = net.SplitHostPort(listener.Addr().String())
	_ = listener.Close()
	config := filepath.Join(s.dir, "config")
	if err := os.WriteFile(config, fmt.Appendf(nil, sshdConfig, s.port, s.dir), 0o600); err != nil {
		return nil, err
	}
	made := os.Geteuid() == 0 && os.Mkdir(privileges, 0o755) == nil //nolint:gosec // as sshd wants it
	ctx, cancel := context.WithCancel(ctx)
	cmd := exec.CommandContext(ctx, program, "-D", "-e", "-f", config)
	var log strings.Builder
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		cancel()
		return nil, err
	}
	s.stop = func() {
		cancel()
		_ = cmd.Wait()
		if made {
			_ = os.Remove(privileges)
		}
	}
	if err := s.await(ctx); err != nil {
		s.stop()
		return nil, fmt.Errorf("sshd: %w: %s", err, log.String())
	}
	return s, nil
}

// await waits until sshd listens.
func (s *sshd) await(ctx context.Context) error {
	limit, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for {
		conn, err := new(net.Dialer).DialContext(limit, "tcp", net.JoinHostPort("127.0.0.1", s.port))
		if err == nil {
			return conn.Close()
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-limit.Done():
			return err
		}
	}
}

func (s *sshd) close() { s.stop() }

// put brings a file n times in one session.
func (s *sshd) put(ctx context.Context, path string, n int) error {
	batch := filepath.Join(s.dir, "batch")
	lines := strings.Repeat(fmt.Sprintf("put %s %s\n", path, filepath.Join(s.dir, "files", "largest.bin")), n)
	if err := os.WriteFile(batch, []byte(lines), 0o600); err != nil {
		return err
	}
	out, err := exec.CommandContext(ctx, "sftp", "-q", "-F", "none", "-b", batch, "-P", s.port, "-i", filepath.Join(s.dir, "user"),
		"-o", "Ciphers=aes256-gcm@openssh.com", "-o", "IdentitiesOnly=yes", "-o", "LogLevel=ERROR",
		"-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "127.0.0.1").CombinedOutput()
	if err != nil {
		return fmt.Errorf("sftp: %w: %s", err, out)
	}
	return nil
}
