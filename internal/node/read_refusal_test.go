package node

import (
	"strings"
	"testing"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
)

func TestAReadThatMakesNoSenseIsRefused(t *testing.T) {
	r := newRig(t)
	long := byTypePattern(strings.Repeat("a", maxPatternBytes+1))
	both := byType("a")
	both.GetEventType().Regex = "a"
	zero := byType("a")
	zero.Window = &api.ReadReq_Options_FilterOptions_Max{Max: 0}
	never := byType("a")
	never.CheckpointIntervalMultiplier = 0
	for name, parts := range map[string][]readPart{
		"backwards subscription":     {all, backwards, subscribing},
		"filter on a stream":         {ofStream("s"), filtered(byType("a"))},
		"no form of ids":             {all, func(o *api.ReadReq_Options) { o.UuidOption = nil }},
		"no source":                  {},
		"no count":                   {all, func(o *api.ReadReq_Options) { o.CountOption = nil }},
		"no start":                   {all, func(o *api.ReadReq_Options) { o.GetAll().AllOption = nil }},
		"no revision":                {ofStream("s"), func(o *api.ReadReq_Options) { o.GetStream().RevisionOption = nil }},
		"unknown direction":          {all, func(o *api.ReadReq_Options) { o.ReadDirection = 7 }},
		"prepare beyond commit":      {all, from(1), func(o *api.ReadReq_Options) { o.GetAll().GetPosition().PreparePosition = 2 }},
		"empty name":                 {ofStream("")},
		"name with NUL":              {ofStream("a\x00b")},
		"name in broken UTF-8":       {ofStream("a\xffb")},
		"name too long":              {ofStream(strings.Repeat("n", maxNameBytes+3))},
		"broken pattern":             {all, filtered(byTypePattern("("))},
		"long pattern":               {all, filtered(long)},
		"prefix and pattern":         {all, filtered(both)},
		"neither prefix nor pattern": {all, filtered(byType())},
		"window of nothing":          {all, filtered(zero)},
		"checkpoint never":           {all, subscribing, filtered(never)},
		"prefix with NUL":            {all, filtered(byType("a\x00"))},
		"request without options":    {func(o *api.ReadReq_Options) { *o = api.ReadReq_Options{} }},
	} {
		if _, trailer, err := r.read(parts...); err == nil {
			t.Errorf("%s: was answered", name)
		} else {
			wantRefusal(t, err, trailer, codes.InvalidArgument)
		}
	}
}

func TestAPatternThatNeverEndsIsStopped(t *testing.T) {
	r := newRig(t)
	r.must("s", wantNone, proposed(uuid.New(), strings.Repeat("a", 64)+"!", contentJSON, "{}"))
	_, trailer, err := r.read(all, filtered(byTypePattern(`^(a+)+$`)))
	wantRefusal(t, err, trailer, codes.InvalidArgument)
}
