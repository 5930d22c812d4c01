package memory

import (
	"testing"
	"unsafe"
)

// TestAdviceChangesNothing: arrays of any size and place are as they were.
func TestAdviceChangesNothing(t *testing.T) {
	for _, n := range []int{0, 1, 100, 1 << 20, 3 << 20} {
		array := make([]uint32, n)
		for i := range array {
			array[i] = uint32(i)
		}
		Huge(array)
		for i := 0; i < n; i += 1000 {
			Prefetch(unsafe.Pointer(&array[i]), 4*min(100, n-i))
		}
		for i, v := range array {
			if v != uint32(i) {
				t.Fatalf("%d of %d is %d", i, n, v)
			}
		}
	}
}
