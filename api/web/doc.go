// Package web is the product as people see it: pages made on the server, which
// work without a script, and a small script that makes them live.
//
// A handler asks who may see, reads, gathers the names and texts that facts only
// point to, and renders; a form posts one command and redirects. Everything said
// lies in api/words, every figure links to the facts it was made of, and the
// content security policy allows nothing from elsewhere and nothing inline.
package web

//go:generate go tool templ generate -log-level error
//go:generate go tool esbuild script/jejak.ts --bundle --minify --target=es2020 --charset=utf8 --log-level=warning --outfile=assets/jejak.js
