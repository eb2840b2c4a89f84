package commands_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/jejak-kinerja/jejak/domain/person"
)

func TestAKeyIsDestroyedAfterTheFactThatSaysSo(t *testing.T) {
	c := newCity(t)
	done(t)(c.DestroyKey(ctx, as(fitri), gani, "work-2020", "Jadwal retensi"))
	if got := c.last(); got.Body != any(person.KeyDestroyed{Class: "work-2020", Basis: "Jadwal retensi"}) || got.Stream != "person-gani" {
		t.Errorf("got %+v", got)
	}
	if want := []string{"gani/work-2020"}; !slices.Equal(c.keys.destroyed, want) {
		t.Errorf("destroyed %v", c.keys.destroyed)
	}
}

func TestARefusedOrderDestroysNoKey(t *testing.T) {
	c := newCity(t)
	refused(t, "role-needed")(c.DestroyKey(ctx, as(kiki), gani, "work-2020", "Jadwal retensi"))
	refused(t, "text-missing")(c.DestroyKey(ctx, as(fitri), gani, "work-2020", ""))
	refused(t, "person-unknown")(c.DestroyKey(ctx, as(fitri), "nobody", "work-2020", "Jadwal retensi"))
	if len(c.keys.destroyed) != 0 {
		t.Errorf("destroyed %v", c.keys.destroyed)
	}
}

func TestADestructionThatFailedIsFinishedByARepeat(t *testing.T) {
	c := newCity(t)
	c.keys.broken = errBroken
	if _, err := c.DestroyKey(ctx, as(fitri), gani, "work-2020", "Jadwal retensi"); !errors.Is(err, errBroken) {
		t.Fatalf("got %v", err)
	}
	held := len(c.log.All())
	c.keys.broken = nil
	done(t)(c.DestroyKey(ctx, as(fitri), gani, "work-2020", "Jadwal retensi"))
	done(t)(c.DestroyKey(ctx, key(as(fitri), "another-key"), gani, "work-2020", "Jadwal retensi"))
	if len(c.keys.destroyed) != 2 || len(c.log.All()) != held {
		t.Errorf("destroyed %v, %d facts more", c.keys.destroyed, len(c.log.All())-held)
	}
}

func TestWithoutAKeyDestroyerNothingIsSaidToBeDestroyed(t *testing.T) {
	c := newCity(t)
	c.Keys = nil
	held := len(c.log.All())
	if _, err := c.DestroyKey(ctx, as(fitri), gani, "work-2020", "Jadwal retensi"); err == nil || len(c.log.All()) != held {
		t.Errorf("got %v", err)
	}
}
