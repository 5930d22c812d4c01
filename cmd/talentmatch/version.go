package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"talentmatch/index/taxonomy"
)

// version is set by the linker for releases: -ldflags "-X main.version=v1.2.3".
var version string

// softwareVersion names the software as exactly as the binary knows.
func softwareVersion() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)" // a test binary, say
	}
	return info.Main.Version
}

type versionCmd struct{}

// Run prints three lines: software, Go, built-in taxonomy.
func (versionCmd) Run(s *session) error {
	_, err := fmt.Fprintf(s.out, "talentmatch %s\ngo %s %s/%s\ntaxonomy %s\n",
		softwareVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH, taxonomy.BuiltinVersion())
	return err
}
