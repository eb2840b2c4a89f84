package node

import (
	"context"
	"math"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
)

// groupService serves the PersistentSubscriptions service.
type groupService struct {
	persistent.UnimplementedPersistentSubscriptionsServer
	node *Node
}

// groups are there once the node has started, for who may manage them.
func (s groupService) groups(ctx context.Context) (*groups, error) {
	if err := s.node.mayOperate(ctx); err != nil {
		return nil, err
	}
	return s.running()
}

// running are the groups, for a caller of any kind.
func (s groupService) running() (*groups, error) {
	gs := s.node.groups.Load()
	switch {
	case s.node.isStopping() || gs == nil && s.node.watcher == nil:
		return nil, shuttingDown()
	case gs == nil:
		return nil, s.node.redirect()
	}
	return gs, nil
}

// readGroupKey reads the stream, or $all, and the group of a request.
func readGroupKey(all bool, stream *shared.StreamIdentifier, group string) (groupKey, error) {
	if all {
		return readGroupName(allStream, group)
	}
	name, err := readableName(stream.GetStreamName())
	if err != nil {
		return groupKey{}, err
	}
	return readGroupName(name, group)
}

func (s groupService) Create(ctx context.Context, req *persistent.CreateReq) (*persistent.CreateResp, error) {
	gs, err := s.groups(ctx)
	if err != nil {
		return nil, err
	}
	settings, err := readCreate(req.GetOptions())
	if err != nil {
		return nil, err
	}
	return &persistent.CreateResp{}, gs.create(ctx, settings)
}

func (s groupService) Update(ctx context.Context, req *persistent.UpdateReq) (*persistent.UpdateResp, error) {
	gs, err := s.groups(ctx)
	if err != nil {
		return nil, err
	}
	settings, err := readUpdate(req.GetOptions())
	if err != nil {
		return nil, err
	}
	return &persistent.UpdateResp{}, gs.update(ctx, settings)
}

func (s groupService) Delete(ctx context.Context, req *persistent.DeleteReq) (*persistent.DeleteResp, error) {
	gs, err := s.groups(ctx)
	if err != nil {
		return nil, err
	}
	o := req.GetOptions()
	key, err := readGroupKey(o.GetAll() != nil, o.GetStreamIdentifier(), o.GetGroupName())
	if err != nil {
		return nil, err
	}
	return &persistent.DeleteResp{}, gs.remove(ctx, key)
}

func (s groupService) GetInfo(ctx context.Context, req *persistent.GetInfoReq) (*persistent.GetInfoResp, error) {
	if err := s.node.mustBeNamed(ctx); err != nil {
		return nil, err
	}
	o := req.GetOptions()
	g, err := s.find(ctx, o.GetAll() != nil, o.GetStreamIdentifier(), o.GetGroupName())
	if err != nil {
		return nil, err
	}
	info, err := g.info(ctx)
	if err != nil {
		return nil, err
	}
	return &persistent.GetInfoResp{SubscriptionInfo: info}, nil
}

// find reads the group of a request and looks it up.
func (s groupService) find(ctx context.Context, all bool, stream *shared.StreamIdentifier, group string) (*group, error) {
	gs, err := s.running()
	if err != nil {
		return nil, err
	}
	key, err := readGroupKey(all, stream, group)
	if err != nil {
		return nil, err
	}
	return gs.find(ctx, key)
}

func (s groupService) List(ctx context.Context, req *persistent.ListReq) (*persistent.ListResp, error) {
	if err := s.node.mustBeNamed(ctx); err != nil {
		return nil, err
	}
	gs, err := s.running()
	if err != nil {
		return nil, err
	}
	wanted, stream := func(groupKey) bool { return true }, ""
	if one := req.GetOptions().GetListForStream(); one != nil {
		stream = allStream
		if one.GetAll() == nil {
			if stream, err = readableName(one.GetStream().GetStreamName()); err != nil {
				return nil, err
			}
		}
		wanted = func(key groupKey) bool { return key.stream == stream }
	}
	found := gs.all(wanted)
	if len(found) == 0 && stream != "" && !gs.knows(stream) {
		return nil, groupMissing(groupKey{stream: stream})
	}
	answer := &persistent.ListResp{}
	for _, g := range found {
		info, err := g.info(ctx)
		if err != nil {
			return nil, err
		}
		answer.Subscriptions = append(answer.Subscriptions, info)
	}
	return answer, nil
}

func (s groupService) ReplayParked(ctx context.Context, req *persistent.ReplayParkedReq) (*persistent.ReplayParkedResp, error) {
	if err := s.node.mayOperate(ctx); err != nil {
		return nil, err
	}
	o := req.GetOptions()
	g, err := s.find(ctx, o.GetAll() != nil, o.GetStreamIdentifier(), o.GetGroupName())
	if err != nil {
		return nil, err
	}
	stop := int64(math.MaxInt64)
	if o.GetNoLimit() == nil {
		if stop = o.GetStopAt(); stop < 0 {
			return nil, groupFailed(g.settings.key(), textNegativeStop)
		}
	}
	var failed error
	if err := g.do(ctx, func() { failed = g.replayParked(ctx, stop) }); err != nil {
		return nil, g.vanished(err)
	}
	return &persistent.ReplayParkedResp{}, failed
}

func (s groupService) RestartSubsystem(ctx context.Context, _ *shared.Empty) (*shared.Empty, error) {
	gs, err := s.groups(ctx)
	if err != nil {
		return nil, err
	}
	return &shared.Empty{}, gs.restart(ctx)
}
