// Package golden helps tests that hold the node against recorded answers of a real
// EventStoreDB. It reads the recorded scenarios, replays them on a connection, and
// puts what comes back into the same form: values of one run that differ from those
// of another (names, ids, positions, times) are replaced by names.
package golden
