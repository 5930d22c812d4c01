package api

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"testing"

	"talentmatch/talent"
)

// TestSpool: what is read is what was written, in order, through memory, file and
// the file's end, however writes and reads alternate.
func TestSpool(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	r := rand.New(rand.NewPCG(1, 2))
	s := newSpool(200_000)
	var want, got bytes.Buffer
	buf := make([]byte, 16<<10)
	for step := range 3000 {
		backlog := want.Len() - got.Len()
		write := backlog < 180_000 && (step/300%2 == 0 || r.IntN(3) == 0) // phases of growing and shrinking
		if write {
			line := bytes.Repeat([]byte{byte(step)}, 1+r.IntN(8000))
			want.Write(line)
			if n, err := s.Write(line); err != nil || n != len(line) {
				t.Fatalf("step %d: %d %v", step, n, err)
			}
			continue
		}
		n, err := s.Read(buf[:1+r.IntN(len(buf))])
		if (err == io.EOF) != (backlog == 0) || err != nil && err != io.EOF {
			t.Fatalf("step %d: %d bytes wait: %v", step, backlog, err)
		}
		got.Write(buf[:n])
	}
	s.end()
	if s.file == nil {
		t.Fatal("no file was needed")
	}
	if info, err := s.file.Stat(); err != nil || info.Mode().Perm() != 0o600 || info.Size() > s.limit {
		t.Errorf("the file is %v, %v", info, err)
	}
	rest, err := io.ReadAll(s)
	if err != nil {
		t.Fatal(err)
	}
	got.Write(rest)
	if !bytes.Equal(got.Bytes(), want.Bytes()) {
		t.Errorf("%d bytes were read, other than the %d written", got.Len(), want.Len())
	}
	if err := s.remove(); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestSpoolRefuses(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	s := newSpool(1000)
	full := make([]byte, spoolMemory)
	for _, p := range [][]byte{full, full[:1000]} {
		if _, err := s.Write(p); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Write(full[:1]); !errors.Is(err, talent.ErrTooLarge) {
		t.Errorf("beyond the limit: %v", err)
	}
	gone := errors.New("gone")
	s.fail(gone)
	if _, err := s.Write(full[:1]); !errors.Is(err, gone) {
		t.Errorf("without a reader: %v", err)
	}
	if err := s.remove(); err != nil {
		t.Error(err)
	}

	t.Setenv("TMPDIR", "/nowhere")
	s = newSpool(1 << 20)
	if _, err := s.Write(make([]byte, spoolMemory+1)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without a folder: %v", err)
	}
}
