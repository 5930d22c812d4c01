package main

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// servedData tells TestServeProcess which data folder to serve.
const servedData = "TALENTMATCH_TEST_SERVE"

// TestServeProcess is the server that other tests start as a process of its own:
// this binary, running the serve command until SIGTERM or its parent's SIGKILL.
func TestServeProcess(t *testing.T) {
	data := os.Getenv(servedData)
	if data == "" {
		t.Skip("runs only as the child of other tests")
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, []string{"serve", "--data", data, "--listen", "127.0.0.1:0", "--log", "off"}, os.Stdout, os.Stderr))
}

// maxServed ends a server whose parent is gone without a word.
const maxServed = 5 * time.Minute

// A server is a running TestServeProcess.
type server struct {
	t    testing.TB
	cmd  *exec.Cmd
	base chan string   // gives the address once it listens, closed when it ends
	done chan struct{} // closed when it ended and err stands
	err  error

	mu   sync.Mutex
	says []string // on standard error
}

// startServer starts a server on a data folder; it may not listen yet.
func startServer(t testing.TB, data string) *server {
	t.Helper()
	s := &server{t: t, base: make(chan string, 1), done: make(chan struct{})}
	s.cmd = exec.Command(os.Args[0], "-test.run=^TestServeProcess$", "-test.timeout="+maxServed.String())
	s.cmd.Env = append(os.Environ(), servedData+"="+data)
	errs, err := s.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		for lines := bufio.NewScanner(errs); lines.Scan(); {
			s.mu.Lock()
			s.says = append(s.says, lines.Text())
			s.mu.Unlock()
			if f := strings.Fields(lines.Text()); len(f) == 2 && f[0] == "docs" {
				s.base <- strings.TrimSuffix(f[1], "/docs")
			}
		}
		close(s.base)
		s.err = s.cmd.Wait()
		close(s.done)
	}()
	t.Cleanup(s.kill)
	return s
}

// address waits until the server listens.
func (s *server) address() string {
	s.t.Helper()
	select {
	case base, ok := <-s.base:
		if ok {
			return base
		}
		<-s.done
		s.t.Fatalf("the server ended before it listened: %v\n%s", s.err, s.said())
	case <-time.After(time.Minute):
		s.t.Fatalf("the server does not listen after a minute\n%s", s.said())
	}
	return ""
}

func (s *server) said() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.says, "\n")
}

// kill ends the server with SIGKILL, if it still runs.
func (s *server) kill() {
	_ = s.cmd.Process.Kill() // it may have ended by itself
	<-s.done
}

// stop ends the server as an operator does; it has to say that all went well.
func (s *server) stop() {
	s.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
	<-s.done
	if s.err != nil {
		s.t.Errorf("the server ended with %v\n%s", s.err, s.said())
	}
}
