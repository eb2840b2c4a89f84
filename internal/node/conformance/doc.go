// Package conformance holds the node against the official clients: the test
// sources of the Go client, and a script on the Node.js client. Both are fetched
// by their package managers when the tests run; none of their code is kept here.
package conformance
