package target

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// groupMemory returns the most memory that each member of a group has had so
// far, in bytes, added up.
func groupMemory(id int) (total int64, err error) {
	for _, member := range groupMembers(id) {
		status, err := os.ReadFile(filepath.Join(member, "status")) //nolint:gosec // a path of /proc
		if err != nil {
			continue // it has ended meanwhile
		}
		for lines := bufio.NewScanner(bytes.NewReader(status)); lines.Scan(); {
			if size, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
				kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(size), " kB"), 10, 64)
				if err != nil {
					return 0, fmt.Errorf("memory in %s: %w", member, err)
				}
				total += kib << 10
			}
		}
	}
	return total, nil
}
