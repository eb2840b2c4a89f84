package pgrun

import (
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
)

// command prepares a server program. It gets our bond (attributes below) and
// nothing of our environment: a PGDATA or PGOPTIONS meant for others would
// steer our server.
func command(o owner, dir, bindir, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(bindir, name), args...)
	// The server's account may not be able to enter our working directory.
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + bindir + ":/usr/bin:/bin", "TZ=UTC", "LC_ALL=C.UTF-8"}
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Credential: o.credential(),
		// A group of its own: Ctrl-C on the terminal reaches us, who then stop
		// the server in order, and not the server behind our back.
		Setpgid: true,
		// When we are killed, the kernel asks the server for a fast shutdown.
		Pdeathsig: syscall.SIGINT,
	}
	return cmd
}

// hold starts cmd and waits for its end, all on one locked thread: the death
// signal follows the thread that started the child, not the process, so a
// thread that the runtime retires would take the living program's server down
// (golang/go issue 27505). started gets the answer of Start, exactly once.
func hold(cmd *exec.Cmd, started chan<- error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := cmd.Start()
	started <- err
	if err != nil {
		return err
	}
	return cmd.Wait()
}
