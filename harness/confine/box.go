package confine

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

// Limits are what the programs in a box may take.
type Limits struct {
	Memory    int64 `json:"memory"`    // of all processes together, in bytes
	Processes int   `json:"processes"` // threads of all processes together
	File      int64 `json:"file"`      // size of one file, in bytes
	CPU       int   `json:"cpu"`       // of each process, in seconds
	Output    int64 `json:"output"`    // what it prints from start to end, in bytes
}

// Box says how a program is confined. It is passed on to other processes as JSON.
type Box struct {
	Limits   Limits   `json:"limits"`
	Readable []string `json:"readable,omitempty"` // folders that it may read besides the system's, by absolute paths
	Open     []string `json:"open,omitempty"`     // folders that it may write besides its own
	UID      int      `json:"uid,omitempty"`      // user and group that it runs as; 0: the one who runs this program
	Log      string   `json:"log,omitempty"`      // file to which a line is added for every limit that was reached
}

// setting is the environment variable by which a process is told to put up walls.
const setting = "XFERSPEC_CONFINE"

// order is what the variable holds.
type order struct {
	Room *Room     `json:"room,omitempty"`
	Box  *Box      `json:"box,omitempty"`
	Path string    `json:"path,omitempty"` // program in the box
	Args []string  `json:"args,omitempty"`
	Dir  string    `json:"dir,omitempty"` // its folder
	None *struct{} `json:"none,omitempty"`
}

// message is what the first process of a box tells: when the program runs or
// cannot, whenever a limit is reached, and when the program has ended.
type message struct {
	Fault   string        `json:"fault,omitempty"` // why there is no box
	Errno   syscall.Errno `json:"errno,omitempty"` // why there is no program in it
	Reached string        `json:"reached,omitempty"`
	End     *End          `json:"end,omitempty"`
}

// End is how a program in a box ended.
type End struct {
	Code     int            `json:"code"`     // exit status; -1 where a signal ended it
	Signal   syscall.Signal `json:"signal"`   // 0 where it exited
	Leftover bool           `json:"leftover"` // others were alive in the box
	Limits   []string       `json:"-"`        // limits that were reached, a sentence each
}

// Confined is a program that is started in a box.
type Confined struct {
	box  *Box
	from *json.Decoder
	r, w *os.File
}

// Prepare makes a command that is not started yet run in the box: its Path, Args
// and Dir. Its environment is replaced; of its files only output is kept.
func (b *Box) Prepare(cmd *exec.Cmd) (*Confined, error) {
	attributes, err := boxAttributes()
	if err != nil {
		return nil, err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	// What path and folder are is known here; inside they have the same names.
	if err := redirect(cmd, order{Box: b, Path: cmd.Path, Args: cmd.Args, Dir: cmd.Dir}); err != nil {
		return nil, errors.Join(err, r.Close(), w.Close())
	}
	cmd.SysProcAttr = attributes
	cmd.ExtraFiles = []*os.File{w}
	return &Confined{box: b, from: json.NewDecoder(r), r: r, w: w}, nil
}

// redirect makes a command start this program with an order.
func redirect(cmd *exec.Cmd, what order) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	text, err := json.Marshal(what)
	if err != nil {
		return err
	}
	cmd.Path, cmd.Err = self, nil
	if what.Box != nil {
		cmd.Args, cmd.Dir = []string{"xferspec"}, "/"
	}
	cmd.Env = append(cmd.Environ(), setting+"="+string(text))
	return nil
}

// Started waits, after the command's Start, until the program runs. An error
// wraps the syscall.Errno of the program's execution, or says why there is no box.
func (c *Confined) Started() error {
	_ = c.w.Close()
	var m message
	if err := c.from.Decode(&m); err != nil {
		return fmt.Errorf("isolation: nothing is heard from inside: %w", err)
	}
	if m.Fault != "" {
		return errors.New("isolation: " + m.Fault)
	}
	if m.Errno != 0 {
		return m.Errno
	}
	return nil
}

// Ended returns, after the command's Wait, how the program ended. It has to be
// called, also after an error of Start or Started.
func (c *Confined) Ended() End {
	_ = c.w.Close()
	defer c.r.Close()
	end := End{Code: -1, Signal: syscall.SIGKILL} // if the first process was killed, and all others with it
	var limits []string
	for {
		var m message
		if err := c.from.Decode(&m); err != nil {
			end.Limits = limits
			return end
		}
		if m.Reached != "" {
			limits = append(limits, m.Reached)
		}
		if m.End != nil {
			end = *m.End
		}
	}
}

// String returns the box as JSON.
func (b *Box) String() string {
	text, _ := json.Marshal(b) // it has nothing that cannot be written
	return string(text)
}

// Outside returns the folder outside its own that the program may write, "" for
// that of all temporary files, where there is no box or no such folder.
func (b *Box) Outside() string {
	if b == nil || len(b.Open) == 0 {
		return ""
	}
	return b.Open[0]
}

// Note adds a line to the log.
func (b *Box) Note(line string) error {
	if b.Log == "" {
		return nil
	}
	f, err := os.OpenFile(b.Log, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644) //nolint:gosec // no secret
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(f, line)
	return errors.Join(err, f.Close())
}
