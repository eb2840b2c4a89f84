// Package importing brings real data in through the real commands: the city's
// units and public figures, and the Excel reports of BKN's e-Kinerja. Nothing is
// guessed: what cannot be understood is rejected with a reason, and what sources
// contradict stays visible as a contradiction.
package importing
