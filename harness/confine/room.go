package confine

import "os/exec"

// Room says what this program itself sees while it tests one implementation.
type Room struct {
	Temp     string   `json:"temp"`     // folder of temporary files: an empty one in memory comes in its place
	Disk     int64    `json:"disk"`     // what fits into it, in bytes
	Readable []string `json:"readable"` // folders and files that are there besides the system's, by absolute paths
	Writable []string `json:"writable"` // folders that may be written
}

// Prepare makes a command that runs this program, and is not started yet, run it
// in the room. Its folder has to be one of the room's.
func (r *Room) Prepare(cmd *exec.Cmd) error {
	attributes, err := roomAttributes()
	if err != nil {
		return err
	}
	if err := redirect(cmd, order{Room: r}); err != nil {
		return err
	}
	cmd.Env = append(cmd.Env, "TMPDIR="+r.Temp)
	cmd.SysProcAttr = attributes
	return nil
}
