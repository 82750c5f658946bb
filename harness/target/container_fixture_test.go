//go:build unix

package target

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"
)

// labelTests marks the images of this run of the tests, which cleanUp removes.
func labelTests() string { return "xferspec.tests=" + runID() }

// theProgram is what is in testdata/program, built.
var theProgram = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "xferspec-program-*")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "program")
	build := exec.CommandContext(context.Background(), "go", "build", "-o", path, "./testdata/program")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOFLAGS=")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	return os.ReadFile(path)
})

// theImage is one that runs the program as a server, and has nothing else in it.
var theImage = sync.OnceValues(func() (string, error) { return importImage() })

// importImage makes an image of the program, with more Dockerfile lines.
func importImage(lines ...string) (string, error) {
	e, err := openEngine(context.Background())
	if err != nil {
		return "", fmt.Errorf("this test needs a container engine: %w", err)
	}
	program, err := theProgram()
	if err != nil {
		return "", err
	}
	var content bytes.Buffer
	w := tar.NewWriter(&content)
	for name, text := range map[string]string{
		"program": string(program), "etc/passwd": "root:x:0:0::/:\nuser:x:1234:4321::/:\n", "work/README": "from the image", "used/me.info": "",
	} {
		header := &tar.Header{Name: name, Mode: 0o755, Size: int64(len(text))}
		if err := w.WriteHeader(header); err != nil {
			return "", err
		}
		if _, err := w.Write([]byte(text)); err != nil {
			return "", err
		}
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	lines = append([]string{"LABEL " + labelTests(), "WORKDIR /work", "VOLUME /volume", `ENTRYPOINT ["/program"]`, `CMD ["serve"]`}, lines...)
	answer, err := e.client.ImageImport(context.Background(), client.ImageImportSource{Source: &content, SourceName: "-"}, "",
		client.ImageImportOptions{Changes: lines})
	if err != nil {
		return "", err
	}
	defer func() { _ = answer.Close() }()
	var message struct{ Status string }
	err = json.NewDecoder(answer).Decode(&message)
	return message.Status, err // the id
}

// imageWith returns the id of an image of the program, with more Dockerfile lines.
func imageWith(t *testing.T, lines ...string) string {
	t.Helper()
	get := theImage
	if len(lines) > 0 {
		get = func() (string, error) { return importImage(lines...) }
	}
	id, err := get()
	check(t, err)
	return id
}

// theEngine returns the engine, which these tests cannot do without.
func theEngine(t *testing.T) *engine {
	t.Helper()
	e, err := openEngine(t.Context())
	if err != nil {
		t.Fatalf("this test needs a container engine: %v", err)
	}
	return e
}

// left returns the containers that this process has.
func left(ctx context.Context, e *engine) ([]string, error) {
	found, err := e.client.ContainerList(ctx, client.ContainerListOptions{
		All: true, Filters: make(client.Filters).Add("label", labelRun+"="+runID()),
	})
	var ids []string
	for _, c := range found.Items {
		ids = append(ids, fmt.Sprintf("%.12s (%s, %s)", c.ID, c.Command, c.Status))
	}
	return ids, err
}

// cleanUp removes the images that the tests have made, and says what they have left behind.
func cleanUp() error {
	ctx := context.Background()
	shared.Lock()
	e := shared.engine
	shared.Unlock()
	if e == nil {
		return nil
	}
	ids, err := left(ctx, e)
	if len(ids) > 0 {
		err = fmt.Errorf("containers were left behind: %v", ids)
	}
	return errors.Join(err, Sweep(ctx), removeImages(ctx, e))
}

// removeImages removes the images of the tests. One that others were built from goes after them.
func removeImages(ctx context.Context, e *engine) error {
	for before := -1; ; {
		images, err := e.client.ImageList(ctx, client.ImageListOptions{
			All: true, Filters: make(client.Filters).Add("label", labelTests()),
		})
		if err != nil || len(images.Items) == 0 {
			return err
		}
		if len(images.Items) == before {
			return fmt.Errorf("%d images cannot be removed", before)
		}
		before = len(images.Items)
		for _, image := range images.Items {
			_, err := e.client.ImageRemove(ctx, image.ID, client.ImageRemoveOptions{Force: true, PruneChildren: true})
			if err != nil && !errdefs.IsNotFound(err) && !errdefs.IsConflict(err) {
				return err
			}
		}
	}
}
