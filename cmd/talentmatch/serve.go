package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"syscall"

	"talentmatch/api"
	"talentmatch/market"
)

// serveCmd serves the API until it is told to stop.
type serveCmd struct {
	dataFlag
	listenFlag
	NoBuiltin bool   `help:"Do not load the built-in taxonomy into a new store."`
	Log       string `enum:"text,json,off" default:"text" help:"Log of requests on standard error: text, json or off."`
}

// listenFlag says where a server listens.
type listenFlag struct {
	Listen string `default:"127.0.0.1:8080" env:"TALENTMATCH_LISTEN" placeholder:"ADDR" help:"Address to listen on (${env})."`
}

// Run serves. An interrupt is how a server ends: requests under way are finished,
// and the exit status is 0.
func (c *serveCmd) Run(s *session) (err error) {
	if _, err := c.exists(); err != nil {
		return err
	}
	log := s.logger(c.Log)
	m, err := openMarket(s, market.Options{Dir: c.Data, NoBuiltin: c.NoBuiltin, Log: log})
	if err != nil {
		return err
	}
	defer closing(m, &err)
	listener, err := c.listen(s, m)
	if err != nil {
		return err
	}
	defer listener.Close()
	if err := m.Prepare(s.ctx); err != nil {
		return err
	}
	writeAddresses(s, listener)
	return serve(s, m, listener, log)
}

// listen opens the port, unless that would show the market to a network without
// keys.
func (l listenFlag) listen(s *session, m *market.Market) (net.Listener, error) {
	keys, err := m.HasKeys(s.ctx)
	if err != nil {
		return nil, err
	}
	if err := api.MayListen(l.Listen, keys); err != nil {
		return nil, err
	}
	var config net.ListenConfig
	listener, err := config.Listen(s.ctx, "tcp", l.Listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is in use by another program: give another address with --listen (port 0 takes any)", l.Listen)
	}
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return listener, nil
}

// serve answers requests until the session ends, then finishes those under way.
func serve(s *session, m *market.Market, listener net.Listener, log *slog.Logger) error {
	handler := api.New(m, api.Options{Log: log, Listen: listener.Addr().String(), Software: softwareName()})
	return api.Serve(s.ctx, listener, handler, log)
}

// writeAddresses says where to look: only what answers a plain GET.
func writeAddresses(s *session, listener net.Listener) {
	base := "http://" + listener.Addr().String()
	s.note("docs     %s/docs", base)
	s.note("OpenAPI  %s/openapi.json", base)
	s.note("health   %s/healthz  %s/readyz  %s/metrics", base, base, base)
}

// logger writes to standard error in the given form.
func (s *session) logger(form string) *slog.Logger {
	switch form {
	case "text":
		return slog.New(slog.NewTextHandler(s.err, nil))
	case "json":
		return slog.New(slog.NewJSONHandler(s.err, nil))
	}
	return slog.New(slog.DiscardHandler)
}
