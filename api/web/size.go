package web

import "strconv"

// kilobytes writes the size of a file.
func kilobytes(n int64) string { return strconv.FormatInt((n+1023)/1024, 10) + " kB" }
