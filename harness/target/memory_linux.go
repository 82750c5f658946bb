package target

import (
	"bufio"
	"bytes"
	"errors"
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
		size, err := peakIn(member)
		if err != nil {
			return 0, err
		}
		total += size
	}
	return total, nil
}

// processMemory returns the most memory that a process has had so far, in bytes; 0
// if it has ended.
func processMemory(id int) (int64, error) { return peakIn(fmt.Sprintf("/proc/%d", id)) }

// peakIn reads the most memory of a process from its folder in /proc; 0 if it has
// ended meanwhile.
func peakIn(folder string) (int64, error) {
	status, err := os.ReadFile(filepath.Join(folder, "status")) //nolint:gosec // a path of /proc
	if err != nil {
		return 0, nil //nolint:nilerr // it has ended
	}
	for lines := bufio.NewScanner(bytes.NewReader(status)); lines.Scan(); {
		if size, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(size), " kB"), 10, 64)
			if err != nil {
				return 0, fmt.Errorf("memory in %s: %w", folder, err)
			}
			return kib << 10, nil
		}
	}
	return 0, nil
}

// resetGroupMemory makes the most memory of a group's members what they have now.
func resetGroupMemory(id int) error {
	const peak = "5" // as proc(5) has it
	for _, member := range groupMembers(id) {
		err := os.WriteFile(filepath.Join(member, "clear_refs"), []byte(peak), 0) //nolint:gosec // a path of /proc
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}
