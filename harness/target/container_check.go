package target

import (
	"context"

	"github.com/containerd/errdefs"
)

// CheckEngine returns an *EngineError if no container engine answers.
func CheckEngine(ctx context.Context) error {
	_, err := openEngine(ctx)
	return err
}

// HasImage says whether the container engine has an image of this name. It is an
// *EngineError if none answers.
func HasImage(ctx context.Context, name string) (bool, error) {
	e, err := openEngine(ctx)
	if err != nil {
		return false, err
	}
	limited, cancel := context.WithTimeout(ctx, engineLimit)
	defer cancel()
	_, err = e.client.ImageInspect(limited, name)
	switch {
	case errdefs.IsNotFound(err):
		return false, nil
	case err != nil:
		return false, failed(ctx, "look for an image", err)
	}
	return true, nil
}
