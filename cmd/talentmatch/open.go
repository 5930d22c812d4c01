package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"talentmatch/market"
	"talentmatch/talent"
)

// dataFlag says which store a command works on.
type dataFlag struct {
	Data string `name:"data" required:"" env:"TALENTMATCH_DATA" placeholder:"DIR" help:"Data folder (${env})."`
}

// needsFolderAlone is the help of commands that read the index, which only one
// process at a time can open.
const needsFolderAlone = `The command needs the data folder alone: while a server or another command uses the index it fails, and says so.`

// storeFile is the file in a data folder that makes it one.
const storeFile = "talentmatch.db"

// open opens the store of an existing data folder, and leaves its taxonomy as it
// is. Only import, serve and key add make a store: a mistyped folder is not to
// become an empty market.
func (d dataFlag) open(s *session) (*market.Market, error) {
	exists, err := d.exists()
	if err != nil {
		return nil, err
	}
	if !exists {
		return nil, fmt.Errorf("there is no store in %s: talentmatch import --data %s FILE... makes one", d.Data, d.Data)
	}
	return openMarket(s, market.Options{Dir: d.Data, NoBuiltin: true})
}

// exists reports whether the data folder holds a store; a file in the folder's
// place is an error.
func (d dataFlag) exists() (bool, error) {
	if d.Data == "" {
		return false, usage("--data must name a folder")
	}
	info, err := os.Stat(d.Data)
	if err == nil && !info.IsDir() {
		return false, fmt.Errorf("data folder %s: is a file", d.Data)
	}
	if err == nil {
		_, err = os.Stat(filepath.Join(d.Data, storeFile))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// openMarket opens a market under the software's name.
func openMarket(s *session, o market.Options) (*market.Market, error) {
	o.Software, o.Exactly = softwareName(), softwareVersion
	m, err := market.Open(s.ctx, o)
	if locked(err) {
		return nil, fmt.Errorf("%w (does another talentmatch use %s?)", err, o.Dir)
	}
	return m, err
}

// locked reports whether another process keeps the data folder from being opened.
// A read-only folder or a full disk is unavailable too, so store and index tell
// this case by its words.
func locked(err error) bool {
	if !errors.Is(err, talent.ErrUnavailable) {
		return false
	}
	says := err.Error()
	return strings.Contains(says, "locked by another process") || strings.Contains(says, "another process has it open")
}

// closing closes the market at the end of a command and keeps the first error.
func closing(m *market.Market, err *error) {
	if closed := m.Close(); *err == nil && closed != nil {
		*err = fmt.Errorf("close the store: %w", closed)
	}
}
