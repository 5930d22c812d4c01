package main

import (
	"fmt"

	"talentmatch/market"
)

// keyCmd manages API keys. A key's secret is shown once, when it is made; the store
// keeps a hash of it.
type keyCmd struct {
	Add    keyAddCmd    `cmd:"" help:"Make a key and print its secret, once."`
	List   keyListCmd   `cmd:"" help:"List the keys."`
	Remove keyRemoveCmd `cmd:"" help:"Remove a key."`
}

type keyAddCmd struct {
	dataFlag
	Label string `required:"" placeholder:"NAME" help:"Whose key it is."`
}

// Run makes a key. The data folder is made if there is none: the first key comes
// before the first server beyond loopback, which then loads the taxonomy.
func (c *keyAddCmd) Run(s *session) (err error) {
	if _, err := c.exists(); err != nil {
		return err
	}
	m, err := openMarket(s, market.Options{Dir: c.Data, NoBuiltin: true})
	if err != nil {
		return err
	}
	defer closing(m, &err)
	secret, key, err := m.AddKey(s.ctx, c.Label)
	if err != nil {
		return asked(err)
	}
	fmt.Fprintln(s.out, secret)
	s.note("key %s for %s: send it as \"Authorization: Bearer SECRET\"; it is not shown again", key.ID, plain(key.Label))
	return nil
}

type keyListCmd struct {
	dataFlag
	Format string `enum:"table,ndjson" default:"table" help:"table or ndjson."`
}

// Run lists the keys.
func (c *keyListCmd) Run(s *session) (err error) {
	m, err := c.open(s)
	if err != nil {
		return err
	}
	defer closing(m, &err)
	keys, err := m.Keys(s.ctx)
	if err != nil {
		return err
	}
	t := newTable("", "id", "label", "created")
	for _, k := range keys {
		if c.Format == "ndjson" {
			if err := s.line(k); err != nil {
				return err
			}
			continue
		}
		t.add(k.ID, k.Label, k.Created)
	}
	if c.Format == "table" && len(keys) > 0 {
		t.write(s.out)
	}
	if len(keys) == 0 {
		s.note("no keys: the server listens on loopback only")
	}
	return nil
}

type keyRemoveCmd struct {
	dataFlag
	ID string `arg:"" help:"Id of the key, as listed."`
}

// Run removes a key.
func (c *keyRemoveCmd) Run(s *session) (err error) {
	m, err := c.open(s)
	if err != nil {
		return err
	}
	defer closing(m, &err)
	if err := m.RemoveKey(s.ctx, c.ID); err != nil {
		return err
	}
	s.note("key %s removed", c.ID)
	return nil
}
