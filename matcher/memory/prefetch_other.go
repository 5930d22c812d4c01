//go:build !amd64

package memory

import "unsafe"

// Prefetch does nothing on this processor.
func Prefetch(unsafe.Pointer, int) {}
