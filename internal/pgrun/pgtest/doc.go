// Package pgtest gives tests a real PostgreSQL at the price of a memory map.
//
// The tests of one process share one private cluster, copied from a template
// that initdb made once for this machine, and each test gets its own empty
// database:
//
//	pool, err := pgxpool.New(ctx, pgtest.URL(t))
//
// Nothing has to be stopped: cluster and files go when the test process ends,
// however it ends. A package that checks for leaked goroutines stops the shared
// cluster before the check:
//
//	func TestMain(m *testing.M) { goleak.VerifyTestMain(pgtest.Suite{M: m}) }
//
// The shared cluster does not sync its files: it is for everything but proofs of
// durability. Those take DurableServer.
package pgtest
