// Package api is the JSON API of DESIGN section 6 on HTTP.
//
// What goes in: requests of other programs and of people, none of them trusted.
// What comes out: JSON that the OpenAPI document at /openapi.json describes, and
// RFC 9457 problems that name every bad value. What is left out: every decision
// about records, matches and reports, which market takes, and the web console.
//
// One struct of tagged fields describes the parameters of an operation: params.go
// checks requests by it and huma writes the document from it, so that the two
// cannot drift apart. Records are checked by talent.Decode alone. Handlers return
// errors; problem.go translates them once.
//
// Limits, none of them set by the client: 8 MiB a body (a line in bulk), 32 levels
// of JSON, 30 s a request, 100 values a list parameter, 200 characters each, 1000
// items a page, as many reports at a time as there are processors and 64 that wait. Bulk: 60 s without a byte, and 256 MiB of answers that the client has
// not read, 1 GiB for all streams together, in the system's temporary folder.
package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"sync"
	"time"

	"talentmatch/market"
	"talentmatch/store"
	"talentmatch/talent"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
)

// Market is what the API needs of market.Market.
type Market interface {
	Ready() error
	Versions(context.Context) (market.Versions, error)
	Counts(context.Context) (map[talent.Type]int, error)

	Put(ctx context.Context, rec talent.Record, ifVersion int64) (store.Status, int64, error)
	Delete(ctx context.Context, t talent.Type, id string, ifVersion int64) error
	Get(ctx context.Context, t talent.Type, id string) (store.Item, error)
	List(ctx context.Context, t talent.Type, after string, limit int) (market.Page, error)
	Bulk(ctx context.Context, r io.Reader, want talent.Type, answer func(market.BulkLine) error) error

	Match(context.Context, market.MatchRequest) (*market.MatchAnswer, error)
	Link(ctx context.Context, r market.LinkRequest, progress func(done, total int), yield func(market.LinkAnswer) error) error
	Extract(ctx context.Context, r market.ExtractRequest, progress func(done, total int), yield func(market.ExtractAnswer) error) error
	Search(context.Context, market.SearchRequest) (*market.SearchAnswer, error)
	Gaps(context.Context, market.GapRequest) (*market.GapAnswer, error)
	ReportGaps(context.Context, market.GapRequest) (*market.Report, *market.GapAnswer, error)
	Causes(context.Context, market.CausesRequest) (*market.CausesAnswer, error)
	CheckCauses(context.Context, market.CausesRequest) error
	ReportCauses(context.Context, market.CausesRequest) (*market.Report, *market.CausesAnswer, error)
	Mismatch(context.Context, market.MismatchRequest) (*market.MismatchAnswer, error)
	ReportMismatch(context.Context, market.MismatchRequest) (*market.Report, *market.MismatchAnswer, error)
	FutureGap(context.Context, market.FutureGapRequest) (*market.FutureGapAnswer, error)
	ReportFutureGap(context.Context, market.FutureGapRequest) (*market.Report, *market.FutureGapAnswer, error)
	Forecast(context.Context, market.ForecastRequest) (*market.ForecastAnswer, error)
	CheckForecast(market.ForecastRequest) error
	ForecastAll(ctx context.Context, r market.ForecastRequest, progress func(done, of int)) (*market.ForecastAnswer, error)
	CheckBacktest(market.BacktestRequest) error
	ReportBacktest(ctx context.Context, r market.BacktestRequest, progress func(done, of int)) (*market.Report, *market.BacktestAnswer, error)
	Align(context.Context, market.AlignRequest) (*market.AlignAnswer, error)
	Unresolved(ctx context.Context, limit int) ([]market.UnresolvedName, error)
	Packs(context.Context) ([]market.PackInfo, error)
	Neighbours(context.Context, market.NeighbourRequest) (*market.NeighbourAnswer, error)
	Learn(context.Context, market.LearnRequest) (*market.LearnReport, error)
	Model(context.Context) (*market.Model, error)
	FolderModel(context.Context) (*market.Learned, error)

	CheckAllocation(context.Context, market.AllocationRequest) error
	Allocate(context.Context, market.AllocationRequest) (*market.Allocation, error)
	KeepAllocation(*market.Allocation) (*market.KeptAllocation, error)
	Allocations(context.Context) ([]market.KeptAllocation, error)
	Allocation(id string) (*market.Allocation, error)
	DeleteAllocation(id string) error

	CheckKey(ctx context.Context, secret string) (market.Key, bool, error)
	HasKeys(context.Context) (bool, error)
}

