//go:build wasip1

// Command compiler is OPA's Rego compiler as a WASI reactor, so that the gate
// compiles policies on any runner with nothing installed.
//
// The host reserves a buffer, writes a JSON request into it, and calls answer,
// which leaves a JSON reply for it to read. Calls are synchronous and may
// repeat; nothing is kept between them but the two buffers.
package main

import (
	"runtime/debug"
	"unsafe"
)

var request, reply []byte

// A policy pack is small and a run is short: collecting garbage less often
// trades memory, which there is, for time on every pull request.
func init() { debug.SetGCPercent(400) }

//go:wasmexport reserve
func reserve(size uint32) unsafe.Pointer {
	request = make([]byte, max(size, 1))
	return unsafe.Pointer(unsafe.SliceData(request))
}

// answer handles the first size bytes of the reserved buffer and returns the
// length of the reply.
//
//go:wasmexport answer
func answer(size uint32) uint32 {
	reply = Answer(request[:size])
	request = nil
	return uint32(len(reply))
}

//go:wasmexport replyAt
func replyAt() unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(reply)) }

func main() {}
