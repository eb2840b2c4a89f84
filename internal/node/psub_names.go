package node

import "strings"

// The streams in which persistent subscriptions are kept, with EventStoreDB's names.
const (
	configStream     = "$persistentSubscriptionConfig"
	typeConfig       = "$PersistentConfig"
	typeCheckpoint   = "SubscriptionCheckpoint" // stores of before have "$" in front
	groupPrefix      = "$persistentsubscription-"
	groupSeparator   = "::"
	checkpointSuffix = "-checkpoint"
	parkedSuffix     = "-parked"
)

func (k groupKey) checkpointStream() string {
	return groupPrefix + k.stream + groupSeparator + k.group + checkpointSuffix
}

func (k groupKey) parkedStream() string {
	return groupPrefix + k.stream + groupSeparator + k.group + parkedSuffix
}

// isGroupStream tells whether the stream, or the one it describes, is a group's
// own bookkeeping. Groups on $all never see it: each checkpoint would otherwise
// cause another.
func isGroupStream(name string) bool {
	name = strings.TrimPrefix(name, metaPrefix)
	return name == configStream || strings.HasPrefix(name, groupPrefix) &&
		(strings.HasSuffix(name, checkpointSuffix) || strings.HasSuffix(name, parkedSuffix))
}
