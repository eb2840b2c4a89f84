// Package pgrun runs a private PostgreSQL cluster for one program, from the
// server programs installed on the machine. Nobody has to set up a database,
// and nobody else can reach this one: it listens on a unix socket only, in a
// closed directory, and asks for a password.
//
// Below the state directory the cluster lives in one folder:
//
//	pg/lock       held while a program uses the directory; holds its pid
//	pg/password   the superuser's password, 0600
//	pg/data/      the cluster, 0700, owned by the server's account
//	pg/run/       the unix socket, 0700
//	pg/log/       the server's log, one file a weekday, overwritten a week later
//	pg/start.log  what the server said before its log was open
//
// A server that is killed, or falls over a full disk, is brought back in place when
// Options.KeepUp asks for it. It ends when the program ends, however that ends: Stop
// asks for a fast shutdown, and the kernel asks for the same when the program is
// killed. What was acknowledged is on disk in every case.
//
// Only Linux: the bond between the two processes is Linux's parent death signal.
package pgrun
