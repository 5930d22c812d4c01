package api

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"golang.org/x/time/rate"
)

func TestMayListen(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:8080", "127.9.9.9:0", "[::1]:80", "localhost:8080", "LOCALHOST:1", "[::ffff:127.0.0.1]:80"} {
		if err := MayListen(addr, false); err != nil {
			t.Errorf("%s: %v", addr, err)
		}
	}
	for _, addr := range []string{":8080", "0.0.0.0:80", "[::]:80", "192.168.1.5:80", "example.com:80", "localhost.example.com:80", "产教.中国:80", "[fe80::1%eth0]:80"} {
		err := MayListen(addr, false)
		if err == nil || !strings.Contains(err.Error(), "`talentmatch key add --data DIR --label NAME`") {
			t.Errorf("%s without a key: %v", addr, err)
		}
		if err := MayListen(addr, true); err != nil {
			t.Errorf("%s with a key: %v", addr, err)
		}
	}
	for _, addr := range []string{"", "8080", "localhost", "a:b:c"} {
		if MayListen(addr, true) == nil {
			t.Errorf("%q passed", addr)
		}
	}
}

func TestKeys(t *testing.T) {
	m := openMarket(t)
	secret, _, err := m.AddKey(context.Background(), "联盟秘书处")
	if err != nil {
		t.Fatal(err)
	}
	for _, listen := range []string{"127.0.0.1:1", "0.0.0.0:1"} {
		c := serveMarket(t, m, m, Options{Listen: listen})
		for _, path := range []string{"/healthz", "/readyz"} {
			c.get(path).want(t, 200, nil)
		}
		for _, path := range []string{"/v1/demands", "/openapi.json", "/docs", "/metrics", "/nothing"} {
			p := c.get(path)
			if p.problem(t, 401); p.Header.Get("WWW-Authenticate") != `Bearer realm="talentmatch"` {
				t.Errorf("%s: WWW-Authenticate %q", path, p.Header.Get("WWW-Authenticate"))
			}
		}
		c.do("PUT", "/v1/skills/k", `{"name":"钥匙"}`).problem(t, 401)
		c.do("POST", "/v1/bulk", `{}`, "Content-Type", ndjson).problem(t, 401)
		for _, header := range [][]string{{"Authorization", "Bearer " + secret}, {"authorization", "bearer  " + secret}, {"X-API-Key", secret}} {
			c.do("GET", "/v1/demands", "", header...).want(t, 200, nil)
		}
		for _, header := range [][]string{{"Authorization", "Bearer " + secret + "x"}, {"Authorization", "Bearer 密钥"}, {"X-API-Key", "nonsense"}} {
			r := c.do("GET", "/v1/demands", "", header...)
			if r.problem(t, 401); !strings.HasSuffix(r.Header.Get("WWW-Authenticate"), `error="invalid_token"`) {
				t.Errorf("%v: %v", header, r.Header)
			}
		}
		c.do("GET", "/v1/demands", "", "Authorization", "Basic "+secret).problem(t, 401)
	}
}

// TestWrongKeysAreSlowed: after many wrong keys an address must wait, but for who
// has the right one.
func TestWrongKeysAreSlowed(t *testing.T) {
	m := openMarket(t)
	secret, _, err := m.AddKey(context.Background(), "一")
	if err != nil {
		t.Fatal(err)
	}
	c := serveMarket(t, m, m, Options{})
	slowed := 0
	for range maxFailures + 10 {
		r := c.do("GET", "/v1/demands", "", "X-API-Key", "guess")
		if r.StatusCode == http.StatusTooManyRequests {
			r.problem(t, 429)
			slowed++
		}
	}
	if slowed < 5 {
		t.Errorf("%d of 30 guesses were slowed", slowed)
	}
	for range maxFailures + 10 {
		c.do("GET", "/v1/demands", "", "X-API-Key", secret).want(t, 200, nil)
	}
	c.get("/healthz").want(t, 200, nil)
}

func TestFailuresAreBounded(t *testing.T) {
	k := newKeyring(nil, "")
	for i := range maxAddresses + 100 {
		a := netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})
		k.failures(netip.AddrPortFrom(a, 1).String()).Allow()
	}
	if len(k.failed) > maxAddresses {
		t.Errorf("%d addresses are remembered", len(k.failed))
	}
	a, b := k.failures("[2001:db8:1:2::1]:5"), k.failures("[2001:db8:1:2:ffff::9]:6")
	if a != b || a == k.failures("[2001:db8:1:3::1]:5") {
		t.Error("IPv6 is not counted by /64")
	}
	k.failed = map[netip.Addr]*rate.Limiter{}
	if k.failures("nonsense") != k.failures("") {
		t.Error("unreadable addresses are not counted together")
	}
}

// TestWithoutKeys: beyond loopback nothing but health; on it only for this machine's
// own names.
func TestWithoutKeys(t *testing.T) {
	m := openMarket(t)
	for _, listen := range []string{"0.0.0.0:80", "example.com:80", ":80"} {
		c := serveMarket(t, m, m, Options{Listen: listen})
		c.get("/healthz").want(t, 200, nil)
		if p := c.get("/v1/demands").problem(t, 401); !strings.Contains(p.Detail, howToAddKey) {
			t.Errorf("%s: %s", listen, p.Detail)
		}
	}
	c := serveMarket(t, m, m, Options{})
	req, err := http.NewRequest("GET", c.base+"/v1/demands", nil)
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]int{"localhost": 200, "127.0.0.1:80": 200, "[::1]:80": 200, "rebound.example.com": 421, "localhost.evil.com:80": 421} {
		req.Host = host
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("Host %s: %d, want %d", host, resp.StatusCode, want)
		}
	}
	for header, want := range map[string]int{"same-origin": 200, "none": 200, "cross-site": 403, "same-site": 403} {
		if r := c.do("PUT", "/v1/skills/plc", `{"name":"PLC编程"}`, "Sec-Fetch-Site", header); r.StatusCode != want {
			t.Errorf("Sec-Fetch-Site %s: %d, want %d", header, r.StatusCode, want)
		}
	}
}
