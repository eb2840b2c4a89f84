package vault

import (
	"fmt"
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
)

const sentence = "Laporan pembinaan kader posyandu selesai tepat waktu dengan bukti dukung lengkap (rekaan)."

func BenchmarkSeal(b *testing.B) {
	v := open(b)
	for b.Loop() {
		if _, err := v.Seal(b.Context(), ani, "note", sentence); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSealManyOneThousand(b *testing.B) {
	v := open(b)
	texts := make([]Plain, 1000)
	for n := range texts {
		texts[n] = Plain{domain.PersonID(fmt.Sprint("p-", n%50)), "note", sentence}
	}
	for b.Loop() {
		if _, err := v.SealMany(b.Context(), texts); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*len(texts))/b.Elapsed().Seconds(), "texts/s")
}

func BenchmarkRevealOneHundred(b *testing.B) {
	v := open(b)
	texts := make([]Plain, 100)
	for n := range texts {
		texts[n] = Plain{domain.PersonID(fmt.Sprint("p-", n%50)), "note", sentence}
	}
	digests, err := v.SealMany(b.Context(), texts)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if got, err := v.Reveal(b.Context(), digests); err != nil || len(got) != len(digests) {
			b.Fatal(err)
		}
	}
}
