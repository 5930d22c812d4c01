package store

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"talentmatch/talent"
)

const crashPath = "TALENTMATCH_STORE_CRASH_PATH"

// TestCrashWriter is the process that TestCrash kills: it commits Updates of
// three records that refer to each other and prints each one's number once it
// is acknowledged.
func TestCrashWriter(t *testing.T) {
	path := os.Getenv(crashPath)
	if path == "" {
		t.Skip("runs only as the child of TestCrash")
	}
	s := openAt(t, path)
	for i := 0; ; i++ {
		update(t, s, func(tx Tx) {
			put(t, tx, demand(fmt.Sprintf("d%d", i), fmt.Sprintf("e%d", i), fmt.Sprintf("s%d", i)))
			put(t, tx, employer(fmt.Sprintf("e%d", i)))
			put(t, tx, skill(fmt.Sprintf("s%d", i), "技能"))
		})
		fmt.Printf("ack %d\n", i)
	}
}

// TestCrash kills a writing process at random moments: whatever it acknowledged
// is there afterwards, nothing is there by half, and the store is sound.
func TestCrash(t *testing.T) {
	rng := rand.New(rand.NewPCG(2026, 9))
	for round := range 5 {
		path := filepath.Join(t.TempDir(), "store.db")
		acked := crash(t, path, time.Duration(20+rng.IntN(400))*time.Millisecond)
		s := openAt(t, path)
		if err := s.Check(ctx); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		n, err := s.Counts(ctx)
		if err != nil {
			t.Fatal(err)
		}
		demands := n[talent.TypeDemand]
		if demands < acked || n[talent.TypeOrganization] != demands || n[talent.TypeSkill] != demands {
			t.Errorf("round %d: %d Updates acknowledged, stored %v", round, acked, n)
		}
		for i := range acked {
			if _, err := s.Get(ctx, talent.TypeDemand, fmt.Sprintf("d%d", i)); err != nil {
				t.Errorf("round %d: lost an acknowledged record: %v", round, err)
			}
		}
		if v, err := s.Version(ctx); v != int64(3*demands) || err != nil {
			t.Errorf("round %d: version %d, %v, want %d", round, v, err, 3*demands)
		}
		s.Close()
		t.Logf("round %d: %d acknowledged, %d stored", round, acked, demands)
	}
}

// crash runs the writer, kills it some time after its first acknowledgement, and
// returns how many Updates it acknowledged.
func crash(t *testing.T, path string, after time.Duration) int {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestCrashWriter$")
	cmd.Env = append(os.Environ(), crashPath+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	acked := 0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if lines.Text() != fmt.Sprintf("ack %d", acked) {
			if strings.HasPrefix(lines.Text(), "ack") || acked == 0 {
				t.Errorf("unexpected line %q after %d acknowledgements", lines.Text(), acked)
			}
			continue
		}
		if acked == 0 {
			time.AfterFunc(after, func() { _ = cmd.Process.Kill() }) // SIGKILL
		}
		acked++
	}
	if err := cmd.Wait(); err == nil || acked == 0 {
		t.Fatalf("the writer was to be killed: %v after %d acknowledgements", err, acked)
	}
	return acked
}
