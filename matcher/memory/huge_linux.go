package memory

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

const hugePage = 2 << 20

// Huge asks the system to keep a large array in pages of 2 MiB: rows are read here
// and there, and finding a small page takes longer than reading it. It is advice: where it
// cannot be followed, nothing is lost.
func Huge[T any](array []T) {
	size := uintptr(len(array)) * unsafe.Sizeof(*new(T))
	if size < 2*hugePage {
		return
	}
	start := uintptr(unsafe.Pointer(unsafe.SliceData(array)))
	skip := -start & (hugePage - 1)
	whole := (size - skip) &^ (hugePage - 1)
	_ = unix.Madvise(unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(array)), skip)), whole), unix.MADV_COLLAPSE)
}
