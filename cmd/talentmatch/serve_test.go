package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"talentmatch/testdata"
)

// console is a standard error that can be read while a server writes to it.
type console struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (c *console) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.b.Write(p)
}

func (c *console) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.b.String()
}

var docsLine = regexp.MustCompile(`docs +(http://\S+)/docs\n`)

// served runs a server, calls ask with its address, interrupts it, and returns its
// exit status and outputs.
func served(t *testing.T, ask func(base string), args ...string) (status int, out, errs string) {
	t.Helper()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	var stdout, stderr console
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, args, &stdout, &stderr) }()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		if m := docsLine.FindStringSubmatch(stderr.String()); m != nil {
			ask(m[1])
			break
		}
		select {
		case status := <-ended:
			t.Fatalf("talentmatch %s: ended with %d: %s", strings.Join(args, " "), status, stderr.String())
		default:
		}
		if time.Now().After(deadline) {
			t.Fatalf("no address after a minute: %s", stderr.String())
		}
	}
	interrupt()
	select {
	case status = <-ended:
	case <-time.After(30 * time.Second):
		t.Fatal("the server did not stop")
	}
	return status, stdout.String(), stderr.String()
}

// get asks a server and returns status and body.
func get(t *testing.T, url string) (int, string) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func TestServe(t *testing.T) {
	data := granuleStore(t)
	asked := map[string]bool{}
	status, out, errs := served(t, func(base string) {
		for path, says := range map[string]string{
			"/docs":                    "<html",
			"/healthz":                 "",
			"/metrics":                 "",
			"/readyz":                  "",
			"/v1/demands/d.1":          "配方颗粒工艺员",
			"/v1/demands/d.1/matches":  `"id":"p.1"`,
			"/v1/programs/p.1/matches": `"id":"d.1"`,
			"/openapi.json":            `"3.1.`,
		} {
			asked[path] = true
			if code, body := get(t, base+path); code != http.StatusOK || !strings.Contains(body, says) {
				t.Errorf("GET %s: %d %s", path, code, body)
			}
		}
	}, "serve", "--no-builtin", "--data", data, "--listen", "127.0.0.1:0")
	if status != exitDone || out != "" {
		t.Errorf("exit %d, standard output %q, %s", status, out, errs)
	}
	links := regexp.MustCompile(`http://127[^/\s]+(/\S*)`).FindAllStringSubmatch(errs, -1)
	if len(links) < 3 {
		t.Errorf("the server names %d addresses: %s", len(links), errs)
	}
	for _, link := range links {
		if !asked[link[1]] {
			t.Errorf("the server names %s, and nobody knows whether it answers", link[0])
		}
	}
}

// TestServedFolder runs commands that need the folder alone beside a server.
func TestServedFolder(t *testing.T) {
	data := granuleStore(t)
	file := write(t, "granules.ndjson", granules)
	served(t, func(string) {
		for _, test := range []struct {
			args []string
			says string
		}{
			{[]string{"import", "--data", data, file}, " (stop the server to import files, or send NDJSON to POST /v1/bulk, which stores line by line)\n"},
			{[]string{"search", "--data", data, "提取"}, "another process has it open"},
			{[]string{"verify", "--data", data}, "another process has it open"},
		} {
			status, out, errs := talentmatch(t, test.args...)
			if status != exitFailed || out != "" || !strings.Contains(errs, test.says) || strings.Count(errs, "\n") != 1 {
				t.Errorf("%s: exit %d, %q", test.args[0], status, errs)
			}
		}
		must(t, "match", "--data", data, "--demand", "d.1") // needs no index
	}, "serve", "--no-builtin", "--data", data, "--listen", "127.0.0.1:0", "--log", "off")
	for _, command := range []string{"search", "verify"} {
		if help := must(t, command, "--help"); !strings.Contains(help, "needs the data folder alone") {
			t.Errorf("the help of %s does not say that it needs the folder alone:\n%s", command, help)
		}
	}
}

func TestServeBeyondLoopback(t *testing.T) {
	data := filepath.Join(t.TempDir(), "new")
	args := []string{"serve", "--no-builtin", "--data", data, "--log", "off", "--listen", "0.0.0.0:0"}
	status, out, errs := talentmatch(t, args...)
	if status != exitFailed || out != "" || !strings.Contains(errs, "talentmatch key add --data DIR --label NAME") {
		t.Errorf("without keys: exit %d, %s", status, errs)
	}
	must(t, "key", "add", "--data", data, "--label", "校企合作办")
	status, _, errs = served(t, func(base string) {
		_, port, _ := net.SplitHostPort(strings.TrimPrefix(base, "http://"))
		if code, _ := get(t, "http://127.0.0.1:"+port+"/v1/demands"); code != http.StatusUnauthorized {
			t.Errorf("without its key a request is answered %d", code)
		}
		if code, _ := get(t, "http://127.0.0.1:"+port+"/healthz"); code != http.StatusOK {
			t.Errorf("healthz is answered %d", code)
		}
	}, args...)
	if status != exitDone {
		t.Errorf("with a key: exit %d, %s", status, errs)
	}
}

func TestPortInUse(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	addr := listener.Addr().String()
	for _, args := range [][]string{
		{"demo", "--listen", addr},
		{"serve", "--no-builtin", "--data", filepath.Join(t.TempDir(), "new"), "--listen", addr},
	} {
		status, out, errs := talentmatch(t, args...)
		if want := "talentmatch: " + addr + " is in use by another program: give another address with --listen (port 0 takes any)\n"; status != exitFailed || out != "" || errs != want {
			t.Errorf("%s: exit %d, %q", args[0], status, errs)
		}
	}
}

func TestDemoAnswersEveryQuestion(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	for _, info := range testdata.Scenarios {
		if testing.Short() && info.Letter != "b" { // the default
			continue
		}
		status, out, errs := talentmatch(t, "demo", "--no-serve", "--scenario", strings.ToUpper(info.Letter))
		if status != exitDone {
			t.Errorf("%s: exit %d, %s", info.Letter, status, errs)
			continue
		}
		for _, q := range info.Questions {
			if !strings.Contains(out, q.ZH+"\n"+q.EN+"\n") {
				t.Errorf("%s does not answer %s", info.Letter, q.EN)
			}
		}
		for _, empty := range []string{"no match", "nothing found", "no cells", "NaN"} {
			if strings.Contains(out, empty) {
				t.Errorf("%s: an answer is %q:\n%s", info.Letter, empty, out)
			}
		}
		if !strings.Contains(errs, info.NameZH) || !strings.Contains(errs, "first answer after ") {
			t.Errorf("%s says %s", info.Letter, errs)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(temporary, "*")); len(left) > 0 {
		t.Errorf("demo left %v", left)
	}
}

func TestDemoServes(t *testing.T) {
	info := testdata.Find("b")
	status, out, errs := served(t, func(base string) {
		if code, body := get(t, base+"/v1/demands/"+info.Questions[0].ID+"/matches?limit=1"); code != http.StatusOK || !strings.Contains(body, `"rank":1`) {
			t.Errorf("the demo answers %d %s", code, body)
		}
	}, "demo", "--listen", "127.0.0.1:0")
	if status != exitDone || !strings.Contains(out, info.Questions[0].ZH) || !strings.Contains(errs, "  curl 'http://127.0.0.1:") {
		t.Errorf("exit %d\n%s\n%s", status, out, errs)
	}
}
