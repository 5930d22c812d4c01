package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"testing"
	"time"

	"talentmatch/talent"

	"pgregory.net/rapid"
)

// emptyTemp gives the test a temporary folder, which must be empty in the end.
func emptyTemp(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Cleanup(func() {
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v %v", left, err)
		}
	})
}

// TestSpool compares with a plain buffer: what is read is what was written, in order,
// however writes and reads alternate; a write is refused as a whole and only for lack
// of room; and the files never take more than they may.
func TestSpool(t *testing.T) {
	emptyTemp(t)
	const memory, limit, shared, segment = 1000, 5000, 4000, 700
	rapid.Check(t, func(t *rapid.T) {
		r := newRoom(shared)
		s := newSpool(memory, limit, time.Nanosecond, r)
		s.segment = segment
		other := rapid.Int64Range(0, shared).Draw(t, "room of another spool")
		if !r.take(other) {
			t.Fatal("an empty room is full")
		}
		var want bytes.Buffer
		next := byte(0)
		buf := make([]byte, 3000)
		t.Repeat(map[string]func(*rapid.T){
			"": func(t *rapid.T) {
				var files int64
				for _, g := range s.segments {
					files += g.size
					if g.read >= g.size || g.size >= segment+3000 {
						t.Fatalf("a file of %d bytes, %d of them read", g.size, g.read)
					}
				}
				if files != s.used || files > limit || r.left != shared-other-files || r.left < 0 {
					t.Fatalf("files of %d bytes, %d used, %d left of the room", files, s.used, r.left)
				}
			},
			"write": func(t *rapid.T) {
				p := bytes.Repeat([]byte{next}, rapid.IntRange(1, 3000).Draw(t, "bytes"))
				next++
				n, waiting := int64(len(p)), want.Len()
				fits := s.used+n <= limit && n <= r.left || len(s.segments) == 0 && (waiting == 0 || waiting+len(p) <= memory)
				err := s.Write(context.Background(), p)
				if (err == nil) != fits || err != nil && !errors.Is(err, talent.ErrTooLarge) {
					t.Fatalf("%d bytes where %d wait, %d of them in files: %v", n, waiting, s.used, err)
				}
				if err == nil {
					want.Write(p)
				}
			},
			"read": func(t *rapid.T) {
				p := buf[:rapid.IntRange(1, len(buf)).Draw(t, "bytes")]
				n, err := s.Read(p)
				if got := want.Next(n); !bytes.Equal(p[:n], got) || (n == 0) != (err == io.EOF) || err != nil && err != io.EOF {
					t.Fatalf("%d bytes were read, not the oldest: %v", n, err)
				}
				if n == 0 && want.Len() > 0 {
					t.Fatalf("nothing is there where %d bytes wait", want.Len())
				}
			},
		})
		rest, err := io.ReadAll(s)
		if err != nil || !bytes.Equal(rest, want.Bytes()) {
			t.Fatalf("%d bytes are left, want %d: %v", len(rest), want.Len(), err)
		}
		if err := s.Write(context.Background(), buf); err != nil {
			t.Fatalf("an empty spool refuses: %v", err)
		}
		s.remove()
		if r.left != shared-other {
			t.Fatalf("%d bytes of the room are not given back", shared-other-r.left)
		}
	})
}

// TestSpoolWaits: a writer without room waits for a reader that goes on reading, and
// everything arrives in order.
func TestSpoolWaits(t *testing.T) {
	emptyTemp(t)
	r := newRoom(3000)
	s := newSpool(1000, 2000, time.Minute, r)
	s.segment = 600
	var want, got bytes.Buffer
	for i := range 3000 {
		want.Write(bytes.Repeat([]byte{byte(i)}, 1+i*i%700))
	}
	failed := make(chan error, 1)
	go func() {
		for p := want.Bytes(); len(p) > 0; {
			n := min(len(p), 1+len(p)%900)
			if err := s.Write(context.Background(), p[:n]); err != nil {
				failed <- err
				break
			}
			p = p[n:]
		}
		s.end()
	}()
	buf := make([]byte, 777)
	for more := true; more; {
		more = s.wait()
		for {
			n, err := s.Read(buf)
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			got.Write(buf[:n])
		}
	}
	select {
	case err := <-failed:
		t.Fatal(err)
	default:
	}
	if !bytes.Equal(got.Bytes(), want.Bytes()) || r.left != 3000 {
		t.Errorf("%d bytes were read, other than the %d written; %d left of the room", got.Len(), want.Len(), r.left)
	}
}

// TestSpoolWaitsForRoom: room that another stream gives back is used.
func TestSpoolWaitsForRoom(t *testing.T) {
	emptyTemp(t)
	r := newRoom(1000)
	r.take(1000)
	s := newSpool(100, 1000, time.Minute, r)
	done := make(chan error, 1)
	go func() {
		p := make([]byte, 100)
		done <- errors.Join(s.Write(context.Background(), p), s.Write(context.Background(), p))
	}()
	if !s.wait() { // for the first; no room for the second
		t.Fatal("ended")
	}
	r.give(1000)
	if err := <-done; err != nil {
		t.Error(err)
	}
	s.remove()
}

// TestSpoolRefuses: the reasons that end a wait.
func TestSpoolRefuses(t *testing.T) {
	emptyTemp(t)
	full := make([]byte, 1000)
	filled := func(patience time.Duration) *spool {
		s := newSpool(len(full), 1000, patience, newRoom(1<<20))
		for range 2 {
			if err := s.Write(context.Background(), full); err != nil {
				t.Fatal(err)
			}
		}
		return s
	}
	s := filled(time.Millisecond)
	if info, err := s.segments[0].file.Stat(); err != nil || info.Mode().Perm() != 0o600 || info.Size() != 1000 {
		t.Errorf("the file is %v, %v", info, err)
	}
	if err := s.Write(context.Background(), full[:1]); !errors.Is(err, talent.ErrTooLarge) {
		t.Errorf("beyond the limit: %v", err)
	}
	s.remove()

	s = filled(time.Hour)
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(time.Millisecond, cancel)
	if err := s.Write(ctx, full[:1]); !errors.Is(err, context.Canceled) {
		t.Errorf("when the request ends: %v", err)
	}
	gone := errors.New("gone")
	time.AfterFunc(time.Millisecond, func() { s.fail(gone) })
	for range 2 {
		if err := s.Write(context.Background(), full[:1]); !errors.Is(err, gone) {
			t.Errorf("without a reader: %v", err)
		}
	}
	s.remove()

	t.Setenv("TMPDIR", "/nowhere")
	r := newRoom(1 << 20)
	s = newSpool(10, 1<<20, time.Millisecond, r)
	if err := s.Write(context.Background(), full); err != nil {
		t.Errorf("into an empty spool: %v", err)
	}
	if err := s.Write(context.Background(), full); !errors.Is(err, os.ErrNotExist) || r.left != 1<<20 {
		t.Errorf("without a folder: %v, %d left of the room", err, r.left)
	}
}
