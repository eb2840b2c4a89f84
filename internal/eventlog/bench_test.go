package eventlog

import (
	"context"
	"testing"

	"github.com/jejak-kinerja/jejak/commands"
)

// BenchmarkAppend stores one event after the other in one stream.
func BenchmarkAppend(b *testing.B) {
	l := connect(b, serve(b).socket)
	n := 0
	for b.Loop() {
		if _, err := l.Append(context.Background(), "person-a", int64(n)-1, facts(n, 1)); err != nil {
			b.Fatal(err)
		}
		n++
	}
}

// BenchmarkReadStream reads a stream of ten events, as a command does first.
func BenchmarkReadStream(b *testing.B) {
	l := connect(b, serve(b).socket)
	if _, err := l.Append(context.Background(), "person-a", commands.Empty, facts(0, 10)); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if events, err := l.Load(context.Background(), "person-a"); err != nil || len(events) != 10 {
			b.Fatal(len(events), err)
		}
	}
}
