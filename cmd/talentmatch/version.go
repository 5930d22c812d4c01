package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"

	"talentmatch/index/taxonomy"
)

// version is set by the linker for releases: -ldflags "-X main.version=v1.2.3".
var version string

// softwareName names the software as the linker and the build say, at no cost.
func softwareName() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)" // a test binary, say
	}
	return info.Main.Version
}

// softwareVersion names the software as exactly as can be. A build without a version of its own, by
// go run or with -buildvcs=false, is "(devel)", and one of changed files ends in "+dirty", whatever the
// code: these go on with the first twelve digits of the SHA-256 of the executable file, so that a report made
// by other code says another version. Reading the file takes a tenth of a second, so that is done once,
// for the first answer that names its versions, and not at every start.
var softwareVersion = sync.OnceValue(func() string {
	name := softwareName()
	if name != "(devel)" && !strings.Contains(name, "+dirty") {
		return name
	}
	digest, err := executableDigest()
	if err != nil {
		return name // the file is gone, or not to be read
	}
	return name + " sha256:" + digest
})

// executableDigest is the beginning of the digest of the program's file.
func executableDigest() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)[:6]), nil
}

type versionCmd struct{}

// Run prints three lines: software, Go, built-in taxonomy.
func (versionCmd) Run(s *session) error {
	_, err := fmt.Fprintf(s.out, "talentmatch %s\ngo %s %s/%s\ntaxonomy %s\n",
		softwareVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH, taxonomy.BuiltinVersion())
	return err
}
