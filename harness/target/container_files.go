package target

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/containerd/errdefs"
	"github.com/moby/go-archive"
	"github.com/moby/moby/client"
)

// put copies what is in a folder of this machine into the working directory,
// owned by whoever the container's program runs as.
func (c *container) put(ctx context.Context, dir string) error {
	uid, gid, err := c.owner(ctx)
	if err != nil {
		return err
	}
	content, err := archive.TarWithOptions(dir, &archive.TarOptions{ChownOpts: &archive.ChownOpts{UID: uid, GID: gid}})
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	_, err = c.engine.client.CopyToContainer(ctx, c.id, client.CopyToContainerOptions{DestinationPath: c.image.dir, Content: content})
	if err != nil {
		return c.refused(ctx, "copy files into a container", "files cannot be put into "+c.image.dir, err)
	}
	return nil
}

// has says whether there is something at a path.
func (c *container) has(ctx context.Context, path string) (bool, error) {
	_, err := c.engine.client.ContainerStatPath(ctx, c.id, client.ContainerStatPathOptions{Path: path})
	if errdefs.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, failed(ctx, "look for a file in a container", err)
	}
	return true, nil
}

// get copies what is at a path into a folder of this machine: the content of a
// folder, or one file. It returns where it is. That nothing is there is fs.ErrNotExist.
func (c *container) get(ctx context.Context, from, dir string) (string, error) {
	found, err := c.engine.client.CopyFromContainer(ctx, c.id, client.CopyFromContainerOptions{SourcePath: from})
	if errdefs.IsNotFound(err) {
		return "", &fs.PathError{Op: "copy from the container", Path: from, Err: fs.ErrNotExist}
	}
	if err != nil {
		return "", failed(ctx, "copy files out of a container", err)
	}
	defer func() { _ = found.Content.Close() }()
	if err := unpack(found.Content, dir, found.Stat.Name); err != nil {
		return "", fmt.Errorf("copy %s from the container: %w", from, err)
	}
	if found.Stat.Mode.IsDir() {
		return dir, nil
	}
	return filepath.Join(dir, found.Stat.Name), nil
}

// owner returns the user and group that the container's program runs as. What
// is not a number is looked up in the image.
func (c *container) owner(ctx context.Context) (uid, gid int, err error) {
	user, group, _ := strings.Cut(c.image.user, ":")
	if user == "" {
		return 0, 0, nil
	}
	uid, err = strconv.Atoi(user)
	known := err == nil
	for _, line := range c.users(ctx) {
		fields := strings.Split(line, ":") // name:password:uid:gid:…
		if len(fields) > 3 && (fields[0] == user || fields[2] == user) {
			uid, _ = strconv.Atoi(fields[2])
			gid, _ = strconv.Atoi(fields[3])
			known = true
			break
		}
	}
	if n, err := strconv.Atoi(group); err == nil {
		gid = n
	}
	if !known {
		return 0, 0, &ConfigError{Subject: c.image.name, Reason: fmt.Sprintf("its user %q is not in its /etc/passwd", user)}
	}
	return uid, gid, nil
}

// users returns the lines of the image's list of users, none where it has no such list.
func (c *container) users(ctx context.Context) []string {
	list, err := c.CopyFileFromContainer(ctx, "/etc/passwd")
	if err != nil {
		return nil
	}
	defer func() { _ = list.Close() }()
	text, _ := io.ReadAll(io.LimitReader(list, 1<<20))
	return strings.Split(string(text), "\n")
}
