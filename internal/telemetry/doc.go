// Package telemetry is what Jejak tells its operators: metrics for Prometheus in
// a registry of its own, and the program's log. No label and no line names a
// person; ids of things and names of events only.
package telemetry
