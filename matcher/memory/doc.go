// Package memory tells the processor and the system how large arrays are going to be
// read. What goes in: arrays, and where in them something will be needed. What comes out:
// nothing; it is all advice, without which the same happens more slowly. What is left out:
// allocation.
package memory
