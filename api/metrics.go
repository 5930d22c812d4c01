package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"talentmatch/talent"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are the figures at /metrics, in a registry of their own so that several
// servers in one process do not meet.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	inFlight prometheus.Gauge
}

func newMetrics(m Market) *metrics {
	out := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "talentmatch_http_requests_total", Help: "Answered requests.",
		}, []string{"method", "route", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "talentmatch_http_request_duration_seconds", Help: "Time from the request's header to the end of its answer.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 60},
		}, []string{"method", "route"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "talentmatch_http_requests_in_flight", Help: "Requests being answered now.",
		}),
	}
	out.registry.MustRegister(out.requests, out.duration, out.inFlight, &stock{m},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return out
}

// methods are those that are counted by name; a client can invent others.
var methods = map[string]bool{"GET": true, "POST": true, "PUT": true, "DELETE": true, "PATCH": true, "OPTIONS": true}

// count books one answered request under its route's template, of which there is
// a fixed number.
func (m *metrics) count(method, template string, status int, took time.Duration) {
	if !methods[method] {
		method = "other"
	}
	m.requests.WithLabelValues(method, template, strconv.Itoa(status)).Inc()
	m.duration.WithLabelValues(method, template).Observe(took.Seconds())
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// stock tells what the market holds, asked at each scrape.
type stock struct{ market Market }

var (
	recordsDesc = prometheus.NewDesc("talentmatch_records", "Stored records.", []string{"type"}, nil)
	versionDesc = prometheus.NewDesc("talentmatch_data_version", "Version of the newest change.", nil, nil)
	readyDesc   = prometheus.NewDesc("talentmatch_ready", "1 when the market can be asked.", nil, nil)
)

func (s *stock) Describe(out chan<- *prometheus.Desc) {
	out <- recordsDesc
	out <- versionDesc
	out <- readyDesc
}

// scrapeTimeout bounds what one scrape asks of the store.
const scrapeTimeout = 5 * time.Second

func (s *stock) Collect(out chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	if s.market.Ready() != nil {
		gauge(readyDesc, 0)
		return
	}
	gauge(readyDesc, 1)
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
	defer cancel()
	counts, err := s.market.Counts(ctx)
	if err != nil {
		return // the scrape goes without; the store's errors are logged by requests
	}
	for _, t := range talent.Types {
		gauge(recordsDesc, float64(counts[t]), string(t))
	}
	if v, err := s.market.Versions(ctx); err == nil {
		gauge(versionDesc, float64(v.Data))
	}
}