// Options are the server's settings. The zero value of each but Listen works.
type Options struct {
	Log *slog.Logger // nil drops the log
	// Listen is the address that is served. Unless it is a loopback address,
	// everything but health is refused while no key exists; "" is not one.
	Listen   string
	MaxBody  int64         // bytes of one JSON body, default 8 MiB
	Timeout  time.Duration // of one request, default 30 s; bulk has none
	Software string        // version for the OpenAPI document, default "dev"
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.MaxBody <= 0 {
		o.MaxBody = 8 << 20
	}
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	if o.Software == "" {
		o.Software = "dev"
	}
	return o
}

type server struct {
	market      Market
	engine      *gin.Engine
	o           Options
	api         huma.API
	keys        *keyring
	metrics     *metrics
	jobs        *jobs
	forecasts   *keptAnswers[keptForecast]
	forecasting chan struct{} // one at a time, beside jobs
	backtests   *keptAnswers[keptBacktest]
	reports     *gate  // of those that are made while the request waits
	spec        []byte // the OpenAPI document

	bulkLimits bulkLimits
}

// releaseMode keeps gin from printing its routes to standard output, which
// belongs to data.
var releaseMode = sync.OnceFunc(func() { gin.SetMode(gin.ReleaseMode) })

// New makes the handler of the whole API. It does not touch the market before the
// first request.
func New(m Market, o Options) http.Handler { return headAsGet(newServer(m, o).engine) }

func newServer(m Market, o Options) *server {
	releaseMode()
	o = o.withDefaults()
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	engine.RedirectTrailingSlash = false
	if err := engine.SetTrustedProxies(nil); err != nil { // nil is always accepted
		panic(err)
	}
	s := &server{market: m, engine: engine, o: o, keys: newKeyring(m, o.Listen), metrics: newMetrics(m), bulkLimits: defaultBulkLimits()}
	s.forecasts = newKeptAnswers[keptForecast]("forecast", forecastsKept)
	s.backtests = newKeptAnswers[keptBacktest]("backtest", backtestsKept)
	s.forecasting = make(chan struct{}, 1)
	s.reports = newGate(runtime.GOMAXPROCS(0), mostWaiting)
	s.jobs = newJobs(func(err error) { o.Log.Error("job", "error", err.Error()) })
	s.api = humagin.New(engine, s.documentConfig())
	engine.Use(s.observe, secure, s.authorise)
	engine.NoRoute(func(c *gin.Context) {
		writeProblem(c, newProblem(http.StatusNotFound, "there is nothing at %s; see /openapi.json", talent.Shorten(c.Request.URL.Path)))
	})
	engine.NoMethod(func(c *gin.Context) {
		writeProblem(c, newProblem(http.StatusMethodNotAllowed, "%s is not possible here; possible: %s", talent.Shorten(c.Request.Method), c.Writer.Header().Get("Allow")))
	})
	s.addRecords()
	s.addBulk()
	s.addSearch()
	s.addMatches()
	s.addTexts()
	s.addReports()
	s.addCauses()
	s.addMismatch()
	s.addFutureGaps()
	s.addNeighbours()
	s.addEvaluations()
	s.addModels()
	s.addForecasts()
	s.addBacktests()
	s.addAllocations()
	s.addJobs()
	s.addHealth()
	s.addDocs()
	return s
}

// headAsGet answers HEAD as GET; net/http leaves the body out.
func headAsGet(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			r = r.WithContext(r.Context()) // a shallow copy
			r.Method = http.MethodGet
		}
		next.ServeHTTP(w, r)
	})
}

// Bounds of a connection. There is no bound on a whole request here: each sets
// its own deadlines, because a bulk stream may take hours.
const (
	readHeaderTimeout = 10 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 64 << 10
	drainTimeout      = 10 * time.Second
)

// Serve answers on ln until ctx ends, then takes no more requests, gives the
// running ones 10 s, and returns nil. Whether ln may be served at all is
// MayListen's to say.
func Serve(ctx context.Context, ln net.Listener, h http.Handler, log *slog.Logger) error {
	return serve(ctx, ln, h, log, drainTimeout)
}

func serve(ctx context.Context, ln net.Listener, h http.Handler, log *slog.Logger, drain time.Duration) error {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	// Requests outlive ctx by the drain, and not longer.
	requests, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	srv := &http.Server{
		Handler: h, ReadHeaderTimeout: readHeaderTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
		BaseContext: func(net.Listener) context.Context { return requests },
		ErrorLog:    slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(ln) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve %s: %w", ln.Addr(), err)
	case <-ctx.Done():
	}
	log.Info("stopping", "drain", drain.String())
	wait, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	if err := srv.Shutdown(wait); err != nil {
		log.Warn("requests were cut off", "error", err.Error())
		stop()
		if err := srv.Close(); err != nil {
			return fmt.Errorf("close %s: %w", ln.Addr(), err)
		}
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve %s: %w", ln.Addr(), err)
	}
	return nil
}
