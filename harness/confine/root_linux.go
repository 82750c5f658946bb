package confine

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// What a system consists of, as far as programs need it. Of /etc only what
// tells them where things are: there are secrets in it.
var (
	systemFolders = []string{"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt", "/nix/store"}
	systemFiles   = []string{
		"/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/passwd", "/etc/group",
		"/etc/nsswitch.conf", "/etc/hosts", "/etc/localtime", "/etc/timezone", "/etc/protocols", "/etc/services",
		"/etc/host.conf", "/etc/mime.types", "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/python3", "/etc/python3.11",
		"/etc/java-17-openjdk", "/etc/java-21-openjdk", "/etc/mono", "/etc/locale.alias",
	}
	devices = []string{"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"}
)

// newRoot is where the new file system is put together: a folder that every
// Linux has and that nothing in it needs.
const newRoot = "/sys"

// Sizes of folders in memory, in bytes.
const (
	skeletonSize = 1 << 20  // for folders in which others are mounted
	scratchSize  = 64 << 20 // for /tmp and /dev/shm in a box
)

// root puts a file system together. After the first error it does nothing.
type root struct{ err error }

func (r *root) do(what string, err error) {
	if r.err == nil && err != nil {
		r.err = fmt.Errorf("%s: %w", what, err)
	}
}

// begin makes an empty file system and puts the system into it.
func (r *root) begin() {
	r.do("keep mounts to ourselves", unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""))
	r.memory("", skeletonSize, 0o755)
	for _, path := range systemFolders {
		r.system(path)
	}
	for _, path := range append(systemFiles, devices...) {
		r.system(path)
	}
	for name, to := range map[string]string{"fd": "/proc/self/fd", "stdin": "/proc/self/fd/0", "stdout": "/proc/self/fd/1", "stderr": "/proc/self/fd/2"} {
		if r.err == nil {
			r.do("/dev", os.Symlink(to, newRoot+"/dev/"+name))
		}
	}
}

// system takes over a folder, file or link that the system may or may not have.
func (r *root) system(path string) {
	info, err := os.Lstat(path)
	switch {
	case r.err != nil || errors.Is(err, fs.ErrNotExist):
	case err != nil:
		r.do("look at "+path, err)
	case info.Mode()&fs.ModeSymlink != 0:
		to, err := os.Readlink(path)
		r.do("read "+path, err)
		r.do("make "+path, os.MkdirAll(newRoot+filepath.Dir(path), 0o755)) //nolint:gosec // everyone may look
		r.do("make "+path, os.Symlink(to, newRoot+path))
	default:
		flags := uint64(unix.MOUNT_ATTR_RDONLY | unix.MOUNT_ATTR_NOSUID)
		if !strings.HasPrefix(path, "/dev/") {
			flags |= unix.MOUNT_ATTR_NODEV
		}
		r.bind(path, flags)
	}
}

// readable takes over a folder or file that is not the system's.
func (r *root) readable(path string) {
	r.bind(path, unix.MOUNT_ATTR_RDONLY|unix.MOUNT_ATTR_NOSUID|unix.MOUNT_ATTR_NODEV)
}

// writable takes over a folder that may be written.
func (r *root) writable(path string) {
	r.bind(path, unix.MOUNT_ATTR_NOSUID|unix.MOUNT_ATTR_NODEV)
}

// bind makes a folder or a file appear under the same path.
func (r *root) bind(path string, flags uint64) {
	if r.err != nil {
		return
	}
	info, err := os.Stat(path)
	if err != nil {
		r.do("look at "+path, err)
		return
	}
	if info.IsDir() {
		r.do("make "+path, os.MkdirAll(newRoot+path, 0o755)) //nolint:gosec // everyone may look
	} else {
		if _, err := os.Lstat(newRoot + path); err == nil {
			return // it is in a folder that is there already
		}
		r.do("make "+path, os.MkdirAll(newRoot+filepath.Dir(path), 0o755)) //nolint:gosec // everyone may look
		r.do("make "+path, os.WriteFile(newRoot+path, nil, 0o600))
	}
	r.do("mount "+path, unix.Mount(path, newRoot+path, "", unix.MS_BIND|unix.MS_REC, ""))
	if r.err == nil {
		r.do("protect "+path+" (Linux 5.12 or later is needed)", unix.MountSetattr(unix.AT_FDCWD, newRoot+path, unix.AT_RECURSIVE, &unix.MountAttr{Attr_set: flags}))
	}
}

// memory makes an empty folder in memory.
func (r *root) memory(path string, size int64, mode os.FileMode) {
	if r.err != nil {
		return
	}
	r.do("make "+path, os.MkdirAll(newRoot+path, 0o755)) //nolint:gosec // everyone may look
	r.do("mount "+path, unix.Mount("tmpfs", newRoot+path, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, fmt.Sprintf("size=%d,nr_inodes=%d,mode=%o", size, max(size>>12, 4096), mode)))
}

// enter makes the file system the only one, its skeleton read only.
func (r *root) enter() error {
	if r.err != nil {
		return r.err
	}
	r.do("enter", os.Chdir(newRoot))
	r.do("enter", unix.PivotRoot(".", "."))
	r.do("leave the old root", unix.Unmount(".", unix.MNT_DETACH))
	r.do("enter", os.Chdir("/"))
	r.do("protect the root", unix.MountSetattr(unix.AT_FDCWD, "/", 0, &unix.MountAttr{Attr_set: unix.MOUNT_ATTR_RDONLY}))
	return r.err
}

// enterRoom puts up the walls of a room around this process.
func enterRoom(room *Room) error {
	syscall.Umask(0o022)
	self, err := os.Executable()
	if err != nil {
		return err
	}
	folder, err := os.Getwd()
	if err != nil {
		return err
	}
	var r root
	r.begin()
	r.memory("/tmp", scratchSize, 0o1777)
	if room.Temp != "/tmp" {
		r.memory(room.Temp, room.Disk, 0o711)
	}
	for _, path := range append(room.Readable, self) {
		r.readable(path)
	}
	for _, path := range room.Writable {
		r.writable(path)
	}
	r.bind("/proc", unix.MOUNT_ATTR_NOSUID|unix.MOUNT_ATTR_NODEV)
	if r.err == nil {
		r.do("make /sys", os.MkdirAll(newRoot+newRoot, 0o755)) //nolint:gosec // for the next root
	}
	if err := r.enter(); err != nil {
		return err
	}
	return errors.Join(os.Chdir(folder), loopbackUp())
}

// enterBox puts up the walls of a box around this process, the first of its own
// process namespace.
func enterBox(box *Box, dir string) error {
	syscall.Umask(0o022)
	var r root
	r.begin()
	r.memory("/tmp", scratchSize, 0o1777)
	r.memory("/dev/shm", scratchSize, 0o1777)
	for _, path := range box.Readable {
		r.readable(path)
	}
	for _, path := range append(box.Open, dir) {
		r.writable(path)
	}
	if r.err == nil {
		r.do("make /proc", os.MkdirAll(newRoot+"/proc", 0o755)) //nolint:gosec // everyone may look
		r.do("mount /proc", unix.Mount("proc", newRoot+"/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""))
	}
	return r.enter()
}

// loopbackUp makes 127.0.0.1 answer.
func loopbackUp() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("loopback: %w", err)
	}
	defer unix.Close(fd) //nolint:errcheck // nothing was written
	lo, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	lo.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	if err := unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, lo); err != nil {
		return fmt.Errorf("loopback: %w", err)
	}
	return nil
}
