//go:build !linux

package matcher

func inHugePages[T any]([]T) {}
