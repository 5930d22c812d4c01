package memory

import "unsafe"

// Prefetch asks for n bytes that are going to be read, 64 at a time.
//
//go:noescape
func Prefetch(p unsafe.Pointer, n int)
