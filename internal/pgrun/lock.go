package pgrun

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// InUseError says that another program holds the state directory.
type InUseError struct {
	Dir string // the state directory
	PID int    // its holder; 0 when it has not written its pid yet
}

func (e *InUseError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("state directory %s is already in use by another process", e.Dir)
	}
	return fmt.Sprintf("state directory %s is already in use by pid %d", e.Dir, e.PID)
}

// maxPIDBytes is far above any pid in decimal.
const maxPIDBytes = 32

// takeLock holds the directory until the file is closed, or we die: the kernel
// lets go of a flock with its process, so no lock is ever left behind. The file
// stays, since removing it would let two programs lock two files of one name.
func takeLock(l layout) (*os.File, error) {
	file, err := os.OpenFile(l.lock(), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the state directory: %w", err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		text, _ := io.ReadAll(io.LimitReader(file, maxPIDBytes)) // only for the message, which says so when empty
		pid, _ := strconv.Atoi(strings.TrimSpace(string(text)))
		return nil, errors.Join(&InUseError{Dir: filepath.Dir(string(l)), PID: pid}, file.Close())
	}
	if err == nil {
		err = file.Truncate(0)
	}
	if err == nil {
		_, err = fmt.Fprintln(file, os.Getpid())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock the state directory: %w", err), file.Close())
	}
	return file, nil
}
