package api

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/time/rate"
)

// howToAddKey is what every refusal for want of a key says.
const howToAddKey = "`talentmatch key add --data DIR --label NAME`"

// MayListen reports whether addr ("host:port") may be served: always on loopback,
// elsewhere only when a key exists. A host name or an empty host counts as
// elsewhere, because who can reach it is not for us to know.
func MayListen(addr string, hasKeys bool) error {
	if _, _, err := net.SplitHostPort(addr); err != nil {
		return fmt.Errorf("listen address %q is not HOST:PORT: %w", addr, err)
	}
	if hasKeys || loopback(addr) {
		return nil
	}
	return fmt.Errorf("%s can be reached from other machines, which needs an API key: make one with %s, or listen on 127.0.0.1",
		addr, howToAddKey)
}

// loopback reports whether "host:port" or "host" names this machine only.
func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		host = strings.Trim(addr, "[]")
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

const (
	// keyPresenceTTL is how long the answer to "is there any key" is kept, so that
	// open servers do not ask the store on every request.
	keyPresenceTTL = time.Second

	// An address may fail maxFailures times at once and then once a second.
	maxFailures = 20
	// maxAddresses bounds the memory for addresses that failed.
	maxAddresses = 10_000
)

// keyring decides who may ask.
type keyring struct {
	market   Market
	loopback bool // the server can be reached from this machine only

	mu      sync.Mutex
	asked   time.Time
	present bool
	failed  map[netip.Addr]*rate.Limiter
}

func newKeyring(m Market, listen string) *keyring {
	return &keyring{market: m, loopback: loopback(listen), failed: map[netip.Addr]*rate.Limiter{}}
}

// exist reports whether there is any key; then every request needs one.
func (k *keyring) exist(ctx context.Context) (bool, error) {
	k.mu.Lock()
	fresh, present := time.Since(k.asked) < keyPresenceTTL, k.present
	k.mu.Unlock()
	if fresh {
		return present, nil
	}
	present, err := k.market.HasKeys(ctx)
	if err != nil {
		return false, err
	}
	k.mu.Lock()
	k.asked, k.present = time.Now(), present
	k.mu.Unlock()
	return present, nil
}

// failures is the budget of an address for wrong keys. IPv6 counts by /64, which
// is what one subscriber gets.
func (k *keyring) failures(remote string) *rate.Limiter {
	var addr netip.Addr
	if ap, err := netip.ParseAddrPort(remote); err == nil {
		addr = ap.Addr().Unmap().WithZone("")
	}
	if addr.Is6() {
		addr = netip.PrefixFrom(addr, 64).Masked().Addr()
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	l := k.failed[addr]
	if l == nil {
		k.forget()
		l = rate.NewLimiter(rate.Every(time.Second), maxFailures)
		k.failed[addr] = l
	}
	return l
}

// forget makes room: first what has its whole budget back, then anything.
func (k *keyring) forget() {
	if len(k.failed) < maxAddresses {
		return
	}
	for a, l := range k.failed {
		if l.Tokens() >= maxFailures {
			delete(k.failed, a)
		}
	}
	for a := range k.failed {
		if len(k.failed) < maxAddresses {
			return
		}
		delete(k.failed, a)
	}
}

// open are the routes that never need a key.
var open = map[string]bool{"/healthz": true, "/readyz": true}

// authorise lets a request pass with a valid key, or without one while none
// exists and only this machine can ask.
func (s *server) authorise(c *gin.Context) {
	if open[c.Request.URL.Path] {
		return
	}
	need, err := s.keys.exist(c.Request.Context())
	switch {
	case err != nil:
		s.answerError(c, err, "header")
	case need:
		s.checkKey(c)
	case !s.keys.loopback:
		writeProblem(c, unauthorised("no API key exists, and this server can be reached from other machines: make one with "+howToAddKey))
	case c.Request.Host != "" && !loopback(c.Request.Host):
		// A web page whose name was pointed at 127.0.0.1 must not read the market.
		writeProblem(c, newProblem(http.StatusMisdirectedRequest,
			"without an API key this server answers to localhost and 127.0.0.1 only, not to %q: make a key with %s", shortHost(c.Request.Host), howToAddKey))
	}
}

func (s *server) checkKey(c *gin.Context) {
	secret := secretOf(c.Request)
	if secret == "" {
		writeProblem(c, unauthorised("an API key is needed, as `Authorization: Bearer KEY` or `X-API-Key: KEY`"))
		return
	}
	_, ok, err := s.market.CheckKey(c.Request.Context(), secret)
	switch {
	case err != nil:
		s.answerError(c, err, "header")
	case ok: // whatever others at this address have tried
	case !s.keys.failures(c.Request.RemoteAddr).Allow():
		writeProblem(c, newProblem(http.StatusTooManyRequests, "too many wrong API keys from this address").with("Retry-After", "5"))
	default:
		p := unauthorised("the API key is not known here")
		writeProblem(c, p.with("WWW-Authenticate", p.header.Get("WWW-Authenticate")+`, error="invalid_token"`))
	}
}

func unauthorised(detail string) *Problem {
	return newProblem(http.StatusUnauthorized, "%s", detail).with("WWW-Authenticate", `Bearer realm="talentmatch"`)
}

// secretOf is the key that a request carries, "" if none.
func secretOf(r *http.Request) string {
	if scheme, secret, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(secret)
	}
	return strings.TrimSpace(r.Header.Get("X-API-Key"))
}

func shortHost(host string) string { return host[:min(len(host), 60)] }
