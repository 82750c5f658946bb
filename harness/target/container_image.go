package target

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/jsonstream"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
)

// buildLimit is how long a Dockerfile may take: it may have compilers to install.
const buildLimit = 15 * time.Minute

// image is what a container is made of.
type image struct {
	name string // as the user has named it, for messages
	id   string
	dir  string // its working directory, never the root
	user string // as its USER says it; "" is root
}

// image finds the image that is named, or builds it from a folder. It is never
// pulled: that takes long, or forever, where no registry answers.
func (e *engine) image(ctx context.Context, name, folder string) (*image, error) {
	subject, id := fmt.Sprintf("image %q", name), name
	if folder != "" {
		subject = fmt.Sprintf("image of folder %q", folder)
		var err error
		if id, err = e.build(ctx, folder); err != nil {
			return nil, err
		}
	}
	limited, cancel := context.WithTimeout(ctx, engineLimit)
	defer cancel()
	found, err := e.client.ImageInspect(limited, id)
	switch {
	case errdefs.IsNotFound(err) || errdefs.IsInvalidArgument(err):
		return nil, &ConfigError{Subject: subject, Err: err, Reason: fmt.Sprintf(
			"the container engine does not have it: fetch it with 'docker pull %[1]s', or build it with 'docker build -t %[1]s FOLDER'", name)}
	case err != nil:
		return nil, failed(ctx, "look for an image", err)
	}
	img := &image{name: subject, id: found.ID}
	if found.Config != nil {
		img.dir, img.user = found.Config.WorkingDir, found.Config.User
	}
	if img.dir == "" || img.dir == "/" {
		return nil, &ConfigError{Subject: subject,
			Reason: "it has no working directory to find the implementation's files in: put a line such as WORKDIR /app into its Dockerfile"}
	}
	return img, nil
}

// build builds the image of a folder, once per process, and returns its id.
// The engine keeps its layers, so that the next process has it soon.
func (e *engine) build(ctx context.Context, folder string) (string, error) {
	fault := func(reason string, err error) error {
		return &ConfigError{Subject: fmt.Sprintf("folder %q", folder), Reason: reason, Err: err}
	}
	path, err := filepath.Abs(folder)
	if err != nil {
		return "", fault(err.Error(), err)
	}
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		return "", fault("there is no such folder", err)
	}
	if info, err := os.Stat(filepath.Join(path, "Dockerfile")); err != nil || !info.Mode().IsRegular() {
		return "", fault("there is no Dockerfile in it to build an image from", err)
	}
	e.building.Lock()
	defer e.building.Unlock()
	if id, ok := e.built[path]; ok {
		return id, nil
	}
	limited, cancel := context.WithTimeout(ctx, buildLimit)
	defer cancel()
	var output tail
	name, err := e.provider.BuildImage(limited, buildRequest(path, &output))
	if err != nil {
		return "", buildFailure(ctx, folder, err, output.String())
	}
	found, err := e.client.ImageInspect(limited, name)
	if err != nil {
		return "", failed(ctx, "look for the image that it has built", err)
	}
	e.built[path] = found.ID
	return found.ID, nil
}

// buildRequest names the image after its folder, so that the next build takes
// the name over, instead of leaving one more image behind.
func buildRequest(path string, output *tail) *testcontainers.ContainerRequest {
	digest := fnv.New64a()
	_, _ = digest.Write([]byte(path)) // never fails
	return &testcontainers.ContainerRequest{FromDockerfile: testcontainers.FromDockerfile{
		Context: path, Repo: "xferspec-target", Tag: fmt.Sprintf("%016x", digest.Sum64()),
		BuildLogWriter: output,
		KeepImage:      true, // else it gets labels that differ every time, and no layer of theirs is found again
		BuildOptionsModifier: func(options *client.ImageBuildOptions) {
			options.Labels = map[string]string{labelOurs: ours}
		},
	}}
}

// buildFailure tells a Dockerfile that does not build from an engine that fails.
func buildFailure(ctx context.Context, folder string, err error, output string) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var reason string
	step, inStep := errors.AsType[*jsonstream.Error](err)
	switch {
	case inStep:
		reason = "its Dockerfile does not build: " + oneLine(step)
	case errdefs.IsInvalidArgument(err) || errdefs.IsNotFound(err):
		reason = "its Dockerfile cannot be used: " + oneLine(err)
	case errors.Is(err, context.DeadlineExceeded):
		reason = fmt.Sprintf("its Dockerfile was not built within %s", buildLimit)
	default:
		return &EngineError{Doing: "build an image", Err: err}
	}
	return &ConfigError{Subject: fmt.Sprintf("folder %q", folder), Reason: reason, Err: err, Output: lastLines(output, reportedLines)}
}
