package v1

import (
	"context"
	"net/http"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/policy"
)

// PolicyPath names a family of policy versions.
type PolicyPath struct {
	Policy domain.PolicyID `path:"policy" maxLength:"64" doc:"The family; kinerja holds the numbers of plans, reports, feedback and appraisals"`
}

// Numbers are the city's own choices, in days.
type Numbers struct {
	SilentDays          int `json:"silent_days" minimum:"1" maximum:"366" doc:"Without feedback for so long"`
	StaleWorkdays       int `json:"stale_workdays" minimum:"1" maximum:"366" doc:"A report waits too long after so many"`
	BackdateReasonDays  int `json:"backdate_reason_days" minimum:"1" maximum:"366" doc:"An older report needs a reason"`
	BackdateLimitDays   int `json:"backdate_limit_days" minimum:"1" maximum:"366" doc:"An older report is refused"`
	ProvisionalLinkDays int `json:"provisional_link_days" minimum:"1" maximum:"366" doc:"A result may lack what it serves so long"`
	ObjectionDays       int `json:"objection_days" minimum:"1" maximum:"366" doc:"To object after receipt"`
}

// Policy is what holds today.
type Policy struct {
	Policy  domain.PolicyID `json:"policy"`
	Version int             `json:"version" doc:"0: the defaults, until the city publishes its own"`
	Numbers Numbers         `json:"numbers"`
}

func (k *desk) policies() {
	read(k, operation{id: "get-policy", path: "/v1/policies/{policy}", tag: "policies", summary: "The numbers that hold today"},
		func(ctx context.Context, in *struct {
			Reading
			PolicyPath
		}) (*One[Policy], error) {
			fresh, err := k.await(ctx, in.MinPosition)
			if err != nil {
				return nil, err
			}
			view, at, err := k.policy(ctx, in.Policy)
			if err != nil {
				return nil, err
			}
			return &One[Policy]{Fresh: fresh, ETag: etag(at), Body: view}, nil
		})
	order(k, operation{id: "publish-policy", path: "/v1/policies/{policy}/versions", tag: "policies", status: http.StatusCreated,
		summary: "Publish the next version", description: "By the city's leadership. Versions are numbered without gaps."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Asking
			PolicyPath
			Body struct {
				Version int         `json:"version" minimum:"1" doc:"One more than the version published last"`
				From    domain.Date `json:"from" format:"date"`
				Numbers Numbers     `json:"numbers"`
				Basis   string      `json:"basis" minLength:"1" maxLength:"500" doc:"Where the numbers come from"`
			}
		}) (commands.Outcome, error) {
			b := in.Body
			return k.Office.PublishPolicy(ctx, ask, policy.Publish{Policy: in.Policy, Version: b.Version, From: b.From,
				Numbers: policy.Numbers(b.Numbers), Basis: b.Basis})
		})
	order(k, operation{id: "retire-policy", path: "/v1/policies/{policy}/retirements", tag: "policies",
		summary: "End a version after a day", description: "By the city's leadership."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Deciding
			PolicyPath
			Body struct {
				Version int         `json:"version" minimum:"1"`
				LastDay domain.Date `json:"last_day" format:"date"`
			}
		}) (commands.Outcome, error) {
			return k.Office.RetirePolicy(ctx, ask, in.Policy, policy.Retire(in.Body))
		})
}

// policy gives the numbers that hold today, and the revision of their stream.
func (k *desk) policy(ctx context.Context, id domain.PolicyID) (Policy, int64, error) {
	if err := domain.CheckID("policy", string(id)); err != nil {
		return Policy{}, 0, err
	}
	s, at, err := commands.State(ctx, k.Lookup.Streams, policy.Decider, string(id))
	if err != nil {
		return Policy{}, 0, err
	}
	n, version, ok := s.On(k.today())
	switch {
	case ok:
		return Policy{Policy: id, Version: version, Numbers: Numbers(n)}, at, nil
	case id == policy.Performance:
		return Policy{Policy: id, Numbers: Numbers(policy.Defaults())}, at, nil
	}
	return Policy{}, 0, domain.Missing("policy-unknown", "no such policy")
}
