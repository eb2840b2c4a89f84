package commands_test

import (
	"testing"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
)

func TestWhatABondLetsOneSee(t *testing.T) {
	with := func(roles ...person.Role) commands.Bond { return commands.Bond{Serving: true, Roles: roles} }
	for name, row := range map[string]struct {
		bond commands.Bond
		want commands.Sight
	}{
		"the public":                       {commands.Bond{}, commands.Public},
		"oneself":                          {commands.Bond{Self: true, Serving: true}, commands.Full},
		"oneself, after the service":       {commands.Bond{Self: true}, commands.Full},
		"a colleague":                      {with(), commands.Public},
		"a superior":                       {commands.Bond{Serving: true, Superior: true}, commands.Full},
		"a superior who left the service":  {commands.Bond{Superior: true}, commands.Public},
		"a superior's superior":            {commands.Bond{Serving: true, UpperLine: true}, commands.Full},
		"the head of the unit":             {commands.Bond{Serving: true, LeadsUnit: true}, commands.Full},
		"a head who left the service":      {commands.Bond{LeadsUnit: true, UpperLine: true}, commands.Public},
		"the personnel agency":             {with(person.PersonnelAgency), commands.Full},
		"the inspectorate":                 {with(person.Inspectorate), commands.Full},
		"the city's leadership":            {with(person.CityLeadership), commands.Full},
		"the performance office":           {with(person.PerformanceOffice), commands.Public},
		"who runs the machine":             {with(person.SystemAdministrator), commands.Public},
		"two roles":                        {with(person.PerformanceOffice, person.Inspectorate), commands.Full},
		"an inspector who left the office": {commands.Bond{Roles: []person.Role{person.Inspectorate}}, commands.Public},
	} {
		if got := row.bond.Sight(); got != row.want {
			t.Errorf("%s: %v, want %v", name, got, row.want)
		}
	}
}

func TestWhoMaySeeIna(t *testing.T) {
	c := newCity(t)
	c.given("person", "mona", person.Registered{Person: "mona", Employment: person.PNS},
		person.ReportingLineSet{Superior: ina, From: "2025-01-01"}, person.RoleGranted{Role: person.Inspectorate, From: "2027-01-01"})
	for actor, want := range map[domain.PersonID]commands.Sight{
		ina:  commands.Full,
		budi: commands.Full, // superior now
		eko:  commands.Full, // superior until June
		cut:  commands.Full, // Budi's superior
		lia:  commands.Full, // acts for the head of the unit
		dewi: commands.Full, // heads the unit, though absent
		hadi: commands.Full, fitri: commands.Full, joko: commands.Full,
		indah: commands.Public, kiki: commands.Public,
		gani:     commands.Public,
		"mona":   commands.Public, // Ina's staff, and an inspector only next year
		"nobody": commands.Public, "": commands.Public,
	} {
		if got, err := c.MaySee(ctx, actor, ina); err != nil || got != want {
			t.Errorf("%q sees %v (%v), want %v", actor, got, err, want)
		}
	}
	if _, err := c.MaySee(ctx, hadi, "nobody"); domain.SlugOf(err) != "person-unknown" {
		t.Errorf("got %v", err)
	}
}

func TestAWrongSuperiorSeesNothingOnceCorrected(t *testing.T) {
	c := newCity(t)
	c.given("person", "ina", person.ReportingLineSet{Superior: kiki, From: "2026-11-01"})
	if got, _ := c.MaySee(ctx, kiki, ina); got != commands.Full {
		t.Error("the superior on file does not see")
	}
	c.given("person", "ina", person.ReportingLineCorrected{From: "2026-11-01", Wrong: kiki, Superior: budi})
	if got, _ := c.MaySee(ctx, kiki, ina); got != commands.Public {
		t.Error("who was on file by mistake still sees")
	}
	c.given("person", "ina", person.ReportingLineSet{Superior: kiki, From: "2026-12-01"})
	if got, _ := c.MaySee(ctx, kiki, ina); got != commands.Public {
		t.Error("the superior of next month sees already")
	}
}

func TestACircleOfSuperiorsTrapsNobodyWhoLooks(t *testing.T) {
	c := newCity(t)
	c.given("person", "cut", person.ReportingLineSet{Superior: ina, From: "2025-01-01"})
	if got, err := c.MaySee(ctx, kiki, ina); err != nil || got != commands.Public {
		t.Errorf("got %v %v", got, err)
	}
}
